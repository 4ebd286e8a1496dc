"""Text of a file: its bytes unpacked and decoded, its lines as a table of text under normalised names.

Knows about gzip and zip, encodings, line ends, delimiters, quotes and ragged lines; knows nothing of any dataset.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from .findings import FileRefused, RowFinding

BLANKS = " \t\u00a0"
DOUBLE_ENCODED = re.compile("Ã[\x80-\xbf«©¨¶¼¯]|â€")
SYNONYMS = {
    "INSTELLINGSCODE": "BRIN NUMMER",
    "BRINNUMMER": "BRIN NUMMER",
    "BRIN": "BRIN NUMMER",
    "VESTIGINGSCODE": "VESTIGINGSNUMMER",
    "VESTIGINGS NUMMER": "VESTIGINGSNUMMER",
    "BRINVESTIGINGSNUMMER": "VESTIGINGSNUMMER VOLLEDIG",
    "ERKENDE OPLEIDINGSCODE": "ELEMENTCODE",
    "BEVOEGD GEZAGNUMMER": "BEVOEGD GEZAG NUMMER",
    "BEVOEGD GEZAG CODE": "BEVOEGD GEZAG NUMMER",
    "TYPE PO": "SOORT PO",
}


def normalise_header(name: str) -> str:
    """Return a column name in one spelling: upper case, single blanks, today's synonyms of DUO undone."""
    plain = re.sub(r"[\s_\u00a0]+", " ", name.replace("\ufeff", "")).strip().strip('"').upper()
    return SYNONYMS.get(plain, plain)


@dataclass
class Table:
    """Rows as text under normalised names, with `_line` (line number in the file) and what was wrong with lines."""

    frame: pl.DataFrame
    labels: dict[str, str]  # normalised name -> name in the file
    findings: list[RowFinding] = field(default_factory=list)
    rows_read: int = 0
    rows_refused: int = 0


# --------------------------------------------------------------------------------------------------------- bytes to text
def read_text(path: Path) -> str:
    """Return the whole text of a file with LF line ends, without byte order mark and trailing blanks.

    Raises:
        FileRefused: broken archive (R-109), no text (R-102) or nothing in it (R-101).
    """
    text = decode(_unpacked(path))
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.rstrip("\n\x1a \t")


def _unpacked(path: Path) -> bytes:
    with path.open("rb") as file:
        start = file.read(2)
    try:
        if start == b"\x1f\x8b":
            with gzip.open(path) as packed:
                return packed.read()
        if start == b"PK":
            return _unzipped(path)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise FileRefused("R-109", detail="gzip of zip breekt af") from error
    except RuntimeError as error:  # what zipfile says of a password or of packing that it does not know
        raise FileRefused("R-109", detail="zip met een wachtwoord of een vreemde manier van inpakken") from error
    return path.read_bytes()


def _unzipped(path: Path) -> bytes:
    """Join the text files of an archive under one header (DUO serves one file per municipality)."""
    with zipfile.ZipFile(path) as archive:
        names = sorted(name for name in archive.namelist() if name.lower().endswith((".csv", ".txt")))
        if not names:
            raise FileRefused("R-109", detail="geen CSV in het zip-bestand")
        parts = [archive.read(name).strip(b"\r\n") for name in names]
    head = parts[0].split(b"\n", 1)[0].strip()
    for name, part in zip(names, parts, strict=True):
        if part.split(b"\n", 1)[0].strip() != head:
            raise FileRefused("R-103", label=names[0], detail=f"{name} heeft een andere kopregel")
    bodies = [part.split(b"\n", 1)[1] for part in parts if b"\n" in part]
    return b"\n".join([head, *bodies])


def decode(data: bytes) -> str:
    """Return the text: UTF-8 (with or without mark), UTF-16 with mark, else cp1252 as DUO uses it, else latin-1.

    Raises:
        FileRefused: the bytes hold NUL signs, so this is no text in a known encoding (R-102), or nothing (R-101).
    """
    if not data.strip():
        raise FileRefused("R-101")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise FileRefused("R-102", detail="UTF-16 breekt af") from error
    if b"\x00" in data:
        raise FileRefused("R-102", detail="geen gewone tekst")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


# --------------------------------------------------------------------------------------------------------- text to table
class Lines:
    """The lines of a text with their delimiter and column names."""

    def __init__(self, text: str) -> None:
        """Look at the header.

        Raises:
            FileRefused: there is no header (R-101).
        """
        self.text = text
        self.head = text.split("\n", 1)[0]
        if not self.head.strip():
            raise FileRefused("R-101")
        bare = re.sub(r'"[^"]*"', "", self.head)
        self.delimiter = max(";,\t|", key=bare.count)
        self.columns = next(csv.reader([self.head], delimiter=self.delimiter))
        while self.columns and not self.columns[-1].strip():  # a trailing delimiter makes an empty last column
            self.columns.pop()

    def table(self) -> Table:
        """Return the rows as text columns, blanks stripped; ragged lines become findings.

        Raises:
            FileRefused: no rows (R-101), or more than half of the lines is ragged (R-111).
        """
        frame, bad = self._even_rows() if self._is_even() else self._rows_one_by_one()
        read = frame.height + len(bad)
        if not read:
            raise FileRefused("R-101")
        if len(bad) * 2 > read:
            raise FileRefused("R-111", detail=f"{len(bad)} van {read}")
        twice = [RowFinding("R-110")] if DOUBLE_ENCODED.search(self.text) else []
        table = named_table(frame, self.columns, rows_read=read)
        table.findings, table.rows_refused = [*twice, *bad], len(bad)
        return table

    def _is_even(self) -> bool:
        """Say whether every line has as many fields as the header (then the fast reader is exact)."""
        lines = pl.Series("line", self.text.split("\n"), dtype=pl.String)
        if '"' in self.text:
            if (lines.str.count_matches('"', literal=True) % 2 == 1).any():
                return False
            lines = lines.str.replace_all(r'"[^"]*"', "")
        counts = lines.str.count_matches(self.delimiter, literal=True)
        return bool((counts == counts[0]).all()) and counts[0] == len(self.columns) - 1

    def _even_rows(self) -> tuple[pl.DataFrame, list[RowFinding]]:
        quote = '"' if '"' in self.text else None
        frame = pl.read_csv(
            io.BytesIO(self.text.encode()), separator=self.delimiter, infer_schema=False, quote_char=quote,
            has_header=False, skip_rows=1, raise_if_empty=False,
            new_columns=[f"c{i}" for i in range(len(self.columns))],
        )  # fmt: skip
        if frame.width != len(self.columns):
            return frame_of([], [], len(self.columns)), []
        frame = frame.with_row_index("_line", offset=2)
        return frame.with_columns(pl.col(pl.String).fill_null("").str.strip_chars(BLANKS)), []

    def _rows_one_by_one(self) -> tuple[pl.DataFrame, list[RowFinding]]:
        width, rows, lines, bad = len(self.columns), [], [], []
        for line, row in self._parsed_lines():
            if not any(row):
                continue
            if len(row) == width + 1 and not row[-1].strip():
                row = row[:-1]
            if len(row) != width:
                bad.append(RowFinding("R-104", line=line, value=self.delimiter.join(row)[:100], detail=len(row)))
                continue
            rows.append([cell.strip(BLANKS) for cell in row])
            lines.append(line)
        return frame_of(rows, lines, width), bad

    def _parsed_lines(self) -> Iterator[tuple[int, list[str]]]:
        """Yield (line number, fields); without quotes in the header a lone quote is an ordinary sign."""
        lines = self.text.split("\n")
        if '"' in self.head:
            parser = csv.reader(io.StringIO(self.text), delimiter=self.delimiter)
            for row in parser:
                if parser.line_num > 1:
                    yield parser.line_num, row
            return
        for number, line in enumerate(lines[1:], start=2):
            if line.count('"') % 2:
                yield number, line.split(self.delimiter)
            else:
                yield number, next(csv.reader([line], delimiter=self.delimiter), [])


def named_table(frame: pl.DataFrame, names: list[str], *, rows_read: int) -> Table:
    """Return a frame (`_line` first) as a table under normalised names, each name once."""
    plain = _unique([normalise_header(name) for name in names])
    frame = frame.rename(dict(zip(frame.columns[1:], plain, strict=True)))
    return Table(frame=frame, labels=dict(zip(plain, names, strict=True)), rows_read=rows_read)


def _unique(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return result


def frame_of(rows: list[list[str]], lines: list[int], width: int) -> pl.DataFrame:
    """Return rows of text as a frame with columns c0, c1, … behind `_line`."""
    schema: dict[str, Any] = {f"c{i}": pl.String for i in range(width)}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.insert_column(0, pl.Series("_line", lines, dtype=pl.UInt32))
