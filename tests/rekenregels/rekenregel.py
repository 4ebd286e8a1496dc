"""A calculation rule as a specification: a small table in, a small table out, checked on the real engine.

Each `test_*.py` in this folder holds one chapter: `TITEL`, `VOLGORDE` (its place in the manual), `INLEIDING`, `REGELS` and
if wanted `SLOT`, a function that returns closing Markdown. The same cases that are tested are written to `docs/nl/zo-rekent-het-model.md`, so the manual cannot say anything the engine does not do.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Value = str | int | float
Row = tuple[Value, ...]
Rows = list[Row]


@dataclass(frozen=True)
class Tabel:
    """A small table as a planner reads it: Dutch column names and rows of words and numbers."""

    kolommen: tuple[str, ...]
    rijen: tuple[Row, ...]

    def markdown(self) -> str:
        """Return the table in Markdown, numbers in Dutch notation."""
        lines = [self.kolommen, tuple("---:" if self._is_number(i) else "---" for i in range(len(self.kolommen)))]
        lines += [tuple(self._written(i, value) for i, value in enumerate(row)) for row in self.rijen]
        return "\n".join("| " + " | ".join(line) + " |" for line in lines)

    def _written(self, column: int, value: Value) -> str:
        return str(value) if self.kolommen[column] == "jaar" else dutch(value)  # a year has no point between its digits

    def _is_number(self, column: int) -> bool:
        return all(not isinstance(row[column], str) for row in self.rijen)


@dataclass(frozen=True)
class Rekenregel:
    """One rule: what goes in, what must come out, how to check it by hand, and the engine call that must agree.

    Args:
        titel: a Dutch sentence that states the rule.
        uitleg: why the rule is there, for a planner.
        gegeven: the table that goes in.
        narekenen: the sum written out, so that it can be done by hand.
        uitkomst: the table that must come out, rounded as shown.
        bereken: takes the rows of `gegeven`, runs the real engine and returns the rows of `uitkomst`.
        decimalen: on how many decimals numbers are compared and shown.
    """

    titel: str
    uitleg: str
    gegeven: Tabel
    narekenen: str
    uitkomst: Tabel
    bereken: Callable[[Sequence[Row]], Rows]
    decimalen: int = 2

    def check(self) -> None:
        """Assert that the engine gives exactly the table of `uitkomst`."""
        calculated = [tuple(self._rounded(value) for value in row) for row in self.bereken(self.gegeven.rijen)]
        assert calculated == [tuple(self._rounded(value) for value in row) for row in self.uitkomst.rijen]

    def markdown(self, nummer: str) -> str:
        """Return the rule as a section of the manual."""
        return "\n\n".join(
            [
                f"### {nummer} {self.titel}",
                self.uitleg.strip(),
                "**Gegeven**",
                self.gegeven.markdown(),
                f"**Reken na.** {self.narekenen.strip()}",
                "**Uitkomst**",
                self.uitkomst.markdown(),
            ]
        )

    def _rounded(self, value: Value) -> Value:
        return value if isinstance(value, str) else round(float(value), self.decimalen)


def dutch(value: Value) -> str:
    """Return a value in Dutch notation: 1234.5 becomes 1.234,5 and -2 becomes −2."""
    if isinstance(value, str):
        return value
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"
    return text.translate(str.maketrans(",.-", ".,−"))
