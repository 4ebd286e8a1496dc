"""A finished run with a line of learners and need per scope: counts fall by a fixed step, bands widen by a fixed step."""

from datetime import UTC, date, datetime

from regio.regions.models import Area
from regio.shared.models import ImportBatch
from regio.workforce.models import BacktestCell, BacktestScore, ForecastRun, ForecastValue, Position

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
BASE_YEAR = 2026


def batch(number: int = 1, **changes: object) -> ImportBatch:
    """Return one accepted file."""
    given = {
        "dataset": "leerlingen-vo", "dataset_label": "Leerlingen vo per vestiging", "file_name": f"leerlingen-{number}.csv",
        "sha256": f"{number:064x}", "size_bytes": 1234, "publisher": "DUO", "licence": "CC-BY 4.0",
        "reference_date": date(BASE_YEAR, 10, 1), "rows_read": 4321, "loaded_at": NOW,
    }  # fmt: skip
    return ImportBatch.objects.create(**given | changes)


def run(
    region_key: str = "rpa:90", *, base_year: int = BASE_YEAR, is_finished: bool = True, years: int = 6
) -> ForecastRun:
    """Return a run, of six years unless told."""
    return ForecastRun.objects.create(
        region_key=region_key, years=years, draws=1000, seed=7, model_version="test", data_vintage="0" * 64,
        base_date=date(base_year, 10, 1), created_at=NOW, finished_at=NOW if is_finished else None,
    )  # fmt: skip


def line(of_run: ForecastRun, *, kind: str, code: str, item: str = "alle", sector: str = "vo", measure: str = "leerlingen",
         start: float = 1000.0, step: float = -10.0, spread: float = 5.0, past: int = 4) -> None:  # fmt: skip
    """Store one series: `past` counts and six expected years, `start` at the last count, `step` a year, band ± spread × years."""
    base = of_run.base_date.year
    rows = []
    for year in range(base - past + 1, base + of_run.years + 1):
        mean, band = start + step * (year - base), max(0, year - base) * spread
        rows.append(
            ForecastValue(run=of_run, scope_kind=kind, scope_code=code, measure=measure, sector=sector, item=item, count_year=year,
                          mean=mean, p10=mean - band, p50=mean, p90=mean + band)
        )  # fmt: skip
    ForecastValue.objects.bulk_create(rows)


def position(code: str, name: str, *, sector: str = "vo", grade: str = "nvt", is_profile: bool = False) -> Position:
    """Return a position, made once."""
    given = {
        "sector": sector, "function_group": "leraar", "specialism": code.split(":")[1], "name": name, "grade": grade,
        "is_vmbo_profile": is_profile,
    }  # fmt: skip
    return Position.objects.get_or_create(code=code, defaults=given)[0]


POSITIONS = (  # code, name, grade, is a vmbo profile, need as a share of learners
    ("vo:wiskunde:tweedegraads", "wiskunde (tweedegraads)", "tweedegraads", False, 0.012),
    ("vo:wiskunde:eerstegraads", "wiskunde (eerstegraads)", "eerstegraads", False, 0.008),
    ("vo:duits:tweedegraads", "Duits (tweedegraads)", "tweedegraads", False, 0.01),
    ("vo:frans:tweedegraads", "Frans (tweedegraads)", "tweedegraads", False, 0.005),
    ("vo:overig:tweedegraads", "overige vakken en mentoraat (tweedegraads)", "tweedegraads", False, 0.021),
    ("vo:profiel_pie:tweedegraads", "profiel produceren, installeren en energie", "tweedegraads", True, 0.004),
)
SUBJECTS = (("vak:wiskunde", 0.02), ("vak:duits", 0.01), ("vak:frans", 0.005), ("vak:overig", 0.021))
NEED_SHARE = 0.06


def full_scope(of_run: ForecastRun, *, kind: str, code: str, learners: float = 1000.0, sector: str = "vo") -> None:
    """Store what a run stores of one scope: learners of two levels, need per position and subject, and its change.

    Everything falls by 1 % of its start a year; learners are 1,000 unless told, the need 60 fte.
    """
    of_scope = {"of_run": of_run, "kind": kind, "code": code, "sector": sector}
    for item, share in (("havo", 0.4), ("vwo", 0.6), ("alle", 1.0)):
        of_level = learners * share
        line(**of_scope, item=item, start=of_level, step=-of_level / 100, spread=of_level / 200)
    needs = {item: share for item, *_, share in POSITIONS} | {"alle": NEED_SHARE} | dict(SUBJECTS)
    for item, share in needs.items():
        fte = learners * share
        line(**of_scope, item=item, measure="formatie", start=fte, step=-fte / 100, spread=fte / 100, past=1)
        line(**of_scope, item=item, measure="formatieverschil", start=0, step=-fte / 100, spread=fte / 200, past=1)


def some_positions() -> None:
    """Make the positions that `full_scope` uses."""
    for code, name, grade, is_profile, _ in POSITIONS:
        position(code, name, grade=grade, is_profile=is_profile)


def score(**changes: object) -> BacktestScore:
    """Return one line of a scorecard."""
    given = {
        "subject": "examenkandidaten", "grain": "vestiging", "horizon_years": 1, "origin": "examens tot 2019-2020 en leerlingen 1-10-2019",
        "target": "2020-2021", "group": "alle", "cells": 1300, "wape_share": 0.084, "bias_share": -0.004, "coverage_share": 0.81,
        "persistence_wape_share": 0.174, "mean3_wape_share": 0.181, "model_version": "test", "data_vintage": "0" * 64, "created_at": NOW,
    }  # fmt: skip
    return BacktestScore.objects.create(**given | changes)


def cell(of_score: BacktestScore, **changes: object) -> BacktestCell:
    """Return one cell of what was said and what happened."""
    given = {
        "scope_code": "90AA00",
        "item": "HAVO",
        "said_p50": 100.0,
        "said_p10": 90.0,
        "said_p90": 110.0,
        "happened": 130.0,
        "last_known": 105.0,
    }
    return BacktestCell.objects.create(score=of_score, **given | changes)


def region_with_forecast(*, base_year: int = BASE_YEAR, years: int = 6) -> ForecastRun:
    """Return the run of RPA area 90: one board, one school with two locations."""
    from . import regions

    Area.objects.get_or_create(kind="rpa", code="90", defaults={"name": "Voorbeeld"})
    regions.location(0, name="Noordpolder College", brin="90AA")
    regions.location(0, name="Noordpolder Zuid", brin="90AA")
    some_positions()
    batch()
    made = run(base_year=base_year, years=years)
    for kind, code in (
        ("regio", "rpa:90"),
        ("bestuur", "90001"),
        ("school", "90AA"),
        ("vestiging", "90AA00"),
        ("vestiging", "90AA01"),
    ):
        full_scope(made, kind=kind, code=code)
    return made
