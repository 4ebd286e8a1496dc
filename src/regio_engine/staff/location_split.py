"""What a location's own figures say about the split of its need: exam counts per subject, pupils per vmbo profile.

Where a location has few candidates, the share of pupils that takes a subject is drawn towards the nation.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from regio_engine.findings import Finding
from regio_engine.parameters.lesson_table import ALWAYS, PROFILE, ClassPlan, LessonLine, LessonTable
from regio_engine.parameters.positions import UNKNOWN_PROFILE, PositionCatalogue

UNKNOWN_EXAM_CODE = "N-103"  # arguments: subject_code
NO_DEPARTMENT = ("", "N.v.t.")

Shares = Mapping[str, float]


@dataclass(frozen=True)
class LocationSplit:
    """Own figures of one location.

    Attributes:
        taken_by: per exam type and subject the share of the pupils that takes it [0 and up; two subjects of one kind
            can give more than 1].
        profiles: per vmbo level the share of the pupils of years 3-4 in each profile; what lacks to 1 has none.
    """

    taken_by: Mapping[str, Shares] = field(default_factory=dict)
    profiles: Mapping[str, Shares] = field(default_factory=dict)


@dataclass(frozen=True)
class TaughtLine:
    """One subject of a class at one location: weekly lessons per group for the share of the class that takes it."""

    specialism: str
    grade: str
    lessons: float
    share: float
    group_size: float
    is_own_figure: bool


def exam_shares(
    marks: Mapping[str, float], *, table: LessonTable, exam_type: str, parent: Shares | None = None
) -> dict[str, float]:
    """Return which share of the pupils takes each subject of choice: (marks + k × parent) / (candidates + k).

    Args:
        marks: exams with a mark per VAKCODE [persons].
        table: which VAKCODE belongs to which subject, who counts as a candidate, and k: as how many candidates the
            parent weighs.
        exam_type: HAVO or VWO.
        parent: shares of the nation; None for the nation itself, which follows its own marks alone.
    """
    per_subject: dict[str, float] = {}
    for code, number in marks.items():
        if subject := table.subject_of_exam_code.get(code):
            per_subject[subject] = per_subject.get(subject, 0.0) + number
    prior = table.exam_prior_candidates if parent is not None else 0.0
    base = table.default_shares(exam_type) if parent is None else parent
    candidates = sum(marks.get(code, 0.0) for code in table.exam_base_codes)
    total = (candidates or max(marks.values(), default=0.0)) + prior
    if total <= 0:
        return dict(base)
    return {subject: (per_subject.get(subject, 0.0) + prior * share) / total for subject, share in base.items()}


def unknown_exam_codes(codes: Iterable[str], table: LessonTable) -> list[Finding]:
    """Return a finding for every VAKCODE that the lesson table does not place; such marks are left out."""
    known = table.subject_of_exam_code.keys() | table.exam_base_codes | table.exam_codes_not_scaled
    return [Finding(UNKNOWN_EXAM_CODE, {"subject_code": code}) for code in sorted(set(codes) - known)]


def profile_shares(learners: Mapping[str, float], catalogue: PositionCatalogue) -> dict[str, float]:
    """Return the share of the pupils in each profile from learners per AFDELING; an unknown AFDELING has its own share.

    Args:
        learners: pupils of one vmbo level per AFDELING, empty or "N.v.t." where they have none [persons].
        catalogue: which AFDELING belongs to which profile.
    """
    total = sum(learners.values())
    shares: dict[str, float] = {}
    for department, number in learners.items():
        if total > 0 and department not in NO_DEPARTMENT:
            profile = catalogue.profile_of_department.get(department, UNKNOWN_PROFILE)
            shares[profile] = shares.get(profile, 0.0) + number / total
    return shares


def taught_lines(plan: ClassPlan, split: LocationSplit) -> list[TaughtLine]:
    """Return the lines of a class with the shares that hold at this location, profiles by name."""
    lines: list[TaughtLine] = []
    for line in plan.lines:
        size = line.group_size or plan.class_size
        for specialism, share, is_own in _shares_of(line, split):
            if line.lessons * share > 0:
                lines.append(TaughtLine(specialism, line.grade, line.lessons, line.weight * share, size, is_own))
    return lines


def _shares_of(line: LessonLine, split: LocationSplit) -> list[tuple[str, float, bool]]:
    """Return (specialism, share of the class, is it an own figure) of one line; a profile line gives several."""
    if line.specialism == PROFILE:
        return _profiles(line, split.profiles.get(line.level))
    own = split.taken_by.get(line.exam_type, {}).get(line.specialism) if line.exam_type else None
    return [(line.specialism, line.taken_by if own is None else own, own is not None)]


def _profiles(line: LessonLine, own: Shares | None) -> list[tuple[str, float, bool]]:
    if own is None:
        return [(UNKNOWN_PROFILE, line.taken_by, False)]
    shares = dict(own)
    if line.taken_by >= ALWAYS:  # every pupil of this level has a profile; who has none yet is not known
        shares[UNKNOWN_PROFILE] = shares.get(UNKNOWN_PROFILE, 0.0) + max(0.0, 1.0 - sum(own.values()))
    return [(profile, share, profile != UNKNOWN_PROFILE) for profile, share in shares.items()]
