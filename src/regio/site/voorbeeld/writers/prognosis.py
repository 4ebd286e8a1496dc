"""Somebody else's forecast of vo: editions as the publisher would have made them, wide as of old and long as of today.

An edition knows no more than its maker could: the counts up to the one it starts from. Every class goes on by the mean
progression of the last three years at its school, drawn to that of the region; year 1 stays at its own mean of three years, and a miss of the
maker's own that grows with the years lies over it. What really came is in no way used.
"""

from pathlib import Path

import numpy as np

from regio.site.voorbeeld.chance import Numbers
from regio.site.voorbeeld.region import ExampleRegion
from regio.site.voorbeeld.timeline import NEWEST
from regio.site.voorbeeld.truth import LEVELS

from .text import write_table

EDITION_YEARS = 20
OLD_EDITIONS = (NEWEST - 4, NEWEST - 3, NEWEST - 2)  # the counts that the wide editions were made on
LONG_YEARS = 6
MEAN_YEARS = 3
SHRINK_PUPILS = 30.0
MISS = 0.02  # spread of the maker's own miss after one year, as a share; grows with the root of the years
GROUPS = ("BRJ", "VMBO", "HAVO", "VWO", "PRO")
_COLUMN = {"pro": 4, "havo": 2, "vwo": 3}  # the vmbo levels are column 1


def write_prognoses(folder: Path, region: ExampleRegion) -> None:
    """Write three old editions (wide) and the present one (long)."""
    for known in OLD_EDITIONS:
        _write_wide(folder, region, known)
    _write_long(folder, region, NEWEST)


def prognosis(region: ExampleRegion, known: int) -> dict[int, dict[str, Numbers]]:
    """Return pupils per moment, BRIN and group of `GROUPS`: counts up to `known`, twenty years of forecast after it."""
    schools = [location.identity(known).brin for location in region.secondary.locations]
    names, own = np.unique(schools, return_inverse=True)
    counts = {moment: _summed(region.secondary.at(moment), own) for moment in range(known + 1)}
    newcomers = {moment: _summed(region.secondary.isk_at(moment), own) for moment in range(known + 1)}
    found = {moment: _groups(counts[moment], newcomers[moment]) for moment in range(known + 1)}
    recent = np.stack([counts[known - back] for back in range(MEAN_YEARS, -1, -1)])
    rates, first, pupils = _progression(recent), recent[1:, :, :, 0].mean(axis=0), recent[-1]
    isk = np.mean([newcomers[known - back] for back in range(MEAN_YEARS)], axis=0)
    for ahead in range(1, EDITION_YEARS + 1):
        pupils = np.concatenate([first[:, :, None], pupils[:, :, :-1] * rates], axis=2)
        chance = region.chance.of(f"prognose-{known}", known + ahead)
        miss = 1 + MISS * ahead**0.5 * chance.standard_normal((len(names), len(GROUPS)))
        found[known + ahead] = np.maximum(_groups(pupils, isk) * miss, 0)
    return {moment: dict(zip(names.tolist(), groups, strict=True)) for moment, groups in found.items()}


def _summed(pupils: np.ndarray, own: np.ndarray) -> Numbers:
    """Return the pupils of locations summed per school."""
    sums = np.zeros((int(own.max()) + 1, *pupils.shape[1:]))
    np.add.at(sums, own, pupils)
    return sums


def _progression(counts: Numbers) -> Numbers:
    """Return pupils per pupil a year before, per school, level and year of study: its own, drawn to the region's."""
    before, after = counts[:-1, :, :, :-1].sum(axis=0), counts[1:, :, :, 1:].sum(axis=0)
    all_before, all_after = before.sum(axis=0), after.sum(axis=0)
    regional = np.divide(all_after, all_before, out=np.zeros_like(all_after), where=all_before > 0)
    return np.asarray((after + SHRINK_PUPILS * regional) / (before + SHRINK_PUPILS))


def _groups(pupils: Numbers, newcomers: Numbers) -> Numbers:
    """Return pupils per school and group: years 1 and 2 are brugjaar, practical education aside."""
    found = np.zeros((len(pupils), len(GROUPS)))
    for row, level in enumerate(LEVELS):
        group = _COLUMN.get(level, 1)
        if level == "pro":
            found[:, group] += pupils[:, row].sum(axis=1)
        else:
            found[:, 0] += pupils[:, row, :2].sum(axis=1)
            found[:, group] += pupils[:, row, 2:].sum(axis=1)
    found[:, 0] += newcomers.sum(axis=1)
    return found


def _write_wide(folder: Path, region: ExampleRegion, known: int) -> None:
    told, timeline = prognosis(region, known), region.timeline
    columns = [f"{group}.{timeline.year(moment)}" for moment in told for group in (*GROUPS, "totaal")]
    rows = [
        (brin, *(_plain(value) for groups in told.values() for value in (*groups[brin], groups[brin].sum())))
        for brin in told[0]
    ]
    first, last = timeline.year(0), timeline.year(known + EDITION_YEARS)
    write_table(folder / f"11-leerlingenprognose-vo-{first}-{last}.csv", ("BRIN NUMMER", *columns), rows)


def _write_long(folder: Path, region: ExampleRegion, known: int) -> None:
    told, timeline = prognosis(region, known), region.timeline
    names = ("BRUGJAAR", *GROUPS[1:])
    rows = [
        (brin, name, timeline.year(moment), _plain(value))
        for moment in range(known + 1, known + 1 + LONG_YEARS)
        for brin, groups in told[moment].items()
        for name, value in zip(names, groups, strict=True)
    ]
    header = ("INSTELLINGSCODE", "ONDERWIJSNIVEAU", "JAAR", "PROGNOSEAANTALLEN")
    path = folder / f"brin4_prognosesvo-{timeline.newest}.csv"
    write_table(path, header, rows, delimiter=",", encoding="utf-8")


def _plain(value: float) -> str:
    value = round(float(value), 1)
    return f"{value:g}" if value < 1e5 else str(value)
