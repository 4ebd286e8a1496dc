"""Where new pupils come from: the catchment of a location and how its birth cohorts change.

A postcode (or primary school) weighs exp(-distance / km). The index of a location says how many pupils of entry age its
catchment holds in a coming year against the base year; the location keeps its share, so the index carries its intake.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regio_engine.errors import ImplausibleInput

Floats = NDArray[np.float64]

KM_PER_DEGREE = 111.2
BLOCK = 500
OLDEST_WHOLE = 10  # oldest age at which hardly anyone has left primary school
STAYERS = slice(11, 14)


@dataclass(frozen=True)
class Cohorts:
    """Children by place: position of each place in km (P, 2) and children per place and year they arrive in, (P, Y)."""

    position_km: Floats
    children: Floats


def position_km(lat: Floats, lon: Floats) -> Floats:
    """Return flat positions in km from degrees WGS84, right within 1 % inside the Netherlands, (N, 2)."""
    return np.column_stack([lon * np.cos(np.deg2rad(52.1)) * KM_PER_DEGREE, lat * KM_PER_DEGREE])


def catchment_mass(position: Floats, cohorts: Cohorts, *, km: float) -> Floats:
    """Return the children around each location per year, weighed by distance, (L, Y) [persons].

    A location without a position (nan) gets the children of the whole country.

    Raises:
        ImplausibleInput: the distance is not positive.
    """
    if km <= 0:
        raise ImplausibleInput(f"the distance of a catchment must be positive, got {km:.3f} km")
    mass = np.empty((len(position), cohorts.children.shape[1]))
    for start in range(0, len(position), BLOCK):
        rows = slice(start, start + BLOCK)
        apart = np.sqrt(((position[rows, None, :] - cohorts.position_km[None, :, :]) ** 2).sum(axis=2))
        weight = np.exp(-apart / km)
        weight[np.isnan(apart).all(axis=1)] = 1.0
        mass[rows] = np.nan_to_num(weight) @ cohorts.children
    return mass


def entry_mix(children: Floats, shares: tuple[float, ...]) -> Floats:
    """Return the children who enter per place and year: some a year early, most in time, some a year late, (P, Y - 2).

    Args:
        children: children per place and year in which they reach the usual age of entry, (P, Y); who would have come a
            year late counts as who comes in time where that year is not known (nan).
        shares: part that enters a year early, in time and a year late.
    """
    early, in_time, late = shares
    before = np.where(np.isnan(children[:, :-2]), children[:, 1:-1], children[:, :-2])
    mixed: Floats = early * children[:, 2:] + in_time * children[:, 1:-1] + late * before
    return mixed


def earlier_entry(before: Floats, after: Floats, *, years: int) -> float:
    """Return which part of a cohort came on top each year because children left primary school younger than before.

    From who is still there at 11, 12 and 13 against those of 10, in two counts. A lasting younger age brings nothing; only
    while the age falls do more than a cohort come in.

    Args:
        before: pupils of primary school per age from 0, in the older count [persons].
        after: the same in the newer count.
        years: years between the counts.

    Raises:
        ImplausibleInput: the counts are not some years apart.
    """
    if years <= 0:
        raise ImplausibleInput(f"two counts must be some years apart, got {years}")
    first, last = (float(ages[STAYERS].sum() / max(ages[OLDEST_WHOLE], 1.0)) for ages in (before, after))
    return (first - last) / years


def catchment_index(position: Floats, cohorts: Cohorts, *, km: float, share: float, base: int = 0) -> Floats:
    """Return the change of each location's intake against the base year of the cohorts, (L, Y).

    Args:
        position: positions of the locations in km, (L, 2), nan where unknown.
        cohorts: children of entry age by place.
        km: distance over which a child's weight falls to a third.
        share: part of the relative change that comes true (log scale).
        base: index of the base year among the years of the cohorts.
    """
    mass = catchment_mass(position, cohorts, km=km)
    index: Floats = np.clip(mass / np.maximum(mass[:, base, None], 1e-9), 0.3, 3.0) ** share
    return index


def single_ages(classes: Floats, *, width: int = 5) -> Floats:
    """Return persons per single age from equal age classes by straight lines between class middles, (P, ages).

    The sum of each class is kept. Source of the classes: population by five-year classes.
    """
    places, count = classes.shape
    middles = (np.arange(count) + 0.5) * width
    ages = np.arange(count * width) + 0.5
    single = np.stack([np.interp(ages, middles, row / width) for row in classes])
    sums = single.reshape(places, count, width).sum(axis=2)
    factor = np.divide(classes, sums, out=np.zeros_like(sums), where=sums > 0)
    return np.asarray(single * np.repeat(factor, width, axis=1), np.float64)
