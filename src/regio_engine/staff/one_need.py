"""One need on every page: where staff is loaded the need has the level of the staff run, elsewhere that of the rule.

The staff run knows the need per place and position. Where the staff was counted person by person that is what pages
show. Where the persons were made up from public tables, places and positions of a board are not to be shown; there a
place gets the split of the rule, brought to the level of the staff run per board and group. Parts still add up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from regio_engine.staff.contract import StaffContext
from regio_engine.staff.need_forecast import NeedForecast, Needs
from regio_engine.staff.need_rows import Totals
from regio_engine.units import Floats


@dataclass(frozen=True)
class OneNeed:
    """The need of places with loaded staff, by place; `at` fits `NeedForecast.adjust`.

    Attributes:
        context: what the staff was simulated on.
        sector: its sector.
        board_of_place: board of each place of the context.
        made_up_boards: boards of which no figure below board × group may be shown.
        group_of_position: position code → group, for those boards.
        rule_sums: need by the rule per (board, group), and per board under group "", (years, draws).
        staff_sums: need of the staff run per (board, group).
    """

    context: StaffContext
    sector: str
    board_of_place: tuple[str, ...]
    made_up_boards: frozenset[str]
    group_of_position: Mapping[str, str]
    rule_sums: Mapping[tuple[str, str], Totals] = field(default_factory=dict)
    staff_sums: Mapping[tuple[str, str], Totals] = field(default_factory=dict)

    def at(self, location_code: str, sector: str, by_rule: Needs) -> Needs:
        """Return the need per position of one location [thousandths of fte], given what the rule says."""
        if sector != self.sector or location_code not in self.context.place_codes:
            return by_rule
        place = self.context.place_codes.index(location_code)
        board = self.board_of_place[place]
        return self._levelled(board, by_rule) if board in self.made_up_boards else self._counted(place)

    def _counted(self, place: int) -> Needs:
        codes = self.context.position_codes
        rows = self.context.need_milli[place * len(codes) : (place + 1) * len(codes)]
        return {code: row for code, row in zip(codes, rows, strict=True) if row.any()}

    def _levelled(self, board: str, by_rule: Needs) -> Needs:
        if not by_rule:  # no learners: its made-up staff counts at the board's other places
            return {}
        needs = {
            code: np.rint(need * self._level(board, self.group_of_position[code])).astype(np.int32)
            for code, need in by_rule.items()
        }
        total = np.stack(list(by_rule.values())).sum(axis=0, dtype=np.int64)
        share = _share(total, self.rule_sums[board, ""])
        for code, unknown in self._unknown_to_the_rule(board).items():
            needs[code] = needs.get(code, np.int32(0)) + np.rint(unknown * share).astype(np.int32)
        return needs

    def _level(self, board: str, group: str) -> Floats:
        return _share(self.staff_sums[board, group], self.rule_sums[board, group])

    def _unknown_to_the_rule(self, board: str) -> dict[str, Totals]:
        """Return need of the staff run in groups of which the rule knows nothing here, under the first position of each."""
        first: dict[str, str] = {}
        for code in self.context.position_codes:
            first.setdefault(self.group_of_position[code], code)
        found = {}
        for (of_board, group), need in self.staff_sums.items():
            rule = self.rule_sums.get((of_board, group), np.zeros_like(need))
            left = np.where(rule == 0, need, 0)
            if of_board == board and left.any():
                found[first[group]] = left
        return found


def one_need(
    forecast: NeedForecast, *, context: StaffContext, sector: str, board_of_place: tuple[str, ...],
    made_up_boards: frozenset[str], group_of_position: Mapping[str, str],
) -> OneNeed:  # fmt: skip
    """Return the need of places with loaded staff; see `OneNeed`.

    Args:
        forecast: the need by the rule; years and draws as in the context.
        context, sector, board_of_place, made_up_boards, group_of_position: see `OneNeed`.
    """
    board_of = dict(zip(context.place_codes, board_of_place, strict=True))
    rule: dict[tuple[str, str], Totals] = {}
    for plan in forecast.plans:
        board = board_of.get(plan.location_code, "")
        if plan.sector == sector and board in made_up_boards:
            for code, need in forecast.by_rule(plan).items():
                _add(rule, (board, group_of_position[code]), need)
                _add(rule, (board, ""), need)
    staff: dict[tuple[str, str], Totals] = {}
    cells = ((place, code) for place in board_of_place for code in context.position_codes)
    for (board, code), need in zip(cells, context.need_milli, strict=True):
        if board in made_up_boards:
            _add(staff, (board, group_of_position[code]), need)
    for key in staff:
        rule.setdefault(key, np.zeros_like(staff[key]))
    return OneNeed(context, sector, board_of_place, made_up_boards, group_of_position, rule, staff)


def _add(sums: dict[tuple[str, str], Totals], key: tuple[str, str], need: NDArray[np.integer]) -> None:
    if key in sums:
        sums[key] += need
    else:
        sums[key] = need.astype(np.int64)


def _share(part: Totals, whole: Totals) -> Floats:
    return np.divide(part, whole, out=np.zeros(whole.shape), where=whole > 0)
