"""P1, P10-P12: a planner finds what changes in the region, how sure that is, since when, and what to do next."""

import re

import pytest

from tests.helpers import assert_accessible, assert_no_sideways_scroll, screenshot


def test_a_fresh_reader_finds_what_how_sure_since_when_and_what_next(page, demo_site):
    page.goto(demo_site)
    statement = page.locator("h1").inner_text()
    assert re.search(
        r"(Over vijf jaar|In 20\d\d) komt Regio Voorbeeld [\d.]+ tot [\d.]+\sfte aan leraren te kort", statement
    )
    assert len(page.locator("h1 b").all()) == 1 + 3  # the band, and the three subjects where it hurts most
    assert "80 % zekerheid" in page.locator("main").inner_text().replace("\u00a0", " ")
    assert re.search(r"Peildatum 1 oktober 20\d\d", page.locator("main").inner_text())
    assert page.get_by_role("link", name="Bekijk per niveau, vak en bestuur").bounding_box()["y"] < 900
    assert_accessible(page)
    screenshot(page, "start")
    assert_no_sideways_scroll(page)


def test_a_planner_goes_from_region_to_location_and_back(page, demo_site):
    page.goto(demo_site)
    page.get_by_role("link", name="Bekijk per niveau, vak en bestuur").click()
    region = page.url
    assert_accessible(page)
    screenshot(page, "regio")
    for heading in ("Scholen", "Vestigingen"):
        page.locator("#onderdelen tbody a").first.click()
        assert page.locator("#onderdelen h2").inner_text() == heading
        assert "Tekort" in page.locator("#onderdelen thead").inner_text()
        assert_accessible(page)
        assert_no_sideways_scroll(page)
        page.set_viewport_size({"width": 1280, "height": 900})
    page.locator("#onderdelen tbody a").first.click()
    assert_accessible(page)
    page.get_by_label("Kruimelpad").get_by_role("link", name="Regio Voorbeeld").click()
    assert page.url == region


def test_every_sector_of_the_region_can_be_opened(page, demo_site):
    page.goto(demo_site + "regio/rpa:91/")
    for sector in ("Primair onderwijs", "Speciaal onderwijs", "Middelbaar beroepsonderwijs", "Voortgezet onderwijs"):
        page.get_by_label("Sector", exact=True).get_by_role("link", name=sector).click()
        assert page.locator("#tekort h2 small").inner_text() == f"in het {sector.lower()}"
        assert page.locator("#leerlingen svg").count() == 2
        assert page.locator("#formatie tr.total").count() == 1


def test_a_figure_brings_its_table_its_files_and_its_own_address(page, demo_site):
    page.goto(demo_site + "regio/rpa:91/#leerlingen")  # an address that points into a fold opens it
    page.get_by_text("Tabel bij leerlingen per jaar").click()
    assert page.locator("#leerlingen-vo details table").is_visible()
    for name, suffix in (("CSV van leerlingen per jaar", ".csv"), ("SVG van leerlingen per jaar", ".svg")):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        assert download.value.suggested_filename == f"rpa-91-leerlingen-vo{suffix}"
    page.get_by_role("link", name="Vaste link naar leerlingen per jaar").click()
    assert re.search(r"/cijfer/\d+/regio/rpa:91/leerlingen-vo/$", page.url)
    assert_accessible(page)


def test_the_same_pages_work_without_javascript(open_page, demo_site):
    page = open_page(javascript=False)
    page.goto(demo_site)
    page.get_by_role("link", name="Bekijk per niveau, vak en bestuur").click()
    page.get_by_label("Sector", exact=True).get_by_role("link", name="Primair onderwijs").click()
    page.locator("#formatie summary").first.click()
    assert page.locator("#formatie tr.total").is_visible()
    page.locator("#onderdelen summary").click()  # thirteen boards fold
    page.locator("#onderdelen tbody a").first.click()
    assert page.locator("#onderdelen h2").inner_text() == "Scholen"
    page.goto(demo_site + "regios/?zoek=zee")
    assert page.locator(".directory li:visible").count() >= 1
    assert page.get_by_role("link", name="Noorderkaap").count() == 0


def test_a_phone_gets_its_own_drawing(open_page, demo_site):
    page = open_page(width=320, height=700)
    page.goto(demo_site)
    assert page.locator("svg.narrow").first.is_visible()
    assert not page.locator("svg.wide").first.is_visible()
    assert_no_sideways_scroll(page)
    screenshot(page, "start-smal")


@pytest.mark.parametrize("address", ["", "regio/rpa:91/", "regio/rpa:91/?sector=po", "regio/rpa:91/bestuur/90022/", "regio/rpa:91/tekort/"])  # fmt: skip
def test_a_page_is_short_enough_to_read_and_paper_holds_everything(open_page, demo_site, address):
    for width, most_px in ((1280, 3500), (320, 6000)):
        page = open_page(width=width)
        page.goto(demo_site + address)
        assert page.evaluate("document.documentElement.scrollHeight") <= most_px, width
    page.emulate_media(media="print")
    assert page.locator("details.fold").count() == page.locator("details.fold").evaluate_all("all => all.filter(e => e.checkVisibility() && e.clientHeight > 60).length")  # fmt: skip


def test_the_dark_page_and_forced_colours_stay_readable(open_page, demo_site):
    dark = open_page(dark=True)
    dark.goto(demo_site + "regio/rpa:91/")
    assert_accessible(dark)
    screenshot(dark, "regio-donker")
    forced = open_page(forced_colours=True)
    forced.goto(demo_site + "regio/rpa:91/")
    assert_accessible(forced)
    screenshot(forced, "regio-contrast")


def test_on_paper_there_is_nothing_to_click(page, demo_site):
    page.goto(demo_site)
    page.emulate_media(media="print")
    assert not page.get_by_label("Hoofdmenu").is_visible()
    assert not page.locator(".button").first.is_visible()
    assert page.locator("svg.wide").first.is_visible()
    screenshot(page, "start-papier")
