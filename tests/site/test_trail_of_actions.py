"""Every change that people make writes its event, in the transaction of the change."""

from datetime import date

import pytest
from django.utils import timezone

from regio.audit.models import Event
from regio.regions.actions import keep_draft, link_location, make_region, remove_region, start_draft, undo_link
from regio.regions.enums import LinkKind
from regio.regions.errors import WrongLink
from regio.regions.models import Region
from regio.shared.models import Job
from regio.workforce.actions import request_forecast, request_scorecard
from regio.workforce.staff_import import remove_files
from tests.factories import forecasts, regions

pytestmark = pytest.mark.django_db


def kinds():
    return [(event.kind, event.subject) for event in Event.objects.order_by("pk")]


def test_an_own_region_is_made_changed_and_removed():
    place, now = regions.location(), timezone.now()
    made = make_region(name="Kust", location_ids=[place.pk], now=now)
    changed = keep_draft(start_draft(replaces=made, now=now), name="Kust", now=now)
    remove_region(changed, now=now)
    remove_region(changed, now=now)
    assert kinds() == [
        ("regions.region_made", "regio:set:kust"), ("regions.region_made", "regio:set:kust-2"),
        ("regions.region_changed", "regio:set:kust"), ("regions.region_removed", "regio:set:kust-2"),
    ]  # fmt: skip


def test_what_became_of_a_location_is_told_and_taken_back():
    old, new = regions.location(0), regions.location(1)
    link_location(
        old_code=old.code, new_code=new.code, kind=LinkKind.MERGER, since=date(2026, 8, 1), share=1.0, source="Ada"
    )
    undo_link(old_code=old.code, new_code=new.code)
    with pytest.raises(WrongLink):
        undo_link(old_code=old.code, new_code=new.code)
    assert kinds() == [
        ("regions.location_linked", f"vestiging:{old.code}"), ("regions.link_undone", f"vestiging:{old.code}"),
    ]  # fmt: skip


def test_a_forecast_and_a_scorecard_are_asked_once():
    run, now = forecasts.region_with_forecast(), timezone.now()
    asked = [request_forecast(region_key=run.region_key, owner="persoon:1", now=now) for _ in range(2)]
    request_scorecard(owner="persoon:1", now=now)
    assert kinds() == [
        ("workforce.forecast_asked", f"prognose:{asked[0].pk}"),
        ("workforce.scorecard_asked", "terugblik:alle"),
    ]


def test_own_files_are_taken_out():
    regions.board()
    remove_files("90001")
    assert [(event.kind, event.organisation) for event in Event.objects.all()] == [
        ("workforce.staff_removed", "bestuur:90001")
    ]


def test_a_change_without_its_event_is_no_change(monkeypatch):
    monkeypatch.setattr("regio.audit.actions.chained_hash", lambda previous, event: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        make_region(name="Kust", location_ids=[], now=timezone.now())
    run = forecasts.region_with_forecast()
    with pytest.raises(ZeroDivisionError):
        request_forecast(region_key=run.region_key, owner="persoon:1", now=timezone.now())
    assert (Region.objects.count(), Job.objects.count()) == (0, 0)
