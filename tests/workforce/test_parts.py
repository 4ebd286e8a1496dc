"""Tables of parts, the history of a location, and the page of one figure: what adds up and what is said of what went."""

import csv
import io
import re
from datetime import date

import pytest

from regio.regions.models import Board, LocationLink, SchoolLocation
from regio.workforce.models import ForecastValue
from tests.factories import forecasts, regions

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(frozen_clock):
    return forecasts.region_with_forecast()


def text(client, address):
    return client.get(address).content.decode()


def plain(page):
    """Return the words of a page on one line, without tags."""
    spaced = re.sub(r"</?(?:t[dhr]|d[td]|small|caption|li|br|h\d|p|a)\b[^>]*>", " ", page)
    return " ".join(re.sub(r"<[^>]+>", "", spaced).replace("\u00a0", " ").replace("&nbsp;", " ").split())


def rows_of(client, address):
    lines = client.get(address).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(lines), delimiter=";"))


def close(run, code):
    """Let a location have no learners from the year after the last count on."""
    ahead = ForecastValue.objects.filter(run=run, scope_code=code, count_year__gt=forecasts.BASE_YEAR)
    ahead.exclude(measure="formatieverschil").update(mean=0, p10=0, p50=0, p90=0)
    ahead.filter(measure="formatieverschil", item="alle").update(mean=-60, p10=-60, p50=-60, p90=-60)


# ---------------------------------------------------------------------------------------------------------- adding up
def with_more_boards(run):
    """A region of 1,800 learners: 1,000 of a board, 500 of a closed one, 200 of a nameless one, 100 of nobody known."""
    ForecastValue.objects.filter(run=run, scope_kind="regio").delete()
    forecasts.full_scope(run, kind="regio", code="rpa:90", learners=1800.0)
    for number, (code, name, learners) in enumerate((("90002", "Stichting Aanlanden", 500.0), ("90003", "", 200.0))):
        place = regions.location(number + 5, of_board=Board.objects.create(code=code, name=name))
        forecasts.full_scope(run, kind="bestuur", code=code, learners=learners)
        if number == 0:
            SchoolLocation.objects.filter(pk=place.pk).update(in_register=False)


@pytest.mark.parametrize(("measure", "year", "whole"), [
    ("leerlingen of studenten", "2026", 1800), ("leerlingen of studenten", "2031", 1710), ("formatie", "2026", 108),
    ("formatie", "2031", 102.6),
])  # fmt: skip
def test_the_boards_add_up_to_the_region(client, run, measure, year, whole):
    with_more_boards(run)
    rows = rows_of(client, f"/cijfer/{run.pk}/regio/rpa:90/onderdelen-vo.csv")
    found = {row["naam"]: row for row in rows if (row["wat"], row["jaar"]) == (measure, year)}
    assert sorted(found) == ["Bestuur 90003", "Bestuur niet bekend", "Stichting Aanlanden", "Stichting Noordpolder"]
    assert sum(float(row["gemiddelde"].replace(",", ".")) for row in found.values()) == pytest.approx(whole)
    assert found["Bestuur niet bekend"]["p10"] == ""
    assert {row["voor"] for row in found.values()} == {"Voorbeeld"}


def test_a_board_without_a_name_or_figures_comes_last_and_the_total_below_it(client, run):
    with_more_boards(run)
    regions.location(9, of_board=regions.board("90004", "A zonder cijfers"))
    words = plain(text(client, "/regio/rpa:90/")).split("Besturen: leerlingen en formatie")[-1]
    order = ["Stichting Aanlanden", "Stichting Noordpolder", "Bestuur 90003", "A zonder cijfers", "Bestuur niet bekend"]
    places = [words.index(name) for name in order]
    assert places == sorted(places)
    assert "Bestuur niet bekend 100 95 – −5 −5 % 6 6 niet geladen Totaal 1.800 1.710 1.665 – 1.755 −90 −5 %" in words


def test_no_row_for_an_unknown_board_where_all_boards_are_known(client, run):
    words = plain(text(client, "/regio/rpa:90/"))
    assert "Bestuur niet bekend" not in words
    assert "Totaal 1.000 950 925 – 975 −50 −5 % 60 57 niet geladen" in words


def test_a_sector_with_learners_and_no_register_says_that_it_is_not_loaded(client, run):
    forecasts.full_scope(run, kind="regio", code="rpa:90", sector="so", learners=300.0)
    assert "Speciaal onderwijs niet geladen 300" in plain(text(client, "/regio/rpa:90/"))


def test_the_sectors_of_a_board_lead_to_the_board_and_count_no_locations(client, run):
    forecasts.full_scope(run, kind="bestuur", code="90001", sector="po", learners=300.0)
    page = text(client, "/regio/rpa:90/bestuur/90001/")
    assert '<th scope="row"><a href="/regio/rpa:90/bestuur/90001/?sector=po">Primair onderwijs</a></th>' in page
    assert "Sector Leerlingen of studenten 2026 Leerlingen of studenten 2031" in plain(page)
    assert "Primair onderwijs 300 285 278 – 292 −5,0 % 18,0 17,1" in plain(page)
    assert "Sector Vestigingen Leerlingen of studenten 2026 Leerlingen of studenten 2031" in plain(
        text(client, "/regio/rpa:90/")
    )


# ----------------------------------------------------------------------------------------------------- what went away
def link(old, new, **changes):
    places = {place.code: place for place in SchoolLocation.objects.all()}
    given = {"kind": "verhuizing", "since": date(2027, 5, 1), "source": "register van 2027-05"}
    return LocationLink.objects.create(old=places[old], new=places.get(new), **given | changes)


def test_a_moved_location_says_where_to_and_the_new_one_where_from(client, run):
    close(run, "90AA01")
    link("90AA01", "90AA00")
    old = text(client, "/regio/rpa:90/vestiging/90AA01/")
    assert "Deze vestiging gaat op 1 mei 2027 over in Noordpolder College, Vaartdorp ." in plain(old)
    assert '<a href="/regio/rpa:90/vestiging/90AA00/?sector=vo">Noordpolder College, Vaartdorp</a>.' in old
    assert "Bron: register van 2027-05." in plain(old)
    assert "0 tot 0" not in plain(old)
    new = plain(text(client, "/regio/rpa:90/vestiging/90AA00/"))
    assert "Deze vestiging komt op 1 mei 2027 voort uit Noordpolder Zuid, Vaartdorp ." in new


def test_what_happened_before_today_is_told_as_past(client, run):
    link("90AA01", "90AA00", since=date(2025, 8, 1))
    page = plain(text(client, "/regio/rpa:90/vestiging/90AA01/"))
    assert "Deze vestiging ging op 1 augustus 2025 over in Noordpolder College, Vaartdorp ." in page


def test_a_place_outside_the_region_is_named_without_a_link(client, run):
    far = regions.location(7, name="Verre School")
    far.municipality = regions.municipality("9099", "Verweg", rpa_code="91")
    far.save()
    link("90AA01", far.code)
    page = text(client, "/regio/rpa:90/vestiging/90AA01/")
    assert "over in Verre School, Vaartdorp." in plain(page)
    assert f"/vestiging/{far.code}/" not in page


def test_a_split_names_all_with_their_part(client, run):
    regions.location(7, name="Deel Twee")
    other = SchoolLocation.objects.get(name="Deel Twee").code
    for new, share in (("90AA00", 0.7), (other, 0.3)):
        link("90AA01", new, kind="splitsing", share=share)
    words = plain(text(client, "/regio/rpa:90/vestiging/90AA01/"))
    assert "verder als Noordpolder College, Vaartdorp (70 %) en Deel Twee, Vaartdorp (30 %)." in words


@pytest.mark.parametrize(
    ("kind", "new", "word"),
    [("verhuizing", "90AA00", "verhuisd"), ("fusie", "90AA00", "gefuseerd"), ("sluiting", "", "gesloten"), (None, "", "vervalt")],
)  # fmt: skip
def test_the_table_above_says_what_became_of_a_location(client, run, kind, new, word):
    close(run, "90AA01")
    if kind:
        link("90AA01", new, kind=kind)
    words = plain(text(client, "/regio/rpa:90/school/90AA/"))
    assert f"Noordpolder Zuid Vaartdorp 1.000 {word} −1.000 60,0 – niet geladen" in words
    assert "Noordpolder College Vaartdorp 1.000 950 925 – 975 −50 −5 %" in words


def test_locations_of_one_name_in_one_place_are_told_apart_by_their_code(client, run):
    SchoolLocation.objects.filter(code="90AA01").update(name="Noordpolder College")
    words = plain(text(client, "/regio/rpa:90/school/90AA/"))
    assert "Noordpolder College Vaartdorp 90AA00 1.000" in words
    assert "Noordpolder College Vaartdorp 90AA01 1.000" in words
    names = {row["naam"] for row in rows_of(client, f"/cijfer/{run.pk}/school/90AA/onderdelen-vo.csv")}
    assert {f"Noordpolder College, Vaartdorp 90AA0{i}" for i in (0, 1)} <= names


def test_a_location_that_left_the_register_stays_in_the_table_of_its_school(client, run):
    SchoolLocation.objects.filter(code="90AA01").update(in_register=False)
    assert "Noordpolder Zuid Vaartdorp 1.000" in plain(text(client, "/regio/rpa:90/school/90AA/"))


def test_a_location_that_was_not_counted_has_figures_and_no_share(client, run):
    ForecastValue.objects.filter(run=run, scope_code="90AA01", count_year__lte=forecasts.BASE_YEAR).delete()
    page = plain(text(client, "/regio/rpa:90/vestiging/90AA01/"))
    assert "zijn nog geen cijfers" not in page
    assert "0 → 950 925 tot 975 met 80 % zekerheid" in page
    assert "Noordpolder Zuid Vaartdorp 0 950 925 – 975 +950 nieuw – 57,0" in plain(
        text(client, "/regio/rpa:90/school/90AA/")
    )


# ------------------------------------------------------------------------------------------------------ one figure
@pytest.mark.parametrize(
    ("address", "title", "way"),
    [
        ("regio/rpa:90/formatie-vo", "Formatie per vak – Voorbeeld, voortgezet onderwijs", ["/regio/rpa:90/"]),
        ("regio/rpa:90/sectoren-alle", "Wat er verandert per sector – Voorbeeld", ["/regio/rpa:90/"]),
        ("vestiging/90AA00/leerlingen-vo", "Leerlingen per jaar – Noordpolder College, voortgezet onderwijs",
         ["/regio/rpa:90/", "/regio/rpa:90/bestuur/90001/", "/regio/rpa:90/school/90AA/", "/regio/rpa:90/vestiging/90AA00/"]),
    ],
)  # fmt: skip
def test_the_page_of_a_figure_says_for_whom_it_is_and_leads_back(client, run, address, title, way):
    page = text(client, f"/cijfer/{run.pk}/{address}/")
    assert f'<h1 class="title">{title}</h1>' in page
    assert f"<title>{title}" in page
    assert [f'<li><a href="{step}">' in page for step in way] == [True] * len(way)


def test_the_csv_of_sectors_and_of_need_says_what_was_computed(client, run):
    kinds = {
        (row["wat"], row["jaar"]): row["soort"]
        for row in rows_of(client, f"/cijfer/{run.pk}/regio/rpa:90/sectoren-alle.csv")
    }
    assert kinds == {
        ("leerlingen of studenten", "2026"): "telling", ("leerlingen of studenten", "2031"): "verwachting",
        ("formatie", "2026"): "berekend", ("formatie", "2031"): "verwachting",
    }  # fmt: skip
    need = rows_of(client, f"/cijfer/{run.pk}/regio/rpa:90/formatie-vo.csv")
    assert {row["soort"] for row in need if row["jaar"] == "2026"} == {"berekend"}


# ------------------------------------------------------------------------------------------------------- budgets
@pytest.mark.parametrize("links", [1, 3])
def test_pages_with_links_stay_within_twelve_questions(client, run, django_assert_num_queries, links):
    for number in range(links):
        link("90AA01", regions.location(number + 7).code, kind="splitsing", share=1 / 3)
    client.cookies["regio"] = "rpa:90"
    for address, queries in (("/regio/rpa:90/school/90AA/", 10), ("/regio/rpa:90/vestiging/90AA01/", 9)):
        with django_assert_num_queries(queries):
            client.get(address)
