"""P1, P7, P16, P20: a programme manager finds how short it is, where, why, how sure, and what to do next."""

import re

from tests.helpers import assert_accessible, assert_no_sideways_scroll, screenshot

REGION = "regio/rpa:91/"


def words(page, selector="main"):
    return page.locator(selector).inner_text().replace("\u00a0", " ")


def test_a_manager_walks_from_the_start_to_the_shortest_subject_why_and_what_next(page, demo_site):
    page.goto(demo_site)
    assert re.search(r"komt Regio Voorbeeld .+ tot .+ fte aan leraren te kort", words(page, "h1"))
    assert "80 % zekerheid" in words(page)
    assert re.search(r"Kans op meer dan [\d.]+ fte tekort in 20\d\d", words(page))
    assert page.get_by_role("link", name="Wat drijft het tekort?").bounding_box()["y"] < 900
    shortest = page.get_by_role("table", name=re.compile("grootste tekorten")).locator("tbody a").first
    name = shortest.inner_text()
    assert_accessible(page)
    screenshot(page, "tekort-start")
    shortest.click()
    assert page.locator("h1").inner_text() == name
    assert "te kort voor" in words(page)
    assert re.search(r"Groter wordt het vooral door .+ fte\)", words(page))
    assert "Bij welke besturen" in words(page)
    assert_accessible(page)
    screenshot(page, "tekort-vak")
    page.get_by_role("link", name="Wat drijft het tekort?").click()
    for heading in ("Van 20", "Wie komt en wie gaat", "Wie er werkt", "Wie mag lesgeven"):
        assert heading in words(page)
    assert_accessible(page)
    screenshot(page, "tekort-oorzaken")
    page.get_by_role("link", name="Kleine secties").click()
    assert re.search(r"In Regio Voorbeeld zijn \d+ secties kleiner dan 1 fte", words(page))
    assert_accessible(page)
    page.get_by_role("link", name="Naar Regio Voorbeeld").click()
    assert page.url.startswith(demo_site + REGION)


def test_the_chance_above_a_number_of_ones_own_falls_as_the_number_rises(open_page, demo_site):
    page = open_page(javascript=False)
    page.goto(demo_site)

    def chance_of(bound):
        page.get_by_label("Kans op meer dan … fte").fill(str(bound))
        page.get_by_role("button", name="Reken uit").click()
        assert page.get_by_label("Kans op meer dan … fte").input_value() == str(bound)
        found = re.search(
            rf"Kans op meer dan {bound} fte tekort in 20\d\d\s+(?:minder dan |meer dan )?(\d+) %", words(page)
        )
        return int(found.group(1))

    low, high = chance_of(50), chance_of(900)
    assert low > high


def test_the_waterfall_of_the_page_sums(page, demo_site):
    page.goto(demo_site + REGION + "tekort/")
    page.get_by_text("Tabel bij wat het tekort drijft").click()
    cells = page.locator("#oorzaken table tbody td").all_inner_texts()
    values = [float(text.replace(".", "").replace(",", ".").replace("\u2212", "-").replace("+", "")) for text in cells]
    assert abs(sum(values[:-1]) - values[-1]) < 0.001  # what is written adds up, the rest included


def test_combinations_within_a_shorter_distance_are_fewer(open_page, demo_site):
    page = open_page(javascript=False)
    page.goto(demo_site + REGION + "kleine-secties/")
    many = page.locator("#secties-vo tbody tr").count()
    page.get_by_label("Hoogstens zoveel km uit elkaar").fill("2")
    page.get_by_role("button", name="Zoek combinaties").click()
    rows = page.locator("#secties-vo tbody tr")
    assert rows.count() <= many
    furthest = [float(text.replace(",", ".")) for text in rows.locator("td:nth-child(5)").all_inner_texts()]
    assert all(km <= 2 for km in furthest)


def test_pages_of_staff_fit_a_phone_the_dark_and_paper(open_page, demo_site):
    for address in (
        "",
        REGION,
        REGION + "tekort/",
        REGION + "kleine-secties/",
        REGION + "analist/",
        REGION + "verschil/",
        "terugblik/",
    ):
        page = open_page(width=320)
        page.goto(demo_site + address)
        assert_accessible(page)
        assert_no_sideways_scroll(page)
    dark = open_page(dark=True)
    dark.goto(demo_site + REGION + "tekort/")
    assert_accessible(dark)
    screenshot(dark, "tekort-donker")
    dark.emulate_media(media="print")
    assert not dark.locator(".button").first.is_visible()
    assert dark.locator("svg.wide").first.is_visible()


def test_every_table_and_link_of_the_drivers_is_reached_by_keyboard(page, demo_site):
    page.goto(demo_site + REGION + "tekort/")
    expected = page.locator("main :is(a, summary, input:not([type=hidden]), button, .scroll:visible)").evaluate_all("all => all.filter(e => e.checkVisibility()).length")  # fmt: skip
    page.locator("#inhoud").focus()
    reached = set()
    for _ in range(expected + 4):
        page.keyboard.press("Tab")
        place = page.evaluate("(() => { const e = document.activeElement; return e.closest('main') ? [...document.querySelectorAll('main *')].indexOf(e) : -1; })()")  # fmt: skip
        reached.add(place)
    assert len(reached - {-1}) == expected


def test_the_evidence_says_first_what_does_not_exist_and_lists_the_forecasts(page, demo_site):
    page.goto(demo_site + "terugblik/")
    assert words(page, "main .lead >> nth=0").startswith(
        "Er bestaat nog geen terugblik op Nederlandse personeelscijfers."
    )
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Alle, met hele controlegetallen")).click()
    assert download.value.suggested_filename == "register-van-prognoses.csv"
    assert_accessible(page)
    screenshot(page, "terugblik")
