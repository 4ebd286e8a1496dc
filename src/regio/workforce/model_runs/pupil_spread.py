"""How far locations stray from their course: the committed choices, or what consecutive counts show themselves."""

import numpy as np
from numpy.typing import NDArray

from regio.regions.enums import Sector
from regio_engine.parameters import loader
from regio_engine.pupils.ages import age_past
from regio_engine.pupils.draws import Chance
from regio_engine.pupils.own_spread import OwnSpread, Past, own_spread
from regio_engine.pupils.tables import step_table
from regio_engine.pupils.vo import vo_past
from regio_engine.pupils.vo_known import VoCounts

from . import pupil_inputs as inputs
from .pupil_plans import StageKnown, age_settings, vo_settings

MBO_YEARS = 3  # a new course of two to four years shows in the students over as many years, hardly in one


def chances_of(sector: str) -> str:
    """Return whose committed chances a sector takes: so and mbo those of po."""
    return "vo" if sector == Sector.VO else "po"


def location_steps(
    sector: str, *, vanishing: bool = True, spread: OwnSpread | None = None
) -> tuple[tuple[float, ...], NDArray[np.float64]]:
    """Return size floors and the table of yearly location factors per size class, from the committed choices.

    Without `vanishing` the factors are those of codes that are known to be there; with a `spread` of the loaded counts
    theirs is taken.
    """
    tree = loader.branch(inputs.parameters(), "chance")
    own = loader.branch(tree, sector)
    shares, units = (
        loader.numbers(tree, "shares"),
        loader.numbers(tree, "units" if vanishing else "alive_units", above=-99.0),
    )
    cores, vanished = np.array(loader.numbers(own, "core_sd")), loader.numbers(own, "vanish_share")
    if spread is not None:
        cores, vanished = cores * spread.scale, tuple(spread.vanish_share)
    tables = [
        step_table(shares=shares, log_steps=[unit * core for unit in units], vanish_share=gone if vanishing else 0.0)
        for core, gone in zip(cores.tolist(), vanished, strict=True)
    ]
    return loader.numbers(own, "size_floors"), np.stack(tables)


def vo_spread(known: VoCounts) -> OwnSpread | None:
    """Return the spread that the loaded vo counts show themselves; None where fewer than four years follow each other."""
    return _spread(vo_past(known, vo_settings()), Sector.VO)


def stage_spread(known: StageKnown, sector: str) -> OwnSpread | None:
    """Return the same of po, so or mbo."""
    ahead = MBO_YEARS if sector == Sector.MBO else 1
    past = age_past(known.history, age_settings(sector), told_changes=known.told_changes, ahead=ahead)
    return _spread(past, sector)


def _spread(past: Past, sector: str) -> OwnSpread | None:
    chances = chances_of(sector)
    floors, steps = location_steps(chances)
    _, alive_steps = location_steps(chances, vanishing=False)
    chance = Chance(
        seed=0, first_year=past.years[-1], size_floors=floors, location_steps=steps, market_sd=0.0,
        national=np.ones((1, 1, 1)), alive_steps=alive_steps,
    )  # fmt: skip
    committed = loader.branch(loader.branch(inputs.parameters(), "chance"), chances)
    return own_spread(past, chance, vanish_share=loader.numbers(committed, "vanish_share"))
