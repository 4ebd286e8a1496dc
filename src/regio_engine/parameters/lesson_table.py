"""Lesson tables: weekly lessons per group by level, year of study and subject, and what a class of a cell looks like.

The shipped table is an assumption; a board's own table has the same form. The grade of vo lessons follows year of study
and level (havo 4-5 and vwo 4-6 are eerstegraads). Where pupils choose, a line says which share takes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from regio_engine.errors import ImplausibleInput, MissingInput
from regio_engine.parameters import loader
from regio_engine.parameters.positions import FIRST_GRADE, NO_GRADE, SECOND_GRADE

ALWAYS = 1.0
NEVER_FIRST_GRADE = 99
PROFILE = "profiel"


@dataclass(frozen=True)
class Choice:
    """Lessons per week and year of study for those who take a subject, and the share that does so by default."""

    participation: float
    lessons: tuple[float, ...]


@dataclass(frozen=True)
class LevelTable:
    """The lessons of one level; every tuple has one value per year of study."""

    sector: str
    class_size: tuple[float, ...]
    lessons: Mapping[str, tuple[float, ...]]
    choice: Mapping[str, Choice] = field(default_factory=dict)
    profile: tuple[float, ...] = ()
    profile_participation: float = 0.0
    profile_group_size: float = 0.0
    exam_type: str = ""
    first_grade_from: int = NEVER_FIRST_GRADE

    @property
    def years(self) -> int:
        """How many years of study the level has."""
        return len(self.class_size)

    def grade(self, stage: int) -> str:
        """Return the qualification area of the lessons in this year of study."""
        if self.sector != "vo":
            return NO_GRADE
        return FIRST_GRADE if stage >= self.first_grade_from else SECOND_GRADE


@dataclass(frozen=True)
class LessonLine:
    """One subject of a class.

    Attributes:
        specialism: subject or function; "profiel" stands for the vocational profile that the pupil follows.
        grade: qualification area.
        lessons: per week and group.
        taken_by: share of the class that takes it, as far as nothing is known of the location.
        level: level whose own figures say more: the exam type's choices, or the profiles of a vmbo level.
        exam_type: exam whose counts per subject replace `taken_by`; empty where every pupil takes it.
        weight: part that this line has in a class of several levels.
        group_size: pupils in a group where that is not the whole class (practical lessons); 0 = the class size.
    """

    specialism: str
    grade: str
    lessons: float
    taken_by: float = ALWAYS
    level: str = ""
    exam_type: str = ""
    weight: float = 1.0
    group_size: float = 0.0


@dataclass(frozen=True)
class ClassPlan:
    """What one class of a level and year of study is taught."""

    sector: str
    class_size: float
    lines: tuple[LessonLine, ...]


@dataclass(frozen=True)
class LessonTable:
    """A whole lesson table with the rules that belong to it."""

    levels: Mapping[str, LevelTable]
    mixes: Mapping[str, Mapping[str, float]]
    no_need: frozenset[str]
    lessons_per_fte: float
    band_share: float
    is_assumption: bool
    exam_prior_candidates: float
    subject_of_exam_code: Mapping[str, str]
    exam_base_codes: frozenset[str]
    exam_codes_not_scaled: frozenset[str]

    def sector_of(self, level: str) -> str | None:
        """Return the sector of a level, None where the table does not know the level."""
        if level in self.mixes:
            level = next(iter(self.mixes[level]))
        return self.levels[level].sector if level in self.levels else None

    def default_shares(self, exam_type: str) -> dict[str, float]:
        """Return which share of the pupils takes each subject of choice as far as no exam counts are known."""
        tables = [table for table in self.levels.values() if table.exam_type == exam_type]
        return {subject: choice.participation for table in tables for subject, choice in table.choice.items()}

    def class_plan(self, level: str, stage: int) -> ClassPlan:
        """Return what a class of this level and year of study is taught; stage 0 is the middle of all years.

        Raises:
            MissingInput: the table does not hold the level.
        """
        parts = self._parts(level, stage)
        sizes = [self.levels[part].class_size[year - 1] for part, year, _ in parts]
        lines: list[LessonLine] = []
        for part, year, weight in parts:
            lines += _lines(part, self.levels[part], year, weight)
        size = sum(s * weight for s, (_, _, weight) in zip(sizes, parts, strict=True))
        return ClassPlan(sector=self.levels[parts[0][0]].sector, class_size=size, lines=_merged(lines))

    def _parts(self, level: str, stage: int) -> list[tuple[str, int, float]]:
        """Return (single level, year of study, weight) of a possibly mixed class; weights sum to 1."""
        if level in self.levels:
            last = self.levels[level].years
            years = range(1, last + 1) if stage == 0 else [min(stage, last)]
            return [(level, year, 1.0 / len(years)) for year in years]
        if level not in self.mixes:
            raise MissingInput(f"the lesson table has no level {level!r}")
        shares = {part: share for part, share in self.mixes[level].items() if self.levels[part].years >= stage}
        shares = shares or dict(self.mixes[level])
        total = sum(shares.values())
        return [
            (part, year, weight * share / total)
            for part, share in shares.items()
            for _, year, weight in self._parts(part, stage)
        ]


def _lines(level: str, table: LevelTable, year: int, weight: float) -> list[LessonLine]:
    grade, i = table.grade(year), year - 1
    fixed = [LessonLine(s, grade, lessons[i] * weight) for s, lessons in table.lessons.items() if lessons[i] > 0]
    chosen = [
        LessonLine(subject, grade, choice.lessons[i], choice.participation, level, table.exam_type, weight)
        for subject, choice in table.choice.items()
        if choice.lessons[i] > 0
    ]
    if not table.profile or table.profile[i] == 0:
        return fixed + chosen
    share, size = table.profile_participation, table.profile_group_size
    vocational = LessonLine(PROFILE, grade, table.profile[i], share, level, weight=weight, group_size=size)
    return [*fixed, *chosen, vocational]


def _merged(lines: list[LessonLine]) -> tuple[LessonLine, ...]:
    """Add up the lessons that a whole class takes together; lines of choice stay apart."""
    together: dict[tuple[str, str], float] = {}
    for line in lines:
        if not line.level:
            key = (line.specialism, line.grade)
            together[key] = together.get(key, 0.0) + line.lessons
    fixed = [LessonLine(specialism, grade, lessons) for (specialism, grade), lessons in together.items()]
    return (*fixed, *(line for line in lines if line.level))


def load_lesson_table(text: str) -> LessonTable:
    """Make the table from the text of lesson_table.yaml, or of a board's own table in the same form."""
    return lesson_table_from(loader.parse(text))


def lesson_table_from(tree: loader.Tree) -> LessonTable:
    """Make the table from a parsed tree (`levels`, `mixes`, `lessons_per_fte` and the exam codes).

    Raises:
        MissingInput, ImplausibleInput: with the key and the value that is wrong.
    """
    levels = loader.branch(tree, "levels")
    mixes = tree.get("mixes") or {}
    codes = tree.get("exam_subjects") or {}
    table = LessonTable(
        levels={level: _level(loader.branch(levels, level)) for level in levels},
        mixes={mix: dict(loader.branch(mixes, mix)) for mix in mixes},
        no_need=frozenset(loader.texts(tree, "no_need")),
        lessons_per_fte=loader.number(tree, "lessons_per_fte", above=0),
        band_share=loader.number(tree, "band_share", above=-1e-9, default=0.0),
        is_assumption=bool(tree.get("is_assumption", True)),
        exam_prior_candidates=loader.number(tree, "exam_prior_candidates", above=-1e-9, default=0.0),
        subject_of_exam_code={code: s for s in codes if s not in _CODE_LISTS for code in loader.texts(codes, s)},
        exam_base_codes=frozenset(loader.texts(codes, "base_codes")),
        exam_codes_not_scaled=frozenset(loader.texts(codes, "not_scaled")),
    )
    for mix, shares in table.mixes.items():
        if unknown := set(shares) - set(table.levels):
            raise ImplausibleInput(f"mix {mix!r} names levels without lessons: {sorted(unknown)}")
    return table


_CODE_LISTS = ("base_codes", "not_scaled")


def _level(tree: loader.Tree) -> LevelTable:
    sizes = loader.numbers(tree, "class_size", above=0)
    years = len(sizes)
    lessons, choice = loader.branch(tree, "lessons"), tree.get("choice") or {}
    return LevelTable(
        sector=loader.text(tree, "sector"),
        class_size=sizes,
        lessons={subject: loader.numbers(lessons, subject, length=years) for subject in lessons},
        choice={subject: _choice(loader.branch(choice, subject), years) for subject in choice},
        profile=loader.numbers(tree, "profile", length=years) if "profile" in tree else (),
        profile_participation=loader.number(tree, "profile_participation", default=0.0),
        profile_group_size=loader.number(tree, "profile_group_size", above=-1e-9, default=0.0),
        exam_type=str(tree.get("exam_type", "")),
        first_grade_from=int(loader.number(tree, "eerstegraads_from", default=NEVER_FIRST_GRADE)),
    )


def _choice(tree: loader.Tree, years: int) -> Choice:
    return Choice(
        participation=loader.number(tree, "participation", above=-1e-9),
        lessons=loader.numbers(tree, "lessons", length=years),
    )
