"""The own staff files of Regio Voorbeeld: who has what, figures that fit, and the stories in them."""

import csv
import re
from datetime import date

import pytest

from regio.regions.models import Board
from regio.site.voorbeeld.lessons import SMALL_SECTIONS, sheet_of
from regio.site.voorbeeld.staff import OWN_PO_BOARD, OWN_VO_BOARDS, WITHOUT_STAFF
from regio.workforce.enums import StaffOrigin
from regio.workforce.models import LessonSheetLine, MeasuredShortage, PersonnelCount, StaffMember
from regio.workforce.staff_loaded import staff_origins

NEWEST = date(2025, 10, 1)


def lines_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def staffed(example, part, subjects=None):
    """Return the part of the lessons that is given in a part of the region."""
    sheets = [
        sheet_of(example, one) for one in example.schools.vo if one.in_register and one.municipality.part.name == part
    ]
    lines = [line for sheet in sheets for line in sheet if subjects is None or line.subject in subjects]
    return sum(line.given for line in lines) / sum(line.needed for line in lines)


def test_every_vo_board_but_one_brings_files(example, example_files):
    folders = {path.name for path in (example_files / "eigen").iterdir()}
    boards = {one.board.code for one in example.schools.vo if one.in_register}
    assert folders == (boards - {WITHOUT_STAFF}) | {OWN_PO_BOARD}
    with_staff = {path.parent.name for path in (example_files / "eigen").rglob("personeel-*.csv")}
    assert with_staff == {*OWN_VO_BOARDS, OWN_PO_BOARD}


def test_no_file_has_a_name_of_anybody(example_files):
    for path in (example_files / "eigen").rglob("*.csv"):
        header = path.read_bytes().split(b"\r\n")[0].decode("utf-8-sig")
        assert not re.search("NAAM|ADRES|BSN|MAIL", header), path


def test_the_east_is_short_of_four_subjects_and_the_coast_has_hours_to_spare(example):
    assert staffed(example, "Oosterhaag", {"natuurkunde", "informatica", "Duits", "Nederlands"}) < 0.92
    assert staffed(example, "Oosterhaag", {"geschiedenis", "biologie", "wiskunde"}) > 0.96
    assert staffed(example, "Zeekant") > 1.02


def test_three_schools_have_small_sections_that_only_fit_together(example):
    sheets = {one.now.name: sheet_of(example, one) for one in example.schools.vo if one.now.name in SMALL_SECTIONS}
    assert len(sheets) == 3
    for subject in ("informatica", "Duits"):
        fte = [
            line.given / 20 for sheet in sheets.values() for line in sheet
            if (line.subject, line.grade) == (subject, "eerstegraads")
        ]  # fmt: skip
        assert max(fte) < 0.5
        assert 0.8 <= sum(fte) <= 1.2


def test_pie_and_bwi_lose_two_people_next_summer(example_files):
    rows = lines_of(example_files / "eigen" / "90022" / "personeel-90022-2025-10-01.csv")
    profiles = [row for row in rows if row["VAK"] in ("PIE", "BWI") and row["GEBOORTEDATUM"].endswith("1959")]
    assert sorted((row["VAK"], row["WERKTIJDFACTOR"]) for row in profiles) == [("BWI", "1"), ("PIE", "1")]


def test_two_years_of_a_board_hold_mostly_the_same_people(example_files):
    folder = example_files / "eigen" / "90022"
    before, now = ({row["PERSONEELSNUMMER"] for row in lines_of(folder / f"personeel-90022-{year}-10-01.csv")} for year in (2024, 2025))  # fmt: skip
    assert 0.04 < len(before - now) / len(before) < 0.12


@pytest.mark.django_db
def test_loaded_they_give_own_staff_public_counts_and_one_board_without(loaded_example):
    origins = staff_origins("vo")
    assert [board for board, origin in origins.items() if origin == StaffOrigin.OWN] == [*OWN_VO_BOARDS]
    assert [board for board, origin in origins.items() if origin == StaffOrigin.NONE] == [WITHOUT_STAFF]
    assert sum(origin == StaffOrigin.PUBLIC for origin in origins.values()) == 5
    assert staff_origins("po")[OWN_PO_BOARD] == StaffOrigin.OWN
    assert set(staff_origins("mbo").values()) == {StaffOrigin.PUBLIC}
    assert MeasuredShortage.objects.values("board").distinct().count() == 2


@pytest.mark.django_db
def test_own_files_and_lesson_sheets_fit_the_workbook(loaded_example):
    for board in Board.objects.filter(code__in=[*OWN_VO_BOARDS, OWN_PO_BOARD]):
        own = StaffMember.objects.filter(board=board, reference_date=NEWEST, function_group="leraar")
        counted = PersonnelCount.objects.filter(
            school__board=board, year=2025, function_group="leraar", fte__isnull=False
        )
        fte = sum(own.values_list("milli_fte", flat=True)) / 1000
        assert fte == pytest.approx(sum(counted.values_list("fte", flat=True)), rel=0.2), board
    for board in ("90021", "90023", "90024", "90026"):
        lessons = sum(LessonSheetLine.objects.filter(board=board).values_list("lessons", flat=True))
        counted = PersonnelCount.objects.filter(
            school__board=board, sector="vo", year=2025, function_group="leraar", fte__isnull=False
        )
        assert lessons / 20 == pytest.approx(sum(counted.values_list("fte", flat=True)), rel=0.2), board
