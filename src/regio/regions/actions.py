"""What changes in the regions app: people make a region of their own."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from .models import Region, SchoolLocation

LONGEST_CODE = 40


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
