"""A board leaves: one file that reads in again, nothing left but what the register says stays, undone within seven days."""

import json
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection

from regio.accounts import consent, leaving
from regio.accounts.enums import Purpose
from regio.accounts.erasure import noted
from regio.accounts.models import BoardExit, Consent, Membership, Person
from regio.audit.models import Event
from regio.audit.retaining import end_terms
from regio.regions.models import Board
from regio.shared.board_rows import contents_of, file_of, rows_of_board
from regio.shared.models import ImportBatch
from regio.shared.personal_data import board_tables, labels_of, own_apps
from regio.workforce.models import DemandRule, ForecastValue, LessonSheetLine, MeasuredShortage, Position, StaffMember
from tests.factories import closed, forecasts, people, regions
from tests.factories.forecasts import NOW

pytestmark = pytest.mark.django_db
BOARD = closed.OWN
VERSION = consent.text_of(Purpose.JOINT_PLANNING).version
DAY = timedelta(days=1)


@pytest.fixture
def small(tmp_path, settings):
    """Give a board with own files and nothing else."""
    settings.HOME = tmp_path
    own_files(regions.board(BOARD), 61)


@pytest.fixture
def board(tmp_path, settings):
    """Give a board with something in every table that can hold something of a board, and another board with the same."""
    settings.HOME = tmp_path
    made = closed.installation()
    for code, number in ((BOARD, 61), (closed.OTHER, 62)):
        own_files(Board.objects.get(code=code), number)
    executive = made.people["bestuurder van het bestuur"]
    consent.give_consent(
        executive, purpose=Purpose.JOINT_PLANNING, organisation=f"bestuur:{BOARD}", version=VERSION, now=NOW
    )
    people.member(made.people["planner van het bestuur"], organisation="bestuur:90002")  # works for two boards
    return made


def own_files(own, number):
    """Load a line of each of the own files of a board, and a rule of its own."""
    code, place = own.code, regions.location(of_board=own, brin=f"90X{number % 10}")
    position = Position.objects.first() or Position.objects.create(
        code="vo:proef:eerstegraads", sector="vo", function_group="leraar", name="Proef"
    )
    batch = forecasts.batch(number, dataset=f"eigen-personeel-bestuur-{code}", file_name=f"personeel-{code}.csv")
    of = {"board": own, "location": place, "position": position, "reference_date": NOW.date(), "batch": batch}
    StaffMember.objects.create(**of, person=f"merk{code}", function_group="leraar", birth_year=1980, milli_fte=800)
    LessonSheetLine.objects.create(**of, lessons=20)
    MeasuredShortage.objects.create(**of, shortage_fte=2, low_fte=1, high_fte=3)
    DemandRule.objects.create(
        sector="vo", board=own, learners_per_fte=15, learners_per_fte_low=14, learners_per_fte_high=16, base_fte=0,
        source=f"eigen regel {code}", is_assumption=False, valid_from=NOW.date(), created_at=NOW,
    )  # fmt: skip


def rows_in(content):
    """Return the rows per table that a file reads back, without the numbers that differ per installation."""
    head, tables = contents_of(content)
    return {
        name: sorted(json.dumps({key: value for key, value in row.items() if key not in ("id", "batch")}, sort_keys=True) for row in rows)
        for name, rows in tables.items()
        if head["tables"][name]["read_back"]
    }  # fmt: skip


def test_every_table_that_names_a_board_says_what_its_exit_does():
    for config in own_apps():
        for table, labels in labels_of(config).items():
            model = config.get_model(table)
            names = [
                field
                for field in model._meta.concrete_fields
                if field.name in ("organisation", "organisation_code", "boards", "board", "dataset")
                or getattr(field, "related_model", None) is Board
            ]
            assert bool(names) <= bool(labels.board or labels.board_because), (
                f"{table}: say `board` or `board_because` in personal_data.yaml"
            )
            assert labels.at_exit in ("row", "last", "keep")
            assert not labels.board or labels.title, f"{table}: people read a title"
            assert labels.at_exit != "keep" or labels.board_because, table


def test_the_file_holds_everything_and_reads_in_again_on_a_fresh_home(board, django_capture_on_commit_callbacks):
    content = leaving.take_file(BOARD, now=NOW)
    before = rows_in(content)
    filled = {name for name, rows in before.items() if rows}
    assert filled >= {"workforce.StaffMember", "workforce.LessonSheetLine", "workforce.MeasuredShortage", "workforce.DemandRule", "accounts.Membership", "accounts.Consent", "shared.ImportBatch", "shared.ImportFinding"}  # fmt: skip
    names = zipfile.ZipFile(BytesIO(content)).namelist()
    assert {"gegevens/workforce.StaffMember.csv", "gegevens/audit.Event.json", "inhoud.json"} <= set(names)
    assert file_of(BOARD) != b""
    with django_capture_on_commit_callbacks(execute=True):
        leaving.begin_exit(BOARD, now=NOW)
        leaving.end_exit(BOARD, now=NOW)
    assert all(not rows for rows in rows_in(file_of(BOARD)).values())
    back = leaving.read_file(content, now=NOW)
    assert rows_in(file_of(BOARD)) == before
    assert back.left == {}
    again = leaving.read_file(content, now=NOW)  # twice is once
    assert rows_in(file_of(BOARD)) == before
    assert again.board == BOARD


def test_a_board_that_left_is_in_no_table_but_where_the_register_says_why(
    board, settings, django_capture_on_commit_callbacks
):
    others = {
        model: model._default_manager.exclude(pk__in=rows_of_board(model, labels, BOARD)).count()
        for model, labels in board_tables()
        if labels.at_exit == "row"
    }
    (settings.HOME / "charts").mkdir()
    with django_capture_on_commit_callbacks(execute=True):
        leaving.begin_exit(BOARD, now=NOW)
    for model, labels in board_tables():
        if labels.at_exit == "row":
            assert rows_of_board(model, labels, BOARD).count() == 0, model
            assert model._default_manager.count() == others[model], model  # nothing of anybody else went
    assert not ForecastValue.objects.filter(mean=float(closed.STAFF)).exists()
    assert not (settings.HOME / "charts").exists()
    with connection.cursor() as cursor:
        for table in ("workforce_staffmember", "workforce_demandrule", "shared_importfinding"):
            cursor.execute(f'SELECT * FROM "{table}"')
            assert f"merk{BOARD}" not in str(cursor.fetchall())
    with django_capture_on_commit_callbacks(execute=True):
        assert leaving.end_exit(BOARD, now=NOW) == 1  # the executive; the planner works for another board too
    left = {model._meta.label for model, labels in board_tables() if rows_of_board(model, labels, BOARD).exists()}
    assert (
        left
        == {model._meta.label for model, labels in board_tables() if labels.at_exit == "keep" and labels.board_because}
        & left
    )
    assert left == {"audit.Event"}
    assert list((settings.HOME / "vertrek").iterdir()) == []
    assert [one.get("board") for one in noted() if "board" in one] == [BOARD]
    planner = board.people["planner van het bestuur"]
    assert Membership.objects.get(person=planner).organisation_code == "90002"
    assert not Person.objects.filter(pk=board.people["bestuurder van het bestuur"].pk).exists()


def test_within_seven_days_it_can_be_undone_and_consent_is_asked_anew(
    board, settings, django_capture_on_commit_callbacks
):
    consent.withdraw_consent(None, purpose=Purpose.JOINT_PLANNING, organisation=f"bestuur:{BOARD}", now=NOW)
    before = rows_in(file_of(BOARD))
    with django_capture_on_commit_callbacks(execute=True):
        begun = leaving.begin_exit(BOARD, now=NOW)
    (sealed,) = (settings.HOME / "vertrek").iterdir()
    assert sealed.stat().st_mode & 0o077 == 0
    assert f"merk{BOARD}".encode() not in sealed.read_bytes()
    assert not zipfile.is_zipfile(sealed)
    assert begun.rows > 10
    with pytest.raises(leaving.LeavesAlready):
        leaving.begin_exit(BOARD, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        leaving.undo_exit(BOARD, now=NOW + DAY)
    assert rows_in(file_of(BOARD)) == before
    assert list((settings.HOME / "vertrek").iterdir()) == []
    assert not Consent.objects.filter(withdrawn_at=None).exists()
    with pytest.raises(leaving.LeavesNot):
        leaving.undo_exit(BOARD, now=NOW)
    assert [
        kind.partition(".")[2]
        for kind in Event.objects.filter(kind__contains="exit_").order_by("pk").values_list("kind", flat=True)
    ] == ["exit_begun", "exit_undone"]


def test_after_seven_days_it_goes_by_itself(small, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        leaving.begin_exit(BOARD, now=NOW)
        assert end_terms(now=NOW + 6 * DAY)[0]["vertrek"] == 0
        assert end_terms(now=NOW + 8 * DAY)[0]["vertrek"] == 1
    assert BoardExit.objects.get().state == "weg"
    assert not ImportBatch.objects.filter(dataset__contains=BOARD).exists()


def test_a_file_that_was_changed_is_refused(small):
    content = bytearray(leaving.take_file(BOARD, now=NOW))
    for wrong in (b"", b"geen zip", bytes(content[:200])):
        with pytest.raises(leaving.UserError):
            leaving.read_file(wrong, now=NOW)
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(bytes(content))) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(f"merk{BOARD}".encode(), b"merk0"))
    with pytest.raises(leaving.UserError, match=r"workforce\.StaffMember"):
        leaving.read_file(target.getvalue(), now=NOW)
    assert StaffMember.objects.count() == 1


def test_the_pages_of_an_exit_ask_the_number_and_end_in_a_day(client, small, django_capture_on_commit_callbacks):
    executive = people.person(role="board_executive", organisation=f"bestuur:{BOARD}")
    people.sign_in(client, executive)
    page = f"/bestuur/{BOARD}/vertrek/"
    assert client.post(f"{page}bestand/")["Content-Type"] == "application/zip"
    assert client.post(f"{page}bevestig/", {"how": "bedenktijd", "number": "1"}).status_code == 422
    assert StaffMember.objects.exists()
    client.post(f"{page}bevestig/", {"how": "bedenktijd", "number": BOARD})
    assert not StaffMember.objects.exists()
    assert "Draai het vertrek terug" in client.get(page).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page, {"doe": "terug"})
    assert StaffMember.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        said = client.post(f"{page}bevestig/", {"how": "meteen", "number": BOARD}).content.decode()
    assert "is vertrokken" in said
    assert not Person.objects.filter(pk=executive.pk).exists()
    assert client.get(page).status_code == 302  # signed out, with the account
    with pytest.raises(leaving.NotACode):
        leaving.begin_exit("../90001", now=NOW)
