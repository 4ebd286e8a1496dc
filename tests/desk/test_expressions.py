"""Conditions with three values: they follow Kleene, and knowing more never takes back a yes or a no."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regio.desk.advice.expressions import UNKNOWN, facts_in, parse, settle, value
from regio.desk.errors import BadRules

FACTS, VALUES = ("kleur", "maat", "vorm"), ("a", "b")
leaves = st.one_of(
    st.sampled_from([True, False, None]),
    st.tuples(st.just("is"), st.sampled_from(FACTS), st.sets(st.sampled_from(VALUES), min_size=1).map(frozenset)),
)
expressions = st.recursive(
    leaves,
    lambda inner: st.one_of(st.tuples(st.just("niet"), inner), st.tuples(st.sampled_from(["en", "of"]), inner, inner)),
    max_leaves=8,
)
answers = st.dictionaries(st.sampled_from(FACTS), st.sampled_from([*VALUES, UNKNOWN]))


def kleene(expr, told):
    """Kleene's tables with no = 0, unknown = 1, yes = 2: and is the smallest, or the largest, not the mirror."""
    number = {False: 0, None: 1, True: 2}
    if not isinstance(expr, tuple):
        return number[expr]
    if expr[0] == "is":
        answer = told.get(expr[1], UNKNOWN)
        return 1 if answer == UNKNOWN else 2 * (answer in expr[2])
    if expr[0] == "niet":
        return 2 - kleene(expr[1], told)
    return (min if expr[0] == "en" else max)(kleene(one, told) for one in expr[1:])


@given(expressions, answers)
def test_a_condition_follows_the_tables_of_kleene(expr, told):
    assert value(expr, told) is {0: False, 1: None, 2: True}[kleene(expr, told)]


@given(expressions, answers, st.sampled_from(FACTS), st.sampled_from(VALUES))
def test_knowing_more_never_takes_back_a_yes_or_a_no(expr, told, fact, answer):
    before = value(expr, told | {fact: UNKNOWN})
    if before is not None:
        assert value(expr, told | {fact: answer}) is before


@given(expressions, st.permutations([("kleur", "a"), ("maat", UNKNOWN), ("vorm", "b")]))
def test_the_order_of_the_answers_does_not_matter(expr, told):
    left = expr
    for fact, answer in told:
        left = settle(left, fact, answer)
        assert fact not in facts_in(left)
    assert left is value(expr, dict(told))


def test_a_condition_reads_as_people_say_it():
    expr = parse("sector is po/vo en (opleiding is hbo of niet ervaring is nee)")
    assert value(expr, {"sector": "po", "opleiding": "hbo"}) is True
    assert value(expr, {"sector": "po"}) is None
    assert value(expr, {"sector": "mbo", "opleiding": "hbo"}) is False
    assert value(parse("onbekend rol"), {"rol": "leraar"}) is False
    assert value(parse("onbekend rol of rol is gast"), {}) is True


@pytest.mark.parametrize(
    "text", ["", "sector", "sector is", "(sector is po", "sector is po vo", "sector is po of", "sector = po", "niet"]
)
def test_what_is_no_condition_is_refused_with_the_place(text):
    with pytest.raises(BadRules, match=r"\w"):
        parse(text)
