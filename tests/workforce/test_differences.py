"""Why two forecasts differ: reasons that add up, and a plain *niet te splitsen* where they cannot be told apart."""

from datetime import timedelta

import pytest

from regio.regions.models import School
from regio.shared import jobs
from regio.shared.models import Job
from regio.workforce import actions, queries
from regio.workforce.model_runs import MODEL_VERSION
from regio.workforce.model_runs.differences import Difference, against_published, between_runs, changed_input
from regio.workforce.models import ForecastRun, PublishedForecast, RunDifference
from tests.factories import forecasts, regions

pytestmark = pytest.mark.django_db
PARTS = {"bestand leerlingen-vo": "a", "regels": "b", "koppelingen": "c", "regio": "d"}


def run(
    *, start: float = 1000.0, step: float = -10.0, base_year: int = 2026, parts: dict[str, str] | None = None, **changes
) -> ForecastRun:
    """Return a run of RPA area 90 with one line of learners, and need and shortage as shares of it."""
    made = forecasts.run(base_year=base_year)
    at = {"of_run": made, "kind": "regio", "code": "rpa:90"}
    forecasts.line(**at, start=start, step=step)
    for measure, share in (("formatie", 0.06), ("tekort", 0.006)):
        forecasts.line(**at, measure=measure, start=start * share, step=step * share, past=1)
    given = {"facts": {"herkomst": PARTS | (parts or {}), "leerlingen": {"vo": {"base_year": base_year}}}}
    if parts:
        given["data_vintage"] = "1" * 64
    ForecastRun.objects.filter(pk=made.pk).update(**given | changes)
    made.refresh_from_db()
    return made


def found(differences: list[Difference], measure: str, year: int) -> Difference:
    one = next(one for one in differences if (one.measure, one.year) == (measure, year))
    assert one.before + sum(step.amount for step in one.steps) == pytest.approx(one.after)
    return one


def test_one_changed_input_explains_the_whole_difference():
    older, newer = run(), run(start=1100.0, model_version="nieuw")
    one = found(between_runs(newer, older), "leerlingen", 2031)
    assert (one.before, one.after) == (950, 1050)
    assert [(step.words, step.amount, step.is_whole) for step in one.steps] == [
        ("een andere versie van het model", 100, False)
    ]


def test_what_changed_is_named():
    older = run()
    newer = run(
        parts={"bestand leerlingen-vo": "x", "regels": "y"}, seed=8, settings={"national_factors": {"2027": 1.01}}
    )
    assert changed_input(newer, older) == ["instellingen", "startgetal", "bestand leerlingen-vo", "regels"]


def test_two_changes_that_cannot_be_put_back_stay_together():
    older, newer = run(), run(start=1100.0, model_version="nieuw", parts={"koppelingen": "x"})
    (step,) = found(between_runs(newer, older), "formatie", 2030).steps
    assert step.is_whole
    assert step.words == "andere koppelingen tussen oude en nieuwe vestigingen en een andere versie van het model"


def test_what_can_be_put_back_is_put_back_one_by_one():
    older = run()
    newer = run(start=1100.0, model_version="nieuw", seed=8, settings={"national_factors": {"2027": 1.1}})
    asked = []

    def recompute(put_back):
        asked.append(dict(put_back))
        return {("vo", "leerlingen", 2031): 1010.0 if len(asked) == 1 else 1005.0}

    one = found(between_runs(newer, older, recompute=recompute), "leerlingen", 2031)
    assert asked == [{"settings": {}}, {"settings": {}, "seed": 7, "draws": 1000}]
    assert [(step.words, step.amount) for step in one.steps] == [
        ("andere instellingen", 1050 - 1010), ("ander startgetal of aantal trekkingen", 1010 - 1005),
        ("een andere versie van het model", 1005 - 950),
    ]  # fmt: skip
    assert one.is_recomputed


def test_a_newer_count_is_told_apart_from_what_comes_after_it():
    """Said for 2027: 990, counted 1,089 (+10 %). For 2031 was said 950: the count alone makes it 1,045; now 1,049 is said."""
    older, newer = run(), run(start=1089.0, step=-10.0, base_year=2027, parts={"bestand leerlingen-vo": "x"})
    one = found(between_runs(newer, older), "leerlingen", 2031)
    assert [round(step.amount, 6) for step in one.steps] == [95.0, 4.0]
    assert one.steps[0].words == "de telling van 2027: 1.089 in plaats van de verwachte 990"
    assert "leerlingen-vo" in one.steps[1].words


def test_rules_do_not_move_learners():
    older, newer = run(), run(start=1100.0, model_version="nieuw", parts={"regels": "x"})
    differences = between_runs(newer, older)
    assert not found(differences, "leerlingen", 2031).steps[0].is_whole
    assert found(differences, "formatie", 2031).steps[0].is_whole


def test_a_run_from_before_it_was_kept_says_so():
    older, newer = run(), run(start=1100.0, data_vintage="1" * 64)
    ForecastRun.objects.filter(pk=older.pk).update(facts={"leerlingen": {"vo": {"base_year": 2026}}})
    older.refresh_from_db()
    (step,) = found(between_runs(newer, older), "leerlingen", 2031).steps
    assert step.words == "iets wat toen niet is bewaard"


# ------------------------------------------------------------------------------------------------------ a published one
def published(brin: str, learners: dict[int, float], *, edition: int = 2027) -> None:
    School.objects.get_or_create(brin=brin)
    batch = forecasts.batch(len(brin) + PublishedForecast.objects.count() + 10, dataset="prognose-duo")
    for year, number in learners.items():
        PublishedForecast.objects.create(
            publisher="DUO", made_on_year=edition, school_id=brin, level="alle", count_year=year, learners=number,
            is_actual=year < edition, batch=batch,
        )  # fmt: skip


def region_of_two_schools() -> ForecastRun:
    """School A: 1,000 learners, 10 fewer a year; school B: 500, the same always."""
    made = run(start=1500.0)
    for brin, start, step in (("90AA", 1000.0, -10.0), ("90AB", 500.0, 0.0)):
        place = regions.location(0, brin=brin)
        forecasts.line(made, kind="school", code=brin, start=start, step=step)
        forecasts.line(made, kind="vestiging", code=place.code, start=start, step=step)
        place.learner_counts.create(
            level="havo",
            stage_kind="leerjaar",
            stage=1,
            count=1,
            reference_date="2026-10-01",
            batch=forecasts.batch(hash(brin) % 1000),
        )
    return made


def test_a_published_forecast_differs_by_count_by_growth_and_by_schools():
    made = region_of_two_schools()
    published("90AA", {2026: 900.0, 2031: 990.0})  # they counted 900 and expect 10 % more
    (one,) = against_published(made)
    assert (one.published, one.year, one.before, one.after) == ("DUO 2027", 2031, 990, 950 + 500)
    assert [(step.words, round(step.amount, 6)) for step in one.steps] == [
        ("een andere telling van 2026: 1.000 in plaats van 900", 110.0),
        ("andere groei na 2026", 950 - 990 - 110.0),
        ("scholen zonder prognose, of ook buiten de regio", 500.0),
    ]


def test_a_prognosis_without_a_count_of_its_own_is_compared_from_its_first_year():
    made = region_of_two_schools()
    for brin, first, later in (("90AA", 1089.0, 1100.0), ("90AB", 500.0, 500.0)):
        published(brin, {2027: first, 2031: later})
    one = next(one for one in against_published(made) if one.year == 2031)
    assert (one.before, one.after) == (1600, 950 + 500)
    assert one.steps[0].words == "een ander cijfer voor het eerste jaar, 2027: 1.490 in plaats van 1.589"
    assert one.before + sum(step.amount for step in one.steps) == pytest.approx(one.after)
    assert one.steps[0].amount == pytest.approx((1490 - 1589) * 1600 / 1589)


def test_without_a_published_forecast_there_is_nothing_to_explain():
    assert against_published(region_of_two_schools()) == []


# ------------------------------------------------------------------------------------------------------------ what is kept
def test_differences_are_kept_once_and_read_with_the_run():
    older, newer = run(), run(start=1100.0, model_version="nieuw")
    for _ in range(2):
        actions.compare_with_others(newer)
    kept = queries.differences_of(newer)
    assert {row.against_id for row in kept} == {older.pk}
    assert len(kept) == len({(row.measure, row.count_year) for row in kept})
    assert all(
        row.before + sum(step["bedrag"] for step in row.steps) == pytest.approx(row.after, abs=0.01) for row in kept
    )
    assert not any(row.is_recomputed for row in kept)


def test_a_new_difference_changes_the_stamp_of_the_pages():
    run()
    newer, before = run(start=1100.0, model_version="nieuw"), queries.forecast_stamp()
    actions.compare_with_others(newer)
    assert RunDifference.objects.exists()
    assert queries.forecast_stamp() != before


def test_a_run_of_another_model_is_compared_and_not_computed_again(frozen_clock):
    older, newer = run(), run(start=1100.0, model_version="oud", seed=8)
    assert newer.model_version != MODEL_VERSION
    job = actions.request_explanation(newer, older, owner="ada", now=frozen_clock.now)
    assert jobs.run(jobs.claim(job.pk, now=frozen_clock.now + timedelta(seconds=1))).state == Job.State.DONE
    assert not any(row.is_recomputed for row in queries.differences_of(newer))
