"""What changes in the regions app: people make a region of their own, and tell what became of a location."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.text import slugify

from regio.audit.actions import record

from .enums import GUESSED, LinkKind
from .errors import UnknownLocation, WrongLink
from .models import LocationLink, Region, RegionDraft, SchoolLocation

LONGEST_CODE = 40
DRAFT_CODE_LENGTH = 16
DRAFT_IS_KEPT = timedelta(days=30)
ROUNDING = 1e-9  # 0.1 + 0.2 + 0.7 is not exactly 1


def make_region(*, name: str, location_ids: Sequence[int], now: datetime, made_for: str = "") -> Region:
    """Keep a named set of locations as a region; a name that is taken gets a number in its code.

    Args:
        name: as people call it.
        location_ids: keys of the locations.
        now: when.
        made_for: organisation to which it belongs ("regio:rpa:03"); "" on an open installation.
    """
    with transaction.atomic():
        region = Region.objects.create(code=_free_code(name), name=name, created_at=now, made_for=made_for)
        region.locations.set(SchoolLocation.objects.filter(pk__in=location_ids))
        _record("region_made", region.key, f"Eigen regio gemaakt van {len(location_ids)} vestigingen", now=now)
    return region


def start_draft(*, replaces: Region | None, now: datetime, made_for: str = "") -> RegionDraft:
    """Begin an own region, empty or with the locations of the one it changes, whose it stays; forget drafts of long ago."""
    with transaction.atomic():
        RegionDraft.objects.filter(started_at__lt=now - DRAFT_IS_KEPT).delete()
        draft = RegionDraft.objects.create(
            code=get_random_string(DRAFT_CODE_LENGTH).lower(), replaces=replaces, started_at=now,
            made_for=replaces.made_for if replaces else made_for,
        )  # fmt: skip
        if replaces is not None:
            add_to_draft(draft, replaces.locations.all())
    return draft


def add_to_draft(draft: RegionDraft, locations: QuerySet[SchoolLocation]) -> int:
    """Add these locations, those that are in already excepted; return how many are new."""
    with transaction.atomic():
        new = locations.exclude(pk__in=draft.locations.values("pk")).values_list("pk", flat=True).order_by()
        ids = set(new)
        draft.locations.add(*ids)
    return len(ids)


def take_from_draft(draft: RegionDraft, locations: QuerySet[SchoolLocation]) -> int:
    """Take these locations out; return how many were in."""
    through = RegionDraft.locations.through
    found = through.objects.filter(regiondraft=draft, schoollocation__in=locations.order_by().values("pk"))
    return found.delete()[0]


def keep_draft(draft: RegionDraft, *, name: str, now: datetime) -> Region:
    """Make a region of a draft, once; the region it changes is kept as removed and points to the new one.

    Someone else may have changed or removed that region meanwhile: then this becomes a region beside it.
    """
    with transaction.atomic():
        draft = RegionDraft.objects.select_for_update().get(pk=draft.pk)
        if draft.kept_as is not None:  # the button was pressed twice
            return draft.kept_as
        ids = list(draft.locations.values_list("pk", flat=True))
        region = make_region(name=name, location_ids=ids, now=now, made_for=draft.made_for)
        if draft.replaces is not None:
            changed = Region.objects.filter(pk=draft.replaces.pk, removed_at=None)
            if changed.update(removed_at=now, replaced_by=region):
                _record("region_changed", draft.replaces.key, f"Eigen regio gewijzigd; zij is nu {region.key}", now=now)
        draft.kept_as = region
        draft.save(update_fields=["kept_as"])
    return region


def remove_region(region: Region, *, now: datetime) -> None:
    """Take an own region out of the lists; its forecasts stay on their permanent links."""
    with transaction.atomic():
        if Region.objects.filter(pk=region.pk, removed_at=None).update(removed_at=now):
            _record("region_removed", region.key, "Eigen regio verwijderd; haar prognoses blijven", now=now)


def _record(code: str, key: str, heading: str, *, now: datetime) -> None:
    record(f"regions.{code}", subject=f"regio:{key}", heading=heading, now=now, region=key)


def _free_code(name: str) -> str:
    stem = slugify(name)[: LONGEST_CODE - 4] or "regio"
    taken = set(Region.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return next(code for code in (stem, *(f"{stem}-{i}" for i in range(2, 1000))) if code not in taken)


def link_location(
    *, old_code: str, new_code: str | None, kind: LinkKind, since: date, share: float, source: str
) -> LocationLink:
    """Record what became of a location: merged, moved, split or closed; the forecast follows it from that day on.

    What a register only made likely makes way for it.

    Args:
        old_code: code of the location that goes.
        new_code: code of the location its learners go to; None for a closure.
        kind: what happened.
        since: first day of the new situation.
        share: part of the learners that goes to the new location (0-1).
        source: who told it.

    Raises:
        UnknownLocation: a code is not loaded.
        WrongLink: the link cannot be true, with the reason.
    """
    if (kind == LinkKind.CLOSURE) != (new_code is None):
        raise WrongLink("Een sluiting heeft geen nieuwe vestiging; elke andere verandering heeft er een.")
    if new_code and old_code.upper() == new_code.upper():
        raise WrongLink(f"{old_code} kan niet in zichzelf overgaan.")
    if not 0 < share <= 1:
        raise WrongLink(f"Het deel dat overgaat moet tussen 0 en 1 liggen; u gaf {share:g}.")
    with transaction.atomic():
        old = _location(old_code)
        new = _location(new_code) if new_code else None
        LocationLink.objects.filter(old=old, source__startswith=GUESSED).delete()  # who knows outweighs a guess
        others = LocationLink.objects.select_for_update().filter(old=old).exclude(new=new)
        if sum(others.values_list("share", flat=True)) + share > 1 + ROUNDING:
            raise WrongLink(f"Van {old_code} gaat dan meer dan 100 % over. Maak een van de delen kleiner.")
        link, _ = LocationLink.objects.update_or_create(
            old=old, new=new, defaults={"kind": kind, "since": since, "share": share, "source": source}
        )
        if old.board_id is None and new is not None:
            SchoolLocation.objects.filter(pk=old.pk).update(board_id=new.board_id)
        words = f"Vastgelegd wat er werd van {old.code}: {LinkKind(kind).label}"
        record("regions.location_linked", subject=f"vestiging:{old.code}", heading=words, now=timezone.now(),
               organisation=_board_of(old), details={"naar": new.code if new else "", "deel": share})  # fmt: skip
    return link


def undo_link(*, old_code: str, new_code: str | None) -> LocationLink:
    """Take back what was recorded of a location; without a new code its closure, or the only link it has.

    Raises:
        UnknownLocation: the old code is not loaded.
        WrongLink: there is no such link, with what there is.
    """
    with transaction.atomic():
        old = _location(old_code)
        links = list(LocationLink.objects.select_for_update(of=("self",)).filter(old=old).select_related("old", "new"))
        wanted = (new_code or "").upper()
        found = [link for link in links if (link.new.code if link.new else "") == wanted]
        if not wanted and not found and len(links) == 1:
            found = links
        if not found:
            known = ", ".join(f"{old.code} {link.new.code if link.new else '(sluiting)'}" for link in links)
            raise WrongLink(f"Dit is niet vastgelegd. Van {old.code} staat vast: {known or 'niets'}.")
        LocationLink.objects.filter(pk=found[0].pk).delete()
        words = f"Teruggenomen wat er werd van {old.code}"
        record("regions.link_undone", subject=f"vestiging:{old.code}", heading=words, now=timezone.now(), organisation=_board_of(old))  # fmt: skip
    return found[0]


def _board_of(location: SchoolLocation) -> str:
    return f"bestuur:{location.board_id}" if location.board_id else ""


def _location(code: str) -> SchoolLocation:
    found = SchoolLocation.objects.filter(code=code.upper()).first()
    if found is None:
        raise UnknownLocation(code)
    return found
