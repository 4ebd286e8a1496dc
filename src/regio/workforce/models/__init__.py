"""Tables of the workforce app: counts, rules, staff, runs of the forecast and their scores.

Counts point at the import batch they came from. A masked count (`<5`) is stored as the value the publisher's rule
allows to assume, with `masked` true.
"""

from .joint import JointContribution, JointKey, JointRound, JointSnapshot
from .learners import (
    DepartmentExamCount,
    ExamCount,
    LearnerCount,
    LearnerOrigin,
    LocationFact,
    Programme,
    PublishedForecast,
    SubjectExamCount,
)
from .positions import DemandRule, Position
from .runs import ForecastFlow, ForecastRun, ForecastSpread, ForecastValue, RunDifference, StaffAgeGroup
from .scores import BacktestCell, BacktestScore
from .staff import BoardFinance, LessonSheetLine, MeasuredShortage, PersonnelCount, StaffMember, TrainingEnrolment

__all__ = [
    "BacktestCell",
    "BacktestScore",
    "BoardFinance",
    "DemandRule",
    "DepartmentExamCount",
    "ExamCount",
    "ForecastFlow",
    "ForecastRun",
    "ForecastSpread",
    "ForecastValue",
    "JointContribution",
    "JointKey",
    "JointRound",
    "JointSnapshot",
    "LearnerCount",
    "LearnerOrigin",
    "LessonSheetLine",
    "LocationFact",
    "MeasuredShortage",
    "PersonnelCount",
    "Position",
    "Programme",
    "PublishedForecast",
    "RunDifference",
    "StaffAgeGroup",
    "StaffMember",
    "SubjectExamCount",
    "TrainingEnrolment",
]
