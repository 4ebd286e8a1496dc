"""What the personnel workbooks tell of the ages of a school's teachers: a sheet per age class, or their mean age."""

import re
from collections.abc import Collection

import numpy as np

from regio.workforce.enums import FunctionGroup
from regio.workforce.models import PersonnelCount
from regio_engine.parameters.staff_figures import StaffParameters
from regio_engine.staff.synthetic_ages import shares_from_counts, shares_with_mean

YOUNGEST, OLDEST = 18, 75
PLAUSIBLE_MEAN = (28.0, 60.0)  # years; another mean is a slip in the file
FEWEST = 5  # persons in told classes


def age_shares(
    schools: Collection[str], sector: str, year: int | None, parameters: StaffParameters
) -> dict[str, tuple[float, ...]]:
    """Return per school the part of each age class of the `age_profile`; schools of which nothing is told are absent."""
    if year is None:
        return {}
    steps = parameters.table(sector, "age_profile").steps()
    age_from = [int(since) for since, _ in steps]
    usual = np.array([share for _, share in steps])
    rows = PersonnelCount.objects.filter(
        sector=sector, function_group=FunctionGroup.TEACHER, year=year, school__in=list(schools)
    )
    counts: dict[str, dict[tuple[int, int], float]] = {}
    means: dict[str, float] = {}
    for school, persons, fte, mean, told in rows.order_by("pk").values_list(
        "school_id", "persons", "fte", "mean_age_years", "breakdown"
    ):
        number = persons if persons is not None else fte
        if (band := age_class(told)) and number is not None:
            counts.setdefault(school, {})[band] = counts.get(school, {}).get(band, 0.0) + number
        elif mean is not None and PLAUSIBLE_MEAN[0] <= mean <= PLAUSIBLE_MEAN[1]:
            means[school] = mean
    found = {school: shares_with_mean(mean, age_from=age_from, usual=usual) for school, mean in means.items()}
    found |= {
        school: shares_from_counts(bands, age_from=age_from, usual=usual)
        for school, bands in counts.items() if sum(bands.values()) >= FEWEST
    }  # fmt: skip
    return {school: tuple(float(share) for share in shares) for school, shares in found.items()}


def age_class(breakdown: dict[str, object]) -> tuple[int, int] | None:
    """Return (first age, age after the last) of a row per age class; None for any other row.

    Written as `25-34`, `25 tot 35`, `25 t/m 34`, `< 25`, `jonger dan 25`, `65+`, `65 en ouder`.
    """
    text = next(
        (str(value) for key, value in breakdown.items() if "leeftijd" in key and not key.startswith("gemiddelde")), ""
    )
    ages = [int(number) for number in re.findall(r"\d{2}", text)]
    if len(ages) == 2:
        return ages[0], ages[1] + (0 if "tot" in text and "met" not in text else 1)
    if len(ages) == 1 and re.search(r"<|jonger|tot", text):
        return YOUNGEST, ages[0]
    return (ages[0], OLDEST) if len(ages) == 1 else None
