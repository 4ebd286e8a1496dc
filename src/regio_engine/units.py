"""Quantities that travel between the parts of the engine: drawn learners, and fte in whole thousandths.

Contracts are 0.6667 or 0.5625 fte, so fte is kept in thousandths; whole numbers add up exactly in any order.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regio_engine.errors import ImplausibleInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Texts = NDArray[np.str_]
MilliFte = NDArray[np.int32]

MILLI_PER_FTE = 1000


@dataclass(frozen=True)
class LearnerDraws:
    """Drawn numbers of learners per cell; a cell is one location, level and stage.

    Attributes:
        location_codes: location of each cell, shape (cells,).
        levels: level of each cell as the workforce app writes it ("havo", "vmbo_b", "bo"), shape (cells,).
        stages: year of study (vo), age or group (po); 0 where the count has no stages, shape (cells,).
        years: calendar years of the counts (1 October), one per column.
        counts: learners [persons], shape (cells, years, draws).
    """

    location_codes: Texts
    levels: Texts
    stages: NDArray[np.int16]
    years: tuple[int, ...]
    counts: Ints

    def __post_init__(self) -> None:
        cells, years, _ = self.counts.shape
        if not len(self.location_codes) == len(self.levels) == len(self.stages) == cells:
            raise ImplausibleInput(f"labels and counts must have the same number of cells, got {cells} rows of counts")
        if len(self.years) != years:
            raise ImplausibleInput(f"years must have one entry per column, got {len(self.years)} for {years} columns")
        if not years or list(self.years) != sorted(set(self.years)):
            raise ImplausibleInput(f"years must rise, got {self.years}")
        if cells and int(self.counts.min()) < 0:
            raise ImplausibleInput(f"learners must not be negative, got {int(self.counts.min())}")

    def with_first_year(self, year: int, counts: NDArray[np.integer]) -> "LearnerDraws":
        """Return the draws with a counted year before them, the same in every draw.

        Args:
            year: calendar year of the count, before the drawn years.
            counts: learners per cell [persons], shape (cells,).
        """
        first = np.broadcast_to(np.asarray(counts, np.int32)[:, None, None], (len(counts), 1, self.draws))
        return LearnerDraws(
            location_codes=self.location_codes,
            levels=self.levels,
            stages=self.stages,
            years=(year, *self.years),
            counts=np.concatenate([first, self.counts], axis=1),
        )

    @property
    def draws(self) -> int:
        """Number of draws."""
        return int(self.counts.shape[2])


def learner_draws(
    *, cells: Sequence[tuple[str, str, int]], years: Sequence[int], counts: NDArray[np.integer]
) -> LearnerDraws:
    """Make `LearnerDraws` from (location, level, stage) triples and counts of shape (cells, years, draws)."""
    return LearnerDraws(
        location_codes=np.array([cell[0] for cell in cells], dtype=np.str_),
        levels=np.array([cell[1] for cell in cells], dtype=np.str_),
        stages=np.array([cell[2] for cell in cells], dtype=np.int16),
        years=tuple(years),
        counts=np.ascontiguousarray(counts, dtype=np.int32),
    )
