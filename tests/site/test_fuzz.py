"""Whatever somebody sends to a page, a form or a command, the answer is never a mistake of ours.

Bounded and the same at every run: hypothesis draws from a fixed seed.
"""

import io
import re
from contextlib import redirect_stderr, redirect_stdout, suppress

import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regio.accounts.enums import OrganisationKind, Role
from regio.accounts.models import Membership, Person
from regio.regions.models import RegionDraft
from regio.shared.models import ImportBatch, InboundMail, Job
from regio.site import limiting
from tests.factories import forecasts, people

pytestmark = pytest.mark.django_db
BOUNDED = settings(
    max_examples=8, derandomize=True, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
NAMES = (
    "sector", "vak", "zoek", "next", "gezegd", "boven", "prognose", "tegen", "positie", "jaar", "login", "code", "name", "email",
    "role", "organisation", "years", "draws", "seed", "areas", "municipalities", "remove", "reden", "person", "leerlingen",
)  # fmt: skip
NASTY = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", "0", "-1", "9" * 25, "1e309", "NaN", "\x00", "%00", "' OR 1=1 --", "<script>", "../../etc/passwd", "=1+1", "💥", "٣",
         "rpa:91", "po", "vo", "https://kwaad.example", "//kwaad.example", "None", "[]", "1,2", "２", "a" * 3000]
    ),
    st.integers().map(str),
)  # fmt: skip
FIELD = re.compile(r'<(?:input|select|textarea|button)\b[^>]*\bname="([^"]+)"')
VALUE = re.compile(r'<(?:input|option|button)\b[^>]*\bvalue="([^"]+)"')


def asked(page: str):
    """Return what somebody may fill in: the fields and choices of the page itself, so that a new form is tried by itself."""
    names = sorted({*NAMES, *FIELD.findall(page)} - {"csrfmiddlewaretoken"})
    values = sorted(set(VALUE.findall(page)))[:60] or [""]
    filled = st.one_of(NASTY, st.sampled_from(values))
    return st.dictionaries(st.one_of(st.sampled_from(names), st.text(min_size=1, max_size=10)), filled, max_size=6)


def test_the_fields_of_a_form_are_found_without_being_named_here(visitors):
    page = visitors[1].get("/mensen/").content.decode()
    assert {"organisation_kind", "organisation_code"} <= set(FIELD.findall(page)) - set(NAMES)
    assert {"bestuur", "board_planner"} <= set(VALUE.findall(page))


def test_the_pages_that_are_asked_are_there(visitors):
    """Without this every address might be a 404, and nothing would be tried."""
    found = {name for name in all_names() if visitors[1].get(address_of(name, None)).status_code == 200}
    assert {
        "region",
        "forecast",
        "run",
        "job",
        "source",
        "people",
        "own_region",
        "draft",
        "letter",
        "messages",
        "log",
    } <= found


def all_names() -> list[str]:
    def walk(patterns):
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern.url_patterns)
            elif pattern.name:
                yield pattern.name

    return sorted(set(walk(get_resolver().url_patterns)))


ARGUMENTS = {
    "batch": "1", "mail": "1", "job": "1", "run": "1", "draft": "proef", "code": "90AA00", "key": "rpa:90", "kind": "vestiging", "slug": "leerlingen-po",
    "suffix": "csv", "item": "vo:wiskunde", "token": "x", "pk": "1", "membership": "1", "rest": "", "head": "regio/rpa:90",
    "board": "90001", "number": "1", "purpose": "contact", "organisation": "regio:rpa:90", "case": "1", "merge": "1", "one": "1", "other": "2",
}  # fmt: skip


def address_of(name: str, nasty: str | None) -> str:
    """Return an address of this page, with something nasty in it where the pattern lets it through."""
    for options, _pattern, defaults, _converters in get_resolver().reverse_dict.getlist(name):
        for _template, parameters in options:
            wanted = [parameter for parameter in parameters if parameter not in (defaults or {})]
            for value in (nasty, None):
                with suppress(NoReverseMatch, ValueError, KeyError):
                    return reverse(name, kwargs={one: ARGUMENTS[one] if value is None else value for one in wanted})
    return "/" + name


@pytest.fixture
def visitors(db, monkeypatch):
    """A stranger and an administrator who may see everything; nobody is held by a limit here."""
    monkeypatch.setattr(limiting, "wait_for", lambda request: 0)
    person = Person.objects.create_user("beheer@regio.example")
    for role in (Role.REGION_ADMIN, Role.SUPPORT, Role.PRIVACY_OFFICER):
        Membership.objects.create(
            person=person, role=role, organisation_kind=OrganisationKind.INSTALLATION, starts_on="2026-01-01"
        )
    run = forecasts.region_with_forecast()
    job = Job.objects.create(kind="prognose", label="Prognose", created_at=forecasts.NOW)
    batch = ImportBatch.objects.first() or forecasts.batch(1)
    other = people.person(9, role=Role.BOARD_PLANNER)
    mail = InboundMail.objects.create(message_hash="1", subject="Vraag", received_at=forecasts.NOW)
    draft = RegionDraft.objects.create(code="proef", started_at=forecasts.NOW)
    known = {"run": str(run.pk), "job": str(job.pk), "batch": str(batch.pk), "mail": str(mail.pk), "draft": draft.code,
             "membership": str(other.memberships.get().pk)}  # fmt: skip
    ARGUMENTS.update(known)
    stranger, administrator = (Client(raise_request_exception=False) for _ in range(2))
    people.sign_in(administrator, person)  # with the second step: without it every page leads to that alone
    return stranger, administrator


@pytest.mark.parametrize("name", all_names())
def test_no_page_breaks_whatever_it_is_asked(visitors, settings, name):
    page = visitors[1].get(address_of(name, None)).content.decode(errors="replace")

    @BOUNDED
    @given(asked=asked(page), nasty=st.one_of(st.none(), NASTY), is_open=st.booleans())
    def ask(asked, nasty, is_open):
        settings.OPEN = is_open  # an open installation lets everybody do everything
        address = address_of(name, nasty)
        for visitor in visitors:
            for answer in (visitor.get(address, asked), visitor.post(address, asked)):
                assert answer.status_code < 500, (address, asked)

    ask()


OWN = sorted(name for name, app in get_commands().items() if str(app).startswith("regio."))


@pytest.mark.parametrize("name", OWN)
def test_no_command_breaks_on_its_arguments(name):
    """Every argument that a parser takes or refuses; nothing is done yet."""
    parser_of = lambda: load_command_class(get_commands()[name], name).create_parser("regio", name)  # noqa: E731
    options = [text for action in parser_of()._actions for text in action.option_strings]

    @BOUNDED
    @given(arguments=st.lists(st.one_of(st.sampled_from(options), NASTY), max_size=5))
    def parse(arguments):
        with redirect_stderr(io.StringIO()), redirect_stdout(io.StringIO()), suppress(SystemExit, CommandError):
            parser_of().parse_args(arguments)

    parse()


# What reads and looks up; the others make files or work for minutes with whatever they get.
HARMLESS = ("verify", "import", "repeat", "forecast", "link", "person", "status", "read_mail", "mail_all", "audit")
TYPED = NASTY.filter(lambda text: "\x00" not in text and text.isprintable())  # a shell passes no NUL


@pytest.mark.parametrize("name", HARMLESS)
def test_no_command_breaks_on_what_it_is_asked(db, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = st.one_of(
        TYPED, st.sampled_from(["public", "staff", "--board", "--years", "--region", "--dry-run", "rpa:90", "90001"])
    )

    @BOUNDED
    @given(arguments=st.lists(words, max_size=4))
    def run(arguments):
        out = {"stdout": io.StringIO(), "stderr": io.StringIO()}
        # What cannot be opened (OSError) is one sentence for whoever typed it, said in one place for all commands.
        with redirect_stderr(io.StringIO()), suppress(SystemExit, CommandError, OSError):
            call_command(name, *arguments, **out)

    run()
