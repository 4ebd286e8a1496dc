"""What is read of the desk: the edition in force for a region, drafts, older editions, and their rules."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db.models import Q

from regio.regions.models import SchoolLocation
from regio.regions.queries import locations_in

from .advice.rules import RuleSet, read_rules
from .enums import EditionKind
from .models import Edition
from .starting_set import national_page

NATIONAL = ""
RULES_KEPT = 32


def edition_in_force(kind: EditionKind, region_key: str) -> Edition | None:
    """Return a region's own edition, else the national one; None where neither was loaded (page texts have no national)."""
    found = Edition.objects.filter(kind=kind, region_key__in={region_key, NATIONAL}, replaced_at=None)
    return found.exclude(published_at=None).order_by("-region_key").first()


def edition_by_pk(pk: int, *, with_drafts: bool = False) -> Edition | None:
    """Return an edition of the advice, for an advice that was given with it; drafts for who may try them only."""
    found = Edition.objects.filter(pk=pk, kind=EditionKind.ADVICE)
    return (found if with_drafts else found.exclude(published_at=None)).first()


def draft_of(kind: EditionKind, region_key: str) -> Edition | None:
    """Return the draft of a region."""
    return Edition.objects.filter(kind=kind, region_key=region_key, published_at=None).first()


def editions_of(kind: EditionKind, region_key: str) -> list[Edition]:
    """Return the published editions of a region, newest first, without their content."""
    found = Edition.objects.filter(kind=kind, region_key=region_key).exclude(published_at=None)
    return list(found.defer("content").order_by("-number"))


def is_behind(kind: EditionKind, region_key: str) -> bool:
    """Tell whether the national edition was renewed after the region published its own."""
    in_force = Edition.objects.filter(kind=kind, replaced_at=None).exclude(published_at=None)
    own = in_force.filter(region_key=region_key).values_list("published_at", flat=True).first()
    return own is not None and in_force.filter(region_key=NATIONAL, published_at__gt=own).exists()


def own_edition(kind: EditionKind, region_key: str, number: int) -> Edition | None:
    """Return one published edition of a region with its content."""
    found = Edition.objects.filter(kind=kind, region_key=region_key, number=number)
    return found.exclude(published_at=None).first()


def rules_of(edition: Edition) -> RuleSet:
    """Return the rules of an edition; kept, since a published edition does not change and a draft has a revision."""
    return _kept_rules(edition.pk, edition.revision, _Unhashed(edition.content))


class _Unhashed:
    """Carries a tree past the cache, that knows it by the edition's key and revision."""

    def __init__(self, tree: Mapping[str, Any]) -> None:
        self.tree = tree

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Unhashed) and (self.tree is other.tree or self.tree == other.tree)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=RULES_KEPT)
def _kept_rules(pk: int, revision: int, held: _Unhashed) -> RuleSet:
    return read_rules(held.tree)


def page_of(region_key: str, *, as_draft: bool = False) -> Mapping[str, Any]:
    """Return name, colour, contact and texts of a region's desk; what the region left empty is the general text."""
    draft = draft_of(EditionKind.PAGE, region_key) if as_draft else None
    found = draft or edition_in_force(EditionKind.PAGE, region_key)
    return filled(found.content if found else {})


def filled(own: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a page with the general text wherever the region wrote none."""
    general = national_page()
    texts = {
        language: {name: own.get("teksten", {}).get(language, {}).get(name) or text for name, text in words.items()}
        for language, words in general["teksten"].items()
    }
    return {
        "naam": own.get("naam") or general["naam"], "kleur": own.get("kleur") or general["kleur"],
        "contact": general["contact"] | own.get("contact", {}), "teksten": texts,
    }  # fmt: skip


def municipalities_of(region_key: str) -> list[str]:
    """Return the municipalities with a registered location of the region, by name."""
    found = locations_in(region_key).filter(in_register=True, municipality__isnull=False).order_by("municipality__name")
    return list(found.values_list("municipality__name", flat=True).distinct())


def schools_of(region_key: str, *, words: str, sector: str) -> list[SchoolLocation]:
    """Return the registered locations of a region by place and name, narrowed by words in name or place and by sector."""
    found = locations_in(region_key).filter(in_register=True, **({"sector": sector} if sector else {}))
    for word in words.split():
        found = found.filter(Q(name__icontains=word) | Q(place__icontains=word) | Q(board__name__icontains=word))
    return list(found.select_related("board").order_by("place", "name", "code").distinct())
