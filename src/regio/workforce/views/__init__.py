"""Pages of this app: `outlook` for region and parts, figures, runs and scorecard; `shortage`; `joint` for joint rounds."""

from .joint import joint, joint_board, joint_close, joint_file, joint_round, joint_snapshot
from .outlook import (
    figure_file,
    figure_page,
    forecast,
    manual_page,
    part,
    recalculate,
    region,
    register_file,
    run_page,
    scorecard_page,
)  # fmt: skip
from .shortage import analyst, differences, drivers, position, sections

__all__ = [
    "analyst", "differences", "drivers", "figure_file", "figure_page", "forecast", "joint", "joint_board", "joint_close", "joint_file", "joint_round", "joint_snapshot", "manual_page", "part", "position", "recalculate", "region",
    "register_file", "run_page", "scorecard_page", "sections",
]  # fmt: skip
