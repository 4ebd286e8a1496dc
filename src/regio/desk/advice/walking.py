"""What still matters: a conversation as a state that shrinks with each answer.

A state holds, per route that is still possible, what is left of its conditions. A question matters while some condition
that is left speaks of its fact; what does not matter is not asked. Two conversations with the same state get the same
advice, so all answers can be walked through by walking the states.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .expressions import UNKNOWN, Expr, facts_in, settle, value
from .rules import HARD, Answer, Question, RuleSet

# (index of the route, what is left of for whom it is meant, what is left of each condition)
Left = tuple[int, Expr, tuple[Expr, ...]]
State = tuple[Left, ...]


@dataclass(frozen=True)
class Conversation:
    """Where somebody stands.

    Attributes:
        told: the answers that matter, in the order of the questions.
        asks: the next question, None when nothing is left to ask.
        offers: the answers to offer there.
        state: what is left per route.
    """

    told: tuple[tuple[Question, str], ...]
    asks: Question | None
    offers: tuple[Answer, ...]
    state: State


def start(rules: RuleSet) -> State:
    """Return the state before the first answer."""
    return _still_possible(
        rules, tuple((i, one.meant_for, tuple(c.when for c in one.conditions)) for i, one in enumerate(rules.routes))
    )


def settled(rules: RuleSet, state: State, fact: str, *, answer: str) -> State:
    """Return the state after one answer."""
    left = tuple(
        (i, settle(scope, fact, answer), tuple(settle(one, fact, answer) for one in rest)) for i, scope, rest in state
    )
    return _still_possible(rules, left)


def _still_possible(rules: RuleSet, state: State) -> State:
    """Leave out routes that are not meant for this person, or that ask what cannot be arranged."""
    return tuple(one for one in state if one[1] is not False and not _is_blocked(rules, one))


def _is_blocked(rules: RuleSet, left: Left) -> bool:
    return any(
        rest is False and condition.kind == HARD
        for condition, rest in zip(rules.routes[left[0]].conditions, left[2], strict=True)
    )


def facts_that_matter(state: State) -> frozenset[str]:
    """Return the facts that some condition still speaks of."""
    return frozenset().union(*(facts_in(one) for _, scope, rest in state for one in (scope, *rest)))


def converse(rules: RuleSet, answers: Mapping[str, str], *, rest_is_unknown: bool = False) -> Conversation:
    """Go through the questions in order with these answers, up to the first that matters and has none.

    Args:
        answers: fact → answer; one that is not offered counts as unknown, one that does not matter is left out.
        rest_is_unknown: go on to the end, with what was not answered as unknown.
    """
    state = start(rules)
    told: list[tuple[Question, str]] = []
    known: dict[str, str] = {}
    for question in rules.questions:
        if question.code not in facts_that_matter(state):
            continue
        if value(question.asked_if, known) is not True:
            state = settled(rules, state, question.code, answer=UNKNOWN)
            continue
        offers = offered(question, known)
        answer = answers.get(question.code, UNKNOWN if rest_is_unknown else None)
        if answer is None:
            return Conversation(tuple(told), question, offers, state)
        answer = answer if answer in {one.code for one in offers} else UNKNOWN
        known[question.code] = answer
        if question.code in answers:
            told.append((question, answer))
        state = settled(rules, state, question.code, answer=answer)
    return Conversation(tuple(told), None, (), state)


def offered(question: Question, known: dict[str, str]) -> tuple[Answer, ...]:
    """Return the answers to offer to somebody who told this."""
    return tuple(one for one in question.answers if value(one.shown_if, known) is True)
