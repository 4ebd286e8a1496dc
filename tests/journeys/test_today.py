"""X16: *Vandaag* is the first screen of every role, readable on a phone, and the *Weekstart* is one A4."""

import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from regio.accounts.enums import Role
from regio.shared import today
from tests.factories import people
from tests.helpers import assert_accessible, assert_no_sideways_scroll, screenshot

pytestmark = pytest.mark.django_db(transaction=True)
LONGEST = ("Van Stichting Openbaar Onderwijs Noorderdijk en Waterland " * 4)[:200]


@pytest.fixture(scope="module", autouse=True)
def _fonts():
    call_command("build_assets", "--fonts-only", verbosity=0)


@pytest.fixture
def signed_in(page, live_server, settings):
    """Open pages as a planner, whose session comes from Django's own client."""
    settings.OPEN = False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    client = people.sign_in(Client(), people.person(1, role=Role.BOARD_PLANNER))
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])  # fmt: skip
    return page


def test_twelve_of_the_longest_lines_are_one_a4(signed_in, live_server, monkeypatch):
    now = timezone.now()
    many = [today.Line(f"{number:02} {LONGEST}"[:200], "/account/", today.Urgency.WAITS, now.date()) for number in range(20)]  # fmt: skip
    monkeypatch.setattr(today, "_providers", [lambda now: many])
    signed_in.goto(f"{live_server.url}/vandaag/")
    assert signed_in.locator("ol.waiting li").count() == today.MOST_LINES
    signed_in.emulate_media(media="print")
    assert "Weekstart, week" in signed_in.locator("h1").inner_text()
    assert signed_in.get_by_text("Om mee te beginnen").is_hidden()
    paper = signed_in.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1


def test_the_first_screen_reads_well_and_its_first_steps_go_away_without_javascript(signed_in, live_server):
    signed_in.goto(f"{live_server.url}/vandaag/")
    assert_accessible(signed_in)
    screenshot(signed_in, "vandaag")
    assert_no_sideways_scroll(signed_in)
    signed_in.get_by_role("button", name="Ik weet het, berg dit op").click()
    assert signed_in.get_by_text("Om mee te beginnen").count() == 0
    signed_in.get_by_role("button", name="Toon waarmee u kunt beginnen").click()
    assert signed_in.locator("#begin").inner_text() == "Om mee te beginnen"


def test_choosing_what_to_hear_reads_well(signed_in, live_server):
    signed_in.goto(f"{live_server.url}/account/berichten/")
    assert_accessible(signed_in)
    screenshot(signed_in, "berichten")
    assert_no_sideways_scroll(signed_in)
    signed_in.get_by_label("Bericht van de dag").select_option("nooit")
    signed_in.get_by_role("button", name="Bewaar").first.click()
    assert signed_in.get_by_label("Bericht van de dag").input_value() == "nooit"
