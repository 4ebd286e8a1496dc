"""What the exam-candidate forecast works with: candidates per year, classes per year of study, and small sums.

Types stand in the order of `TYPES` in every array. Classes of years 1-3 that keep the choice between types open are
split here by the mix of the years above them at the location, shrunk to that of its school and of the country. Reading files or
tables is not done here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from regio_engine.errors import ImplausibleInput, MissingInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TYPES = ("VMBO", "HAVO", "VWO")
FINAL_YEAR = (4, 5, 6)
EXAM_AGE = (15, 16, 17)  # on 1 October of the school year of the exam
YEARS_OF_STUDY = 6
LOWER_TYPE_BOUND = 0.03  # largest yearly change of a cohort that is read from another type [log]; aanname
VO_FIRST_AGE = 12  # on 1 October of year of study 1
MIX_STRENGTH = 30.0  # pupils of the wider mix that count beside the location's own; aanname


@dataclass(frozen=True)
class CohortCounts:
    """Children of the whole country by age on 1 October of `count_year`, from `first_age` on [persons].

    Primary schools count ages 4-10 in full; years 1-3 of vo, all types together, stand for ages 12-14.
    """

    count_year: int
    first_age: int
    persons: tuple[float, ...]

    def log_change(self, type_index: int, *, origin: int, target: int) -> float | None:
        """Return log(cohort of the target year / cohort of the origin year), None where this count misses either."""
        first, last = (EXAM_AGE[type_index] - (year - self.count_year) - self.first_age for year in (target, origin))
        if not 0 <= first <= last < len(self.persons):
            return None
        return float(np.log(self.persons[first] / self.persons[last]))


@dataclass(frozen=True)
class ExamHistory:
    """Exam candidates per location, type and school year [persons].

    `candidates` has shape (locations, 3, years) with 0 where a code does not exist; `years` are consecutive start
    years of school years; `schools` and `areas` give the group of each location (area -1: unknown); `cohorts` are counts
    of younger children.
    """

    locations: NDArray[np.str_]
    schools: Ints
    areas: Ints
    years: tuple[int, ...]
    candidates: Floats
    cohorts: tuple[CohortCounts, ...] = ()

    def __post_init__(self) -> None:
        expected = (len(self.locations), len(TYPES), len(self.years))
        if self.candidates.shape != expected:
            raise ImplausibleInput(f"candidates must have shape {expected}, got {self.candidates.shape}")
        if self.years != tuple(range(self.years[0], self.years[0] + len(self.years))):
            raise ImplausibleInput(f"school years must be consecutive, got {self.years}")

    def known_at(self, origin: int) -> "ExamHistory":
        """Return the history as it was known when the school year `origin` was the newest."""
        if origin not in self.years:
            raise MissingInput(f"no exam counts of school year {origin}, only {self.years[0]}-{self.years[-1]}")
        kept = origin - self.years[0] + 1
        cohorts = tuple(count for count in self.cohorts if count.count_year <= origin)
        return replace(self, years=self.years[:kept], candidates=self.candidates[:, :, :kept], cohorts=cohorts)

    def cohort_change(self, type_index: int, *, origin: int, target: int) -> float:
        """Return the log change of the national cohort between two exam years: the sum of its years.

        A year is the mean of all counts of younger children that tell it, else the change in the type that the cohorts
        sat before, else 0.
        """
        return sum(self._yearly_cohort_change(type_index, year) for year in range(origin + 1, target + 1))

    def _yearly_cohort_change(self, type_index: int, year: int) -> float:
        changes = [count.log_change(type_index, origin=year - 1, target=year) for count in self.cohorts]
        told = [change for change in changes if change is not None]
        if told:
            return sum(told) / len(told)
        return self._change_in_lower_type(type_index, origin=year - 1, target=year)

    def _change_in_lower_type(self, type_index: int, *, origin: int, target: int) -> float:
        """Return the log change in the nearest lower type that the same two cohorts sat before, 0 where none is known."""
        totals = self.candidates.sum(axis=0)
        for lower in range(type_index - 1, -1, -1):
            earlier = type_index - lower
            first, last = origin - earlier - self.years[0], target - earlier - self.years[0]
            known = first >= 0 and last < len(self.years)
            if known and totals[lower, first] > 0 and totals[lower, last] > 0:
                return float(
                    np.clip(np.log(totals[lower, last] / totals[lower, first]), -LOWER_TYPE_BOUND, LOWER_TYPE_BOUND)
                )
        return 0.0


@dataclass(frozen=True)
class ClassCounts:
    """Pupils per location, type and year of study on 1 October of `count_year`, shape (locations, 3, 6) [persons]."""

    count_year: int
    pupils: Floats

    def of_final_class_minus(self, lag: int, type_index: int) -> Floats | None:
        """Return the class that sits the exam `lag` years after the one of the count year; None if it is not in vo."""
        study_year = FINAL_YEAR[type_index] - lag
        return self.pupils[:, type_index, study_year - 1] if 1 <= study_year <= FINAL_YEAR[type_index] else None


def split_mixed_classes(
    pure: Floats, mixed: Mapping[tuple[int, ...], Floats], *, schools: Ints, count_year: int
) -> ClassCounts:
    """Return all classes by type.

    Year 3, where few classes are mixed, is split by the mix of the last two years before the exam. A mixed class of years
    1 and 2 is split by what year 3 holds beyond the classes that were of one type already.

    Args:
        pure: classes of one type, shape (locations, 3, 6) [persons].
        mixed: for each set of type indices the classes that keep that choice open, shape (locations, 6) [persons].
        schools: school index per location.
        count_year: year of the 1 October count.
    """
    pupils = pure.astype(np.float64).copy()
    upper = np.stack([pure[:, t, FINAL_YEAR[t] - 2 : FINAL_YEAR[t]].sum(axis=1) for t in range(3)], axis=1)
    _add_split(pupils, mixed, study_year=3, towards=upper, schools=schools)
    for study_year in (1, 2):
        total = pure[:, :, study_year - 1].sum(axis=1) + sum(classes[:, study_year - 1] for classes in mixed.values())
        scale = total / np.maximum(pupils[:, :, 2].sum(axis=1), 1.0)
        beyond = np.maximum(pupils[:, :, 2] * scale[:, None] - pure[:, :, study_year - 1], 0.0)
        _add_split(pupils, mixed, study_year=study_year, towards=beyond, schools=schools)
    return ClassCounts(count_year=count_year, pupils=pupils)


def _add_split(
    pupils: Floats, mixed: Mapping[tuple[int, ...], Floats], *, study_year: int, towards: Floats, schools: Ints
) -> None:
    """Add the mixed classes of one year of study to `pupils`, by the mix in `towards`, shape (locations, 3)."""
    for types, classes in mixed.items():
        shares = _shrunk_shares(towards[:, list(types)], schools)
        for column, t in enumerate(types):
            pupils[:, t, study_year - 1] += classes[:, study_year - 1] * shares[:, column]


def _shrunk_shares(mix: Floats, schools: Ints) -> Floats:
    everybody = mix.sum(axis=0)
    national = everybody / everybody.sum() if everybody.sum() > 0 else np.full(mix.shape[1], 1.0 / mix.shape[1])
    return _shares_towards(mix, _shares_towards(group_sums(mix, schools), national))


def _shares_towards(counts: Floats, wider: Floats) -> Floats:
    return np.asarray((counts + MIX_STRENGTH * wider) / (counts.sum(axis=1, keepdims=True) + MIX_STRENGTH))


def group_sums(values: Floats, groups: Ints) -> Floats:
    """Return for each row the sum over all rows of its group; rows in group -1 form one group."""
    index = groups - min(int(groups.min(initial=0)), 0)
    sums = np.zeros((int(index.max(initial=0)) + 1, *values.shape[1:]))
    np.add.at(sums, index, values)
    return np.asarray(sums[index])


def bounded_log_ratio(numerator: Floats, denominator: Floats, *, cap: float, pupils_added: float) -> Floats:
    """Return log((a + k) / (b + k)), kept within ± cap so that one odd count cannot run away."""
    return np.clip(np.log((numerator + pupils_added) / (denominator + pupils_added)), -cap, cap)


def weighted_median(values: Floats, weights: Floats) -> float:
    """Return the value below which half of the weight lies; 0 without any weight."""
    if float(weights.sum()) <= 0.0:
        return 0.0
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order]) / weights.sum()
    return float(values[order][np.searchsorted(reached, 0.5)])
