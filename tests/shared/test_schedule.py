"""What happens by itself: once per planned moment, in the time of the Netherlands, and late where it was not done."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from regio.shared import jobs, schedule
from regio.shared.life import DEAD_AFTER, living_workers, sign_of_life
from regio.shared.models import Job, Worker

pytestmark = pytest.mark.django_db(transaction=True)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
DAILY = schedule.Recurring("elke_dag", "Elke dag", time(4, 30))
WEEKLY = schedule.Recurring("elke_week", "Elke week", time(6), weekday=0)


def nothing(job, progress):
    return ""


@pytest.fixture(autouse=True)
def only_these(monkeypatch):
    monkeypatch.setattr(schedule, "_recurring", {})
    for one in (DAILY, WEEKLY):
        schedule.register(one)
        jobs.register(one.kind, f"{__name__}.nothing")


def amsterdam(*parts):
    return datetime(*parts, tzinfo=timezone.get_default_timezone())


def plan(now):
    return schedule.plan_due(now=now, since=LONG_AGO)


def standing(now):
    return {one.recurring.kind: one for one in schedule.overview(now=now, since=LONG_AGO)}


@pytest.mark.parametrize(
    ("recurring", "moment", "before", "after"),
    [
        (DAILY, (2026, 11, 20, 4, 30), (2026, 11, 20, 4, 30), (2026, 11, 21, 4, 30)),
        (DAILY, (2026, 11, 20, 4, 29), (2026, 11, 19, 4, 30), (2026, 11, 20, 4, 30)),
        (DAILY, (2026, 10, 25, 12, 0), (2026, 10, 25, 4, 30), (2026, 10, 26, 4, 30)),  # the clock went back that night
        (DAILY, (2026, 3, 29, 12, 0), (2026, 3, 29, 4, 30), (2026, 3, 30, 4, 30)),  # … and forward
        (WEEKLY, (2026, 11, 20, 12, 0), (2026, 11, 16, 6, 0), (2026, 11, 23, 6, 0)),  # a Friday
        (WEEKLY, (2026, 11, 16, 5, 0), (2026, 11, 9, 6, 0), (2026, 11, 16, 6, 0)),
    ],
)
def test_planned_moments_follow_the_clock_on_the_wall(recurring, moment, before, after):
    assert recurring.planned_before(amsterdam(*moment)) == amsterdam(*before)
    assert recurring.planned_after(amsterdam(*moment)) == amsterdam(*after)


def test_a_planned_moment_is_done_once_whatever_the_number_of_workers():
    now = amsterdam(2026, 11, 20, 9)
    assert [plan(now), plan(now), plan(now + timedelta(hours=3))] == [2, 0, 0]
    first = jobs.enqueue_planned(kind="elke_dag", label="", planned_at=DAILY.planned_before(now), now=now)
    assert Job.objects.filter(kind="elke_dag").get() == first
    assert plan(now + timedelta(days=1)) == 1


def test_days_without_a_worker_are_made_up_for_once():
    plan(amsterdam(2026, 11, 1, 9))
    plan(amsterdam(2026, 11, 20, 9))
    assert Job.objects.filter(kind="elke_dag").count() == 2


def test_a_new_installation_has_missed_nothing():
    now = amsterdam(2026, 11, 20, 9)
    assert schedule.plan_due(now=now, since=now - timedelta(hours=1)) == 0
    assert [one.late_since for one in schedule.overview(now=now, since=now - timedelta(hours=1))] == [None, None]
    assert schedule.installed_at() <= timezone.now()


def test_late_is_what_was_not_done_within_its_grace():
    now = amsterdam(2026, 11, 20, 6, 29)
    plan(amsterdam(2026, 11, 19, 9))
    call_command("run_jobs", once=True)
    plan(now)
    assert standing(now)["elke_dag"].words == "op tijd"
    late = standing(now + timedelta(minutes=1))
    assert late["elke_dag"].words == "te laat: had klaar moeten zijn op 20-11-2026 om 06:30 uur"
    assert late["elke_week"].words == "op tijd"
    call_command("run_jobs", once=True)
    assert standing(now + timedelta(minutes=1))["elke_dag"].words == "op tijd"


def test_what_failed_is_late():
    plan(amsterdam(2026, 11, 20, 5))
    Job.objects.update(state=Job.State.FAILED, ended_at=timezone.now())
    assert standing(amsterdam(2026, 11, 20, 9))["elke_dag"].late_since == amsterdam(2026, 11, 20, 6, 30)


def test_the_page_tells_what_is_late(client, frozen_clock):
    plan(frozen_clock.now - timedelta(days=9))
    page = client.get("/taken/").content.decode()
    assert "Wat vanzelf gaat" in page
    assert "elke maandag om 06:00 uur" in page


def test_a_worker_gives_signs_of_life_and_leaves_nothing_behind():
    with sign_of_life():
        assert living_workers(now=timezone.now()) == 1
        assert living_workers(now=timezone.now() + DEAD_AFTER + timedelta(seconds=5)) == 0
    assert not Worker.objects.exists()
