"""Pages of the site: start, sources, jobs, the catalogue, and what every answer carries."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from regio.regions.models import Region
from regio.shared.models import ImportFinding, Job
from regio.shared.pages import forget_all
from regio.workforce.models import LearnerCount
from tests.factories import forecasts, regions
from tests.factories.forecasts import NOW

pytestmark = pytest.mark.django_db


def plain(page):
    """Return the words of a page on one line, without tags."""
    spaced = re.sub(r"</?(?:t[dhr]|d[td]|small|caption|li|br|h\d)\b[^>]*>", " ", page)
    return " ".join(re.sub(r"<[^>]+>", "", spaced).replace("\u00a0", " ").replace("&nbsp;", " ").split())


def text(client, address, **query):
    return client.get(address, query).content.decode()


# ------------------------------------------------------------------------------------------------------------ start
def test_the_start_says_in_one_sentence_what_changes(client, frozen_clock):
    forecasts.region_with_forecast()
    client.cookies["regio"] = "rpa:90"
    words = plain(text(client, "/"))
    assert (
        "Over vijf jaar heeft Voorbeeld 25 tot 75 leerlingen minder in het voortgezet onderwijs dan op 1 oktober 2026. "
        "Daarvoor is 2 tot 4 fte minder aan leraren nodig; toen was dat 60,0 fte. "
        "Het meest verandert wiskunde (−1,0 fte), Duits (−0,5) en Frans (−0,2)."
    ) in words
    assert '<a class="button" href="/regio/rpa:90/">' in text(client, "/")


@pytest.mark.parametrize(("year", "offered"), [(2019, True), (2026, False)])
def test_without_a_forecast_an_old_count_is_said_and_the_download_offered(client, frozen_clock, year, offered):
    LearnerCount.objects.create(
        location=regions.location(1), level="havo", stage_kind="leerjaar", stage=3, count=12,
        reference_date=date(year, 10, 1), batch=forecasts.batch(2),
    )  # fmt: skip
    page = text(client, "/")
    assert f"De nieuwste telling die is geladen is van 1 oktober {year}" in plain(page)
    assert ("7 jaar oud. Haal nieuwe tellingen op" in plain(page)) == offered
    assert (reverse("download") in page) == offered


def test_nobody_is_shown_the_region_of_somebody_else(client, frozen_clock, settings):
    forecasts.region_with_forecast()
    LearnerCount.objects.create(
        location=regions.location(1), level="havo", stage_kind="leerjaar", stage=3, count=12, reference_date=date(2026, 10, 1),
        batch=forecasts.batch(2),
    )  # fmt: skip
    assert "Voor welke regio wilt u vooruitzien?" in plain(text(client, "/"))
    settings.DEMO = True
    regions.area(code="91", name="Regio Voorbeeld")
    forecasts.full_scope(forecasts.run("rpa:91"), kind="regio", code="rpa:91")
    assert "Over vijf jaar heeft Regio Voorbeeld" in plain(text(client, "/"))


def test_the_start_forgets_an_own_region_that_was_removed(client, frozen_clock, settings):
    settings.KEEP_PAGES = True
    forget_all()
    own = Region.objects.create(code="kust", name="Kuststrook", created_at=NOW)
    own.locations.add(regions.location(1))
    forecasts.full_scope(forecasts.run("set:kust"), kind="regio", code="set:kust")
    client.cookies["regio"] = "set:kust"
    assert "heeft Kuststrook" in plain(text(client, "/"))
    Region.objects.update(removed_at=NOW)
    assert "Kuststrook" not in plain(text(client, "/"))
    forget_all()


def test_an_empty_installation_says_two_ways_to_begin(client):
    words = plain(text(client, "/"))
    assert "Er zijn nog geen cijfers geladen." in words
    assert "Haal de bestanden op" in words
    assert "regio import public MAP" in words


def test_counts_without_a_forecast_ask_for_a_region(client):
    regions.area(name="Voorbeeld")
    LearnerCount.objects.create(
        location=regions.location(1),
        level="havo",
        stage_kind="leerjaar",
        stage=3,
        count=12,
        reference_date=date(2025, 10, 1),
        batch=forecasts.batch(),
    )
    page = text(client, "/")
    assert "Voor welke regio wilt u vooruitzien?" in plain(page)
    assert 'href="/regio/rpa:90/">Voorbeeld' in page
    client.cookies["regio"] = "rpa:90"
    assert "Voor Voorbeeld is nog geen prognose gemaakt." in plain(text(client, "/"))


@pytest.mark.parametrize("cookie", ["rpa:99", "x", "<script>", "set:weg", "rpa:90; drop", ""])
def test_a_strange_cookie_does_no_harm(client, cookie):
    client.cookies["regio"] = cookie
    assert client.get("/").status_code == 200


# ---------------------------------------------------------------------------------------------------------- sources
def test_sources_name_every_file_with_date_licence_and_checksum(client):
    one = forecasts.batch(1)
    ImportFinding.objects.create(
        batch=one,
        code="R-201",
        severity="let_op",
        line=12,
        column="POSTCODE",
        value="12 AB",
        message="Deze postcode klopt niet.",
    )
    page = plain(text(client, "/bronnen/"))
    assert "DUO 1 bestand Licentie: CC-BY 4.0" in page
    assert "Leerlingen vo per vestiging leerlingen-1.csv 1 oktober 2026 4.321 0 1 melding 000000000000" in page
    detail = plain(text(client, f"/bronnen/{one.pk}/"))
    assert f"{1:064x}" in detail
    assert "R-201 let op 1 Deze postcode klopt niet. Regel 12, kolom POSTCODE: 12 AB" in detail


def test_a_replaced_file_is_no_longer_in_the_list_but_keeps_its_page(client):
    old = forecasts.batch(1, superseded_at=NOW)
    assert "leerlingen-1.csv" not in text(client, "/bronnen/")
    assert "Een nieuwer bestand heeft dit vervangen." in plain(text(client, f"/bronnen/{old.pk}/"))


@pytest.mark.parametrize("number", [1, 3])
def test_sources_take_one_query(client, django_assert_num_queries, number):
    for i in range(number):
        ImportFinding.objects.create(batch=forecasts.batch(i), code="R-201", severity="info", message="Let op.")
    with django_assert_num_queries(1):
        client.get("/bronnen/")


@pytest.mark.parametrize("number", [1, 3])
def test_one_source_takes_three_queries(client, django_assert_num_queries, number):
    one = forecasts.batch(1)
    for i in range(number):
        ImportFinding.objects.create(batch=one, code=f"R-20{i}", severity="info", message="Let op.")
    with django_assert_num_queries(3):
        client.get(f"/bronnen/{one.pk}/")


# ------------------------------------------------------------------------------------------------------------- jobs
def job(**changes):
    given = {"kind": "prognose", "label": "Prognose voor Voorbeeld", "created_at": NOW}
    return Job.objects.create(**given | changes)


def test_a_running_job_shows_progress_and_can_be_stopped(client):
    running = job(state=Job.State.RUNNING, progress_share=0.42, progress_text="Leerlingen 420 van 1.000")
    page = text(client, f"/taken/{running.pk}/")
    assert '<progress max="100" value="42"' in page
    assert "Leerlingen 420 van 1.000." in plain(page)
    answer = client.post(f"/taken/{running.pk}/stop/")
    assert answer["Location"] == f"/taken/{running.pk}/"
    running.refresh_from_db()
    assert running.cancel_asked_at is not None
    page = text(client, f"/taken/{running.pk}/")
    assert "De taak stopt zodra dat kan." in plain(page)
    assert "Stop deze taak" not in page


def test_a_job_cannot_be_stopped_by_a_link(client):
    waiting = job()
    assert client.get(f"/taken/{waiting.pk}/stop/")["Location"] == f"/taken/{waiting.pk}/"
    waiting.refresh_from_db()
    assert waiting.cancel_asked_at is None


def test_a_fragment_asks_again_only_while_the_job_is_open(client):
    running = job(state=Job.State.RUNNING)
    fragment = client.get(f"/taken/{running.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 1s"' in fragment
    assert "<html" not in fragment
    Job.objects.update(state=Job.State.DONE, result_path="/regio/rpa:90/")
    fragment = client.get(f"/taken/{running.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in fragment
    assert '<a class="button" id="knop-1" href="/regio/rpa:90/">Bekijk het resultaat</a>' in fragment
    assert 'id="knoppen" hx-swap-oob="true"' in fragment


def test_a_screen_reader_hears_four_steps_and_the_end_and_the_buttons_stay(client):
    running = job(state=Job.State.RUNNING, progress_share=0.42)

    def fragment(said):
        return client.get(f"/taken/{running.pk}/?gezegd={said}", headers={"HX-Request": "true"}).content.decode()

    assert 'id="melding"' not in fragment(25)
    assert "knop" not in fragment(25)
    assert 'role="status" id="melding" hx-swap-oob="innerHTML">Bezig: 42 %.' in fragment(0)
    assert "<title>42 % – Prognose voor Voorbeeld" in fragment(25)
    assert f'hx-get="/taken/{running.pk}/?gezegd=25"' in fragment(0)
    Job.objects.update(state=Job.State.DONE)
    assert 'hx-swap-oob="innerHTML">Klaar.' in fragment(25)


def test_a_failed_job_says_why(client):
    failed = job(state=Job.State.FAILED, message="Voor Voorbeeld zijn geen tellingen geladen.")
    assert "Mislukt. Voor Voorbeeld zijn geen tellingen geladen." in plain(text(client, f"/taken/{failed.pk}/"))


def test_a_failed_job_can_be_asked_again_and_the_page_says_when_not(client):
    job = Job.objects.create(kind="prognose", label="Prognose", state=Job.State.FAILED, message="Het lukte niet.", created_at=NOW, owner="127.0.0.1")  # fmt: skip
    assert "Probeer opnieuw" in client.get(f"/taken/{job.pk}/").content.decode()
    assert client.get(f"/taken/{job.pk}/opnieuw/").status_code == 302
    job.refresh_from_db()
    assert job.state == Job.State.FAILED  # a link changes nothing
    others = [Job.objects.create(kind="prognose", label="Ander", arguments={"run": n}, created_at=NOW, owner="127.0.0.1") for n in range(5)]  # fmt: skip
    page = client.post(f"/taken/{job.pk}/opnieuw/")
    assert (page.status_code, "5 taken" in page.content.decode()) == (409, True)
    others[0].delete()
    assert client.post(f"/taken/{job.pk}/opnieuw/").status_code == 302
    listed = client.get("/taken/").context["groups"]
    assert [(title, len(rows)) for title, rows in listed] == [("Loopt en wacht", 5), ("Mislukt", 0), ("Klaar en gestopt", 0)]  # fmt: skip


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_jobs_and_of_what_happens_by_itself_takes_four_queries(client, django_assert_num_queries, number):
    for _ in range(number):
        job()
    with django_assert_num_queries(4):
        client.get("/taken/")


# ------------------------------------------------------------------------------------------------------ every answer
def test_what_browsers_and_search_engines_ask_for_by_themselves_is_there(client):
    assert client.get("/robots.txt").content.decode().startswith("User-agent: *")
    assert client.get("/favicon.ico")["Location"].endswith("mark.svg")


ADDRESSES = [
    "/",
    "/regios/",
    "/regios/eigen/",
    "/bronnen/",
    "/bronnen/ophalen/",
    "/terugblik/",
    "/taken/",
    "/ontwerp/",
    "/niet-hier/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_is_strict_dutch_and_has_one_heading(client, address):
    answer = client.get(address)
    page = answer.content.decode()
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert '<html lang="nl">' in page
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert '<a class="skip" href="#inhoud">Naar de inhoud</a>' in page
    assert not re.search(r' style="| on[a-z]+="|<script>|<style', page)


@pytest.mark.parametrize("address", [*ADDRESSES, "/regio/rpa:90/"])
def test_every_page_says_that_the_region_is_invented(client, settings, address):
    settings.DEMO = True
    regions.area(name="Voorbeeld")
    assert "Regio Voorbeeld is verzonnen. Alle namen en cijfers ook." in text(client, address)
    settings.DEMO = False
    assert "verzonnen. Alle" not in text(client, address)


def test_the_catalogue_needs_no_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = client.get(reverse("design")).content.decode()
    assert [f"{number}. " in page for number in range(1, 22)] == [True] * 21


def test_a_page_without_a_chart_weighs_under_60_kb(client):
    """HTML, stylesheets, scripts and the three fonts of a first visit to the heaviest list, as they cross the wire."""
    import gzip
    from pathlib import Path

    import regio.site

    for i in range(342):
        regions.municipality(f"9{i:03d}", f"Gemeente met een lange naam {i}")
    page = gzip.compress(client.get("/regios/").content, 6)
    static = Path(regio.site.__file__).parent / "static" / "site"
    files = [gzip.compress(path.read_bytes(), 6) for path in [*static.rglob("*.css"), *static.rglob("*.js")]]
    fonts = 3 * 14_500  # bytes; held by the journey that measures what really crosses the wire
    assert len(page) + sum(map(len, files)) + fonts < 61_440


@pytest.mark.parametrize(("method", "address"), [
    ("put", "/"), ("delete", "/regios/"), ("patch", "/terugblik/"), ("post", "/bronnen/"), ("options", "/regio/rpa:90/"),
    ("delete", "/taken/1/stop/"), ("put", "/cijfer/1/regio/rpa:90/leerlingen-vo.csv"),
])  # fmt: skip
def test_what_a_page_does_not_do_is_said_in_dutch(method, address):
    browser = Client(enforce_csrf_checks=method != "post")
    answer = getattr(browser, method)(address)
    assert answer.status_code == 405
    assert "GET" in answer["Allow"]
    assert "Dat kan deze pagina niet." in plain(answer.content.decode())
