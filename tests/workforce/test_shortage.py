"""A staff run as rows: what is shown of whom, rows that add up, and causes that explain the change of the gap."""

from collections import defaultdict

import numpy as np
import pytest

from regio.workforce.enums import Measure, ScopeKind, StaffFlow, StaffOrigin
from regio.workforce.model_runs.rows import ForecastResult
from regio.workforce.model_runs.shortage import FLOWS, StaffForecast, add_shortage
from regio.workforce.model_runs.shortage_grain import shown_scopes
from regio_engine.staff.contract import AGES, Flow
from tests.engine.staff.small_staff import PLACES, POSITIONS, context, drawn, outputs

FIRST, SECOND = POSITIONS
SUBJECT = "vak:wiskunde"
SCOPES = {
    ScopeKind.REGION: dict.fromkeys(PLACES, "rpa:90"),
    ScopeKind.BOARD: {"90AA00": "90001", "90AA01": "90002"},
    ScopeKind.SCHOOL: dict.fromkeys(PLACES, "90AA"),
    ScopeKind.LOCATION: {code: code for code in PLACES},
}


def staff(**origins: str) -> StaffForecast:
    """Two boards with one location each; in 2027 each cell needs 10 fte, has 9, and one more leaves than comes."""
    need, stock = np.full((4, 2, 4), 10_000), np.full((4, 2, 4), 10_000)
    stock[:, 1] = 9_000
    flows = np.zeros((4, 1, len(Flow)), np.int64)
    flows[:, 0, Flow.RETIRE], flows[:, 0, Flow.FROM_RESERVE] = -8_000, 4_000  # over four draws: −2 and +1 fte
    found = drawn(outputs(need=need, stock=stock, unqualified=0.1, cancelled=0.5), flows=flows)
    found.age_heads[:, :, 20], found.age_heads[:, :, AGES - 1] = 12, 4
    return StaffForecast(
        sector="vo", context=context(need), drawn=found, held_need=need.sum(axis=2), boards=("90001", "90002"),
        origins={"90001": StaffOrigin.OWN, "90002": StaffOrigin.OWN} | origins, group_of=dict.fromkeys(POSITIONS, "exact"),
    )  # fmt: skip


def scopes_of(forecast: StaffForecast, *, with_region: bool = True):
    return shown_scopes(
        places=forecast.context.place_codes, boards=forecast.boards, positions=forecast.context.position_codes, scopes=SCOPES,
        origins=forecast.origins, subject_of=dict.fromkeys(POSITIONS, SUBJECT), group_of=forecast.group_of,
        with_region=with_region,
    )  # fmt: skip


def rows_of(forecast: StaffForecast) -> ForecastResult:
    rows = ForecastResult()
    add_shortage(rows, forecast, scopes_of(forecast))
    return rows


def shown(forecast: StaffForecast, **options: bool) -> dict[tuple[str, str], set[str]]:
    return {(scope.kind, scope.code): set(scope.items) for scope in scopes_of(forecast, **options)}


def test_counted_staff_is_shown_down_to_location_and_position():
    found = shown(staff())
    assert found[ScopeKind.LOCATION, "90AA00"] == {"alle", FIRST, SECOND}
    assert found[ScopeKind.REGION, "rpa:90"] == {"alle", SUBJECT, FIRST, SECOND}
    assert len(found) == 1 + 2 + 1 + 2


def test_made_up_staff_is_shown_per_region_and_subject_or_board_and_group():
    found = shown(staff(**{"90001": StaffOrigin.PUBLIC}))
    assert found[ScopeKind.REGION, "rpa:90"] == {"alle", SUBJECT}
    assert found[ScopeKind.BOARD, "90001"] == {"alle", "groep:exact"}
    assert found[ScopeKind.BOARD, "90002"] == {"alle", SUBJECT, FIRST, SECOND}
    assert (ScopeKind.LOCATION, "90AA00") not in found
    assert (ScopeKind.SCHOOL, "90AA") not in found  # one of its locations is made up
    assert (ScopeKind.LOCATION, "90AA01") in found


def test_a_region_of_which_too_little_is_loaded_has_no_figure_of_its_own():
    assert (ScopeKind.REGION, "rpa:90") not in shown(staff(), with_region=False)
    assert (ScopeKind.BOARD, "90001") in shown(staff(), with_region=False)


def test_parts_add_up_to_the_whole_and_positions_to_the_subject():
    sums = defaultdict(float)
    for row in rows_of(staff()).rows:
        sums[row["scope_kind"], row["measure"], row["item"], row["count_year"]] += row["mean"]
    for (kind, measure, item, year), mean in sums.items():
        if item in (FIRST, SECOND, "alle"):
            assert mean == pytest.approx(sums["regio", measure, item, year]), (kind, measure, item, year)
    for measure in (Measure.STAFFED_FTE, Measure.SHORTAGE_FTE, Measure.HIDDEN_FTE):
        grades = sums["bestuur", measure, FIRST, 2027] + sums["bestuur", measure, SECOND, 2027]
        assert grades == pytest.approx(sums["regio", measure, SUBJECT, 2027])


def test_open_and_hidden_together_are_the_shortage():
    mean = {(row["measure"], row["count_year"]): row["mean"] for row in rows_of(staff()).rows
            if (row["scope_code"], row["item"]) == ("90001", "alle")}  # fmt: skip
    assert mean[Measure.UNFILLED_FTE, 2027] + mean[Measure.HIDDEN_FTE, 2027] == mean[Measure.SHORTAGE_FTE, 2027]
    assert mean[Measure.UNFILLED_FTE, 2027] == 1.0  # two fte short, half of it cancelled
    assert mean[Measure.SHORTAGE_FTE, 2027] == 2.0 + 1.8
    assert mean[Measure.QUALIFIED_FTE, 2027] == 18 - 1.8


def test_causes_explain_the_change_of_the_gap():
    flows = {
        (row["item"], row["flow"]): row["mean_fte"] for row in rows_of(staff()).flows if row["scope_code"] == "rpa:90"
    }
    assert flows["alle", StaffFlow.RETIRE] == -8
    assert flows["alle", StaffFlow.FROM_RESERVE] == 4
    assert flows[SUBJECT, StaffFlow.RETIRE] == -8
    assert {flow for _, flow in flows} == {StaffFlow.RETIRE, StaffFlow.FROM_RESERVE}  # nothing else happened


def test_causes_of_schools_and_locations_are_kept_of_everything_together():
    found = {(row["scope_kind"], row["item"]) for row in rows_of(staff()).flows}
    assert {item for kind, item in found if kind in ("school", "vestiging")} == {"alle"}
    assert {item for kind, item in found if kind == "bestuur"} == {"alle", SUBJECT, FIRST, SECOND}


def test_every_flow_of_the_engine_has_its_word():
    assert len(FLOWS) == 2 + len(Flow)
    assert [flow.name for flow in FLOWS[2:]] == [flow.name for flow in Flow]


def test_ages_are_persons_per_band_and_the_last_band_is_open():
    ages = {row["youngest"]: (row["oldest"], row["mean_persons"]) for row in rows_of(staff()).ages
            if (row["scope_code"], row["count_year"]) == ("rpa:90", 2026)}  # fmt: skip
    assert ages[35] == (39, 2 * 12 / 4)
    assert ages[65] == (75, 2 * 4 / 4)
    assert sum(persons for _, persons in ages.values()) == 8


def test_spreads_are_kept_of_everything_and_of_subjects():
    found = {(row["scope_kind"], row["item"]) for row in rows_of(staff()).spreads}
    assert found == {(kind, item) for kind in ("regio", "bestuur") for item in ("alle", SUBJECT)}
