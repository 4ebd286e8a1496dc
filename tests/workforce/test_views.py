"""Pages of the forecast: what they say, how many questions they ask, and what they refuse to say."""

import csv
import io
import re
from datetime import date, timedelta

import pytest

from regio.regions.models import LocationLink, SchoolLocation
from regio.shared.models import Job
from regio.shared.pages import forget_all
from regio.workforce.models import ForecastRun, ForecastValue
from tests.factories import forecasts, regions

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(frozen_clock):
    return forecasts.region_with_forecast()


def text(client, address, **query):
    return client.get(address, query).content.decode()


def plain(page):
    """Return the words of a page on one line, without tags."""
    spaced = re.sub(r"</?(?:t[dhr]|d[td]|small|caption|li|br|h\d)\b[^>]*>", " ", page)
    return " ".join(re.sub(r"<[^>]+>", "", spaced).replace("\u00a0", " ").replace("&nbsp;", " ").split())


# ------------------------------------------------------------------------------------------------------------ words
def test_a_region_opens_with_a_sentence(client, run):
    words = plain(text(client, "/regio/rpa:90/"))
    assert "Over vijf jaar zijn er 25 tot 75 leerlingen minder in het voortgezet onderwijs." in words
    assert "Daarvoor is 2 tot 4 fte minder aan leraren nodig; op 1 oktober 2026 was dat 60,0 fte." in words
    assert "Het meest verandert wiskunde (−1,0 fte), Duits (−0,5) en Frans (−0,2)." in words
    assert "Bij de vmbo-profielen" not in words  # −0,2 fte is nothing to name
    assert "Naar verhouding" not in words  # the same subjects
    assert "Peildatum 1 oktober 2026." in words


def test_levels_add_up_and_the_band_has_its_own_column(client, run):
    words = plain(text(client, "/regio/rpa:90/"))
    assert "havo 412 408 404 400 396 392 388 384 380 376 364 – 388" in words
    assert "vwo 618 612 606 600 594 588 582 576 570 564 546 – 582" in words
    assert "Totaal 1.030 1.020 1.010 1.000 990 980 970 960 950 940 910 – 970" in words
    assert "Banden tel je niet op." in words


def test_need_says_in_figures_what_the_colour_says(client, run):
    page = text(client, "/regio/rpa:90/")
    assert '<td class="less-1 between">19,0 <small>−5 %</small></td>'.replace("−5 %", "−5\u00a0%") in page
    assert "2 tot 6 % minder" in page


def test_grades_are_taken_together_and_shown_apart_below(client, run):
    words = plain(text(client, "/regio/rpa:90/"))
    assert "Wiskunde 20,0 19,8 −1 % 19,6 −2 % 19,4 −3 % 19,2 −4 % 19,0 −5 % 18,8 −6 % −1,8 tot −0,6" in words
    assert "Wiskunde eerstegraads 8,0 7,9 −1 %" in words
    assert "Tabel bij formatie per vak en graad" in words
    place = plain(text(client, "/regio/rpa:90/vestiging/90AA00/"))
    assert "Wiskunde eerstegraads 8,0 7,9 −1 %" in place
    assert "Tabel bij formatie per vak en graad" in place


@pytest.mark.parametrize("address", ["school/90AA/", "vestiging/90AA00/"])
def test_a_school_and_a_location_say_how_sure_the_change_of_their_need_is(client, run, address):
    words = plain(text(client, f"/regio/rpa:90/{address}"))
    assert "Daarvoor is 2 tot 4 fte minder aan leraren nodig; op 1 oktober 2026 was dat 60,0 fte." in words
    assert "Wiskunde 20,0 19,8 −1 % 19,6 −2 % 19,4 −3 % 19,2 −4 % 19,0 −5 % 18,8 −6 % −1,8 tot −0,6" in words


def test_a_run_from_before_the_band_of_a_location_still_shows_the_level(client, run):
    ForecastValue.objects.filter(scope_code="90AA00", measure="formatieverschil").delete()
    words = plain(text(client, "/regio/rpa:90/vestiging/90AA00/"))
    assert "Daarvoor is naar verwachting 3 fte minder aan leraren nodig" in words
    assert "Wiskunde 20,0 19,8 −1 % 19,6 −2 % 19,4 −3 % 19,2 −4 % 19,0 −5 % 18,8 −6 % 17,6 – 20,0" in words


def test_the_assumption_behind_the_need_can_be_read(client, run):
    rule = {"learners_per_fte": 15.0, "low": 11.25, "high": 22.5, "base_fte": 1.2, "source": "aanname: 15 op één"}
    run.facts = {"formatie": {"vo": {"aanname_share": 1.0, "own_split_share": 0.18, "shipped_rule": rule}}}
    run.save()
    words = plain(text(client, "/regio/rpa:90/"))
    assert "100 % van de formatie rust daarop" in words
    assert (
        "Leerlingen per fte 15; met 80 % zekerheid 11,2 tot 22,5 Kan veranderen elk jaar ongeveer 2 % omhoog of omlaag"
        in words
    )
    assert "Vast per vestiging 1,2 fte" in words
    assert "Herkomst aanname: 15 op één Verdeling over vakken 18 % volgt uit eigen examens" in words


def test_how_far_the_assumption_may_move_in_a_year_is_what_the_page_says():
    from pathlib import Path

    import regio_engine.parameters

    rules = Path(regio_engine.parameters.__file__).with_name("demand_rules.yaml").read_text()
    assert "yearly_step_share: 0.02" in rules  # the 2 % of region.html


def test_without_staff_there_is_no_shortage(client, run):
    words = plain(text(client, "/regio/rpa:90/"))
    assert "Bezetting niet geladen: daarom staat hier geen tekort." in words
    assert "Stichting Noordpolder 2 vestigingen 1.000 950 925 – 975 −50 −5 % 60 57 niet geladen" in words


def test_a_sector_without_figures_says_so_and_shows_no_nought(client, run):
    regions.location(5, sector="po", name="De Brug")
    words = plain(text(client, "/regio/rpa:90/"))
    assert "Primair onderwijs 1 nog geen cijfers" in words
    assert "Speciaal onderwijs – nog geen cijfers" in words


def test_the_way_down_and_back(client, run):
    board = text(client, "/regio/rpa:90/bestuur/90001/")
    assert 'href="/regio/rpa:90/school/90AA/?sector=vo"' in board
    school = text(client, "/regio/rpa:90/school/90AA/")
    assert 'href="/regio/rpa:90/vestiging/90AA00/?sector=vo"' in school
    place = text(client, "/regio/rpa:90/vestiging/90AA00/")
    assert [
        f'<li><a href="{way}">' in place
        for way in ("/regio/rpa:90/", "/regio/rpa:90/bestuur/90001/", "/regio/rpa:90/school/90AA/")
    ] == [True] * 3


def test_files_that_came_after_the_forecast_are_said(client, run):
    assert "nieuwe bestanden geladen" not in text(client, "/regio/rpa:90/")
    forecasts.batch(2, loaded_at=forecasts.NOW + timedelta(days=1))
    page = text(client, "/regio/rpa:90/")
    assert 'Na deze prognose zijn nieuwe bestanden geladen. <a href="/regio/rpa:90/prognose/">' in page


def test_an_old_count_is_said_first_and_the_download_is_offered(client, frozen_clock):
    regions.area(name="Voorbeeld")
    old = forecasts.run(base_year=2019)
    forecasts.full_scope(old, kind="regio", code="rpa:90")
    client.cookies["regio"] = "rpa:90"
    words = plain(text(client, "/"))
    assert (
        "De nieuwste telling is 7 jaar oud, en 2025 is al voorbij. In 2025 had Voorbeeld naar verwachting 30 tot 90 leerlingen minder"
        in words
    )
    assert "Deze prognose reikt tot 2025. Maak een prognose die verder vooruitkijkt" in words
    assert 'href="/bronnen/ophalen/">Haal nieuwe tellingen op' in text(client, "/")


def test_an_old_count_is_carried_on_to_five_years_from_today_where_the_run_reaches_it(client, frozen_clock):
    regions.area(name="Voorbeeld")
    old = forecasts.run(base_year=2022)
    ForecastRun.objects.update(years=12)
    old.years = 12
    forecasts.full_scope(old, kind="regio", code="rpa:90")
    words = plain(text(client, "/regio/rpa:90/"))
    assert "De nieuwste telling is 4 jaar oud. In 2031 zijn er 45 tot 140 leerlingen minder" in words
    assert "op 1 oktober 2022 was dat 60,0 fte." in words
    assert "al voorbij" not in words


@pytest.mark.parametrize(("newest", "years"), [(2026, 5), (2025, 6), (2019, 12), (2010, 15), (None, 5)])
def test_the_form_offers_five_years_from_today(client, frozen_clock, newest, years):
    from regio.workforce.actions import default_years

    assert default_years(newest and date(newest, 10, 1), date(2026, 11, 20)) == years


def test_the_offered_number_of_years_follows_the_newest_count(client, run):
    from regio.workforce.models import LearnerCount

    counted = {"level": "havo", "stage_kind": "leerjaar", "stage": 3, "count": 9, "reference_date": date(2019, 10, 1)}
    LearnerCount.objects.create(location=regions.location(1), batch=forecasts.batch(3), **counted)
    assert 'name="years" value="12"' in text(client, "/regio/rpa:90/prognose/")
    ForecastRun.objects.all().delete()
    assert 'name="years" value="12"' in text(client, "/regio/rpa:90/")


def test_subjects_that_may_rise_or_fall_are_not_said_to_change_most(client, run):
    unsure = ForecastValue.objects.filter(run=run, measure="formatieverschil", item__startswith="vak:")
    unsure.filter(item__in=("vak:wiskunde", "vak:duits")).update(p10=-5, p90=5)
    assert "Alleen bij Frans (−0,2 fte) is het verschil groter dan de onzekerheid." in plain(
        text(client, "/regio/rpa:90/")
    )
    unsure.update(p10=-5, p90=5)
    words = plain(text(client, "/regio/rpa:90/"))
    assert "Geen vak springt eruit: het verschil is overal kleiner dan de onzekerheid." in words
    assert (
        "Naar verwachting verandert het meest, maar niet zeker: wiskunde (−1,0 fte), Duits (−0,5) en Frans (−0,2)."
        in words
    )


def test_of_two_functions_none_is_said_to_change_most(client, run):
    forecasts.position("po:groepsleraar", "groepsleraar", sector="po")
    forecasts.position("po:vakleraar", "vakleraar", sector="po")
    forecasts.line(run, kind="regio", code="rpa:90", sector="po", start=500)
    for item in ("alle", "po:groepsleraar", "po:vakleraar"):
        forecasts.line(
            run, kind="regio", code="rpa:90", sector="po", measure="formatie", item=item, start=30, step=-2, past=1
        )
    words = plain(text(client, "/regio/rpa:90/", sector="po"))
    assert "primair onderwijs. Daarvoor is naar verwachting 10 fte minder aan leraren nodig" in words
    assert "verandert het meest" not in words.lower()
    assert "lessentabel" not in words


def test_a_sector_without_figures_is_said_and_not_silently_another(client, run):
    words = plain(text(client, "/regio/rpa:90/", sector="mbo"))
    assert (
        "Voor het middelbaar beroepsonderwijs zijn hier nog geen cijfers. U ziet nu het voortgezet onderwijs." in words
    )
    assert "zijn hier nog geen cijfers" not in plain(text(client, "/regio/rpa:90/", sector="vo"))


def test_a_board_outside_the_region_is_not_in_it(client, run):
    regions.board("90077", "Stichting Elders")
    assert client.get("/regio/rpa:90/bestuur/90077/").status_code == 404


def test_a_code_in_small_letters_leads_to_the_page(client, run):
    assert client.get("/regio/rpa:90/vestiging/90aa00/")["Location"] == "/regio/rpa:90/vestiging/90AA00/"


def test_a_short_run_opens_only_when_it_is_asked_for(client, run):
    short = forecasts.run()
    ForecastRun.objects.filter(pk=short.pk).update(years=1)
    assert f"/prognose/{run.pk}/" in text(client, "/regio/rpa:90/")
    asked = text(client, f"/prognose/{short.pk}/")
    assert f'href="/regio/rpa:90/?prognose={short.pk}"' in asked
    assert f"/prognose/{short.pk}/" in text(client, "/regio/rpa:90/", prognose=short.pk)
    assert f"/prognose/{run.pk}/" in text(client, "/regio/rpa:90/", prognose="x²")
    ForecastRun.objects.filter(pk=run.pk).delete()
    assert f"/prognose/{short.pk}/" in text(client, "/regio/rpa:90/")


PAGES_OF_A_SHORT_RUN = (
    "/regio/rpa:90/?prognose={run}",
    "/regio/rpa:90/bestuur/90001/?sector=vo&prognose={run}",
    "/regio/rpa:90/school/90AA/?prognose={run}",
    "/regio/rpa:90/vestiging/90AA01/?prognose={run}",
    "/cijfer/{run}/school/90AA/onderdelen-vo/",
)


@pytest.mark.parametrize("address", PAGES_OF_A_SHORT_RUN)
def test_links_from_a_run_that_was_asked_for_stay_in_that_run(client, run, address):
    short = forecasts.run()
    ForecastRun.objects.filter(pk=short.pk).update(years=1)
    for kind, code in (("regio", "rpa:90"), ("bestuur", "90001"), ("school", "90AA"), ("vestiging", "90AA01")):
        forecasts.full_scope(short, kind=kind, code=code)
    LocationLink.objects.create(old=places("90AA01"), new=places("90AA00"), kind="verhuizing", source="register")
    page = text(client, address.format(run=short.pk)).partition("<main")
    parts = page[0].partition('class="crumbs"')[2] + re.sub(r"<a [^>]*>Naar het (gewone|nieuwste).*?</a>", "", page[2])
    links = re.findall(r'href="(/(?:regio|cijfer)/[^"#]+)"', parts)
    leaving = [link for link in links if link.startswith("/regio/") and f"prognose={short.pk}" not in link]
    assert leaving in ([], ["/regio/rpa:90/prognose/"])
    assert {link.split("/")[2] for link in links if link.startswith("/cijfer/")} == {str(short.pk)}
    assert len(links) > 3


def test_links_of_the_usual_page_name_no_run(client, run):
    assert "prognose=" not in text(client, "/regio/rpa:90/bestuur/90001/")
    assert "prognose=" not in text(client, f"/cijfer/{run.pk}/school/90AA/onderdelen-vo/")


def places(code):
    return SchoolLocation.objects.get(code=code)


def test_in_the_demo_the_source_is_said_to_be_invented(client, run, settings):
    assert "Bron: DUO;" in plain(text(client, "/regio/rpa:90/"))
    settings.DEMO = True
    forget_all()
    assert "Bron: verzonnen, in de vorm van DUO;" in plain(text(client, "/regio/rpa:90/"))


def test_a_page_can_be_asked_for_its_head_alone(client, run):
    for address in ("/", "/regio/rpa:90/", "/terugblik/", "/regio/rpa:90/prognose/"):
        assert client.head(address).status_code == 200


def test_a_sector_counted_earlier_starts_from_its_own_count(client, run):
    forecasts.line(run, kind="regio", code="rpa:90", sector="po", start=500, spread=0)
    run.facts = {"leerlingen": {"po": {"base_year": 2024}, "vo": {"base_year": 2026}}}
    run.save()
    words = plain(text(client, "/regio/rpa:90/", sector="po"))
    assert "Leerlingen bij de laatste telling, 2024, en in 2031" in words
    assert "Peildatum 1 oktober 2024." in words


def test_a_region_without_a_run_shows_history_and_the_button(client):
    regions.area(name="Voorbeeld")
    place = regions.location(1)
    from regio.workforce.models import LearnerCount

    LearnerCount.objects.create(
        location=place,
        level="havo",
        stage_kind="leerjaar",
        stage=3,
        count=1234,
        reference_date=date(2025, 10, 1),
        batch=forecasts.batch(),
    )
    page = text(client, "/regio/rpa:90/")
    assert "Voortgezet onderwijs 1.234" in plain(page)
    assert '<button class="button">Maak de prognose</button>' in page


def test_a_region_without_counts_says_what_will_be_here(client):
    regions.area(name="Voorbeeld")
    assert "Hier komen leerlingen en formatie, zodra de tellingen zijn geladen." in plain(
        text(client, "/regio/rpa:90/")
    )


@pytest.mark.parametrize(
    "address",
    [
        "/regio/rpa:99/",
        "/regio/rpa:90/bestuur/12345/",
        "/regio/rpa:90/school/99ZZ/",
        "/cijfer/999999/regio/rpa:90/leerlingen-vo/",
        "/prognose/999999/",
    ],
)
def test_what_is_not_there_is_a_404_in_dutch(client, run, address):
    answer = client.get(address)
    assert answer.status_code == 404
    assert "Deze pagina is er niet." in answer.content.decode()


# ---------------------------------------------------------------------------------------------------------- figures
def test_a_figure_has_a_permanent_page_csv_and_svg(client, run):
    address = f"/cijfer/{run.pk}/regio/rpa:90/leerlingen-vo"
    assert f'href="{address}/"' in text(client, "/regio/rpa:90/")
    assert "Het verandert niet meer." in plain(text(client, address + "/"))
    drawing = client.get(address + ".svg")
    assert drawing["Content-Type"] == "image/svg+xml"
    assert drawing.content.startswith(b"<svg ")
    assert drawing["Content-Disposition"] == 'attachment; filename="rpa-90-leerlingen-vo.svg"'


def test_a_csv_holds_every_year_with_unit_and_source(client, run):
    lines = client.get(f"/cijfer/{run.pk}/regio/rpa:90/niveaus-vo.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(lines), delimiter=";"))
    last = next(row for row in rows if row["niveau"] == "havo" and row["jaar"] == "2032")
    assert last == {
        "voor": "Voorbeeld", "niveau": "havo", "jaar": "2032", "soort": "verwachting", "gemiddelde": "376", "p10": "364", "p90": "388",
        "eenheid": "leerlingen op 1 oktober", "bron": f"DUO; bewerking: prognose {run.pk}", "peildatum": "2026-10-01",
    }  # fmt: skip
    assert len(rows) == 3 * 10


def test_several_small_charts_are_one_drawing(client, run):
    drawing = client.get(f"/cijfer/{run.pk}/regio/rpa:90/niveaus-vo.svg").content.decode()
    assert drawing.count("<svg ") == 3
    assert ">havo</text>" in drawing


def test_the_heat_table_can_be_taken_along_as_a_drawing(client, run):
    drawing = client.get(f"/cijfer/{run.pk}/regio/rpa:90/formatie-vo.svg").content.decode()
    assert drawing.startswith('<svg role="img" aria-label="Formatie per vak – Voorbeeld, voortgezet onderwijs"')
    assert "19,0 −5\u00a0%" in drawing
    assert "var(" not in drawing


def test_boards_and_sectors_have_their_own_address_and_csv(client, run):
    for slug, name in (("onderdelen-vo", "Stichting Noordpolder"), ("sectoren-alle", "voortgezet onderwijs")):
        address = f"/cijfer/{run.pk}/regio/rpa:90/{slug}"
        assert f'href="{address}.csv"' in text(client, "/regio/rpa:90/")
        assert client.get(address + "/").status_code == 200
        lines = client.get(address + ".csv").content.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(lines), delimiter=";"))
        assert [(row["naam"], row["wat"], row["jaar"], row["gemiddelde"]) for row in rows] == [
            (name, "formatie", "2026", "60"), (name, "formatie", "2031", "57"),
            (name, "leerlingen of studenten", "2026", "1000"), (name, "leerlingen of studenten", "2031", "950"),
        ]  # fmt: skip
        assert client.get(address + ".svg").status_code == 404


# ------------------------------------------------------------------------------------------------------------- runs
def test_asking_for_a_forecast_leads_to_its_job(client, run):
    ForecastRun.objects.all().delete()
    answer = client.post("/regio/rpa:90/prognose/", {"years": "6"})
    assert answer["Location"] == f"/taken/{Job.objects.get().pk}/"
    again = client.post("/regio/rpa:90/prognose/", {"years": "6"})
    assert again["Location"] == answer["Location"]
    assert Job.objects.count() == 1


@pytest.mark.parametrize(
    ("years", "error"),
    [
        ("", "Vul in hoeveel jaren"),
        ("16", "Kies hoogstens 15 jaar."),
        ("0", "Kies minstens 1 jaar."),
        ("x", "Vul een heel getal in"),
    ],
)
def test_a_wrong_number_of_years_is_explained(client, run, years, error):
    answer = client.post("/regio/rpa:90/prognose/", {"years": years})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert error in page
    assert "<title>Fout: " in page
    assert re.search(r'aria-describedby="id_years_helptext id_years_error"', page)
    assert 'id="id_years_helptext"' in page
    assert 'id="id_years_error"' in page
    assert not Job.objects.exists()


def test_nothing_loaded_is_said_in_the_form(client):
    regions.area(name="Voorbeeld")
    answer = client.post("/regio/rpa:90/prognose/", {"years": "6"})
    assert "Er zijn nog geen telbestanden geladen." in answer.content.decode()


def test_a_run_says_what_went_into_it(client, run):
    words = plain(text(client, f"/prognose/{run.pk}/"))
    assert "Startgetal 7" in words
    assert "Berekeningen 1.000" in words


# -------------------------------------------------------------------------------------------------------- scorecard
def test_the_scorecard_opens_with_what_it_cannot_say(client):
    words = plain(text(client, "/terugblik/"))
    assert "Er bestaat nog geen terugblik op Nederlandse personeelscijfers." in words
    assert "Nog niet nagerekend" in words


def test_a_scorecard_can_be_asked_for(client):
    assert '<button class="button">Reken de terugblik na</button>' in text(client, "/terugblik/")
    refused = client.post("/terugblik/narekenen/")
    assert refused.status_code == 409
    assert "Er zijn nog geen telbestanden geladen." in refused.content.decode()
    forecasts.batch()
    first, again = (client.post("/terugblik/narekenen/")["Location"] for _ in range(2))
    assert first == again == f"/taken/{Job.objects.get().pk}/"
    assert client.get("/terugblik/narekenen/")["Location"] == "/terugblik/"


def test_the_scorecard_says_it_in_words_and_shows_the_worst_first(client):
    score = forecasts.score()
    for code, item, happened in (("90AA00", "HAVO", 104.0), ("90AB00", "VWO", 160.0), ("90AC00", "VMBO", 130.0)):
        forecasts.cell(score, scope_code=code, item=item, happened=happened)
    forecasts.cell(score, scope_code="90AB00", item="HAVO", happened=155.0)
    words = plain(text(client, "/terugblik/"))
    assert (
        "Voor 2020-2021 zaten wij er per vestiging gemiddeld 8,4 % naast. Wie gewoon het laatste aantal aanhoudt, zit er verder naast: 17,4 %. Van 100 banden hielden er 81; beloofd was 80."
        in words
    )
    assert words.index("160 nee") < words.index("130 nee") < words.index("104 ja +4")
    assert "155 buiten" not in words  # one row per location


def test_a_given_national_total_is_said_where_it_is_quoted(client, run):
    forecasts.score(
        subject="leerlingen",
        grain="rmc_alle",
        horizon_years=5,
        origin="vo totalen: 2014",
        target="2019",
        wape_share=0.021,
    )
    client.cookies["regio"] = "rpa:90"
    words = plain(text(client, "/"))
    assert (
        "Dat is nagerekend voor leerlingen in het voortgezet onderwijs per RMC-regio, met nieuwe en verdwenen scholen, "
        "met het landelijke totaal gegeven: van 100 banden hielden er 81. Voor formatie is het nog niet nagerekend."
    ) in words
    assert "over leerlingen in het voortgezet onderwijs, voor 2019, met wat toen bekend was" in words
    assert "(tellingen van 2014; het landelijke totaal van het doeljaar was gegeven)" in words
    assert "tellingen van 2014; het landelijke totaal" in plain(text(client, "/terugblik/"))


def test_where_a_simple_rule_won_is_said(client):
    forecasts.score(
        wape_share=0.05, persistence_wape_share=0.047, mean3_wape_share=0.0495, grain="rpa", target="2021-2022"
    )
    words = plain(text(client, "/terugblik/"))
    assert "zit er minder ver naast: 4,7 %" in words
    assert "4,7 % wij slechter 5,0 % geen verschil" in words
    assert "examenkandidaten per RPA-gebied, voor 2021-2022" in words


def test_each_page_quotes_the_score_of_its_own_level(client, run):
    for grain, held in (("rmc_alle", 0.85), ("bestuur", 0.79), ("brin_alle", 0.88), ("vestiging", 0.72)):
        forecasts.score(
            subject="leerlingen", grain=grain, horizon_years=5, origin="vo leerlingen: 2014-2016", coverage_share=held
        )
    ways = {"": 85, "bestuur/90001/": 79, "school/90AA/": 88, "vestiging/90AA00/": 72}
    for way, held in ways.items():
        assert f"van 100 banden hielden er {held}." in plain(text(client, f"/regio/rpa:90/{way}")), way


def test_no_score_is_quoted_of_a_handful_or_for_a_sector_that_was_not_played(client, run):
    forecasts.score(subject="leerlingen", grain="rmc", cells=29)
    assert "Voor deze cijfers is dat nog niet nagerekend." in plain(text(client, "/regio/rpa:90/"))
    forecasts.score(subject="leerlingen", grain="rmc", cells=30)
    assert "van 100 banden hielden er 81" in plain(text(client, "/regio/rpa:90/"))
    forecasts.line(run, kind="regio", code="rpa:90", sector="po", start=500)
    assert "van 100 banden hielden er" not in plain(text(client, "/regio/rpa:90/", sector="po"))


def test_the_scorecard_leaves_out_handfuls_and_twins(client):
    forecasts.score(origin="examens en klassen tot en met 2019-2020")
    forecasts.score(origin="alle tellingen tot en met 2019-2020")
    forecasts.score(grain="rpa", cells=3, wape_share=0.0123)
    words = plain(text(client, "/terugblik/"))
    assert "examens en klassen tot en met 2019-2020" in words
    assert "alle tellingen" not in words
    assert "1,2 %" not in words
    assert "1 vergelijking van minder dan 30 cijfers staat er niet bij" in words
    assert "In 1 van de 1 vergelijkingen waren wij beter" in words


# ----------------------------------------------------------------------------------------------------------- budgets
@pytest.mark.parametrize("parts", [1, 3])
@pytest.mark.parametrize(
    ("address", "queries"),
    [("/", 9), ("/regio/rpa:90/", 12), ("/regio/rpa:90/bestuur/90001/", 12), ("/regio/rpa:90/vestiging/90AA00/", 11)],
)
def test_a_page_asks_as_much_of_one_part_as_of_three(
    client, run, settings, django_assert_num_queries, parts, address, queries
):
    settings.KEEP_PAGES = True
    forget_all()
    client.cookies["regio"] = "rpa:90"  # as after the first page
    forecasts.score()
    for i in range(1, parts):
        owner = regions.board(f"9000{i + 1}", f"Bestuur {i}")
        regions.location(i + 3, of_board=owner)
        forecasts.full_scope(run, kind="bestuur", code=owner.code)
    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200
    with django_assert_num_queries(1):  # kept: only whether the data changed
        client.get(address)
    forget_all()


@pytest.mark.parametrize("number", [1, 3])
def test_the_scorecard_takes_four_queries(client, django_assert_num_queries, number):
    score = forecasts.score()
    for _ in range(number):
        forecasts.cell(score)
    with django_assert_num_queries(4):
        client.get("/terugblik/")


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_to_ask_for_a_forecast_takes_three_queries(client, run, django_assert_num_queries, number):
    for _ in range(number):
        forecasts.run(is_finished=False)
    with django_assert_num_queries(3):
        client.get("/regio/rpa:90/prognose/")


def test_the_charts_of_a_run_can_be_drawn_ahead(run, tmp_path, settings):
    from regio.shared.charts import svg
    from regio.workforce.drawings import draw_run

    settings.HOME = tmp_path
    svg._kept.cache_clear()
    assert draw_run(run) == 5
    assert len(list(tmp_path.glob("charts/*/*.svg"))) == 4  # wide, narrow and two levels; the five scopes look the same


def test_a_region_says_whether_a_published_forecast_counted_and_where_exams_follow_from_classes_alone(client, run):
    words = "De prognose van DUO is geladen, maar zij telt niet mee."
    run.facts = {"leerlingen": {"vo": {"published": {"words": words}}}, "examens": {"from_classes": ["90AA01"]}}
    run.save()
    forecasts.line(run, kind="regio", code="rpa:90", item="HAVO", measure="examenkandidaten", start=100.0)
    page = client.get("/regio/rpa:90/").content.decode()
    assert words in page
    assert "In deze regio heeft 1 vestiging wel klassen, maar geen kandidaten in het laatste schooljaar." in page
    run.facts = {"examens": {"from_classes": ["90AA00", "90AA01"]}}
    run.save()
    page = client.get("/regio/rpa:90/").content.decode()
    assert words not in page
    assert "In deze regio hebben 2 vestigingen wel klassen" in page
