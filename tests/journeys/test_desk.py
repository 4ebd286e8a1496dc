"""A4, L4, L6, L30, L32: people find their route at the desk of a region, and the region changes its rules."""

import pytest
from django.core.management import call_command

from tests.factories import regions
from tests.helpers import assert_accessible, assert_no_sideways_scroll, screenshot

pytestmark = pytest.mark.django_db(transaction=True)
HOME = "/loket/rpa:90/"
BUDGET_BYTES = 60 * 1024


@pytest.fixture(scope="module", autouse=True)
def _fonts():
    """Cut the typeface: these stories run in the home of the tests, which begins empty."""
    call_command("build_assets", "--fonts-only", verbosity=0)


@pytest.fixture
def desk(live_server):
    regions.area()
    regions.location(0, sector="vo", name="Het Baken")
    regions.location(1, sector="po", name="De Vaart")
    return live_server.url + HOME


def answer(page, *words):
    for one in words:
        page.get_by_label(one, exact=True).check()
        page.get_by_role("button").first.click()


def test_l4_l30_l32_a_statushouder_on_a_phone_without_javascript_finds_the_way_in_english(open_page, desk):
    page = open_page(width=320, height=640, javascript=False)
    page.goto(desk)
    page.get_by_role("link", name="English").click()
    page.get_by_role("link", name="See which route suits you").click()
    page.get_by_role("button", name="Continue").click()  # without an answer
    assert "Choose an answer." in page.locator(".errors").inner_text()
    answer(
        page,
        "Secondary school",
        "Teacher",
        "No, not yet",
        "No",
        "University bachelor",
        "Another country",
        "Yes",
        "No, not yet",
    )
    assert_no_sideways_scroll(page)
    page.get_by_role("link", name="Back").click()
    assert page.locator("h1").inner_text() == "Is your Dutch good enough for higher education?"
    kept = page.url  # resume by link, on another phone
    page = open_page(width=320, height=640, javascript=False)
    page.goto(kept)
    answer(page, "No, not yet", "A language, maths, physics, geography or another general subject", "Yes", "No")
    assert page.locator("h1").inner_text() == "Are your answers right?"
    page.get_by_role("link", name="Show my advice").click()
    assert page.locator("h1").inner_text() == "This route suits you: Pre-training for people with an asylum permit."
    page.get_by_text("What is still to do, and why this route").first.click()
    assert "Pass the state exam NT2 programma II." in page.locator("main").inner_text()
    assert_no_sideways_scroll(page)
    screenshot(page, "loket-advies-smal")
    result = page.url
    page.get_by_role("link", name="Make a sheet for the talk").click()
    assert page.locator(".sheet h1").inner_text().startswith("Sheet for the talk")
    seen = open_page()
    for address in (
        desk,
        f"{desk}en/",
        f"{desk}scholen/",
        f"{desk}route/R02/",
        kept,
        result,
        page.url,
        result.replace("uitslag", "controle"),
    ):
        seen.goto(address)
        assert_accessible(seen)
    seen.goto(page.url)
    assert seen.pdf(format="A4").count(b"/Type /Page\n") == 1  # one sheet of paper


def test_l6_a_region_changes_a_route_sees_whom_it_concerns_and_publishes(page, desk):
    page.goto(f"{desk}beheer/")
    assert_accessible(page)
    page.get_by_role("button", name="Begin een ontwerp van de routes").click()
    page.get_by_role("link", name="Zij-instroom eerstegraads").click()
    page.get_by_label("Bied deze route niet aan").check()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("button", name="Bewaar in het ontwerp").click()
    assert "1 regel verschilt" in page.locator(".lead").inner_text()
    assert page.locator("td .label.warn").all_inner_texts() == ["anders"]  # one of the 36 people hears something else
    assert_accessible(page)
    screenshot(page, "loket-ontwerp")
    assert_no_sideways_scroll(page)
    page.get_by_role("button", name="Publiceer dit ontwerp").click()
    page.goto(desk)
    page.get_by_text("Naar de middelbare school").click()
    assert page.get_by_role("link", name="Zij-instroom eerstegraads").count() == 0
    assert page.get_by_role("link", name="Zij-instroom tweedegraads").count() == 1


def test_the_public_pages_are_light(page, desk):
    for path in ("", "advies/", "route/R11/"):
        sizes = {}
        page.on("response", lambda one, sizes=sizes: sizes.update({one.url: one.request.sizes()["responseBodySize"]}))
        page.goto(desk + path, wait_until="networkidle")
        assert sum(size for url, size in sizes.items() if not url.endswith(".woff2")) <= BUDGET_BYTES, sizes
