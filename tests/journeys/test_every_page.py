"""Every page, once: axe, 320 px, the keyboard, and how much crosses the wire."""

import re

import pytest

from tests.helpers import assert_accessible, assert_no_sideways_scroll

ADDRESSES = [
    "", "regio/rpa:91/", "regio/rpa:91/?sector=po", "regios/", "regios/eigen/", "bronnen/", "bronnen/1/", "bronnen/ophalen/", "terugblik/", "taken/",
    "taken/1/", "ontwerp/", "regio/rpa:91/prognose/", "prognose/1/", "regio/gemeente:9000/", "regios/vestiging/90FU00/",
    "regio/rpa:91/tekort/", "regio/rpa:91/positie/vak:nederlands/", "regio/rpa:91/kleine-secties/", "regio/rpa:91/verschil/",
    "regio/rpa:91/analist/", "zo-rekent-het-model/", "regio/rpa:91/samen/1/", "regio/rpa:91/samen/1/bestuur/90022/", "niet-hier/",
]  # fmt: skip
WITHOUT_A_CHART = [
    "regios/",
    "regios/eigen/",
    "bronnen/",
    "terugblik/",
    "zo-rekent-het-model/",
    "taken/",
    "taken/1/",
    "prognose/1/",
    "regio/gemeente:9000/",
    "regio/rpa:91/kleine-secties/",
    "regio/rpa:91/analist/",
]
SMALLEST_TARGET_PX = 24
BUDGET_BYTES = 60 * 1024


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_is_accessible_wide_and_narrow(open_page, demo_site, address):
    for width in (1280, 320):
        page = open_page(width=width)
        if address == "niet-hier/":
            page.allowed_errors.append("404")
        page.goto(demo_site + address)
        assert_accessible(page)
    assert_no_sideways_scroll(page)


@pytest.mark.parametrize("address", ["", "regio/rpa:91/", "regios/", "ontwerp/"])
def test_the_dark_page_has_contrast(open_page, demo_site, address):
    page = open_page(dark=True)
    page.goto(demo_site + address)
    assert_accessible(page)


def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(page, demo_site):
    page.goto(demo_site)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Naar de inhoud"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhoud"
    seen = []
    for _ in range(80):
        page.keyboard.press("Tab")
        place = page.evaluate(
            """() => { const e = document.activeElement, r = e.getBoundingClientRect(), s = getComputedStyle(e);
            return [e.tagName, Math.round(r.top + scrollY), s.outlineStyle, s.outlineWidth]; }"""
        )
        if place[0] == "BODY":
            break
        seen.append(place)
    assert all(style == "solid" and width == "3px" for _, _, style, width in seen), seen
    assert {"A", "SUMMARY", "DIV"} <= {tag for tag, *_ in seen}
    assert len(seen) == page.locator(
        "main :is(a, summary, input:not([type=hidden]), button, .scroll:visible), footer a"
    ).evaluate_all("all => all.filter(e => e.checkVisibility()).length")


@pytest.mark.parametrize("address", ["", "regio/rpa:91/", "regios/", "ontwerp/"])
def test_targets_are_large_enough_for_a_thumb(open_page, demo_site, address):
    page = open_page(width=320)
    page.goto(demo_site + address)
    small = page.evaluate(
        """limit => [...document.querySelectorAll('a, button, summary, input, select')]
            .filter(e => e.checkVisibility() && !e.closest('p, li:not(.directory li), .skip') && !e.classList.contains('skip'))
            .filter(e => { const r = e.getBoundingClientRect(); return r.height < limit || r.width < limit; })
            .map(e => e.outerHTML.slice(0, 100))""",
        SMALLEST_TARGET_PX,
    )
    assert small == []


@pytest.mark.parametrize("address", WITHOUT_A_CHART)
def test_a_page_without_a_chart_stays_under_60_kb(page, demo_site, address):
    sizes = {}
    page.on("response", lambda answer: sizes.update({answer.url: answer.request.sizes()["responseBodySize"]}))
    page.goto(demo_site + address, wait_until="networkidle")
    weight = sum(size for url, size in sizes.items() if not re.search(r"\.woff2$", url))
    fonts = sum(size for url, size in sizes.items() if re.search(r"\.woff2$", url))
    assert weight <= BUDGET_BYTES, sizes
    assert fonts <= 45_000, sizes
