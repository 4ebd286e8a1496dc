"""What a draft changes, for who publishes it: the lines that differ, where people end up, and what the 36 people hear."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from .advice.comparing import Difference, differences
from .advice.judging import advise
from .enums import EditionKind
from .models import Edition
from .queries import rules_of
from .starting_set import invented_people, national_page

MOST_LINES = 200
PARTS = {"routes": "Routes", "geld": "Geld", "vragen": "Vragen", "eisen": "Eisen", "bronnen": "Bronnen"}
ADDED_TO = {"geld": "Voeg een regeling van de regio toe", "bronnen": "Voeg een bron toe"}
FIELDS = {
    "klas": "maanden tot voor de klas", "klaar": "maanden tot bevoegd", "kort": "samenvatting", "eerste": "eerste stap", "uit": "niet aangeboden",
    "merk": "hoe zeker", "tijd_merk": "hoe zeker de tijd is", "voor": "voor wie", "wie": "wie betaalt of krijgt", "tot_en_met": "geldt tot en met", "vanaf": "geldt vanaf",
}  # fmt: skip


def changes(in_force: Edition | None, draft: Edition) -> list[Difference]:
    """Return what differs between what is in force and the draft, with rows and fields as people call them."""
    before = in_force.content if in_force else national_page() if draft.kind == EditionKind.PAGE else {}
    names = {(part, row["code"]): name_of(row) for part in PARTS for row in draft.content.get(part, ())}
    found = differences(before, draft.content)[:MOST_LINES]
    return [replace(one, row=names.get((one.part, one.row), one.row), field=_in_words(one.field)) for one in found]


def _in_words(field: str) -> str:
    first, *rest = field.split(" › ")
    return " › ".join([FIELDS.get(first, first), *rest])


def parts(draft: Edition) -> list[dict[str, Any]]:
    """Return what can be changed: per part its rows with their names, and what adds one where that can be done."""
    return [
        {
            "code": part, "name": words, "adds": ADDED_TO.get(part, ""),
            "rows": [{"code": row["code"], "name": name_of(row), "is_off": bool(row.get("uit"))} for row in draft.content[part]],
        }
        for part, words in PARTS.items()
    ]  # fmt: skip


def name_of(row: Mapping[str, Any]) -> str:
    """Return what people call a route, question, condition, grant or source."""
    if "titel" in row:
        return str(row["titel"])
    words = str((row.get("naam") or row["vraag"])["nl"])
    return words[:1].upper() + words[1:]


def firsts(draft: Edition, outcome: Mapping[str, Any], before: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return per route in how many conversations it comes first, now and under the draft, most often first."""
    names = {row["code"]: row["naam"]["nl"] for row in draft.content["routes"]}
    old = before["first"] if before else {}
    codes = sorted({*outcome["first"], *old}, key=lambda code: -outcome["first"].get(code, 0))
    return [
        {
            "name": names.get(code, code), "now": old.get(code, 0), "then": outcome["first"].get(code, 0),
            "share": outcome["first"].get(code, 0) / max(outcome["ways"], 1),
            "share_now": old.get(code, 0) / max(before["ways"] if before else 1, 1),
        }
        for code in codes
    ]  # fmt: skip


def people(in_force: Edition | None, draft: Edition) -> list[dict[str, Any]]:
    """Return of each of the 36 people the route they hear first, now and under the draft; whose changes, first."""
    new, old = rules_of(draft), rules_of(in_force) if in_force else None
    rows = []
    for one in invented_people():
        then = advise(new, one["antwoorden"]).shown[0].route.name["nl"]
        now = advise(old, one["antwoorden"]).shown[0].route.name["nl"] if old else ""
        rows.append({"who": one["wie"], "now": now, "then": then, "is_other": now != then})
    return sorted(rows, key=lambda row: not row["is_other"])


def free_code(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return a code that no row has."""
    taken = {row["code"] for row in rows}
    return next(code for code in (f"eigen{i}" for i in range(1, 1000)) if code not in taken)
