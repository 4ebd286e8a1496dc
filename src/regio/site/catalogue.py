"""What `/ontwerp/` shows: every part once, filled with invented figures that are made by the same code as real ones."""

from datetime import date
from typing import Any

from regio.regions.enums import Sector
from regio.shared.charts import Point
from regio.shared.figures import Figure
from regio.workforce import tables
from regio.workforce.enums import Measure, StaffFlow
from regio.workforce.models import Position
from regio.workforce.queries import ALL, Scope, Series
from regio.workforce.shortage_sentences import Shortage, causes_of
from regio.workforce.tables.drivers import drivers_figure
from regio.workforce.tables.shortage import shortage_figure, staffing_figure
from regio.workforce.tables.staff import ages_figure

BASE_YEAR = 2025
LEVELS = {"vmbo_b": (1800, -0.021), "vmbo_gt": (4100, -0.012), "havo": (5200, -0.006), "vwo": (4700, 0.009)}
SUBJECTS = {
    "vo:natuurkunde": ("natuurkunde", 182.0, 0.026, False), "vo:wiskunde": ("wiskunde", 294.0, 0.004, False),
    "vo:duits": ("Duits", 115.0, -0.027, False), "vo:profiel_pie": ("produceren, installeren en energie", 48.0, -0.014, True),
}  # fmt: skip
STAFF: dict[str, tuple[float, float, float]] = {  # in the base year, step a year, half of the band per year [fte]
    Measure.REQUIRED_FTE: (1988.0, 6.0, 8.0), Measure.STAFFED_FTE: (1915.0, -8.0, 10.0), Measure.SHORTAGE_FTE: (110.0, 16.0, 9.0),
    Measure.UNFILLED_FTE: (40.0, 7.0, 4.0), Measure.HIDDEN_FTE: (70.0, 9.0, 5.0), Measure.SURPLUS_FTE: (12.0, 1.0, 1.0),
}  # fmt: skip
YEARLY: dict[str, float] = {StaffFlow.NEED_LEARNERS: 6.0, StaffFlow.RETIRE: -52.0, StaffFlow.LEAVE_SECTOR: -38.0, StaffFlow.FROM_GRADUATE: 55.0, StaffFlow.FROM_ZIJ_INSTROOM: 27.0}  # fmt: skip
FLOWS = {flow: dict.fromkeys(range(BASE_YEAR + 1, BASE_YEAR + 7), fte) for flow, fte in YEARLY.items()}
AGES = {
    (low, low + 9): {BASE_YEAR: now, BASE_YEAR + 5: then}
    for low, now, then in ((25, 480.0, 430.0), (35, 560.0, 590.0), (45, 540.0, 520.0), (55, 610.0, 560.0))
}
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
    return {
        "figures": tables.figures_of(ground, _series(), positions, Sector.VO) | _staff_figures(ground),
        "colours": COLOURS,
    }


def _staff_figures(ground: tables.Ground) -> dict[str, Figure]:
    shortage = _shortage()
    found = {
        "shortage": shortage_figure(ground, shortage, slug="tekort-ontwerp"), "staffing": staffing_figure(ground, shortage, slug="bezetting-ontwerp"),
        "drivers": drivers_figure(ground, shortage, causes_of(shortage, FLOWS), slug="oorzaken-ontwerp"), "ages": ages_figure(ground, AGES, BASE_YEAR + 5, slug="leeftijden-ontwerp"),
    }  # fmt: skip
    return {name: figure for name, figure in found.items() if figure}


def _shortage() -> Shortage:
    years = range(BASE_YEAR, BASE_YEAR + 7)
    levels = {
        measure: {year: Point(year, start + step * i, start + step * i - spread * i, start + step * i + spread * i) for i, year in enumerate(years)}
        for measure, (start, step, spread) in STAFF.items()
    }  # fmt: skip
    return Shortage(BASE_YEAR, BASE_YEAR + 5, levels)


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
