"""Columns that a phone leaves out, so that what a table is about stays in sight; the CSV and a wide screen have them all."""

from collections.abc import Sequence
from dataclasses import replace

from regio.shared.figures import Cell, Row

SPARE = "spare"


def spared(columns: Sequence[Cell], rows: Sequence[Row]) -> list[Row]:
    """Return the rows with the cells marked that stand in a spare column."""
    spare = [SPARE in column.tone for column in columns[1:]]
    return [
        replace(
            row, cells=[_marked(cell) if is_spare else cell for cell, is_spare in zip(row.cells, spare, strict=True)]
        )
        for row in rows
    ]


def _marked(cell: Cell) -> Cell:
    return cell if SPARE in cell.tone else replace(cell, tone=f"{cell.tone} {SPARE}".strip())
