"""The need of the real pupils of 1 October 2019 against the national employment per subject of October 2023.

The employment is implied by the published shortage (fte over percentage), so a subject must come within a tenth; the
dates differ by four years and the table is an assumption, so nothing finer may be read into it.
"""

import csv
from collections import Counter, defaultdict
from functools import cache

import numpy as np
import pytest

from regio_engine.staff.location_split import LocationSplit, exam_shares, profile_shares, unknown_exam_codes
from regio_engine.staff.need_forecast import NeedForecast, forecast_need
from regio_engine.staff.need_rows import NeedRow
from regio_engine.units import learner_draws
from tests.engine.staff.shipped import catalogue, rules, table
from tests.helpers import real_data

pytestmark = pytest.mark.realdata

IMPLIED_FTE = {
    "nederlands": 7406,
    "wiskunde": 7493,
    "engels": 6429,
    "duits": 2956,
    "lichamelijke_opvoeding": 5394,
    "beroepsgericht vmbo": 3890,
}
PUPILS = ("duo", "vo", "leerlingen-vo-per-vestiging-naar-onderwijstype-2019.csv")
LEVEL_OF_TYPE = {
    "VMBO BL lj 3-4": "vmbo_b",
    "VMBO KL lj 3-4": "vmbo_k",
    "VMBO GL lj 3-4": "vmbo_gt",
    "VMBO TL lj 3-4": "vmbo_gt",
    "HAVO lj 4-5": "havo",
    "VWO lj 4-6": "vwo",
    "Praktijkonderwijs alle vj": "pro",
    "Engelse Stroom": "internationaal",
    "European Secondary School": "internationaal",
    "Int. Baccelaureaat": "internationaal",
}
# years 1 to 3, by the name of the class; the first words that fit count
LEVEL_OF_CLASS = {
    "HAVO": "havo",
    "VWO-": "vwo",
    "Ljvb op VWO/HAVO/VMBO": "brugjaar",
    "Ljvb op VWO/HAVO": "havo_vwo",
    "Ljvb op VWO": "vwo",
    "Ljvb op HAVO/VMBO": "vmbo_havo",
    "Ljvb op VMBO-Alle": "vmbo",
    "Lj LWOO vb op Alle": "vmbo",
    "Ljvb op VMBO-Bbg/Kbg": "vmbo_bk",
    "Lj LWOO vb op Bbg/Kbg": "vmbo_bk",
    "Ljvb op VMBO-BBg": "vmbo_b",
    "Lj LWOO vb op Bbg": "vmbo_b",
    "Ljvb op VMBO-Kbg": "vmbo_k",
    "Lj LWOO vb op Kbg": "vmbo_k",
}


def level_of(kind: str, name: str) -> str:
    if "VAVO" in kind:
        return "vavo"
    if kind in LEVEL_OF_TYPE:
        return LEVEL_OF_TYPE[kind]
    return next((level for start, level in LEVEL_OF_CLASS.items() if name.startswith(start)), "vmbo_gt")


@cache
def pupil_rows() -> list[dict[str, str]]:
    with real_data(*PUPILS).open(encoding="latin-1", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def pupils() -> Counter[tuple[str, str, int]]:
    counts: Counter[tuple[str, str, int]] = Counter()
    for row in pupil_rows():
        code = row["BRIN NUMMER"] + row["VESTIGINGSNUMMER"].zfill(2)
        level = level_of(row["ONDERWIJSTYPE VO EN LEER- OF VERBLIJFSJAAR"], row["OPLEIDINGSNAAM"])
        for year in range(1, 7):
            learners = sum(int(row[f"LEER- OF VERBLIJFSJAAR {year} - {sex}"]) for sex in ("MAN", "VROUW"))
            if learners:
                counts[code, level, year] += learners
    return counts


def profiles() -> dict[str, dict[str, dict[str, float]]]:
    learners: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for row in pupil_rows():
        kind = row["ONDERWIJSTYPE VO EN LEER- OF VERBLIJFSJAAR"]
        if kind.startswith("VMBO") and kind in LEVEL_OF_TYPE:
            code = row["BRIN NUMMER"] + row["VESTIGINGSNUMMER"].zfill(2)
            number = sum(int(row[f"LEER- OF VERBLIJFSJAAR {y} - {s}"]) for y in (3, 4) for s in ("MAN", "VROUW"))
            learners[code][LEVEL_OF_TYPE[kind]][row["AFDELING"]] += number
    return {
        code: {level: profile_shares(departments, catalogue()) for level, departments in levels.items()}
        for code, levels in learners.items()
    }


@cache
def exam_marks() -> dict[str, dict[str, Counter[str]]]:
    marks: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for exam in ("havo", "vwo"):
        path = real_data("duo", "vo", f"examenkandidaten-{exam}-en-examencijfers-2018-2019.csv")
        with path.open(encoding="latin-1", newline="") as file:
            for row in csv.DictReader(file, delimiter=";"):
                code = row["BRIN NUMMER"] + row["VESTIGINGSNUMMER"].zfill(2)
                number = int(row["TOTAAL AANTAL SCHOOLEXAMENS MET CIJFER"] or 0)
                marks[exam.upper()][code][row["VAKCODE"]] += number
    return marks


def national_shares() -> dict[str, dict[str, float]]:
    return {
        exam: exam_shares(sum(per_location.values(), Counter()), table=table(), exam_type=exam)
        for exam, per_location in exam_marks().items()
    }


@cache
def forecast() -> NeedForecast:
    counts, own_profiles, nation = pupils(), profiles(), national_shares()
    taken_by: dict[str, dict[str, dict[str, float]]] = defaultdict(dict)
    for exam, per_location in exam_marks().items():
        for code, marks in per_location.items():
            taken_by[code][exam] = exam_shares(marks, table=table(), exam_type=exam, parent=nation[exam])
    codes = {code for code, _, _ in counts}
    splits = {c: LocationSplit(taken_by=taken_by.get(c, {}), profiles=own_profiles.get(c, {})) for c in codes}
    draws = learner_draws(
        cells=list(counts),
        years=[2019],
        counts=np.repeat(np.array(list(counts.values()), np.int32)[:, None, None], 200, axis=2),
    )
    return forecast_need(draws, table=table(), rule_for=lambda _, sector: rules()[sector], splits=splits, seed=1)


@cache
def national_rows() -> list[NeedRow]:
    return forecast().summary(dict.fromkeys(forecast().learners.location_codes.tolist(), "NL"))


@cache
def national_fte() -> dict[str, float]:
    """Mean fte per subject, both grades and all profiles together."""
    per_subject: dict[str, float] = defaultdict(float)
    for row in national_rows():
        name = row.position.split(":")[1] if ":" in row.position else row.position
        per_subject["beroepsgericht vmbo" if name.startswith("profiel_") else name] += row.mean
    return dict(per_subject)


def test_the_file_holds_956857_pupils() -> None:
    assert sum(pupils().values()) == 956_857


def test_the_nation_needs_about_65500_fte() -> None:
    assert national_fte()["alle"] == pytest.approx(65_500, rel=0.02)


@pytest.mark.parametrize("subject", IMPLIED_FTE)
def test_the_need_per_subject_lies_near_the_implied_employment(subject: str) -> None:
    assert national_fte()[subject] == pytest.approx(IMPLIED_FTE[subject], rel=0.10)


def test_the_band_of_the_nation_holds_what_was_measured() -> None:
    assert national_rows()[0].p10 < 65_500 < national_rows()[0].p90


def test_every_exam_code_of_the_files_has_its_place_in_the_table() -> None:
    codes = {code for per_location in exam_marks().values() for marks in per_location.values() for code in marks}
    assert unknown_exam_codes(codes, table()) == []


def test_the_shipped_shares_are_near_those_of_the_nation() -> None:
    for exam, shares in national_shares().items():
        for subject, share in table().default_shares(exam).items():
            assert share == pytest.approx(shares[subject], abs=0.03), (exam, subject)


def test_every_afdeling_of_the_file_belongs_to_a_profile() -> None:
    departments = {
        row["AFDELING"] for row in pupil_rows() if row["ONDERWIJSTYPE VO EN LEER- OF VERBLIJFSJAAR"][:4] == "VMBO"
    }
    assert departments - catalogue().profile_of_department.keys() == {"N.v.t."}


def test_profiles_follow_the_pupils_of_the_location() -> None:
    """A location asks a profile if and only if pupils of years 3-4 follow it there."""
    own = {
        code: {profile for shares in levels.values() for profile, share in shares.items() if share > 0}
        for code, levels in profiles().items()
    }
    asked = {
        plan.location_code: {s for s in plan.specialisms if s.startswith("profiel_") and s != "profiel_overig"}
        for plan in forecast().plans
    }
    assert {code: asked[code] for code in own} == {code: own[code] - {"profiel_overig"} for code in own}
    assert sum("profiel_pie" in specialisms for specialisms in asked.values()) > 200


def test_the_share_of_unknown_profiles_is_small() -> None:
    unknown = sum(row.mean for row in national_rows() if "profiel_overig" in row.position)
    assert unknown < 0.10 * national_fte()["beroepsgericht vmbo"]


def test_the_need_of_real_regions_is_all_assumption_in_level_and_partly_own_in_split() -> None:
    assert forecast().assumption_share("vo") == 1.0
    assert 0.10 < forecast().own_split_share("vo") < 0.50
