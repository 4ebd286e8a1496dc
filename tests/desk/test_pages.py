"""A4, L4, L6, L30, L32: the public pages of a desk, the conversation without anything stored, and where a region edits."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from regio.accounts.enums import Role
from regio.desk import actions, tokens
from regio.desk.enums import EditionKind
from regio.desk.forms.page import contrast_with_white
from regio.desk.models import Edition
from regio.desk.presenting import euros, months
from tests.factories import people as persons
from tests.factories import regions

pytestmark = pytest.mark.django_db
KEY = "rpa:90"
HOME = f"/loket/{KEY}/"


@pytest.fixture
def region(frozen_clock):
    return regions.area()


def walk(client, answers, *, start=f"{HOME}advies/"):
    """Answer the questions as a browser does; return the address after the last."""
    page = client.get(start, follow=True)
    for answer in answers:
        path = page.redirect_chain[-1][0] if page.redirect_chain else page.request["PATH_INFO"]
        page = client.get(path, {"antwoord": answer, "verder": "ja"}, follow=True)
    return page


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_career_changer_answers_six_questions_and_hears_the_route_and_the_first_step(client, region):
    page = walk(client, ["po", "leraar", "geen", "geen", "hbo", "nederland"])
    assert "Kloppen uw antwoorden?" in text(page)
    result = client.get(page.request["PATH_INFO"].replace("controle", "uitslag"))
    words = text(result)
    assert "Deze route past bijna bij u: Zij-instroom in het basisonderwijs" in words
    assert "U hebt nog geen school die u wil aannemen. Zoek een school, samen met het loket." in words
    assert "Regeling subsidie zij-instroom, Staatscourant 2024, 40323 (2024), overgenomen op 20-11-2026" in words
    assert not result.cookies
    assert not client.session.keys()


def test_the_same_in_english_and_the_link_leads_to_the_same_page_in_dutch(client, region):
    page = walk(client, ["po", "leraar", "geen", "geen", "hbo", "nederland"], start=f"{HOME}en/advies/")
    result = client.get(page.request["PATH_INFO"].replace("controle", "uitslag"))
    assert "This route almost suits you: Lateral entry into primary education" in text(result)
    assert 'lang="en"' in result.content.decode()
    dutch = re.search(r'href="([^"]+)" lang="nl" hreflang', result.content.decode())[1]
    assert "Zij-instroom in het basisonderwijs" in text(client.get(dutch))


def test_no_dutch_text_of_the_rules_slips_into_the_english_advice(client, region):
    held = Edition.objects.get()
    dutch = {one["naam"]["nl"] for one in held.content["routes"]} | {
        one["eerste"]["nl"] for one in held.content["routes"]
    }
    told = tokens.Told(held.pk, held.published_at.date(), {"sector": "vo", "rol": "leraar", "bevoegdheid": "geen", "land": "elders"})  # fmt: skip
    for name in ("advice_result", "advice_sheet"):
        page = text(client.get(reverse(name, kwargs={"key": KEY, "taal": "en", "token": tokens.written(told)})))
        assert [words for words in dutch if words in page] == []


def test_going_on_without_an_answer_is_told_at_the_question(client, region):
    page = walk(client, ["po"])
    again = client.get(
        page.redirect_chain[-1][0] if page.redirect_chain else page.request["PATH_INFO"], {"verder": "ja"}
    )
    assert "Kies een antwoord. Weet u het niet, kies dan “Weet ik niet”." in text(again)


def test_back_leads_to_the_question_before_and_change_keeps_the_other_answers(client, region):
    page = walk(client, ["po", "leraar", "geen", "geen", "hbo", "nederland"])
    change = re.findall(r'<a href="([^"]+)">Wijzig', page.content.decode())
    assert len(change) == 6
    asked = client.get(change[4])
    assert "Wat is uw hoogste diploma?" in text(asked)
    after = client.get(change[4], {"antwoord": "mbo4", "verder": "ja"}, follow=True)
    assert "Kloppen uw antwoorden?" in text(after)  # the country was told already
    assert "Mbo-4" in text(after)


def test_an_address_that_was_not_made_here_is_refused_politely(client, region):
    assert client.get(f"{HOME}advies/uitslag/x:y:z/").status_code == 404
    held = Edition.objects.get()
    foreign = actions.start_draft(EditionKind.ADVICE, "rpa:91", now=held.published_at)
    actions.publish(foreign, revision=0, now=held.published_at)
    told = tokens.Told(foreign.pk, held.published_at.date(), {"sector": "po"})
    assert client.get(reverse("advice_result", kwargs={"key": KEY, "token": tokens.written(told)})).status_code == 404


def test_old_advice_is_shown_as_it_was_given_with_a_way_to_the_rules_of_now(client, region):
    page = walk(client, ["po", "schoolleider"])
    address = page.request["PATH_INFO"].replace("controle", "uitslag")
    before = text(client.get(address))
    now = Edition.objects.get().published_at
    draft = actions.start_draft(EditionKind.ADVICE, KEY, now=now)
    next(one for one in draft.content["routes"] if one["code"] == "R23")["naam"]["nl"] = "Leidinggeven"
    actions.publish(actions.change_draft(draft, draft.content, revision=0, words="x", now=now), revision=1, now=now)
    after = text(client.get(address))
    assert "Schoolleider worden" in before
    assert "Schoolleider worden" in after
    assert "Dit advies is gegeven met een oudere uitgave van de regels." in after
    renewed = re.search(r'href="([^"]+)">Kijk wat de regels van nu zeggen', client.get(address).content.decode())[1]
    assert "Leidinggeven" in text(client.get(renewed.replace("controle", "uitslag")))


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_make_a_fixed_number_of_queries(client, region, django_assert_num_queries, number):
    for i in range(number):
        regions.location(i)
    told = tokens.written(
        tokens.Told(Edition.objects.get().pk, Edition.objects.get().published_at.date(), {"sector": "vo"})
    )
    for path, queries in (
        ("", 5), ("scholen/", 3), ("route/R02/", 3), (f"advies/vraag/{told}/", 3), (f"advies/uitslag/{told}/", 4), ("kleur.css", 2),
    ):  # fmt: skip
        with django_assert_num_queries(queries):
            client.get(HOME + path)


def test_the_schools_of_the_region_are_found_by_name_and_sector(client, region):
    regions.location(0, sector="vo", name="Het Baken")
    regions.location(1, sector="po", name="De Vaart")
    assert "Het Baken" in text(client.get(f"{HOME}scholen/"))
    only = text(client.get(f"{HOME}scholen/?words=baken&in_sector=vo"))
    assert "Het Baken" in only
    assert "De Vaart" not in only
    assert "Geen school gevonden" in text(client.get(f"{HOME}scholen/?words=bestaatniet"))


def test_the_desk_of_the_region_that_was_opened_last_opens(client, region):
    assert "kies uw regio" in text(client.get("/loket/"))
    client.cookies["regio"] = KEY
    assert client.get("/loket/")["Location"] == HOME
    assert client.get(HOME.replace("90", "99")).status_code == 404


# ------------------------------------------------------------------------------------------------------- editing
@pytest.fixture
def manager(client, region, settings):
    settings.OPEN = False
    settings.SESSION_COOKIE_SECURE = False
    return persons.sign_in(client, persons.person(role=Role.PROGRAMME_MANAGER, organisation=f"regio:{KEY}"))


def form_of(page):
    """Return what a browser would send of the form on a page."""
    form = page.context["form"]
    sent = {
        field.html_name: field.value()
        for field in form
        if field.value() not in (None, "") and field.value() is not False
    }
    return sent | {"revision": page.context["revision"]}


def test_the_manager_changes_a_route_sees_the_difference_and_publishes(manager):
    client = manager
    client.post(f"{HOME}beheer/advies/", {"begin": "ja"})
    page = client.get(f"{HOME}beheer/advies/routes/R02/")
    sent = form_of(page) | {"class_to": 9, "name_nl": "Zij-instroom po"}
    assert (
        client.post(f"{HOME}beheer/advies/routes/R02/", sent | {"class_to": 1}).status_code == 422
    )  # before it begins
    assert client.post(f"{HOME}beheer/advies/routes/R02/", sent | {"meant_for": "rol is"}).status_code == 422
    assert client.post(f"{HOME}beheer/advies/routes/R02/", sent)["Location"] == f"{HOME}beheer/advies/"
    draft = text(client.get(f"{HOME}beheer/advies/"))
    assert "Zij-instroom po maanden tot voor de klas › tot 6 9" in draft
    assert "2 regels verschillen" in draft
    assert "Alle 159.462 gesprekken die iemand kan voeren zijn geprobeerd." in draft
    assert "Zij-instroom po" not in text(client.get(HOME))
    assert "Proef: zo ziet het ontwerp eruit" not in text(client.get(HOME))
    client.post(f"{HOME}beheer/advies/", {"publiceer": "1"})
    assert "Zij-instroom po" in text(client.get(HOME))
    client.post(f"{HOME}beheer/advies/routes/R02/", sent)  # no draft any more
    assert "Uitgave 1" in text(client.get(f"{HOME}beheer/"))


def test_an_unchanged_form_changes_nothing(manager):
    manager.post(f"{HOME}beheer/advies/", {"begin": "ja"})
    content = Edition.objects.get(region_key=KEY).content
    rows = [(part, row) for part in ("routes", "vragen", "eisen", "geld", "bronnen") for row in content[part][::4]]
    for part, row in rows:
        page = manager.get(f"{HOME}beheer/advies/{part}/{row['code']}/")
        manager.post(f"{HOME}beheer/advies/{part}/{row['code']}/", form_of(page))
    assert "Er is nog niets gewijzigd." in text(manager.get(f"{HOME}beheer/advies/"))


def test_a_region_adds_a_grant_of_its_own(manager):
    manager.post(f"{HOME}beheer/advies/", {"begin": "ja"})
    page = manager.get(f"{HOME}beheer/advies/geld/nieuw/")
    texts = {f"{name}_{one}": "Beurs van de regio" for name in ("name", "who", "per") for one in ("nl", "en")}
    sent = form_of(page) | texts | {"high": 1500, "ends": "2027-07-31"}
    assert manager.post(f"{HOME}beheer/advies/geld/nieuw/", sent).status_code == 302
    assert "kan niet worden gepubliceerd" not in text(manager.get(f"{HOME}beheer/advies/"))  # it needs no route
    manager.post(f"{HOME}beheer/advies/", {"publiceer": "1"})
    assert "Beurs van de regio : hoogstens € 1.500" in text(manager.get(HOME))


def test_a_colour_that_cannot_be_read_is_refused_and_one_that_can_is_used(manager):
    manager.post(f"{HOME}beheer/loket/", {"begin": "ja"})
    sent = form_of(manager.get(f"{HOME}beheer/loket/teksten/")) | {"name": "Werken op Noord", "days": 3}
    refused = manager.post(f"{HOME}beheer/loket/teksten/", sent | {"colour": "#ffb612"})
    assert refused.status_code == 422
    assert "het contrast met wit is 1,8" in text(refused)
    manager.post(f"{HOME}beheer/loket/teksten/", sent | {"colour": "#7a1f5c"})
    manager.post(f"{HOME}beheer/loket/", {"publiceer": "1"})
    assert "#7a1f5c" in manager.get(f"{HOME}kleur.css").content.decode()
    page = text(manager.get(HOME))
    assert "Werken op Noord" in page
    assert "U hoort binnen 3 werkdagen van ons." in page


def test_two_who_change_the_same_route_do_not_lose_each_others_work(manager):
    manager.post(f"{HOME}beheer/advies/", {"begin": "ja"})
    mine = form_of(manager.get(f"{HOME}beheer/advies/routes/R02/"))
    manager.post(f"{HOME}beheer/advies/routes/R02/", mine | {"name_nl": "Eerst"})
    second = manager.post(f"{HOME}beheer/advies/routes/R02/", mine | {"name_nl": "Daarna"})
    assert second.status_code == 422
    assert "Iemand anders heeft dit intussen gewijzigd" in text(second)
    held = Edition.objects.get(region_key=KEY)
    assert next(one for one in held.content["routes"] if one["code"] == "R02")["naam"]["nl"] == "Eerst"


@pytest.mark.parametrize(
    ("role", "organisation", "may"),
    [
        (Role.PROGRAMME_MANAGER, f"regio:{KEY}", True), (Role.REGION_ADMIN, f"regio:{KEY}", True), (Role.REGION_ADMIN, "regio:rpa:91", False),
        (Role.BOARD_PLANNER, "bestuur:90001", False), (Role.BOARD_EXECUTIVE, "bestuur:90001", False), (None, "", False),
    ],
)  # fmt: skip
def test_who_leads_or_administers_the_region_edits_and_nobody_else(client, region, settings, role, organisation, may):
    settings.OPEN = False
    settings.SESSION_COOKIE_SECURE = False
    actions.start_draft(EditionKind.ADVICE, KEY, now=Edition.objects.get().published_at)
    actions.start_draft(EditionKind.PAGE, KEY, now=Edition.objects.first().published_at)
    if role:
        persons.sign_in(client, persons.person(role=role, organisation=organisation))
    for path in (
        "beheer/",
        "beheer/advies/",
        "beheer/advies/routes/R02/",
        "beheer/advies/geld/zib/",
        "beheer/loket/teksten/",
    ):
        assert (client.get(HOME + path).status_code == 200) == may, path
    answer = client.post(f"{HOME}beheer/advies/", {"publiceer": "0"})
    assert Edition.objects.filter(region_key=KEY, published_at__isnull=False).exists() == may, answer
    for path in ("", "scholen/", "route/R02/", "en/"):
        assert client.get(HOME + path).status_code == 200
    trial = parse_qs(urlsplit(client.get(f"{HOME}advies/?proef")["Location"]).query)
    assert trial == {}


# ------------------------------------------------------------------------------------------------------ in words
def test_months_and_euros_read_as_people_say_them():
    spans = [(0, 3), (None, 6), (None, 30), (24, 48), (12, 12), (12, 28), (6, 18), (0, 0), (None, None), (0, 1), (1, 1)]
    assert [months(*span, "nl") for span in spans] == [
        "0 tot 3 maanden", "hoogstens 6 maanden", "hoogstens 2,5 jaar", "2 tot 4 jaar", "1 jaar", "12 tot 28 maanden", "6 tot 18 maanden",
        "meteen", "verschilt; vraag het na", "0 tot 1 maand", "1 maand",
    ]  # fmt: skip
    assert [months(*span, "en") for span in spans[2:5]] == ["at most 2.5 years", "2 to 4 years", "1 year"]
    assert [euros(*span, "nl") for span in ((None, 25000), (1850, 2550), (0, 0), (None, None))] == [
        "hoogstens € 25.000", "€ 1.850 tot € 2.550", "€ 0", "bedrag niet gecontroleerd",
    ]  # fmt: skip


def test_contrast_is_that_of_wcag():
    assert contrast_with_white("#ffffff") == 1
    assert contrast_with_white("#000000") == pytest.approx(21)
    assert contrast_with_white("#767676") == pytest.approx(4.54, abs=0.01)
