"""Holding a file against the last load of the same dataset, and taking the old rows out when a new edition comes.

The last load is the live batch of the same dataset with the nearest reference date before this one, or of the same
date (then this file takes its place).
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from regio.shared.models import ImportBatch

from .contract import Content, Reader, RowFinding

SMALL_CHANGE = 20  # below this a share says nothing
VANISHED_SHARE = 0.15  # of the locations of the last load


def dataset_of(reader: Reader, content: Content) -> str:
    """Return the dataset name of a batch: the reader, with its part where one dataset comes in several files."""
    return f"{reader.id}-{content.part}" if content.part else reader.id


def against_last_load(reader: Reader, content: Content) -> list[RowFinding]:
    """Compare totals, new and vanished locations with the last load; `let_op` findings ask for --accept."""
    last = _last_load(reader, content)
    if last is None:
        return []
    return [
        *_changed_totals(reader, content, last),
        *_location_changes(reader, content, last),
        *_newer(reader, content),
    ]


def _live(reader: Reader, content: Content) -> models.QuerySet[ImportBatch]:
    return ImportBatch.objects.filter(dataset=dataset_of(reader, content), superseded_at=None)


def _last_load(reader: Reader, content: Content) -> ImportBatch | None:
    live = _live(reader, content)
    if content.reference_date is not None:
        live = live.filter(models.Q(reference_date=None) | models.Q(reference_date__lte=content.reference_date))
    return live.order_by("reference_date", "loaded_at").last()


def _changed_totals(reader: Reader, content: Content, last: ImportBatch) -> list[RowFinding]:
    changed = []
    for name, new in content.totals.items():
        old = last.totals.get(name)
        if not old:
            continue
        share = (new - old) / abs(old)
        if abs(share) > reader.tolerance_share and abs(new - old) >= SMALL_CHANGE:
            changed.append(RowFinding("R-202", detail=f"{name} was {old:,.0f} en is nu {new:,.0f} ({share:+.0%})"))
    return changed


def _newer(reader: Reader, content: Content) -> list[RowFinding]:
    """Say so when a later edition already speaks of the same dates."""
    if not content.periods:
        return []
    overlapping = [old for old in _live(reader, content) if set(old.periods) & set(content.periods)]
    later = [old for old in overlapping if max(old.periods) > max(content.periods)]
    return [RowFinding("R-204", detail=old.file_name) for old in later]


def _location_changes(reader: Reader, content: Content, last: ImportBatch) -> list[RowFinding]:
    if not content.locations:
        return []
    before = locations_of(reader, last)
    new, vanished = content.locations - before, before - content.locations
    if len(vanished) > VANISHED_SHARE * len(before) and len(vanished) >= SMALL_CHANGE:
        return [RowFinding("R-203", detail=f"{len(vanished)} van {len(before)}")]
    if new or vanished:
        return [RowFinding("R-307", detail=f"{len(new)} nieuw, {len(vanished)} verdwenen")]
    return []


def locations_of(reader: Reader, batch: ImportBatch) -> set[str]:
    """Return the location codes that a batch holds rows of (first table of the reader)."""
    table = reader.tables[0] if reader.tables else None
    if table is None:
        return set()
    rows = table.model._default_manager.filter(batch=batch)
    return set(rows.values_list(table.location, flat=True).distinct())


def supersede(reader: Reader, content: Content, batch: ImportBatch) -> None:
    """Take the rows out that this file replaces; a batch without periods left is marked as superseded."""
    for old in _live(reader, content).exclude(pk=batch.pk):
        replaced = [period for period in old.periods if period in content.periods]
        if old.periods and not replaced:
            continue
        _take_out(reader, old, replaced)
        old.periods = [period for period in old.periods if period not in replaced]
        if not old.periods:
            old.superseded_at = timezone.now()
        old.save(update_fields=["superseded_at", "periods"])


def _take_out(reader: Reader, old: ImportBatch, periods: list[str]) -> None:
    for table in reader.tables:
        if table.keep:
            continue
        rows = table.model._default_manager.filter(batch=old)
        if table.period and periods:
            rows = rows.filter(**{f"{table.period}__in": periods})
        rows.delete()
