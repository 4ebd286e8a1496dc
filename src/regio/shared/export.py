"""Rows to csv, xlsx or json. csv: comma, UTF-8, decimal point, so that programs read it without settings."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .spreadsheets import safe_cell

FORMATS = ("csv", "xlsx", "json")

Row = dict[str, Any]


def rows_to_bytes(rows: Sequence[Row], *, columns: Sequence[str], file_format: str) -> bytes:
    """Return the rows in one of `FORMATS`, columns in the given order; the same rows give the same bytes."""
    writers = {"csv": _csv, "xlsx": _xlsx, "json": _json}
    return writers[file_format](rows, columns)


def write_rows(rows: Sequence[Row], *, columns: Sequence[str], file_format: str, out: Path) -> None:
    """Write the rows to a file that is there completely or not at all."""
    half = out.with_name(out.name + ".half")
    try:
        half.write_bytes(rows_to_bytes(rows, columns=columns, file_format=file_format))
        half.replace(out)
    finally:
        half.unlink(missing_ok=True)


def _csv(rows: Sequence[Row], columns: Sequence[str]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: safe_cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue().encode()


def _json(rows: Sequence[Row], columns: Sequence[str]) -> bytes:
    kept = [{name: row.get(name) for name in columns} for row in rows]
    return (json.dumps(kept, ensure_ascii=False, indent=1) + "\n").encode()


def _xlsx(rows: Sequence[Row], columns: Sequence[str]) -> bytes:
    from datetime import datetime

    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        # A fixed date: the same rows must give the same bytes.
        book.set_properties({"created": datetime(2000, 1, 1)})
        sheet = book.add_worksheet("Cijfers")
        sheet.write_row(0, 0, columns, book.add_format({"bold": True}))
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, [row.get(name) for name in columns])
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return target.getvalue()
