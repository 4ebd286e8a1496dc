"""Regio Voorbeeld holds what was promised: its sizes, its stories, and nothing that exists."""

import csv
import hashlib
import itertools
import json
from datetime import date

import pytest

from regio.site.voorbeeld.boundaries import municipality_rings
from regio.site.voorbeeld.files import write_region
from regio.site.voorbeeld.geography import ZEEKANT
from regio.site.voorbeeld.region import build_region
from regio.site.voorbeeld.secondary import offered
from regio.site.voorbeeld.timeline import NEWEST, Timeline
from regio.site.voorbeeld.truth import LEVELS
from tests.helpers import real_data


def rows_of(path, *, delimiter=";", encoding="latin-1"):
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def everything(example):
    schools = example.schools
    return [*schools.po, *schools.so, *schools.vo, *schools.mbo]


# ------------------------------------------------------------------------------------------------------- its size
def test_there_are_25_boards_and_150_locations(example):
    registered = [location for location in everything(example) if location.in_register]
    count = {sector: sum(location.sector == sector for location in registered) for sector in ("po", "vo", "mbo", "so")}
    assert count == {"po": 95, "vo": 43, "mbo": 10, "so": 2}
    assert len({location.now.code for location in registered}) == 150
    kinds = [board.sector for board in example.schools.boards]
    assert [kinds.count(sector) for sector in ("po", "vo", "mbo", "so")] == [12, 9, 2, 2]
    assert {location.board for location in registered} == set(example.schools.boards)


@pytest.mark.parametrize(("seed", "day"), [(7, date(2026, 11, 20)), (2026, date(2028, 3, 1))])
def test_every_sector_has_the_asked_number_of_learners(seed, day):
    region = build_region(seed=seed, as_of=day)
    po = region.primary.at(NEWEST).sum()
    vo = region.secondary.at(NEWEST).sum() + region.secondary.isk_at(NEWEST).sum()
    mbo = region.vocational.at(NEWEST).sum()
    assert po == pytest.approx(20_000, rel=0.025)
    assert vo == pytest.approx(30_000, rel=0.01)
    assert mbo == pytest.approx(12_000, rel=0.01)


def test_the_coast_loses_14_percent_and_the_east_grows(example):
    def pupils(part, moment):
        po = [i for i, location in enumerate(example.schools.po) if (location.municipality.part == ZEEKANT) == part]
        vo = [i for i, location in enumerate(example.schools.vo) if (location.municipality.part == ZEEKANT) == part]
        return example.primary.at(moment)[po].sum() + example.secondary.at(moment)[vo].sum()

    assert pupils(True, NEWEST) / pupils(True, 0) - 1 == pytest.approx(-0.14, abs=0.012)
    east = [i for i, location in enumerate(example.schools.po) if location.municipality.part.name == "Oosterhaag"]
    assert example.primary.at(NEWEST)[east].sum() > 1.05 * example.primary.at(0)[east].sum()


# ----------------------------------------------------------------------------------------------------- its stories
def test_one_board_runs_po_and_vo_and_one_mbo_board_has_a_vmbo(example):
    sectors = {}
    for location in everything(example):
        sectors.setdefault(location.board.name, set()).add(location.sector)
    assert [name for name, held in sectors.items() if held == {"po", "vo"}] == [
        "Stichting Het Kompasrijk, primair en voortgezet onderwijs"
    ]
    assert [name for name, held in sectors.items() if held == {"mbo", "vo"}] == ["Stichting Vakcolleges Oosterhaag"]


def test_three_vo_boards_have_one_small_location(example):
    per_board = {}
    for index, location in enumerate(example.schools.vo):
        if location.board.sector == "vo" and location.in_register:
            per_board.setdefault(location.board.name, []).append(int(example.secondary.at(NEWEST)[index].sum()))
    single = [sizes[0] for sizes in per_board.values() if len(sizes) == 1]
    assert len(single) == 3
    assert max(single) < 500


def test_the_technical_profiles_pie_and_bwi_have_pupils(example_files):
    rows = rows_of(example_files / "bestanden" / "01.-leerlingen-vo-per-vestiging-naar-onderwijstype-2022.csv")
    for name in ("Produceren, installeren en energie", "Bouwen, wonen en interieur"):
        counts = [int(value) for row in rows if row["AFDELING"] == name for key, value in row.items() if " - " in key]
        assert sum(counts) > 200


def test_a_school_merged_two_years_ago_and_one_moved_code(example, example_files):
    codes = json.loads((example_files / "waarheid.json").read_text())["codes"]
    assert [(change["soort"], change["sinds"]) for change in codes] == [
        ("verhuizing", "2022-08-01"),
        ("fusie", "2024-08-01"),
        ("fusie", "2024-08-01"),
    ]
    present = {year: pupil_codes(example_files, year) for year in (2021, 2022, 2023, 2024)}
    moved, *merged = codes
    assert moved["oud"] in present[2021]
    assert moved["nieuw"] not in present[2021]
    assert moved["oud"] not in present[2022]
    assert moved["nieuw"] in present[2022]
    for change in merged:
        assert change["oud"] in present[2023]
        assert change["nieuw"] not in present[2023]
        assert change["oud"] not in present[2024]
        assert change["nieuw"] in present[2024]


def pupil_codes(folder, year):
    path = folder / "bestanden" / f"01.-leerlingen-vo-per-vestiging-naar-onderwijstype-{year}.csv"
    brin, suffix = ("BRIN NUMMER", "VESTIGINGSNUMMER") if year < 2023 else ("INSTELLINGSCODE", "VESTIGINGSCODE")
    return {row[brin] + row[suffix] for row in rows_of(path)}


def test_the_island_school_has_cells_that_the_publisher_masks(example, example_files):
    island = next(location for location in example.schools.vo if "Eilandcollege" in location.now.name)
    rows = rows_of(example_files / "bestanden" / "01.-leerlingen-vo-per-vestiging-naar-onderwijstype-2025.csv")
    cells = [value for row in rows if row["INSTELLINGSCODE"] == island.now.brin for value in row.values()]
    assert cells.count("<5") >= 5


def test_a_location_offers_only_the_levels_of_its_structure(example):
    for index, location in enumerate(example.schools.vo):
        offer = offered(location)
        pupils = example.secondary.at(NEWEST)[index].sum(axis=1)
        assert {level for level, count in zip(LEVELS, pupils, strict=True) if count} == {
            level for level, yes in zip(LEVELS, offer, strict=True) if yes
        }


# ---------------------------------------------------------------------------------------- same seed, same answer
def test_two_runs_for_the_same_day_and_seed_give_the_same_bytes(example_files, tmp_path):
    write_region(build_region(seed=7, as_of=date(2026, 11, 20)), tmp_path)
    assert checksums(tmp_path) == checksums(example_files)


def test_another_seed_gives_other_counts_of_the_same_schools(example_files, tmp_path):
    write_region(build_region(seed=1, as_of=date(2026, 11, 20)), tmp_path)
    first, other = checksums(example_files), checksums(tmp_path)
    assert first.keys() == other.keys()
    assert first["bestanden/alle-vestigingen-vo.csv"] == other["bestanden/alle-vestigingen-vo.csv"]
    name = "bestanden/01.-leerlingen-vo-per-vestiging-naar-onderwijstype-2025.csv"
    assert first[name] != other[name]


def checksums(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize(
    ("day", "newest"),
    [("2026-02-28", 2024), ("2026-03-01", 2025), ("2026-11-20", 2025), ("2027-02-28", 2025), ("2027-03-01", 2026)],
)
def test_the_newest_count_is_published_and_never_18_months_old(day, newest):
    today = date.fromisoformat(day)
    timeline = Timeline.as_of(today)
    assert timeline.newest == newest
    assert (today - date(newest, 10, 1)).days < 18 * 30
    assert [timeline.year(moment) for moment in timeline.moments] == list(range(newest - 7, newest + 1))


# -------------------------------------------------------------------------------------------------------- its land
def test_neighbours_share_their_vertices_and_every_school_stands_in_its_municipality(example):
    rings = municipality_rings()
    edges = [edge for some in rings.values() for ring in some for edge in itertools.pairwise(ring)]
    assert len(edges) == len(set(edges))  # each direction once: areas do not overlap along an edge
    inner = sum((b, a) in set(edges) for a, b in edges)
    assert inner > 300
    for location in everything(example):
        ring = rings[int(location.municipality.code) - 9000][0]
        assert is_inside((location.x_km, location.y_km), ring), location.now.name


def is_inside(point, ring):
    x, y = point
    inside = False
    for (x0, y0), (x1, y1) in itertools.pairwise(ring):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
            inside = not inside
    return inside


# ------------------------------------------------------------------------------------------------ nothing is real
@pytest.fixture(scope="module")
def real_registers():
    """Return rows of the registers of vo and bo."""
    paths = [real_data("duo", "vo", "alle-vestigingen-vo.csv"), real_data("duo", "bo", "alle-vestigingen-bo.csv")]
    return [row for path in paths for row in rows_of(path, encoding="cp1252")]


@pytest.mark.realdata
def test_no_code_exists(example, real_registers):
    postcodes = rows_of(real_data("cbs", "pc4_gemeente_corop_centroide_2021.csv"), delimiter=",", encoding="utf-8")
    ours = everything(example)
    assert {i.brin for location in ours for _, i in location.identities}.isdisjoint(
        r["BRIN NUMMER"] for r in real_registers
    )
    assert {board.code for board in example.schools.boards}.isdisjoint(
        r["BEVOEGD GEZAG NUMMER"] for r in real_registers
    )
    assert {m.code for m in example.land}.isdisjoint(row["GEMEENTENUMMER"] for row in real_registers)
    assert {area.pc4 for m in example.land for area in m.areas}.isdisjoint(row["pc4"] for row in postcodes)
    assert {i.brin[:2] for location in ours for _, i in location.identities} == {"90"}
    assert min(m.code for m in example.land) == "9000"


@pytest.mark.realdata
def test_no_name_is_that_of_a_real_place_or_school(example, real_registers):
    postcodes = rows_of(real_data("cbs", "pc4_gemeente_corop_centroide_2021.csv"), delimiter=",", encoding="utf-8")
    changes = rows_of(real_data("geo", "gemeentewijzigingen_1905_2018.csv"), encoding="latin-1")
    real = {row[key].lower() for row in real_registers for key in ("PLAATSNAAM", "GEMEENTENAAM", "VESTIGINGSNAAM")}
    real |= {row[key].lower() for row in postcodes for key in ("plaats", "gemeente", "provincie", "corop")}
    real |= {row["Huidige naam"].lower() for row in changes}
    places = {area.place for m in example.land for area in m.areas} | {m.name for m in example.land}
    schools = {i.name for location in everything(example) for _, i in location.identities}
    boards = {board.name for board in example.schools.boards}
    assert {name for name in places | schools | boards if name.lower() in real} == set()
