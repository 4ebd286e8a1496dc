"""Signing in: codes, links, the second step, limits, and answers that never tell who is known."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone

from regio.accounts.actions import forget_old_counts, link_of, make_entry_link, use_entry_link
from regio.accounts.enums import Role
from regio.accounts.models import EntryLink, Throttle
from regio.audit.models import Event
from regio.audit.retaining import end_terms
from regio.shared.models import RateCount
from tests.factories import people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_counts():
    cache.clear()


def code_in(mail):
    return re.search(r"\d{4}-\d{4}", mail.body)[0]


def asked(client, address, **extra):
    return client.post("/inloggen/", {"email": address}, **extra)


# ------------------------------------------------------------------------------------------------------------- codes
def test_a_school_contact_comes_in_with_a_code(client, mailoutbox):
    someone = people.person(role=Role.SCHOOL_CONTACT)
    answer = asked(client, someone.email.upper())
    assert (answer.status_code, answer["Location"]) == (302, "/inloggen/code/")
    assert len(mailoutbox) == 1
    inside = client.post("/inloggen/code/", {"code": code_in(mailoutbox[0])})
    assert (inside.status_code, inside["Location"]) == (302, "/vandaag/")
    assert client.get("/account/").context["person"] == someone


def test_a_visitor_comes_back_to_where_the_link_led(client, mailoutbox):
    someone = people.person(role=Role.SCHOOL_CONTACT)
    client.post("/inloggen/?next=/bronnen/", {"email": someone.email, "next": "/bronnen/"})
    inside = client.post("/inloggen/code/?next=/bronnen/", {"code": code_in(mailoutbox[0]), "next": "/bronnen/"})
    assert inside["Location"] == "/bronnen/"


@pytest.mark.parametrize("elsewhere", ["https://kwaad.example/", "//kwaad.example/", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(client, mailoutbox, elsewhere):
    someone = people.person(role=Role.SCHOOL_CONTACT)
    client.post("/inloggen/", {"email": someone.email, "next": elsewhere})
    assert (
        client.post("/inloggen/code/", {"code": code_in(mailoutbox[0]), "next": elsewhere})["Location"] == "/vandaag/"
    )


def without_tokens(page):
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.content.decode())


def test_the_answer_is_the_same_for_an_unknown_address(client, mailoutbox):
    people.person(1, role=Role.SCHOOL_CONTACT)
    people.person(2, role=Role.SCHOOL_CONTACT, is_active=False)
    pages = []
    for address in ("persoon1@voorbeeld.example", "persoon2@voorbeeld.example", "persoon9@voorbeeld.example"):
        client.cookies.clear()
        answer = asked(client, address)
        page = without_tokens(client.get(answer["Location"])).replace(address, "ADRES")
        pages.append((answer.status_code, answer["Location"], page))
    assert pages[0] == pages[1] == pages[2]
    assert [len(mail.to) for mail in mailoutbox] == [1, 1, 1]  # as much work for each, so as much time


def test_a_code_works_once_and_three_wrong_ones_end_it(client, mailoutbox):
    someone = people.person(role=Role.SCHOOL_CONTACT)
    asked(client, someone.email)
    for _ in range(2):
        assert "Deze code klopt niet" in client.post("/inloggen/code/", {"code": "0000-0000"}).content.decode()
    assert client.post("/inloggen/code/", {"code": "0000-0000"})["Location"] == "/inloggen/?te-vaak"
    assert "Vraag een nieuwe code aan" in client.get("/inloggen/?te-vaak").content.decode()
    assert client.post("/inloggen/code/", {"code": code_in(mailoutbox[0])})["Location"] == "/inloggen/"
    assert "_auth_user_id" not in client.session


def test_one_address_gets_three_codes_a_minute_and_others_at_that_computer_still_do(client, mailoutbox, frozen_clock):
    for _ in range(3):
        client.cookies.clear()
        assert asked(client, "persoon1@voorbeeld.example").status_code == 302
    client.cookies.clear()
    refused = asked(client, "persoon1@voorbeeld.example")
    assert (refused.status_code, len(mailoutbox)) == (200, 3)
    assert "te vaak geprobeerd" in refused.content.decode()
    for number in range(150):  # a morning at 150 schools behind one address
        client.cookies.clear()
        frozen_clock.move(seconds=0.2)
        assert asked(client, f"school{number}@voorbeeld.example").status_code == 302
    assert len(mailoutbox) == 153


def test_one_computer_cannot_ask_without_end(client, frozen_clock):
    statuses = []
    for number in range(305):
        client.cookies.clear()
        frozen_clock.move(seconds=0.15)  # under the limit of every page, which is per ten seconds
        statuses.append(asked(client, f"gok{number}@voorbeeld.example").status_code)
    assert statuses[:300] == [302] * 300
    assert set(statuses[300:]) <= {200, 429}


def test_the_counts_name_no_address_and_no_computer(client):
    asked(client, "persoon1@voorbeeld.example", REMOTE_ADDR="203.0.113.7")
    kept = " ".join(RateCount.objects.values_list("name", flat=True))
    assert kept
    assert "203.0.113" not in kept
    assert "voorbeeld" not in kept


@pytest.mark.parametrize("given", ["", "geen adres", "a@b", "x" * 300 + "@voorbeeld.example", "\x00@voorbeeld.example"])
def test_what_is_no_address_is_said_so(client, given):
    answer = client.post("/inloggen/", {"email": given})
    assert answer.status_code == 200
    assert "Er klopt iets nog niet" in answer.content.decode()


def test_nobody_makes_an_account_and_no_page_asks_a_password(client):
    assert "op uitnodiging" in client.get("/inloggen/nieuw/").content.decode()
    assert client.post("/inloggen/nieuw/", {"email": "x@voorbeeld.example"}).status_code == 404
    assert 'type="password"' not in client.get("/inloggen/").content.decode()
    assert client.post("/inloggen/", {"login": "x@voorbeeld.example", "password": "x"}).status_code == 200


# ------------------------------------------------------------------------------------------------------- second step
@pytest.mark.django_db(transaction=True)
def test_who_has_a_role_sets_up_a_second_step_before_anything_else(client, mailoutbox):
    someone = people.person(role=Role.BOARD_PLANNER)
    asked(client, someone.email)
    client.post("/inloggen/code/", {"code": code_in(mailoutbox[0])})
    for address in ("/", "/account/", "/bronnen/", "/mensen/"):
        assert client.get(address)["Location"] == "/account/tweede-stap/", address
    assert client.post("/taken/1/stop/")["Location"] == "/account/tweede-stap/"
    page = client.get("/account/tweede-stap/app/")
    secret = page.context["form"].secret
    assert "data:image/svg+xml;base64," in page.content.decode()
    done = client.post("/account/tweede-stap/app/", {"code": people.code_of(secret)})
    assert done["Location"] == "/account/tweede-stap/noodcodes/"
    codes = re.findall(r"<code>(\d{8})</code>", client.get(done["Location"]).content.decode())
    assert len(codes) == 10
    assert codes[0] not in client.get(done["Location"]).content.decode()  # shown once
    assert client.get("/account/").status_code == 200
    assert [(event.kind, event.actor) for event in Event.objects.filter(kind__contains="second_step")] == [
        ("accounts.second_step_added", f"persoon:{someone.pk}")
    ]
    assert mailoutbox[-1].subject == "Uw tweede stap is veranderd"


def test_the_secret_of_an_app_is_encrypted_in_the_database():
    from allauth.mfa.models import Authenticator

    someone = people.person(role=Role.BOARD_PLANNER)
    secret = people.with_app(someone)
    assert secret not in str(Authenticator.objects.values_list("data", flat=True)[0])


def test_a_secret_of_another_key_of_the_installation_opens_nothing(client, mailoutbox, settings):
    someone = people.person(role=Role.BOARD_PLANNER)
    secret = people.with_app(someone)
    second_step(client, mailoutbox, someone)
    settings.SECRET_KEY = "een-andere-sleutel"
    second_step(client, mailoutbox, someone)
    for guess in (people.code_of(secret), people.code_of("")):
        assert client.post("/inloggen/tweede-stap/", {"code": guess}).status_code == 200


def second_step(client, mailoutbox, someone):
    asked(client, someone.email)
    return client.post("/inloggen/code/", {"code": code_in(mailoutbox[-1])})


def test_the_second_step_is_asked_at_every_sign_in(client, mailoutbox):
    someone = people.person(role=Role.BOARD_PLANNER)
    secret = people.with_app(someone)
    assert second_step(client, mailoutbox, someone)["Location"] == "/inloggen/tweede-stap/"
    assert client.get("/account/").status_code == 302  # the first step alone lets nobody in
    assert client.post("/inloggen/tweede-stap/", {"code": "000000"}).status_code == 200
    assert client.post("/inloggen/tweede-stap/", {"code": people.code_of(secret)})["Location"] == "/vandaag/"
    assert client.get("/account/").status_code == 200


def test_the_second_step_is_slowed_down_after_five_guesses(client, mailoutbox):
    someone = people.person(role=Role.BOARD_PLANNER)
    secret = people.with_app(someone)
    second_step(client, mailoutbox, someone)
    for _ in range(5):
        client.post("/inloggen/tweede-stap/", {"code": "000000"})
    answer = client.post("/inloggen/tweede-stap/", {"code": people.code_of(secret)})
    assert "te vaak geprobeerd" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_an_emergency_code_works_once(client, mailoutbox):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    someone = people.person(role=Role.BOARD_PLANNER)
    people.with_app(someone)
    code = RecoveryCodes.activate(someone).get_unused_codes()[0]
    second_step(client, mailoutbox, someone)
    assert client.post("/inloggen/tweede-stap/", {"code": code})["Location"] == "/vandaag/"
    client.post("/uitloggen/")
    second_step(client, mailoutbox, someone)
    assert client.post("/inloggen/tweede-stap/", {"code": code}).status_code == 200


def test_who_turns_off_the_last_second_step_is_led_to_set_up_again(client):
    someone = people.person(role=Role.BOARD_PLANNER)
    people.with_app(someone)
    people.sign_in(client, someone)
    assert client.post("/account/tweede-stap/app/uit/")["Location"] == "/account/tweede-stap/"
    assert client.get("/account/")["Location"] == "/account/tweede-stap/"


def test_a_session_from_before_the_role_takes_the_second_step_it_has(client):
    someone = people.person(role=Role.SCHOOL_CONTACT)
    secret = people.with_app(someone)
    people.sign_in(client, someone, second_step=False)
    assert client.get("/account/").status_code == 200
    people.member(someone, role=Role.BOARD_PLANNER)
    asked_again = client.get("/account/")["Location"]
    assert asked_again == "/account/nog-een-keer/?next=%2Faccount%2F"
    assert client.post(asked_again, {"code": people.code_of(secret), "next": "/account/"})["Location"] == "/account/"
    assert client.get("/account/").status_code == 200


def test_a_candidate_needs_no_second_step(client):
    people.sign_in(client, people.person(role=Role.CANDIDATE), second_step=False)
    assert client.get("/account/").status_code == 200


# ------------------------------------------------------------------------------------------------------------- links
def test_a_link_lets_somebody_in_once(client):
    someone = people.person(role=Role.SCHOOL_CONTACT)
    token = make_entry_link(someone, target_path="/bronnen/", now=timezone.now())
    address = f"/inloggen/link/{token}/"
    assert "Ga naar binnen" in client.get(address).content.decode()  # a scanner that opens it uses nothing up
    assert "Ga naar binnen" in client.get(address).content.decode()
    assert client.post(address)["Location"] == "/bronnen/"
    assert client.get("/account/").context["person"] == someone
    assert client.get(address)["Location"] == "/bronnen/"  # still signed in
    client.post("/uitloggen/")
    assert client.post(address).status_code == 410
    assert "_auth_user_id" not in client.session


def test_two_at_once_take_a_link_once():
    token = make_entry_link(people.person(), target_path="/", now=timezone.now())
    assert [bool(use_entry_link(token, now=timezone.now())) for _ in range(2)] == [True, False]


def test_a_late_link_offers_a_new_one_in_one_step(client, frozen_clock, mailoutbox):
    someone = people.person(role=Role.SCHOOL_CONTACT)
    token = make_entry_link(someone, target_path="/bronnen/", now=timezone.now())
    frozen_clock.move(days=150)
    late = client.get(f"/inloggen/link/{token}/")
    assert late.status_code == 410
    assert "Stuur mij een nieuwe link" in late.content.decode()
    assert client.post(f"/inloggen/link/{token}/").status_code == 410
    client.post(f"/inloggen/link/{token}/nieuw/")
    assert mailoutbox[0].to == [someone.email]
    assert someone.name not in mailoutbox[0].body
    new = re.search(r"/inloggen/link/\S+/", mailoutbox[0].body)[0]
    assert client.post(new)["Location"] == "/bronnen/"


def test_asking_for_a_new_link_tells_nothing_and_is_counted(client, mailoutbox):
    token = make_entry_link(people.person(), target_path="/", now=timezone.now())
    known = without_tokens(client.post(f"/inloggen/link/{token}/nieuw/"))
    assert known == without_tokens(client.post("/inloggen/link/verzonnen/nieuw/"))
    for _ in range(5):
        client.post(f"/inloggen/link/{token}/nieuw/")
    assert len(mailoutbox) == 2  # two a minute


def test_a_link_asks_the_second_step_of_who_needs_it(client):
    someone = people.person(role=Role.BOARD_PLANNER)
    people.with_app(someone)
    token = make_entry_link(someone, target_path="/", now=timezone.now())
    assert client.post(f"/inloggen/link/{token}/")["Location"] == "/inloggen/tweede-stap/"


def test_a_link_of_a_closed_account_lets_nobody_in(client, mailoutbox):
    someone = people.person(is_active=False)
    token = make_entry_link(someone, target_path="/", now=timezone.now())
    assert client.post(f"/inloggen/link/{token}/").status_code == 410
    client.post(f"/inloggen/link/{token}/nieuw/")
    assert mailoutbox == []


def test_a_link_keeps_its_promises():
    someone, now = people.person(), timezone.now()
    token = make_entry_link(someone, target_path="/", now=now)
    assert token not in str(EntryLink.objects.values())
    for wrong in (
        {"target_path": "//kwaad.example/"},
        {"target_path": "https://x"},
        {"expires_at": now - timedelta(1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            EntryLink.objects.filter(pk=link_of(token).pk).update(**wrong)


def test_a_link_is_never_in_a_log(client, caplog):
    token = make_entry_link(people.person(), target_path="/", now=timezone.now() - timedelta(days=90))
    client.get(f"/inloggen/link/{token}/")
    assert token not in caplog.text


# ---------------------------------------------------------------------------------------------------------- sessions
def test_the_session_is_a_row_and_its_cookie_is_for_the_server_alone(client, mailoutbox):
    second_step(client, mailoutbox, people.person(role=Role.SCHOOL_CONTACT))
    cookie = client.cookies["sessionid"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    assert Session.objects.filter(session_key=cookie.value).exists()


def test_a_page_of_a_person_is_kept_nowhere(client):
    people.sign_in(client, people.person(role=Role.SCHOOL_CONTACT))
    assert client.get("/account/")["Cache-Control"] == "private, no-store"


def test_a_visitor_costs_no_query_for_who_is_asking(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/ontwerp/")
        client.get("/inloggen/")
    assert "sessionid" not in client.cookies


def test_what_signing_in_left_behind_is_removed_in_time(client, frozen_clock):
    now, someone = timezone.now(), people.person()
    make_entry_link(someone, target_path="/", now=now)
    Throttle.objects.create(cache_key="oud", value="", expires=now + timedelta(minutes=1))
    people.sign_in(client, someone)
    assert forget_old_counts(now=now) == 0
    end_terms(now=now + timedelta(days=8))
    assert EntryLink.objects.exists()  # an old mail still leads to a new link
    end_terms(now=now + timedelta(days=373))
    assert forget_old_counts(now=now + timedelta(days=1)) == 1
    assert not (Throttle.objects.exists())
    assert not (Session.objects.exists())
    assert not (EntryLink.objects.exists())


def test_a_mail_that_cannot_go_out_is_said_so(client, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = asked(client, "persoon1@voorbeeld.example")
    assert answer.status_code == 503
    assert "De mail is niet verstuurd" in answer.content.decode()
