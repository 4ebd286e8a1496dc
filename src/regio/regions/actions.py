"""What changes in the regions app: people make a region of their own, and tell what became of a location."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.text import slugify

from .enums import LinkKind
from .errors import UnknownLocation, WrongLink
from .models import LocationLink, Region, SchoolLocation

LONGEST_CODE = 40
ROUNDING = 1e-9  # 0.1 + 0.2 + 0.7 is not exactly 1


def make_region(*, name: str, location_ids: Sequence[int], now: datetime) -> Region:
    """Keep a named set of locations as a region; a name that is taken gets a number in its code."""
    with transaction.atomic():
        region = Region.objects.create(code=_free_code(name), name=name, created_at=now)
        region.locations.set(SchoolLocation.objects.filter(pk__in=location_ids))
    return region


def _free_code(name: str) -> str:
    stem = slugify(name)[: LONGEST_CODE - 4] or "regio"
    taken = set(Region.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return next(code for code in (stem, *(f"{stem}-{i}" for i in range(2, 1000))) if code not in taken)


def link_location(
    *, old_code: str, new_code: str | None, kind: LinkKind, since: date, share: float, source: str
) -> LocationLink:
    """Record what became of a location: merged, moved, split or closed; the forecast follows it from that day on.

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
        others = LocationLink.objects.select_for_update().filter(old=old).exclude(new=new)
        if sum(others.values_list("share", flat=True)) + share > 1 + ROUNDING:
            raise WrongLink(f"Van {old_code} gaat dan meer dan 100 % over. Maak een van de delen kleiner.")
        link, _ = LocationLink.objects.update_or_create(
            old=old, new=new, defaults={"kind": kind, "since": since, "share": share, "source": source}
        )
        if old.board_id is None and new is not None:
            SchoolLocation.objects.filter(pk=old.pk).update(board_id=new.board_id)
    return link


def _location(code: str) -> SchoolLocation:
    found = SchoolLocation.objects.filter(code=code.upper()).first()
    if found is None:
        raise UnknownLocation(code)
    return found
