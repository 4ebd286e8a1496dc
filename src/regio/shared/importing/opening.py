"""Opening a file: what kind it is, the names that tell its dataset, its rows as a table, the date in its name."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from .findings import FileRefused
from .text import Lines, Table, frame_of, named_table, normalise_header, read_text


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
            return json.loads(self.path.read_bytes().replace(b"\\u0000", b""))  # PostgreSQL keeps no NUL signs
        except (UnicodeDecodeError, json.JSONDecodeError) as error:
            raise FileRefused("R-109", detail="geen volledige JSON") from error

    @cached_property
    def header(self) -> frozenset[str]:
        """Normalised names that tell which dataset this is."""
        if self.kind == "csv":
            return frozenset(normalise_header(name) for name in Lines(self.text).columns)
        if self.kind == "xlsx":
            return frozenset(
                normalise_header(text) for rows in self.first_rows.values() for row in rows for text in row
            )
        first = self.records[0] if self.records else {}
        return frozenset(normalise_header(key) for key in (first["properties"] if self.kind == "geojson" else first))

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """Records of a JSON list, or features of a GeoJSON file; what is no record becomes an empty one."""
        if self.kind != "geojson":
            return [_record(item) for item in self.json] if isinstance(self.json, list) else []
        features = self.json["features"] if isinstance(self.json["features"], list) else []
        return [{part: _record(_record(item).get(part)) for part in ("properties", "geometry")} for item in features]

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
        return named_table(frame_of(cells, lines, len(names)), names, rows_read=len(lines))

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
    def text(self) -> str:
        """The whole text with LF line ends, without byte order mark."""
        return read_text(self.path)

    def forget(self) -> None:
        """Let go of text and JSON, to keep memory low once the rows are read."""
        self.__dict__.pop("text", None)
        self.__dict__.pop("json", None)
        self.__dict__.pop("records", None)

    def table(self) -> Table:
        """Return the rows of a text file; see `Lines.table`."""
        return Lines(self.text).table()

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


def _record(item: object) -> dict[str, Any]:
    return item if isinstance(item, dict) else {}


def _cell_text(cell: Any) -> str:
    """Return a cell as text; a whole float loses its point."""
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
