"""What was counted in the past, laid out as the forecast's own figures: per location, level and year.

One date may be counted in several files; per level the file with the most learners counts. Left out: group counts (a
part of a school), and the learners in the file of early leavers, whose count date is presumed and whose rules differ.
"""

from collections.abc import Collection

import numpy as np
from django.db.models import Sum

from regio.regions.enums import Sector
from regio.workforce.enums import Level, StageKind
from regio.workforce.models import ExamCount, LearnerCount
from regio.workforce.queries import OTHER_RULES, file_family
from regio_engine.pupils.levels import LEVELS
from regio_engine.pupils.split import split_mixed

from . import pupil_inputs as inputs

Counted = dict[tuple[str, str, int], int]  # (location code, level or "alle", year) -> learners [persons]


def counted_learners(sector: str, codes: Collection[str], *, before: int) -> Counted:
    """Return counted learners per location, level and year up to and including `before`, "alle" for their sum.

    Classes of vo that hold several levels are split as in the forecast; a year that was counted without levels has
    "alle" only.
    """
    plain = _per_level(sector, set(codes), before)
    split = _split_vo(codes, before) if sector == Sector.VO else {}
    split_years = {year for _code, _level, year in split}
    kept = {key: number for key, number in plain.items() if key[2] not in split_years} | split
    totals: Counted = {}
    for (code, _level, year), number in kept.items():
        totals[code, Level.ALL, year] = totals.get((code, Level.ALL, year), 0) + number
    return {key: number for key, number in kept.items() if key[1] != Level.ALL} | totals


def counted_candidates(codes: Collection[str]) -> Counted:
    """Return exam candidates per location, exam type and end year of the school year."""
    rows = (
        ExamCount.objects.order_by()
        .values_list("location__code", "exam_type", "school_year")
        .annotate(Sum("candidates"))
    )
    wanted = set(codes)
    return {(code, kind, start + 1): number for code, kind, start, number in rows if code in wanted and number}


def _per_level(sector: str, codes: set[str], before: int) -> Counted:
    rows = (
        LearnerCount.objects.filter(location__sector=sector, reference_date__year__lte=before)
        .exclude(stage_kind=StageKind.GROUP)
        .exclude(batch__dataset__in=OTHER_RULES)
        .order_by()
        .values_list("location__code", "level", "reference_date__year", "batch__dataset")
        .annotate(learners=Sum("count"))
    )
    per_file: dict[tuple[int, str], dict[str, Counted]] = {}
    for code, level, year, dataset, learners in rows:
        counts = per_file.setdefault((year, level), {}).setdefault(file_family(dataset), {})
        counts[code, level, year] = counts.get((code, level, year), 0) + learners
    with_levels = {year for year, level in per_file if level != Level.ALL}
    chosen: Counted = {}
    for (year, level), files in per_file.items():
        if level != Level.ALL or year not in with_levels:
            fullest: Counted = max(files.values(), key=lambda counts: sum(counts.values()))
            chosen |= fullest
    return {key: number for key, number in chosen.items() if key[0] in codes}


def _split_vo(codes: Collection[str], before: int) -> Counted:
    """Return the vo counts by level with mixed classes split, whole pupils, for the years that were counted so."""
    found: Counted = {}
    per_year = {year: rows for year, rows in inputs.vo_counts().items() if year <= before}
    for year, rows in per_year.items():
        # All locations take part: a small location's mix is drawn towards that of the country.
        everywhere = sorted({row[0] for row in rows})
        split = split_mixed(inputs.vo_arrays(rows, everywhere), locations=len(everywhere)).sum(axis=2)
        place = {code: number for number, code in enumerate(everywhere)}
        here = [code for code in codes if code in place]
        for code in here:
            for level in np.flatnonzero(split[place[code]]):
                found[code, LEVELS[level], year] = int(split[place[code], level])
    return found
