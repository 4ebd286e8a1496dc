"""All files of the invented region in one folder, and beside them the truth that is never imported."""

import json
from pathlib import Path
from typing import Any

from .primary import END
from .region import ExampleRegion
from .secondary import START as VO_START
from .timeline import NEWEST
from .truth import LEVELS
from .writers.exams import write_exams
from .writers.land import write_land
from .writers.mbo import write_mbo
from .writers.own_staff import write_own_staff
from .writers.personnel import write_personnel
from .writers.po import write_po
from .writers.population import write_population
from .writers.registers import write_registers
from .writers.vo import write_vo

TRUTH_FILE = "waarheid.json"
OWN_FILES = "eigen"  # a folder per board in it
WRITERS = (write_land, write_registers, write_population, write_po, write_vo, write_exams, write_mbo, write_personnel,
           write_own_staff)  # fmt: skip


def write_region(region: ExampleRegion, folder: Path) -> list[Path]:
    """Write every file into a folder: `bestanden`, own files of boards in `eigen/<board>`, and `waarheid.json` beside them.

    Returns the public files to import.
    """
    files = folder / "bestanden"
    files.mkdir(parents=True, exist_ok=True)
    for write in WRITERS:
        write(files, region)
    text = json.dumps(truth_of(region), indent=1, ensure_ascii=False)
    (folder / TRUTH_FILE).write_text(text + "\n", encoding="utf-8")
    return sorted(files.iterdir())


def truth_of(region: ExampleRegion) -> dict[str, Any]:
    """Return the true parameters, what was drawn from them, and how the years to come really turn out."""
    secondary, timeline = region.secondary, region.timeline
    future = range(NEWEST + 1, END + 1)
    return {
        "uitleg": "Verzonnen regio: de echte waarden achter de bestanden. Dit bestand wordt nooit ingelezen.",
        "seed": region.seed,
        "peildatum": region.as_of.isoformat(),
        "nieuwste_telling": f"{timeline.newest}-10-01",
        "parameters": region.truth.as_dict(),
        "kinderen_per_leerling_groep_8": round(secondary.children_per_pupil, 6),
        "landelijke_factor_vo": {
            str(timeline.year(m)): dict(zip(LEVELS, secondary.national[m - VO_START].round(6).tolist(), strict=True))
            for m in timeline.moments
        },
        "eigen_factor_vo": {
            location.now.code: dict(zip(LEVELS, factors.round(4).tolist(), strict=True))
            for location, factors in zip(region.schools.vo, secondary.own_factor, strict=True)
        },
        "codes": _code_changes(region),
        "toekomst": {
            "po": {str(timeline.year(m)): _totals(region.schools.po, region.primary.at(m).sum(axis=1)) for m in future},
            "vo": {
                str(timeline.year(m)): _totals(
                    region.schools.vo, secondary.at(m).sum(axis=(1, 2)) + secondary.isk_at(m).sum(axis=1)
                )
                for m in future
            },
            "mbo": {
                str(timeline.year(m)): _totals(region.schools.mbo, region.vocational.at(m).sum(axis=1)) for m in future
            },
        },
    }


def _totals(locations: tuple[Any, ...], counts: Any) -> dict[str, int]:
    """Return learners per present code; records that merged are added up."""
    totals: dict[str, int] = {}
    for location, count in zip(locations, counts.tolist(), strict=True):
        totals[location.now.code] = totals.get(location.now.code, 0) + int(count)
    return dict(sorted(totals.items()))


def _code_changes(region: ExampleRegion) -> list[dict[str, Any]]:
    """Return old and new codes with the first count under the new code."""
    changes = []
    codes_now = [location.now.code for location in region.schools.vo]
    for location in (*region.schools.po, *region.schools.vo):
        for (_, old), (first, new) in zip(location.identities, location.identities[1:], strict=False):
            kind = "fusie" if codes_now.count(new.code) > 1 else "verhuizing"
            changes.append(
                {"oud": old.code, "nieuw": new.code, "soort": kind, "sinds": f"{region.timeline.year(first)}-08-01"}
            )
    return changes
