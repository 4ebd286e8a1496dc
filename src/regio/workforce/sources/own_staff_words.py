"""How boards write functions, subjects, grades and qualifications, and which of ours they mean. Saves nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from regio.regions.enums import Sector
from regio.workforce.enums import FunctionGroup, Grade
from regio.workforce.models import Position

# How boards abbreviate; ours behind it. Names of the positions themselves are known without this list.
SHORT_SUBJECTS = {
    "ne": "nederlands", "netl": "nederlands", "nederlandse taal": "nederlands", "wi": "wiskunde", "wis": "wiskunde", "rekenen": "wiskunde",
    "en": "engels", "entl": "engels", "du": "duits", "dutl": "duits", "fa": "frans", "fatl": "frans",
    "lo": "lichamelijke_opvoeding", "bsm": "lichamelijke_opvoeding", "gym": "lichamelijke_opvoeding", "ec": "economie", "econ": "economie",
    "bedrijfseconomie": "economie", "beco": "economie", "m o": "economie", "ckv": "kunst", "kunst": "kunst", "beeldende vorming": "kunst",
    "tekenen": "kunst", "muziek": "kunst", "drama": "kunst", "bi": "biologie", "biol": "biologie", "na": "natuurkunde", "nat": "natuurkunde",
    "sk": "scheikunde", "schk": "scheikunde", "nask": "nask", "nask1": "nask", "nask2": "nask", "ak": "aardrijkskunde", "gs": "geschiedenis",
    "ges": "geschiedenis", "ma": "maatschappijleer", "maat": "maatschappijleer", "maw": "maatschappijleer", "godsdienst": "levensbeschouwing",
    "filosofie": "levensbeschouwing", "in": "informatica", "latijn": "klassieke_talen", "grieks": "klassieke_talen", "kcv": "klassieke_talen",
    "techniek": "techniek", "zw": "profiel_zw", "z w": "profiel_zw", "zorg en welzijn": "profiel_zw", "gezondheidszorg en welzijn": "zorg_welzijn",
    "pie": "profiel_pie", "bwi": "profiel_bwi", "m t": "profiel_mt", "mt": "profiel_mt", "mvi": "profiel_mvi", "e o": "profiel_eo", "eo": "profiel_eo",
    "hbr": "profiel_hbr", "d p": "profiel_dp", "dp": "profiel_dp", "groen": "profiel_groen", "praktijkvakken": "praktijkvakken",
    "mentoraat": "overig", "overig": "overig",
}  # fmt: skip
FUNCTIONS = (
    ("leraar in opleiding", FunctionGroup.TRAINEE), ("lio", FunctionGroup.TRAINEE), ("ondersteun", FunctionGroup.SUPPORT),
    ("assistent", FunctionGroup.SUPPORT), ("concierge", FunctionGroup.SUPPORT), ("administrat", FunctionGroup.SUPPORT),
    ("amanuensis", FunctionGroup.SUPPORT), ("oop", FunctionGroup.SUPPORT), ("directeur", FunctionGroup.LEADER), ("rector", FunctionGroup.LEADER),
    ("schoolleider", FunctionGroup.LEADER), ("teamleider", FunctionGroup.LEADER), ("leraar", FunctionGroup.TEACHER),
    ("lerares", FunctionGroup.TEACHER), ("leerkracht", FunctionGroup.TEACHER), ("docent", FunctionGroup.TEACHER),
    ("instructeur", FunctionGroup.TEACHER),
)  # fmt: skip
GRADES = {
    "1": Grade.FIRST, "1e": Grade.FIRST, "eerste": Grade.FIRST, "eerstegraads": Grade.FIRST, "1e graads": Grade.FIRST, "e1": Grade.FIRST,
    "2": Grade.SECOND, "2e": Grade.SECOND, "tweede": Grade.SECOND, "tweedegraads": Grade.SECOND, "2e graads": Grade.SECOND, "t2": Grade.SECOND,
}  # fmt: skip
QUALIFICATIONS = {
    "bevoegd": "bevoegd", "b": "bevoegd", "benoembaar": "benoembaar", "onderbevoegd": "benoembaar", "in opleiding": "benoembaar",
    "zij-instromer": "benoembaar", "onbevoegd": "onbevoegd", "o": "onbevoegd", "": "",
}  # fmt: skip
OTHER_SECTOR_POSITIONS = {Sector.PO: "po:groepsleraar", Sector.SO: "so:leraar", Sector.MBO: "mbo:docent"}


def plain(text: str) -> str:
    """Return a text in small letters without accents and signs."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", " ", bare).strip()


def function_group(text: str) -> FunctionGroup | None:
    """Return the group of a function, None for one that we do not know."""
    name = plain(text)
    words = name.split()
    return next((group for part, group in FUNCTIONS if part in words or (len(part) > 3 and part in name)), None)


def grade_of(text: str) -> Grade | None:
    """Return the grade, Grade.NONE where nothing is told, None for one that we do not know."""
    name = plain(text)
    return Grade.NONE if not name else GRADES.get(name)


def qualification_of(text: str) -> str | None:
    """Return bevoegd, benoembaar, onbevoegd or empty (not told); None for a word that we do not know."""
    return QUALIFICATIONS.get(text.strip().lower())


@dataclass
class PositionFinder:
    """Finds our position behind what a board writes.

    Attributes:
        positions: the positions of the product.
        without_grade: how often a subject came without a grade and was taken as second grade.
    """

    positions: Iterable[Position]
    without_grade: int = 0
    _codes: set[str] = field(default_factory=set)
    _specialisms: dict[str, str] = field(default_factory=dict)
    _others: dict[str, str] = field(default_factory=dict)  # name of a function outside vo → code

    def __post_init__(self) -> None:
        for position in self.positions:
            self._codes.add(position.code)
            if position.sector == Sector.VO:
                name = plain(re.sub(r"\((eerste|tweede)graads\)", "", position.name)).removeprefix("profiel ")
                self._specialisms |= {name: position.specialism, plain(position.specialism): position.specialism}
            else:
                self._others[plain(position.name)] = position.code
        self._specialisms = {**SHORT_SUBJECTS, **self._specialisms}

    def subject(self, text: str, grade: Grade) -> str | None:
        """Return the code of a vo position, or a function by its name; None for what we do not know. A profile has the second grade."""
        if text.strip().lower() in self._codes:
            return text.strip().lower()
        if plain(text) in self._others:
            return self._others[plain(text)]
        specialism = self._specialisms.get(plain(text), "")
        if specialism and grade == Grade.NONE and not specialism.startswith("profiel_"):
            self.without_grade += 1
        chosen = grade if grade == Grade.FIRST and not specialism.startswith("profiel_") else Grade.SECOND
        code = f"vo:{specialism}:{chosen}"
        return code if code in self._codes else None

    def function(self, sector: str, text: str) -> str | None:
        """Return the code of a position outside vo from the name of a function."""
        name = plain(text)
        if text.strip().lower() in self._codes:
            return text.strip().lower()
        if sector == Sector.PO and "vak" in name:
            return "po:vakleerkracht"
        if sector == Sector.MBO and "instructeur" in name:
            return "mbo:instructeur"
        return OTHER_SECTOR_POSITIONS.get(Sector(sector))
