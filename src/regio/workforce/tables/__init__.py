"""From series to figures: learners per sector and level, need per position, exam candidates.

Every figure gets its table, records for CSV and its chart; nothing here reads the database.
"""

from regio.regions.enums import Sector
from regio.shared.figures import Figure

from ..models import Position
from ..queries import Series
from .changes import sector_change, subject_changes
from .ground import BAND, HORIZON, Ground
from .learners import counted_table, exams_figure, learners_figure, levels_figure
from .need import grades_figure, need_figure

__all__ = [
    "BAND", "HORIZON", "Ground", "counted_table", "figures_of", "learners_figure", "levels_figure", "sector_change",
    "subject_changes",
]  # fmt: skip


def figures_of(ground: Ground, series: Series, positions: dict[str, Position], sector: str) -> dict[str, Figure]:
    """Return all figures of one sector by what they show; what has no data is left out."""
    found = {
        "learners": learners_figure(ground, series, sector),
        "levels": levels_figure(ground, series, sector),
        "need": need_figure(ground, series, positions, sector),
        "grades": grades_figure(ground, series, positions, sector),
        "exams": exams_figure(ground, series) if sector == Sector.VO else None,
    }
    return {name: figure for name, figure in found.items() if figure}
