"""Exams: candidates and passes per programme in two layouts, marks per department, and exams per subject."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from regio.shared.formatting import school_year
from regio.site.voorbeeld.geography import PROVINCE
from regio.site.voorbeeld.programmes import Programme, exam_classes, is_gymnasium
from regio.site.voorbeeld.region import ExampleRegion
from regio.site.voorbeeld.schools import Location
from regio.site.voorbeeld.timeline import NEWEST
from regio.site.voorbeeld.truth import EXAM_STAGE, LEVELS

from .subjects import PROFILE_SUBJECTS, SUBJECTS
from .text import comma, masked, write_table

OLD_LAYOUT_YEARS = 5
_START = ("INSTELLINGSNAAM VESTIGING", "GEMEENTENAAM", "ONDERWIJSTYPE VO", "INSPECTIECODE", "OPLEIDINGSNAAM")
_SHORT_PROFILE = {
    "Natuur en Techniek": "N&T", "Natuur en Gezondheid": "N&G", "Economie en Maatschappij": "E&M",
    "Cultuur en Maatschappij": "C&M", "Natuur en Techniek / Natuur en Gezondheid": "N&T / N&G",
}  # fmt: skip
_PROFILE_CODE = {"HAVO": ("50", "51", "52", "53", "54"), "VWO": ("60", "61", "62", "63", "64")}
_VMBO_SECTOR = {
    "Techniek": "techniek", "Zorg & Welzijn": "zorg en welzijn", "Economie": "economie", "Landbouw": "landbouw",
    "Intersect. programma": "intersectoraal",
}  # fmt: skip
_VMBO_CODE = {
    "B": ("34", "35", "36", "37", "27"), "K": ("38", "39", "40", "41", "28"), "G": ("42", "43", "44", "45", "29"),
    "T": ("90", "92", "91", "93", "46"),
}  # fmt: skip
_SHORT_DEPARTMENT = {
    "Produceren, installeren en energie": "PIE", "Bouwen, wonen en interieur": "BWI", "Mobiliteit en transport": "MTR",
    "Media, vormgeving en ICT": "MVI", "Zorg en welzijn": "ZWE", "Economie en ondernemen": "EO",
    "Horeca, bakkerij en recreatie": "HBR", "Dienstverlening en producten": "DP", "Groen": "G",
}  # fmt: skip
CORONA_YEARS = (2019, 2020)  # school years with no or an adapted central exam: nearly all pass


@dataclass(frozen=True)
class ExamProgramme:
    """A line of the candidates file."""

    exam_type: str
    code: str
    name: str


@dataclass
class Candidates:
    """Candidates and passes of a location and programme per moment: [man, vrouw] each."""

    location: Location
    taken: dict[int, np.ndarray] = field(default_factory=dict)
    passed: dict[int, np.ndarray] = field(default_factory=dict)


def exam_programme(level: str, programme: Programme) -> ExamProgramme:
    """Return under which name a class sits its exam."""
    if level in ("havo", "vwo"):
        kind, position = level.upper(), list(_SHORT_PROFILE).index(programme.department)
        return ExamProgramme(kind, _PROFILE_CODE[kind][position], f"{kind} - {_SHORT_PROFILE[programme.department]}")
    track = {"VMBO BL": "B", "VMBO KL": "K", "VMBO GL": "G", "VMBO TL": "T"}[programme.kind[:7]]
    position = list(_VMBO_SECTOR).index(programme.sector)
    return ExamProgramme("VMBO", _VMBO_CODE[track][position], f"VMBO {track} - {_VMBO_SECTOR[programme.sector]}")


def write_exams(folder: Path, region: ExampleRegion) -> None:
    """Write candidates of eight school years, departments of the newest and subjects of the newest three."""
    cells, departments, profiles = _draw(region)
    moments = list(region.timeline.exam_moments)
    _write_candidates(folder, region, cells=cells, moments=moments[:OLD_LAYOUT_YEARS], new=False)
    _write_candidates(folder, region, cells=cells, moments=moments[OLD_LAYOUT_YEARS:], new=True)
    _write_departments(folder, region, departments)
    for moment in moments[-3:]:
        for level in ("havo", "vwo"):
            _write_subjects(folder, region, moment=moment, level=level, profiles=profiles)


Cells = dict[tuple[str, ExamProgramme], Candidates]
Departments = dict[tuple[str, str, Programme], tuple[Location, int, int]]
Profiles = dict[tuple[int, str, str], tuple[Location, dict[str, int]]]


def _draw(region: ExampleRegion) -> tuple[Cells, Departments, Profiles]:
    """Draw gender and passes for every class; return them by programme, by department and by profile."""
    cells: Cells = {}
    departments: Departments = {}
    profiles: Profiles = {}
    for moment in region.timeline.exam_moments:
        generator = region.chance.of("geslaagden", moment)
        for location, level, programme, number in _exam_parts(region, moment):
            men = int(generator.binomial(number, programme.men_share))
            taken = np.array([men, number - men])
            passed = generator.binomial(taken, _pass_share(region, level, moment))
            code = location.identity(moment).code
            cell = cells.setdefault((code, exam_programme(level, programme)), Candidates(location))
            cell.taken[moment] = cell.taken.get(moment, np.zeros(2, np.int64)) + taken
            cell.passed[moment] = cell.passed.get(moment, np.zeros(2, np.int64)) + passed
            if moment == NEWEST - 1:
                before = departments.get((code, level, programme), (location, 0, 0))
                departments[code, level, programme] = (location, before[1] + number, before[2] + int(passed.sum()))
            if level in ("havo", "vwo"):
                profiles.setdefault((moment, level, code), (location, {}))[1][programme.department] = number
    return cells, departments, profiles


def _exam_parts(region: ExampleRegion, moment: int) -> list[tuple[Location, str, Programme, int]]:
    return [
        (location, level, programme, number)
        for index, location in enumerate(region.secondary.locations)
        for level, stage in EXAM_STAGE.items()
        if (total := int(region.secondary.exams_at(moment)[index, LEVELS.index(level)]))
        for programme, number in exam_classes(region.chance, location, level=level, total=total, cohort=moment - stage)
        if number
    ]


def _pass_share(region: ExampleRegion, level: str, moment: int) -> float:
    share = region.truth.exam_pass_share[level]
    return 1 - (1 - share) * 0.25 if region.timeline.year(moment) in CORONA_YEARS else share


def _write_candidates(folder: Path, region: ExampleRegion, *, cells: Cells, moments: list[int], new: bool) -> None:
    years = [region.timeline.year(moment) for moment in moments]
    genders = ("MAN", "VROUW", "TOTAAL") if new else ("MAN", "VROUW", "ONBEKEND", "TOTAAL")
    columns = [
        f"{what} SCHOOLJAAR {school_year(year)} - {gender}"
        for year in years for gender in genders for what in ("EXAMENKANDIDATEN", "GESLAAGDEN", "SLAAGPERC")
    ]  # fmt: skip
    keys = ("INSTELLINGSCODE", "VESTIGINGSCODE") if new else ("BRIN NUMMER", "VESTIGINGSNUMMER")
    rows = []
    for (code, programme), cell in sorted(cells.items(), key=lambda item: (item[0][0], item[0][1].code)):
        if any(moment in cell.taken for moment in moments):
            named = next(i for _, i in cell.location.identities if i.code == code)
            start = (code[:4], code, named.name, cell.location.municipality.name.upper())
            groups = [_groups(cell, moment, new=new) for moment in moments]
            rows.append((*start, programme.exam_type, programme.code, programme.name, *(c for g in groups for c in g)))
    path = folder / f"examenkandidaten-en-geslaagden-{years[0]}-{years[-1] + 1}.csv"
    write_table(
        path, (*keys, *_START, *columns), rows, quoted=new, line_end="\r\n" if new else "\n", encoding="utf-8" if new else "latin-1"
    )  # fmt: skip


def _groups(cell: Candidates, moment: int, *, new: bool) -> list[object]:
    """Return candidates, passes and percentage per gender and in total."""
    none = np.zeros(2, np.int64)
    taken, passed = cell.taken.get(moment, none), cell.passed.get(moment, none)
    pairs = [(int(t), int(p)) for t, p in zip(taken, passed, strict=True)]
    pairs += [] if new else [(0, 0)]
    pairs.append((int(taken.sum()), int(passed.sum())))
    if new:
        return [cell for t, p in pairs for cell in (masked(t), masked(p), _point(t, p))]
    return [cell for t, p in pairs for cell in (t, p, comma(100 * p / t if t else 0) + "%")]


def _point(taken: int, passed: int) -> str:
    return f"{100 * passed / taken:.1f}".removesuffix(".0") if taken else ""


def _write_departments(folder: Path, region: ExampleRegion, departments: Departments) -> None:
    header = (
        "BRIN NUMMER", "VESTIGINGSNUMMER", "INSTELLINGSNAAM VESTIGING", "GEMEENTENAAM VESTIGING", "PROVINCIE VESTIGING",
        "ONDERWIJSTYPE VO", "LEERWEG VMBO", "VMBO SECTOR", "AFDELING", "EXAMENKANDIDATEN", "GESLAAGDEN", "GEZAKTEN",
        "GEMIDDELD CIJFER SCHOOLEXAMEN", "GEMIDDELD CIJFER CENTRAAL EXAMEN", "GEMIDDELD CIJFER CIJFERLIJST",
    )  # fmt: skip
    generator = region.chance.of("cijfers")
    rows = []
    for (code, level, programme), (location, taken, passed) in sorted(
        departments.items(), key=lambda i: (i[0][0], i[0][1], i[0][2].code)
    ):
        named = next(i for _, i in location.identities if i.code == code)
        marks = generator.normal(6.45, 0.12, 3)
        start = (code[:4], code, named.name, location.municipality.name.upper(), PROVINCE)
        if level in ("havo", "vwo"):
            kind = (level.upper(), "", "", programme.department)
        else:
            kind = ("VMBO", programme.kind[5:7], programme.sector, _SHORT_DEPARTMENT.get(programme.department, ""))
        rows.append((*start, *kind, taken, passed, taken - passed, *(comma(mark) for mark in marks)))
    year = region.timeline.year(NEWEST - 1)
    write_table(folder / f"geslaagden-gezakten-en-cijfers-{school_year(year)}.csv", header, rows)


# ---------------------------------------------------------------- subjects
SUBJECT_HEADER = (
    "SCHOOLJAAR", "BRIN NUMMER", "VESTIGINGSNUMMER", "INSTELLINGSNAAM VESTIGING", "GEMEENTENUMMER", "GEMEENTENAAM", "PLAATSNAAM",
    "PROVINCIE", "ONDERWIJSTYPE VO", "VAKCODE", "AFKORTING VAKNAAM", "VAKNAAM", "SCHOOLEXAMEN BEOORDELING",
    "TOTAAL AANTAL SCHOOLEXAMENS MET BEOORDELING", "AANTAL SCHOOLEXAMENS MET BEOORDELING MEETELLEND VOOR DIPLOMA",
    "TOTAAL AANTAL SCHOOLEXAMENS MET CIJFER", "GEM. CIJFER TOTAAL AANTAL SCHOOLEXAMENS",
    "AANTAL SCHOOLEXAMENS MET CIJFER MEETELLEND VOOR DIPLOMA", "GEM. CIJFER SCHOOLEXAMENS MET CIJFER MEETELLEND VOOR DIPLOMA",
    "TOTAAL AANTAL CENTRALE EXAMENS", "GEM. CIJFER TOTAAL AANTAL CENTRALE EXAMENS",
    "AANTAL CENTRALE EXAMENS MEETELLEND VOOR DIPLOMA", "GEM. CIJFER CENTRALE EXAMENS MET CIJFER MEETELLEND VOOR DIPLOMA",
    "GEM. CIJFER CIJFERLIJST", "GEM. CIJFER REKENTOETS",
)  # fmt: skip


def _write_subjects(folder: Path, region: ExampleRegion, *, moment: int, level: str, profiles: Profiles) -> None:
    generator = region.chance.of(f"vakken-{level}", moment)
    year = region.timeline.year(moment)
    rows = []
    for (at, kind, _code), (location, numbers) in sorted(profiles.items(), key=lambda item: item[0]):
        if (at, kind) == (moment, level):
            named = location.identity(moment)
            start = (
                year, named.brin, named.suffix, named.name, location.municipality.code, location.municipality.name.upper(),
                location.area.place.upper(), PROVINCE, level.upper(),
            )  # fmt: skip
            rows += [(*start, *line) for line in _subject_lines(location, numbers, level=level, generator=generator)]
    path = folder / f"examenkandidaten-{level}-en-examencijfers-{school_year(year)}.csv"
    write_table(path, SUBJECT_HEADER, rows, line_end="\n", encoding="ascii")


def _subject_lines(
    location: Location, numbers: dict[str, int], *, level: str, generator: np.random.Generator  # noqa: TID251
) -> list[tuple[object, ...]]:  # fmt: skip
    """Return one line per subject: what the profiles ask, with a little taste of the school."""
    lines: list[tuple[object, ...]] = []
    total = sum(numbers.values())
    for code, (short, name, central) in SUBJECTS.items():
        shares = PROFILE_SUBJECTS[level].get(short)
        if shares is None or (short in ("ltc", "gtc") and not is_gymnasium(location)):
            continue
        asked = sum(numbers.get(profile, 0) * share for profile, share in zip(_SHORT_PROFILE, shares, strict=True))
        taste = 1.0 if min(shares) == 1.0 else float(generator.gamma(40.0, 1 / 40))
        pupils = min(round(asked * taste), total)
        marks = [comma(float(mark)) for mark in generator.normal(6.4, 0.25, 2)]
        if pupils:
            exam = (pupils, marks[1], pupils, marks[1]) if central else (0, ",0", 0, ",0")
            lines.append((code, short, name, "", 0, 0, pupils, marks[0], pupils, marks[0], *exam, marks[0], ",0"))
    return lines
