"""National context: the factor by which all locations together stray from the plan, per draw, year and type.

Own and outside totals come together here as one factor with its own spread; it multiplies what is expected, before whole
pupils are drawn, and never forces a match. A run of one region uses the same factors as a run of the country.
"""

import hashlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from regio_engine.errors import ImplausibleInput
from regio_engine.keyed_random import stable_id, words
from regio_engine.pupils.levels import TYPES
from regio_engine.pupils.tables import BITS, normal_table

Floats = NDArray[np.float64]

MIN_FACTOR, MAX_FACTOR = 0.5, 2.0
EVERY_TYPE = "alle"

Factor = float | Mapping[str, float]  # for every type, or per type of `TYPES`; `alle` stands for the types not named


def national_steps(
    *,
    sector: str,
    first_year: int,
    years: int,
    draws: int,
    seed: int,
    yearly_sd: float,
    factors: Mapping[int, Factor] | None = None,
) -> Floats:
    """Return the yearly step of the nation per (type, year, draw), to be multiplied into what is expected.

    Args:
        sector: po, so, vo or mbo; each has its own chance.
        first_year: calendar year of the first year ahead.
        years: how many years ahead.
        draws: how many draws.
        seed: seed of the run.
        yearly_sd: spread of one yearly step, as a share.
        factors: the user's national factor per calendar year, for all types or per type, 1 = as the model has it; years
            and types left out keep the last.

    Raises:
        ImplausibleInput: a factor lies outside 0.5-2, or a type is not one of `TYPES`.
    """
    user = _user_steps(first_year, years, factors or {})
    ids = np.array([[stable_id(f"{sector}:{kind}")] for kind in ("alle", *TYPES)], np.uint64)
    table = normal_table()
    steps = np.empty((len(TYPES), years, draws))
    for year in range(years):
        first, _, _, _ = words(
            seed=seed,
            purpose="pupils:national",
            stable_ids=ids,
            years=first_year + year,
            draws=np.arange(draws)[None, :],
        )
        normal = table[first >> np.uint32(32 - BITS)]
        # all types together take most of the spread, each type half as much of its own
        steps[:, year] = user[:, year, None] * (1.0 + yearly_sd * (normal[:1] + 0.5 * normal[1:]))
    return steps


def context_hash(steps: Floats) -> str:
    """Return a hash of the national context, part of the result of a run."""
    return hashlib.sha256(np.ascontiguousarray(np.round(steps, 9), "<f8").tobytes()).hexdigest()


def _user_steps(first_year: int, years: int, factors: Mapping[int, Factor]) -> Floats:
    """Turn factors of the level in each year into yearly steps, (types, years)."""
    levels = np.ones((len(TYPES), years + 1))
    for number, year in enumerate(range(first_year, first_year + years), start=1):
        levels[:, number] = levels[:, number - 1]
        for kind, factor in _by_type(factors.get(year, {})).items():
            if not MIN_FACTOR <= factor <= MAX_FACTOR:
                raise ImplausibleInput(f"national factor must lie between 0.5 and 2, got {factor:.3f} in {year}")
            levels[TYPES.index(kind), number] = factor
    steps: Floats = levels[:, 1:] / levels[:, :-1]
    return steps


def _by_type(factor: Factor) -> dict[str, float]:
    """Return the factor per type; types that are left out are absent."""
    if not isinstance(factor, Mapping):
        return dict.fromkeys(TYPES, factor)
    unknown = sorted(set(factor) - {*TYPES, EVERY_TYPE})
    if unknown:
        raise ImplausibleInput(f"national factors are known for {', '.join((EVERY_TYPE, *TYPES))}, got {unknown[0]}")
    every = dict.fromkeys(TYPES, factor[EVERY_TYPE]) if EVERY_TYPE in factor else {}
    return every | {kind: value for kind, value in factor.items() if kind != EVERY_TYPE}
