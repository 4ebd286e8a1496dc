"""Who may use which address of this app. Everybody reads; who leads a region changes what belongs to that region.

To lead: programme manager or administrator of the region, or of the whole installation. A region that people composed
themselves belongs to the organisation for which it was made; one without (made on an open installation) to who leads the
installation. A location belongs to every region in which it lies.
"""

from collections.abc import Mapping
from typing import Any

from regio.accounts.access import EVERYONE, PUBLIC, Access, Who, holders_of
from regio.accounts.enums import OrganisationKind, Role
from regio.accounts.viewer import Viewer

from .enums import AreaKind
from .models import Region, RegionDraft, SchoolLocation

LEADING = (Role.PROGRAMME_MANAGER, Role.REGION_ADMIN)
INSTALLATION = f"{OrganisationKind.INSTALLATION}:"


def leads_installation(viewer: Viewer, names: Mapping[str, Any] | None = None) -> bool:
    """Tell whether the viewer leads the whole installation."""
    return viewer.has(*LEADING, organisation=INSTALLATION)


def leads(viewer: Viewer, key: str) -> bool:
    """Tell whether the viewer leads the region of this key, or the organisation that composed it."""
    if leads_installation(viewer) or viewer.has(*LEADING, organisation=f"{OrganisationKind.REGION}:{key}"):
        return True
    kind, _, code = key.partition(":")
    return kind == Region.KIND and code != "" and _is_for(viewer, Region.objects.filter(code=code).first())


def _is_for(viewer: Viewer, made: Region | RegionDraft | None) -> bool:
    return made is not None and made.made_for != "" and viewer.has(*LEADING, organisation=made.made_for)


def led_by(viewer: Viewer) -> list[str]:
    """Return the keys of the regions that the viewer leads, composed ones left out."""
    keys = sorted(viewer.organisations(OrganisationKind.REGION))
    return [key for key in keys if viewer.has(*LEADING, organisation=f"{OrganisationKind.REGION}:{key}")]


def makes_for(viewer: Viewer) -> str:
    """Return the organisation for which the viewer composes a region; "" on an open installation."""
    if viewer.is_local:
        return ""
    return f"{OrganisationKind.REGION}:{led[0]}" if (led := led_by(viewer)) else INSTALLATION


def _leads_named(viewer: Viewer, names: Mapping[str, Any]) -> bool:
    return leads(viewer, str(names.get("key", "")))


def _manages(viewer: Viewer, names: Mapping[str, Any]) -> bool:
    """Take the code of an own region, or the key of a page of it."""
    key = names.get("key") or f"{Region.KIND}:{names.get('code', '')}"
    return leads(viewer, str(key))


def _drafts(viewer: Viewer, names: Mapping[str, Any]) -> bool:
    draft = RegionDraft.objects.filter(code=names["draft"]).first() if "draft" in names else None
    if draft is None or leads_installation(viewer):
        return viewer.has(*LEADING)
    return _is_for(viewer, draft)


def _knows_location(viewer: Viewer, names: Mapping[str, Any]) -> bool:
    if leads_installation(viewer) or "code" not in names:
        return leads_installation(viewer)
    location = SchoolLocation.objects.filter(code=names.get("code", "")).select_related("municipality").first()
    return location is not None and any(leads(viewer, key) for key in _keys_of(location))


def _keys_of(location: SchoolLocation) -> list[str]:
    """Return the keys of the regions in which a location lies, composed ones left out."""
    place = location.municipality
    if place is None:
        return []
    codes = {AreaKind.RPA: place.rpa_code, AreaKind.RMC: place.rmc_code, AreaKind.COROP: place.corop_code,
             AreaKind.PROVINCIE: place.province_code, AreaKind.GEMEENTE: place.code}  # fmt: skip
    return [f"{kind}:{code}" for kind, code in codes.items() if code]


ROLES = "programmamanager of beheerder"
LEADERS = holders_of(*LEADING)
LEADS_INSTALLATION = Who(f"{ROLES} van de hele installatie", leads_installation)
LEADS_REGION = Who(f"{ROLES} van die regio of van de hele installatie", _leads_named)
MANAGES = Who(f"{ROLES} van de regio die haar samenstelde, of van de hele installatie", _manages)
DRAFTS = Who(f"{ROLES} van de regio die het ontwerp begon, of van de hele installatie", _drafts)
KNOWS_LOCATION = Who(f"{ROLES} van een regio waarin de vestiging ligt, of van de hele installatie", _knows_location)
ACCESS = {
    **dict.fromkeys(("regions", "region_in_our_letters", "set_in_our_letters", "code_in_our_letters"), PUBLIC),
    "own_region": Access(read=LEADERS, change=LEADERS),
    "draft": Access(read=DRAFTS, change=DRAFTS),
    **dict.fromkeys(("manage_region", "remove_region"), Access(read=MANAGES, change=MANAGES)),
    "what_became": Access(read=EVERYONE, change=KNOWS_LOCATION),
}
