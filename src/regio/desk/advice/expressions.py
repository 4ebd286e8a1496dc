"""Conditions over answers with three values: yes (True), no (False) and unknown (None), after Kleene.

Written as people say them, and kept as tuples that hash, so that a partial answer makes a smaller condition once:

    sector is po/vo en (opleiding is hbo of niet ervaring is nee) en onbekend rol

`onbekend X` is itself yes or no: whether somebody answered X with "I do not know". "en" binds before "of".
"""

import re
from functools import lru_cache

from ..errors import BadRules

Expr = tuple | bool | None
UNKNOWN = "onbekend"
WORD = re.compile(r"\s*(\(|\)|[a-z_0-9]+(?:/[a-z_0-9]+)*)")


def parse(text: str) -> Expr:
    """Read a condition.

    Raises:
        BadRules: it is no condition, with the place.
    """
    words = _words(text)
    found, rest = _either(words)
    if rest:
        raise BadRules(f"“{text}”: na dit stuk begrijpen we “{rest[0]}” niet")
    return settle(found, "", "")


def _words(text: str) -> list[str]:
    words, at = [], 0
    while text[at:].strip():
        match = WORD.match(text, at)
        if match is None:
            raise BadRules(f"“{text}”: het teken “{text[at:].strip()[0]}” hoort hier niet")
        words.append(match[1])
        at = match.end()
    return words


def _either(words: list[str]) -> tuple[Expr, list[str]]:
    return _joined(words, "of", _both)


def _both(words: list[str]) -> tuple[Expr, list[str]]:
    return _joined(words, "en", _single)


def _joined(words: list[str], between: str, part: "object") -> tuple[Expr, list[str]]:
    one, rest = part(words)  # type: ignore[operator]
    parts = [one]
    while rest and rest[0] == between:
        one, rest = part(rest[1:])  # type: ignore[operator]
        parts.append(one)
    return (parts[0] if len(parts) == 1 else (between, *parts)), rest


def _single(words: list[str]) -> tuple[Expr, list[str]]:
    if not words:
        raise BadRules("de voorwaarde houdt midden in een zin op")
    first, rest = words[0], words[1:]
    if first == "altijd":
        return True, rest
    if first == "niet":
        inner, rest = _single(rest)
        return ("niet", inner), rest
    if first == "(":
        inner, rest = _either(rest)
        if not rest or rest[0] != ")":
            raise BadRules("een haakje gaat open en niet dicht")
        return inner, rest[1:]
    if first == UNKNOWN and rest and rest[0] not in ("is", "en", "of", ")"):
        return (UNKNOWN, rest[0]), rest[1:]
    if len(rest) < 2 or rest[0] != "is":
        raise BadRules(f"na “{first}” verwachten we “is” en een antwoord")
    return ("is", first, frozenset(rest[1].split("/"))), rest[2:]


@lru_cache(maxsize=200_000)
def settle(expr: Expr, fact: str, answer: str) -> Expr:
    """Return what is left of a condition when one fact is known; True, False or None where nothing is left."""
    if not isinstance(expr, tuple):
        return expr
    kind = expr[0]
    if kind == "is":
        if expr[1] != fact:
            return expr
        return None if answer == UNKNOWN else answer in expr[2]
    if kind == UNKNOWN:
        return answer == UNKNOWN if expr[1] == fact else expr
    if kind == "niet":
        return _negated(settle(expr[1], fact, answer))
    return _combined(kind, [settle(part, fact, answer) for part in expr[1:]])


def _negated(expr: Expr) -> Expr:
    if isinstance(expr, bool):
        return not expr
    return None if expr is None else ("niet", expr)


def _combined(kind: str, parts: list[Expr]) -> Expr:
    """Join parts: one that decides does, those that say nothing fall out, unknown stays once."""
    decides = kind == "of"
    if any(part is decides for part in parts):
        return decides
    left = tuple(dict.fromkeys(part for part in parts if part is not (not decides)))
    if not left:
        return not decides
    return left[0] if len(left) == 1 else (kind, *left)


@lru_cache(maxsize=50_000)
def facts_in(expr: Expr) -> frozenset[str]:
    """Return the facts a condition speaks of."""
    if not isinstance(expr, tuple):
        return frozenset()
    if expr[0] in ("is", UNKNOWN):
        return frozenset([expr[1]])
    return frozenset().union(*map(facts_in, expr[1:]))


def value(expr: Expr, answers: "dict[str, str]") -> bool | None:
    """Return yes, no or unknown; what was not answered is unknown."""
    for fact in facts_in(expr):
        expr = settle(expr, fact, answers.get(fact, UNKNOWN))
    expr = settle(expr, "", "")  # one that speaks of nothing
    assert not isinstance(expr, tuple), expr
    return expr


def answers_named(expr: Expr) -> set[tuple[str, str]]:
    """Return the (fact, answer) pairs a condition names, for the checker."""
    if not isinstance(expr, tuple):
        return set()
    if expr[0] == "is":
        return {(expr[1], answer) for answer in expr[2]}
    if expr[0] == UNKNOWN:
        return {(expr[1], UNKNOWN)}
    return set().union(*map(answers_named, expr[1:]))
