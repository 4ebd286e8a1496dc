"""L9, L10, L14, L22, L38, A2: an adviser's Monday at the desk, by keyboard and on a phone, and two who edit one case."""

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse

from regio.desk.cases.models import Case, Contact
from tests.factories import cases, people
from tests.helpers import assert_accessible, assert_no_sideways_scroll, screenshot

pytestmark = pytest.mark.django_db(transaction=True)
MOST_KEYS = 6
PAGES = ("desk_changes", "cases", "response_times", "new_case", "absences", "doubles", "step_templates", "desk_mail")


@pytest.fixture(scope="module", autouse=True)
def _fonts():
    call_command("build_assets", "--fonts-only", verbosity=0)


@pytest.fixture(autouse=True)
def _closed(settings):
    settings.OPEN = False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    cache.clear()


@pytest.fixture
def as_adviser(open_page, live_server, client):
    """Return what opens a page as an adviser who took both steps."""

    def page_of(someone, **how):
        page = open_page(**how)
        people.sign_in(type(client)(), someone)
        browser = people.sign_in(type(client)(), someone)
        page.context.add_cookies([{"name": "sessionid", "value": browser.session.session_key, "url": live_server.url}])
        return page

    return page_of


def test_l9_l10_an_advisers_monday_by_keyboard(as_adviser, live_server):
    _, (noor, lieve) = cases.desk()
    case = cases.case(1, owner=noor, name="Mirthe Augustus")
    cases.case(2, owner=lieve, name="Jan Dubbelman")
    cases.case(3, owner=lieve, name="Jan Dubbelman")
    page = as_adviser(noor)
    page.goto(f"{live_server.url}{reverse('desk_todo')}")
    looked_at(page, "te-doen")
    page.get_by_role("link", name=case.next_step).click()
    looked_at(page, "zaak")
    keys = 0
    for key in ("Alt+c", "words", "Tab", "Tab", "Enter"):  # gebeld, niet bereikt
        if key == "words":
            page.locator("#id_subject:focus").wait_for()
            page.keyboard.type("Voicemail ingesproken")
        else:
            page.keyboard.press(key)
        keys += 1
    page.get_by_text("Het contact is vastgelegd.").wait_for()
    assert keys <= MOST_KEYS
    (logged,) = Contact.objects.all()
    assert (logged.subject, logged.channel, logged.is_reached) == ("Voicemail ingesproken", "telefoon", False)
    page.keyboard.press("Alt+c")
    page.locator("#id_subject:focus").wait_for()
    looked_at(page, "contact")
    for name in PAGES:
        page.goto(f"{live_server.url}{reverse(name)}")
        looked_at(page, name.replace("_", "-"))
    page.goto(f"{live_server.url}{reverse('doubles')}")
    page.get_by_role("link", name="Vergelijk").click()
    looked_at(page, "samenvoegen")
    page.get_by_role("button", name="Voeg samen").click()
    page.get_by_role("button", name="Maak ongedaan").click()
    page.get_by_text("De samenvoeging is ongedaan gemaakt.").wait_for()
    assert Case.objects.filter(closed_at=None).count() == 3


def test_l14_two_people_edit_one_case_and_nothing_is_lost(as_adviser, live_server):
    _, (noor, lieve) = cases.desk()
    case = cases.case(1, owner=noor, name="Mirthe Augustus")
    address = f"{live_server.url}{reverse('case', args=[case.pk])}"
    first, second = as_adviser(noor), as_adviser(lieve, javascript=False, width=320)
    second.allowed_errors.append("409")
    first.goto(address)
    second.goto(address)
    first.get_by_label("Fase").select_option("matchen")
    first.get_by_role("button", name="Bewaar", exact=True).click()
    first.get_by_text("Bewaard.").wait_for()
    second.get_by_label("Volgende stap").fill("Stuur een folder")
    second.get_by_role("button", name="Bewaar", exact=True).click()
    second.get_by_role("heading", name="Een collega veranderde deze zaak intussen").wait_for()
    screenshot(second, "zaken-verschil-320")
    assert_no_sideways_scroll(second)
    second.get_by_role("button", name="Bewaar zo").click()
    second.get_by_text("Bewaard.").wait_for()
    case.refresh_from_db()
    assert (case.phase, case.next_step) == ("matchen", "Stuur een folder")


def looked_at(page, name):
    """Hold a page against the accessibility rules, wide and at 320 px, and keep a picture of it."""
    assert_accessible(page)
    screenshot(page, f"zaken-{name}")
    assert_no_sideways_scroll(page)
    screenshot(page, f"zaken-{name}-320")
    page.set_viewport_size({"width": 1280, "height": 900})
