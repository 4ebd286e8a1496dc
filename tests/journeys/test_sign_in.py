"""X7: people come in without a password, by a link or a code, with a second step where their role asks one."""

import re
import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from regio.accounts.actions import make_entry_link
from regio.accounts.enums import Role
from tests.factories import people
from tests.helpers import assert_accessible, assert_no_sideways_scroll, screenshot

pytestmark = pytest.mark.django_db(transaction=True)
WITHIN_S = 30
A_FINGER = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _fonts():
    """Cut the typeface: these stories run in the home of the tests, which begins empty."""
    call_command("build_assets", "--fonts-only", verbosity=0)


@pytest.fixture(autouse=True)
def mail(settings, tmp_path):
    """Send mail to files and sessions over plain HTTP; return what reads the newest mail."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    settings.OPEN = False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    cache.clear()

    def newest(pattern):
        import email
        from email import policy

        file = max((tmp_path / "mail").iterdir(), key=lambda path: path.stat().st_mtime)
        text = file.read_bytes().split(b"-" * 79)[-2]
        message = email.message_from_bytes(text.lstrip(), policy=policy.default)
        return re.search(pattern, message.get_body(("plain",)).get_content())[0]

    return newest


def looked_at(page, name):
    """Hold a page against the accessibility rules, wide and at 320 px, and keep a picture of it."""
    assert_accessible(page)
    screenshot(page, f"inloggen-{name}")
    assert_no_sideways_scroll(page)
    screenshot(page, f"inloggen-{name}-320")
    assert_accessible(page)
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_school_leader_returns_after_five_months_within_thirty_seconds(open_page, live_server, mail):
    leader = people.person(role=Role.SCHOOL_CONTACT)
    token = make_entry_link(leader, target_path="/account/", now=timezone.now() - timedelta(days=150))
    page = open_page(javascript=False)
    page.allowed_errors.append("410")
    began = time.monotonic()
    page.goto(f"{live_server.url}/inloggen/link/{token}/")  # the mail of five months ago
    page.get_by_role("button", name="Stuur mij een nieuwe link").click()
    page.get_by_text("Kijk in uw mail").first.wait_for()
    page.goto(mail(r"http\S+"))
    page.get_by_role("button", name="Ga naar binnen").click()
    page.get_by_role("heading", name="Mijn account").wait_for()
    took = time.monotonic() - began
    assert took < WITHIN_S
    print(f"from the old mail to inside in {took:.1f} s")


def test_the_pages_of_a_link_are_for_everybody(open_page, live_server, mail):
    leader = people.person(role=Role.SCHOOL_CONTACT)
    page = open_page()
    page.allowed_errors.append("410")
    page.goto(f"{live_server.url}/inloggen/link/oud/")
    looked_at(page, "oude-link")
    page.get_by_role("button", name="Stuur mij een nieuwe link").click()
    looked_at(page, "nieuwe-link")
    token = make_entry_link(leader, target_path="/account/", now=timezone.now())
    page.goto(f"{live_server.url}/inloggen/link/{token}/")
    looked_at(page, "link")


def test_a_planner_sets_up_an_app_at_the_first_sign_in(open_page, live_server, mail):
    planner = people.person(role=Role.BOARD_PLANNER)
    page = open_page()
    page.goto(f"{live_server.url}/inloggen/")
    looked_at(page, "begin")
    page.get_by_label("Uw e-mailadres").fill("geen adres")
    page.get_by_role("button", name="Stuur mij een code").click()
    looked_at(page, "geen-adres")
    page.get_by_label("Uw e-mailadres").fill(planner.email)
    page.get_by_role("button", name="Stuur mij een code").click()
    looked_at(page, "code")
    page.get_by_label("Code").fill("0000-0000")
    page.get_by_role("button", name="Ga verder").click()
    looked_at(page, "verkeerde-code")
    page.get_by_label("Code").fill(mail(r"\d{4}-\d{4}"))
    page.get_by_role("button", name="Ga verder").click()
    looked_at(page, "kies-tweede-stap")
    page.get_by_role("link", name="Stel een app in").click()
    looked_at(page, "app")
    page.get_by_label("Code uit de app").fill(people.code_of(page.locator("code.secret").text_content()))
    page.get_by_role("button", name="Zet de app aan").click()
    looked_at(page, "noodcodes")
    page.get_by_role("link", name="Mijn account").first.click()
    looked_at(page, "account")


def test_the_second_step_works_without_javascript(open_page, live_server, mail):
    planner = people.person(role=Role.BOARD_PLANNER)
    secret = people.with_app(planner)
    page = open_page(javascript=False)
    page.goto(f"{live_server.url}/inloggen/?next=/account/")
    page.get_by_label("Uw e-mailadres").fill(planner.email)
    page.get_by_role("button", name="Stuur mij een code").click()
    page.get_by_label("Code").fill(mail(r"\d{4}-\d{4}"))
    page.get_by_role("button", name="Ga verder").click()
    page.get_by_label("Code").fill(people.code_of(secret))
    screenshot(page, "inloggen-tweede-stap-zonder-javascript")
    page.get_by_role("button", name="Ga verder").click()
    page.get_by_role("heading", name="Mijn account").wait_for()


def test_a_finger_is_a_second_step(open_page, live_server, mail):
    planner = people.person(role=Role.BOARD_PLANNER)
    page = open_page()
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": A_FINGER})
    come_to_the_second_step(page, live_server, planner, mail)
    page.get_by_role("link", name="Voeg een sleutel toe").click()
    looked_at(page, "sleutel")
    page.get_by_role("button", name="Maak een sleutel").click()
    page.get_by_role("heading", name="Uw noodcodes").wait_for()
    page.goto(f"{live_server.url}/uitloggen/")
    looked_at(page, "uitloggen")
    page.get_by_role("button", name="Log uit").click()
    come_to_the_second_step(page, live_server, planner, mail)
    looked_at(page, "tweede-stap")
    page.get_by_role("button", name="Gebruik uw sleutel").click()
    page.get_by_role("link", name="Mijn account").first.click()
    page.get_by_text("Sleutel 1, sinds").wait_for()


def come_to_the_second_step(page, live_server, planner, mail):
    page.goto(f"{live_server.url}/inloggen/")
    page.get_by_label("Uw e-mailadres").fill(planner.email)
    page.get_by_role("button", name="Stuur mij een code").click()
    page.get_by_label("Code").fill(mail(r"\d{4}-\d{4}"))
    page.get_by_role("button", name="Ga verder").click()


def signed_in(page, live_server, client, someone):
    """Open a page as somebody who took both steps."""
    people.sign_in(client, someone)
    page.context.add_cookies([{"name": "sessionid", "value": client.session.session_key, "url": live_server.url}])
    return page


def test_a_bestuurder_gives_a_role(open_page, live_server, client):
    boss = people.person(role=Role.BOARD_EXECUTIVE)
    people.person(2, role=Role.BOARD_PLANNER)
    page = signed_in(open_page(), live_server, client, boss)
    page.goto(f"{live_server.url}/mensen/")
    page.get_by_label("E-mailadres").fill("nieuw@voorbeeld.example")
    page.get_by_label("Rol", exact=True).select_option("board_planner")
    page.get_by_label("Soort organisatie").select_option("bestuur")
    page.get_by_label("Nummer of sleutel").fill("90001")
    page.get_by_role("button", name="Geef deze rol").click()
    page.get_by_role("button", name="Beëindig de rol van nieuw").wait_for()
    looked_at(page, "mensen")


def test_support_looks_along_under_a_bar(open_page, live_server, client):
    watched = people.person(2, role=Role.BOARD_PLANNER)
    page = signed_in(open_page(), live_server, client, people.person(1, role=Role.SUPPORT, organisation="installatie:"))
    page.goto(f"{live_server.url}/meekijken/")
    looked_at(page, "meekijken")
    page.get_by_label("Nummer van de persoon").fill(str(watched.pk))
    page.get_by_label("Waarom kijkt u mee?").fill("Helpt bij een vraag over de prognose")
    page.get_by_role("button", name="Begin met meekijken").click()
    page.get_by_text("Alles wat u ziet en doet wordt vastgelegd").wait_for()
    looked_at(page, "balk")
    page.get_by_role("button", name="Stop met meekijken").click()
    page.get_by_role("heading", name="Kijk mee met iemand").wait_for()


def test_the_bar_and_the_page_to_sign_in_have_contrast_in_the_dark(open_page, live_server, client, settings):
    settings.DEMO = settings.OPEN = True
    page = open_page(dark=True)
    page.goto(f"{live_server.url}/kijk-mee/")
    looked_at(page, "kijk-mee-donker")
    page.get_by_role("button", name="Kijk mee als Puck Verzonnen").click()
    page.get_by_text("een verzonnen persoon").wait_for()
    looked_at(page, "persona-donker")
    page.goto(f"{live_server.url}/account/")
    looked_at(page, "account-donker")
