"""What was counted in the past, where several files tell of one date: overlapping files count once, parts complete."""

from datetime import date

import pytest

from regio.regions.enums import Sector
from regio.workforce import queries
from regio.workforce.enums import Level, StageKind
from regio.workforce.model_runs.history import counted_learners
from regio.workforce.models import LearnerCount
from tests.factories.forecasts import batch
from tests.factories.regions import location

pytestmark = pytest.mark.django_db


def count(place, dataset: str, learners: int, *, number: int) -> None:
    LearnerCount.objects.create(
        location=place, level=Level.BO, stage_kind=StageKind.AGE, stage=6, count=learners,
        reference_date=date(2025, 10, 1), batch=batch(number, dataset=dataset),
    )  # fmt: skip


def test_files_per_municipality_complete_each_other_and_other_files_of_the_date_overlap():
    here, there = location(0, sector=Sector.PO), location(1, sector=Sector.PO)
    count(here, "leerlingen-po-postcode-9001", 100, number=1)
    count(there, "leerlingen-po-postcode-9002", 60, number=2)
    count(here, "afstand-po", 99, number=3)
    counted = counted_learners(Sector.PO, [here.code, there.code], before=2025)
    assert counted == {
        (here.code, Level.BO, 2025): 100,
        (there.code, Level.BO, 2025): 60,
        (here.code, Level.ALL, 2025): 100,
        (there.code, Level.ALL, 2025): 60,
    }
    assert queries.counted_learners("rpa:90")[Sector.PO] == [(2025, 160)]
