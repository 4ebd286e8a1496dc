"""Why two forecasts differ, in steps that add up: this run against an earlier one, and against the prognosis of DUO.

Against an earlier run of the same region (`between_runs`):

1. What went in is compared: settings, seed and draws, need rules, links, files, region, model.
2. Where only one of these differs, the whole difference is its. Nothing needs to be computed again.
3. Where more differ, what can be put back is put back, one at a time, and the run is computed again: settings, then seed
   and draws, then rules. What is left belongs to what cannot be put back (files that were replaced, another model).
4. If that is one thing the rest is its; if it is more the rest stays whole and says so: *niet te splitsen*.
5. With a newer count the rest of the learners is split in the count itself and what is expected to happen after it.

Against DUO (`against_published`): schools that DUO does not know, another count in the last year both know, other growth.
All figures are means; the steps sum to the difference (within rounding). Nothing is saved here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Sum

from regio.regions.models import SchoolLocation
from regio.shared.formatting import number
from regio.workforce.enums import Level, Measure, ScopeKind
from regio.workforce.models import ForecastRun, ForecastValue, PublishedForecast
from regio.workforce.queries import ALL, base_year_of

from .forecast import compute_forecast

Key = tuple[str, str, int]  # sector, measure, year
Means = dict[Key, float]  # the mean of the region
Advance = Callable[[float, float, str], None]
Recompute = Callable[[dict[str, Any]], Means]  # what is put back → means of the newer run with it

MEASURES = (Measure.LEARNERS, Measure.REQUIRED_FTE, Measure.SHORTAGE_FTE)
FILES, LINKS, RULES, REGION = "bestand ", "koppelingen", "regels", "regio"
SETTINGS, CHANCE, MODEL, UNKNOWN, ROUNDING = "instellingen", "startgetal", "model", "onbekend", "afronding"
PUT_BACK = (SETTINGS, CHANCE, RULES)  # in this order, as far as they differ
ONLY_STAFF = (RULES,)  # parts that learners do not rest on
WORDS = {
    SETTINGS: "andere instellingen", CHANCE: "ander startgetal of aantal trekkingen", RULES: "andere regels voor de formatie",
    LINKS: "andere koppelingen tussen oude en nieuwe vestigingen", REGION: "andere vestigingen in de regio",
    MODEL: "een andere versie van het model", UNKNOWN: "iets wat toen niet is bewaard", ROUNDING: "afronden",
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One reason and what it adds to the mean [persons or fte]; `is_whole` is a rest that cannot be split."""

    words: str
    amount: float
    is_whole: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {"woorden": self.words, "bedrag": round(self.amount, 4), "niet_te_splitsen": self.is_whole}


@dataclass(frozen=True)
class Difference:
    """How one figure of a region went from one forecast to another: `before` + all steps = `after`.

    Attributes:
        sector, measure, year: which figure.
        before, after: means.
        steps: reasons, in the order in which they were put back.
        published: publisher and edition, of a difference with a published forecast.
        is_recomputed: input was put back one by one.
    """

    sector: str
    measure: str
    year: int
    before: float
    after: float
    steps: tuple[Step, ...] = field(default_factory=tuple)
    published: str = ""
    is_recomputed: bool = False


# --------------------------------------------------------------------------------------------------- two runs of a region
def between_runs(newer: ForecastRun, older: ForecastRun, *, recompute: Recompute | None = None) -> list[Difference]:
    """Return why the newer run differs from the older one, per sector and measure, for each year both foretell.

    Args:
        newer, older: finished runs of one region.
        recompute: computes the newer run again with some of the older's input, see `PUT_BACK`; None only compares.
    """
    parts = changed_input(newer, older)
    after, before = means_of(newer), means_of(older)
    stages: list[tuple[str, Means]] = []  # what was put back, and the means with it and everything put back before
    if len(parts) > 1 and recompute:
        put_back: dict[str, Any] = {}
        for part in (part for part in PUT_BACK if part in parts):
            put_back |= _old_value(part, older)
            stages.append((part, recompute(put_back)))
    left = [part for part in parts if part not in {name for name, _ in stages}]
    counted = {sector: (base_year_of(older, sector), base_year_of(newer, sector)) for sector, *_ in after}
    return [
        _explained(key, before, [(None, after), *stages], left, counted[key[0]])
        for key in sorted(after.keys() & before.keys())
        if key[2] > max(counted[key[0]])
    ]


def changed_input(newer: ForecastRun, older: ForecastRun) -> list[str]:
    """Return the names of what went into the runs and differs."""
    parts = []
    if newer.settings != older.settings:
        parts.append(SETTINGS)
    if (newer.seed, newer.draws) != (older.seed, older.draws):
        parts.append(CHANCE)
    if newer.data_vintage != older.data_vintage:
        now, then = (run.facts.get("herkomst", {}) for run in (newer, older))
        names = sorted(name for name in now.keys() | then.keys() if now.get(name) != then.get(name))
        parts += names if now and then and names else [UNKNOWN]
    if newer.model_version != older.model_version:
        parts.append(MODEL)
    return parts


def _old_value(part: str, older: ForecastRun) -> dict[str, Any]:
    if part == SETTINGS:
        return {"settings": older.settings}
    return {"seed": older.seed, "draws": older.draws} if part == CHANCE else {"rules_known_at": older.created_at}


def _explained(
    key: Key, before: Means, stages: Sequence[tuple[str | None, Means]], left: Iterable[str], counted: tuple[int, int]
) -> Difference:
    after = stages[0][1]
    steps, value = [], after[key]
    for part, means in stages[1:]:
        without = means.get(key, value)
        if part and value != without:
            steps.append(Step(WORDS[part], value - without))
        value = without
    sector, measure, year = key
    relevant = [part for part in left if measure != Measure.LEARNERS or part not in ONLY_STAFF]
    if measure == Measure.LEARNERS and counted[1] > counted[0]:
        steps += _newer_count(key, before, after, value, in_words(relevant), counted[1], is_whole=len(relevant) > 1)
    elif value != before[key]:
        steps.append(Step(in_words(relevant), value - before[key], len(relevant) > 1))
    return Difference(sector, measure, year, before[key], after[key], tuple(steps), is_recomputed=len(stages) > 1)


def _newer_count(
    key: Key, before: Means, after: Means, value: float, words: str, counted: int, *, is_whole: bool
) -> list[Step]:
    """Return what the newer count itself adds, carried on as the older run expected, and what comes after it."""
    expected, found = (means.get((key[0], key[1], counted), 0.0) for means in (before, after))
    if not expected:
        return [Step(words, value - before[key], is_whole)]
    level = (found - expected) * before[key] / expected
    return [
        Step(f"de telling van {counted}: {number(found)} in plaats van de verwachte {number(expected)}", level),
        Step(f"andere verwachting voor na {counted}, door {words}", value - before[key] - level, is_whole),
    ]


def in_words(parts: Iterable[str]) -> str:
    """Return parts as words for a sentence: files by their kind."""
    parts = list(parts) or [ROUNDING]
    files = [part.removeprefix(FILES) for part in parts if part.startswith(FILES)]
    words = [WORDS[part] for part in parts if not part.startswith(FILES)]
    if files:
        words.insert(0, f"nieuwe of andere bestanden ({', '.join(files)})")
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} en {words[-1]}"


def means_of(run: ForecastRun) -> Means:
    """Return the means of a kept run for the whole region."""
    rows = ForecastValue.objects.filter(run=run, scope_kind=ScopeKind.REGION, item=ALL, measure__in=MEASURES)
    return {(s, m, year): mean for s, m, year, mean in rows.values_list("sector", "measure", "count_year", "mean")}


def means_of_rows(rows: Iterable[Mapping[str, Any]]) -> Means:
    """Return the same of rows that are not kept."""
    return {
        (row["sector"], row["measure"], row["count_year"]): row["mean"]
        for row in rows
        if row["scope_kind"] == ScopeKind.REGION and row["item"] == ALL and row["measure"] in MEASURES
    }


def recomputed(run: ForecastRun, put_back: Mapping[str, Any], *, progress: Advance) -> Means:
    """Return the means of a run computed again with other input; see `PUT_BACK` for what can be other."""
    asked = {
        "region_key": run.region_key, "years": run.years, "draws": run.draws, "seed": run.seed, "settings": run.settings,
    }  # fmt: skip
    result = compute_forecast(**{**asked, **put_back}, progress=progress)
    return means_of_rows(result.rows)


# ----------------------------------------------------------------------------------------------------- against the publisher
def against_published(run: ForecastRun) -> list[Difference]:
    """Return why the run's learners differ from the newest loaded prognosis of somebody else, per sector and year.

    A school counts where all its locations lie in the region. They part at the last year that both counted, or at the
    first year of a prognosis that holds no count:

    - schools without a prognosis: our learners of these;
    - another count: ours minus theirs in that year, grown as they expect;
    - other growth after it: our count times our growth minus theirs.
    """
    differences = []
    for sector in run.facts.get("leerlingen", {}):
        ours, theirs, edition = _school_series(run, sector), *_published(run, sector)
        base = _common_year(theirs, counted=base_year_of(run, sector))
        if base is None:
            continue
        both = [school for school in ours if school in theirs and base in ours[school] and base in theirs[school]]
        for year in sorted({year for school in both for year in theirs[school] if year > base_year_of(run, sector)}):
            found = _from_published(
                sector, year, base, both, ours, theirs, edition, counted_in=base_year_of(run, sector)
            )
            differences += [found] if found else []
    return differences


def _common_year(theirs: Mapping[str, Mapping[int, float]], *, counted: int) -> int | None:
    """Return the last year that both counted; where the edition holds no count the first year that it foretells."""
    years = {year for of_school in theirs.values() for year in of_school}
    return max((year for year in years if year <= counted), default=min(years, default=None))


def _from_published(
    sector: str, year: int, base: int, both: Sequence[str], ours: Mapping[str, Mapping[int, float]],
    theirs: Mapping[str, Mapping[int, float]], edition: str, *, counted_in: int,
) -> Difference | None:  # fmt: skip
    shared = [school for school in both if year in ours[school] and year in theirs[school]]
    if not shared or not any(theirs[school][base] for school in shared):
        return None
    then, now = (sum(theirs[school][at] for school in shared) for at in (year, base))
    counted, expected = (sum(ours[school][at] for school in shared) for at in (base, year))
    alone = sum(series[year] for school, series in ours.items() if school not in shared and year in series)
    level = (counted - now) * then / now
    what = "een andere telling van" if base <= counted_in else "een ander cijfer voor het eerste jaar,"
    steps = [
        Step(f"{what} {base}: {number(counted)} in plaats van {number(now)}", level),
        Step(f"andere groei na {base}", expected - then - level),
        Step("scholen zonder prognose, of ook buiten de regio", alone),
    ]
    kept = tuple(step for step in steps if step.amount)
    return Difference(sector, Measure.LEARNERS, year, then, expected + alone, kept, edition)


def _school_series(run: ForecastRun, sector: str) -> dict[str, dict[int, float]]:
    rows = ForecastValue.objects.filter(
        run=run, scope_kind=ScopeKind.SCHOOL, item=ALL, measure=Measure.LEARNERS, sector=sector
    ).values_list("scope_code", "count_year", "mean")
    series: dict[str, dict[int, float]] = {}
    for school, year, mean in rows:
        series.setdefault(school, {})[year] = mean
    return series


def _published(run: ForecastRun, sector: str) -> tuple[dict[str, dict[int, float]], str]:
    """Return the newest edition per school of which every location is in the region, and its name."""
    here = set(ForecastValue.objects.filter(run=run, scope_kind=ScopeKind.LOCATION, item=ALL, measure=Measure.LEARNERS, sector=sector)
               .values_list("scope_code", flat=True).distinct())  # fmt: skip
    locations = (
        SchoolLocation.objects.filter(sector=sector, learner_counts__isnull=False)
        .values_list("school_id", "code")
        .distinct()
    )
    outside = {school for school, code in locations if code not in here}
    schools = {school for school, code in locations if code in here} - outside
    newest = PublishedForecast.objects.filter(school__in=schools).order_by("-made_on_year", "publisher").first()
    if newest is None:
        return {}, ""
    rows = PublishedForecast.objects.filter(
        school__in=schools, publisher=newest.publisher, made_on_year=newest.made_on_year
    )
    totals = rows.filter(level=Level.ALL)
    used = (
        (totals if totals.exists() else rows).values_list("school_id", "count_year").annotate(learners=Sum("learners"))
    )
    series: dict[str, dict[int, float]] = {}
    for school, year, learners in used.order_by():
        series.setdefault(school, {})[year] = learners
    return series, f"{newest.publisher} {newest.made_on_year}"
