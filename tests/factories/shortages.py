"""Staff and shortage beside `forecasts.full_scope`, with figures that can be checked by hand.

For a scope of 60 fte need that falls 0.6 a year, in the base year and then per year [fte]: in service 56 − 1.0, of whom
qualified 50 − 1.0; open 2.0 + 0.2; hidden 4.0 + 0.3 (of which cancelled 2.5 + 0.2); surplus 0.5. So need + surplus =
in service + cancelled + open (60.5 = 56 + 2.5 + 2.0), and the shortage is 6.0 + 0.5 a year.
"""

from regio.workforce.models import ForecastFlow, ForecastRun, ForecastSpread, StaffAgeGroup

from . import forecasts

LEVELS = {  # measure: base year, step a year, half of the band per year ahead [fte]
    "bezetting": (56.0, -1.0, 0.4), "bevoegd": (50.0, -1.0, 0.4), "tekort": (6.0, 0.5, 0.5), "onvervuld": (2.0, 0.2, 0.3),
    "verborgen": (4.0, 0.3, 0.3), "overschot": (0.5, 0.0, 0.0),
}  # fmt: skip
FLOWS = {  # fte a year; together −1.0
    "pensioen": -2.4, "ander_werk": -1.5, "arbeidsongeschikt": -0.2, "regio_uit": -0.6, "binnen_regio": 0.0, "uren": 0.1,
    "ander_vak": 0.0, "afgestudeerd": 1.8, "zij_instroom": 0.6, "reserve": 0.5, "hybride": 0.1, "regio_in": 0.4,
    "onbevoegd": 0.2,
}  # fmt: skip
NEED_FLOWS = {"leerlingen": -0.6, "regel": 0.0}
AGES = {(18, 24): (4, 0), (25, 34): (20, -1), (35, 44): (18, 0), (45, 54): (16, 1), (55, 59): (8, 0), (60, 64): (7, -1), (65, 75): (1, 0)}  # fmt: skip
ITEMS = {"alle": 1.0, "vak:wiskunde": 0.5, "vak:duits": 0.3, "vak:frans": 0.2}
SYNTHETIC, OWN = "openbaar", "eigen"


def staff(
    of_run: ForecastRun, *, kind: str, code: str, size: float = 1.0, items: dict[str, float] | None = None
) -> None:
    """Store staff, shortage, flows, ages and spread of one scope; `size` 1 is a need of 60 fte."""
    for item, share in (ITEMS if items is None else items).items():
        for measure, (start, step, spread) in LEVELS.items():
            part = size * share
            forecasts.line(of_run, kind=kind, code=code, item=item, measure=measure, start=part * start, step=part * step, spread=part * spread, past=1)  # fmt: skip
        _flows(of_run, kind, code, item, size * share)
        _spread(of_run, kind, code, item, size * share)
    _ages(of_run, kind, code, size)


def _years(of_run: ForecastRun) -> range:
    return range(of_run.base_date.year, of_run.base_date.year + of_run.years + 1)


def _flows(of_run: ForecastRun, kind: str, code: str, item: str, part: float) -> None:
    ForecastFlow.objects.bulk_create(
        ForecastFlow(run=of_run, scope_kind=kind, scope_code=code, sector="vo", item=item, flow=flow, count_year=year, mean_fte=part * fte)
        for flow, fte in (FLOWS | NEED_FLOWS).items()
        for year in _years(of_run)[1:]
    )  # fmt: skip


def _spread(of_run: ForecastRun, kind: str, code: str, item: str, part: float) -> None:
    """Every year evenly from 4 below to 4 above the expected shortage."""
    ForecastSpread.objects.bulk_create(
        ForecastSpread(run=of_run, scope_kind=kind, scope_code=code, sector="vo", item=item, measure="tekort", count_year=year,
                       quantiles=[part * (6 + 0.5 * ahead - 4 + 0.4 * step) for step in range(21)])
        for ahead, year in enumerate(_years(of_run))
    )  # fmt: skip


def _ages(of_run: ForecastRun, kind: str, code: str, size: float) -> None:
    StaffAgeGroup.objects.bulk_create(
        StaffAgeGroup(run=of_run, scope_kind=kind, scope_code=code, sector="vo", youngest=low, oldest=high, count_year=year,
                      mean_persons=size * (start + step * ahead))
        for (low, high), (start, step) in AGES.items()
        for ahead, year in enumerate(_years(of_run))
    )  # fmt: skip


def region_with_staff(origin: str = OWN, **changes: int) -> ForecastRun:
    """Return the run of RPA area 90 with staff of its one board: own, or made again from public tables."""
    made = forecasts.region_with_forecast(**changes)
    made.facts = {"bezetting": {"vo": {"besturen": {"90001": origin}, "peildatum": "2026-10-01"}}}
    made.save()
    for kind, code in (("regio", "rpa:90"), ("bestuur", "90001"), ("school", "90AA")):
        staff(made, kind=kind, code=code)
    if origin == OWN:
        for code in ("90AA00", "90AA01"):
            staff(made, kind="vestiging", code=code, size=0.5)
    return made
