"""Learners of vo per location, level and year of study, and the candidates of the exam classes.

Intake: group 8 of every municipality, times the region's children per child in these po schools (not all po boards
take part), times the share per level, divided over locations by pull and distance. After that a class of the next
year is the class of this year times a rate: of the level, of the location and of the year. Noise has the variance
dispersion * mean + (spread * mean)**2, just as the forecast assumes.
"""

from dataclasses import dataclass

import numpy as np

from .chance import Chance, Counts, Numbers, noisy_counts
from .geography import Municipality, distance_km
from .primary import END, Primary
from .schools import Location
from .timeline import NEWEST
from .truth import EXAM_STAGE, LEVELS, STAGES, Truth, vo_rates

START = -16
_OFFER = {"PRO": ("pro",), "VBO": ("vmbo_b", "vmbo_k"), "MAVO": ("vmbo_gt",), "HAVO": ("havo",), "VWO": ("vwo",)}


@dataclass(frozen=True)
class Secondary:
    """Pupils [moment, location, level, stage] and candidates [moment, location, level] from moment START.

    `isk` are newcomers [moment, location, stage 1-2]; `national` the factor per moment and level that was drawn;
    `own_factor` the factor of each location and level; `children_per_pupil` what the intake was multiplied by.
    """

    pupils: Counts
    exams: Counts
    isk: Counts
    national: Numbers
    own_factor: Numbers
    children_per_pupil: float
    locations: tuple[Location, ...]

    def at(self, moment: int) -> Counts:
        """Return pupils [location, level, stage] of a moment."""
        return self.pupils[moment - START]

    def exams_at(self, moment: int) -> Counts:
        """Return candidates [location, level] of the school year that starts at a moment."""
        return self.exams[moment - START]

    def isk_at(self, moment: int) -> Counts:
        """Return newcomers [location, stage 1-2] of a moment."""
        return self.isk[moment - START]


def offered(location: Location) -> list[bool]:
    """Return for each level whether the location offers it."""
    levels = {level for part in location.kind.split("/") for level in _OFFER.get(part, ())}
    return [level in levels for level in LEVELS]


def simulate_secondary(
    truth: Truth, chance: Chance, *, primary: Primary, vo: tuple[Location, ...], land: tuple[Municipality, ...]
) -> Secondary:
    """Simulate vo; the intake is scaled so that the newest count has the total of the truth."""
    children = _children(primary, land)
    isk = _newcomers(truth, chance, vo)
    plain = _run(truth, chance, children=children, vo=vo, land=land, noise=0.0)[0][NEWEST - START].sum()
    wanted = truth.vo_pupils - isk[NEWEST - START].sum()
    factor = wanted / plain
    factor *= wanted / _run(truth, chance, children=children * factor, vo=vo, land=land)[0][NEWEST - START].sum()
    pupils, national, own = _run(truth, chance, children=children * factor, vo=vo, land=land)
    return Secondary(pupils, _exams(truth, chance, pupils), isk, national, own, float(factor), vo)


def _children(primary: Primary, land: tuple[Municipality, ...]) -> Numbers:
    """Return leavers of po per moment and municipality of their school."""
    inside = np.array([[m.code == location.municipality.code for location in primary.locations] for m in land])
    return np.stack([inside @ primary.group_8(moment) for moment in range(START - 1, END)]).astype(float)


@dataclass(frozen=True)
class _Course:
    """What pupils are drawn around: intake and rates per moment, noise switched on (1) or off (0)."""

    intake: Numbers  # expected pupils of year 1 [moment, location, level]
    factors: Numbers  # national times own factor [moment, location, level]
    national: Numbers
    own: Numbers
    flows: Numbers
    noise: float


def _run(
    truth: Truth, chance: Chance, *, children: Numbers, vo: tuple[Location, ...], land: tuple[Municipality, ...],
    noise: float = 1.0,
) -> tuple[Counts, Numbers, Numbers]:  # fmt: skip
    """Return pupils [moment, location, level, stage], national factors and own factors."""
    course = _course(truth, chance, children=children, vo=vo, land=land, noise=noise)
    counts = np.zeros((*course.intake.shape, STAGES), np.int64)
    rates = np.array(vo_rates(truth))
    for step in range(len(counts)):
        generator = chance.of("vo", START + step)
        counts[step, :, :, 0] = noisy_counts(
            generator,
            course.intake[step] * course.national[step],
            dispersion=noise * truth.intake_dispersion,
            spread=noise * truth.intake_spread,
        )
        for stage in range(1, STAGES):
            before = counts[max(step - 1, 0), :, :, stage - 1].astype(float)  # at the start: as if nothing ever changed
            exposure = np.einsum("lk,lkn->ln", before, course.flows) if stage < 3 else before
            counts[step, :, :, stage] = noisy_counts(
                generator,
                exposure * rates[:, stage - 1] * course.factors[step],
                dispersion=noise * truth.vo_dispersion_to_stage[stage - 1],
                spread=noise * truth.vo_spread,
            )
    return counts, course.national, course.own


def _course(
    truth: Truth, chance: Chance, *, children: Numbers, vo: tuple[Location, ...], land: tuple[Municipality, ...],
    noise: float,
) -> _Course:  # fmt: skip
    """Draw the factors of years and locations, and divide the children over the locations."""
    offer = np.array([offered(location) for location in vo])
    national = 1 + chance.of("landelijk").standard_normal((len(children), len(LEVELS))) * truth.national_spread * noise
    kappa = truth.location_kappa
    own = chance.of("eigen").gamma(kappa, 1 / kappa, offer.shape) ** noise
    near = np.exp([[-distance_km(m.x_km, m.y_km, v.x_km, v.y_km) / truth.intake_distance_km for m in land] for v in vo])
    walk = np.cumsum(chance.of("vo-markt").standard_normal((len(children), len(vo))) * truth.intake_market_walk, axis=0)
    pull = np.array([location.pull for location in vo]) * np.exp((walk - walk[NEWEST - START]) * noise)
    strength = pull[:, :, None, None] * near[None, :, :, None] * offer[None, :, None, :]
    share = strength / np.maximum(strength.sum(axis=1, keepdims=True), 1e-12)
    level_share = np.array([truth.intake_share[level] for level in LEVELS])
    intake = np.einsum("tlmk,tm->tlk", share, children) * level_share
    spread = truth.vo_location_spread * noise
    moves = np.exp(chance.of("vo-vestiging").standard_normal((len(children), len(vo), 1)) * spread)
    return _Course(intake, national[:, None, :] * own * moves, national, own, location_flows(truth, vo), noise)


def location_flows(truth: Truth, locations: tuple[Location, ...]) -> Numbers:
    """Return the flow table of stages 1-3 [location, from level, to level]; a level not offered there takes nobody."""
    table = np.eye(len(LEVELS))
    for pair, share in truth.flow_between_levels.items():
        source, target = (LEVELS.index(level) for level in pair.split(">"))
        table[source, target] += share
        table[source, source] -= share
    masked = table[None] * np.array([offered(location) for location in locations])[:, None, :]
    return np.asarray(masked / np.maximum(masked.sum(axis=2, keepdims=True), 1e-12), np.float64)


def _exams(truth: Truth, chance: Chance, pupils: Counts) -> Counts:
    """Return candidates of each exam class in the school year of the count [moment, location, level]."""
    found = np.zeros(pupils.shape[:3], np.int64)
    for level, stage in EXAM_STAGE.items():
        k = LEVELS.index(level)
        for step in range(len(pupils)):
            generator = chance.of(f"examen-{level}", START + step)
            expected = pupils[step, :, k, stage - 1].astype(float) * truth.exam_rate[level]
            found[step, :, k] = noisy_counts(generator, expected, dispersion=truth.exam_dispersion, spread=0.0)
    return found


def _newcomers(truth: Truth, chance: Chance, vo: tuple[Location, ...]) -> Counts:
    """Return isk pupils [moment, location, stage 1-2], only at locations for newcomers."""
    here = np.array([location.kind == "BRUGJAAR" for location in vo], float)
    years = range(START, END + 1)
    expected = np.array([truth.isk_pupils * (1 + truth.isk_growth_per_year) ** (moment - NEWEST) for moment in years])
    return np.stack([
        noisy_counts(chance.of("isk", moment), np.outer(here, np.array([0.58, 0.42])) * level, dispersion=3.0, spread=0.06)
        for moment, level in zip(years, expected, strict=True)
    ])  # fmt: skip
