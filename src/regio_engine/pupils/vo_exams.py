"""What exam candidates counted after the newest pupil count tell of a location: its exam classes, and whether it is still there."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from regio_engine.pupils.levels import EXAM_LEVELS
from regio_engine.pupils.links import Link
from regio_engine.pupils.plan import NEVER, FlowPlan, expected_course
from regio_engine.pupils.vo_known import VoCounts, VoSettings, candidates_per_pupil, exam_cells

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MIN_CLASS = 20.0  # pupils in exam classes below which nothing is said about the code
FOLLOW_BOUNDS = (0.5, 2.0)
MOST = 0.6  # heirs that hold this part of a code's exam classes took it over as a whole
GOOD_PART = 0.3  # growth of a sibling's exam classes, as part of those of the code that is gone, that cannot be chance


def exam_sums(plan: FlowPlan, known: VoCounts) -> tuple[Floats, Floats]:
    """Return pupils in exam classes as the plan expects and as candidates tell, (L, Y); nan where nothing is told."""
    told, seen, course = np.zeros(plan.factor.shape), np.full(plan.factor.shape, np.nan), expected_course(plan)
    for kind, levels in enumerate(EXAM_LEVELS.values()):
        sums = _sums_at(plan, exam_cells(plan, levels), course)
        classes = known.exam_classes[kind] / candidates_per_pupil(known, kind)
        has = ~np.isnan(classes) & ((sums > 0) | (classes > 0))
        told += np.where(has, sums, 0.0)
        seen = np.where(has, np.nan_to_num(seen) + np.nan_to_num(classes), seen)
    return told, seen


def _sums_at(plan: FlowPlan, cells: Ints, course: Floats) -> Floats:
    sums = np.zeros(plan.factor.shape)
    np.add.at(sums, plan.cells.location[cells], course[cells])
    return sums


def gone_by_exams(told: Floats, seen: Floats, settings: VoSettings) -> Ints:
    """Return the first year in which a location that should have exam classes has none any more, (L,)."""
    gone = (told >= MIN_CLASS) & (np.nan_to_num(seen, nan=np.inf) < settings.vanished_below * told)
    return np.where(gone.any(axis=1), gone.argmax(axis=1), NEVER).astype(np.int64)


def links_to_successors(known: VoCounts, told: tuple[Floats, Floats], gone: Ints) -> list[Link]:
    """Link codes that are gone to where their exam classes went.

    First the new codes of the same address or school, by the candidates counted there; a code without such heirs goes to
    the locations of its school whose exam classes grew by a good part of it. What stays unexplained goes to nobody.
    """
    expected, seen = told
    links = []
    for old in np.flatnonzero(gone != NEVER).tolist():
        claims = _claims_of_new_codes(known, expected, seen, gone, old) or _claims_of_siblings(
            known, expected, seen, gone, old
        )
        wanted = float(expected[old, gone[old]])
        found = sum(claims.values())
        whole = found if found > MOST * wanted else wanted
        links += [Link(old, new, weight / whole, int(gone[old])) for new, weight in claims.items()]
    return links


def _claims_of_new_codes(known: VoCounts, expected: Floats, seen: Floats, gone: Ints, old: int) -> dict[int, float]:
    claims = {}
    for new, olds in known.successors.items():
        mine = [other for other in olds if gone[other] != NEVER]
        if old in mine:
            part = expected[old].max() / max(sum(expected[other].max() for other in mine), 1.0)
            claims[new] = float(np.nan_to_num(seen[new]).max() * part)
    return {new: weight for new, weight in claims.items() if weight > 0}


def _claims_of_siblings(known: VoCounts, expected: Floats, seen: Floats, gone: Ints, old: int) -> dict[int, float]:
    year = gone[old]
    claims = {}
    for other in range(len(known.codes)):
        if known.schools[other] == known.schools[old] and other != old and gone[other] == NEVER:
            excess = float(np.nan_to_num(seen[other, year]) - expected[other, year])
            if excess > GOOD_PART * expected[old, year]:
                claims[other] = excess
    return claims


def with_exam_classes(plan: FlowPlan, known: VoCounts, settings: VoSettings) -> FlowPlan:
    """Set the exam classes known from candidates, and let the rest of a location follow them in part."""
    course, known_cells = expected_course(plan), plan.known.copy()
    for kind, levels in enumerate(EXAM_LEVELS.values()):
        cells = exam_cells(plan, levels)
        classes = known.exam_classes[kind] / candidates_per_pupil(known, kind)
        sums = _sums_at(plan, cells, course)
        where = plan.cells.location[cells]
        known_cells[cells] = np.where(
            (sums > 0)[where], course[cells] * (classes / np.maximum(sums, 1e-9))[where], np.nan
        )
    return replace(plan, known=known_cells, factor=_followed(*exam_sums(plan, known), settings))


def _followed(told: Floats, seen: Floats, settings: VoSettings) -> Floats:
    """Return the factor of a location: part of what its exam classes strayed from what was told, bounded."""
    counted = ~np.isnan(seen) & (told > 0)
    nation = np.where(counted, seen, 0.0).sum(axis=0) / np.maximum(np.where(counted, told, 0.0).sum(axis=0), 1.0)
    expected = told * np.where(nation > 0, nation, 1.0)
    ratio = (np.nan_to_num(seen) + settings.prior_pupils) / (expected + settings.prior_pupils)
    step = np.where(counted, np.clip(ratio, *FOLLOW_BOUNDS) ** settings.exam_follow_share, 1.0)
    step /= np.maximum(
        (step * told).sum(axis=0) / np.maximum(told.sum(axis=0), 1.0), 0.5
    )  # the nation stays what it is
    factor, current = np.ones_like(told), np.ones(len(told))
    for year in range(told.shape[1]):
        current = np.where(counted[:, year], step[:, year], current)
        factor[:, year] = current
    return factor
