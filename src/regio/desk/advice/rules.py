"""A set of rules as read from its stored tree: questions, conditions, routes, qualifications, positions, money, sources.

Reading is strict: what is missing or misspelt is refused with the place, so that nothing is published that means
something else than it says. Texts come in pairs, `nl` and `en`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import BadRules
from .expressions import UNKNOWN, Expr, facts_in, parse

Text = Mapping[str, str]
HARD, OWN, TOGETHER = "vast", "eigen", "samen"
MARKS = ("V", "P", "U")
PARTS = ("vragen", "eisen", "routes", "bronnen", "bevoegdheden", "posities", "geld")


@dataclass(frozen=True)
class Answer:
    """One answer to a question; `shown_if` says when it is offered."""

    code: str
    text: Text
    shown_if: Expr = True


@dataclass(frozen=True)
class Question:
    """A question about one fact, asked only where `asked_if` is a plain yes."""

    code: str
    short: Text
    text: Text
    help: Text
    find_out: Text
    asked_if: Expr
    answers: tuple[Answer, ...]

    def words_of(self, answer: str, language: str) -> str:
        """Return an answer as people read it."""
        own = {one.code: one.text[language] for one in self.answers}
        return own.get(answer, {"nl": "Weet ik niet", "en": "I do not know"}[language])


@dataclass(frozen=True)
class Condition:
    """What a route asks: when it is satisfied, how hard it is, and what to do when it is not."""

    code: str
    name: Text
    when: Expr
    kind: str
    missing: Text
    action: Text


@dataclass(frozen=True)
class Route:
    """A way to a position. Months are (from, to), None where no source says so; `raw` is the stored row."""

    code: str
    name: Text
    short: Text
    gives: tuple[str, ...]
    meant_for: Expr
    conditions: tuple[Condition, ...]
    to_class: tuple[int | None, int | None]
    to_qualified: tuple[int | None, int | None]
    is_safety_net: bool
    first_steps: tuple[tuple[Expr, Text], ...]  # the first whose condition is a plain yes holds
    mark: str
    time_mark: str
    raw: Mapping[str, Any] = field(compare=False, hash=False)


@dataclass(frozen=True)
class RuleSet:
    """Everything an advice needs."""

    questions: tuple[Question, ...]
    routes: tuple[Route, ...]
    tree: Mapping[str, Any] = field(compare=False, hash=False)

    def question(self, code: str) -> Question:
        """Return a question by its fact."""
        return next(one for one in self.questions if one.code == code)

    def route(self, code: str) -> Route | None:
        """Return a route by its code."""
        return next((one for one in self.routes if one.code == code), None)

    def named(self, part: str, code: str) -> Mapping[str, Any]:
        """Return a row of `bronnen`, `bevoegdheden` or `geld` by its code."""
        return next(row for row in self.tree[part] if row["code"] == code)


def read_rules(tree: Mapping[str, Any]) -> RuleSet:
    """Read a stored set.

    Raises:
        BadRules: something is missing, double or not understood, with the place.
    """
    if absent := [part for part in PARTS if not isinstance(tree.get(part), list)]:
        raise BadRules(f"deze delen ontbreken: {', '.join(absent)}")
    shared = {row["code"]: row for row in tree["eisen"]}
    questions = tuple(_at(f"vraag {row.get('code')}", _question, row) for row in tree["vragen"])
    routes = tuple(_at(f"route {row.get('code')}", _route, row, shared) for row in tree["routes"] if not row.get("uit"))
    rules = RuleSet(questions=questions, routes=routes, tree=tree)
    _refuse_doubles(rules)
    _refuse_unknown_references(rules)
    return rules


def _at(place: str, read: Any, *arguments: Any) -> Any:
    try:
        return read(*arguments)
    except BadRules as error:
        raise BadRules(f"{place}: {error}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise BadRules(f"{place}: er ontbreekt {error}") from error


def _question(row: Mapping[str, Any]) -> Question:
    answers = tuple(Answer(one["code"], _text(one), parse(one.get("toon", "altijd"))) for one in row["antwoorden"])
    return Question(
        code=row["code"], short=_text(row["kort"]), text=_text(row["vraag"]), help=row.get("hulp") or {"nl": "", "en": ""},
        find_out=_text(row["zoek"]), asked_if=parse(row.get("als", "altijd")), answers=answers,
    )  # fmt: skip


def _text(row: Mapping[str, Any]) -> Text:
    if not row["nl"] or not row["en"]:
        raise BadRules("een tekst is leeg, in het Nederlands of in het Engels")
    return {"nl": row["nl"], "en": row["en"]}


def _route(row: Mapping[str, Any], shared: Mapping[str, Any]) -> Route:
    conditions = tuple(_condition(one, shared) for one in row["eisen"])
    if row["merk"] not in MARKS or row["tijd_merk"] not in MARKS:
        raise BadRules("een merk is V, P of U")
    if not row["stappen"] or not row["bronnen"]:
        raise BadRules("een route heeft minstens één stap en één bron")
    first_steps = [(parse(one["als"]), _text(one)) for one in row.get("eerste_als", ())]
    return Route(
        code=row["code"], name=_text(row["naam"]), short=_text(row["kort"]), gives=(row["geeft"], *row.get("geeft_ook", ())),
        meant_for=parse(row["voor"]), conditions=conditions, to_class=_months(row["klas"]), to_qualified=_months(row["klaar"]),
        is_safety_net=bool(row.get("vangnet")), first_steps=(*first_steps, (True, _text(row["eerste"]))), mark=row["merk"], time_mark=row["tijd_merk"], raw=row,
    )  # fmt: skip


def _months(row: Mapping[str, Any]) -> tuple[int | None, int | None]:
    low, high = row["van"], row["tot"]
    if any(number is not None and not (isinstance(number, int) and 0 <= number <= 120) for number in (low, high)):
        raise BadRules("maanden liggen tussen 0 en 120")
    if low is not None and high is not None and low > high:
        raise BadRules(f"van {low} tot {high} maanden kan niet")
    return low, high


def _condition(row: Any, shared: Mapping[str, Any]) -> Condition:
    if isinstance(row, str):
        if row not in shared:
            raise BadRules(f"de eis “{row}” bestaat niet")
        row = shared[row]
    if row["soort"] not in (HARD, OWN, TOGETHER):
        raise BadRules(f"de eis {row['code']} is vast, eigen of samen")
    return Condition(
        code=row["code"], name=_text(row["naam"]), when=parse(row["als"]), kind=row["soort"], missing=_text(row["mist"]),
        action=_text(row["doe"]),
    )  # fmt: skip


def _refuse_doubles(rules: RuleSet) -> None:
    for words, codes in (
        ("vraag", [one.code for one in rules.questions]),
        ("route", [one.code for one in rules.routes]),
    ):
        if double := {code for code in codes if codes.count(code) > 1}:
            raise BadRules(f"twee keer dezelfde {words}: {', '.join(sorted(double))}")


def _refuse_unknown_references(rules: RuleSet) -> None:
    known = {part: {row["code"] for row in rules.tree[part]} for part in ("bronnen", "bevoegdheden", "geld")}
    facts = {one.code for one in rules.questions}
    for route in rules.routes:
        expressions = [
            route.meant_for,
            *(one.when for one in route.conditions),
            *(when for when, _ in route.first_steps),
        ]
        named = {
            "bronnen": set(route.raw["bronnen"]), "bevoegdheden": set(route.gives), "geld": set(route.raw["geld"]),
        }  # fmt: skip
        wrong = [code for part, codes in named.items() for code in codes - known[part]]
        wrong += [fact for one in expressions for fact in facts_in(one) - facts]
        if wrong:
            raise BadRules(f"route {route.code}: “{wrong[0]}” bestaat niet")


def possible_answers(question: Question) -> list[str]:
    """Return every answer to a question, "I do not know" last."""
    return [*(one.code for one in question.answers), UNKNOWN]
