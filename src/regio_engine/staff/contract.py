"""What goes into the person-level staff simulation of one region and sector, and what comes out.

A cell is one place (location) and one position, sorted by place, then position: cell = place × positions + position. fte
and need are whole thousandths (int32), so that parts add up exactly in any order. Chances are uint32 thresholds, made
before the simulation without any function of the C library, so the same context gives the same bytes on every machine.
A draw has parameter draw `draw % PARAMETER_DRAWS` and population `draw % populations`; a longer run begins with a
shorter one. This module holds the arrays and says what they mean; it computes nothing.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from regio_engine.units import MilliFte

Int8s = NDArray[np.int8]
Int16s = NDArray[np.int16]
Int32s = NDArray[np.int32]
Ids = NDArray[np.uint32]
Thresholds = NDArray[np.uint32]

PARAMETER_DRAWS = 50
YOUNGEST, OLDEST = 18, 75  # ages of the tables, both included; at OLDEST everybody who is left retires
AGES = OLDEST - YOUNGEST + 1
TENURE_CLASSES = 4  # first year, second, third, longer
HOURS_CLASSES = 5  # class k stands for up to (k + 1) × 0.2 fte; a move between classes takes the class's own fte
HOURS_CLASS_MILLI = (200, 400, 600, 800, 1000)
NONE = -1
OPEN_TERM = 99  # years; a legal term that does not run: who has it stays APPOINTABLE


class Qualified(IntEnum):
    """How someone may teach the position held."""

    NO = 0  # C1: not qualified, or the legal term has run out
    APPOINTABLE = 1  # B: benoembaar, within the legal term
    YES = 2  # A: bevoegd


class Exit(IntEnum):
    """Why someone leaves the cell, in the order of the thresholds; staying is what remains."""

    RETIRE = 0
    LEAVE_SECTOR = 1
    DIE_OR_DISABLED = 2
    LEAVE_REGION = 3
    MOVE_INSIDE = 4  # enters the pool of the region, returns to the place of origin when nothing is open


class Source(IntEnum):
    """Where a candidate comes from; one person has one source."""

    GRADUATE = 0
    ZIJ_INSTROOM = 1
    RESERVE = 2  # inactive reserve, returners included
    HYBRID = 3
    FROM_ELSEWHERE = 4  # teachers of other regions: an exogenous stream
    UNQUALIFIED = 5  # whom schools appoint when nobody qualified comes


class Output(IntEnum):
    """Quantities per cell, year and draw [thousandths of fte].

    In every cell, year and draw: need + surplus = stock + cancelled + open, and shortage = unqualified + other subject +
    cancelled + open. Hidden shortage is shortage − open.
    """

    NEED = 0
    STOCK = 1  # A + B + C1 + C2
    QUALIFIED = 2  # A
    SHORTAGE = 3  # C1 + C2 + C3 + D
    OPEN = 4  # D
    SURPLUS = 5


class Flow(IntEnum):
    """Why stock and gap of a cell change in a year [thousandths of fte, summed over draws]; each has its sign.

    stock(t) − stock(t − 1) = the sum of all flows; need has its own change.
    """

    RETIRE = 0  # negative
    LEAVE_SECTOR = 1  # negative
    DIE_OR_DISABLED = 2  # negative
    LEAVE_REGION = 3  # negative
    MOVES = 4  # inside moves and colleagues shared within a board: out and in, sums to 0 over the region
    HOURS = 5
    SWITCH = 6  # to another position with a second qualification or as cover (C2)
    FROM_GRADUATE = 7
    FROM_ZIJ_INSTROOM = 8
    FROM_RESERVE = 9
    FROM_HYBRID = 10
    FROM_ELSEWHERE = 11
    FROM_UNQUALIFIED = 12


class Mechanism(IntEnum):
    """What can be switched off, bit by bit (`StaffContext.mechanisms`)."""

    CAUSES = 0  # off: one pooled hazard by age, everything leaves the sector
    FIRST_YEAR = 1  # off: tenure plays no part in leaving
    HOURS = 2
    INSIDE_MOVES = 3
    SUBJECT_SWITCH = 4
    SECOND_QUALIFICATION = 5
    SUPPLY = 6  # off: nobody comes in
    RETURNERS = 7  # off: the reserve is empty
    QUALIFICATION_TERMS = 8  # off: who is benoembaar stays so
    TRAVEL = 9  # off: all places are as near
    SHARING = 10  # off: nobody teaches at another place of the own board


ALL_MECHANISMS = (1 << len(Mechanism)) - 1


@dataclass(frozen=True)
class Staff:
    """The staff of the region in the base year, one entry per person; imputed populations stand behind one another.

    Attributes:
        offsets: first person of each population and the end of the last, shape (populations + 1,); own staff that is
            counted is the same in each.
        ids: stable number per employment (from school, function and index, or a pseudonym; a person with two jobs in an
            own file has two, see `several_jobs`), unique within a population and below 2**31
            (`stable_id(…) & 0x7FFFFFFF`): what lies above belongs to candidates.
        places, positions: cell of each person.
        ages: whole years on 1 October.
        milli_fte: contract [thousandths of fte], above 0.
        tenures: whole years in service.
        qualified: see `Qualified`.
        terms: years left of the legal term of who is APPOINTABLE, OPEN_TERM where it does not run, else 0.
        second_positions: position for which the person is qualified too, or NONE.
        scales: index of the salary scale.
    """

    offsets: Int32s
    ids: Ids
    places: Int16s
    positions: Int16s
    ages: Int16s
    milli_fte: MilliFte
    tenures: Int16s
    qualified: Int8s
    terms: Int16s
    second_positions: Int16s
    scales: Int8s


@dataclass(frozen=True)
class StaffRates:
    """Drawn chances as thresholds: an event happens when the word is below its threshold.

    Attributes:
        exits: cumulative over `Exit`, shape (PARAMETER_DRAWS, leave classes, ages, TENURE_CLASSES, qualified 2, 5); read
            with the age and tenure someone begins the year with, and whether they are `Qualified.YES` then.
        leave_class: which leave class each place has (own rates of a board make a class), shape (places,).
        hours: cumulative over the new hours class, by the age at the beginning of the year, shape (PARAMETER_DRAWS, ages, HOURS_CLASSES, HOURS_CLASSES).
        switches: chance per year that someone with a second position in which more is open moves there, (PARAMETER_DRAWS,).
        second_qualifications: chance per year to finish a second qualification, shape (PARAMETER_DRAWS, positions).
        second_position_of: for which position such a second qualification is, cumulative over positions,
            shape (positions, positions).
        qualifies: chance per year that who is APPOINTABLE becomes qualified, shape (PARAMETER_DRAWS,).
        cancelled: share of what nobody fills that is cancelled or absorbed (C3), in 1/65536, shape (PARAMETER_DRAWS,).
        covered: share of a teacher's surplus fte that covers an open other subject at the same place (C2), in 1/65536,
            shape (PARAMETER_DRAWS,).
    """

    exits: Thresholds
    leave_class: Int16s
    hours: Thresholds
    switches: Thresholds
    second_qualifications: Thresholds
    second_position_of: Thresholds
    qualifies: Thresholds
    cancelled: Int32s
    covered: Int32s


@dataclass(frozen=True)
class Supply:
    """Candidates per source, position and year: who exists is drawn, who is hired is the outcome.

    Candidate k of (source, position, year) exists when k is below the drawn number; id, age, hours, home and priority
    follow from (seed, draw, source, position, year, k) alone, so they are the same in every scenario.

    Attributes:
        expected_milli: expected candidates [thousandths of persons], shape (PARAMETER_DRAWS, sources, positions, years).
        ages: cumulative thresholds over ages, shape (sources, ages).
        hours: cumulative thresholds over HOURS_CLASSES, shape (sources, HOURS_CLASSES).
        homes: cumulative thresholds over places, by size, shape (places,).
        qualified: `Qualified` of a new candidate, shape (sources,).
        terms: years of legal term, OPEN_TERM where it does not run, shape (sources,).
        scale: salary scale of who starts, shape (sources,).
        tenure: whole years in service with which they start (a teacher from elsewhere is no starter), shape (sources,).
    """

    expected_milli: Int32s
    ages: Thresholds
    hours: Thresholds
    homes: Thresholds
    qualified: Int8s
    terms: Int16s
    scale: Int8s
    tenure: Int16s


@dataclass(frozen=True)
class StaffContext:
    """Everything one staff simulation needs; its hash is part of the result.

    Attributes:
        place_codes, position_codes: names of the places and positions, for the rows; they take no part in chance.
        place_ids, position_ids: stable ids (`keyed_random.stable_id` of the codes).
        base_year: calendar year of the staff; years 1 … of the run follow it.
        staff: who is there in the base year.
        need_milli: need per cell, year (base year first) and draw, shape (cells, years + 1, draws). The base year is
            stock + unfilled − over in every draw by construction, so the base-year shortage is the drawn measurement.
        rates, supply: drawn chances and candidates.
        board_of_place: number of the circle of each place: places of one board that are near each other share colleagues
            (`context_places.sharing_places`), shape (places,).
        nearest: places from near to far as seen from each place, itself first, NONE once too far, shape (places, places).
        covers: position p may be taught by who is qualified for q (first grade covers second), shape (positions, positions).
        smallest_opening_milli: less than this is not filled by a new person.
        mechanisms: bits of `Mechanism`.
    """

    place_codes: tuple[str, ...]
    position_codes: tuple[str, ...]
    place_ids: Ids
    position_ids: Ids
    base_year: int
    staff: Staff
    need_milli: Int32s
    rates: StaffRates
    supply: Supply
    board_of_place: Int16s
    nearest: Int16s
    covers: NDArray[np.bool_]
    smallest_opening_milli: int
    mechanisms: int = ALL_MECHANISMS


@dataclass(frozen=True)
class StaffDraws:
    """What a simulation found.

    Attributes:
        years: calendar years, the base year first.
        outputs: see `Output` [thousandths of fte], shape (cells, outputs, years + 1, draws).
        flows: see `Flow` [thousandths of fte], summed over draws, shape (cells, years without the base year, flows), int64.
        heads: persons at the start, per exit cause (moves inside left out), hired, at the end; shape
            (years without the base year, draws, 7); start − exits + hired = end, exactly.
        age_heads: persons per place, year and age, summed over draws, shape (places, years + 1, ages), int64.
        scale_milli: fte per salary scale, summed over draws, shape (places, years + 1, scales), int64.
    """

    years: tuple[int, ...]
    outputs: Int32s
    flows: NDArray[np.int64]
    heads: Int32s
    age_heads: NDArray[np.int64]
    scale_milli: NDArray[np.int64]
