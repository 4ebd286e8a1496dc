"""The checker: walks through everything people can answer, and says what would leave somebody without a way on.

Conversations that are left with the same conditions are walked once and counted as often as people can get there, so that
millions of sets of answers are all tried in seconds. Where even the distinct states pass the cap, every pair of answers is
tried instead, and the outcome says so.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Any

from .expressions import UNKNOWN, Expr, answers_named, facts_in, settle
from .judging import MOST_SHOWN, advise, ranked
from .rules import Question, RuleSet, possible_answers
from .walking import facts_that_matter, settled, start

CAP = 200_000
UNUSED_PARTS = {"eisen": "eis", "bronnen": "bron", "bevoegdheden": "bevoegdheid"}


class TooMany(Exception):
    """More states than the cap."""


@dataclass
class Outcome:
    """What everything people can answer leads to.

    Attributes:
        ways: different sets of answers that can be given.
        states: different places a conversation can be in.
        longest: the most questions anybody is asked.
        first: route → ways in which it comes first.
        shown: routes that somebody gets to see.
        asked, offered: questions that are asked, and (question, answer) that are offered, to somebody.
        without: an example of answers without a result, None when there is none.
        is_pairwise: only all pairs of answers were tried.
    """

    ways: int = 0
    states: int = 0
    longest: int = 0
    first: Counter = field(default_factory=Counter)
    shown: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    offered: set[tuple[str, str]] = field(default_factory=set)
    without: dict[str, str] | None = None
    stuck: str = ""
    is_pairwise: bool = False


def walk_everything(rules: RuleSet, *, cap: int = CAP) -> Outcome:
    """Try every set of answers; every pair of answers where there are more states than the cap."""
    walker = _Walker(rules, cap)
    try:
        return walker.outcome()
    except TooMany:
        return _pairwise(rules)


class _Walker:
    """Walks states by depth; what a state leads to is kept, since many conversations come to the same state.

    What is left of a route, and of the guards of the questions still to come, each gets a number: a state is then a few
    whole numbers, and what an answer makes of each is found once.
    """

    def __init__(self, rules: RuleSet, cap: int) -> None:
        self.rules, self.cap = rules, cap
        self.seen: dict[tuple, tuple[int, int, Counter]] = {}
        self.result = Outcome()
        self.things: list[Any] = []
        self.numbers: dict[Any, int] = {}
        self.steps: dict[tuple[int, str, str], int | None] = {}
        self.matter: dict[int, frozenset[str]] = {}

    def outcome(self) -> Outcome:
        guards = tuple((one.asked_if, tuple(answer.shown_if for answer in one.answers)) for one in self.rules.questions)
        state = tuple(map(self._number, start(self.rules)))
        ways, longest, first = self._from(0, state, self._number(guards), told={})
        self.result.ways, self.result.longest, self.result.first = ways, longest, first
        self.result.states = len(self.seen)
        return self.result

    def _number(self, thing: Any) -> int:
        if thing not in self.numbers:
            self.numbers[thing] = len(self.things)
            self.things.append(thing)
        return self.numbers[thing]

    def _after(self, state: tuple[int, ...], fact: str, answer: str) -> tuple[int, ...]:
        found = (self._left(number, fact, answer) for number in state)
        return tuple(number for number in found if number is not None)

    def _left(self, number: int, fact: str, answer: str) -> int | None:
        """Return what an answer makes of one route, None where it falls away."""
        name = (number, fact, answer)
        if name not in self.steps:
            left = settled(self.rules, (self.things[number],), fact, answer=answer)
            self.steps[name] = self._number(left[0]) if left else None
        return self.steps[name]

    def _guards(self, number: int, fact: str, answer: str) -> int:
        """Return the guards of the questions that come after this one."""
        name = (number, fact, answer)
        if name not in self.steps:
            self.steps[name] = self._number(_known(self.things[number][1:], fact, answer))
        found = self.steps[name]
        assert found is not None
        return found

    def _facts(self, number: int) -> frozenset[str]:
        if number not in self.matter:
            self.matter[number] = facts_that_matter((self.things[number],))
        return self.matter[number]

    def _from(self, at: int, state: tuple[int, ...], guards: int, *, told: dict[str, str]) -> tuple[int, int, Counter]:
        """Return ways, most questions still to come, and ways per first route from here."""
        questions = self.rules.questions
        while at < len(questions) and not any(questions[at].code in self._facts(one) for one in state):
            guards, at = self._guards(guards, questions[at].code, UNKNOWN), at + 1
        name = (at, state, guards)
        if name not in self.seen:
            if len(self.seen) >= self.cap:
                raise TooMany
            self.seen[name] = self._onward(at, state, guards, told=told)
        return self.seen[name]

    def _onward(
        self, at: int, state: tuple[int, ...], guards: int, *, told: dict[str, str]
    ) -> tuple[int, int, Counter]:
        if at == len(self.rules.questions):
            return self._end(state, told)
        question, (asked_if, shown) = self.rules.questions[at], self.things[guards][0]
        is_asked = asked_if is True
        answers = self._answers(question, shown) if is_asked else [UNKNOWN]
        ways, longest, first = 0, 0, Counter[str]()
        for answer in answers:
            after, left = self._after(state, question.code, answer), self._guards(guards, question.code, answer)
            hears = told | {question.code: answer} if is_asked else told
            more, deeper, ends = self._from(at + 1, after, left, told=hears)
            ways, longest, first = ways + more, max(longest, deeper), first + ends
        return ways, longest + is_asked, first

    def _answers(self, question: Question, shown: tuple[Expr, ...]) -> list[str]:
        found = [one.code for one, is_shown in zip(question.answers, shown, strict=True) if is_shown is True]
        self.result.asked.add(question.code)
        self.result.offered |= {(question.code, answer) for answer in found}
        if not found:
            self.result.stuck = question.code
        return [*found, UNKNOWN]

    def _end(self, state: tuple[int, ...], told: dict[str, str]) -> tuple[int, int, Counter]:
        order = [self.rules.routes[i].code for i in ranked(self.rules, tuple(self.things[one] for one in state))]
        self.result.shown |= set(order[:MOST_SHOWN])
        if not order:
            self.result.without = self.result.without or told
        return 1, 0, Counter(order[:1])


def _known(guards: tuple, fact: str, answer: str) -> tuple:
    return tuple(
        (settle(asked, fact, answer), tuple(settle(one, fact, answer) for one in shown)) for asked, shown in guards
    )


def _pairwise(rules: RuleSet) -> Outcome:
    result = Outcome(is_pairwise=True)
    for one, other in combinations(rules.questions, 2):
        for pair in product(possible_answers(one), possible_answers(other)):
            told = {one.code: pair[0], other.code: pair[1]}
            order = [judged.route.code for judged in advise(rules, told).shown]
            result.ways += 1
            result.first.update(order[:1])
            result.shown |= set(order)
            result.without = result.without or (None if order else told)
    result.asked = {one.code for one in rules.questions}
    result.offered = {(one.code, answer.code) for one in rules.questions for answer in one.answers}
    result.longest = len(rules.questions)
    return result


def problems_in(rules: RuleSet, outcome: Outcome) -> list[str]:
    """Return in Dutch why this set may not be published: dead ends, orphans, cycles, answers without a result."""
    return [*_cycles(rules), *_unknown_answers(rules), *_without_result(rules, outcome), *_orphans(rules, outcome)]


def _cycles(rules: RuleSet) -> Iterator[str]:
    """A question may depend on earlier questions only."""
    earlier: set[str] = set()
    for question in rules.questions:
        named = facts_in(question.asked_if).union(*(facts_in(one.shown_if) for one in question.answers))
        for fact in sorted(named - earlier):
            yield f"Kring: de vraag “{question.text['nl']}” hangt af van {fact}, en dat is dan nog niet gevraagd."
        earlier.add(question.code)


def _unknown_answers(rules: RuleSet) -> Iterator[str]:
    known = {(one.code, answer) for one in rules.questions for answer in possible_answers(one)}
    for place, expression in _expressions(rules):
        for fact, answer in sorted(answers_named(expression) - known):
            yield f"{place} noemt het antwoord “{answer}” bij {fact}; dat antwoord bestaat niet."


def _expressions(rules: RuleSet) -> Iterator[tuple[str, Expr]]:
    for route in rules.routes:
        yield f"Route {route.code}", route.meant_for
        yield from ((f"Route {route.code}", one.when) for one in route.conditions)
        yield from ((f"Route {route.code}", when) for when, _ in route.first_steps)
    for question in rules.questions:
        yield f"Vraag {question.code}", question.asked_if
        yield from ((f"Vraag {question.code}", one.shown_if) for one in question.answers)


def _without_result(rules: RuleSet, outcome: Outcome) -> Iterator[str]:
    if outcome.stuck:
        yield f"Doodlopend: bij de vraag {outcome.stuck} is er soms geen enkel antwoord om te kiezen."
    if outcome.without is not None:
        told = ", ".join(f"{fact} = {answer}" for fact, answer in outcome.without.items())
        yield f"Zonder uitkomst: wie dit antwoordt, krijgt geen route: {told or 'niets'}."
    for position in rules.tree["posities"]:
        wish = {"sector": position["sector"], "rol": position["rol"]}
        found = advise(rules, wish).shown
        if not any(set(one.route.gives) & {*position["bevoegdheden"], "bestaand", "erkend"} for one in found):
            yield f"Doodlopend: geen route leidt naar {wish['rol']} in het {wish['sector']}."


def _orphans(rules: RuleSet, outcome: Outcome) -> Iterator[str]:
    for route in rules.routes:
        if route.code not in outcome.shown:
            yield f"Wees: niemand krijgt route {route.code} ({route.name['nl']}) te zien."
    for question in rules.questions:
        if question.code not in outcome.asked:
            yield f"Wees: de vraag “{question.text['nl']}” wordt nooit gesteld."
        for answer in question.answers:
            if question.code in outcome.asked and (question.code, answer.code) not in outcome.offered:
                yield f"Wees: het antwoord “{answer.text['nl']}” wordt nooit aangeboden."
    used = _used(rules)
    for part, words in UNUSED_PARTS.items():
        for row in rules.tree[part]:
            if row["code"] not in used[part]:
                yield f"Wees: de {words} “{row['code']}” wordt nergens gebruikt."


def _used(rules: RuleSet) -> dict[str, set[str]]:
    rows = rules.tree["routes"]  # those that are switched off too: they may come back
    return {
        "eisen": {one for row in rows for one in row["eisen"] if isinstance(one, str)},
        "bronnen": {code for row in rows for code in row["bronnen"]} | {row["bron"] for row in rules.tree["geld"]},
        "bevoegdheden": {code for row in rows for code in (row["geeft"], *row.get("geeft_ook", ()))}
        | {code for row in rules.tree["posities"] for code in row["bevoegdheden"]},
    }
