"""Pages about staff and shortage: what they say, that it sums, what they refuse to say, and how many questions they ask."""

import csv
import io
import re
from datetime import date

import pytest

from regio.workforce.actions import default_years
from regio.workforce.models import ForecastFlow, ForecastValue
from tests.factories import forecasts, regions, shortages
from tests.rekenregels.test_pagina import REGELS
from tests.workforce.words import plain, text

pytestmark = pytest.mark.django_db
REGION = "/regio/rpa:90/"
WAT_HET_TEKORT_DRIJFT = REGELS[1]


@pytest.fixture
def run(frozen_clock):
    return shortages.region_with_staff()


@pytest.fixture
def made_up(frozen_clock):
    return shortages.region_with_staff(shortages.SYNTHETIC)


def rows_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def number(written):
    return float(written.replace(",", "."))


# -------------------------------------------------------------------------------------------------- the first screens
def test_the_start_page_opens_with_the_shortage(client, run):
    client.cookies["regio"] = "rpa:90"
    words = plain(text(client, "/"))
    assert "Over vijf jaar komt Voorbeeld 6 tot 11 fte aan leraren te kort in het voortgezet onderwijs." in words
    assert "Op 1 oktober 2026 was dat 6,0 fte. Het knelt het meest bij wiskunde, Duits en Frans." in words
    assert "Tekort in 2031, open en verborgen samen 8,5 fte 6,0 tot 11,0 met 80 % zekerheid; 6,0 in 2026" in words
    assert "Daarvan open 3,0 fte verborgen 5,5" in words
    assert "Wiskunde 3,0 4,2 3,0 – 5,5 22 %" in words  # of the 19 fte that is needed then
    assert "niet geladen" not in words


def test_the_region_page_says_where_it_is_shortest_and_leads_to_why(client, run):
    page = text(client, REGION)
    assert '<a href="/regio/rpa:90/positie/vak:wiskunde/?sector=vo">Wiskunde</a>' in page
    assert 'href="/regio/rpa:90/tekort/?sector=vo">Wat drijft het tekort?</a>' in page
    assert "Stichting Noordpolder 2 vestigingen 1.000 950 925 – 975 −50 −5 % 60 57 8,5" in plain(page)


def test_the_sectors_of_the_start_page_say_what_is_short_and_where_nothing_is_loaded(client, run):
    regions.location(5, sector="po", name="De Brug")
    forecasts.line(run, kind="regio", code="rpa:90", sector="po", start=500)
    client.cookies["regio"] = "rpa:90"
    words = plain(text(client, "/"))
    assert "Formatie 2026, fte Formatie 2031, fte Tekort 2031, fte" in words
    assert "Voortgezet onderwijs 2 1.000 950 925 – 975 −5,0 % 60,0 57,0 8,5" in words
    assert "Primair onderwijs 1 500 450 425 – 475 −10,0 % – – niet geladen" in words
    rows = rows_of(client, f"/cijfer/{run.pk}/regio/rpa:90/sectoren-alle.csv")
    assert [(row["jaar"], row["gemiddelde"]) for row in rows if row["wat"] == "tekort"] == [
        ("2026", "6"),
        ("2031", "8,5"),
    ]


def test_the_charts_of_staff_are_drawn_ahead(run, tmp_path, settings):
    from regio.shared.charts import svg
    from regio.workforce.drawings import draw_run

    settings.HOME = tmp_path
    svg._kept.cache_clear()
    draw_run(run)
    before = set(tmp_path.glob("charts/*/*.svg"))
    from django.test import Client

    Client().get(REGION + "tekort/")
    assert set(tmp_path.glob("charts/*/*.svg")) == before  # nothing was left to draw


def test_the_chance_above_a_number_can_be_asked_without_javascript(client, run):
    assert "Kans op meer dan 8 fte tekort in 2031 56 %" in plain(text(client, REGION))
    assert "Kans op meer dan 10 fte tekort in 2031 31 %" in plain(text(client, REGION, boven="10"))
    assert "Kans op meer dan 13 fte tekort in 2031 minder dan 1 %" in plain(text(client, REGION, boven="13"))
    assert "Kans op meer dan 8 fte tekort in 2031 56 %" in plain(text(client, REGION, boven="veel"))
    assert 'name="boven" type="number" min="0" max="9999" step="1" value="10"' in text(client, REGION, boven="10")


def test_a_region_without_the_spread_says_no_chance(client, run):
    run.spreads.all().delete()
    words = plain(text(client, REGION))
    assert "Kans op meer dan" not in words
    assert "8,5 fte" in words


@pytest.mark.parametrize("base_year", [2026, 2025])
def test_sentence_drawing_and_tables_end_in_the_same_year(client, frozen_clock, base_year):
    made = shortages.region_with_staff(
        base_year=base_year, years=default_years(date(base_year, 10, 1), frozen_clock.now.date())
    )
    client.cookies["regio"] = "rpa:90"
    for address in ("/", REGION, REGION + "tekort/", REGION + "positie/vak:wiskunde/", REGION + "bestuur/90001/", REGION + "analist/"):  # fmt: skip
        words = plain(text(client, address))
        assert "2032" not in words, address
        assert not re.search(r"(?:In|in|naar|van) 2030", words), address
    figures = ("tekort-vo", "bezetting-vo", "leerlingen-vo", "formatie-vo", "leeftijden-vo", "stromen-vo")
    last = {max(int(row["jaar"]) for row in rows_of(client, f"/cijfer/{made.pk}/regio/rpa:90/{slug}.csv")) for slug in figures}  # fmt: skip
    assert last == {2031}
    assert re.search(r"komt Voorbeeld [\d,]+ tot [\d,]+ fte aan leraren te kort", plain(text(client, "/")))


# ------------------------------------------------------------------------------------------------ without staff: no shortage
@pytest.mark.parametrize("address", ["", "tekort/", "positie/vak:wiskunde/", "kleine-secties/", "analist/", "bestuur/90001/", "vestiging/90AA00/tekort/"])  # fmt: skip
def test_without_staff_no_page_has_a_shortage(client, frozen_clock, address):
    forecasts.region_with_forecast()
    words = plain(text(client, REGION + address))
    assert "bezetting niet geladen" in words.lower()
    assert "te kort in het" not in words
    assert "fte te kort" not in words
    assert "Kans op meer" not in words


@pytest.mark.parametrize("slug", ["tekort-vo", "bezetting-vo", "oorzaken-vo", "stromen-vo", "leeftijden-vo", "bevoegd-vo", "knelpunten-vo", "tekortposities-vo"])  # fmt: skip
def test_without_staff_no_figure_can_be_asked(client, frozen_clock, slug):
    made = forecasts.region_with_forecast()
    assert client.get(f"/cijfer/{made.pk}/regio/rpa:90/{slug}/").status_code == 404
    assert client.get(f"/cijfer/{made.pk}/regio/rpa:90/{slug}.csv").status_code == 404


def test_a_run_that_found_no_staff_of_any_board_has_no_column_of_shortage(client, frozen_clock):
    made = forecasts.region_with_forecast()
    made.facts = {"bezetting": {"vo": {"besturen": {"90001": "geen"}, "regiocijfer": False}}}
    made.save()
    words = plain(text(client, REGION))
    assert "Tekort" not in words
    assert "Bezetting niet geladen: daarom staat hier geen tekort." in words


def test_made_up_staff_is_marked_and_never_shown_below_a_board(client, made_up):
    for address in ("", "tekort/", "positie/vak:wiskunde/", "analist/", "bestuur/90001/"):
        words = plain(text(client, REGION + address))
        assert "synthetisch Personen nagemaakt uit openbare tabellen." in words, address
    ForecastValue.objects.filter(scope_kind__in=("school", "vestiging"), measure="tekort").delete()
    words = plain(text(client, REGION + "school/90AA/"))
    assert "nagemaakt" in words
    assert "te kort in het" not in words
    assert "nagemaakt uit openbare tabellen" in plain(text(client, f"/cijfer/{made_up.pk}/regio/rpa:90/tekort-vo/"))


def test_own_staff_is_not_called_made_up(client, run):
    assert "synthetisch" not in plain(text(client, REGION)).lower()
    assert "bezetting: eigen bestand van het bestuur" in plain(text(client, REGION))


def test_a_location_of_an_own_board_is_not_called_made_up_where_others_of_the_region_are(client, run):
    run.facts["bezetting"]["vo"]["besturen"] |= {"90002": "openbaar", "90003": "geen"}
    run.save()
    assert "synthetisch" in plain(text(client, REGION))
    for address in ("bestuur/90001/", "school/90AA/", "vestiging/90AA00/"):
        words = plain(text(client, REGION + address))
        assert "te kort in het" in words, address
        assert "synthetisch" not in words, address
        assert "van 3 besturen" not in words, address


def test_a_school_of_a_board_that_loaded_nothing_is_not_called_made_up(client, made_up):
    made_up.facts["bezetting"]["vo"]["besturen"] |= {"90001": "geen", "90002": "openbaar"}
    made_up.save()
    ForecastValue.objects.filter(run=made_up, scope_kind__in=("bestuur", "school")).exclude(measure__in=("leerlingen", "formatie", "formatieverschil")).delete()  # fmt: skip
    for address in ("bestuur/90001/", "school/90AA/", "vestiging/90AA00/"):
        words = plain(text(client, REGION + address))
        assert "nagemaakt" not in words, address
        assert "Bezetting niet geladen" in words, address


def test_a_group_of_subjects_has_the_need_of_its_subjects(client, made_up):
    """Languages: Duits 10 and Frans 5 fte, in 2031 14.25; a shortage of 8.5 × 0.5 is 30 % of it."""
    at = {"kind": "bestuur", "code": "90001"}
    ForecastValue.objects.filter(scope_kind="bestuur", item__startswith="vak:").exclude(
        measure__startswith="formatie"
    ).delete()
    shortages.staff(made_up, **at, items={"groep:talen": 0.5})
    words = plain(text(client, REGION + "bestuur/90001/"))
    assert "Talen 3,0 4,2 3,0 – 5,5 30 %" in words
    assert "nan" not in words
    rows = rows_of(client, f"/cijfer/{made_up.pk}/bestuur/90001/nodigposities-vo.csv")
    of_group = next(row for row in rows if (row["positie"], row["jaar"]) == ("talen", "2031"))
    assert (of_group["gemiddelde"], of_group["p10"], of_group["p90"]) == ("14,25", "", "")  # bands do not add
    assert of_group["toelichting"] == "geen band bekend"


def test_a_partly_loaded_region_says_of_how_many_boards_it_speaks(client, run):
    run.facts["bezetting"]["vo"]["besturen"]["90002"] = "geen"
    run.save()
    words = plain(text(client, REGION))
    assert "1 van 2 besturen De andere tellen niet mee in het tekort: hun bezetting is niet geladen." in words
    assert "aan leraren te kort in het voortgezet onderwijs, geteld bij 1 van de 2 besturen." in words
    assert (
        "Totaal tekort van 1 van 2 besturen 1.000 950 925 – 975 −50 −5 % 60 57 8,5" in words
    )  # need of two beside shortage of one
    assert "Formatie (nodig) van alle besturen, 2026 en 2031 60,0 → 57,0 fte" in words
    assert "Bezetting (in dienst) bij 1 van de 2 besturen, 2026 en 2031 56,0 → 51,0 fte" in words
    client.cookies["regio"] = "rpa:90"
    assert "Voortgezet onderwijs tekort van 1 van 2 besturen 2 1.000 950 925 – 975 −5,0 % 60,0 57,0 8,5" in plain(
        text(client, "/")
    )
    assert (
        client.get(f"/cijfer/{run.pk}/regio/rpa:90/bezetting-vo/").status_code == 404
    )  # need is of more boards than staff
    assert "benoembaar" not in plain(text(client, REGION + "tekort/"))


def test_a_partly_loaded_region_divides_by_the_need_of_the_boards_that_are_loaded(client, run):
    """A shortage of 4.25 fte on the 15 fte of maths at the loaded board is 28 %; on the 19 of all boards it would be 22 %."""
    run.facts["bezetting"]["vo"]["besturen"]["90002"] = "geen"
    run.facts["bezetting"]["vo"]["formatie_geladen"] = {"alle": {"2031": 40.0}, "vak:wiskunde": {"2031": 15.0}}
    run.save()
    words = plain(text(client, REGION))
    assert "Wiskunde 3,0 4,2 3,0 – 5,5 28 %" in words
    assert "bij 1 van de 2 besturen" in words
    del run.facts["bezetting"]["vo"]["formatie_geladen"]  # an older run: not known
    run.save()
    assert "Wiskunde 3,0 4,2 3,0 – 5,5 –" in plain(text(client, REGION))


def test_staff_of_too_few_boards_makes_no_shortage_of_the_region(client, run):
    ForecastValue.objects.filter(run=run, scope_kind="regio", measure="tekort").delete()
    run.facts["bezetting"]["vo"]["besturen"]["90002"] = "geen"
    run.save()
    words = plain(text(client, REGION))
    assert "Dat is te weinig voor een tekort van de hele regio." in words
    assert "te kort in het" not in words
    assert "8,5" in words  # the board itself has its own


# ------------------------------------------------------------------------------------- too few functions to choose from
def test_of_two_functions_the_boards_say_where_it_is_shortest(client, run, django_assert_max_num_queries):
    """Boards of 57 fte lack 8.5 (15 %), 4.25 (7 %) and 8.5: of two functions "the most" would say nothing."""
    _with_rows(run, 3)
    of_frans = ForecastValue.objects.filter(run=run, item="vak:frans").exclude(measure__startswith="formatie")
    of_frans.delete()
    ForecastValue.objects.filter(run=run, scope_code="90002", measure="tekort", count_year=2031).update(mean=4.25, p10=3, p90=5)  # fmt: skip
    words = plain(text(client, REGION))
    assert "Naar verhouding is het tekort het grootst bij Bestuur 3 (15 %), Stichting Noordpolder (15 %) en Bestuur 2 (7 %)." in words  # fmt: skip
    assert "Het knelt het meest" not in words
    assert "Bestuur 2 6,0 4,2 3,0 – 5,0 7 %" in words
    client.cookies["regio"] = "rpa:90"
    with django_assert_max_num_queries(12):
        assert "Naar verhouding is het tekort het grootst bij Bestuur 3 (15 %)" in plain(text(client, "/"))


def test_of_two_functions_and_no_parts_nothing_is_said_to_be_shortest(client, run):
    ForecastValue.objects.filter(run=run, item="vak:frans").exclude(measure__startswith="formatie").delete()
    words = plain(text(client, REGION))
    assert "te kort in het voortgezet onderwijs" in words
    assert "knelt het meest" not in words
    assert "Wiskunde 3,0 4,2 3,0 – 5,5" in words


def test_whether_the_order_is_sure_follows_from_the_bands(client, run):
    shortages.staff(run, kind="regio", code="rpa:90", items={"vak:overig": 0.05})
    assert "Dat deze vakken bovenaan staan, is zeker" in plain(text(client, REGION))
    ForecastValue.objects.filter(run=run, item="vak:overig", measure="tekort").update(p90=9)
    assert "Welke vakken bovenaan staan, is niet zeker: de banden overlappen elkaar." in plain(text(client, REGION))


# --------------------------------------------------------------------------------------------------------- what it costs
PAY = {"prijspeil": 2018, "bron": "personeelslasten vo", "eur_per_fte": 80_000.0, "low": 70_000.0, "high": 90_000.0}


def test_loaded_staff_has_a_cost_with_its_price_level_and_band(client, run):
    """56 fte at 80,000 euro is 4.48 million, and by the band of one fte 3.9 to 5.0."""
    years = {str(year): (56.0 - (year - 2026)) * 80_000 for year in range(2026, 2033)}
    run.facts["bezetting"]["vo"]["loonkosten"] = PAY | {
        "eur": {"regio": {"rpa:90": years}, "bestuur": {"90001": years}}
    }
    run.save()
    for address in ("", "bestuur/90001/"):
        words = plain(text(client, REGION + address))
        assert "Loonkosten 4,5 miljoen euro in 2026, € 80.000 per fte (prijspeil 2018)" in words
        assert "2026 56,0 4,5 3,9 – 5,0 80.000" in words
        assert "Wat een fte kost, is een aanname." in words
        assert "kosten per fte: personeelslasten vo" in words
    assert "Loonkosten" not in plain(text(client, REGION + "vestiging/90AA00/"))
    row = rows_of(client, f"/cijfer/{run.pk}/regio/rpa:90/loonkosten-vo.csv")[0]
    assert (row["loonkosten"], row["p10"], row["per fte"], row["prijspeil"]) == ("4480000", "3920000", "80000", "2018")
    ForecastValue.objects.filter(run=run, measure="tekort").delete()  # a cost without staff that may be shown is none
    assert "Loonkosten" not in plain(text(client, REGION))
    assert client.get(f"/cijfer/{run.pk}/regio/rpa:90/loonkosten-vo/").status_code == 404


# ----------------------------------------------------------------------------------------------------- what drives it
def test_the_causes_add_up_to_the_difference(client, run):
    rows = rows_of(client, f"/cijfer/{run.pk}/regio/rpa:90/oorzaken-vo.csv")
    values = [number(row["fte"]) for row in rows]
    assert [row["oorzaak"] for row in (rows[0], rows[-1])] == ["tekort aan het begin", "tekort aan het eind"]
    assert (values[0], values[-1]) == (6.0, 8.5)
    assert sum(values[:-1]) == pytest.approx(values[-1])
    by_cause = {row["oorzaak"]: number(row["fte"]) for row in rows[1:-1] if number(row["fte"])}
    by_hand = dict(WAT_HET_TEKORT_DRIJFT.uitkomst.rijen[1:-1])  # the case that the manual works out by hand
    assert by_cause | {"rest: wat geen oorzaak verklaart": 0.0} == by_hand
    assert number(rows[-2]["fte"]) == 0


def test_what_no_cause_explains_stands_apart_and_what_is_written_adds_up(client, run):
    """Half a fte of retirement a year is lost: 2.5 in five years."""
    ForecastFlow.objects.filter(scope_code="rpa:90", item="alle", flow="pensioen").update(mean_fte=-1.9)
    rows = rows_of(client, f"/cijfer/{run.pk}/regio/rpa:90/oorzaken-vo.csv")
    by_cause = {row["oorzaak"]: number(row["fte"]) for row in rows}
    assert by_cause["lessen door wie niet bevoegd is of een ander vak heeft"] == 0.5
    assert by_cause["rest: wat geen oorzaak verklaart"] == 2.5
    words = plain(text(client, REGION + "tekort/"))
    said = re.search(
        r"Tekort in 2026 6,0 (.+?) Rest: geen oorzaak, en afronding \+2,5 Tekort in 2031 8,5", words
    ).group(1)
    parts = [number(value.replace("−", "-")) for value in re.findall(r"[+−]?\d+,\d", said)]
    assert 6.0 + sum(parts) + 2.5 == pytest.approx(8.5)


def test_the_groups_of_the_start_page_add_up_to_the_same(client, run):
    rows = rows_of(client, f"/cijfer/{run.pk}/regio/rpa:90/hoofdoorzaken-vo.csv")
    values = [number(row["fte"]) for row in rows]
    assert len(rows) == 10  # both ends and eight groups
    assert sum(values[:-1]) == pytest.approx(values[-1]) == 8.5


def test_the_sentence_names_the_two_largest_causes_of_each_kind(client, run):
    words = plain(text(client, REGION + "tekort/"))
    assert "Tussen 2026 en 2031 groeit het verwachte tekort van 6,0 naar 8,5 fte." in words
    assert "Groter wordt het vooral door pensioen (12,0 fte) en vertrek naar ander werk (7,5 fte)." in words
    assert (
        "Kleiner wordt het vooral door net afgestudeerden (9,0 fte) en andere aantallen leerlingen (3,0 fte)." in words
    )


def test_inflow_and_outflow_leave_what_the_staff_changes(client, run):
    words = plain(text(client, REGION + "tekort/"))
    assert "Met pensioen −2,4 −2,4 −2,4 −2,4 −2,4 −2,4" in words
    assert "Verandering van de bezetting −1,0 −1,0 −1,0 −1,0 −1,0 −1,0" in words


def test_ages_are_shown_now_and_in_five_years(client, run):
    words = plain(text(client, REGION + "tekort/"))
    assert "25–34 20 15" in words
    assert "Alle leeftijden 74 69" in words
    assert "Van de leraren was in 2026 22 % 55 jaar of ouder; in 2031 is dat 16 %." in words


def test_who_may_teach_follows_from_the_identity(client, run):
    """Benoembaar is the staff that is neither qualified nor counted as hidden shortage: 56 − 50 − 1.5."""
    words = plain(text(client, REGION + "tekort/"))
    assert "2026 50,0 89,3 % 4,5 8,0 % 1,5 2,7 %" in words
    assert "Van de bezetting was in 2026 89,3 % bevoegd; in 2031 naar verwachting 88,2 %." in words


@pytest.mark.parametrize("address", ["bestuur/90001/tekort/", "school/90AA/tekort/", "vestiging/90AA00/tekort/"])
def test_own_staff_is_explained_down_to_a_location(client, run, address):
    assert "groeit het verwachte tekort van" in plain(text(client, REGION + address))


# ------------------------------------------------------------------------------------------------------- one position
def test_a_position_says_how_short_it_is_and_where(client, run):
    words = plain(text(client, REGION + "positie/vak:wiskunde/"))
    assert "Over vijf jaar komt Voorbeeld 3,0 tot 5,5 fte te kort voor wiskunde." in words
    assert "In 2026 was 20,0 fte nodig; in 2031 is dat 18 tot 20 fte." in words
    assert "Stichting Noordpolder 20,0 19,0 3,0 4,2 3,0 – 5,5" in words
    assert "Graad Nodig 2026 Nodig 2031 Tweedegraads 12,0 11,4" in words


def test_a_board_with_made_up_staff_shows_need_but_no_shortage_of_a_subject(client, made_up):
    ForecastValue.objects.filter(scope_kind="bestuur", item="vak:wiskunde", measure="tekort").delete()
    assert "Stichting Noordpolder 20,0 19,0 alleen per groep vakken" in plain(
        text(client, REGION + "positie/vak:wiskunde/")
    )


def test_what_earlier_runs_said_of_the_same_year_stands_beside_it(client, run):
    later = forecasts.run()
    later.facts = run.facts
    later.save()
    for kind, code in (("regio", "rpa:90"),):
        forecasts.full_scope(later, kind=kind, code=code)
        shortages.staff(later, kind=kind, code=code, size=0.5)
    words = plain(text(client, REGION + "positie/vak:wiskunde/", prognose=later.pk))
    assert f"Prognose {run.pk} 1 november 2026 4,2 3,0 – 5,5" in words


def test_without_staff_a_position_shows_the_need_of_its_boards_alone(client, frozen_clock):
    forecasts.region_with_forecast()
    words = plain(text(client, REGION + "positie/vak:wiskunde/"))
    assert "Bestuur Nodig 2026 Nodig 2031 Bezetting Stichting Noordpolder 20,0 19,0 niet geladen" in words
    assert "Tekort" not in words


def test_a_position_that_is_not_there_is_not_found(client, run):
    assert client.get(REGION + "positie/vak:sterrenkunde/").status_code == 404


# -------------------------------------------------------------------------------------------------------- small sections
def test_small_sections_without_staff_are_the_need_and_say_so(client, frozen_clock):
    made = forecasts.region_with_forecast()
    _place_locations(km_apart=4.0)
    ForecastValue.objects.filter(run=made, scope_kind="vestiging", item="vak:frans", measure="formatie").update(
        mean=0.4
    )
    words = plain(text(client, REGION + "kleine-secties/"))
    assert "In Voorbeeld zijn 2 secties kleiner dan 1 fte." in words
    assert "passen zij samen in 1 combinatie van hoogstens één baan" in words
    assert "Bezetting niet geladen: dit is de formatie, dus wat nodig is, niet wie er werkt." in words
    assert "Frans Noordpolder College, Vaartdorp (0,4); Noordpolder Zuid, Vaartdorp (0,4) 0,8 0,8 4,0 1" in words
    far = plain(text(client, REGION + "kleine-secties/", km="3"))
    assert "Geen twee daarvan passen binnen 3 km samen in één baan." in far
    assert "2 secties hebben binnen 3 km niemand" in far


def test_small_sections_with_own_staff_are_the_staff(client, run):
    _place_locations(km_apart=4.0)
    locations = ForecastValue.objects.filter(run=run, scope_kind="vestiging", measure="bezetting")
    locations.update(mean=5.0)
    forecasts.line(run, kind="vestiging", code="90AA00", item="vo:frans:tweedegraads", measure="bezetting", start=0.6, step=0, past=1)  # fmt: skip
    forecasts.line(run, kind="vestiging", code="90AA01", item="vo:frans:tweedegraads", measure="bezetting", start=0.3, step=0, past=1)  # fmt: skip
    locations.filter(item="vak:frans").delete()
    words = plain(text(client, REGION + "kleine-secties/", vak="vak:frans"))
    assert "Bij 2 is dat de bezetting uit het eigen bestand" in words
    assert "(0,6); Noordpolder Zuid, Vaartdorp (0,3) 0,9 0,9 4,0 1" in words


def test_a_sector_without_subjects_per_location_says_so(client, frozen_clock):
    made = forecasts.region_with_forecast()
    regions.location(5, sector="po", name="De Brug")
    forecasts.line(made, kind="regio", code="rpa:90", sector="po")
    made.facts = {"leerlingen": {"po": {"base_year": 2026}}}
    made.save()
    assert "Kleine secties zijn er alleen in het voortgezet onderwijs" in plain(
        text(client, REGION + "kleine-secties/", sector="po")
    )


def _place_locations(*, km_apart):
    from regio.regions.models import SchoolLocation

    for number, code in enumerate(("90AA00", "90AA01")):
        SchoolLocation.objects.filter(code=code).update(lat=52.0 + number * km_apart / 111.195, lon=5.0)


# ------------------------------------------------------------------------------------------------------------- analysts
def test_analysts_see_every_position_and_year_and_how_to_repeat_it(client, run):
    run.facts["bezetting"]["vo"] |= {
        "spreiding": {"2031": {"parameter_sd": 3.0, "process_sd": 4.0, "parameter_share": 0.36, "parameter_share_error": 0.05}},
        "rekenfout": {"2031": {"mean": 0.12, "p10": 0.2, "p50": 0.15, "p90": 0.25}}, "context_sha256": "c" * 64,
    }  # fmt: skip
    run.save()
    words = plain(text(client, REGION + "analist/"))
    assert "Parameters: wij kennen de kansen niet precies 3,0 36,0 % 5,0 %" in words
    assert "Toeval: wie er precies gaat en komt 4,0 64,0 % 5,0 %" in words
    assert "Bovengrens (p90) 0,25" in words
    assert "Duits 1,8 1,9 2,1 2,2 2,4 2,5 2,7 1,8 – 3,6" in words
    assert f"regio repeat {run.pk}" in words
    assert "c" * 64 in words


def test_analysts_see_which_part_is_own(client, run):
    assert "Hoeveel eigen is" not in plain(text(client, REGION + "analist/"))
    run.facts["bezetting"]["vo"] |= {"own_share": 0.8214, "eigen_deel_vertrek": {"90001": 0.6}}
    run.save()
    words = plain(text(client, REGION + "analist/"))
    assert "Wie er in dienst is 82 % openbare tabellen Kans op vertrek 60 % landelijke cijfers" in words


def test_every_figure_under_the_model_has_its_band_source_and_kind(client, run):
    words = plain(text(client, REGION + "analist/"))
    assert "Deel van de werkgelegenheid 0,055 0,045 – 0,065 vmbo/havo/vwo 2023-10 centerdata.nl tekortmeting vo bij de bron gelezen" in words  # fmt: skip
    rows = rows_of(client, f"/cijfer/{run.pk}/regio/rpa:90/parameters-vo.csv")
    assert all(row["bron van het cijfer"] and row["datum"] and row["soort"] for row in rows)
    assert {row["soort"] for row in rows} <= {
        "bij de bron gelezen",
        "uit de bron afgeleid",
        "aanname",
        "aanname, niet nagelezen",
    }
    assert len({row["naam"] for row in rows}) == len(rows) > 30


# -------------------------------------------------------------------------------------------------- permanent addresses
@pytest.mark.parametrize("slug", ["tekort-vo", "bezetting-vo", "oorzaken-vo", "hoofdoorzaken-vo", "stromen-vo", "leeftijden-vo", "bevoegd-vo", "knelpunten-vo", "tekort-vo~vak:wiskunde", "oorzaken-vo~vak:wiskunde", "besturen-vo~vak:wiskunde", "tekortposities-vo"])  # fmt: skip
def test_a_figure_of_staff_has_a_page_a_csv_and_where_drawn_an_svg(client, run, slug):
    address = f"/cijfer/{run.pk}/regio/rpa:90/{slug}"
    page = client.get(address + "/")
    assert page.status_code == 200
    rows = rows_of(client, address + ".csv")
    assert rows
    assert all(row["eenheid"] and row["bron"] and row["peildatum"] == "2026-10-01" for row in rows)
    has_drawing = f'href="{address}.svg"' in page.content.decode()
    assert client.get(address + ".svg").status_code == (200 if has_drawing else 404)


def test_a_run_that_was_asked_for_is_kept_in_the_links(client, run):
    shorter = forecasts.run()
    page = text(client, REGION, prognose=run.pk)
    assert shorter.pk != run.pk
    assert f"/regio/rpa:90/tekort/?sector=vo&prognose={run.pk}" in page.replace("&amp;", "&")
    assert f"/positie/vak:wiskunde/?sector=vo&prognose={run.pk}" in page.replace("&amp;", "&")


# ------------------------------------------------------------------------------------------------------------ questions
def _with_rows(run, number):
    """Give the region as many boards and flows: the same questions must do."""
    for index in range(1, number):
        of_board = regions.board(f"9000{index + 1}", f"Bestuur {index + 1}")
        place = regions.location(20 + index, of_board=of_board)
        for kind, code in (("bestuur", of_board.code), ("vestiging", place.code)):
            forecasts.full_scope(run, kind=kind, code=code)
            shortages.staff(run, kind=kind, code=code)
    assert ForecastFlow.objects.filter(scope_kind="bestuur").values("scope_code").distinct().count() == number


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("address", "queries"),
    [("", 11), ("bestuur/90001/", 11), ("tekort/", 8), ("bestuur/90001/tekort/", 9), ("positie/vak:wiskunde/", 10), ("kleine-secties/", 8), ("analist/", 6)],
)  # fmt: skip
def test_a_page_asks_as_many_questions_whatever_the_rows(
    client, run, django_assert_num_queries, number, address, queries
):
    _with_rows(run, number)
    with django_assert_num_queries(queries):
        client.get(REGION + address)


@pytest.mark.parametrize("number", [1, 3])
def test_the_start_page_takes_as_many_questions(client, run, django_assert_num_queries, number):
    _with_rows(run, number)
    client.cookies["regio"] = "rpa:90"
    with django_assert_num_queries(9):
        client.get("/")
