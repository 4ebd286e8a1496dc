"""Codes that a newer register no longer has: closed, or gone on under a new code at the same postcode.

A register says nothing about why a code is gone. What is saved is a link with the day halfway between the last register
that had the code and the first that had not. A link that people tell takes its place; a code that comes back loses it.
"""

from collections.abc import Collection
from datetime import date

from regio.regions.enums import GUESSED, LinkKind, LocationScheme, Sector
from regio.regions.models import LocationLink, SchoolLocation
from regio.shared.models import ImportBatch

SOURCE = GUESSED + " {:%Y-%m}"
SECTORS = (Sector.PO, Sector.VO)  # the sectors that these registers hold


def note_codes_gone(present: Collection[str], *, on: date, batch: ImportBatch) -> int:
    """Save a link for every registered code that this register lacks, and return how many; older registers say nothing.

    Args:
        present: the codes of this register.
        on: the day of this register.
        batch: the load that brought it; locations it made are the new codes.
    """
    earlier = ImportBatch.objects.filter(dataset=batch.dataset).exclude(pk=batch.pk)
    if earlier.filter(reference_date__gte=on).exists():
        return 0
    LocationLink.objects.filter(old__code__in=present, source__startswith=GUESSED).delete()
    gone = SchoolLocation.objects.filter(
        scheme=LocationScheme.DUO, in_register=True, sector__in=SECTORS, links_onward=None
    ).exclude(code__in=present)
    since = _halfway(earlier.order_by("-reference_date").values_list("reference_date", flat=True).first(), on)
    fresh = _new_codes_by_address(batch)
    links = [link for location in gone for link in _links(location, fresh, since, SOURCE.format(on))]
    LocationLink.objects.bulk_create(links, batch_size=400)
    return len(links)


def _halfway(before: date | None, on: date) -> date:
    return before + (on - before) / 2 if before else on


def _new_codes_by_address(batch: ImportBatch) -> dict[tuple[str, str], list[SchoolLocation]]:
    found: dict[tuple[str, str], list[SchoolLocation]] = {}
    for location in SchoolLocation.objects.filter(batch=batch).exclude(postcode=""):
        found.setdefault((location.sector, location.postcode), []).append(location)
    return found


def _links(
    old: SchoolLocation, fresh: dict[tuple[str, str], list[SchoolLocation]], since: date, source: str
) -> list[LocationLink]:
    heirs = fresh.get((old.sector, old.postcode), [])
    if not heirs:
        return [LocationLink(old=old, new=None, kind=LinkKind.CLOSURE, since=since, source=source)]
    kind = LinkKind.MOVE if len(heirs) == 1 else LinkKind.SPLIT
    return [
        LocationLink(old=old, new=heir, kind=kind, since=since, share=1 / len(heirs), source=source) for heir in heirs
    ]
