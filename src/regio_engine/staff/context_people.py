"""Own staff as arrays beside made-up staff, and what made-up persons of a sector are like."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from regio_engine import keyed_random
from regio_engine.parameters.staff_figures import StaffParameters, StaffTable
from regio_engine.staff.context_draws import cumulative
from regio_engine.staff.contract import HOURS_CLASS_MILLI, OLDEST, YOUNGEST, Staff, Thresholds
from regio_engine.staff.synthetic import Profile
from regio_engine.staff.synthetic_seats import LARGEST_BASE_ID
from regio_engine.units import MILLI_PER_FTE, Floats


@dataclass(frozen=True)
class OwnPerson:
    """One employment of an own staff file (a person with two positions has two).

    Attributes:
        key: pseudonym and what tells the employments of a person apart.
        place, position: indices of the cell.
        age: whole years on 1 October of the base year.
        milli_fte: contract [thousandths of fte].
        tenure: whole years in service.
        qualified: see `Qualified`.
        term: years left of the legal term, 0 where there is none.
        second_position: index or NONE.
        scale: index of the salary scale.
        person: pseudonym, the same in all employments of a person; empty where nobody has several.
    """

    key: str
    place: int
    position: int
    age: int
    milli_fte: int
    tenure: int
    qualified: int
    term: int
    second_position: int
    scale: int
    person: str = ""


def with_own(made_up: Staff, own: Sequence[OwnPerson]) -> Staff:
    """Return the staff with the own employments at the end of every population."""
    if not own:
        return made_up
    populations = len(made_up.offsets) - 1
    taken = set(made_up.ids.tolist())
    columns = {
        "ids": np.array(_own_ids(own, taken), np.uint32),
        "places": np.array([one.place for one in own], np.int16),
        "positions": np.array([one.position for one in own], np.int16),
        "ages": np.array([min(max(one.age, YOUNGEST), OLDEST) for one in own], np.int16),
        "milli_fte": np.array([one.milli_fte for one in own], np.int32),
        "tenures": np.array([one.tenure for one in own], np.int16),
        "qualified": np.array([one.qualified for one in own], np.int8),
        "terms": np.array([one.term for one in own], np.int16),
        "second_positions": np.array([one.second_position for one in own], np.int16),
        "scales": np.array([one.scale for one in own], np.int8),
    }
    joined = {
        name: np.concatenate([
            part for k in range(populations)
            for part in (getattr(made_up, name)[made_up.offsets[k] : made_up.offsets[k + 1]], column)
        ])
        for name, column in columns.items()
    }  # fmt: skip
    offsets = made_up.offsets + np.arange(populations + 1, dtype=np.int32) * np.int32(len(own))
    return Staff(offsets=offsets.astype(np.int32), **joined)


def _own_ids(own: Sequence[OwnPerson], taken: set[int]) -> list[int]:
    found = []
    for one in own:
        name = one.key
        while (identity := keyed_random.stable_id(name) & LARGEST_BASE_ID) in taken:
            name += "|"
        taken.add(identity)
        found.append(identity)
    return found


def profile_of(
    parameters: StaffParameters, sector: str, *, second_position_of: Thresholds, ages_from_60: Floats
) -> Profile:
    """Return what made-up persons of a sector are like."""

    def table(name: str) -> StaffTable:
        return parameters.table(sector, name)

    ages = table("age_profile").steps()
    hours = np.array([share for _, share in table("hours_classes").steps()])
    first = table("first_years").rows
    return Profile(
        age_from=tuple(int(since) for since, _ in ages),
        age_shares=np.array([share for _, share in ages]),
        not_qualified_by_age=_per_class(table("not_qualified_by_age"), [int(since) for since, _ in ages]),
        first_year_by_age=_mean_one(
            _per_class(table("first_year_by_age"), [int(since) for since, _ in ages]), np.array([s for _, s in ages])
        ),
        first_years=(first["0"], first["1"], first["2"]),
        qualified_starters=parameters.figure(sector, "qualified_share_of_starters").value,
        ages_from_60=ages_from_60,
        hours_milli=HOURS_CLASS_MILLI,
        hours_shares=hours / hours.sum(),
        mean_milli=parameters.figure(sector, "mean_fte").value * MILLI_PER_FTE,
        scale_shares=cumulative(np.array(list(table("scale_shares").rows.values()))),
        in_training=parameters.figure(sector, "in_training_share").value,
        term_years=int(parameters.figure(sector, "term_in_training").value),
        second_share=parameters.figure(sector, "has_second_qualification").value,
        second_position_of=second_position_of,
    )


def _per_class(table: StaffTable, age_from: list[int]) -> Floats:
    """Return the value of a table that holds from an age on, for each age class."""
    steps = table.steps()
    return np.array([next(value for since, value in reversed(steps) if since <= age) for age in age_from])


def _mean_one(values: Floats, weights: Floats) -> Floats:
    return np.asarray(values / ((values * weights).sum() / weights.sum()))
