"""mbo: students per college, level and learning route, one file with all eight years."""

from pathlib import Path

import numpy as np

from regio.site.voorbeeld.chance import apportion
from regio.site.voorbeeld.geography import PROVINCE
from regio.site.voorbeeld.region import ExampleRegion
from regio.site.voorbeeld.vocational import MBO_LEVELS

from .text import write_table

HEADER = (
    "JAAR", "PROVINCIE INSTELLING", "BEVOEGD GEZAG NUMMER", "INSTELLINGSCODE", "INSTELLINGSNAAM", "NIVEAU", "BBL", "BOLDT",
    "BOLVT", "EX",
)  # fmt: skip
# part per learning route: BBL, BOL part-time, BOL full-time, extraneus
_ROUTES = {
    "mbo_1": (0.12, 0.0, 0.87, 0.01),
    "mbo_2": (0.34, 0.01, 0.64, 0.01),
    "mbo_3": (0.38, 0.01, 0.60, 0.01),
    "mbo_4": (0.14, 0.01, 0.845, 0.005),
}


def write_mbo(folder: Path, region: ExampleRegion) -> None:
    """Write the students of the eight counts."""
    rows = []
    for moment in region.timeline.moments:
        for location, counts in zip(region.schools.mbo, region.vocational.at(moment), strict=True):
            for level, count in zip(MBO_LEVELS, counts.tolist(), strict=True):
                routes = apportion(count, np.array(_ROUTES[level])).tolist()
                start = (
                    region.timeline.year(moment),
                    PROVINCE,
                    location.board.code,
                    location.now.brin,
                    location.now.name,
                )
                rows.append((*start, f"niveau {level[-1]}", *routes))
    write_table(
        folder / f"mbo-studenten-per-instelling-{region.timeline.newest}.csv",
        HEADER,
        rows,
        delimiter=",",
        encoding="utf-8",
    )
