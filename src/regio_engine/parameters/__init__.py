"""Parameters of the model: dated values with unit and source, and the loaders that make types of their text.

The engine reads no files: a caller in `regio.*.model_runs` reads the YAML beside this module and passes the text.
"""

from regio_engine.parameters.demand_rules import NeedRule, load_demand_rules
from regio_engine.parameters.lesson_table import (
    ClassPlan,
    LessonLine,
    LessonTable,
    lesson_table_from,
    load_lesson_table,
)
from regio_engine.parameters.positions import PositionCatalogue, PositionName, load_positions, position_code

__all__ = [
    "ClassPlan",
    "LessonLine",
    "LessonTable",
    "NeedRule",
    "PositionCatalogue",
    "PositionName",
    "lesson_table_from",
    "load_demand_rules",
    "load_lesson_table",
    "load_positions",
    "position_code",
]
