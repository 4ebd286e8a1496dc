"""What changes in the workforce app: asking for a forecast, keeping its result, and computing a kept one again."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings as installation
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.crypto import salted_hmac

from regio.audit.actions import record
from regio.regions.errors import UnknownRegion
from regio.regions.models import LocationLink, SchoolLocation
from regio.regions.queries import locations_in, region_by_key
from regio.shared import jobs
from regio.shared.models import ImportBatch, Job

from .errors import CannotRepeat, DataChanged, NothingLoaded
from .model_runs import MODEL_VERSION
from .models import (
    BacktestCell,
    BacktestScore,
    DemandRule,
    ForecastFlow,
    ForecastRun,
    ForecastSpread,
    ForecastValue,
    RunDifference,
    StaffAgeGroup,
    StaffMember,
)
from .queries import FEWEST_YEARS, file_family, newest_count_date

if TYPE_CHECKING:
    from .model_runs.differences import Difference
    from .model_runs.rows import ForecastResult
    from .model_runs.scorecard import ScorecardLine

FORECAST_JOB = "prognose"
SCORE_JOB = "terugblik"
EXPLANATION_JOB = "verschil"
DEFAULT_YEARS, MOST_YEARS = 5, 15
YEARS_FROM_TODAY = 5  # what people ask for: how is it five years from now
DEFAULT_DRAWS = 1000
DEFAULT_SEED = 20260801
FILE_PART = "bestand "


def data_vintage(region_key: str = "") -> str:
    """Return a hash that changes whenever other files, code links or rules are in force, or the region is other."""
    return _hash_of(data_parts(region_key))


def data_parts(region_key: str = "") -> dict[str, str]:
    """Return what a forecast rests on, a hash per part: files per kind ("bestand …"), links, rules and the region."""
    files: dict[str, list[tuple[str, list[str]]]] = {}
    batches = ImportBatch.objects.filter(superseded_at=None).order_by("dataset", "sha256")
    for dataset, sha256, periods in batches.values_list(
        "dataset", "sha256", "periods"
    ):  # a newer file takes periods over
        files.setdefault(file_family(dataset), []).append((sha256, sorted(periods)))
    links = LocationLink.objects.order_by("pk").values_list("old__code", "new__code", "kind", "since", "share")
    rules = DemandRule.objects.order_by("pk").values_list("pk", "created_at")
    codes = locations_in(region_key).order_by("code").values_list("code", "board_id", "school_id")
    parts = {"koppelingen": list(links), "regels": list(rules), "regio": list(codes)}
    named = {f"{FILE_PART}{family}": hashes for family, hashes in files.items()}
    return {name: _hash_of(part)[:16] for name, part in (named | parts).items()}


def _hash_of(part: Any) -> str:
    return hashlib.sha256(json.dumps(part, default=str).encode()).hexdigest()


def default_years(newest_count: date | None, today: date) -> int:
    """Return how far a forecast reaches when nobody says: five years from today, counted from the newest count."""
    since = today.year - newest_count.year if newest_count else 0
    return min(since + YEARS_FROM_TODAY, MOST_YEARS)


def request_forecast(
    *,
    region_key: str,
    owner: str,
    now: datetime,
    years: int | None = None,
    draws: int = DEFAULT_DRAWS,
    seed: int | None = None,
    settings: dict[str, Any] | None = None,
) -> ForecastRun:
    """Ask for a forecast of one region; the same question on the same data gives the run that is already there.

    Without a number of years it reaches five years from today; without a seed it has that of the region (`seed_of`).

    Raises:
        UnknownRegion: the key names no region.
        NothingLoaded: no counts are loaded at all.
        TooManyJobs: this owner has too many open jobs.
    """
    region = region_by_key(region_key)
    if region is None:
        raise UnknownRegion(region_key)
    if not ImportBatch.objects.filter(superseded_at=None).exists():
        raise NothingLoaded
    if years is None:
        years = default_years(newest_count_date(), timezone.localdate(now))
    identity = {
        "region_key": region_key, "years": years, "draws": draws, "settings": settings or {},
        "seed": seed_of(region_key) if seed is None else seed,
        "model_version": MODEL_VERSION, "data_vintage": data_vintage(region_key),
    }  # fmt: skip
    with transaction.atomic():
        jobs.hold_queue()
        same = ForecastRun.objects.filter(**identity).select_related("job").order_by("-pk").first()
        if same and (same.finished_at or (same.job and same.job.state in jobs.OPEN_STATES)):
            return same
        run = ForecastRun.objects.create(created_at=now, **identity)
        run.job = jobs.enqueue(
            kind=FORECAST_JOB, label=f"Prognose voor {region.name}", arguments={"run": run.pk}, owner=owner, now=now
        )
        run.save(update_fields=["job"])
        record("workforce.forecast_asked", subject=f"prognose:{run.pk}", heading=f"Prognose gevraagd voor {region.name}", now=now, region=region_key)  # fmt: skip
    return run


def seed_of(region_key: str) -> int:
    """Return the seed of forecasts of a region: the same for all, but a secret of the installation where own files are loaded.

    With open code and a public seed a guess at somebody's file could be computed again and held against what one sees.
    """
    own = StaffMember.objects.filter(location__in=locations_in(region_key).values("pk"))
    if installation.OPEN or not own.exists():
        return DEFAULT_SEED
    return int.from_bytes(salted_hmac("regio.workforce.seed", region_key, algorithm="sha256").digest()[:8], "big") >> 1


def run_forecast(job: Job, progress: jobs.Progress) -> str:
    """Compute the run of this job and keep it, all at once or not at all. Return where its page is.

    Raises:
        DataChanged: other files were loaded while it computed, so the figures may be of both.
    """
    run = ForecastRun.objects.get(pk=job.arguments["run"])
    path = page_of(run)
    if run.finished_at:  # by a worker that died between keeping the result and saying so
        compare_with_others(run)
        return path
    parts = data_parts(run.region_key)
    run.data_vintage, run.model_version = _hash_of(parts), MODEL_VERSION  # these may be newer than when it was asked
    result = _compute(run, progress)
    if data_vintage(run.region_key) != run.data_vintage:
        raise DataChanged
    result.facts["herkomst"] = parts
    keep_result(run, result)
    compare_with_others(run)
    return path


def _compute(run: ForecastRun, progress: Callable[[float, float, str], None]) -> "ForecastResult":
    from .model_runs.forecast import compute_forecast  # numeric packages load in the worker only

    return compute_forecast(
        region_key=run.region_key, years=run.years, draws=run.draws, seed=run.seed, settings=run.settings,
        progress=progress,
    )  # fmt: skip


def repeat_forecast(run: ForecastRun, progress: Callable[[float, float, str], None]) -> bool:
    """Compute a kept run again and return whether every byte is the same; nothing is kept.

    Raises:
        CannotRepeat: it never ended, or the model or the data it was made with are no longer here.
    """
    if not run.finished_at:
        raise CannotRepeat.unfinished(run.pk)
    if run.model_version != MODEL_VERSION:
        raise CannotRepeat.other_model(run.pk, then=run.model_version, now=MODEL_VERSION)
    parts = data_parts(run.region_key)
    if run.data_vintage != _hash_of(parts):
        raise CannotRepeat.other_data(run.pk, changed_parts(run.facts.get("herkomst", {}), parts))
    return _compute(run, progress).sha256() == run.result_sha256


def changed_parts(then: dict[str, str], now: dict[str, str]) -> list[str]:
    """Return the names of the parts that differ; an empty list where it was not kept what a run rested on."""
    return sorted(name for name in then.keys() | now.keys() if then and then.get(name) != now.get(name))


def page_of(run: ForecastRun) -> str:
    """Return the address that opens with this run; a short one does not open by itself."""
    return f"/regio/{run.region_key}/" + (f"?prognose={run.pk}" if run.years < FEWEST_YEARS else "")


def keep_result(run: ForecastRun, result: "ForecastResult") -> None:
    """Store what a run found and its hash, all at once or not at all."""
    from .model_runs.rows import with_json  # with bulk: ten times faster than one object per value

    tables = {
        ForecastValue: result.rows, ForecastFlow: result.flows, StaffAgeGroup: result.ages,
        ForecastSpread: with_json(result.spreads, "quantiles"),
    }  # fmt: skip
    with transaction.atomic():
        ForecastRun.objects.select_for_update().get(pk=run.pk)  # two workers with one job must not both insert
        for model, rows in tables.items():
            model._default_manager.filter(run=run).delete()
            _insert(model, rows, run)
        run.base_date, run.facts = result.base_date, result.facts
        run.result_sha256 = result.sha256()
        run.finished_at = timezone.now()
        run.save()


def _insert(model: type[Model], rows: list[dict[str, Any]], run: ForecastRun) -> None:
    import polars as pl

    from regio.shared.bulk import insert_frame

    if rows:
        insert_frame(model, pl.DataFrame(rows, infer_schema_length=None).with_columns(run_id=pl.lit(run.pk)))


def compare_with_others(run: ForecastRun) -> None:
    """Keep why a finished run differs from the one before it, as far as comparing tells, and from a published forecast."""
    from .model_runs.differences import against_published, between_runs

    earlier = ForecastRun.objects.filter(region_key=run.region_key, finished_at__isnull=False, pk__lt=run.pk)
    older = earlier.order_by("-pk").first()
    if older:
        keep_differences(run, older, between_runs(run, older))
    keep_differences(run, None, against_published(run))


def request_explanation(run: ForecastRun, older: ForecastRun, *, owner: str, now: datetime) -> Job:
    """Ask to put the older run's input back one by one and compute again, to say what each of them changed.

    Raises:
        TooManyJobs: this owner has too many open jobs.
    """
    label = f"Verschil tussen prognose {older.pk} en {run.pk}"
    arguments = {"run": run.pk, "against": older.pk}
    with transaction.atomic():
        record(
            "workforce.explanation_asked", subject=f"prognose:{run.pk}", heading=label, now=now, region=run.region_key
        )
        return jobs.enqueue(kind=EXPLANATION_JOB, label=label, arguments=arguments, owner=owner, now=now)


def explain_difference(job: Job, progress: jobs.Progress) -> str:
    """Compute what each changed input did and keep it. Return where the run's page is."""
    from .model_runs.differences import PUT_BACK, between_runs, recomputed

    run, older = (ForecastRun.objects.get(pk=job.arguments[name]) for name in ("run", "against"))
    is_repeatable = run.model_version == MODEL_VERSION and run.data_vintage == data_vintage(run.region_key)
    done = iter(range(len(PUT_BACK)))

    def recompute(put_back: dict[str, Any]) -> Any:
        number = next(done)
        return recomputed(
            run, put_back, progress=lambda share, total, text: progress(number + share / total, len(PUT_BACK), text)
        )

    keep_differences(run, older, between_runs(run, older, recompute=recompute if is_repeatable else None))
    return page_of(run)


def keep_differences(run: ForecastRun, older: ForecastRun | None, differences: "list[Difference]") -> None:
    """Replace what is kept about the difference of two runs, or of a run with published forecasts."""
    rows = [
        RunDifference(
            run=run, against=older, published=one.published, sector=one.sector, measure=one.measure, count_year=one.year,
            before=one.before, after=one.after, steps=[step.as_json() for step in one.steps], is_recomputed=one.is_recomputed,
        )
        for one in differences
    ]  # fmt: skip
    with transaction.atomic():
        RunDifference.objects.filter(run=run, against=older).delete()
        RunDifference.objects.bulk_create(rows)


def request_scorecard(*, owner: str, now: datetime) -> Job:
    """Ask to score the forecasts on everything that is loaded; asked twice on the same data it is one job.

    Raises:
        NothingLoaded: no counts are loaded at all.
        TooManyJobs: this owner has too many open jobs.
    """
    if not ImportBatch.objects.filter(superseded_at=None).exists():
        raise NothingLoaded
    arguments = {"data_vintage": data_vintage()}
    with transaction.atomic():
        record(
            "workforce.scorecard_asked",
            subject="terugblik:alle",
            heading="Gevraagd de terugblik na te rekenen",
            now=now,
        )
        return jobs.enqueue(kind=SCORE_JOB, label="Terugblik narekenen", arguments=arguments, owner=owner, now=now)


def score_forecasts(job: Job, progress: jobs.Progress) -> str:
    """Score the forecasts on everything that is loaded and keep the scorecard. Return where its page is."""
    from .model_runs.scorecard import scorecard

    lines = []
    for number, what in enumerate(("exams", "pupils")):
        lines += scorecard(what, progress=_one_of_two(number, progress))
    keep_scorecard(lines, now=timezone.now())
    return "/terugblik/"


def _one_of_two(number: int, progress: jobs.Progress) -> Callable[[float, str], None]:
    return lambda share, text: progress(number + share, 2, text)


def keep_scorecard(lines: "list[ScorecardLine]", *, now: datetime) -> None:
    """Replace the scorecard of the subjects in these lines on today's data; cells keep their location where known."""
    vintage = data_vintage()
    places = dict(SchoolLocation.objects.values_list("code", "pk"))
    with transaction.atomic():
        BacktestScore.objects.filter(subject__in={line.subject for line in lines}).delete()
        for line in lines:
            score = BacktestScore.objects.create(
                **line.row(), model_version=MODEL_VERSION, data_vintage=vintage, created_at=now
            )
            BacktestCell.objects.bulk_create(
                BacktestCell(score=score, location_id=places.get(miss.scope_code), **asdict(miss))
                for miss in line.misses
            )
