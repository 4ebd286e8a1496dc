"""What is loaded decides what is simulated: an own file, public counts with a lesson sheet, or nothing."""

from datetime import date

import numpy as np
import pytest

from regio.regions.models import Area, Board, Municipality, School, SchoolLocation
from regio.shared.models import ImportBatch
from regio.workforce.enums import StaffOrigin
from regio.workforce.model_runs.need import forecast_need, sync_positions
from regio.workforce.model_runs.staff_ages import age_class
from regio.workforce.model_runs.staff_inputs import read_staff, staff_context
from regio.workforce.model_runs.staff_parameters import staff_parameters
from regio.workforce.model_runs.staff_surroundings import enrolments, region_label
from regio.workforce.models import (
    LearnerCount,
    LessonSheetLine,
    MeasuredShortage,
    PersonnelCount,
    StaffMember,
    TrainingEnrolment,
)
from regio.workforce.staff_loaded import staff_loaded, staff_origins
from regio_engine.staff.contract import OPEN_TERM, Qualified
from regio_engine.units import learner_draws
from tests.helpers import real_data
from tests.samples import load_one

pytestmark = pytest.mark.django_db
DAY = date(2025, 10, 1)
DUITS, DUITS_FIRST = "vo:duits:tweedegraads", "vo:duits:eerstegraads"


@pytest.fixture(autouse=True)
def batch():
    sync_positions()
    Municipality.objects.create(code="9001", name="Duinstad", rpa_code="91")
    for board, brin, sector, codes in (
        ("90021", "90AA", "vo", ("90AA00", "90AA01")), ("90022", "90AB", "vo", ("90AB00",)), ("90001", "90AC", "po", ("90AC00",)),
    ):  # fmt: skip
        owner = Board.objects.create(code=board)
        school = School.objects.create(brin=brin, board=owner)
        for code in codes:
            SchoolLocation.objects.create(
                code=code, sector=sector, school=school, board=owner, in_register=True, municipality_id="9001",
                lat=52.0, lon=5.0,
            )  # fmt: skip
    return ImportBatch.objects.create(dataset="toets", size_bytes=1, loaded_at="2026-01-01T00:00:00Z")


def place(code):
    return SchoolLocation.objects.get(code=code)


def teachers(batch, brin, *, sector="vo", fte=None, persons=None, year=2025, group="leraar"):
    PersonnelCount.objects.create(
        sector=sector, school_id=brin, function_group=group, year=year, fte=fte, persons=persons, batch=batch
    )  # fmt: skip


def lessons(batch, code, position, given, qualified=None, appointable=None):
    found = place(code)
    LessonSheetLine.objects.create(
        board=found.board, location=found, position_id=position, lessons=given, qualified_lessons=qualified,
        appointable_lessons=appointable, reference_date=DAY, batch=batch,
    )  # fmt: skip


def member(batch, code, person, *, position=DUITS, milli=800, day=DAY, **more):
    found = place(code)
    StaffMember.objects.create(
        board=found.board, location=found, person=person, position_id=position, function_group="leraar", birth_year=1980,
        milli_fte=milli, reference_date=day, batch=batch, **more,
    )  # fmt: skip


def read(sector="vo", codes=("90AA00", "90AA01", "90AB00", "90AC00")):
    return read_staff(sector=sector, location_codes=codes, base_year=2025)


# ------------------------------------------------------------------------------------------------------- both states
def test_a_board_without_staff_has_none_and_nothing_is_simulated():
    found = read()
    assert found.origins == {"90021": StaffOrigin.NONE, "90022": StaffOrigin.NONE}
    assert found.region is None
    assert staff_origins("vo")["90021"] == StaffOrigin.NONE


def test_a_workbook_alone_is_not_enough_in_vo_and_a_sheet_alone_is_neither(batch):
    teachers(batch, "90AA", fte=40.0)
    assert staff_origins("vo")["90021"] == StaffOrigin.NONE
    PersonnelCount.objects.all().delete()
    lessons(batch, "90AA00", DUITS, 100)
    assert staff_origins("vo")["90021"] == StaffOrigin.NONE
    assert read().region is None


def test_workbook_and_lesson_sheet_make_the_staff_appear(batch):
    teachers(batch, "90AA", fte=40.0)
    teachers(batch, "90AA", persons=50)
    lessons(batch, "90AA00", DUITS, 300, 270, 20)
    lessons(batch, "90AA01", DUITS_FIRST, 100)
    found = read()
    assert found.origins == {"90021": StaffOrigin.PUBLIC, "90022": StaffOrigin.NONE}
    assert [one.code for one in found.region.places] == ["90AA00", "90AA01"]
    assert found.region.schools[0].persons == 50
    by_place = {(cell.place, found.region.positions[cell.position]): cell for cell in found.region.cells}
    assert by_place[0, DUITS].milli_fte == 30_000
    assert by_place[1, DUITS_FIRST].milli_fte == 10_000
    assert by_place[0, DUITS].unqualified == pytest.approx(10 / 300)
    assert by_place[1, DUITS_FIRST].unqualified == 0.03  # the published part of the subject


def test_po_needs_the_workbook_only_and_learners_split_it(batch):
    teachers(batch, "90AC", sector="po", fte=12.0, persons=16)
    LearnerCount.objects.create(
        location=place("90AC00"), level="bo", stage_kind="alle", stage=0, count=200, reference_date=DAY, batch=batch
    )  # fmt: skip
    region = read("po").region
    assert sum(cell.milli_fte for cell in region.cells) == 12_000
    split = {region.positions[cell.position]: cell.milli_fte for cell in region.cells}
    assert split["po:groepsleraar"] / split["po:vakleerkracht"] == pytest.approx(27 / 2, rel=0.01)


def test_an_own_file_comes_before_public_counts(batch):
    teachers(batch, "90AA", fte=40.0)
    lessons(batch, "90AA00", DUITS, 300)
    member(
        batch,
        "90AA00",
        "p1",
        qualification="benoembaar",
        term_ends_on=date(2027, 8, 1),
        in_service_since=2019,
        scale="LC",
    )
    found = read()
    assert found.origins["90021"] == StaffOrigin.OWN
    assert (found.region.cells, len(found.region.own)) == ((), 1)
    (one,) = found.region.own
    assert (one.age, one.milli_fte, one.tenure, one.qualified, one.term, one.scale) == (
        45,
        800,
        6,
        Qualified.APPOINTABLE,
        2,
        1,
    )
    assert found.facts["own_share"] == 1.0


def test_a_term_of_which_the_file_tells_no_end_does_not_run(batch):
    member(batch, "90AA00", "p1", qualification="benoembaar")
    (one,) = read().region.own
    assert (one.qualified, one.term) == (Qualified.APPOINTABLE, OPEN_TERM)


def test_only_the_newest_own_file_counts(batch):
    member(batch, "90AA00", "p1", day=date(2024, 10, 1))
    member(batch, "90AA00", "p2")
    assert len(read().region.own) == 1
    assert read().facts["eigen_peildata"] == {"90021": "2025-10-01"}


def test_a_school_of_which_the_fte_is_hidden_gets_it_from_persons_or_lessons(batch):
    teachers(batch, "90AA", persons=10)
    lessons(batch, "90AA00", DUITS, 100)
    assert sum(cell.milli_fte for cell in read().region.cells) == 8_000
    PersonnelCount.objects.filter(school="90AA").update(persons=None, fte=None)
    teachers(batch, "90AA", fte=None, persons=3, year=2019)
    teachers(batch, "90AB", fte=9.0)
    assert sum(cell.milli_fte for cell in read().region.cells) == 5_000  # 100 lessons, 20 a week


def test_ages_come_from_a_sheet_per_class_else_from_the_mean_else_from_the_nation(batch):
    lessons(batch, "90AA00", DUITS, 100)
    teachers(batch, "90AA", fte=40.0, persons=50)
    assert read().region.schools[0].age_shares is None
    PersonnelCount.objects.update(mean_age_years=50.0)
    shares = read().region.schools[0].age_shares
    middles = [22.5, 27.5, 32.5, 37.5, 42.5, 47.5, 52.5, 57.5, 64.0]
    assert sum(share * age for share, age in zip(shares, middles, strict=True)) == pytest.approx(50.0, abs=0.05)
    for told, persons in (("25 tot 35 jaar", 10), ("35-44", 20), ("45 t/m 54", 15), ("55 en ouder", 5)):
        PersonnelCount.objects.create(
            sector="vo", school_id="90AA", function_group="leraar", year=2025, persons=persons, batch=batch,
            breakdown={"blad": "leeftijd", "leeftijdsklasse": told},
        )  # fmt: skip
    shares = read().region.schools[0].age_shares
    assert read().region.schools[0].persons == 50
    assert [round(sum(shares[i:j]), 3) for i, j in ((0, 1), (1, 3), (3, 5), (5, 7), (7, 9))] == [0, 0.2, 0.4, 0.3, 0.1]


@pytest.mark.parametrize(
    ("text", "band"),
    [("25-34", (25, 35)), ("25 tot 35 jaar", (25, 35)), ("45 t/m 54", (45, 55)), ("< 25", (18, 25)), ("jonger dan 25", (18, 25)),
     ("65+", (65, 75)), ("totaal", None)],
)  # fmt: skip
def test_age_classes_are_understood(text, band):
    assert age_class({"blad": "x", "leeftijdsklasse": text}) == band
    assert age_class({"gemiddelde leeftijd": 45}) is None


def test_other_functions_and_older_years_do_not_count(batch):
    teachers(batch, "90AA", fte=99.0, group="oop")
    teachers(batch, "90AA", fte=30.0, year=2020)
    teachers(batch, "90AA", fte=40.0)
    lessons(batch, "90AA00", DUITS, 10)
    assert sum(cell.milli_fte for cell in read().region.cells) == 40_000


def test_a_measured_shortage_speaks_of_its_location_or_its_whole_board(batch):
    member(batch, "90AA00", "p1")
    member(batch, "90AA01", "p2")
    for location, fte in ((None, 1.5), (place("90AA01"), 0.5)):
        MeasuredShortage.objects.create(
            board_id="90021", location=location, position_id=DUITS, shortage_fte=fte, low_fte=fte / 2, high_fte=fte * 2,
            reference_date=DAY, batch=batch,
        )  # fmt: skip
    first, second = read().region.measurements
    assert (first.places, first.shortage) == ((1,), 0.5)
    assert (second.places, second.shortage) == ((0, 1), 1.5)


def test_status_tells_per_board_what_is_loaded(batch):
    member(batch, "90AB00", "p1")
    rows = {(row["sector"], row["board"]): (row["origin"], row["reference_date"]) for row in staff_loaded()}
    assert rows == {
        ("po", "90001"): ("geen", None),
        ("vo", "90021"): ("geen", None),
        ("vo", "90022"): ("eigen", "2025-10-01"),
    }
    assert set(staff_origins("so")) == set()


# ------------------------------------------------------------------------------------------------------- surroundings
def test_students_are_counted_by_subject(batch):
    for name, students in (
        ("B Opleiding tot leraar voortgezet onderwijs van de tweede graad in Natuurkunde", 540), ("M Leraar Duits", 94),
        ("B Opleiding tot Leraar van de eerste graad in Lichamelijke Opvoeding", 4570), ("B Opleiding tot leraar Basisonderwijs", 25507),
        ("B Docent Muziek", 697), ("M Educational Needs", 1597),
    ):  # fmt: skip
        TrainingEnrolment.objects.create(
            programme_name=name, field="onderwijs", year=2024, students=students, batch=batch
        )
    TrainingEnrolment.objects.create(
        programme_name="M Leraar Duits", field="onderwijs", year=2020, students=999, batch=batch
    )
    found = enrolments()
    assert found.second_grade == {"natuurkunde": 270, "nask": 270}
    assert found.first_grade == {"duits": 94, "lichamelijke_opvoeding": 4570, "kunst": 697}
    assert found.starting_in_vo == {"lichamelijke_opvoeding", "kunst"}
    assert found.primary == 25507


@pytest.mark.realdata
def test_students_of_the_real_file_are_nearly_all_placed():
    path = real_data("duo-ho", "ingeschrevenen-hbo-2020-2024.json")
    load_one(path)
    found = enrolments()
    second = TrainingEnrolment.objects.filter(year=2024, programme_name__contains="tweede graad")
    assert sum(found.second_grade.values()) > 0.98 * sum(second.values_list("students", flat=True))
    assert sum(found.second_grade.values()) * 0.145 == pytest.approx(
        2_700, abs=400
    )  # published: 2.900-3.400 with more students
    assert found.primary == pytest.approx(25_507, rel=0.01)
    assert found.second_grade["wiskunde"] > found.second_grade["natuurkunde"] > 0


def test_without_a_file_of_students_there_are_none():
    assert not enrolments().is_loaded


@pytest.mark.parametrize(
    ("name", "label"), [("Achterhoek", "Achterhoek"), ("regio Twente", "Twente"), ("Kustland", "")]
)
def test_the_measured_region_is_found_by_name(name, label):
    Area.objects.create(kind="rpa", code="91", name=name)
    assert region_label("vo", ["90AA00", "90AB00"], staff_parameters()) == label
    assert region_label("po", ["90AC00"], staff_parameters()) == ""


# ------------------------------------------------------------------------------------------------------- whole context
def test_the_context_of_a_region_rests_on_need_and_staff_together(batch):
    teachers(batch, "90AA", fte=40.0, persons=50)
    lessons(batch, "90AA00", DUITS, 300)
    lessons(batch, "90AA01", DUITS_FIRST, 100)
    counts = np.full((2, 3, 60), 400, np.int32)
    counts[:, 2] = 200
    learners = learner_draws(
        cells=[("90AA00", "vmbo_gt", 3), ("90AA01", "vwo", 5)], years=(2025, 2026, 2027), counts=counts
    )
    need = forecast_need(learner_draws=learners, seed=1)
    made = staff_context(sector="vo", location_codes=["90AA00", "90AA01", "90AB00"], need=need, base_year=2025, seed=1)
    assert made.boards == ("90021", "90021")
    assert made.origins["90022"] == StaffOrigin.NONE
    assert made.group_of[DUITS] == "talen"
    assert made.facts["fte"] == 40.0
    context = made.context
    assert context.need_milli.shape == (2 * len(context.position_codes), 3, 60)
    base = context.need_milli[:, 0].sum(axis=0)
    assert (base > 40_000).all()
    duits = context.position_codes.index(DUITS)
    assert context.need_milli[duits, 2].mean() == pytest.approx(context.need_milli[duits, 0].mean() / 2, rel=0.05)
    assert staff_context(sector="so", location_codes=["90AA00"], need=need, base_year=2025, seed=1) is None
