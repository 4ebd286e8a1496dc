"""What changes at the desk: a region makes a draft of an edition, changes it, publishes it, or goes back to an older one.

The national edition of the advice comes with the product and is published when it differs from the one before.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.models import Max

from regio.audit.actions import record

from .advice.checking import problems_in, walk_everything
from .advice.rules import read_rules
from .enums import EditionKind
from .errors import NotPublishable, Overtaken
from .models import Edition
from .queries import NATIONAL, edition_in_force, own_edition, rules_of
from .starting_set import national_page, national_tree

ORIGIN_OF_NATIONAL = "kwam mee met het programma"


def publish_national(*, now: datetime) -> Edition | None:
    """Publish the starting set as the national edition, when it is not in force yet; return it where it is new."""
    tree = national_tree()
    with transaction.atomic():
        held = Edition.objects.filter(kind=EditionKind.ADVICE, region_key=NATIONAL, replaced_at=None).first()
        if held is not None and held.content == tree:
            return None
        draft = _draft(EditionKind.ADVICE, NATIONAL, content=tree, origin=ORIGIN_OF_NATIONAL, now=now)
        return _put_in_force(draft, now=now)


def start_draft(kind: EditionKind, region_key: str, *, now: datetime) -> Edition:
    """Return the draft of a region; a new one begins as the edition in force."""
    with transaction.atomic():
        found = Edition.objects.filter(kind=kind, region_key=region_key, published_at=None).first()
        if found is not None:
            return found
        held = edition_in_force(kind, region_key)
        content = held.content if held else national_page()
        draft = _draft(kind, region_key, content=content, origin=_origin(held), now=now)
        if held is not None:
            Edition.objects.filter(pk=draft.pk).update(outcome=held.outcome)
        _record("draft_started", draft, f"Ontwerp begonnen van {draft.get_kind_display()}", now=now)
    return draft


def _origin(held: Edition | None) -> str:
    if held is None:
        return "de algemene teksten"
    return f"{'uitgave' if held.region_key else 'landelijke uitgave'} {held.number}"


def change_draft(draft: Edition, content: Mapping[str, Any], *, revision: int, words: str, now: datetime) -> Edition:
    """Keep a change of a draft, by somebody who looked at this revision of it.

    Raises:
        Overtaken: somebody changed it meanwhile, or published or threw it away.
        BadRules: it is no set of rules any more.
    """
    with transaction.atomic():
        held = Edition.objects.select_for_update().filter(pk=draft.pk, published_at=None).first()
        if held is None or held.revision != revision:
            raise Overtaken
        held.content, held.outcome, held.revision, held.changed_at = dict(content), None, revision + 1, now
        if held.kind == EditionKind.ADVICE:
            rules_of(held)
        held.save()
        _record("draft_changed", held, words, now=now)
    return held


def walk_draft(draft: Edition) -> dict[str, Any]:
    """Return what everything people can answer leads to under these rules; walked once per content."""
    if draft.outcome is None:
        draft.outcome = _walked(json.dumps(draft.content, sort_keys=True))
        Edition.objects.filter(pk=draft.pk, revision=draft.revision).update(outcome=draft.outcome)
    return draft.outcome


@lru_cache(maxsize=8)
def _walked(content: str) -> dict[str, Any]:
    rules = read_rules(json.loads(content))
    outcome = walk_everything(rules)
    return {
        "ways": outcome.ways, "states": outcome.states, "longest": outcome.longest, "first": dict(outcome.first),
        "is_pairwise": outcome.is_pairwise, "problems": problems_in(rules, outcome),
    }  # fmt: skip


def publish(draft: Edition, *, revision: int, now: datetime) -> Edition:
    """Put a draft in force, in place of the region's edition of now.

    Raises:
        Overtaken: it is not the revision that was looked at, or no draft any more.
        NotPublishable: the checker found a dead end, an orphan, a cycle or answers without a result.
    """
    with transaction.atomic():
        held = Edition.objects.select_for_update().filter(pk=draft.pk, published_at=None).first()
        if held is None or held.revision != revision:
            raise Overtaken
        if held.kind == EditionKind.ADVICE and (problems := walk_draft(held)["problems"]):
            raise NotPublishable(problems)
        return _put_in_force(held, now=now)


def go_back(kind: EditionKind, region_key: str, *, number: int, now: datetime) -> Edition:
    """Publish an older edition of a region again, as a new one; a draft stays as it is.

    Raises:
        Overtaken: the region has no such edition.
    """
    with transaction.atomic():
        old = own_edition(kind, region_key, number)
        if old is None:
            raise Overtaken
        again = _new(kind, region_key, content=old.content, origin=f"uitgave {number}", now=now)
        again.outcome = old.outcome
        return _put_in_force(again, now=now)


def follow_national(kind: EditionKind, region_key: str, *, now: datetime) -> None:
    """Let a region use the national routes, or the general texts, again; its own editions stay."""
    with transaction.atomic():
        held = Edition.objects.select_for_update().filter(kind=kind, region_key=region_key, replaced_at=None)
        own = held.exclude(published_at=None).first()
        if own is not None and region_key != NATIONAL:
            Edition.objects.filter(pk=own.pk).update(replaced_at=now)
            _record("national_followed", own, f"Volgt weer wat landelijk geldt: {own.get_kind_display()}", now=now)


def throw_away(draft: Edition, *, now: datetime) -> None:
    """Remove a draft; what is in force stays."""
    with transaction.atomic():
        if Edition.objects.filter(pk=draft.pk, published_at=None).delete()[0]:
            _record("draft_thrown_away", draft, f"Ontwerp weggegooid van {draft.get_kind_display()}", now=now)


def _draft(kind: str, region_key: str, *, content: Mapping[str, Any], origin: str, now: datetime) -> Edition:
    draft = _new(kind, region_key, content=content, origin=origin, now=now)
    draft.save()
    return draft


def _new(kind: str, region_key: str, *, content: Mapping[str, Any], origin: str, now: datetime) -> Edition:
    last = Edition.objects.filter(kind=kind, region_key=region_key).aggregate(last=Max("number"))["last"] or 0
    return Edition(
        kind=kind, region_key=region_key, number=last + 1, content=dict(content), origin=origin, changed_at=now,
    )  # fmt: skip


def _put_in_force(edition: Edition, *, now: datetime) -> Edition:
    held = Edition.objects.filter(kind=edition.kind, region_key=edition.region_key, replaced_at=None)
    held.exclude(published_at=None).update(replaced_at=now)
    edition.published_at = now
    edition.save()
    _record(
        "edition_published", edition, f"Uitgave {edition.number} gepubliceerd van {edition.get_kind_display()}", now=now
    )
    return edition


def _record(code: str, edition: Edition, heading: str, *, now: datetime) -> None:
    if edition.region_key == NATIONAL:  # came with the product: nobody here did it
        return
    record(
        f"desk.{code}", subject=f"uitgave:{edition.pk}", heading=heading, now=now, region=edition.region_key,
        details={"soort": edition.kind, "uitgave": edition.number},
    )  # fmt: skip
