"""A kept run computed again: the same bytes, or a sentence that says what is no longer here."""

import io
import re
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from regio.regions.models import LocationLink
from regio.shared.models import ImportBatch
from regio.workforce import actions
from regio.workforce.model_runs import MODEL_VERSION
from regio.workforce.model_runs.forecast import compute_forecast
from regio.workforce.model_runs.rows import ForecastResult
from regio.workforce.models import ForecastFlow, ForecastRun, ForecastSpread, ForecastValue, StaffAgeGroup
from tests.factories import forecasts

pytestmark = pytest.mark.django_db


SMALL = {"region_key": "rpa:91", "years": 2, "draws": 50, "seed": 5}


@pytest.fixture(scope="module")
def result(loaded_example, django_db_blocker) -> ForecastResult:
    """Return what a small run finds."""
    with django_db_blocker.unblock():
        return compute_forecast(**SMALL, settings={}, progress=lambda *_: None)


@pytest.fixture
def kept(result) -> ForecastRun:
    """Return the small run as a worker keeps it."""
    parts = actions.data_parts("rpa:91")
    run = ForecastRun.objects.create(
        **SMALL, model_version=MODEL_VERSION, data_vintage=actions.data_vintage("rpa:91"), created_at=timezone.now()
    )
    actions.keep_result(run, replace(result, facts=result.facts | {"herkomst": parts}))
    return run


def repeat(run: int) -> str:
    out = io.StringIO()
    call_command("repeat", str(run), stdout=out)
    return out.getvalue()


def test_a_kept_run_gives_the_same_bytes(kept):
    assert "op de byte af dezelfde uitkomst" in repeat(kept.pk)
    assert ForecastRun.objects.count() == 1  # nothing is kept


def test_a_run_that_gives_something_else_is_an_error(kept):
    ForecastRun.objects.filter(pk=kept.pk).update(result_sha256="0" * 64)
    with pytest.raises(CommandError, match="geeft nu een andere uitkomst"):
        repeat(kept.pk)


def test_changed_files_and_links_are_named(kept):
    newest = ImportBatch.objects.filter(dataset="leerlingen-vo", superseded_at=None).latest("reference_date")
    ImportBatch.objects.filter(pk=newest.pk).update(sha256="f" * 64)
    LocationLink.objects.all().delete()
    with pytest.raises(CommandError, match=re.escape("(bestand leerlingen-vo, koppelingen)")):
        repeat(kept.pk)


def test_another_model_is_named(kept):
    ForecastRun.objects.filter(pk=kept.pk).update(model_version="0.0-oud")
    with pytest.raises(CommandError, match=r"model 0\.0-oud"):
        repeat(kept.pk)


def test_a_run_that_is_not_there_or_never_ended_is_a_sentence(db):
    with pytest.raises(CommandError, match="geen prognose 4711"):
        repeat(4711)
    with pytest.raises(CommandError, match="niet afgerond"):
        repeat(forecasts.run(is_finished=False).pk)


# ------------------------------------------------------------------------------------------- what a run keeps of staff
def of_staff(change: float = 0.0) -> ForecastResult:
    """Return a result with one row in every table."""
    scope = {"scope_kind": "bestuur", "scope_code": "90001", "sector": "vo", "count_year": 2027}
    return ForecastResult(
        rows=[{**scope, "measure": "tekort", "item": "alle", "mean": 2.0, "p10": 1.0, "p50": 2.0, "p90": 3.0}],
        flows=[{**scope, "item": "alle", "flow": "pensioen", "mean_fte": -3.5 + change}],
        ages=[{**scope, "youngest": 25, "oldest": 29, "mean_persons": 4.25}],
        spreads=[{**scope, "item": "alle", "measure": "tekort", "quantiles": [0.5 * step for step in range(21)]}],
        facts={"bezetting": {}},
    )


def test_every_table_of_a_run_is_kept_together(db):
    run = forecasts.run()
    actions.keep_result(run, of_staff())
    assert ForecastValue.objects.get(run=run).mean == 2.0
    assert ForecastFlow.objects.get(run=run).mean_fte == -3.5
    assert StaffAgeGroup.objects.get(run=run).mean_persons == 4.25
    assert ForecastSpread.objects.get(run=run).quantiles[20] == 10.0
    actions.keep_result(run, of_staff())  # a second worker replaces, it does not add
    assert ForecastSpread.objects.filter(run=run).count() == 1


def test_the_hash_knows_every_table():
    assert of_staff().sha256() == of_staff().sha256()
    assert of_staff().sha256() != of_staff(change=1e-9).sha256()
