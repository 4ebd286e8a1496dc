"""What a reader gives and gets: findings, content, and the description of one dataset.

The publisher's column names stay inside the reader. `Content` holds clean frames and what the pipeline checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from .findings import FileRefused, RowFinding

if TYPE_CHECKING:
    import polars as pl
    from django.db.models import Model

    from regio.shared.models import ImportBatch

    from .opening import Source

__all__ = ["Content", "FileRefused", "Reader", "RowFinding", "RowsOf"]  # all that a reader needs


@dataclass
class Content:
    """What one file holds, in our words: frames by name, what was noticed, totals and dates."""

    frames: dict[str, pl.DataFrame]
    rows_read: int
    rows_refused: int = 0
    findings: list[RowFinding] = field(default_factory=list)
    totals: dict[str, float] = field(default_factory=dict)
    reference_date: date | None = None
    reference_label: str = ""
    part: str = ""  # tells apart files of one dataset and date, such as HAVO and VWO
    periods: list[str] = field(default_factory=list)  # dates or school years that this file speaks of
    locations: set[str] = field(default_factory=set)  # location codes, compared with the last load


@dataclass(frozen=True)
class RowsOf:
    """A table that a reader fills: which rows belong to a period, and where the location code is."""

    model: type[Model]
    period: str = "reference_date"  # field; empty = the whole batch
    location: str = "location__code"
    keep: bool = False  # the rows stay when a newer file comes (registers)


@dataclass(frozen=True)
class Reader:
    """One dataset of one publisher: how to know it, read it and load it.

    `columns` must all be in the normalised header, `without` none of them; `kind` is csv, xlsx, json or geojson.
    `order` puts registers before counts. `load` gets the content and the new batch, inside a transaction.
    """

    id: str
    label: str
    publisher: str
    licence: str
    order: int
    read: Callable[[Source], Content]
    load: Callable[[Content, ImportBatch], Iterable[RowFinding] | None]
    columns: frozenset[str]
    without: frozenset[str] = frozenset()
    kind: str = "csv"
    matches: Callable[[Source], bool] | None = None
    tables: tuple[RowsOf, ...] = ()
    doubts: Callable[[Content], list[RowFinding]] | None = None  # what else asks for --accept
    tolerance_share: float = 0.15  # change of a total against the last load that asks for --accept

    def recognises(self, source: Source) -> bool:
        """Say whether the header of the file is that of this dataset."""
        if source.kind != self.kind or not self.columns <= source.header or self.without & source.header:
            return False
        return self.matches is None or self.matches(source)
