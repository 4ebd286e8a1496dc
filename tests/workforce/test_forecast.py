"""One forecast of a region: it adds up, repeats, is a slice of the country, and is asked for once."""

import csv
import io
import json
from collections import defaultdict

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from regio.regions.errors import UnknownRegion
from regio.regions.models import Municipality, Region, School, SchoolLocation
from regio.shared import jobs
from regio.shared.models import ImportBatch, Job
from regio.workforce import actions
from regio.workforce.errors import DataChanged, NoFigures, NothingLoaded
from regio.workforce.model_runs.forecast import compute_forecast
from regio.workforce.models import BacktestCell, BacktestScore, ForecastRun, ForecastValue

REGION = "rpa:91"
SMALL = {"years": 2, "draws": 50, "seed": 5}

pytestmark = pytest.mark.django_db


def compute(region_key=REGION, **changes):
    return compute_forecast(region_key=region_key, **{**SMALL, "settings": {}, **changes}, progress=lambda *_: None)


@pytest.fixture(scope="module")
def result(loaded_example, django_db_blocker):
    with django_db_blocker.unblock():
        return compute()


def means(rows, kind, measure):
    found = defaultdict(float)
    for row in rows:
        if (row["scope_kind"], row["measure"]) == (kind, measure):
            found[row["sector"], row["item"], row["count_year"]] += row["mean"]
    return found


@pytest.mark.parametrize("measure", ["leerlingen", "formatie", "examenkandidaten"])
@pytest.mark.parametrize("kind", ["bestuur", "school", "vestiging"])
def test_boards_schools_and_locations_add_up_to_the_region(result, kind, measure):
    region, parts = means(result.rows, "regio", measure), means(result.rows, kind, measure)
    shared = [key for key in region if not key[1].startswith("vak:")]
    assert shared
    for key in shared:
        assert parts[key] == pytest.approx(region[key], abs=0.5), key


def test_levels_add_up_to_all_and_the_count_is_the_count(result):
    region = means(result.rows, "regio", "leerlingen")
    levels = defaultdict(float)
    for (sector, item, year), mean in region.items():
        if item != "alle":
            levels[sector, year] += mean
    for (sector, year), mean in levels.items():
        assert mean == pytest.approx(region[sector, "alle", year], abs=0.1), (sector, year)
    assert result.base_date.year == 2025
    counted = [row for row in result.rows if row["measure"] == "leerlingen" and row["count_year"] <= 2025]
    assert {(row["p10"], row["p90"]) == (row["mean"], row["mean"]) for row in counted} == {True}


@pytest.mark.parametrize(("kind", "years"), [("bestuur", [2026, 2027]), ("school", [2027]), ("vestiging", [2027])])
def test_the_change_of_the_need_is_known_with_its_band_down_to_a_location(result, kind, years):
    rows = {measure: {} for measure in ("formatie", "formatieverschil")}
    for row in result.rows:
        if row["scope_kind"] == kind and row["measure"] in rows:
            rows[row["measure"]][row["scope_code"], row["sector"], row["item"], row["count_year"]] = row
    assert sorted({year for *_, year in rows["formatieverschil"]}) == years
    assert {key[:3] for key in rows["formatieverschil"]} == {key[:3] for key in rows["formatie"]}
    for (*whose, year), change in rows["formatieverschil"].items():
        now, then = (rows["formatie"][*whose, of]["mean"] for of in (2025, year))
        assert change["mean"] == pytest.approx(then - now, abs=0.001)
        assert change["p10"] <= change["p50"] <= change["p90"]


def test_the_same_seed_gives_the_same_rows_and_another_seed_does_not(result):
    assert compute().rows == result.rows
    assert compute(seed=6).rows != result.rows


def test_one_municipality_is_the_slice_of_the_region(result):
    """Pupils and candidates of a location are the same bytes, whatever else is asked; staff belongs to one run."""
    town = Municipality.objects.filter(locations__sector="vo").order_by("code").first()
    slices = ("leerlingen", "examenkandidaten")
    of_location = lambda row: row["scope_kind"] == "vestiging" and row["measure"] in slices  # noqa: E731
    own = [row for row in compute(f"gemeente:{town.code}").rows if of_location(row)]
    codes = {row["scope_code"] for row in own}
    whole = [row for row in result.rows if of_location(row) and row["scope_code"] in codes]
    key = lambda row: (row["scope_code"], row["measure"], row["sector"], row["item"], row["count_year"])  # noqa: E731
    assert sorted(own, key=key) == sorted(whole, key=key)
    assert codes


def test_a_national_factor_of_the_user_moves_the_expected_total(result):
    higher = compute(settings={"national_factors": {"2026": 1.03, "2027": 1.03}})
    base, moved = means(result.rows, "regio", "leerlingen"), means(higher.rows, "regio", "leerlingen")
    assert moved["vo", "alle", 2027] / base["vo", "alle", 2027] == pytest.approx(1.03, abs=0.01)
    assert moved["vo", "alle", 2025] == base["vo", "alle", 2025]


def test_a_region_without_locations_or_counts_is_refused(loaded_example):
    with pytest.raises(UnknownRegion):
        compute("rpa:00")
    silent = Region.objects.create(code="stil", name="Stil", created_at=timezone.now())
    school = School.objects.first()
    silent.locations.add(SchoolLocation.objects.create(code="90ZZ99", sector="vo", school=school))
    with pytest.raises(NoFigures):
        compute(silent.key)


def request(region_key=REGION, **changes):
    return actions.request_forecast(region_key=region_key, owner="ada", now=timezone.now(), **{**SMALL, **changes})


def test_the_same_question_is_one_run_and_its_result_is_kept_whole(loaded_example, result):
    run = request()
    assert request().pk == run.pk
    jobs.run(jobs.claim_next(now=timezone.now()))
    run.refresh_from_db()
    assert ForecastValue.objects.filter(run=run).count() == len(result.rows)
    assert (run.base_date, len(run.result_sha256), run.job.state) == (result.base_date, 64, Job.State.DONE)
    assert request().pk == run.pk
    assert request(seed=9).pk != run.pk


def test_a_region_that_changed_is_another_question(loaded_example):
    own = Region.objects.create(code="duin", name="Duin", created_at=timezone.now())
    first, second = SchoolLocation.objects.filter(sector="vo").order_by("code")[:2]
    own.locations.add(first)
    before = request(own.key)
    own.locations.add(second)
    assert request(own.key).pk != before.pk


def test_nothing_is_asked_where_nothing_is_loaded(db):
    ImportBatch.objects.update(superseded_at=timezone.now())
    with pytest.raises(UnknownRegion):
        request("rpa:99")
    Region.objects.create(code="leeg", name="Leeg", created_at=timezone.now())
    with pytest.raises(NothingLoaded):
        request("set:leeg")
    assert not ForecastRun.objects.filter(region_key="set:leeg").exists()


def test_files_that_come_in_while_a_run_computes_end_it(loaded_example):
    run = request()

    def another_file_comes_in(*_):
        batch = ImportBatch.objects.filter(superseded_at=None).earliest("pk")
        ImportBatch.objects.filter(pk=batch.pk).update(sha256="f" * 64)

    with pytest.raises(DataChanged):
        actions.run_forecast(run.job, another_file_comes_in)
    assert not ForecastValue.objects.filter(run=run).exists()


def test_a_run_that_a_dead_worker_had_kept_is_not_computed_again(loaded_example):
    run = request()
    ForecastRun.objects.filter(pk=run.pk).update(finished_at=timezone.now())
    jobs.run(jobs.claim_next(now=timezone.now()))
    assert not ForecastValue.objects.filter(run=run).exists()


def test_a_cancelled_run_keeps_nothing(loaded_example):
    run = request()
    job = jobs.claim_next(now=timezone.now())
    jobs.ask_to_cancel(job.pk, now=timezone.now())
    assert jobs.run(job).state == Job.State.CANCELLED
    assert not ForecastValue.objects.filter(run=run).exists()


def forecast(*arguments):
    out = io.StringIO()
    call_command("forecast", *arguments, "--years", "2", "--draws", "50", stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("what", "columns"),
    [
        ("pupils", ["location", "count_year", "p10", "p50", "mean", "p90"]),
        ("exams", ["location", "type", "school_year", "p10", "p50", "mean", "p90"]),
        ("need", ["location", "position", "count_year", "p10", "p50", "mean", "p90"]),
    ],
)
def test_one_location_on_the_command_line_equals_its_rows_of_all(loaded_example, what, columns):
    everything = list(csv.DictReader(io.StringIO(forecast(what, "--all"))))
    assert list(everything[0]) == columns
    code = everything[0]["location"]
    own = list(csv.DictReader(io.StringIO(forecast(what, "--location", code))))
    assert own == [row for row in everything if row["location"] == code]


def test_boards_on_the_command_line_add_up_to_all(loaded_example):
    boards = json.loads(forecast("pupils", "--all", "--by", "board", "--format", "json"))
    whole = json.loads(forecast("pupils", "--all", "--by", "region", "--format", "json"))
    for row in whole:
        parts = sum(one["mean"] for one in boards if one["count_year"] == row["count_year"])
        assert parts == pytest.approx(row["mean"], abs=0.5)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["pupils", "--region", "rpa:99"], "bestaat hier niet"),
        (["pupils", "--location", "99ZZ99"], "geen tellingen geladen"),
        (["need", "--all", "--format", "xlsx"], "voeg --out"),
        (["need", "--all", "--by", "level"], "kan alleen bij pupils"),
        (["exams", "--all", "--sector", "po"], "alleen in het vo"),
        (["exams", "--board", "99999"], "Voor bestuur 99999"),
    ],
)
def test_a_wrong_question_gets_a_sentence(loaded_example, arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        forecast(*arguments)


def test_years_outside_the_model_are_refused(db):
    with pytest.raises(CommandError, match="tussen 1 en 15"):
        call_command("forecast", "pupils", "--all", "--years", "40")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(["--format", "json"], "voeg --out"), (["--out", "/niet/hier/terugblik.csv"], "kan niet worden geschreven")],
)
def test_a_scorecard_that_cannot_be_written_is_a_sentence(loaded_example, arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("backtest", "exams", *arguments, stdout=io.StringIO(), stderr=io.StringIO())


def test_the_scorecard_is_kept_once_and_names_locations(loaded_example):
    for _ in range(2):
        call_command("backtest", "exams", "--save", stdout=io.StringIO())
    scores = BacktestScore.objects.filter(subject="examenkandidaten")
    assert scores.filter(grain="vestiging", group="alle").exists()
    assert scores.count() == len(set(scores.values_list("grain", "origin", "target", "group", "horizon_years")))
    assert BacktestCell.objects.filter(location__isnull=False).exists()
