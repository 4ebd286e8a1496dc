"""The true parameters of the invented region: what a good model should find back from the files.

Every rate is the expected part of a class that is found one stage higher at the same location a year later, pupils
who come from elsewhere included; so it may be over 1. They are written to `waarheid.json`, which is never imported.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

LEVELS = ("pro", "vmbo_b", "vmbo_k", "vmbo_gt", "havo", "vwo")
STAGES = 6
EXAM_STAGE = {"vmbo_b": 4, "vmbo_k": 4, "vmbo_gt": 4, "havo": 5, "vwo": 6}
PO_AGES = tuple(range(4, 13))


@dataclass(frozen=True)
class Truth:
    """Everything that chance is drawn around; sector totals are the newest count [persons]."""

    po_pupils: int = 20_000
    vo_pupils: int = 30_000
    mbo_students: int = 12_000
    so_pupils: int = 520
    # po: part of an age that is one year older at the same school a year later; the rest has gone to vo or moved
    po_rate_to_age: dict[int, float] = field(
        default_factory=lambda: {5: 1.002, 6: 0.998, 7: 0.998, 8: 0.997, 9: 0.997, 10: 0.992, 11: 0.90, 12: 0.18}
    )
    po_dispersion: float = 0.5
    po_spread: float = 0.015
    po_market_walk: float = 0.05  # yearly standard deviation of the log of a school's share
    po_location_spread: float = 0.03  # yearly standard deviation of the log of what happens to all ages of a school
    # vo: part of the region's children that goes to each level in year 1
    intake_share: dict[str, float] = field(
        default_factory=lambda: {
            "pro": 0.034,
            "vmbo_b": 0.095,
            "vmbo_k": 0.155,
            "vmbo_gt": 0.27,
            "havo": 0.25,
            "vwo": 0.196,
        }
    )
    intake_distance_km: float = 6.0  # attraction falls by exp(-distance / this)
    intake_dispersion: float = 1.0
    intake_spread: float = 0.04
    intake_market_walk: float = 0.055
    # vo: rates to stage 2, 3, 4, 5, 6
    vo_rate_to_stage: dict[str, tuple[float, ...]] = field(
        default_factory=lambda: {
            "pro": (0.98, 0.97, 0.94, 0.76, 0.36),
            "vmbo_b": (0.99, 0.975, 0.98),
            "vmbo_k": (1.0, 1.0, 0.985),
            "vmbo_gt": (1.005, 1.01, 1.02),
            "havo": (1.0, 1.02, 1.10, 0.93),
            "vwo": (0.985, 0.975, 0.97, 0.975, 0.93),
        }
    )
    # part of a class that follows another level a year later: (from, to) -> share at stages 1-2 and 2-3
    flow_between_levels: dict[str, float] = field(
        default_factory=lambda: {
            "vmbo_b>vmbo_k": 0.03,
            "vmbo_k>vmbo_b": 0.03,
            "vmbo_k>vmbo_gt": 0.03,
            "vmbo_gt>vmbo_k": 0.03,
            "vmbo_gt>havo": 0.03,
            "havo>vmbo_gt": 0.04,
            "havo>vwo": 0.03,
            "vwo>havo": 0.05,
        }
    )
    location_kappa: float = 900.0  # gamma shape of a location's own factor on its rates, mean 1
    vo_dispersion_to_stage: tuple[float, ...] = (0.8, 1.0, 1.2, 0.6, 0.4)
    vo_spread: float = 0.015
    vo_location_spread: float = (
        0.03  # yearly standard deviation of the log of what happens to all classes of a location
    )
    national_spread: float = 0.008  # standard deviation of the yearly national factor per level
    exam_rate: dict[str, float] = field(
        default_factory=lambda: {"vmbo_b": 0.985, "vmbo_k": 0.985, "vmbo_gt": 0.985, "havo": 0.975, "vwo": 0.985}
    )
    exam_dispersion: float = 0.2
    exam_pass_share: dict[str, float] = field(
        default_factory=lambda: {"vmbo_b": 0.975, "vmbo_k": 0.955, "vmbo_gt": 0.93, "havo": 0.88, "vwo": 0.91}
    )
    isk_pupils: int = 260
    isk_growth_per_year: float = 0.04
    # mbo: part that is still there a year later, and where new students come from
    mbo_stay: dict[str, float] = field(
        default_factory=lambda: {"mbo_1": 0.08, "mbo_2": 0.47, "mbo_3": 0.63, "mbo_4": 0.70}
    )
    mbo_inflow: dict[str, float] = field(
        default_factory=lambda: {"mbo_1": 0.07, "mbo_2": 0.27, "mbo_3": 0.26, "mbo_4": 0.40}
    )
    mbo_dispersion: float = 1.0
    mbo_spread: float = 0.03

    def as_dict(self) -> dict[str, Any]:
        """Return all parameters for `waarheid.json`."""
        return asdict(self)


def vo_rates(truth: Truth) -> list[list[float]]:
    """Return rates [level, target stage 2..6], zero where a level has no such stage."""
    return [list(truth.vo_rate_to_stage[level]) + [0.0] * (5 - len(truth.vo_rate_to_stage[level])) for level in LEVELS]
