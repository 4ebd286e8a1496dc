"""Small worlds of secondary education: some locations with vmbo, havo and vwo classes of known size."""

from dataclasses import replace

import numpy as np

from regio_engine.pupils.levels import LAST_STAGE, LEVELS, STAGES, level_index
from regio_engine.pupils.vo_known import VoCounts, VoSettings

SETTINGS = VoSettings(
    own_share_lower=0.6, own_share_upper=0.15, own_share_pro=0.8, prior_pupils=5.0, total_steps=(1.0, 1.0, 1.0), half_life_years=3.0,
    shock_years=(), shock_weight=1.0, exam_follow_share=0.5, vanished_below=0.25, phi=1.0, phi_known=0.2, cv=0.04,
    intake_cv=0.07, intake_discount=0.6,
)  # fmt: skip
EXAM_KINDS = ("VMBO", "HAVO", "VWO")


def steady_world(*, locations=3, pupils=100, levels=("vmbo_gt", "havo", "vwo"), years=3, counts=1) -> VoCounts:
    """Return a world in which every class has the same number of pupils, in one or more equal yearly counts."""
    base = np.zeros((locations, len(LEVELS), STAGES), np.int64)
    for level in levels:
        base[:, level_index(level), : LAST_STAGE[level]] = pupils
    unknown = np.full((3, locations), np.nan)
    return VoCounts(
        codes=tuple(f"90A{n}00" for n in range(locations)), schools=tuple(f"90A{n}" for n in range(locations)),
        markets=("M",) * locations, years=tuple(range(2026 - counts, 2026)), counts=np.stack([base] * counts),
        cohorts=np.ones(STAGES), intake_index=np.ones((locations, years)),
        exam_classes=np.repeat(unknown[:, :, None], years, axis=2), exam_base=unknown,
    )  # fmt: skip


def with_exams(world: VoCounts, *, now: float, ahead: list[list[float]]) -> VoCounts:
    """Return the world with the same candidates for every type: `now` in the base year, `ahead` per year per location."""
    locations = len(world.codes)
    classes = world.exam_classes.copy()
    for year, own in enumerate(ahead):
        classes[:, :, year] = np.array(own)[None, :]
    return replace(world, exam_base=np.full((3, locations), now), exam_classes=classes)
