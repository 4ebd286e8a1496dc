"""From levels to programmes: the rows of the pupil file, and the profiles of the exam classes.

Years 1 and 2 hold mixed classes; years 3 and up hold departments (vmbo) and profiles (havo, vwo). A cohort keeps its
division over profiles as it grows older, so a profile that is popular now shows in the exams later.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .chance import Chance, Counts, Numbers, apportion
from .schools import Location
from .secondary import Secondary, offered
from .truth import LEVELS, STAGES

NONE = "N.v.t."
YEARS_1_2 = "Brugjaar 1-2"
YEAR_3 = "HAVO/VWO lj 3"


@dataclass(frozen=True)
class Programme:
    """One line of the publisher's list of programmes."""

    kind: str  # ONDERWIJSTYPE VO EN LEER- OF VERBLIJFSJAAR
    sector: str
    department: str
    code: str  # ELEMENTCODE
    name: str
    men_share: float = 0.5


DEPARTMENTS = {  # short name: sector, department, last two digits before the track, share of men
    "PIE": ("Techniek", "Produceren, installeren en energie", "61", 0.95),
    "BWI": ("Techniek", "Bouwen, wonen en interieur", "60", 0.94),
    "MT": ("Techniek", "Mobiliteit en transport", "62", 0.95),
    "MVI": ("Techniek", "Media, vormgeving en ICT", "63", 0.62),
    "ZW": ("Zorg & Welzijn", "Zorg en welzijn", "66", 0.13),
    "EO": ("Economie", "Economie en ondernemen", "64", 0.56),
    "HBR": ("Economie", "Horeca, bakkerij en recreatie", "65", 0.48),
    "DP": ("Intersect. programma", "Dienstverlening en producten", "69", 0.52),
    "G": ("Landbouw", "Groen", "67", 0.42),
}
_TRACK = {"vmbo_b": ("BL", "BB", "11"), "vmbo_k": ("KL", "KB", "21"), "vmbo_gt": ("GL", "GL", "31")}
TL_PROFILES = (
    ("Economie", "0472", "Economie", 0.5),
    ("Zorg & Welzijn", "0471", "Zorg en Welzijn", 0.2),
    ("Techniek", "0470", "Techniek", 0.85),
)
TL_WEIGHTS = (0.48, 0.32, 0.20)
PROFILES = (
    ("Natuur en Techniek", "0", "Nat/Tech", 0.76),
    ("Natuur en Gezondheid", "1", "Nat/Gezond", 0.42),
    ("Economie en Maatschappij", "2", "Ec/Maat", 0.55),
    ("Cultuur en Maatschappij", "3", "Cul/Maat", 0.24),
    ("Natuur en Techniek / Natuur en Gezondheid", "4", "Nat/Tech & Nat/Gezond", 0.52),
)
PROFILE_WEIGHTS = {"havo": (0.125, 0.25, 0.46, 0.125, 0.04), "vwo": (0.18, 0.255, 0.345, 0.09, 0.13)}
_STREAMS = {
    "havo": ("HAVO lj 4-5", "03", "HAVO"),
    "vwo": ("VWO lj 4-6", "01", "VWO-ATH"),
    "gym": ("VWO lj 4-6", "02", "VWO-GYM"),
}
GL_SHARE = 0.28  # part of gemengd/theoretisch that follows a department, where there is one

PRO = Programme("Praktijkonderwijs alle vj", NONE, NONE, "0090", "Praktijkonderwijs", 0.58)
OPEN_TO_ALL = "0024", "Ljvb op VWO/HAVO/VMBO-Alle Lw"
_OWN_CLASS = {
    "vmbo_b": ("0031", "Ljvb op VMBO-BBg Lw"),
    "vmbo_k": ("0032", "Ljvb op VMBO-Kbg Lw"),
    "vmbo_gt": ("0400", "MAVO/Theor Lw-VMBO"),
    "havo": ("0300", "HAVO"),
    "vwo": ("0100", "VWO-ATHENEUMSTROOM"),
    "gym": ("0200", "VWO-GYMNASIUMSTROOM"),
}
_MIXED = {
    ("vmbo_b", "vmbo_k"): ("0033", "Ljvb op VMBO-Bbg/Kbg Lw"),
    ("vmbo_b", "vmbo_k", "vmbo_gt"): ("0023", "Ljvb op VMBO-Alle Lw"),
    ("vmbo_gt", "havo"): ("0011", "Ljvb op HAVO/VMBO-Th/Gm Lw"),
    ("havo", "vwo"): ("0015", "Ljvb op VWO/HAVO"),
}
MIXED_SHARE = {1: 0.40, 2: 0.18, 3: 0.06}


def is_gymnasium(location: Location) -> bool:
    """Say whether the vwo of this location is gymnasium."""
    return location.kind == "VWO"


def own_class(level: str, *, stage: int, gymnasium: bool) -> Programme:
    """Return the programme of a class of one level in years 1-3."""
    if level == "pro":
        return PRO
    code, name = _OWN_CLASS["gym" if level == "vwo" and gymnasium else level]
    return Programme(YEAR_3 if stage == 3 else YEARS_1_2, NONE, NONE, code, name)


def mixed_class(level: str, *, stage: int, levels: tuple[str, ...]) -> Programme | None:
    """Return the mixed class that takes part of this level at a location with these levels, or None."""
    for members, (code, name) in reversed(_MIXED.items()):
        if level in members and set(members) <= set(levels) and not (stage == 3 and members != ("havo", "vwo")):
            return Programme(YEAR_3 if stage == 3 else YEARS_1_2, NONE, NONE, code, name)
    return None


def profile_programmes(level: str, location: Location) -> tuple[list[Programme], Numbers]:
    """Return the programmes of the upper years of a level at a location, with their usual weights."""
    if level in ("havo", "vwo"):
        kind, prefix, stream = _STREAMS["gym" if level == "vwo" and is_gymnasium(location) else level]
        found = [
            Programme(kind, NONE, name, f"{prefix}7{digit}", f"{stream} Prf {short}", men)
            for name, digit, short, men in PROFILES
        ]
        return found, np.array(PROFILE_WEIGHTS[level])
    track, short, tail = _TRACK[level]
    departments = [
        Programme(
            f"VMBO {track} lj 3-4",
            DEPARTMENTS[d][0],
            DEPARTMENTS[d][1],
            DEPARTMENTS[d][2] + tail,
            f"VMBO {short} {DEPARTMENTS[d][1]}",
            DEPARTMENTS[d][3],
        )
        for d in location.departments
    ]
    if level != "vmbo_gt":
        return departments, np.linspace(1.2, 0.8, len(departments))
    theory = [
        Programme("VMBO TL lj 3-4", sector, NONE, code, f"MAVO/Theor Lw-Profiel {name}", men)
        for sector, code, name, men in TL_PROFILES
    ]
    in_gl = departments[:1] if "VBO" in location.kind else []
    return theory + in_gl, np.array(
        [*(w * (1 - GL_SHARE * len(in_gl)) for w in TL_WEIGHTS), *([GL_SHARE] * len(in_gl))]
    )


def cohort_weights(chance: Chance, location: Location, *, level: str, cohort: int, weights: Numbers) -> Numbers:
    """Return how one cohort of a location divides over its programmes: the usual weights with some taste of its own."""
    taste = chance.of(f"smaak-{location.identities[0][1].code}-{level}").gamma(30.0, 1 / 30, len(weights))
    year = chance.of(f"profiel-{location.identities[0][1].code}-{level}", cohort).gamma(60.0, 1 / 60, len(weights))
    return weights * taste * year


FIRST_PROFILE_STAGE = {"vmbo_b": 3, "vmbo_k": 3, "vmbo_gt": 3, "havo": 4, "vwo": 4}


def exam_classes(
    chance: Chance, location: Location, *, level: str, total: int, cohort: int
) -> Iterator[tuple[Programme, int]]:
    """Divide a number of this level's upper pupils or candidates of one cohort over its programmes."""
    programmes, weights = profile_programmes(level, location)
    shares = cohort_weights(chance, location, level=level, cohort=cohort, weights=weights)
    yield from zip(programmes, apportion(total, shares).tolist(), strict=True)


@dataclass
class PupilRow:
    """A row of the pupil file: a location record, a programme and counts [stage 1-6, man/vrouw]."""

    location: Location
    programme: Programme
    counts: Counts


def pupil_rows(secondary: Secondary, chance: Chance, moment: int) -> list[PupilRow]:
    """Return the rows of one count, ordered by location code and programme; merged records are added up."""
    cells: dict[tuple[str, Programme], PupilRow] = {}
    for index, location in enumerate(secondary.locations):
        for programme, stage, number in _classes(secondary, chance, index=index, moment=moment):
            key = (location.identity(moment).code, programme)
            row = cells.setdefault(key, PupilRow(location, programme, np.zeros((STAGES, 2), np.int64)))
            row.counts[stage - 1, 0] += number
    _split_by_gender(cells, chance, moment)
    return [cells[key] for key in sorted(cells, key=lambda k: (k[0], k[1].kind, k[1].sector, k[1].code))]


def _split_by_gender(cells: dict[tuple[str, Programme], PupilRow], chance: Chance, moment: int) -> None:
    generator = chance.of("man-vrouw", moment)
    for row in cells.values():
        men = generator.binomial(row.counts[:, 0], row.programme.men_share)
        row.counts[:, 1] = row.counts[:, 0] - men
        row.counts[:, 0] = men


def _classes(secondary: Secondary, chance: Chance, *, index: int, moment: int) -> Iterator[tuple[Programme, int, int]]:
    """Yield (programme, stage, pupils) of one location."""
    location = secondary.locations[index]
    levels = tuple(level for level, yes in zip(LEVELS, offered(location), strict=True) if yes)
    for stage, number in enumerate(secondary.isk_at(moment)[index].tolist(), start=1):
        if number:
            yield Programme(YEARS_1_2, NONE, NONE, *OPEN_TO_ALL), stage, number
    for level in levels:
        for stage, number in enumerate(secondary.at(moment)[index, LEVELS.index(level)].tolist(), start=1):
            if number and level != "pro" and stage >= FIRST_PROFILE_STAGE[level]:
                parts = exam_classes(chance, location, level=level, total=number, cohort=moment - stage)
                yield from ((programme, stage, part) for programme, part in parts if part)
            elif number:
                yield from _lower_class(location, levels, level=level, stage=stage, number=number)


def _lower_class(
    location: Location, levels: tuple[str, ...], *, level: str, stage: int, number: int
) -> Iterator[tuple[Programme, int, int]]:
    """Yield the own class and the mixed class of a level in years 1-3."""
    mixed = mixed_class(level, stage=stage, levels=levels) if level != "pro" else None
    habit = (0.4, 1.0, 1.6)[int(location.postcode[3]) % 3]
    in_mixed = round(number * min(MIXED_SHARE[stage] * habit, 1.0)) if mixed else 0
    if mixed and in_mixed:
        yield mixed, stage, in_mixed
    if number > in_mixed:
        yield own_class(level, stage=stage, gymnasium=is_gymnasium(location)), stage, number - in_mixed
