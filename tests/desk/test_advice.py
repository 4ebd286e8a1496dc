"""A4, L4: the advice says what an experienced adviser would say to 36 people, and unknown never means no."""

import random

import pytest

from regio.desk.advice.expressions import UNKNOWN
from regio.desk.advice.judging import ALMOST, FITS, MOST_SHOWN, NO, advise
from regio.desk.advice.rules import possible_answers
from regio.desk.advice.walking import converse


def test_36_people_hear_first_what_was_written_down_before_the_rules(rules, people):
    assert len(people) == 36
    assert [sum(one["antwoorden"]["sector"] == sector for one in people) for sector in ("po", "vo", "mbo")] == [12] * 3
    heard = {one["code"]: advise(rules, one["antwoorden"]).shown[0].route.code for one in people}
    assert {code for code, route in heard.items() if route != _of(people, code)["eerst"]} == set()


def _of(people, code):
    return next(one for one in people if one["code"] == code)


def test_the_statushouder_hears_what_is_still_missing_and_what_to_do(rules, people):
    advice = advise(rules, _of(people, "vo05")["antwoorden"])
    first, second = advice.shown[:2]
    assert (first.route.code, first.verdict) == ("R19", FITS)
    assert (second.route.code, second.verdict) == ("R11", ALMOST)
    assert [one.action for one in second.open] == [
        "Haal het staatsexamen NT2 programma II.",
        "Laat uw diploma waarderen. Vraag het loket waar dat kan.",
        "Zoek een school, samen met het loket.",
    ]


def test_the_assistant_hears_why_a_route_is_out(rules, people):
    advice = advise(rules, _of(people, "po02")["antwoorden"])
    assert [(one.route.code, one.verdict, one.open[0].missing) for one in advice.refused] == [
        ("R02", NO, "Deze route vraagt een diploma van hbo of universiteit.")
    ]


def test_a_result_cites_the_answers_that_led_to_it(rules, people):
    first = advise(rules, _of(people, "po01")["antwoorden"]).shown[0]
    assert [(question.code, answer) for question, answer in first.reasons] == [
        ("sector", "po"), ("rol", "leraar"), ("bevoegdheid", "geen"), ("opleiding", "hbo"), ("land", "nederland"),
    ]  # fmt: skip


def test_what_cannot_change_the_advice_is_not_asked(rules):
    told = {"sector": "po", "rol": "schoolleider"}
    assert converse(rules, told).asks is None
    told = {"sector": "po", "rol": "leraar", "bevoegdheid": "po"}
    assert converse(rules, told).asks is None
    assert converse(rules, {"sector": UNKNOWN, "rol": "leraar"}).asks is None


def test_answers_that_are_not_offered_count_as_unknown(rules):
    told = converse(rules, {"sector": "po", "rol": "instructeur"}).told
    assert [(question.code, answer) for question, answer in told] == [("sector", "po"), ("rol", UNKNOWN)]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_any_answers_get_at_most_five_routes_in_order_with_a_next_step(rules, language):
    for told in _any_answers(rules, number=400):
        advice = advise(rules, told, language=language)
        assert 1 <= len(advice.shown) <= MOST_SHOWN
        for one in advice.shown:
            assert one.verdict in (FITS, ALMOST)
            assert (one.verdict == FITS) == (not one.open)
            assert all(item.missing and item.action for item in one.open)
        assert all(one.verdict == NO and one.open for one in advice.refused)


def test_unknown_never_means_no(rules):
    """Who does not know keeps every route that some answer would have left."""
    for told in _any_answers(rules, number=400):
        told = {question.code: answer for question, answer in converse(rules, told).told}  # those that were offered
        left = _routes_left(rules, told)
        for fact in told:
            assert left <= _routes_left(rules, told | {fact: UNKNOWN}) | {"L02"}, (told, fact)


def _routes_left(rules, told):
    return {rules.routes[i].code for i, *_ in converse(rules, told, rest_is_unknown=True).state}


def _any_answers(rules, *, number):
    chance = random.Random(20261120)
    for _ in range(number):
        yield {one.code: chance.choice(possible_answers(one)) for one in rules.questions}
