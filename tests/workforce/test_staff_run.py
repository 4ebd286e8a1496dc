"""Staff in a run of Regio Voorbeeld: who takes part, one need, figures that add up, and a board as a row of its region."""

import csv
import io
from collections import defaultdict
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from regio.regions.models import SchoolLocation
from regio.shared.models import ImportBatch
from regio.workforce.enums import FunctionGroup, Measure, StaffOrigin
from regio.workforce.model_runs import staff
from regio.workforce.model_runs.forecast import compute_forecast
from regio.workforce.models import LessonSheetLine, MeasuredShortage, StaffMember

REGION = "rpa:91"
SMALL = {"years": 3, "draws": 100, "seed": 5}
MATHS = "vo:wiskunde:tweedegraads"
SUBJECTS = ("nederlands", "wiskunde", "engels", "geschiedenis", "natuurkunde")

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def own_board(loaded_example, django_db_blocker) -> str:
    """Load an own file for the largest vo board: at each location two teachers of each of five subjects and two grades."""
    with django_db_blocker.unblock():
        for loaded in (StaffMember, LessonSheetLine, MeasuredShortage):  # the only staff of vo is that of this test
            loaded.objects.all().delete()
        places = SchoolLocation.objects.filter(sector="vo", in_register=True, board__isnull=False)
        board = max(
            places.values_list("board_id", flat=True), key=lambda code: (places.filter(board_id=code).count(), code)
        )
        need_positions = [f"vo:{subject}:{grade}" for subject in SUBJECTS for grade in ("eerstegraads", "tweedegraads")]
        batch = ImportBatch.objects.create(
            dataset="personeel-proef",
            sha256="e" * 64,
            size_bytes=1,
            loaded_at=timezone.now(),
            reference_date=date(2025, 10, 1),
        )
        from regio.workforce.model_runs.need import sync_positions

        sync_positions()
        StaffMember.objects.bulk_create(
            StaffMember(
                board_id=board, location=place, person=f"{place.code}{number}{position.rpartition(':')[0]}"[:32], position_id=position,  # both grades: two jobs
                function_group=FunctionGroup.TEACHER, birth_year=1965 + 12 * number, milli_fte=[1000, 667, 800][number],
                in_service_since=2010, scale="LB", qualification=["bevoegd", "bevoegd", "onbevoegd"][number],
                reference_date=date(2025, 10, 1), batch=batch,
            )
            for place in places.filter(board_id=board) for position in need_positions for number in range(3)
        )  # fmt: skip
        MeasuredShortage.objects.create(
            board_id=board,
            position_id=MATHS,
            shortage_fte=14.5,
            low_fte=14.5,
            high_fte=14.5,
            reference_date=date(2025, 10, 1),
            batch=batch,
        )
        return board


@pytest.fixture(scope="module")
def result(own_board, django_db_blocker):
    with django_db_blocker.unblock():
        return compute_forecast(region_key=REGION, **SMALL, settings={}, progress=lambda *_: None)


def series(result, kind: str, code: str, item: str, sector: str = "vo") -> dict[tuple[str, int], dict]:
    wanted = (kind, code, item, sector)
    return {(row["measure"], row["count_year"]): row for row in result.rows
            if (row["scope_kind"], row["scope_code"], row["item"], row["sector"]) == wanted}  # fmt: skip


def test_a_board_without_loaded_staff_has_no_shortage_and_is_named(result, own_board):
    boards = result.facts["bezetting"]["vo"]["besturen"]
    assert boards[own_board] == StaffOrigin.OWN
    assert set(boards.values()) == {StaffOrigin.OWN, StaffOrigin.NONE}
    shown = {
        row["scope_code"]
        for row in result.rows
        if (row["measure"], row["sector"], row["scope_kind"]) == ("tekort", "vo", "bestuur")
    }
    assert shown == {own_board}


def test_a_region_has_a_figure_only_where_half_of_its_need_is_loaded(result):
    facts = result.facts["bezetting"]
    assert facts["vo"]["geladen_formatie_share"] < staff.FEWEST_LOADED_SHARE
    assert not facts["vo"]["regiocijfer"]
    assert ("tekort", 2026) not in series(result, "regio", REGION, "alle", "vo")
    assert facts["po"]["regiocijfer"]
    assert ("tekort", 2026) in series(result, "regio", REGION, "alle", "po")


def test_the_shortage_of_the_base_year_is_the_measurement_in_every_draw(result, own_board):
    base = series(result, "bestuur", own_board, MATHS)["tekort", 2025]
    assert {base[name] for name in ("mean", "p10", "p50", "p90")} == {14.5}


def test_need_and_surplus_are_staff_and_what_nobody_fills(result, own_board):
    """need + surplus = stock + cancelled + open: what is left after the open part is what is cancelled, never below 0."""
    found = series(result, "bestuur", own_board, "alle")
    for year in (2025, 2026, 2028):
        need, surplus, stock, unfilled, hidden = (
            found[measure, year]["mean"] for measure in ("formatie", "overschot", "bezetting", "onvervuld", "verborgen")
        )
        cancelled = need + surplus - stock - unfilled
        assert -0.001 <= cancelled <= hidden + 0.001, year


@pytest.mark.parametrize("measure", ["formatie", "bezetting", "tekort", "onvervuld", "verborgen", "overschot"])
def test_locations_of_an_own_file_add_up_to_their_board(result, own_board, measure):
    codes = set(SchoolLocation.objects.filter(board_id=own_board, sector="vo").values_list("code", flat=True))
    sums = defaultdict(float)
    for row in result.rows:
        if row["scope_kind"] == "vestiging" and row["scope_code"] in codes and row["measure"] == measure:
            sums[row["item"], row["count_year"]] += row["mean"]
    for item in ("alle", MATHS):
        board = series(result, "bestuur", own_board, item)
        for year in (2025, 2027):
            assert sums[item, year] == pytest.approx(board[measure, year]["mean"], abs=0.01), (item, year)


def test_made_up_staff_has_no_figure_below_board_and_group(result):
    kinds = {(row["scope_kind"], row["item"].partition(":")[0]) for row in result.rows
             if row["measure"] == "tekort" and row["sector"] == "po"}  # fmt: skip
    assert kinds == {("regio", "alle"), ("regio", "po"), ("bestuur", "alle"), ("bestuur", "groep")}


def test_causes_sum_to_the_change_of_the_gap(result, own_board):
    for kind, code, sector in (("bestuur", own_board, "vo"), ("regio", REGION, "po")):
        found = series(result, kind, code, "alle", sector)
        flows = [
            row
            for row in result.flows
            if (row["scope_kind"], row["scope_code"], row["item"], row["sector"]) == (kind, code, "alle", sector)
        ]
        for year in (2026, 2027, 2028):
            change = sum(row["mean_fte"] * (1 if row["flow"] in ("leerlingen", "regel") else -1)
                         for row in flows if row["count_year"] == year)  # fmt: skip
            gap = [found["formatie", y]["mean"] - found["bezetting", y]["mean"] for y in (year - 1, year)]
            assert change == pytest.approx(gap[1] - gap[0], abs=0.02), (
                kind,
                year,
            )  # need of schools is rounded to 0.001


def test_spreads_ages_and_errors_are_kept(result, own_board):
    spread = next(
        row
        for row in result.spreads
        if (row["scope_code"], row["item"], row["count_year"]) == (own_board, "alle", 2028)
    )
    values = series(result, "bestuur", own_board, "alle")["tekort", 2028]
    assert spread["quantiles"][2] == pytest.approx(values["p10"], abs=0.001)  # 10 %
    assert spread["quantiles"][10] == pytest.approx(values["p50"], abs=0.001)
    persons = StaffMember.objects.filter(board_id=own_board).values("person").distinct().count()
    assert 2 * persons == StaffMember.objects.filter(board_id=own_board).count()
    heads = sum(row["mean_persons"] for row in result.ages
                if (row["scope_code"], row["sector"], row["count_year"]) == (own_board, "vo", 2025))  # fmt: skip
    assert heads == pytest.approx(persons)
    assert result.facts["bezetting"]["po"]["rekenfout"]["2028"]["mean"] > 0


def test_the_cost_is_fte_times_what_an_fte_costs(result, own_board):
    """LB is the lowest scale of vo: 83,400 euro × 0.90 per fte."""
    facts = result.facts["bezetting"]["vo"]["loonkosten"]
    fte = series(result, "bestuur", own_board, "alle")["bezetting", 2025]["mean"]
    assert facts["eur"]["bestuur"][own_board]["2025"] == pytest.approx(fte * 83_400 * 0.90, rel=1e-6)
    assert facts["prijspeil"]


# -------------------------------------------------------------------------------------------------------- command line
def table(*arguments: str) -> list[dict[str, str]]:
    out = io.StringIO()
    call_command(
        "forecast", *arguments, "--years", "3", "--draws", "100", "--seed", "5", stdout=out, stderr=io.StringIO()
    )
    return list(csv.DictReader(io.StringIO(out.getvalue())))


@pytest.mark.parametrize("what", ["staff", "shortage"])
def test_a_board_on_the_command_line_equals_its_rows_of_the_region(result, own_board, what):
    own, region = table(what, "--board", own_board), table(what, "--region", REGION, "--by", "board")
    assert own
    assert own == [row for row in region if row["board"] == own_board]
    kept = series(result, "bestuur", own_board, "alle")
    for row in own:
        if row["position"] == "alle":
            assert float(row["mean"]) == kept[row["measure"], int(row["count_year"])]["mean"]


def test_a_location_with_an_own_file_has_rows_per_position(own_board):
    code = (
        SchoolLocation.objects.filter(board_id=own_board, sector="vo", in_register=True).order_by("code").first().code
    )
    rows = table("shortage", "--location", code)
    assert {row["location"] for row in rows} == {code}
    assert MATHS in {row["position"] for row in rows}
    assert {row["measure"] for row in rows} == {
        Measure.SHORTAGE_FTE,
        Measure.UNFILLED_FTE,
        Measure.HIDDEN_FTE,
        Measure.SURPLUS_FTE,
    }


def test_a_board_without_staff_is_a_sentence(own_board):
    other = SchoolLocation.objects.filter(sector="vo", in_register=True).exclude(board_id=own_board).first().board_id
    with pytest.raises(CommandError, match="geen cijfers over bezetting en tekort"):
        table("shortage", "--board", other)
