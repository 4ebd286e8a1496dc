"""What each mechanism of the staff simulation gains: switched off one at a time, scored on invented regions it did not see.

    python run.py bench mechanisms [--england DIR] [--out docs/mechanisms.md]

Truth is the full model with other drawn figures, another made-up staff and other chance: 1,000 regions. The forecast knows
the public counts only. Score: CRPS of stock and shortage per position and board after five years, in fte, in a region that
goes on as it does and in three that change. A mechanism that gains in none is named for
removal. Subject switching is also scored on the counts of England.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import workforce_england as england
from regio_engine.keyed_random import stable_id, words
from regio_engine.parameters.staff_figures import StaffParameters, load_staff_parameters
from regio_engine.staff.context import Place, RegionStaff, build_context
from regio_engine.staff.contract import ALL_MECHANISMS, Mechanism, Output, Source, StaffContext, StaffDraws, Thresholds
from regio_engine.staff.simulation import simulate
from regio_engine.staff.synthetic import POPULATIONS, PublicCell, PublicSchool

Floats = NDArray[np.float64]

THEMES = ("leave", "hours", "supply", "shortage", "qualification", "pay")
SUBJECTS = (
    "nederlands",
    "wiskunde",
    "engels",
    "natuurkunde",
    "scheikunde",
    "biologie",
    "aardrijkskunde",
    "geschiedenis",
)
GRADES = ("tweedegraads", "eerstegraads")
# boards as (their places, yearly change of need); places lie on a line, further apart than most people travel
BOARDS = ((2, -0.03), (1, 0.01), (3, -0.01), (2, 0.02))
KM_BETWEEN_PLACES = 9.0
YEARS = 5
TRUTHS, DRAWS_PER_TRUTH, DRAWS = tuple(range(11, 31)), 50, 1000
LEAST_GAIN_PCT = 0.1  # what a mechanism must gain at least, and more than twice its error
FORECAST = 1
SCORED = (Output.STOCK, Output.SHORTAGE)
ENGLAND = Path("../shared/data/england-dfe")


@dataclass(frozen=True)
class Situation:
    """What a region goes through; the forecast knows it.

    Attributes:
        about: in words.
        growth: yearly growth of need on top of the boards' own pace.
        subjects_apart: how far the growth of subjects lies around it.
        sources: how many times the usual candidates come from a source.
        second_qualifications, switches: how many times the usual chance.
    """

    about: str
    growth: float = 0.0
    subjects_apart: float = 0.0
    sources: Mapping[Source, int] = field(default_factory=dict)
    second_qualifications: int = 1
    switches: int = 1


SITUATIONS = {
    "steady": Situation("need follows the pupils of each board (-3 to +2 % a year)"),
    "inflow": Situation(
        "need grows 3 % a year faster; graduates doubled, zij-instroom tripled",
        growth=0.03, sources={Source.GRADUATE: 2, Source.ZIJ_INSTROOM: 3},
    ),
    "decline": Situation("need falls 5 % a year faster, subjects up to 3 % apart on both sides", growth=-0.05, subjects_apart=0.03),
    "retrain": Situation(
        "decline, and eight times as many second qualifications with three times as much switching",
        growth=-0.05, subjects_apart=0.03, second_qualifications=8, switches=3,
    ),
}  # fmt: skip

# name -> what it does, what stands in for it when it is off
WHAT: dict[str, tuple[str, str]] = {
    "CAUSES": ("retiring, leaving, dying or becoming disabled and leaving the region each have chances by age and years in service", "one chance by age for all of them"),
    "FIRST_YEAR": ("starters leave more often, unqualified starters most", "years in service play no part"),
    "HOURS": ("contracts move between classes of hours, by age", "a contract stays as it is"),
    "INSIDE_MOVES": ("people move to another school of the region and return when nothing is open", "nobody moves inside"),
    "SUBJECT_SWITCH": ("who has a second position moves to where more is open, and surplus covers other subjects", "nobody changes subject"),
    "SECOND_QUALIFICATION": ("people finish a second qualification", "nobody does"),
    "SUPPLY": ("candidates come in per source and position, and are hired where something is open", "nobody comes in"),
    "RETURNERS": ("candidates come from the inactive reserve, starters who left among them", "the reserve is empty"),
    "QUALIFICATION_TERMS": ("who is benoembaar qualifies or runs out of the legal term", "who is benoembaar stays so"),
    "SHARING": ("who is over at a place teaches the same at nearby places of the board", "everybody teaches at the own place"),
    "TRAVEL": ("the nearest opening comes first, and some are too far", "all places are as near"),
    "BASE_LEVEL": ("the shortage of the base year is drawn from its measurement", "the measurement is taken as exact"),
    "POPULATIONS": ("made-up staff differs between draws, in 50 populations", "one population in all draws"),
}  # fmt: skip


# --------------------------------------------------------------------------------------------------- an invented region
def parameters() -> StaffParameters:
    """Return the figures as they ship."""
    folder = resources.files("regio_engine.parameters")
    return load_staff_parameters({theme: folder.joinpath(f"staff_{theme}.yaml").read_text("utf-8") for theme in THEMES})


def invented_region() -> RegionStaff:
    """Return eight places of four boards with public counts only: 1 to 8 fte per place and position."""
    boards = [board for board, (places, _) in enumerate(BOARDS) for _ in range(places)]
    positions = tuple(f"vo:{subject}:{grade}" for subject in SUBJECTS for grade in GRADES)
    cells = [
        PublicCell(school, school, position, _milli(school, position), unqualified=0.04, appointable=0.09)
        for school in range(len(boards)) for position in range(len(positions))
    ]  # fmt: skip
    north = KM_BETWEEN_PLACES / 111.32
    return RegionStaff(
        sector="vo", base_year=2026, positions=positions, cells=tuple(cells),
        places=tuple(Place(f"90{school:02d}00", f"9{board}", f"90{school:02d}", 52 + north * school, 5.0) for school, board in enumerate(boards)),
        schools=tuple(PublicSchool(f"90{school:02d}", None) for school in range(len(boards))),
    )  # fmt: skip


def _milli(school: int, position: int) -> int:
    word = words(seed=0, purpose="bench:cell", stable_ids=[stable_id(f"{school}|{position}")], years=0, draws=0)[0]
    return 1000 + int(word[0]) % 7000


def context_of(region: RegionStaff, situation: Situation, *, seed: int, draws: int, populations: int = POPULATIONS) -> StaffContext:  # fmt: skip
    """Return the context of a seed; need is the same in every draw but for the level of the base year."""
    base = np.array([cell.milli_fte for cell in region.cells])
    need = np.rint(base[:, None] * yearly_change(region, situation)[:, None] ** np.arange(YEARS + 1)).astype(np.int32)
    need_milli = np.ascontiguousarray(np.broadcast_to(need[:, :, None], (*need.shape, draws)))
    context = build_context(region, need_milli=need_milli, parameters=parameters(), seed=seed, populations=populations)
    return _with_efforts(context, situation)


def yearly_change(region: RegionStaff, situation: Situation) -> Floats:
    """Return the factor on need per year, shape (cells,): that of the board, the situation and the subject."""
    boards = np.repeat([pace for _, pace in BOARDS], [places for places, _ in BOARDS])
    subjects = situation.subjects_apart * np.repeat(np.linspace(-1, 1, len(SUBJECTS)), len(GRADES))
    return np.asarray(1 + situation.growth + (boards[:, None] + subjects[None, :]).ravel())


def _with_efforts(context: StaffContext, situation: Situation) -> StaffContext:
    expected = context.supply.expected_milli.copy()
    for source, times in situation.sources.items():
        expected[:, source] *= times
    rates = replace(
        context.rates,
        second_qualifications=_times(context.rates.second_qualifications, situation.second_qualifications),
        switches=_times(context.rates.switches, situation.switches),
    )
    return replace(context, rates=rates, supply=replace(context.supply, expected_milli=expected))


def _times(chances: Thresholds, times: int) -> Thresholds:
    return np.minimum(chances.astype(np.uint64) * np.uint64(times), np.uint64(0xFFFFFFFF)).astype(np.uint32)


def with_level_as_exact(context: StaffContext) -> StaffContext:
    """Return the context with the mean of the drawn base-year need, and what follows from it, in every draw."""
    mean = np.rint(context.need_milli.mean(axis=2, keepdims=True)).astype(np.int32)
    return replace(context, need_milli=np.ascontiguousarray(np.broadcast_to(mean, context.need_milli.shape)))


# ------------------------------------------------------------------------------------------------------------- scoring
def per_board(region: RegionStaff, found: StaffDraws, output: Output) -> Floats:
    """Return a quantity in the last year per board and position [fte], shape (boards × positions, draws)."""
    last = found.outputs[:, output, -1].astype(np.float64) / 1000
    per_place = last.reshape(len(region.places), len(region.positions), -1)
    starts = np.cumsum([0, *(places for places, _ in BOARDS)])[:-1]
    return np.add.reduceat(per_place, starts, axis=0).reshape(-1, last.shape[1])


def crps(told: Floats, truth: Floats) -> Floats:
    """Return the CRPS of drawn values against true ones, unbiased in the number of draws, shape (cells, truths).

    Args:
        told: draws per cell, shape (cells, draws).
        truth: true values per cell, shape (cells, truths).
    """
    draws = told.shape[1]
    ordered = np.sort(told, axis=1)
    apart = (ordered * (2 * np.arange(1, draws + 1) - draws - 1)).sum(axis=1) / (draws * (draws - 1))
    off = np.stack([np.abs(told - one[:, None]).mean(axis=1) for one in truth.T], axis=1)
    return np.asarray(off - apart[:, None])


@dataclass(frozen=True)
class Gain:
    """How much lower the CRPS is with a mechanism than without [% of without], and the standard error over truths."""

    pct: float
    error: float

    @property
    def is_sure(self) -> bool:
        """Whether the gain is no accident, and large enough to matter."""
        return self.pct > max(2 * self.error, LEAST_GAIN_PCT)


def gain(on: Floats, off: Floats) -> Gain:
    """Return the gain from scores per truth, each of shape (truths,)."""
    saved = (off - on) / off.mean() * 100
    return Gain(float(saved.mean()), float(saved.std(ddof=1) / np.sqrt(len(saved))))


def forecasts(region: RegionStaff, situation: Situation, *, draws: int) -> Iterator[tuple[str, StaffDraws]]:
    """Yield each mechanism and the forecast without it; the first has them all."""
    full = context_of(region, situation, seed=FORECAST, draws=draws)
    without = {one.name: replace(full, mechanisms=ALL_MECHANISMS & ~(1 << one)) for one in Mechanism}
    without["BASE_LEVEL"] = with_level_as_exact(full)
    without["POPULATIONS"] = context_of(region, situation, seed=FORECAST, draws=draws, populations=1)
    for name, context in {"": full, **without}.items():
        yield name, simulate(context, seed=FORECAST, draws=draws, years=YEARS)


def measure(situation: Situation, *, truths: tuple[int, ...] = TRUTHS, per_truth: int = DRAWS_PER_TRUTH, draws: int = DRAWS) -> dict[str, tuple[Gain, ...]]:  # fmt: skip
    """Return the gain of every mechanism in a situation, per scored quantity."""
    region = invented_region()
    true = [
        simulate(context_of(region, situation, seed=seed, draws=per_truth), seed=seed, draws=per_truth, years=YEARS)
        for seed in truths
    ]
    truth = {output: np.concatenate([per_board(region, one, output) for one in true], axis=1) for output in SCORED}
    scores = {
        name: [crps(per_board(region, told, output), truth[output]).mean(axis=0) for output in SCORED]
        for name, told in forecasts(region, situation, draws=draws)
    }
    full = scores.pop("")
    return {name: tuple(gain(on, off) for on, off in zip(full, each, strict=True)) for name, each in scores.items()}


# ------------------------------------------------------------------------------------------------------------ document
def document(gains: dict[str, dict[str, tuple[Gain, ...]]], on_counts: list[str]) -> str:
    """Return docs/mechanisms.md from the gains per situation and mechanism."""
    rows = [
        f"| `{name}` | {does}; off: {off} | {' | '.join(_shown(gains[situation][name]) for situation in SITUATIONS)} |"
        for name, (does, off) in WHAT.items()
    ]
    nowhere, not_today = _without_gain(gains.values()), _without_gain([gains["steady"]])
    verdict = f"Without gain, to be removed: {nowhere}." if nowhere else "Every mechanism gains somewhere."
    today = f" In the steady region alone nothing is gained by {not_today}: they count where much changes." if not_today else ""  # fmt: skip
    return "\n".join([INTRODUCTION, *rows, "", verdict + today, "", "## On counted people", "", *on_counts, ""])


def _without_gain(situations: Iterable[dict[str, tuple[Gain, ...]]]) -> str:
    each = list(situations)
    return ", ".join(f"`{name}`" for name in WHAT if not any(one.is_sure for gains in each for one in gains[name]))


def _shown(gains: tuple[Gain, ...]) -> str:
    return " · ".join(f"{'**' * one.is_sure}{one.pct:+.2f} ± {one.error:.2f}{'**' * one.is_sure}" for one in gains)


SITUATIONS_IN_WORDS = "\n".join(f"- *{name}*: {situation.about}." for name, situation in SITUATIONS.items())
INTRODUCTION = f"""# What each mechanism of the staff simulation gains

Made by `python3 run.py bench mechanisms`; not edited by hand.

Each mechanism is switched off alone. The gain is how much lower the CRPS of the full model is, in % of the CRPS without
the mechanism, with its standard error over {len(TRUTHS) * DRAWS_PER_TRUTH:,} true regions: of **stock · shortage** in fte per position and board
({len(BOARDS)} boards, {len(SUBJECTS) * len(GRADES)} positions) after {YEARS} years. Bold: more than twice its error and at least {LEAST_GAIN_PCT} %. Truth is the full model with
other drawn figures, another made-up staff and other chance. So the table tells what a forecast loses that leaves a
mechanism out while the world has it, at the strength the figures give it. It does not tell that the world has it.

{SITUATIONS_IN_WORDS}

| mechanism | what it does | {" | ".join(SITUATIONS)} |
|---|---|{"---|" * len(SITUATIONS)}"""


def on_england(folder: Path) -> list[str]:
    """Return what net switching per subject gains on the counts of England, as lines of the document."""
    if not folder.exists():
        return ["Not measured: the counts of England were not beside the checkout."]
    leavers, entrants = england.read_publication(folder)
    known = england.known_at(leavers, entrants, 2014)
    lines = ["Net subject switching on secondary teachers in England, forecast from 2014 (`benchmarks/workforce_england.py`):", "",
             "| year | mean error with | without | gain per subject, percentage points |", "|---|---|---|---|"]  # fmt: skip
    told = [england.forecast(known, replace(england.CHOSEN, switching=on)) for on in (True, False)]
    for ahead in range(england.AHEAD):
        truth = england.truth_of(leavers, entrants, 2015 + ahead)
        with_it, without = (np.abs(one[ahead] - truth) / truth * 100 for one in told)
        saved = without - with_it
        error = saved.std(ddof=1) / np.sqrt(len(saved))
        lines.append(f"| {2015 + ahead} | {with_it.mean():.2f} % | {without.mean():.2f} % | {saved.mean():+.2f} (± {error:.2f}) |")  # fmt: skip
    return lines


def main() -> int:
    """Measure, print and write the document."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--england", type=Path, default=ENGLAND, help="folder with the counts of England")
    parser.add_argument("--out", type=Path, default=Path("docs/mechanisms.md"))
    asked = parser.parse_args()
    text = document({name: measure(situation) for name, situation in SITUATIONS.items()}, on_england(asked.england))
    asked.out.write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
