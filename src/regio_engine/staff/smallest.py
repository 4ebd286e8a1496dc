"""The smallest region there can be: one place, one position, one teacher. It brings the compiled code into memory."""

import numpy as np

from regio_engine.staff.contract import (
    AGES,
    HOURS_CLASSES,
    PARAMETER_DRAWS,
    TENURE_CLASSES,
    Exit,
    Qualified,
    Source,
    Staff,
    StaffContext,
    StaffRates,
    Supply,
)


def smallest_context() -> StaffContext:
    """Return a region in which one full-time teacher fills the only cell, and nothing ever happens but retirement."""
    one = np.zeros(1, np.int16)
    return StaffContext(
        place_codes=("90AA00",), position_codes=("vak",), place_ids=np.ones(1, np.uint32),
        position_ids=np.ones(1, np.uint32), base_year=2026, staff=_one_teacher(), need_milli=np.full((1, 2, 1), 1000, np.int32),
        rates=_nothing_happens(), supply=_nobody_comes(), board_of_place=one.copy(), nearest=one[None].copy(), covers=np.ones((1, 1), np.bool_),
        smallest_opening_milli=1,
    )  # fmt: skip


def _one_teacher() -> Staff:
    one = np.zeros(1, np.int16)
    return Staff(
        offsets=np.array([0, 1], np.int32), ids=np.ones(1, np.uint32), places=one, positions=one,
        ages=np.full(1, 40, np.int16), milli_fte=np.full(1, 1000, np.int32), tenures=one,
        qualified=np.full(1, Qualified.YES, np.int8), terms=one, second_positions=one - 1, scales=np.zeros(1, np.int8),
    )  # fmt: skip


def _nothing_happens() -> StaffRates:
    never, whole = np.zeros(PARAMETER_DRAWS, np.uint32), np.zeros(PARAMETER_DRAWS, np.int32)
    return StaffRates(
        exits=np.zeros((PARAMETER_DRAWS, 1, AGES, TENURE_CLASSES, 2, len(Exit)), np.uint32),
        leave_class=np.zeros(1, np.int16),
        hours=np.zeros((PARAMETER_DRAWS, AGES, HOURS_CLASSES, HOURS_CLASSES), np.uint32),
        switches=never, second_qualifications=never[:, None].copy(), second_position_of=np.zeros((1, 1), np.uint32),
        qualifies=never, cancelled=whole, covered=whole,
    )  # fmt: skip


def _nobody_comes() -> Supply:
    none = np.zeros(len(Source), np.int16)
    return Supply(
        expected_milli=np.zeros((PARAMETER_DRAWS, len(Source), 1, 1), np.int32),
        ages=np.zeros((len(Source), AGES), np.uint32), hours=np.zeros((len(Source), HOURS_CLASSES), np.uint32),
        homes=np.zeros(1, np.uint32), qualified=none.astype(np.int8), terms=none, scale=none.astype(np.int8), tenure=none,
    )  # fmt: skip
