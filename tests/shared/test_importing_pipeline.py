"""The run of an import: recognition, order, repetition, dry run, big changes, and one bad file among good ones."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum

from regio.regions.models import Board, School, SchoolLocation
from regio.shared.importing.codes import CODES
from regio.shared.importing.pipeline import Options, import_paths
from regio.shared.importing.registry import readers
from regio.shared.models import ImportBatch, ImportFinding
from regio.workforce.models import LearnerCount
from tests.samples import load, load_one, vo_register, write_csv

pytestmark = pytest.mark.django_db
TYPE = "ONDERWIJSTYPE VO EN LEER- OF VERBLIJFSJAAR"
CELLS = [f"LEER- OF VERBLIJFSJAAR {year} - {who}" for year in range(1, 7) for who in ("MAN", "VROUW")]
HEADER = [
    "BRIN NUMMER",
    "VESTIGINGSNUMMER",
    "INSTELLINGSNAAM VESTIGING",
    TYPE,
    "AFDELING",
    "ELEMENTCODE",
    "OPLEIDINGSNAAM",
    *CELLS,
]


def pupils(path: Path, *, locations: int = 3, each: int = 40) -> Path:
    rows = [
        ["90AA", f"{number:02}", "Lyceum", "Brugjaar 1-2", "N.v.t.", "0300", "HAVO", each, *[0] * 11]
        for number in range(locations)
    ]
    return write_csv(path, HEADER, rows)


def total() -> int:
    return LearnerCount.objects.aggregate(n=Sum("count"))["n"] or 0


def test_the_header_decides_not_the_name(tmp_path: Path) -> None:
    result = load_one(pupils(tmp_path / "vakantiefoto-2020.bin"))
    assert (result.outcome, result.dataset) == ("geladen", "leerlingen-vo")


def test_a_folder_is_read_with_registers_first_and_unknown_files_named(tmp_path: Path) -> None:
    (tmp_path / "diep").mkdir()
    pupils(tmp_path / "a-2020.csv")
    vo_register(tmp_path / "diep" / "z.csv", ["90AA00"])
    write_csv(
        tmp_path / "engeland.csv",
        ["CensusYear", "Subject", "Gender", "AgeGroup", "StockSize"],
        [[2011, "Art", "F", "x", 1.5]],
    )
    (tmp_path / "foto.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    results = load(tmp_path)
    assert [(result.path.name, result.outcome) for result in results] == [
        ("engeland.csv", "niet_herkend"),
        ("foto.png", "niet_herkend"),
        ("z.csv", "geladen"),
        ("a-2020.csv", "geladen"),
    ]
    assert SchoolLocation.objects.get(code="90AA00").in_register


def test_a_second_import_changes_nothing(tmp_path: Path) -> None:
    path = pupils(tmp_path / "a-2020.csv")
    load_one(path)
    before = list(LearnerCount.objects.values_list())
    again = load_one(path)
    copy = tmp_path / "andere-naam-2020.csv"
    copy.write_bytes(path.read_bytes())
    assert (again.outcome, load_one(copy).outcome) == ("ongewijzigd", "ongewijzigd")
    assert list(LearnerCount.objects.values_list()) == before
    assert ImportBatch.objects.count() == 1


def test_the_same_file_twice_in_one_run_is_loaded_once(tmp_path: Path) -> None:
    for name in ("a-2020.csv", "b-2020.csv"):
        pupils(tmp_path / name)
    assert [result.outcome for result in load(tmp_path)] == ["geladen", "ongewijzigd"]


def test_a_dry_run_reads_and_checks_but_keeps_nothing(tmp_path: Path) -> None:
    result = load_one(pupils(tmp_path / "a-2020.csv"), dry_run=True)
    assert (result.outcome, result.totals) == ("proef", {"leerlingen": 120.0, "vestigingen": 3.0})
    assert (ImportBatch.objects.count(), LearnerCount.objects.count(), SchoolLocation.objects.count()) == (0, 0, 0)


def test_a_newer_file_of_the_same_date_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    load_one(pupils(tmp_path / "voorlopig-2020.csv", each=40))
    load_one(pupils(tmp_path / "definitief-2020.csv", each=41))
    old, new = ImportBatch.objects.order_by("pk")
    assert (old.superseded_at is not None, new.superseded_at) == (True, None)
    assert total() == 123


def test_a_folder_with_an_old_and_a_new_edition_stays_as_it_is(tmp_path: Path) -> None:
    pupils(tmp_path / "a-2020.csv", each=40)
    pupils(tmp_path / "b-2020.csv", each=41)
    assert [result.outcome for result in load(tmp_path)] == ["geladen", "geladen"]
    again = load(tmp_path)
    assert [result.outcome for result in again] == ["ongewijzigd", "ongewijzigd"]
    assert "door een ander vervangen" in again[0].message
    assert (total(), ImportBatch.objects.count()) == (123, 2)
    assert load_one(tmp_path / "a-2020.csv", accept=True).outcome == "geladen"
    assert total() == 120


def test_counts_of_another_year_stand_beside_the_old_ones(tmp_path: Path) -> None:
    load(pupils(tmp_path / "a-2020.csv"), pupils(tmp_path / "b-2021.csv", each=41))
    assert ImportBatch.objects.filter(superseded_at=None).count() == 2
    assert total() == 120 + 123


def test_a_big_change_waits_for_a_yes(tmp_path: Path) -> None:
    load_one(pupils(tmp_path / "a-2020.csv", each=40))
    half = pupils(tmp_path / "b-2021.csv", each=20)
    held = load_one(half)
    assert held.outcome == "wacht_op_akkoord"
    assert "leerlingen was 120 en is nu 60 (-50%)" in held.message
    assert total() == 120
    assert load_one(half, accept=True).outcome == "geladen"
    assert total() == 180


def test_many_vanished_locations_wait_for_a_yes(tmp_path: Path) -> None:
    load_one(pupils(tmp_path / "a-2020.csv", locations=90, each=40))
    held = load_one(pupils(tmp_path / "b-2021.csv", locations=60, each=60))
    assert held.outcome == "wacht_op_akkoord"
    assert {finding.code: finding.detail for finding in held.findings if finding.code == "R-203"} == {
        "R-203": "30 van 90"
    }


def test_a_few_new_and_vanished_locations_are_told(tmp_path: Path) -> None:
    load_one(pupils(tmp_path / "a-2020.csv", locations=10))
    result = load_one(pupils(tmp_path / "b-2021.csv", locations=11))
    assert {finding.code: finding.detail for finding in result.findings}["R-307"] == "1 nieuw, 0 verdwenen"


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    rows = [["90AA", "00", "Lyceum", "Brugjaar 1-2", "0300", "HAVO", 40, *[0] * 11]]
    header = [name for name in HEADER if name != "AFDELING"]
    result = load_one(write_csv(tmp_path / "a-2020.csv", header, rows))
    assert result.outcome == "geweigerd"
    assert result.message.startswith(
        "Het bestand lijkt op “Leerlingen vo per vestiging, opleiding en leerjaar”, maar er ontbreekt een kolom: AFDELING."
    )


def test_without_a_year_the_file_is_refused_and_the_option_helps(tmp_path: Path) -> None:
    from datetime import date

    path = pupils(tmp_path / "leerlingen.csv")
    assert load_one(path).findings[0].code == "R-106"
    assert load_one(path, on=date(2018, 10, 1)).outcome == "geladen"
    assert LearnerCount.objects.values_list("reference_date", flat=True).distinct().get() == date(2018, 10, 1)


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a-2020.csv.gz").write_bytes(b"\x1f\x8b\x08\x00half")
    pupils(tmp_path / "b-2020.csv")
    assert sorted(result.outcome for result in load(tmp_path)) == ["geladen", "geweigerd"]


def test_who_stops_half_way_keeps_settled_what_was_loaded(tmp_path: Path) -> None:
    School.objects.create(brin="90AA", board=Board.objects.create(code="90001"))

    def stop_at_the_second(text: str) -> None:
        if text.startswith("2/"):
            raise KeyboardInterrupt

    paths = [pupils(tmp_path / "a-2020.csv"), pupils(tmp_path / "b-2021.csv")]
    with pytest.raises(KeyboardInterrupt):
        import_paths(paths, options=Options(), progress=stop_at_the_second)
    assert ImportBatch.objects.count() == 1
    assert set(SchoolLocation.objects.values_list("board_id", flat=True)) == {"90001"}


def test_files_that_cannot_be_looked_into_do_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "diep.json").write_text("[" * 100_000)
    (tmp_path / "kaart.geojson").write_text('{"features": 3}')
    with zipfile.ZipFile(tmp_path / "map.xlsx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<half")
        archive.writestr("xl/workbook.xml", "<half")
    (tmp_path / "geheim.zip").write_bytes(_locked_zip())
    pupils(tmp_path / "z-2020.csv")
    results = {result.path.name: result for result in load(tmp_path)}
    assert results.pop("z-2020.csv").outcome == "geladen"
    assert {result.outcome for result in results.values()} == {"geweigerd"}
    assert "wachtwoord" in results["geheim.zip"].message


def _locked_zip() -> bytes:
    """Return an archive that says that its one file asks a password."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.csv", "a;b\n1;2\n")
    data = bytearray(made.getvalue())
    for start, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(start) + flags] |= 1
    return bytes(data)


def test_mostly_bad_rows_refuse_the_file_and_leave_nothing(tmp_path: Path) -> None:
    rows = [["90AA", f"{number:02}", "L", "Brugjaar 1-2", "", "0300", "HAVO", "veel", *[0] * 11] for number in range(5)]
    result = load_one(write_csv(tmp_path / "a-2020.csv", HEADER, rows))
    assert (result.outcome, result.findings[0].code) == ("geweigerd", "R-111")
    assert ImportBatch.objects.count() == LearnerCount.objects.count() == SchoolLocation.objects.count() == 0


def test_findings_are_kept_with_their_batch(tmp_path: Path) -> None:
    rows = [
        ["90AA", f"{number:02}", "L", "Brugjaar 1-2", "", "0300", "HAVO", "<5", 7, *[0] * 10] for number in range(3)
    ]
    rows.append(["90AA", "09", "L", "Brugjaar 1-2", "", "0300", "HAVO", "veel", 7, *[0] * 10])
    load_one(write_csv(tmp_path / "a-2023.csv", HEADER, rows))
    bad = ImportFinding.objects.get(code="R-105")
    assert (bad.line, bad.column, bad.value, bad.severity) == (5, CELLS[0], "veel", "fout")
    assert bad.message == "Hier hoort een getal te staan. De regel is overgeslagen."
    batch = bad.batch
    assert (batch.rows_read, batch.rows_refused, batch.publisher, len(batch.sha256)) == (4, 1, "DUO", 64)
    assert batch.totals == {"leerlingen": 27.0, "vestigingen": 3.0}


def test_a_thousand_bad_cells_are_told_once_with_their_number(tmp_path: Path) -> None:
    good = [["90AA", "00", "L", "Brugjaar 1-2", "", "0300", "HAVO", 1, *[0] * 11]] * 1100
    bad = [["90AA", "00", "L", "Brugjaar 1-2", "", "0300", "HAVO", "x!", *[0] * 11]] * 1000
    result = load_one(write_csv(tmp_path / "a-2023.csv", HEADER, [*good, *bad]))
    codes = [finding.code for finding in result.findings]
    assert codes.count("R-105") == 100
    assert [finding.detail for finding in result.findings if finding.code == "R-399"] == [900]


# ------------------------------------------------------------------------------------------------------------- the command
def test_the_command_reports_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pupils(tmp_path / "a-2020.csv")
    call_command("import", "public", str(tmp_path), "--format", "json")
    out, err = capsys.readouterr()
    (report,) = json.loads(out)
    assert (report["outcome"], report["rows_read"], report["totals"]["leerlingen"]) == ("geladen", 3, 120)
    assert err.strip() == "1/1 Leerlingen vo per vestiging, opleiding en leerjaar: a-2020.csv"


def test_the_command_ends_with_code_2_when_a_file_waits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    load_one(pupils(tmp_path / "a-2020.csv"))
    with pytest.raises(SystemExit) as end:
        call_command("import", "public", str(pupils(tmp_path / "b-2021.csv", each=10)))
    assert end.value.code == 2
    assert "WACHT OP AKKOORD: b-2021.csv" in capsys.readouterr().out


def test_the_command_says_so_when_everything_was_loaded_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    load_one(pupils(tmp_path / "a-2020.csv"))
    call_command("import", "public", str(tmp_path))
    assert capsys.readouterr().out.endswith("Alles was al geladen. Er is niets veranderd.\n")


def test_the_command_names_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="bestaat niet"):
        call_command("import", "public", str(tmp_path / "weg.csv"))


def test_status_of_an_empty_database_says_how_to_begin(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("status")
    assert capsys.readouterr().out == "Er is nog niets geladen. Begin met: regio import public MAP\n"


def test_status_counts_what_is_loaded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    load(vo_register(tmp_path / "vo.csv"), pupils(tmp_path / "a-2020.csv"))
    call_command("status", "--format", "json")
    status = json.loads(capsys.readouterr().out)
    assert status["registered_locations"] == {"vo": 3}
    assert status["boards"] == {"vo": 2}
    assert status["locations_outside_registers"] == 1
    assert [(row["count_year"], row["learners"], row["locations"]) for row in status["learners"]] == [(2020, 120, 3)]
    call_command("status")
    assert "120 op      3 vestigingen  Leerlingen vo per vestiging" in capsys.readouterr().out


# ----------------------------------------------------------------------------------------------------------------- readers
def test_every_reader_names_publisher_licence_and_has_its_own_id() -> None:
    found = readers()
    assert len({(reader.id, reader.kind) for reader in found}) == len(found)
    assert all(reader.publisher and reader.licence and reader.label for reader in found)


def test_every_finding_is_a_sentence_with_a_known_weight() -> None:
    assert {code.severity for code in CODES.values()} == {"fout", "let_op", "info"}
    assert all(code.text.endswith(".") for code in CODES.values())
