"""A published forecast of pupils (the DUO prognosis of vo) beside ours: past editions, weights, and the plan that follows it.

Past editions are held against what was counted since, beside what we would have expected from the same counts; that earns
the weights of `regio_engine.pupils.ensemble`. Without a past edition a published forecast counts for its prior weight, which
is nought. A user may set the weight. Whatever happens is said in words among the facts of the run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from django.db.models import Sum
from numpy.typing import NDArray

from regio.shared.formatting import share
from regio.workforce.enums import Level
from regio.workforce.models import PublishedForecast
from regio_engine.parameters import loader
from regio_engine.pupils.ensemble import (
    EnsembleSettings,
    PastForecasts,
    Weights,
    equal_weights,
    school_factors,
    weights_at,
    weights_by_skill,
)
from regio_engine.pupils.plan import FlowPlan, expected_course
from regio_engine.pupils.vo import vo_plan

from . import pupil_inputs as inputs
from .pupil_inputs import Place
from .pupil_plans import vo_known, vo_settings

Floats = NDArray[np.float64]
PerSchool = Mapping[str, float]

PARAMETERS = "ensemble.yaml"
NONE_LOADED = "Er is geen prognose van een ander geladen: dit is alleen onze eigen raming."


@dataclass(frozen=True)
class Edition:
    """One edition of a published forecast: pupils per count year and school (BRIN), and the counts that it holds itself."""

    publisher: str
    first_year: int
    said: Mapping[int, PerSchool]
    counted: Mapping[int, PerSchool]

    @property
    def origin(self) -> int:
        """The count it was made on."""
        return self.first_year - 1

    def of(self, year: int, schools: Sequence[str], our_count: PerSchool) -> Floats:
        """Return what it says of these schools, nan where nothing [persons].

        Publishers count by rules of their own: where the edition holds the count it was made on, its growth is taken on
        our count of that year.
        """
        said, counted = self.said.get(year, {}), self.counted.get(self.origin, {})
        ours = [our_count.get(school, 0.0) / counted[school] if counted.get(school) else 1.0 for school in schools]
        theirs = [said.get(school, np.nan) for school in schools]
        return np.array(theirs, np.float64) * np.where(np.array(ours) > 0, ours, 1.0)


@cache
def settings() -> EnsembleSettings:
    """Return the committed choices of `ensemble.yaml`."""
    text = resources.files("regio_engine.parameters").joinpath(PARAMETERS).read_text(encoding="utf-8")
    tree = loader.parse(text)
    return EnsembleSettings(**{one.name: loader.number(tree, one.name) for one in fields(EnsembleSettings)})


def editions() -> list[Edition]:
    """Return all loaded editions, oldest first; a total where the publisher gives one, else the sum of its levels."""
    rows = (
        PublishedForecast.objects.filter(school__isnull=False)
        .order_by()
        .values_list("publisher", "made_on_year", "is_actual", "count_year", "school_id", "level")
        .annotate(learners=Sum("learners"))
    )
    found: dict[tuple[str, int], dict[bool, dict[int, dict[str, float]]]] = {}
    totals = {row[:-2] for row in rows if row[-2] == Level.ALL}
    for publisher, first_year, is_actual, year, school, level, learners in rows:
        if level == Level.ALL or (publisher, first_year, is_actual, year, school) not in totals:
            own = found.setdefault((publisher, first_year), {}).setdefault(is_actual, {}).setdefault(year, {})
            own[school] = own.get(school, 0.0) + float(learners)
    return [
        Edition(publisher, first_year, per_kind.get(False, {}), per_kind.get(True, {}))
        for (publisher, first_year), per_kind in sorted(found.items(), key=lambda item: item[0][::-1])
    ]


def count_per_school() -> dict[int, dict[str, float]]:
    """Return the vo pupils per count year and school [persons]."""
    per_year = inputs.vo_counts()
    places = inputs.places({row[0] for rows in per_year.values() for row in rows})
    found: dict[int, dict[str, float]] = {}
    for year, rows in per_year.items():
        own = found.setdefault(year, {})
        for code, _level, _stage, persons in rows:
            own[places[code].school] = own.get(places[code].school, 0.0) + persons
    return found


def expected_per_school(plan: FlowPlan, places: Mapping[str, Place]) -> tuple[list[str], Floats]:
    """Return the schools and what the plan expects of each, (schools, years) [persons]."""
    of_location = [places[code].school for code in plan.codes]
    schools = sorted(set(of_location))
    number = {school: n for n, school in enumerate(schools)}
    row = np.array([number[school] for school in of_location])[plan.cells.location]
    sums = np.zeros((len(schools), plan.years))
    np.add.at(sums, row, expected_course(plan))
    return schools, sums


def past_forecasts(editions: Sequence[Edition], counted: Mapping[int, PerSchool]) -> dict[int, list[PastForecasts]]:
    """Return per horizon what each edition and we said from the same counts, beside what was counted."""
    found: dict[int, list[PastForecasts]] = {}
    for edition in editions:
        ahead = [year - edition.origin for year in edition.said if year in counted and year >= edition.first_year]
        if edition.origin not in counted or not ahead:
            continue
        known, places = vo_known(max(ahead), until=edition.origin)
        schools, ours = expected_per_school(vo_plan(known, vo_settings()), places)
        for horizon in sorted(ahead):
            year = edition.origin + horizon
            found.setdefault(horizon, []).append(
                PastForecasts(
                    ours=ours[:, horizon - 1],
                    theirs=edition.of(year, schools, counted[edition.origin]),
                    truth=np.array([counted[year].get(school, 0.0) for school in schools]),
                )
            )
    return found


def follow_published(
    plan: FlowPlan, *, places: Mapping[str, Place], base_year: int, weight: float | None
) -> tuple[FlowPlan, dict[str, Any]]:
    """Return the plan that follows the edition made on the newest count as far as it earned, and what to say of it.

    Args:
        plan: of vo.
        places: what is known of each location.
        base_year: year of the newest count.
        weight: set by the user [0-1]; None goes by past skill.

    Raises:
        ImplausibleInput: the weight lies outside 0-1.
    """
    by_user = None if weight is None else equal_weights(weight)
    loaded = editions()
    newest = next((one for one in reversed(loaded) if one.origin == base_year), None)
    if newest is None:
        return plan, {"used": False, "words": _other_count(loaded[-1], base_year) if loaded else NONE_LOADED}
    counted = count_per_school()
    earned = {} if by_user else {h: weights_by_skill(p, settings()) for h, p in past_forecasts(loaded, counted).items()}
    weights = [by_user or weights_at(earned, horizon, settings()) for horizon in range(1, plan.years + 1)]
    schools, ours = expected_per_school(plan, places)
    factors = np.column_stack([
        school_factors(ours[:, y], newest.of(base_year + 1 + y, schools, counted[base_year]), weights[y], settings())
        for y in range(plan.years)
    ])  # fmt: skip
    row = {school: number for number, school in enumerate(schools)}
    of_location = factors[[row[places[code].school] for code in plan.codes]]
    facts = _facts(newest, weights, is_set=by_user is not None, is_tested=bool(earned))
    return replace(plan, factor=plan.factor * of_location), facts


def _other_count(edition: Edition, base_year: int) -> str:
    return (
        f"De nieuwste prognose van {edition.publisher} gaat uit van de telling van {edition.origin}, wij van die van {base_year}."
        " Zij telt daarom niet mee."
    )


def _facts(edition: Edition, weights: Sequence[Weights], *, is_set: bool, is_tested: bool) -> dict[str, Any]:
    used = any(one.nation > 0 or one.school > 0 for one in weights)
    return {
        "used": used,
        "publisher": edition.publisher,
        "first_year": edition.first_year,
        "weights": [
            {"nation": round(one.nation, 4), "school": round(one.school, 4), "editions": one.editions}
            for one in weights
        ],
        "words": _words(edition.publisher, weights, is_set=is_set, is_tested=is_tested),
    }


def _words(publisher: str, weights: Sequence[Weights], *, is_set: bool, is_tested: bool) -> str:
    first, last = weights[0], weights[-1]
    start = f"De prognose van {publisher} "
    if is_set and first.nation == 0:
        return start + "is geladen, maar u hebt haar gewicht op nul gezet. Zij telt niet mee."
    if is_set:
        return start + f"telt voor {share(first.nation, 0)} mee. Dat gewicht hebt u zelf gekozen."
    if not is_tested:
        return start + "is geladen, maar er is geen eerdere editie om haar aan te toetsen. Zij telt niet mee (aanname)."
    if all(one.nation == 0 and one.school == 0 for one in weights):
        return start + "is getoetst aan eerdere edities. Zij voegde niets toe aan onze raming en telt niet mee."
    return start + (
        f"telt mee naar wat eerdere edities waard bleken: voor het totaal {_from_to(first.nation, last.nation)},"
        f" voor het verschil tussen scholen {_from_to(first.school, last.school)}."
    )


def _from_to(first: float, last: float) -> str:
    if round(first, 2) == round(last, 2):
        return share(first, 0) if round(first, 2) else "niet"
    return f"{share(first, 0)} in het eerste en {share(last, 0)} in het laatste jaar"
