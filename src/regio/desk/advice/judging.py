"""Per route: fits, almost or no, with the answers that led there, what is missing and what to do next.

Unknown never means no: a route falls away only by an answer that rules it out. Order: first where the least is open that
somebody must work on alone (finding a school is done together and does not count), then who is soonest in class, then
who is soonest qualified.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

from .expressions import UNKNOWN, Expr, answers_named, facts_in, settle, value
from .rules import HARD, TOGETHER, Condition, Question, Route, RuleSet
from .walking import State, converse

FITS, ALMOST, NO = "past", "bijna", "niet"
MOST_SHOWN = 5


@dataclass(frozen=True)
class Open:
    """One thing that stands between somebody and a route: what, what to do, and whether it is only not known."""

    missing: str
    action: str
    is_unknown: bool


@dataclass(frozen=True)
class Judgement:
    """A route for one person; `is_meant` where it is known that it is meant for people like this."""

    route: Route
    verdict: str
    is_meant: bool
    first_step: str
    reasons: tuple[tuple[Question, str], ...]  # the answers that speak for it
    open: tuple[Open, ...]


@dataclass(frozen=True)
class Advice:
    """What somebody gets to see."""

    told: tuple[tuple[Question, str], ...]
    shown: tuple[Judgement, ...]
    more: int  # how many fit less well and are not shown
    refused: tuple[Judgement, ...]  # meant for this wish, ruled out by an answer


def ranked(rules: RuleSet, state: State) -> list[int]:
    """Return the routes of a finished conversation, best first; the safety net where nothing else is left."""
    order = sorted(state, key=lambda left: _rank(rules, left))
    found = [left[0] for left in order]
    return found or [i for i, one in enumerate(rules.routes) if one.is_safety_net]


def _rank(rules: RuleSet, left: tuple[int, Expr, tuple[Expr, ...]]) -> tuple[bool, int, float, float, int]:
    index, scope, rest = left
    route = rules.routes[index]
    to_do = sum(
        one is not True and condition.kind != TOGETHER for condition, one in zip(route.conditions, rest, strict=True)
    )
    return scope is not True, to_do, _months(route.to_class[1]), _months(route.to_qualified[1]), index


def _months(number: int | None) -> float:
    return inf if number is None else number


def advise(rules: RuleSet, answers: Mapping[str, str], *, language: str = "nl") -> Advice:
    """Return the advice for these answers; what was not answered is unknown."""
    conversation = converse(rules, answers, rest_is_unknown=True)
    known = {question.code: answer for question, answer in conversation.told}
    order = ranked(rules, conversation.state)
    shown = tuple(_judge(rules, rules.routes[i], known, language) for i in order[:MOST_SHOWN])
    out = [one for i, one in enumerate(rules.routes) if i not in order and value(one.meant_for, known) is True]
    refused = tuple(_judge(rules, one, known, language) for one in out)
    return Advice(told=conversation.told, shown=shown, more=max(len(order) - MOST_SHOWN, 0), refused=refused)


def _judge(rules: RuleSet, route: Route, known: dict[str, str], language: str) -> Judgement:
    scope = value(route.meant_for, known)
    states = [(one, value(one.when, known)) for one in route.conditions]
    hard = [one for one, state in states if state is False and one.kind == HARD]
    open_ones = [_lacking(one, language) for one, state in states if state is False]
    unknown = [route.meant_for] if scope is None else []
    unknown += [one.when for one, state in states if state is None]
    open_ones += _not_known(rules, unknown, known, language)
    verdict = NO if hard else FITS if scope is True and not open_ones else ALMOST
    spoke = [route.meant_for, *(one.when for one, state in states if state is True)]
    first = next(text for when, text in route.first_steps if value(when, known) is True)
    return Judgement(
        route, verdict, scope is True, first[language], tuple(_reasons(rules, spoke, known)), tuple(open_ones)
    )


def _lacking(condition: Condition, language: str) -> Open:
    return Open(condition.missing[language], condition.action[language], is_unknown=False)


def _not_known(rules: RuleSet, expressions: list[Expr], known: dict[str, str], language: str) -> list[Open]:
    """Return per fact that is not known and could decide: what it is and how to find out."""
    facts = frozenset().union(*(facts_in(_left_of(one, known)) for one in expressions))
    before = {"nl": "Nog niet bekend: ", "en": "Not known yet: "}[language]
    return [
        Open(f"{before}{one.short[language]}.", one.find_out[language], is_unknown=True)
        for one in rules.questions
        if one.code in facts
    ]


def _left_of(expr: Expr, known: dict[str, str]) -> Expr:
    for fact, answer in known.items():
        expr = expr if answer == UNKNOWN else settle(expr, fact, answer)
    return expr


def _reasons(rules: RuleSet, expressions: list[Expr], known: dict[str, str]) -> list[tuple[Question, str]]:
    """Return the answers without which one of these conditions would not hold."""
    deciding = {fact for one in expressions for fact in facts_in(one) if _decides(one, fact, known)}
    return [(one, known[one.code]) for one in rules.questions if one.code in deciding]


def _decides(expr: Expr, fact: str, known: dict[str, str]) -> bool:
    """Tell whether this answer, also that one does not know, makes the condition what it is."""
    if known.get(fact) == UNKNOWN:
        return (fact, UNKNOWN) in answers_named(expr)
    return fact in known and value(expr, known | {fact: UNKNOWN}) is not value(expr, known)
