"""L5: everything that can be answered is tried; a set with a dead end, orphan, cycle or no result is refused."""

import copy
import math
from collections import Counter

import pytest

from regio.desk.advice.checking import problems_in, walk_everything
from regio.desk.advice.expressions import UNKNOWN
from regio.desk.advice.judging import advise
from regio.desk.advice.rules import read_rules
from regio.desk.advice.walking import converse
from regio.desk.errors import BadRules
from regio.desk.starting_set import national_tree


def test_all_answers_lead_to_a_route(rules, outcome):
    """All 159,462 ways through the questions are tried, under the cap of 200,000; equal conversations are walked once."""
    combinations = math.prod(len(one.answers) + 1 for one in rules.questions)
    print(f"{len(rules.questions)} feiten: {', '.join(one.code for one in rules.questions)}")
    print(f"{combinations} combinaties, {outcome.ways} verschillende gesprekken in {outcome.states} toestanden")
    assert not outcome.is_pairwise
    assert problems_in(rules, outcome) == []
    assert sum(outcome.first.values()) == outcome.ways == 159_462
    assert outcome.shown == {one.code for one in rules.routes}
    assert outcome.longest <= 12


def test_walking_equal_conversations_once_counts_what_walking_each_of_them_counts():
    """On the part of who wants to be a guest teacher or an instructor, walked one by one with the words people choose."""
    tree = copy.deepcopy(national_tree())
    roles = tree["vragen"][1]
    roles["antwoorden"] = [one for one in roles["antwoorden"] if one["code"] in ("gast", "instructeur")]
    rules, first = read_rules(tree), Counter()

    def talk(told):
        asks = converse(rules, told)
        if asks.asks is None:
            first[advise(rules, told).shown[0].route.code] += 1
            return
        for answer in (*(one.code for one in asks.offers), UNKNOWN):
            talk(told | {asks.asks.code: answer})

    talk({})
    outcome = walk_everything(rules)
    assert outcome.first == first
    assert outcome.ways == sum(first.values()) > 500


def changed(change):
    tree = copy.deepcopy(national_tree())
    change(tree)
    rules = read_rules(tree)
    return problems_in(rules, walk_everything(rules))


def small(tree):
    """Keep the leader, the supporter and the safety net, so that a mistake is found in no time."""
    tree["routes"] = [one for one in tree["routes"] if one["code"] in ("R23", "L01", "L02")]
    tree["vragen"] = tree["vragen"][:2]
    tree["posities"] = [one for one in tree["posities"] if one["rol"] in ("ondersteuner", "schoolleider")]
    tree["vragen"][1]["antwoorden"] = [one for one in tree["vragen"][1]["antwoorden"] if one["code"] in ("ondersteuner", "schoolleider")]  # fmt: skip
    tree["eisen"], tree["geld"] = [], [one for one in tree["geld"] if one["code"] in ("salaris", "regio")]
    tree["bronnen"] = [one for one in tree["bronnen"] if one["code"] in ("buitenkans", "aanname", "voion_bundel")]
    tree["bevoegdheden"] = [one for one in tree["bevoegdheden"] if one["code"] in ("geen", "leiding")]


def planted(change):
    def both(tree):
        small(tree)
        change(tree)

    return changed(both)


def test_a_small_set_is_in_order():
    assert changed(small) == []


def test_answers_without_a_result_are_refused():
    def change(tree):
        tree["routes"] = [one for one in tree["routes"] if one["code"] != "L02"]

    assert planted(change) == ["Wees: de vraag “Waar wilt u werken?” wordt nooit gesteld."]  # unknown is no no

    def narrower(tree):
        change(tree)
        tree["routes"][0]["voor"] = "rol is schoolleider en sector is po"

    assert (
        planted(narrower)[0]
        == "Zonder uitkomst: wie dit antwoordt, krijgt geen route: sector = vo, rol = schoolleider."
    )


def test_a_position_that_no_route_leads_to_is_a_dead_end():
    def change(tree):
        tree["posities"][0]["bevoegdheden"] = ["leiding"]

    assert planted(change) == ["Doodlopend: geen route leidt naar ondersteuner in het po."]


def test_a_question_without_an_answer_to_offer_is_a_dead_end():
    def change(tree):
        for one in tree["vragen"][1]["antwoorden"]:
            one["toon"] = "sector is po/vo"

    assert "Doodlopend: bij de vraag rol is er soms geen enkel antwoord om te kiezen." in planted(change)


def test_a_cycle_is_refused():
    def change(tree):
        tree["vragen"][0]["als"] = "rol is ondersteuner"

    assert planted(change)[0].startswith("Kring: de vraag “Waar wilt u werken?” hangt af van rol")


def test_orphans_are_refused():
    def change(tree):
        tree["routes"].append(copy.deepcopy(tree["routes"][0]) | {"code": "X1", "voor": "niet altijd"})
        tree["vragen"][1]["antwoorden"][0]["toon"] = "sector is po en sector is vo"
        tree["bronnen"].append(tree["bronnen"][0] | {"code": "los"})

    found = planted(change)
    assert "Wees: niemand krijgt route X1 (Schoolleider worden) te zien." in found
    assert "Wees: het antwoord “Ondersteuner in de klas, zoals onderwijsassistent” wordt nooit aangeboden." in found
    assert "Wees: de bron “los” wordt nergens gebruikt." in found


def test_an_answer_that_does_not_exist_is_refused():
    def change(tree):
        tree["routes"][1]["voor"] = "rol is ondersteuner of rol is kok"

    assert planted(change)[0] == "Route L01 noemt het antwoord “kok” bij rol; dat antwoord bestaat niet."


def test_above_the_cap_every_pair_is_tried_and_the_outcome_says_so(rules):
    tree = copy.deepcopy(national_tree())
    small(tree)
    rules = read_rules(tree)
    outcome = walk_everything(rules, cap=3)
    assert outcome.is_pairwise
    assert outcome.ways == 4 * 3
    assert problems_in(rules, outcome) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda tree: tree.pop("geld"), "deze delen ontbreken: geld"),
        (lambda tree: tree["routes"][0].pop("voor"), "route R20: er ontbreekt 'voor'"),
        (lambda tree: tree["routes"][0]["naam"].update(en=""), "route R20: een tekst is leeg"),
        (lambda tree: tree["routes"][0]["klas"].update(van=9), "route R20: van 9 tot 3 maanden kan niet"),
        (lambda tree: tree["routes"][0]["eisen"].append("bestaat_niet"), "de eis “bestaat_niet” bestaat niet"),
        (lambda tree: tree["routes"][0].update(bronnen=["weg"]), "route R20: “weg” bestaat niet"),
        (lambda tree: tree["routes"].append(tree["routes"][0]), "twee keer dezelfde route: R20"),
    ],
)
def test_a_set_that_cannot_be_read_says_where(change, words):
    tree = copy.deepcopy(national_tree())
    change(tree)
    with pytest.raises(BadRules, match=words):
        read_rules(tree)
