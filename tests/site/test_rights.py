"""Who may what: every address × role × own and foreign object × method, made from the matrix, with something planted.

What is planted (tests/factories/closed.py) is looked for in the body and the headers of every answer. Each address needs a
line in `OBJECTS`; one without fails.
"""

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import transaction
from django.urls import get_resolver, reverse

from regio.accounts.access import access_to, matrix
from regio.accounts.viewer import VISITOR, Viewer, roles_of
from regio.shared.models import InboundMail
from regio.site.rights import addresses, render_rights
from regio.workforce.shortage.analyst_page import BY_SLUG
from regio.workforce.shortage.staffing import FIGURES
from tests.factories import closed, people
from tests.factories.closed import ACTORS, PLANTED

RIGHTS = Path(__file__).parents[2] / "docs/rechten.md"
pytestmark = pytest.mark.django_db
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
SCOPES = (("regio", "rpa:90"), ("bestuur", "90001"), ("bestuur", "90002"), ("school", "90AA"), ("school", "90BB"), ("vestiging", "90AA00"), ("vestiging", "90BB00"))  # fmt: skip
NAMES = (
    *FIGURES, *BY_SLUG, "leerlingen", "niveaus", "formatie", "graden", "onderdelen", "sectoren", "secties", "besturen", "parameters",
    "verschil", "gepubliceerd", "examens",
)  # fmt: skip
SLUGS = [
    *(f"{name}-{'alle' if name == 'sectoren' else 'vo'}" for name in NAMES), *(f"{name}-vo~vak:wiskunde" for name in FIGURES),
    "besturen-vo~vak:wiskunde", "verschil-vo~tekort", "verschil-vo~formatie",
]  # fmt: skip
FEW_SLUGS = ("tekort-vo", "bezetting-vo", "formatie-vo", "onderdelen-vo", "besturen-vo", "stromen-vo~vak:wiskunde")
TRY_ALL = ("bezoeker", "planner van een ander bestuur", "programmamanager")
PARTS = [{"key": "rpa:90", "kind": kind, "code": code} for kind, code in SCOPES[1:]]
POSITIONS = ("vak:wiskunde", "vo:wiskunde:eerstegraads", "vak:bestaatniet")


def objects(made, slugs=FEW_SLUGS):
    """Return address name → what it may name: own and foreign, there and not there."""
    regions = [{"key": "rpa:90"}, {"key": "rpa:99"}]
    rounds = [
        {"key": "rpa:90", "number": made.round.pk},
        {"key": "rpa:90", "number": 0},
        {"key": "rpa:99", "number": made.round.pk},
    ]
    figures = [
        {"run": made.run.pk, "kind": kind, "code": code, "slug": slug} for kind, code in SCOPES for slug in slugs
    ]
    own = made.people["planner van het bestuur"]
    memberships = [own.memberships.get().pk, made.planted.memberships.get().pk, 0]
    nothing = [{}]
    return for_each(
        ("region", "forecast", "drivers", "sections", "differences", "analyst", "joint"), regions,
    ) | for_each(("joint_round", "joint_snapshot", "joint_close"), rounds) | {
        "joint_board": [one | {"board": board} for one in rounds for board in ("90001", "90002", "90003")],
        "joint_file": [one | {"suffix": suffix} for one in rounds for suffix in ("csv", "svg")],
        "part": PARTS, "part_drivers": PARTS, "position": [{"key": "rpa:90", "item": item} for item in POSITIONS],
        "run": [{"run": made.run.pk}, {"run": 0}], "figure": figures,
        "figure_file": [one | {"suffix": suffix} for one in figures for suffix in ("csv", "svg")],
        "source": [{"batch": made.batches["public"]}, {"batch": made.batches["own"]}, {"batch": 0}],
        **for_each(("letter",), [{"mail": planted_mail()}, {"mail": 0}]),
        **for_each(("job", "cancel_job", "retry_job"), [{"job": job} for job in (*made.jobs.values(), 0)]),
        **for_each(("manage_region", "remove_region"), [{"code": "noord"}, {"code": "weg"}, {"code": "niets"}]),
        **for_each(("desk", "desk_schools", "desk_colours", "advice", "desk_manage", "edit_page"), regions),
        "desk_draft": [one | {"kind": kind} for one in regions for kind in ("advies", "loket")],
        "desk_route": [one | {"code": "R02"} for one in regions],
        "edit_row": [one | {"part": "routes", "code": "R02"} for one in regions],
        **for_each(("advice_question", "advice_check", "advice_result", "advice_sheet"), [one | {"token": "a:b:c"} for one in regions]),
        "draft": [{"draft": made.draft.code}, {"draft": "niets"}], "what_became": [{"code": "90AA00"}, {"code": "90BB00"}],
        "region_in_our_letters": [{"key": "RPA:90", "rest": ""}], "set_in_our_letters": [{"key": "set:NOORD", "rest": ""}],
        "code_in_our_letters": [{"head": "regio/rpa:90", "kind": "school", "code": "90aa", "rest": ""}],
        **for_each(("entry_link", "entry_link_again", "mail_off", "team_address"), [{"token": "bestaat-niet"}]),
        "consent": [
            {"purpose": purpose, "organisation": organisation}
            for purpose in ("gezamenlijke_raming", "contact", "niets")
            for organisation in ("bestuur:90001", "bestuur:90002", "regio:rpa:90", "niets")
        ],
        **for_each(
            ("leaving", "leaving_file", "leave"), [{"board": code} for code in (closed.OWN, closed.OTHER, "91999", "0")]
        ),
        **for_each(
            ("case", "case_contact", "case_note", "case_take", "case_close", "case_reopen"),
            [{"case": number} for number in (made.desk["case"], made.desk["hidden"], 0)],
        ),
        "merge": [{"one": made.desk["one"], "other": number} for number in (made.desk["other"], made.desk["secret"], 0)],
        "undo_merge": [{"merge": made.desk["merge"]}, {"merge": 0}],
        "end_absence": [{"absence": made.desk["absence"]}, {"absence": 0}],
        "request": [{"number": number} for number in (*made.requests.values(), 0)],
        "new_address": [{"token": "bestaat-niet"}],
        "mfa_remove_webauthn": [{"pk": 1}], "end_role": [{"membership": pk} for pk in memberships],
                **for_each(
            ("desk_todo", "desk_changes", "cases", "cases_file", "response_times", "new_case", "absences", "doubles", "step_templates", "desk_mail", "desks", "start", "today", "put_away", "post", "log", "sources", "download", "jobs", "design", "robots", "favicon", "health", "version", "security_txt", "policy_report",
             "regions", "own_region", "scorecard", "register_file", "manual", "recalculate", "account_login", "account_request_login_code",
             "account_confirm_login_code", "mfa_authenticate", "account_signup", "account_inactive", "account_logout", "account", "own_data", "own_data_page", "own_data_pdf", "correct", "requests", "retention", "consents",
             "sign_out_everywhere", "messages", "mfa_index", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_list_webauthn",
             "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "people",
             "watch", "watch_stop", "demo", "demo_stop"), nothing,
        ),
    }  # fmt: skip


def planted_mail():
    """Return a mail of the mailbox of a region that nobody here leads."""
    of = {"organisation": "regio:rpa:99", "sender": f"{closed.ADDRESS}@voorbeeld.example", "subject": closed.NAME, "received_at": closed.forecasts.NOW}  # fmt: skip
    return InboundMail.objects.get_or_create(message_hash="geplant", defaults=of)[0].pk


def for_each(names, known):
    return {name: list(known) for name in names}


@pytest.fixture
def installation(settings):
    settings.OPEN = False
    settings.SESSION_COOKIE_SECURE = False
    return closed.installation()


def leaks_in(answer, actor):
    """Return what was planted and stands in an answer although this actor may not read it; separators left out."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
    text = re.sub(r"[.,\s\u00a0\u202f]", "", body.decode("utf-8", "replace") + headers).lower()
    return [what for what, who in PLANTED.items() if actor not in who and re.sub(r"[.,\s]", "", what).lower() in text]


def test_every_address_is_in_the_matrix_and_in_this_test(installation):
    names = {one.name for one in addresses()}
    assert None not in names
    assert sorted(names - set(matrix())) == []
    assert sorted(name for name in names if name not in objects(installation)) == []
    assert len(names) == len(
        {pattern.name for pattern in get_resolver().url_patterns if hasattr(pattern, "name")} | names
    )


@pytest.mark.parametrize("actor", ACTORS)
def test_every_address_gives_what_the_matrix_says_and_nothing_that_is_planted(client, installation, actor):
    if actor in installation.people:
        people.sign_in(client, installation.people[actor])
    cookies, tried, found = client.cookies.copy(), 0, []
    viewer = _viewer(installation, actor)
    known = objects(installation, SLUGS if actor in TRY_ALL else FEW_SLUGS)
    for one in addresses():
        for names in known[one.name]:
            for method in METHODS if names.get("slug") in (None, "tekort-vo") else ("GET",):
                client.cookies = cookies.copy()
                with transaction.atomic():
                    answer = client.generic(method, _path(one.name, names))
                    found += [(one.name, names, method, what) for what in leaks_in(answer, actor)]
                    found += _wrong(one.name, names, method, viewer, answer)
                    transaction.set_rollback(True)
                tried += 1
    print(f"{actor}: {tried} geprobeerd, {len(found)} fout")
    assert found[:12] == []
    assert tried > 500


def _viewer(installation, actor):
    person = installation.people.get(actor)
    return Viewer(person_id=person.pk, held=roles_of(person.pk, closed.forecasts.NOW.date())) if person else VISITOR


def _path(name, names):
    if name.endswith("_in_our_letters"):
        return quote(
            f"/{names['head']}/{names['kind']}/{names['code']}/" if "head" in names else f"/regio/{names['key']}/"
        )
    return reverse(name, kwargs=names)


def _wrong(name, names, method, viewer, answer):
    access = access_to(name)
    may = (access.change if method == "POST" else access.read).may(viewer, names)
    if may:
        return [(name, names, method, "fout")] if answer.status_code in (429, 500) else []
    is_sent = viewer.person_id is None and method != "POST"
    expected = 302 if is_sent else 404
    return [] if answer.status_code == expected else [(name, names, method, answer.status_code)]


@pytest.mark.parametrize(
    ("path", "actor", "planted"),
    [
        ("/regio/rpa:90/bestuur/90001/?sector=vo", "planner van het bestuur", closed.STAFF),
        ("/regio/rpa:90/vestiging/90AA00/?sector=vo", "bestuurder van het bestuur", closed.STAFF),
        ("/bronnen/", "planner van het bestuur", closed.FILE),
        ("/taken/", "technisch beheer", closed.TASK),
    ],
)
def test_who_may_read_it_does(client, installation, path, actor, planted):
    everywhere = {what: set() for what in PLANTED}
    people.sign_in(client, installation.people[actor])
    answer = client.get(path)
    for what in everywhere:
        PLANTED[what], everywhere[what] = everywhere[what], PLANTED[what]
    try:
        assert re.sub(r"\s", "", planted).lower() in [
            re.sub(r"\s", "", what).lower() for what in leaks_in(answer, actor)
        ]
    finally:
        PLANTED.update(everywhere)


def test_the_page_of_a_board_says_why_its_figures_are_not_there(client, installation):
    answer = client.get("/regio/rpa:90/bestuur/90001/?sector=vo").content.decode()
    assert "Bezetting alleen voor het bestuur zelf" in answer
    assert "1.000" in answer  # learners are public


def test_an_open_installation_shows_everything(client, installation, settings):
    settings.OPEN = True
    assert closed.STAFF in leaks_in(client.get("/regio/rpa:90/bestuur/90001/?sector=vo"), "bezoeker")
    assert closed.SUM in leaks_in(client.get("/regio/rpa:90/?sector=vo"), "bezoeker")


def test_the_list_of_rights_is_up_to_date():
    advice = "write regio.site.rights.render_rights() to docs/rechten.md"
    assert RIGHTS.read_text(encoding="utf-8") == render_rights(), advice
