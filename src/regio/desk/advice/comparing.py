"""What differs between two stored trees, as lines that people can read: which part, which row, which field, from what to what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

NOTHING = "(niets)"


@dataclass(frozen=True)
class Difference:
    """One changed value; `before` or `after` is "(niets)" where something is new or gone."""

    part: str
    row: str
    field: str
    before: str
    after: str


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Return what differs, in the order of the parts."""
    return [one for part in {**before, **after} for one in _of_part(part, before.get(part), after.get(part))]


def _of_part(part: str, before: Any, after: Any) -> Iterator[Difference]:
    old, new = _rows(before), _rows(after)
    for row in {**old, **new}:
        left, right = _flat(old.get(row)), _flat(new.get(row))
        for field in {**left, **right}:
            values = (left.get(field, NOTHING), right.get(field, NOTHING))
            if values[0] != values[1]:
                yield Difference(part, row, field, *values)


def _rows(rows: Any) -> dict[str, Any]:
    """Return rows by their code; a single value is one row without a code."""
    if not isinstance(rows, list):
        return {} if rows is None else {"": rows}
    return {str(row.get("code", i)) if isinstance(row, dict) else str(i): row for i, row in enumerate(rows)}


def _flat(value: Any, before: str = "") -> dict[str, str]:
    if isinstance(value, dict):
        return {name: text for key, one in value.items() for name, text in _flat(one, _joined(before, key)).items()}
    if isinstance(value, list):
        numbered = enumerate(value, 1)
        return {name: text for i, one in numbered for name, text in _flat(one, _joined(before, str(i))).items()}
    return {} if value is None and not before else {before: _words(value)}


def _joined(before: str, key: str) -> str:
    return f"{before} › {key}" if before else key


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    return NOTHING if value is None or value == "" else str(value)
