"""Writing delimited text the way publishers do: delimiter, quotes, line ends and encoding differ per file."""

from collections.abc import Iterable, Sequence
from pathlib import Path

MASKED_BELOW = 5


def write_table(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[object]], *, delimiter: str = ";", quoted: bool = False,
    line_end: str = "\r\n", encoding: str = "latin-1",
) -> None:  # fmt: skip
    """Write a header and rows; fields are written as they are, or all in quotes."""
    lines = [_line(header, delimiter=delimiter, quoted=quoted)]
    lines.extend(_line(row, delimiter=delimiter, quoted=quoted) for row in rows)
    path.write_bytes((line_end.join(lines) + line_end).encode(encoding))


def _line(fields: Sequence[object], *, delimiter: str, quoted: bool) -> str:
    if quoted:
        return delimiter.join(f'"{field}"' for field in fields)
    return delimiter.join(f'"{field}"' if delimiter in str(field) else str(field) for field in fields)


def masked(count: int) -> str:
    """Return a count as the publisher shows it since 2019: 1 to 4 becomes `<5`."""
    return "<5" if 0 < count < MASKED_BELOW else str(count)


def comma(value: float, digits: int = 1) -> str:
    """Return a number with a decimal comma and without a leading zero: 6,4 and ,0."""
    text = f"{value:.{digits}f}".replace(".", ",")
    return text[1:] if text.startswith("0,") else text
