"""Lines of *Vandaag* about people: roles that end within a month, and consents that are a year old."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from regio.shared.formatting import long_date
from regio.shared.retention import outlook_of, terms
from regio.shared.today import Line, Urgency

from .enums import OrganisationKind, Role
from .models import Consent, Membership, PrivacyRequest
from .queries import requests_for
from .viewer import viewer_now

ENDS_SOON = timedelta(days=30)
ANSWER_WITHIN = timedelta(days=30)  # a month, artikel 12 lid 3 AVG
NEWS_FOR = timedelta(days=14)
CONSENT_COUNTS_FOR = timedelta(days=365)  # aanname: asked again every year


def lines(now: datetime) -> Iterator[Line]:
    """Return own roles that end, those at the organisations one runs, and for the privacy officer consents to renew."""
    viewer, today = viewer_now(), timezone.localdate(now)
    ending = Membership.objects.filter(ends_on__gte=today, ends_on__lte=today + ENDS_SOON).order_by("ends_on", "pk")
    runs = {one.organisation for one in viewer.held if one.role in (Role.REGION_ADMIN, Role.BOARD_EXECUTIVE)}
    for row in ending:
        if row.ends_on is None:
            continue
        until = f"tot en met {long_date(row.ends_on)}"
        if row.person_id == viewer.person_id:
            yield Line(
                f"Uw rol {row.get_role_display()} loopt {until}", reverse("account"), Urgency.RUNS_OUT, row.ends_on
            )
        elif row.organisation in runs or f"{OrganisationKind.INSTALLATION}:" in runs:
            yield Line(f"De rol {row.get_role_display()} van persoon {row.person_id} loopt {until}", reverse("people"), Urgency.RUNS_OUT, row.ends_on)  # fmt: skip
    if viewer.person_id is not None:
        yield from _answers(now, viewer.person_id)
    if viewer.has(Role.PRIVACY_OFFICER):
        yield from _requests(now)
        yield from _ends(now)
        yield from _consents(now)


def _consents(now: datetime) -> Iterator[Line]:
    old = Consent.objects.filter(withdrawn_at=None, given_at__lt=now - CONSENT_COUNTS_FOR).order_by("given_at", "pk")
    for row in old[:12]:
        day = timezone.localdate(row.given_at)
        address = f"{reverse('log')}?onderwerp=persoon:{row.person_id}"
        yield Line(f"Toestemming van persoon {row.person_id} is van {long_date(day)}: vraag opnieuw", address, Urgency.RUNS_OUT, day)  # fmt: skip


def _requests(now: datetime) -> Iterator[Line]:
    """Requests about own data that wait for this officer; the law gives a month."""
    for row in requests_for(viewer_now()).filter(state=PrivacyRequest.State.OPEN).order_by("asked_at", "pk")[:12]:
        until = timezone.localdate(row.asked_at + ANSWER_WITHIN)
        hurry = Urgency.RUNS_OUT if until <= timezone.localdate(now) + timedelta(days=7) else Urgency.WAITS
        words = f"Verzoek {row.pk}, {row.get_kind_display()}: antwoord voor {long_date(until)}"
        yield Line(words, reverse("request", args=[row.pk]), hurry, until)


def _answers(now: datetime, person_id: int) -> Iterator[Line]:
    answered = PrivacyRequest.objects.filter(person=person_id, answered_at__gte=now - NEWS_FOR).order_by("pk")
    for row in answered:
        if row.answered_at:
            words = f"Uw verzoek is beantwoord: {row.get_state_display()}"
            yield Line(words, reverse("own_data_page"), Urgency.CHANGED, timezone.localdate(row.answered_at))


def _ends(now: datetime) -> Iterator[Line]:
    """What goes soon of the terms that warn."""
    for term in terms().values():
        if term.warns_days and (soon := outlook_of(term, now=now).soon):
            day = timezone.localdate(now + timedelta(days=term.warns_days))
            words = f"Voor {long_date(day)} gaat vanzelf weg: {soon} × {term.what} ({term.outcome})"
            yield Line(words, reverse("retention"), Urgency.RUNS_OUT, day)
