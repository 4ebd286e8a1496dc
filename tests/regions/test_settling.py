"""Closed and new codes keep their board, so that boards add up to their region in the past and in the future."""

from datetime import date

import pytest

from regio.regions.enums import LinkKind
from regio.regions.models import LocationLink, School, SchoolLocation
from regio.regions.sources.locations import settle_boards
from tests.factories.regions import board, location

pytestmark = pytest.mark.django_db


def boardless(code):
    school, _ = School.objects.get_or_create(brin=code[:4])
    return SchoolLocation.objects.create(code=code, sector="vo", school=school)


def link(old, new):
    LocationLink.objects.create(old=old, new=new, kind=LinkKind.MOVE, since=date(2022, 5, 1), source="test")


def board_of(place):
    return SchoolLocation.objects.get(pk=place.pk).board_id


def test_a_code_without_a_board_takes_that_of_its_school_its_successor_or_its_predecessor():
    known = location()
    of_school = boardless(f"{known.school_id}77")
    old, new = boardless("90YA00"), boardless("90YB00")
    link(old, known)
    link(known, new)
    settle_boards()
    assert {board_of(place) for place in (of_school, old, new)} == {board().code}


def test_a_code_that_nothing_is_known_of_stays_without_a_board():
    alone = boardless("90YC00")
    settle_boards()
    assert board_of(alone) is None
