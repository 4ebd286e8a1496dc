"""Which municipality a place belongs to, whatever a file says about it: a code, an old code, a name or a postcode.

Codes change by mergers; figures of all years are added up by the municipalities and areas of the newest register.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable

from django.utils import timezone

from regio.regions.models import Municipality, MunicipalityChange, Postcode, SchoolLocation
from regio.shared.models import ImportFinding

PROVINCE_CODES = {  # CBS codes without the letters PV
    "groningen": "20", "fryslan": "21", "friesland": "21", "drenthe": "22", "overijssel": "23", "flevoland": "24",
    "gelderland": "25", "utrecht": "26", "noord holland": "27", "zuid holland": "28", "zeeland": "29",
    "noord brabant": "30", "limburg": "31",
}  # fmt: skip


def plain_name(name: str) -> str:
    """Return a name without case, accents and punctuation, so that spellings of publishers meet."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", " ", letters).strip()


def province_code(name: str) -> str:
    """Return the CBS code of a province, or a short form of its name when it is not one of the twelve."""
    plain = plain_name(name)
    return PROVINCE_CODES.get(plain, plain.replace(" ", "-")[:10])


def municipality_code(text: object) -> str:
    """Return a municipality code as four digits (`GM0344`, `344` and `0344` are the same), or an empty text."""
    digits = re.sub(r"\D", "", str(text or ""))
    return digits.zfill(4) if 0 < len(digits) <= 4 else ""


def _most(votes: dict[str, Counter[str]]) -> dict[str, str]:
    return {key: count.most_common(1)[0][0] for key, count in votes.items()}


class MunicipalityFinder:
    """Looks a municipality up by code, postcode, change of code, name or the other locations of a school."""

    def __init__(self) -> None:
        """Read what is known now; make a new finder after a load."""
        rows = list(Municipality.objects.values_list("code", "name", "rmc_code", "corop_code", "successor_id"))
        self.known = {code for code, _name, rmc, corop, _new in rows if rmc or corop}
        self.successor = {code: new for code, _n, _r, _c, new in rows if new}
        self.by_name = {plain_name(name): code for code, name, *_ in rows if code in self.known}
        changes = MunicipalityChange.objects.order_by("ended_on").values_list(
            "old_code", "current_code", "current_name"
        )
        self.changed = {old: (current, plain_name(name)) for old, current, name in changes}
        self._read_places()

    def _read_places(self) -> None:
        by_postcode: dict[str, Counter[str]] = defaultdict(Counter)
        by_brin: dict[str, Counter[str]] = defaultdict(Counter)
        places = SchoolLocation.objects.exclude(municipality=None)
        for postcode, brin, code, registered in places.values_list(
            "postcode", "school_id", "municipality_id", "in_register"
        ):
            by_brin[brin][code] += 1
            if registered and postcode:
                by_postcode[postcode[:4]][code] += 1
        known_postcodes = dict(Postcode.objects.exclude(municipality=None).values_list("pc4", "municipality_id"))
        self.by_postcode = {**known_postcodes, **_most(by_postcode)}
        self.by_brin = _most(by_brin)

    def find(self, *, code: str = "", name: str = "", postcode: str = "", brin: str = "") -> str | None:
        """Return a code that is in an area, else the code as given, else None."""
        if code in self.known:
            return code
        current, current_name = self.changed.get(code, ("", ""))
        candidates = [
            self.by_postcode.get(postcode[:4]), current, self.successor.get(code), self.by_name.get(plain_name(name)),
            self.by_name.get(current_name), self.by_brin.get(brin),
        ]  # fmt: skip
        return next((found for found in candidates if found and found in self.known), None) or code or None

    def find_name(self, name: str, *, postcode: str = "") -> str | None:
        """Return the code for a name (postcode as the second way), or None."""
        return self.by_name.get(plain_name(name)) or self.by_postcode.get(postcode[:4])


def add_unknown(codes_and_names: Iterable[tuple[str, str]]) -> None:
    """Make rows for municipalities that no area table names, so that a location can point at them."""
    rows = [Municipality(code=code, name=name[:80] or code) for code, name in dict(codes_and_names).items()]
    Municipality.objects.bulk_create(rows, ignore_conflicts=True)


def settle() -> None:
    """Give old municipalities their successor and its areas, and locations without one that of their school."""
    finder = MunicipalityFinder()
    for old in Municipality.objects.filter(rmc_code="", corop_code=""):
        successor = finder.find(code=old.code, name=old.name)
        if successor and successor != old.code:
            _follow(old, Municipality.objects.get(pk=successor))
    for location in SchoolLocation.objects.filter(municipality=None).select_related(None):
        code = finder.find(postcode=location.postcode, brin=location.school_id)
        if code:
            SchoolLocation.objects.filter(pk=location.pk).update(municipality_id=code)
    _resolve_findings()


def _resolve_findings() -> None:
    """Close the findings on locations without a municipality whose locations have one now."""
    lost = SchoolLocation.objects.filter(municipality=None).exclude(batch=None).values("batch")
    told = ImportFinding.objects.filter(code="R-302", message__contains="vestigingen", resolved_at=None)
    told.exclude(batch__in=lost).update(resolved_at=timezone.now())


def _follow(old: Municipality, new: Municipality) -> None:
    old.successor = new
    for name in ("province_code", "rpa_code", "rmc_code", "corop_code"):
        setattr(old, name, getattr(new, name))
    old.save()
