"""What `/ontwerp/` shows: every part once, filled with invented figures that are made by the same code as real ones."""

from datetime import date
from typing import Any

from regio.regions.enums import Sector
from regio.shared.charts import Point
from regio.workforce import tables
from regio.workforce.enums import Measure
from regio.workforce.models import Position
from regio.workforce.queries import ALL, Scope, Series

BASE_YEAR = 2025
LEVELS = {"vmbo_b": (1800, -0.021), "vmbo_gt": (4100, -0.012), "havo": (5200, -0.006), "vwo": (4700, 0.009)}
SUBJECTS = {
    "vo:natuurkunde": ("natuurkunde", 182.0, 0.026, False), "vo:wiskunde": ("wiskunde", 294.0, 0.004, False),
    "vo:duits": ("Duits", 115.0, -0.027, False), "vo:profiel_pie": ("produceren, installeren en energie", 48.0, -0.014, True),
}  # fmt: skip
COLOURS = [
    ("ink", "tekst, geteld"), ("ink-soft", "bijschrift"), ("accent", "link, knop, verwachting"), ("band", "band van 80 %"),
    ("more-3", "meer nodig dan nu"), ("less-3", "minder nodig dan nu"), ("shortage-4", "tekort"), ("surplus-3", "overschot"),
    ("ok", "goed"), ("warn", "let op"), ("alarm", "fout"),
]  # fmt: skip


def parts() -> dict[str, Any]:
    """Return the figures and tables that the catalogue shows."""
    ground = tables.Ground(
        scope=Scope("regio", "ontwerp", "Verzonnen regio"),
        run=0,
        base_year=BASE_YEAR,
        base_date=date(BASE_YEAR, 10, 1),
        source="verzonnen",
    )
    positions = {
        code: Position(code=code, name=name, sector="vo", is_vmbo_profile=profile)
        for code, (name, _, _, profile) in SUBJECTS.items()
    }
    return {"figures": tables.figures_of(ground, _series(), positions, Sector.VO), "colours": COLOURS}


def _series() -> Series:
    series: Series = {
        (Measure.LEARNERS, Sector.VO, level): _line(start, growth, 0.012) for level, (start, growth) in LEVELS.items()
    }
    series[Measure.LEARNERS, Sector.VO, ALL] = _line(sum(start for start, _ in LEVELS.values()), -0.006, 0.008)
    series |= {
        (Measure.REQUIRED_FTE, Sector.VO, code): _line(start, growth, 0.02)
        for code, (_, start, growth, _) in SUBJECTS.items()
    }
    series[Measure.REQUIRED_FTE, Sector.VO, ALL] = _line(
        sum(start for _, start, _, _ in SUBJECTS.values()), -0.002, 0.015
    )
    return series


def _line(start: float, growth: float, spread: float) -> tuple[Point, ...]:
    """Return eight counts and six expected years around `start` in the base year."""
    past = [
        Point(BASE_YEAR - i, value := round(start * (1 - growth * i * 0.8)), value, value) for i in range(7, -1, -1)
    ]
    ahead = [(BASE_YEAR + i, start * (1 + growth * i), start * spread * i) for i in range(1, 7)]
    return (*past, *(Point(year, mean, mean - band, mean + band) for year, mean, band in ahead))
