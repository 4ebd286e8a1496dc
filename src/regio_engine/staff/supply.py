"""Who can come into the staff of a region: expected candidates per source, position and year, and what they are like.

Numbers of the nation reach the region by its part of the sector's employment. Graduates follow enrolment per subject
where a file is loaded: students × diplomas per student × part not yet in vo × part that enters. hbo masters are mostly
sitting teachers, so few of them are heads. One person has one source.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from regio_engine.parameters.positions import FIRST_GRADE, SECOND_GRADE
from regio_engine.parameters.staff_figures import StaffParameters
from regio_engine.staff.context_draws import cumulative, drawn, spread_over_ages
from regio_engine.staff.context_positions import grade_of, specialism_of
from regio_engine.staff.contract import HOURS_CLASSES, OPEN_TERM, PARAMETER_DRAWS, Qualified, Source, Supply
from regio_engine.units import MILLI_PER_FTE, Floats

AGE_TABLES = {
    Source.GRADUATE: "ages_graduate",
    Source.ZIJ_INSTROOM: "ages_zij_instroom",
    Source.RESERVE: "ages_reserve",
    Source.HYBRID: "ages_hybrid",
    Source.FROM_ELSEWHERE: "ages_from_elsewhere",
    Source.UNQUALIFIED: "ages_unqualified",
}
QUALIFIED = {
    Source.ZIJ_INSTROOM: Qualified.APPOINTABLE,
    Source.HYBRID: Qualified.APPOINTABLE,
    Source.UNQUALIFIED: Qualified.APPOINTABLE,
}
IN_TRAINING = (Source.ZIJ_INSTROOM,)  # with a legal term: who does not qualify in time is C1 then
TENURE = {Source.RESERVE: 3, Source.FROM_ELSEWHERE: 5}  # they are no starters; the others are
HYBRID_HOURS = (0.5, 0.4, 0.1, 0.0, 0.0)  # a job beside the class: mostly up to 0.4 fte
PER_TEACHER = {
    Source.HYBRID: "hybrid_per_teacher",
    Source.FROM_ELSEWHERE: "leave_region",  # as many come as go
    Source.UNQUALIFIED: "unqualified_per_teacher",
}
PRIMARY_SECTORS = ("po", "so")
MOST_PERSONS = 1e9


@dataclass(frozen=True)
class Enrolments:
    """Students in teacher training, the whole nation, in one year [persons]; empty where no file is loaded.

    Attributes:
        second_grade: per subject (specialism) in bachelors of the second grade.
        first_grade: per subject in masters of the first grade, and bachelors that lead to it (LO, kunst).
        starting_in_vo: subjects of first-grade programmes whose students do not teach yet (LO, kunst).
        primary: in the pabo.
    """

    second_grade: Mapping[str, float] = field(default_factory=dict)
    first_grade: Mapping[str, float] = field(default_factory=dict)
    starting_in_vo: frozenset[str] = frozenset()
    primary: float = 0.0

    @property
    def is_loaded(self) -> bool:
        """Whether any file tells of students."""
        return bool(self.second_grade) or self.primary > 0


@dataclass(frozen=True)
class Region:
    """What the supply of a region depends on.

    Attributes:
        sector: "vo", "po", "so" or "mbo".
        positions: codes.
        need_milli: need per position in the base year [thousandths of fte], shape (positions,).
        persons: teachers in service.
        place_weights: size of each place, shape (places,).
        contract_shares: part of the contracts in each class of hours, shape (HOURS_CLASSES,).
    """

    sector: str
    positions: Sequence[str]
    need_milli: Floats
    persons: int
    place_weights: Floats
    contract_shares: Floats


@dataclass(frozen=True)
class Figures:
    """Draws of the figures of one sector."""

    parameters: StaffParameters
    sector: str
    seed: int

    def __call__(self, name: str, *, at_most: float = 1.0) -> Floats:
        """Return the draws of a figure, shape (draws,)."""
        return drawn(self.parameters.figure(self.sector, name), seed=self.seed, at_most=at_most)

    def row(self, table: str, key: str) -> Floats:
        """Return the draws of a row of a table, shape (draws,)."""
        return drawn(self.parameters.table(self.sector, table).figure(key), seed=self.seed, at_most=MOST_PERSONS)


def build_supply(
    region: Region, *, figures: Figures, enrolments: Enrolments, returns_per_year: Floats, years: int
) -> Supply:
    """Return the supply of a region; every year expects the same (a change of enrolment is not carried on).

    Args:
        region: sector, positions and sizes.
        figures: draws of the figures of the sector.
        enrolments: students per subject of the nation.
        returns_per_year: starters who left and come back [persons per year], shape (draws,).
        years: years ahead.
    """
    parameters = figures.parameters
    ages = np.stack([spread_over_ages(parameters.table("all", AGE_TABLES[source])) for source in Source])
    hours = np.stack([_hours(source, region, figures) for source in Source])
    term = int(parameters.figure("all", "term_in_training").value)
    expected = expected_persons(region, figures=figures, enrolments=enrolments, returns_per_year=returns_per_year)
    milli = np.rint(expected * 1000).astype(np.int32)
    return Supply(
        expected_milli=np.ascontiguousarray(np.repeat(milli[..., None], years, axis=-1)),
        ages=cumulative(ages),
        hours=cumulative(hours),
        homes=cumulative(region.place_weights),
        qualified=np.array([QUALIFIED.get(source, Qualified.YES) for source in Source], np.int8),
        terms=np.array(
            [term if source in IN_TRAINING else OPEN_TERM if source in QUALIFIED else 0 for source in Source], np.int16
        ),
        scale=np.zeros(len(Source), np.int8),
        tenure=np.array([TENURE.get(source, 0) for source in Source], np.int16),
    )


def expected_persons(region: Region, *, figures: Figures, enrolments: Enrolments, returns_per_year: Floats) -> Floats:
    """Return expected candidates [persons per year], shape (draws, sources, positions)."""
    share = region.need_milli.sum() / MILLI_PER_FTE / figures("national_teacher_fte", at_most=MOST_PERSONS)
    by_need = _shares(region.need_milli)
    trained = figures("zij_instroom_national", at_most=MOST_PERSONS) * figures("zij_instroom_share") * share
    found = np.zeros((PARAMETER_DRAWS, len(Source), len(region.positions)))
    found[:, Source.GRADUATE] = graduates(region, figures=figures, enrolments=enrolments) * share[:, None]
    found[:, Source.ZIJ_INSTROOM] = trained[:, None] * by_need
    found[:, Source.RESERVE] = (region.persons * figures("reserve_per_teacher") + returns_per_year)[:, None] * by_need
    for source, name in PER_TEACHER.items():
        found[:, source] = region.persons * figures(name)[:, None] * by_need
    return found


def graduates(region: Region, *, figures: Figures, enrolments: Enrolments) -> Floats:
    """Return graduates of the nation who enter the sector, per position [persons per year], shape (draws, positions)."""
    if region.sector == "vo":
        found = _second_grade(region, figures, enrolments) + _first_grade(region, figures, enrolments)
    else:
        students = enrolments.primary if region.sector in PRIMARY_SECTORS else sum(enrolments.second_grade.values())
        table_row = "pabo" if region.sector in PRIMARY_SECTORS else "hbo_second"
        diplomas = figures("diplomas_per_student") * students if students else figures.row("diplomas", table_row)
        found = diplomas[:, None] * _shares(region.need_milli)
    return np.asarray(found * figures("graduates_enter")[:, None])


def _second_grade(region: Region, figures: Figures, enrolments: Enrolments) -> Floats:
    """Return new heads with a second-grade diploma, shape (draws, positions)."""
    here = np.array([grade_of(position) == SECOND_GRADE for position in region.positions])
    fresh = figures("not_yet_in_vo")
    if not enrolments.second_grade:
        return _by_need(region, here, figures.row("diplomas", "hbo_second") * fresh)
    students = np.array([enrolments.second_grade.get(specialism_of(p), 0.0) for p in region.positions]) * here
    return np.asarray((figures("diplomas_per_student") * fresh)[:, None] * students)


def _first_grade(region: Region, figures: Figures, enrolments: Enrolments) -> Floats:
    """Return new heads with a first-grade diploma: universities by need, masters and first-grade bachelors by subject."""
    here = np.array([grade_of(position) == FIRST_GRADE for position in region.positions])
    fresh, masters = figures("not_yet_in_vo"), figures("not_yet_in_vo_masters")
    university = _by_need(region, here, figures.row("diplomas", "wo_first") * fresh)
    if not enrolments.first_grade:
        return university + _by_need(region, here, figures.row("diplomas", "hbo_first") * masters)
    rate = figures("first_grade_diplomas_per_student")
    found = university
    for subject, students in enrolments.first_grade.items():
        starts = subject in enrolments.starting_in_vo
        mine = np.array([specialism_of(p) == subject for p in region.positions]) & (here | starts)
        found = found + _by_need(region, mine, rate * students * (fresh if starts else masters))
    return np.asarray(found)


def _by_need(region: Region, members: NDArray[np.bool_], persons: Floats) -> Floats:
    """Return persons spread over the positions that are members, by need; shape (draws, positions)."""
    return np.asarray(persons[:, None] * _shares(np.where(members, region.need_milli, 0.0)))


def _shares(weights: Floats) -> Floats:
    total = weights.sum()
    return np.asarray(weights / total if total > 0 else np.zeros_like(weights))


def _hours(source: Source, region: Region, figures: Figures) -> Floats:
    """Return how much candidates would work at most: as the staff of the region, or all of an opening up to full-time."""
    if source == Source.HYBRID:
        return np.array(HYBRID_HOURS)
    whole = figures.parameters.figure(figures.sector, "takes_whole_opening").value
    return np.asarray((1 - whole) * region.contract_shares + whole * (np.arange(HOURS_CLASSES) == HOURS_CLASSES - 1))
