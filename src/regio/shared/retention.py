"""How long what is kept of people stays: dated terms per kind of record and outcome, and what ends each of them.

`retention.yaml` holds the terms. Apps register for each which rows began before a moment (`register_rule`), so that one
question tells what goes now, what goes soon and, asked again afterwards, what is left. The nightly job that carries them out and writes
the trail is `regio.audit.retaining`.
"""

from collections.abc import Callable, Sized
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any

import yaml
from django.db.models import QuerySet
from django.utils.module_loading import import_string

SOON_DAYS = 30  # what the report shows as going soon, where a term says nothing


@dataclass(frozen=True)
class Term:
    """How long one kind of record with one outcome stays.

    Attributes:
        code: as the register of personal data names it.
        what: the kind of record, in Dutch.
        outcome: how it ended.
        counts_from: from when the days are counted.
        days: how many.
        does: "verwijderen" or "leegmaken".
        source: where the number comes from.
        assumption: whether it is a choice of this product.
        valued_on: since when it is this number.
        warns_days: how long before somebody is told; 0 = nobody.
    """

    code: str
    what: str
    outcome: str
    counts_from: str
    days: int
    does: str
    source: str
    assumption: bool
    valued_on: date
    warns_days: int = 0

    def began_before(self, now: datetime) -> datetime:
        """Return the moment before which a record must have begun to be at its end now."""
        return now - timedelta(days=self.days)


@dataclass(frozen=True)
class Rule:
    """Who carries a term out.

    Attributes:
        rows: dotted path of (before) -> rows or files whose days began before that moment.
        act: dotted path of (rows, now=…) -> how many went; "" deletes the rows.
    """

    rows: str
    act: str = ""


@dataclass(frozen=True)
class Outlook:
    """What a term does: how many go now, and how many go within `within_days`."""

    term: Term
    now: int
    soon: int
    within_days: int


_rules: dict[str, Rule] = {}
_warnings: list[str] = []


def register_rule(term: str, rows: str, act: str = "") -> None:
    """Make known who carries a term out; see `Rule`."""
    _rules[term] = Rule(rows, act)


def register_warning(path: str) -> None:
    """Make known who warns before an end: `path` is the dotted path of a function (now=…) -> how many were warned."""
    if path not in _warnings:
        _warnings.append(path)


def rules() -> dict[str, Rule]:
    """Return who carries out what, by code of the term."""
    return dict(_rules)


def warnings() -> list[Callable[..., int]]:
    """Return everything that warns."""
    return [import_string(path) for path in _warnings]


@cache
def terms() -> dict[str, Term]:
    """Return every term by its code, in the order of the file."""
    told = yaml.safe_load(resources.files(__package__).joinpath("retention.yaml").read_text(encoding="utf-8"))
    return {code: Term(code=code, valued_on=told["valued_on"], **values) for code, values in told["terms"].items()}


def at_their_end(term: Term, *, now: datetime) -> Any:
    """Return the rows or files whose term ended at this moment."""
    return import_string(_rules[term.code].rows)(term.began_before(now))


def outlook(*, now: datetime) -> list[Outlook]:
    """Return what every term does now and soon; nothing changes. Two counts per term."""
    return [outlook_of(term, now=now) for term in terms().values()]


def outlook_of(term: Term, *, now: datetime) -> Outlook:
    """Return what one term does now and soon."""
    within = term.warns_days or SOON_DAYS
    here = number_of(at_their_end(term, now=now))
    then = number_of(at_their_end(term, now=now + timedelta(days=within)))
    return Outlook(term, here, max(then - here, 0), within)


def number_of(rows: QuerySet[Any] | Sized) -> int:
    """Return how many rows or files these are."""
    return rows.count() if isinstance(rows, QuerySet) else len(rows)


def carry_out(term: Term, *, now: datetime) -> int:
    """End what is at its end; return how many. The caller holds the transaction."""
    rows, rule = at_their_end(term, now=now), _rules[term.code]
    if rule.act:
        return int(import_string(rule.act)(rows, now=now))
    number = number_of(rows)
    rows.delete()
    return number


def render_terms() -> str:
    """Return docs/nl/bewaartermijnen.md."""
    lines = [f"| `{one.code}` | {one.what} | {one.outcome} | {one.days} dagen na {one.counts_from} | {one.does} | {one.source}{' (*aanname*)' if one.assumption else ''} |" for one in terms().values()]  # fmt: skip
    head = HEAD.format(day=next(iter(terms().values())).valued_on.strftime("%d-%m-%Y"))
    return "\n".join([head, *lines]) + "\n"


HEAD = """# Bewaartermijnen

Gemaakt uit `retention.yaml`. Waarden van {day}. Elke nacht gaat weg wat aan het einde van zijn termijn is. Op de pagina
*Bewaartermijnen* staat wat er binnenkort weggaat en wat er wegging; `regio retention` laat hetzelfde zien zonder iets te
veranderen. Een termijn zonder wet erachter is een keuze van dit product en heet *aanname*.

Reservekopieën houden wat er op hun dag stond. Bewaar ze hoogstens 90 dagen (*aanname*, 20-11-2026): dan is wat hier weg is
na 90 dagen overal weg. Wie een kopie terugzet, krijgt van `regio restore` te horen welke personen en besturen daarna zijn
verwijderd, en het product verwijdert ze meteen opnieuw.

| code | wat | hoe het afliep | bewaren | daarna | waarom zo lang |
|---|---|---|---|---|---|"""
