"""A closed installation in which something waits for everybody: a role that ends, an old consent, a failed forecast."""

from datetime import timedelta

from regio.accounts.models import Consent, Membership
from regio.shared.models import ImportFinding, Job
from regio.workforce.models import JointRound

from . import closed, forecasts


def installation(now):
    """Return a closed installation with lines for *Vandaag*."""
    made = closed.installation()
    planner = made.people["planner van het bestuur"]
    Membership.objects.filter(person=planner).update(ends_on=now.date() + timedelta(days=12))
    Consent.objects.create(
        person=made.planted, purpose="contact", organisation="regio:rpa:90", text_version="1", channel="scherm",
        given_at=now - timedelta(days=400),
    )  # fmt: skip
    manager = made.people["programmamanager"]
    Job.objects.create(kind="prognose", label="Prognose voor Voorbeeld", owner=str(manager), state=Job.State.FAILED, created_at=now, ended_at=now)  # fmt: skip
    public = forecasts.batch(9, dataset_label="Adressen vo")
    ImportFinding.objects.create(batch=public, code="R-201", severity="let_op", message="Een kolom is nieuw.")
    made.run.finished_at = now
    made.run.save()
    JointRound.objects.update(closed_at=now)  # of rounds: tests/workforce/test_joint.py
    return made
