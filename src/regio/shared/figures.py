"""A figure: a chart and its table with everything a number on a screen must bring along.

Unit, source, reference date, band and permanent link travel with the figure, so that page, CSV and SVG say the same.
This module holds the shape only; apps fill it in their `tables.py`, `charts.py` draws it.
"""

import csv
import io
from dataclasses import dataclass, field
from datetime import date
from math import isnan

from .charts import Chart, Drawable
from .spreadsheets import safe_cell

CSV_MARK = "\ufeff"  # lets a Dutch Excel see UTF-8
NO_ADDING = "Banden tel je niet op."


@dataclass(frozen=True)
class Cell:
    """One table cell: its text, and where useful a tone (heat class), a small note and a link."""

    text: str
    tone: str = ""
    note: str = ""
    href: str = ""


@dataclass(frozen=True)
class Row:
    """One table row; a total gets a strong rule."""

    head: Cell
    cells: list[Cell]
    is_total: bool = False


@dataclass(frozen=True)
class Table:
    """A table with a caption; `groups` are optional headings over columns as (text, span)."""

    caption: str
    columns: list[Cell]
    rows: list[Row]
    groups: list[tuple[str, int]] = field(default_factory=list)
    legend: list[tuple[str, str]] = field(default_factory=list)  # (heat class, words)


@dataclass(frozen=True)
class Figure:
    """One figure of a page; `address` is its permanent path, without suffix."""

    slug: str
    title: str
    unit: str
    source: str
    reference_date: date | None
    table: Table
    address: str = ""
    band: str = ""
    chart: Drawable | None = None
    small_charts: list[Chart] = field(default_factory=list)
    records: list[dict[str, object]] = field(default_factory=list)
    note: str = ""
    is_table_open: bool = True
    reference_label: str = ""  # instead of a date: the last school year that is known
    label: str = ""  # what a link calls it where there is no title above it

    @property
    def name(self) -> str:
        """What links call this figure."""
        return self.label or self.title

    @property
    def adding(self) -> str:
        """The sentence about bands, for a figure that has them."""
        return NO_ADDING if self.band else ""

    @property
    def has_drawing(self) -> bool:
        """Whether there is an SVG to download."""
        return bool(self.chart or self.small_charts or self.table.legend)


def figure_csv(figure: Figure) -> str:
    """Return the records of a figure as CSV for a Dutch spreadsheet: semicolons, decimal comma, UTF-8 with mark.

    Every line repeats unit, source and reference date, so a line that travels alone still says what it is.
    """
    provenance = {
        "eenheid": figure.unit,
        "bron": figure.source,
        "peildatum": figure.reference_date.isoformat() if figure.reference_date else figure.reference_label,
    }
    out = io.StringIO()
    out.write(CSV_MARK)
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    names = list(figure.records[0]) if figure.records else []
    writer.writerow(map(safe_cell, [*names, *provenance]))
    for record in figure.records:
        writer.writerow([*(_csv_value(record[name]) for name in names), *map(safe_cell, provenance.values())])
    return out.getvalue()


def _csv_value(value: object) -> str:
    if isinstance(value, float):
        if isnan(value):  # a band that is not known
            return ""
        value = round(value, 2) + 0.0  # no minus before nothing
        return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")
    return "" if value is None else str(safe_cell(value))
