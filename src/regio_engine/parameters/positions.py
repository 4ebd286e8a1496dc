"""What can be short: subjects and vocational profiles of vo, functions of po, so and mbo, with their Dutch names.

A position code is `vo:<subject or profile>:<grade>` or `<sector>:<function>`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from regio_engine.parameters import loader

FIRST_GRADE = "eerstegraads"
SECOND_GRADE = "tweedegraads"
NO_GRADE = "nvt"
UNKNOWN_PROFILE = "profiel_overig"


@dataclass(frozen=True)
class PositionName:
    """One position as the product names it."""

    code: str
    sector: str
    specialism: str
    is_vmbo_profile: bool
    grade: str
    name: str


@dataclass(frozen=True)
class PositionCatalogue:
    """All specialisms with their Dutch names, and which profile a vmbo AFDELING belongs to."""

    subjects: Mapping[str, str]
    profiles: Mapping[str, str]
    profile_of_department: Mapping[str, str]
    functions: Mapping[str, Mapping[str, str]]

    def positions(self) -> tuple[PositionName, ...]:
        """Return every position, in the order in which screens list them."""
        graded = [self._subject(code, grade) for code in self.subjects for grade in (SECOND_GRADE, FIRST_GRADE)]
        profiles = [
            PositionName(position_code("vo", code, SECOND_GRADE), "vo", code, True, SECOND_GRADE, f"profiel {name}")
            for code, name in self.profiles.items()
        ]
        functions = [
            PositionName(position_code(sector, code), sector, code, False, NO_GRADE, name)
            for sector, names in self.functions.items()
            for code, name in names.items()
        ]
        return (*graded, *profiles, *functions)

    def knows(self, sector: str, specialism: str) -> bool:
        """Tell whether this specialism exists in the sector."""
        if sector == "vo":
            return specialism in self.subjects or specialism in self.profiles
        return specialism in self.functions.get(sector, {})

    def _subject(self, code: str, grade: str) -> PositionName:
        return PositionName(
            position_code("vo", code, grade), "vo", code, False, grade, f"{self.subjects[code]} ({grade})"
        )


def position_code(sector: str, specialism: str, grade: str = NO_GRADE) -> str:
    """Return the code of a position: "vo:wiskunde:eerstegraads", "po:groepsleraar"."""
    return f"{sector}:{specialism}" if grade == NO_GRADE else f"{sector}:{specialism}:{grade}"


def load_positions(text: str) -> PositionCatalogue:
    """Make the catalogue from the text of positions.yaml."""
    tree = loader.parse(text)
    profiles = loader.branch(tree, "profiles")
    functions = loader.branch(tree, "functions")
    return PositionCatalogue(
        subjects=dict(loader.branch(tree, "subjects")),
        profiles={code: loader.text(profile, "name") for code, profile in profiles.items()},
        profile_of_department={
            department: code
            for code, profile in profiles.items()
            for department in loader.texts(profile, "departments")
        },
        functions={sector: dict(loader.branch(functions, sector)) for sector in functions},
    )
