"""What is kept for one kind of viewer never reaches another: every kept page, for several kinds of viewers, beside a fresh one."""

import re

import pytest
from django.http import HttpResponse
from django.template import engines
from django.test import RequestFactory
from django.urls import get_resolver

from regio.accounts import keeping
from regio.accounts.enums import Purpose, Role
from regio.accounts.models import Consent, Membership
from regio.accounts.viewer import viewer_now
from regio.audit.models import Event
from regio.shared import pages
from tests.factories import closed, forecasts, people
from tests.site.test_rights import _path, leaks_in, objects

pytestmark = pytest.mark.django_db
ACTORS = ("planner van het bestuur", "planner van een ander bestuur", "bestuurder van het bestuur", "programmamanager")  # fmt: skip
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')


@pytest.fixture(autouse=True)
def keeping_pages(settings):
    settings.OPEN = False
    settings.KEEP_PAGES = True
    keeping.forget_all()
    pages.forget_all()
    yield
    keeping.forget_all()
    pages.forget_all()


# --------------------------------------------------------------------------------------------- the pages themselves
def kept_names():
    def walk(patterns):
        for one in patterns:
            if hasattr(one, "url_patterns"):
                yield from walk(one.url_patterns)
            elif getattr(one.callback, "keeps_pages", False):
                yield one.name

    return set(walk(get_resolver().url_patterns))


def kept_paths(installation):
    known = objects(installation, ("tekort-vo",))
    return [_path(name, names) for name in sorted(kept_names()) for names in known[name][:3]]


def test_each_kind_of_viewer_gets_the_page_that_would_be_made_for_them(client, settings):
    installation = closed.installation()
    paths = kept_paths(installation)
    everything = [visit(client, installation, actor, paths) for actor in ACTORS]
    made = len(keeping._kept)
    again = [visit(client, installation, actor, paths) for actor in ACTORS]
    assert len(keeping._kept) == made  # nothing was made anew
    assert not keeping._for_each  # a page that asks who somebody is would be kept for nobody
    assert len(paths) < made < 0.75 * len(paths) * len(ACTORS)  # some are shared, some are not
    settings.KEEP_PAGES = False
    fresh = [visit(client, installation, actor, paths) for actor in ACTORS]
    for actor, *answers in zip(ACTORS, everything, again, fresh, strict=True):
        assert [path for path, *texts in zip(paths, *answers, strict=True) if len(set(texts)) > 1] == [], actor


def visit(client, installation, actor, paths):
    """Return what an actor reads at each address; nothing that is planted for others."""
    people.sign_in(client, installation.people[actor])
    client.cookies["regio"] = "rpa:90"
    answers = [client.get(path) for path in paths]
    assert [path for path, answer in zip(paths, answers, strict=True) if leaks_in(answer, actor)] == [], actor
    return [(answer.status_code, TOKEN.sub(b"", answer.content)) for answer in answers]


def test_a_look_is_written_down_for_everybody_to_whom_the_kept_page_is_shown(client):
    installation = closed.installation()
    second = people.person(51, role=Role.BOARD_PLANNER, organisation="bestuur:90001")
    for someone in (installation.people["planner van het bestuur"], second):
        people.sign_in(client, someone)
        client.cookies["regio"] = "rpa:90"
        assert client.get("/regio/rpa:90/bestuur/90001/?sector=vo").status_code == 200
    assert len(keeping._kept) == 1
    looks = Event.objects.filter(kind="workforce.own_staff_seen")
    assert [one.actor for one in looks.order_by("pk")] == [
        str(installation.people["planner van het bestuur"]),
        str(second),
    ]
    assert len({(one.subject, one.heading, one.organisation) for one in looks}) == 1


# ------------------------------------------------------------------------------------------------- how it is decided
def asked(view, someone, **headers):
    """Return what a signed-in person gets from a view that keeps its pages."""
    request = RequestFactory().get("/bladzijde/", headers=headers)
    request.user, request.session = someone, {}
    request.COOKIES["sessionid"] = "x"
    return pages.kept_until(lambda: "1")(view)(request).content.decode()


@pytest.fixture
def planners():
    return [people.person(number, role=Role.BOARD_PLANNER, organisation=f"bestuur:{board}") for number, board in ((1, 90001), (2, 90001), (3, 90002))]  # fmt: skip


def counting(view):
    made = []

    def counted(request):
        made.append(1)
        return HttpResponse(f"{len(made)} {view(request)}")

    return counted


def test_who_gives_the_same_answers_shares_a_page_and_who_gives_another_does_not(planners):
    view = counting(lambda request: viewer_now().has(Role.BOARD_PLANNER, organisation="bestuur:90001"))
    assert [asked(view, one) for one in planners] == ["1 True", "1 True", "2 False"]


def test_who_loses_the_role_loses_the_page(planners):
    view = counting(lambda request: viewer_now().has(Role.BOARD_PLANNER))
    assert asked(view, planners[0]) == "1 True"
    Membership.objects.filter(person=planners[0]).delete()
    assert asked(view, planners[0]) == "2 False"


@pytest.mark.parametrize(
    "who", [lambda request: request.user.pk, lambda request: str(request.user), lambda request: viewer_now().person_id,
            lambda request: "x" in request.session or request.user.email,
            lambda request: engines["django"].from_string("{% if p.name == 'x' and p %}{% endif %}{{ q.pk }}").render({"p": request.user, "q": request.viewer})],
)  # fmt: skip
def test_a_page_that_asks_who_somebody_is_is_made_for_each(planners, who):
    view = counting(who)
    first, second = (asked(view, one) for one in planners[:2])
    assert first != second
    assert not keeping._kept


def test_consent_given_or_withdrawn_makes_a_new_page(planners):
    view = counting(lambda request: "")
    given = {"person": planners[0], "purpose": Purpose.JOINT_PLANNING, "organisation": "bestuur:90001", "text_version": "1", "channel": "scherm"}  # fmt: skip
    seen = [asked(view, planners[0])]
    consent = Consent.objects.create(**given, given_at=forecasts.NOW)
    seen.append(asked(view, planners[0]))
    Consent.objects.filter(pk=consent.pk).update(withdrawn_at=forecasts.NOW)
    assert [*seen, asked(view, planners[0]), asked(view, planners[1])] == ["1 ", "2 ", "3 ", "3 "]


def test_the_token_of_a_form_is_never_kept(planners):
    page = engines["django"].from_string("{% csrf_token %}")
    view = counting(lambda request: page.render({}, request))
    with_form = [TOKEN.search(asked(view, one).encode()).group() for one in planners[:2]]
    assert with_form[0] != with_form[1]
    assert len(keeping._kept) == 1
    assert keeping.PLACE_OF_TOKEN not in str(with_form)


def test_support_that_looks_along_gets_a_page_with_its_bar(client):
    support = people.person(1, role=Role.SUPPORT, organisation="installatie:")
    planner = people.person(2, role=Role.BOARD_PLANNER)
    people.sign_in(client, support)
    client.post("/meekijken/", {"person": planner.pk, "reason": "Vraag over de lijst van regio's."})
    assert "U kijkt mee als" in client.get("/regios/").content.decode()
    people.sign_in(client, planner)
    assert "U kijkt mee als" not in client.get("/regios/").content.decode()
