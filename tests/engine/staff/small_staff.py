"""A region of a few cells made by hand: real arrays in the form of the contract, with figures that can be added by head."""

from collections.abc import Sequence

import numpy as np

from regio_engine.staff.contract import (
    AGES,
    HOURS_CLASSES,
    PARAMETER_DRAWS,
    TENURE_CLASSES,
    Exit,
    Flow,
    Output,
    Source,
    Staff,
    StaffContext,
    StaffDraws,
    StaffRates,
    Supply,
)
from regio_engine.staff.waterfall import NEED_PARTS

PLACES = ("90AA00", "90AA01")
POSITIONS = ("vo:wiskunde:eerstegraads", "vo:wiskunde:tweedegraads")
BASE_YEAR = 2026


def nobody() -> Staff:
    """Return a staff without persons."""
    empty = {
        name: np.zeros(0, np.int16) for name in ("places", "positions", "ages", "tenures", "terms", "second_positions")
    }
    return Staff(
        offsets=np.zeros(2, np.int32), ids=np.zeros(0, np.uint32), milli_fte=np.zeros(0, np.int32),
        qualified=np.zeros(0, np.int8), scales=np.zeros(0, np.int8), **empty,
    )  # fmt: skip


def context(
    need_milli: np.ndarray, *, places: Sequence[str] = PLACES, positions: Sequence[str] = POSITIONS, staff: Staff | None = None
) -> StaffContext:  # fmt: skip
    """Return a context with this need (cells, years + 1, draws) in which nothing ever happens by chance."""
    sources, years = len(Source), need_milli.shape[1] - 1
    all_first = np.full((len(Source), AGES), 2**32 - 1, np.uint32)
    stays = np.triu(np.full((HOURS_CLASSES, HOURS_CLASSES), 2**32 - 1, np.uint32))
    return StaffContext(
        place_codes=tuple(places), position_codes=tuple(positions),
        place_ids=np.arange(len(places), dtype=np.uint32), position_ids=np.arange(len(positions), dtype=np.uint32),
        base_year=BASE_YEAR, staff=staff or nobody(), need_milli=need_milli.astype(np.int32),
        rates=StaffRates(
            exits=np.zeros((PARAMETER_DRAWS, 1, AGES, TENURE_CLASSES, 2, len(Exit)), np.uint32),
            leave_class=np.zeros(len(places), np.int16),
            hours=np.ascontiguousarray(np.broadcast_to(stays, (PARAMETER_DRAWS, AGES, HOURS_CLASSES, HOURS_CLASSES))),
            switches=np.zeros(PARAMETER_DRAWS, np.uint32),
            second_qualifications=np.zeros((PARAMETER_DRAWS, len(positions)), np.uint32),
            second_position_of=np.zeros((len(positions), len(positions)), np.uint32),
            qualifies=np.zeros(PARAMETER_DRAWS, np.uint32),
            cancelled=np.zeros(PARAMETER_DRAWS, np.int32),
            covered=np.zeros(PARAMETER_DRAWS, np.int32),
        ),
        supply=Supply(
            expected_milli=np.zeros((PARAMETER_DRAWS, sources, len(positions), years), np.int32),
            ages=all_first, hours=np.full((sources, HOURS_CLASSES), 2**32 - 1, np.uint32),
            homes=np.full(len(places), 2**32 - 1, np.uint32), qualified=np.full(sources, 2, np.int8),
            terms=np.zeros(sources, np.int16), scale=np.zeros(sources, np.int8), tenure=np.zeros(sources, np.int16),
        ),
        board_of_place=np.arange(len(places), dtype=np.int16),
        nearest=np.tile(np.arange(len(places), dtype=np.int16), (len(places), 1)),
        covers=np.eye(len(positions), dtype=np.bool_), smallest_opening_milli=200,
    )  # fmt: skip


def outputs(*, need: np.ndarray, stock: np.ndarray, unqualified: float = 0.0, cancelled: float = 0.0) -> np.ndarray:
    """Return outputs (cells, outputs, years + 1, draws) in which need + surplus = stock + cancelled + open holds.

    Args:
        need, stock: thousandths of fte, shape (cells, years + 1, draws).
        unqualified: this share of the stock is not qualified (C1).
        cancelled: this share of what nobody fills is cancelled (C3).
    """
    gap = np.maximum(need - stock, 0)
    lost, without = np.rint(gap * cancelled), np.rint(stock * unqualified)
    parts = {
        Output.NEED: need, Output.STOCK: stock, Output.QUALIFIED: stock - without, Output.SHORTAGE: gap + without,
        Output.OPEN: gap - lost, Output.SURPLUS: np.maximum(stock - need, 0),
    }  # fmt: skip
    return np.stack([parts[output] for output in Output], axis=1).astype(np.int32)


def drawn(filled: np.ndarray, *, places: int = len(PLACES), flows: np.ndarray | None = None) -> StaffDraws:
    """Return what a simulation would have found with these outputs; ages and heads are of nobody."""
    cells, _, years, draws = filled.shape
    return StaffDraws(
        years=tuple(range(BASE_YEAR, BASE_YEAR + years)), outputs=filled,
        flows=np.zeros((cells, years - 1, len(Flow)), np.int64) if flows is None else flows,
        heads=np.zeros((years - 1, draws, 2 + len(Exit)), np.int32),
        age_heads=np.zeros((places, years, AGES), np.int64), scale_milli=np.zeros((places, years, 3), np.int64),
    )  # fmt: skip


def change_of_gap(parts):
    """Return by how much need - staff grows each year, from the contributions of the waterfall."""
    return parts[:, :NEED_PARTS].sum(axis=1) - parts[:, NEED_PARTS:].sum(axis=1)
