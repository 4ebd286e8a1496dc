"""Routes, advice and money as pages show them: months and euros in words, marks, sources with their date. Pure functions."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from regio.shared.formatting import number as nl_number

from .advice.expressions import value
from .advice.judging import ALMOST, FITS, Judgement
from .advice.rules import Question, Route, RuleSet
from .texts import words_in

YEAR, HALF_A_YEAR = 12, 6
SECTORS = ("po", "vo", "mbo")
TONES = {FITS: "ok", ALMOST: "warn"}
MARKS = {"V": "checked", "P": "partly", "U": "unchecked"}


def months(low: int | None, high: int | None, language: str) -> str:
    """Return a span of months in words; empty ends say what is not known."""
    words = words_in(language)
    if high == 0:
        return words["directly"]
    if high is None:
        return words["varies"] if low is None else f"{words['from']} {_span(low, language)}"
    if low in (None, high):
        return f"{words['at_most']} {_span(high, language)}" if low is None else _span(high, language)
    if low >= YEAR and low % HALF_A_YEAR == 0 and high % HALF_A_YEAR == 0:
        return f"{_figure(low / YEAR, language)} {_between(language)} {_span(high, language)}"
    return f"{low} {_between(language)} {high} {_unit('month', high, language)}"


def _between(language: str) -> str:
    return {"nl": "tot", "en": "to"}[language]


def _span(number: int, language: str) -> str:
    if number >= YEAR and number % HALF_A_YEAR == 0:
        return f"{_figure(number / YEAR, language)} {_unit('year', number / YEAR, language)}"
    return f"{number} {_unit('month', number, language)}"


def _figure(number: float, language: str) -> str:
    text = f"{number:g}"
    return text.replace(".", ",") if language == "nl" else text


def _unit(kind: str, number: float, language: str) -> str:
    if kind == "year":
        return "jaar" if language == "nl" else "year" if number == 1 else "years"
    one, more = ("maand", "maanden") if language == "nl" else ("month", "months")
    return one if number == 1 else more


def euros(low: int | None, high: int | None, language: str) -> str:
    """Return an amount or a range; "amount not checked" where there is none."""
    words = words_in(language)
    if low is None and high is None:
        return words["amount_unknown"]
    if low is None:
        return f"{words['at_most']} {_euro(high, language)}"
    if high is None or low == high:
        return _euro(low, language)
    return f"{_euro(low, language)} {_between(language)} {_euro(high, language)}"


def _euro(amount: int | None, language: str) -> str:
    number = nl_number(amount or 0)
    return f"€ {number if language == 'nl' else number.replace('.', ',')}"


def route_view(rules: RuleSet, route: Route, *, language: str, today: date) -> dict[str, Any]:
    """Return everything a page says of a route."""
    raw, words = route.raw, words_in(language)
    cost = raw["kosten"]
    return {
        "sectors": [one for one in SECTORS if value(route.meant_for, {"sector": one}) is not False],
        "code": route.code, "name": route.name[language], "short": route.short[language],
        "gives": [rules.named("bevoegdheden", code) for code in route.gives],
        "gives_words": f" {_or(language)} ".join(rules.named("bevoegdheden", code)[language] for code in route.gives),
        "done_label": words["done" if route.gives == ("geen",) else "qualified"],
        "in_class": months(*route.to_class, language),
        "qualified": _qualified(route, language), "time_mark": words["time_unchecked"] if route.time_mark == "U" else "",
        "cost": cost[language], "is_cost_unchecked": cost["merk"] == "U", "cost_range": _cost_range(cost, language), "cost_mark": _mark(cost["merk"], language),
        "is_unchecked": "U" in (route.mark, route.time_mark, cost["merk"]),
        "first": raw["eerste"][language], "mark": _mark(route.mark, language), "mark_code": route.mark,
        "steps": [_step(one, language) for one in raw["stappen"]],
        "money": [money_view(rules.named("geld", code), rules, language=language, today=today) for code in raw["geld"]],
        "sources": [source_view(rules.named("bronnen", code), language) for code in raw["bronnen"]],
    }  # fmt: skip


def _or(language: str) -> str:
    return {"nl": "of", "en": "or"}[language]


def _qualified(route: Route, language: str) -> str:
    if route.gives == ("geen",):
        return (
            words_in(language)["none_needed"] if route.to_qualified[1] == 0 else months(*route.to_qualified, language)
        )
    return months(*route.to_qualified, language)


def _cost_range(cost: Mapping[str, Any], language: str) -> str:
    return "" if cost["van"] is None and cost["tot"] is None else euros(cost["van"], cost["tot"], language)


def _mark(mark: str, language: str) -> str:
    return words_in(language)[MARKS[mark]]


def _step(row: Mapping[str, Any], language: str) -> dict[str, str]:
    time = months(row["maanden"], row["maanden"], language) if row["maanden"] else ""
    return {"words": row[language], "time": time, "who": row["wie"][language], "proof": row["bewijs"][language]}


def money_view(row: Mapping[str, Any], rules: RuleSet, *, language: str, today: date) -> dict[str, Any]:
    """Return a grant or cost: the amount, for whom, in force or ended, its source and how sure it is."""
    ends = row["tot_en_met"]
    return {
        "name": row["naam"][language], "who": row["wie"][language], "amount": euros(row["van"], row["tot"], language),
        "per": row["per"][language], "starts": _day(row["vanaf"]), "ends": _day(ends),
        "is_over": bool(ends and date.fromisoformat(ends) < today), "mark": _mark(row["merk"], language),
        "is_unchecked": row["merk"] == "U", "source": source_view(rules.named("bronnen", row["bron"]), language),
    }  # fmt: skip


def source_view(row: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return a source with its year, the day it was taken over, and how sure it is."""
    return {
        "title": (language == "en" and row.get("titel_en")) or row["titel"], "year": row["jaar"], "on": _day(row["opgenomen"]), "mark": _mark(row["merk"], language),
        "is_unchecked": row["merk"] == "U",
    }  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def judged_view(rules: RuleSet, judged: Judgement, *, language: str, today: date) -> dict[str, Any]:
    """Return a route with its verdict, the answers that led to it, and what is still open."""
    words = words_in(language)
    names = {FITS: words["fits"], ALMOST: words["almost"]}
    return route_view(rules, judged.route, language=language, today=today) | {
        "verdict": names.get(judged.verdict, words["no"]), "tone": TONES.get(judged.verdict, ""),
        "fits": judged.verdict == FITS, "is_meant": judged.is_meant, "first": judged.first_step, "open": judged.open, "reasons": told_view(judged.reasons, language),
    }  # fmt: skip


def told_view(told: tuple[tuple[Question, str], ...], language: str) -> list[dict[str, str]]:
    """Return questions with the answers that were given, in words."""
    return [
        {"fact": one.code, "question": one.text[language], "answer": one.words_of(answer, language)}
        for one, answer in told
    ]
