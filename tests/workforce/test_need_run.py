"""The need from the database: which rule holds where, exam counts and profiles of locations, the table of positions."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from regio.regions.enums import LinkKind, Sector
from regio.regions.models import Board, LocationLink, School, SchoolLocation
from regio.shared.models import ImportBatch
from regio.workforce.enums import ExamType, Level, StageKind
from regio.workforce.model_runs.need import FINDING_TEXTS, forecast_need, need_facts, sync_positions
from regio.workforce.model_runs.need_inputs import (
    lesson_table,
    location_splits,
    own_lesson_table,
    read_exam_marks,
    read_rules,
    vmbo_profiles_of,
)
from regio.workforce.models import DemandRule, LearnerCount, Position, Programme, SubjectExamCount
from regio_engine.errors import MissingInput
from regio_engine.staff.location_split import UNKNOWN_EXAM_CODE
from regio_engine.staff.need_plan import NO_RULE, UNKNOWN_LEVEL
from regio_engine.units import learner_draws

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
CODES = ("90AA00", "90AA01")


@pytest.fixture
def batch() -> ImportBatch:
    return ImportBatch.objects.create(dataset="proef", sha256="0" * 64, size_bytes=1, loaded_at=NOW)


@pytest.fixture
def locations() -> dict[str, SchoolLocation]:
    board = Board.objects.create(code="90001")
    school = School.objects.create(brin="90AA", board=board)
    return {
        code: SchoolLocation.objects.create(code=code, sector=Sector.VO, school=school, board=board) for code in CODES
    }


def add_rule(*, ratio: float, since: date = date(2026, 8, 1), **owner: object) -> DemandRule:
    return DemandRule.objects.create(
        sector=Sector.VO,
        learners_per_fte=ratio,
        learners_per_fte_low=ratio,
        learners_per_fte_high=ratio,
        source="eigen cijfer van het bestuur",
        is_assumption=False,
        valid_from=since,
        created_at=NOW,
        **owner,
    )


def total_of_75_pupils(code: str = "90AA00") -> float:
    draws = learner_draws(cells=[(code, "havo", 3)], years=[2026], counts=np.full((1, 1, 20), 75))
    return forecast_need(learner_draws=draws, location_codes=[code], seed=1).summary({code: code})[0].mean


def add_marks(location: SchoolLocation, batch: ImportBatch, **marks: int) -> None:
    names = {"nederlands": "1001", "wiskunde_a": "1024", "biologie": "1018"}
    SubjectExamCount.objects.bulk_create(
        SubjectExamCount(
            location=location,
            exam_type=ExamType.HAVO,
            subject_code=names[subject],
            subject_name=subject,
            school_year=2018,
            candidates=number,
            batch=batch,
        )
        for subject, number in marks.items()
    )


def add_pupils(location: SchoolLocation, batch: ImportBatch, *, level: str, department: str, count: int) -> None:
    programme, _ = Programme.objects.get_or_create(
        scheme="elementcode", code=f"9{level}{department}"[:12], defaults={"level": level, "profile": department}
    )
    LearnerCount.objects.create(
        location=location,
        programme=programme,
        level=level,
        stage_kind=StageKind.YEAR,
        stage=3,
        count=count,
        reference_date=date(2026, 10, 1),
        batch=batch,
    )


def test_without_own_rules_the_shipped_assumption_holds(locations: dict[str, SchoolLocation]) -> None:
    # 1.2 fte base and 75 pupils at 15 per fte
    assert total_of_75_pupils() == pytest.approx(6.2, abs=0.15)


def test_a_location_goes_before_its_board_and_a_board_before_the_sector(locations: dict[str, SchoolLocation]) -> None:
    add_rule(ratio=30)
    assert total_of_75_pupils() == pytest.approx(2.5, abs=0.01)
    add_rule(ratio=25, board=Board.objects.get())
    assert total_of_75_pupils() == pytest.approx(3.0, abs=0.01)
    add_rule(ratio=7.5, location=locations["90AA00"])
    assert total_of_75_pupils() == pytest.approx(10.0, abs=0.01)
    assert total_of_75_pupils("90AA01") == pytest.approx(3.0, abs=0.01)


def test_an_own_lesson_table_gives_groups_and_lessons(locations: dict[str, SchoolLocation]) -> None:
    rule = add_rule(ratio=15, location=locations["90AA00"])
    level = {"sector": "vo", "class_size": [25] * 5, "lessons": {"nederlands": [4] * 5}}
    rule.lesson_table = {"lessons_per_fte": 20, "levels": {"havo": level}}
    rule.save()
    assert total_of_75_pupils() == 0.6  # 3 groups x 4 lessons / 20


def test_an_own_table_with_an_unknown_subject_is_refused() -> None:
    level = {"sector": "vo", "class_size": [25], "lessons": {"toverkunst": [4]}}
    with pytest.raises(MissingInput, match="toverkunst"):
        own_lesson_table({"lessons_per_fte": 20, "levels": {"havo": level}})


def test_exam_counts_of_the_location_are_drawn_towards_the_nation(
    locations: dict[str, SchoolLocation], batch: ImportBatch
) -> None:
    add_marks(locations["90AA00"], batch, nederlands=20, biologie=20)
    add_marks(locations["90AA01"], batch, nederlands=180, biologie=60)
    splits = location_splits(set(CODES), marks=read_exam_marks(), table=lesson_table())
    # nation: 80 of 200 take biology; 20 candidates of the location weigh as much as the nation
    assert splits["90AA00"].taken_by["HAVO"]["biologie"] == pytest.approx((20 + 20 * 0.4) / 40)


def test_the_nation_counts_for_a_location_whatever_other_locations_are_asked(
    locations: dict[str, SchoolLocation], batch: ImportBatch
) -> None:
    add_marks(locations["90AA00"], batch, nederlands=20, biologie=20)
    add_marks(locations["90AA01"], batch, nederlands=180, biologie=60)
    alone = location_splits({"90AA00"}, marks=read_exam_marks(), table=lesson_table())
    both = location_splits(set(CODES), marks=read_exam_marks(), table=lesson_table())
    assert alone["90AA00"] == both["90AA00"]
    assert set(alone) == {"90AA00"}


def test_profiles_of_a_location_follow_its_own_pupils(locations: dict[str, SchoolLocation], batch: ImportBatch) -> None:
    vmbo = locations["90AA00"]
    add_pupils(vmbo, batch, level=Level.VMBO_B, department="Produceren, installeren en energie", count=30)
    add_pupils(vmbo, batch, level=Level.VMBO_B, department="Zorg en welzijn", count=10)
    add_pupils(vmbo, batch, level=Level.VMBO_GT, department="Groen", count=20)
    add_pupils(vmbo, batch, level=Level.VMBO_GT, department="", count=80)
    assert vmbo_profiles_of(set(CODES)) == {
        "90AA00": {"vmbo_b": {"profiel_pie": 0.75, "profiel_zw": 0.25}, "vmbo_gt": {"profiel_groen": 0.2}}
    }


def test_what_a_page_says_beside_the_need(locations: dict[str, SchoolLocation], batch: ImportBatch) -> None:
    add_marks(locations["90AA00"], batch, nederlands=20, biologie=20)
    draws = learner_draws(
        cells=[("90AA00", "havo", 4), ("90AA00", "hbo", 1)], years=[2026], counts=np.full((2, 1, 5), 50)
    )
    facts = need_facts(forecast_need(learner_draws=draws, location_codes=CODES, seed=1))
    assert facts["formatie"]["vo"]["aanname_share"] == 1.0
    assert facts["formatie"]["vo"]["own_split_share"] > 0.1
    assert facts["formatie"]["vo"]["shipped_rule"]["learners_per_fte"] == 15
    assert facts["formatie_findings"] == [
        {
            "code": "N-101",
            "text": "Het niveau “hbo” van vestiging 90AA00 staat niet in de lessentabel. Deze leerlingen tellen niet mee in"
            " de formatie.",
        }
    ]


def test_every_code_of_a_finding_has_a_dutch_sentence() -> None:
    assert set(FINDING_TEXTS) == {UNKNOWN_LEVEL, NO_RULE, UNKNOWN_EXAM_CODE}


def test_students_of_an_unknown_level_follow_the_sector_of_their_location() -> None:
    school = School.objects.create(brin="90MB")
    SchoolLocation.objects.create(code="90MB", scheme="mbo_instelling", sector=Sector.MBO, school=school)
    draws = learner_draws(cells=[("90MB", "alle", 0)], years=[2026], counts=np.full((1, 1, 50), 180))
    rows = forecast_need(learner_draws=draws, location_codes=["90MB"], seed=1).summary({"90MB": "x"})
    assert [(row.sector, row.position) for row in rows] == [
        ("mbo", "alle"),
        ("mbo", "mbo:docent"),
        ("mbo", "mbo:instructeur"),
    ]
    assert rows[0].mean == pytest.approx(10, rel=0.02)  # 180 / 18


def test_positions_are_made_once_and_kept_equal_to_the_list() -> None:
    number = sync_positions()
    Position.objects.filter(code="vo:wiskunde:eerstegraads").update(name="anders")
    assert sync_positions() == number == Position.objects.count()
    assert Position.objects.get(code="vo:wiskunde:eerstegraads").name == "wiskunde (eerstegraads)"
    assert Position.objects.filter(is_vmbo_profile=True).count() == 11


def test_a_rule_that_does_not_hold_yet_on_the_base_date_does_not_count(locations: dict[str, SchoolLocation]) -> None:
    add_rule(ratio=30, since=date(2025, 8, 1))
    add_rule(ratio=7.5, since=date(2026, 10, 2))
    assert total_of_75_pupils() == pytest.approx(75 / 30, rel=0.02)  # the draws start on 1-10-2026
    assert read_rules(date(2026, 10, 2)).rule_for("90AA00", "vo").learners_per_fte == 7.5
    assert read_rules(date(2024, 10, 1)).rule_for("90AA00", "vo").learners_per_fte == 15


def test_reading_rules_and_figures_takes_few_queries(
    locations: dict[str, SchoolLocation], batch: ImportBatch, django_assert_num_queries: object
) -> None:
    add_rule(ratio=30)
    add_marks(locations["90AA00"], batch, nederlands=20)
    with django_assert_num_queries(2):  # type: ignore[operator]
        read_rules(date(2026, 10, 1))
    with django_assert_num_queries(2):  # type: ignore[operator]
        read_exam_marks()


def test_a_location_that_moved_keeps_its_vmbo_profiles(locations, batch):
    old, new = locations["90AA00"], locations["90AA01"]
    green = Programme.objects.create(
        scheme="elementcode", code="1", name="VMBO BL Groen", level=Level.VMBO_B, profile="Groen"
    )
    LearnerCount.objects.create(
        location=old, programme=green, level=Level.VMBO_B, stage_kind=StageKind.YEAR, stage=3, count=40,
        reference_date=date(2025, 10, 1), batch=batch,
    )  # fmt: skip
    LocationLink.objects.create(old=old, new=new, kind=LinkKind.MOVE, since=date(2026, 8, 1), source="proef")
    splits = location_splits({"90AA01"}, marks=read_exam_marks(), table=lesson_table())
    assert splits["90AA01"] == location_splits({"90AA00"}, marks=read_exam_marks(), table=lesson_table())["90AA00"]
    assert splits["90AA01"].profiles
