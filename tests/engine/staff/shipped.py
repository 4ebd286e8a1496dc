"""The shipped parameters as the tests of the need use them, and a small class list."""

from functools import cache
from pathlib import Path

from regio_engine.parameters import (
    LessonTable,
    NeedRule,
    PositionCatalogue,
    lesson_table_from,
    load_demand_rules,
    load_lesson_table,
    load_positions,
)

FOLDER = Path(__file__).parents[3] / "src" / "regio_engine" / "parameters"


@cache
def table() -> LessonTable:
    return load_lesson_table((FOLDER / "lesson_table.yaml").read_text(encoding="utf-8"))


@cache
def rules() -> dict[str, NeedRule]:
    return load_demand_rules((FOLDER / "demand_rules.yaml").read_text(encoding="utf-8"))


@cache
def catalogue() -> PositionCatalogue:
    return load_positions((FOLDER / "positions.yaml").read_text(encoding="utf-8"))


def rule(*, middle: float = 15, low: float | None = None, high: float | None = None, base_fte: float = 0) -> NeedRule:
    """A rule without a band unless one is given."""
    return NeedRule(
        key="vo",
        learners_per_fte=middle,
        learners_per_fte_low=low or middle,
        learners_per_fte_high=high or middle,
        base_fte=base_fte,
    )


def small_table(*, band_share: float = 0.0) -> LessonTable:
    """Two levels and three subjects, so that every sum can be done by hand."""
    return lesson_table_from(
        {
            "lessons_per_fte": 20,
            "band_share": band_share,
            "exam_prior_candidates": 20,
            "levels": {
                "havo": {
                    "sector": "vo",
                    "exam_type": "HAVO",
                    "eerstegraads_from": 4,
                    "class_size": [25, 25, 25, 25, 25],
                    "lessons": {"nederlands": [4, 4, 4, 4, 4], "wiskunde": [4, 4, 4, 0, 0]},
                    "choice": {"wiskunde": {"participation": 0.5, "lessons": [0, 0, 0, 4, 4]}},
                },
                "vmbo_b": {
                    "sector": "vo",
                    "class_size": [20, 20, 20, 20],
                    "lessons": {"nederlands": [4, 4, 4, 4], "wiskunde": [4, 4, 4, 4]},
                    "profile": [0, 0, 12, 12],
                    "profile_participation": 1,
                },
                "bo": {"sector": "po", "class_size": [24], "lessons": {"groepsleraar": [27], "vakleerkracht": [3]}},
            },
            "mixes": {"vmbo_havo": {"vmbo_b": 0.5, "havo": 0.5}},
            "no_need": ["vavo"],
            "exam_subjects": {"base_codes": ["1001"], "wiskunde": ["1024", "1025"], "not_scaled": ["1002"]},
        }
    )
