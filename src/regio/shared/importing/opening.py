"""Opening a file: what kind it is, its header in one spelling, its rows as text.

Knows about gzip and zip, encodings, line ends, delimiters and ragged lines; knows nothing of any dataset.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from .findings import FileRefused, RowFinding

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
MAX_FINDINGS_PER_CODE = 100
DOUBLE_ENCODED = re.compile("Ã[\x80-\xbf«©¨¶¼¯]|â€")


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


class Source:
    """One file to import. `header` holds the normalised column names (xlsx: texts of the first rows; json: keys)."""

    def __init__(self, path: Path, *, on: date | None = None) -> None:
        """Remember the path; nothing is read before it is asked for. `on` overrides the reference date."""
        self.path = path
        self.name = path.name
        self.on = on

    @cached_property
    def size_bytes(self) -> int:
        """Size of the file [bytes]."""
        return self.path.stat().st_size

    @cached_property
    def sha256(self) -> str:
        """Checksum of the bytes on disk."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    @cached_property
    def kind(self) -> str:
        """Return csv, xlsx, json, geojson or unknown; looks at the first bytes, not at the name."""
        with self.path.open("rb") as file:
            start = file.read(4)
        if start[:2] == b"PK" and self._is_workbook():
            return "xlsx"
        if start.lstrip()[:1] in (b"{", b"["):
            return "geojson" if isinstance(self.json, dict) and "features" in self.json else "json"
        return "csv"

    def _is_workbook(self) -> bool:
        try:
            with zipfile.ZipFile(self.path) as archive:
                return "[Content_Types].xml" in archive.namelist()
        except zipfile.BadZipFile as error:
            raise FileRefused("R-109", detail="zip") from error

    @cached_property
    def json(self) -> Any:
        """The parsed JSON of the file."""
        try:
            return json.loads(self.path.read_bytes())
        except (UnicodeDecodeError, json.JSONDecodeError) as error:
            raise FileRefused("R-109", detail="geen volledige JSON") from error

    @cached_property
    def header(self) -> frozenset[str]:
        """Normalised names that tell which dataset this is."""
        if self.kind == "csv":
            return frozenset(normalise_header(name) for name in self._columns)
        if self.kind == "xlsx":
            return frozenset(
                normalise_header(text) for rows in self.first_rows.values() for row in rows for text in row
            )
        records = self.json["features"] if self.kind == "geojson" else self.json
        first = records[0] if isinstance(records, list) and records else {}
        keys = first.get("properties", {}) if self.kind == "geojson" else first
        return frozenset(normalise_header(str(key)) for key in keys) if isinstance(keys, dict) else frozenset()

    # ---------------------------------------------------------------- workbooks
    @cached_property
    def first_rows(self) -> dict[str, list[list[str]]]:
        """Texts in the first fifteen rows of each sheet."""
        book = self._workbook()
        heads = {}
        for name in book.sheetnames:
            rows = book[name].iter_rows(max_row=15, values_only=True)
            heads[name] = [[str(cell) for cell in row if isinstance(cell, str)] for row in rows]
        book.close()
        return heads

    def sheet_table(self, name: str) -> Table:
        """Return a sheet as text columns; the header is the first row with at least three texts.

        Raises:
            FileRefused: the sheet has no header or no rows (R-101).
        """
        rows = self.sheet_rows(name)
        head = next((i for i, row in enumerate(rows) if sum(isinstance(cell, str) for cell in row) >= 3), None)
        if head is None or head + 1 >= len(rows):
            raise FileRefused("R-101")
        names = ["" if cell is None else str(cell) for cell in rows[head]]
        lines = [i + 1 for i in range(head + 1, len(rows)) if any(cell not in (None, "") for cell in rows[i])]
        cells = [[_cell_text(cell) for cell in rows[line - 1]] for line in lines]
        plain = _unique([normalise_header(name) for name in names])
        frame = _frame_of(cells, lines, len(names))
        frame = frame.rename(dict(zip(frame.columns[1:], plain, strict=True)))
        return Table(frame=frame, labels=dict(zip(plain, names, strict=True)), rows_read=len(lines))

    def sheet_rows(self, name: str, *, columns: int | None = None) -> list[tuple[Any, ...]]:
        """Return all rows of a sheet as values, or their first columns."""
        book = self._workbook()
        rows = list(book[name].iter_rows(values_only=True, max_col=columns))
        book.close()
        return rows

    def _workbook(self) -> Any:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException

        try:
            return load_workbook(self.path, read_only=True, data_only=True)
        except (InvalidFileException, KeyError, zipfile.BadZipFile, OSError, EOFError, zlib.error) as error:
            raise FileRefused("R-109", detail="geen geldige werkmap") from error

    # ---------------------------------------------------------------- text
    @cached_property
    def encoding_findings(self) -> list[RowFinding]:
        """What was odd about the characters; filled by reading the text."""
        return [RowFinding("R-110")] if DOUBLE_ENCODED.search(self.text) else []

    @cached_property
    def text(self) -> str:
        """The whole text with LF line ends, without byte order mark."""
        text = decode(self._bytes())
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        return text.rstrip("\n\x1a \t")

    def forget(self) -> None:
        """Let go of the text, to keep memory low once the rows are read."""
        self.__dict__.pop("text", None)

    def _bytes(self) -> bytes:
        with self.path.open("rb") as file:
            start = file.read(2)
        try:
            if start == b"\x1f\x8b":
                with gzip.open(self.path) as packed:
                    return packed.read()
            if start == b"PK":
                return self._unzip()
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
            raise FileRefused("R-109", detail="gzip of zip breekt af") from error
        return self.path.read_bytes()

    def _unzip(self) -> bytes:
        """Join the text files of an archive under one header (DUO serves one file per municipality)."""
        with zipfile.ZipFile(self.path) as archive:
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

    @cached_property
    def _head(self) -> str:
        head = self.text.split("\n", 1)[0]
        if not head.strip():
            raise FileRefused("R-101")
        return head

    @cached_property
    def delimiter(self) -> str:
        """The sign between fields: the most frequent of ; , tab | in the header outside quotes."""
        bare = re.sub(r'"[^"]*"', "", self._head)
        return max(";,\t|", key=bare.count)

    @cached_property
    def _columns(self) -> list[str]:
        names = next(csv.reader([self._head], delimiter=self.delimiter))
        while names and not names[-1].strip():  # a trailing delimiter makes an empty last column
            names.pop()
        return names

    def table(self) -> Table:
        """Return the rows as text columns, blanks stripped; ragged lines become findings.

        Raises:
            FileRefused: no rows (R-101), or more than half of the lines is ragged (R-111).
        """
        names = [normalise_header(name) for name in self._columns]
        frame, bad = self._even_rows() if self._is_even() else self._rows_one_by_one()
        read = frame.height + len(bad)
        if not read:
            raise FileRefused("R-101")
        if len(bad) * 2 > read:
            raise FileRefused("R-111", detail=f"{len(bad)} van {read}")
        frame = frame.rename(dict(zip(frame.columns[1:], _unique(names), strict=True)))
        labels = dict(zip(_unique(names), self._columns, strict=True))
        findings = [*self.encoding_findings, *bad]
        return Table(frame=frame, labels=labels, findings=findings, rows_read=read, rows_refused=len(bad))

    def _is_even(self) -> bool:
        """Say whether every line has as many fields as the header (then the fast reader is exact)."""
        lines = pl.Series("line", self.text.split("\n"), dtype=pl.String)
        if '"' in self.text:
            if (lines.str.count_matches('"', literal=True) % 2 == 1).any():
                return False
            lines = lines.str.replace_all(r'"[^"]*"', "")
        counts = lines.str.count_matches(self.delimiter, literal=True)
        return bool((counts == counts[0]).all()) and counts[0] == len(self._columns) - 1

    def _even_rows(self) -> tuple[pl.DataFrame, list[RowFinding]]:
        quote = '"' if '"' in self.text else None
        frame = pl.read_csv(
            io.BytesIO(self.text.encode()), separator=self.delimiter, infer_schema=False, quote_char=quote,
            has_header=False, skip_rows=1, raise_if_empty=False,
            new_columns=[f"c{i}" for i in range(len(self._columns))],
        )  # fmt: skip
        if frame.width != len(self._columns):
            return _frame_of([], [], len(self._columns)), []
        frame = frame.with_row_index("_line", offset=2)
        return frame.with_columns(pl.col(pl.String).fill_null("").str.strip_chars(" \t\u00a0")), []

    def _rows_one_by_one(self) -> tuple[pl.DataFrame, list[RowFinding]]:
        width, rows, lines, bad = len(self._columns), [], [], []
        for line, row in self._parsed_lines():
            if not any(row):
                continue
            if len(row) == width + 1 and not row[-1].strip():
                row = row[:-1]
            if len(row) != width:
                bad.append(RowFinding("R-104", line=line, value=self.delimiter.join(row)[:100], detail=len(row)))
                continue
            rows.append([cell.strip(" \t\u00a0") for cell in row])
            lines.append(line)
        return _frame_of(rows, lines, width), bad

    def _parsed_lines(self) -> Any:
        """Yield (line number, fields); without quotes in the header a lone quote is an ordinary sign."""
        lines = self.text.split("\n")
        if '"' in self._head:
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

    # ---------------------------------------------------------------- dates
    def year_in_name(self) -> int | None:
        """Return the first year in the file name, or None."""
        found = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", self.name)
        return int(found.group()) if found else None

    def date_from_name(self, *, month: int = 10, day: int = 1) -> date:
        """Return the reference date: given, or the year in the name with this month and day.

        Raises:
            FileRefused: neither is there (R-106).
        """
        if self.on:
            return self.on
        exact = re.search(r"(?<!\d)((?:19|20)\d\d-[01]\d)(-[0-3]\d)?(?!\d)", self.name)
        if exact:
            return date.fromisoformat(f"{exact[1]}{exact[2] or '-01'}")
        year = self.year_in_name()
        if year is None:
            raise FileRefused("R-106")
        return date(year, month, day)


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
    if b"\x00" in data[:100_000]:
        raise FileRefused("R-102", detail="geen gewone tekst")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _cell_text(cell: Any) -> str:
    """Return a cell as text; a whole float loses its point."""
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _unique(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return result


def _frame_of(rows: list[list[str]], lines: list[int], width: int) -> pl.DataFrame:
    schema: dict[str, Any] = {f"c{i}": pl.String for i in range(width)}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.insert_column(0, pl.Series("_line", lines, dtype=pl.UInt32))
