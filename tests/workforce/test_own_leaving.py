"""Leavers counted from a board's own files of two years: who counts, who does not, and what a run says of it."""

from collections.abc import Iterable
from datetime import date

import pytest
from django.utils import timezone

from regio.regions.models import SchoolLocation
from regio.shared.models import ImportBatch
from regio.workforce.enums import FunctionGroup
from regio.workforce.model_runs.need import sync_positions
from regio.workforce.model_runs.staff_inputs import read_staff
from regio.workforce.model_runs.staff_leaving import own_leaving, own_share_of_leaving
from regio.workforce.model_runs.staff_parameters import staff_parameters
from regio.workforce.models import StaffMember
from regio_engine.staff.contract import YOUNGEST
from tests.factories import regions

pytestmark = pytest.mark.django_db

LAST_YEAR, NOW = date(2025, 10, 1), date(2026, 10, 1)
MATHS = "vo:wiskunde:tweedegraads"


@pytest.fixture
def place() -> SchoolLocation:
    sync_positions()
    return regions.location(1)


def staff(place: SchoolLocation, day: date, people: Iterable[int], *, born: int = 1985, group: str = FunctionGroup.TEACHER, **fields) -> None:  # fmt: skip
    batch, _ = ImportBatch.objects.get_or_create(
        dataset="eigen-personeel-proef", sha256=f"{day.year}".ljust(64, "0"),
        defaults={"size_bytes": 1, "loaded_at": timezone.now(), "reference_date": day},
    )  # fmt: skip
    StaffMember.objects.bulk_create(
        StaffMember(
            board=place.board, location=place, person=f"p{number}", birth_year=born, milli_fte=800, function_group=group,
            position_id=MATHS if group == FunctionGroup.TEACHER else None, reference_date=day, batch=batch,
            **{"in_service_since": 2010, "qualification": "bevoegd"} | fields,
        )
        for number in people
    )  # fmt: skip


def counted(place: SchoolLocation) -> tuple[dict, tuple]:
    facts: dict = {}
    return facts, own_leaving("vo", {place.board_id}, facts)


def test_who_is_in_the_older_file_and_nowhere_in_the_newer_one_has_left(place):
    staff(place, LAST_YEAR, range(40))
    staff(place, NOW, range(4, 50))  # four gone, ten new
    facts, (found,) = counted(place)
    assert found.left[:, 0].tolist() == [0, 4, 0, 0]
    assert found.at_risk[2025 - 1985 - YOUNGEST, 3, 1] == found.at_risk.sum() == 40
    assert facts == {"eigen_vertrek_niet_gebruikt": []}  # how many left a board is not for others


def test_people_are_counted_by_age_years_in_service_and_qualification(place):
    staff(place, LAST_YEAR, range(3), born=2000, in_service_since=2025, qualification="benoembaar")
    staff(place, LAST_YEAR, range(10, 20), born=1962, in_service_since=None, qualification="")
    staff(place, NOW, range(1, 20))
    _, (found,) = counted(place)
    assert found.at_risk[25 - YOUNGEST, 0, 0] == 3
    assert found.at_risk[63 - YOUNGEST, 3, 1] == 10
    assert found.left[:, 0].tolist() == [1, 0, 0, 0]


def test_a_person_with_two_subjects_is_one_person_and_a_new_school_leader_has_not_left(place):
    staff(place, LAST_YEAR, range(10))
    StaffMember.objects.filter(person="p1").update(milli_fte=400)
    staff(place, LAST_YEAR, range(1, 2), in_service_since=2010)
    staff(place, NOW, range(2, 10))
    staff(place, NOW, range(1), group=FunctionGroup.LEADER)
    _, (found,) = counted(place)
    assert (found.at_risk.sum(), found.left.sum()) == (10, 1)


def test_a_location_that_is_not_in_the_newer_file_makes_no_leavers(place):
    other = regions.location(2)
    staff(place, LAST_YEAR, range(20))
    staff(other, LAST_YEAR, range(100, 150))
    staff(place, NOW, range(1, 20))
    _, (found,) = counted(place)
    assert (found.at_risk.sum(), found.left.sum()) == (20, 1)


@pytest.mark.parametrize("before", [date(2026, 4, 1), date(2024, 10, 1)])
def test_files_that_are_not_a_year_apart_tell_nothing(place, before):
    staff(place, before, range(20))
    staff(place, NOW, range(2, 20))
    facts, found = counted(place)
    assert found == ()
    assert facts["eigen_vertrek_niet_gebruikt"] == ["90001"]


def test_a_board_that_would_have_lost_half_its_people_is_named_and_not_used(place):
    staff(place, LAST_YEAR, range(20))
    staff(place, NOW, range(10, 30))
    facts, found = counted(place)
    assert found == ()
    assert facts == {"eigen_vertrek_niet_gebruikt": ["90001"]}


def test_one_file_tells_nothing_and_is_no_fault(place):
    staff(place, NOW, range(20))
    facts, found = counted(place)
    assert found == ()
    assert facts["eigen_vertrek_niet_gebruikt"] == []
    assert own_share_of_leaving(found, staff_parameters(), sector="vo", base_year=2026) == {}


def test_more_people_make_more_of_the_chance_to_leave_their_own(place):
    staff(place, LAST_YEAR, range(400))
    staff(place, NOW, [number for number in range(400) if number % 16])
    _, many = counted(place)
    StaffMember.objects.filter(person__regex=r"^p\d\d\d$").delete()
    _, few = counted(place)
    shares = [own_share_of_leaving(found, staff_parameters(), sector="vo", base_year=2026)["90001"] for found in (few, many)]  # fmt: skip
    assert 0 < shares[0] < shares[1] < 1


def test_a_run_takes_the_counted_leavers_and_says_which_part_is_own(place):
    staff(place, LAST_YEAR, range(200))
    staff(place, NOW, range(10, 200))
    read = read_staff(sector="vo", location_codes=[place.code], base_year=2026)
    assert read.region is not None
    assert [one.board for one in read.region.own_leaving] == ["90001"]
    assert 0.1 < read.facts["eigen_deel_vertrek"]["90001"] < 0.9
