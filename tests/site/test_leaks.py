"""What the register calls personal stays out of logs, mails, addresses of pages, jobs and events; tried with a marker in each field.

Two kinds of field are made to be there: the code of an organisation, which names a board or region and nobody, and a line of the
daily digest, which is what that mail says to the person it is about.
"""

import io
import logging
import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from regio.accounts import leaving
from regio.accounts.access import access_to
from regio.accounts.correcting import answer_request, make_request
from regio.accounts.enums import Role
from regio.accounts.erasure import erase_person
from regio.accounts.models import Digest, MailPreference
from regio.accounts.viewer import Viewer, roles_of
from regio.audit.models import Event
from regio.shared import jobs
from regio.shared.models import Job
from regio.site.logs import JsonLines
from regio.site.rights import addresses
from tests.factories import markers, people

pytestmark = pytest.mark.django_db
MEANT = {
    ("Membership", "organisation_code"),
    ("Consent", "organisation"),
    ("DigestLine", "words"),
    ("DigestLine", "path"),
}
LINKS = re.compile(r'(?:href|action|src)="([^"]*)"')
BY_ITSELF = ("opruimen", "bewaartermijnen", "logboek", "dagmail")


@pytest.fixture
def log(settings):
    settings.OPEN = False
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.fixture
def planted(tmp_path, settings):
    settings.HOME = tmp_path
    person, found = markers.plant()
    for role, organisation in ((Role.BOARD_EXECUTIVE, "bestuur:90001"), (Role.REGION_ADMIN, "installatie:"), (Role.PRIVACY_OFFICER, "installatie:"), (Role.SUPPORT, "installatie:")):  # fmt: skip
        people.member(person, role=role, organisation=organisation)
    Digest.objects.all().delete()
    MailPreference.objects.all().delete()
    found[person.email] = ("Person", "email")
    return person, found


def test_no_value_of_a_personal_field_gets_where_it_does_not_belong(
    client, planted, log, django_capture_on_commit_callbacks
):
    person, found = planted
    already = set(Event.objects.values_list("pk", flat=True))
    with django_capture_on_commit_callbacks(execute=True):
        links, seen = _walk(client, person)
        _work(client, person)
        ended = [_do(kind) for kind in BY_ITSELF]
        leaving.begin_exit("90001", now=timezone.now())
        leaving.undo_exit("90001", now=timezone.now())
        erase_person(person, reason="verzoek", now=timezone.now())
    places = {
        "logboek van de server": log.getvalue(),
        "mails": " ".join(f"{message.subject} {message.body} {message.alternatives}" for message in mail.outbox),
        "adressen": " ".join(links),
        "taken": str(list(Job.objects.exclude(kind__startswith="zq").values("label", "arguments", "message", "progress_text", "result_path"))),
        "gebeurtenissen": str(list(Event.objects.exclude(pk__in=already).values("heading", "details", "subject", "organisation", "actor", "reason"))),
    }  # fmt: skip
    leaks = {(place, *where) for place, text in places.items() for marker, where in found.items() if marker.lower() in text.lower()}  # fmt: skip
    assert {(place, *where) for place, *where in leaks if tuple(where) not in MEANT} == set()
    assert {where for _, *where in leaks for where in [tuple(where)]} <= MEANT
    assert ended == ["klaar"] * len(BY_ITSELF)
    assert len(mail.outbox) >= 2
    assert Event.objects.exclude(pk__in=already).count() >= 6
    assert seen > 25
    assert len({where[0] for where in found.values()}) >= 12  # tables with something planted


def _walk(client, person):
    """Open every page without arguments that this person may read; return the addresses in them, and how many opened."""
    people.sign_in(client, person)
    viewer = Viewer(person_id=person.pk, held=roles_of(person.pk, timezone.localdate()))
    links, seen = [], 0
    for one in addresses():
        if "<" in one.pattern or "^" in one.pattern or not access_to(one.name).read.may(viewer, {}):
            continue
        answer = client.get(reverse(one.name))
        links.append(answer.headers.get("Location", ""))
        if answer.status_code == 200 and "html" in answer["Content-Type"]:
            seen += 1
            links += LINKS.findall(answer.content.decode())
    return links, seen


def _work(client, person):
    """Let the person change, ask and agree, and be answered."""
    now = timezone.now()
    client.post("/account/wijzigen/", {"doe": "naam", "naam-name": person.name})
    client.post("/account/wijzigen/", {"doe": "adres", "adres-email": f"nieuw{person.email}"})
    client.post(
        "/account/toestemming/gezamenlijke_raming/bestuur:90001/", {"doe": "geef", "version": "1", "agrees": "on"}
    )
    client.post("/account/toestemming/gezamenlijke_raming/bestuur:90001/", {"doe": "trek_in"})
    asked = make_request(person, kind="verwijderen", words=f"Ik ben {person.name}, {person.email}", now=now)
    answer_request(asked, done=False, answer=f"Beste {person.name}", by="persoon:1", now=now)


def _do(kind):
    job = Job.objects.create(kind=kind, label=kind, owner=jobs.PLANNER, created_at=timezone.now())
    if kind == "logboek":  # the planted event is no link of the chain
        Event.objects.filter(hash__startswith="x").delete()
    jobs.run(jobs.claim(job.pk, now=timezone.now()))
    job.refresh_from_db()
    return str(job.state)
