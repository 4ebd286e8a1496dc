"""A board's own files: read, checked, kept without names; what is wrong has line, column and reason."""

from datetime import date

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command

from regio.regions.models import Board, School, SchoolLocation
from regio.shared.importing.pipeline import Options
from regio.shared.models import ImportBatch, ImportFinding
from regio.workforce.models import LessonSheetLine, MeasuredShortage, PersonnelCount, StaffMember
from regio.workforce.sources.own_staff import pseudonym
from regio.workforce.sources.own_staff_words import function_group, qualification_of
from regio.workforce.staff_import import UnknownBoard, import_files, remove_files
from tests.samples import problems, write_csv

pytestmark = pytest.mark.django_db
HEADER = ["PERSONEELSNUMMER", "GEBOORTEDATUM", "WERKTIJDFACTOR", "VESTIGING", "FUNCTIE", "VAK", "GRAAD"]
MORE = ["GESLACHT", "IN DIENST SINDS", "SCHAAL", "BEVOEGDHEID", "TERMIJN TOT", "TWEEDE VAK", "DIENSTVERBAND"]
NAME = "personeel-2025-10-01.csv"


@pytest.fixture(autouse=True)
def _places():
    for board, brin, sector, codes in (
        ("90021", "90AA", "vo", ("90AA00", "90AA01")), ("90022", "90AB", "vo", ("90AB00",)), ("90001", "90AC", "po", ("90AC00",)),
    ):  # fmt: skip
        owner = Board.objects.create(code=board)
        school = School.objects.create(brin=brin, board=owner)
        for code in codes:
            SchoolLocation.objects.create(code=code, sector=sector, school=school, board=owner, in_register=True)


def person(number="1", born="12-3-1980", fte="0,8", place="90AA00", function="docent", subject="Duits", grade="2"):
    return [number, born, fte, place, function, subject, grade]


def several(count):
    return [person(number=str(n)) for n in range(count)]


def load(path, *, board="90021", **options):
    (result,) = import_files(board, [path], options=Options(**options))
    return result


def staff_file(tmp_path, *rows, name=NAME, header=HEADER, **style):
    return write_csv(tmp_path / name, header, rows, **style)


# ------------------------------------------------------------------------------------------------------ what is kept
def test_a_line_becomes_an_employment(tmp_path):
    row = [*person(grade="eerstegraads"), "V", "1-8-2010", "LD", "benoembaar", "31-7-2027", "Frans", "vast"]
    assert load(staff_file(tmp_path, row, header=[*HEADER, *MORE])).outcome == "geladen"
    kept = StaffMember.objects.get()
    assert (kept.board_id, kept.location.code, kept.position_id) == ("90021", "90AA00", "vo:duits:eerstegraads")
    assert (kept.birth_year, kept.milli_fte, kept.in_service_since, kept.gender) == (1980, 800, 2010, "vrouw")
    assert (kept.scale, kept.qualification, kept.term_ends_on) == ("LD", "benoembaar", date(2027, 7, 31))
    assert (kept.second_position_id, kept.is_permanent) == ("vo:frans:eerstegraads", True)
    assert kept.reference_date == date(2025, 10, 1)


def test_the_employee_number_is_kept_as_a_keyed_hash_only(tmp_path):
    load(staff_file(tmp_path, person(number="A-1234")))
    kept = StaffMember.objects.get()
    assert kept.person == pseudonym("90021", "A-1234")
    assert kept.person != pseudonym("90022", "A-1234")
    assert len(kept.person) == 32
    for model in (StaffMember, ImportBatch, ImportFinding):
        assert "1234" not in str(list(model.objects.values()))


def test_another_secret_gives_another_hash(settings):
    before = pseudonym("90021", "7")
    settings.SECRET_KEY = "another"
    assert pseudonym("90021", "7") != before


@pytest.mark.parametrize(
    "column",
    ["NAAM", "Achternaam", "E-mailadres", "BSN", "Voorletters", "Naam medewerker", "Woonplaats", "TELEFOONNUMMER"],
)
def test_a_file_with_names_is_refused_and_nothing_of_it_kept(tmp_path, column):
    result = load(staff_file(tmp_path, [*person(), "geheim"], header=[*HEADER, column]))
    assert result.outcome == "geweigerd"
    assert result.findings[0].code == "R-114"
    assert column in result.message
    assert not StaffMember.objects.exists()
    assert not ImportBatch.objects.exists()


def test_a_column_about_the_location_or_function_may_have_a_name(tmp_path):
    header = [*HEADER, "VESTIGINGSNAAM", "FUNCTIENAAM"]
    assert load(staff_file(tmp_path, [*person(), "Lyceum", "docent"], header=header)).outcome == "geladen"


def test_a_person_may_have_two_positions_with_two_lines(tmp_path):
    load(staff_file(tmp_path, person(grade="1", fte="0,5"), person(grade="2", fte="0,3125")))
    kept = StaffMember.objects.order_by("milli_fte")
    assert [one.milli_fte for one in kept] == [312, 500]
    assert kept[0].person == kept[1].person


def test_the_day_comes_from_option_column_or_name(tmp_path):
    load(staff_file(tmp_path, person(), name="een.csv"), on=date(2024, 1, 1))
    load(staff_file(tmp_path, [*person(), "1-2-2025"], header=[*HEADER, "PEILDATUM"], name="twee-2019.csv"))
    days = set(StaffMember.objects.values_list("reference_date", flat=True))
    assert days == {date(2024, 1, 1), date(2025, 2, 1)}
    assert load(staff_file(tmp_path, person(fte="1"), name="geen.csv")).findings[0].code == "R-106"
    two_days = staff_file(
        tmp_path, [*person(), "1-2-2025"], [*person("2"), "1-3-2025"], header=[*HEADER, "PEILDATUM"], name="d.csv"
    )
    assert load(two_days).findings[0].code == "R-119"


def test_who_is_no_teacher_is_kept_without_position(tmp_path):
    rows = [person("1", function=name, subject="") for name in ("conciërge", "Teamleider", "LIO")]
    rows = [[str(n), *row[1:]] for n, row in enumerate(rows)]
    load(staff_file(tmp_path, *rows))
    kept = StaffMember.objects.order_by("pk").values_list("function_group", "position_id")
    assert list(kept) == [("oop", None), ("directie", None), ("lio", None)]


def test_a_vo_teacher_without_subject_is_kept_and_told(tmp_path):
    result = load(staff_file(tmp_path, person(subject=""), person("2")))
    assert [f.code for f in result.findings] == ["R-310"]
    assert StaffMember.objects.filter(position=None).count() == 1


def test_in_po_the_function_is_the_position(tmp_path):
    rows = [person(str(n), place="90AC00", function=name, subject="", grade="") for n, name in
            enumerate(("leerkracht", "vakleerkracht gym"))]  # fmt: skip
    load(staff_file(tmp_path, *rows), board="90001")
    found = StaffMember.objects.order_by("pk").values_list("position_id", flat=True)
    assert list(found) == ["po:groepsleraar", "po:vakleerkracht"]


# -------------------------------------------------------------------------------------------------- what can be wrong
@pytest.mark.parametrize(
    ("changes", "code", "column", "value"),
    [
        ({"fte": "12,5"}, "R-118", "WERKTIJDFACTOR", "12,5"),
        ({"fte": "0"}, "R-118", "WERKTIJDFACTOR", "0"),
        ({"fte": "-0,5"}, "R-118", "WERKTIJDFACTOR", "-0,5"),
        ({"fte": "80%"}, "R-118", "WERKTIJDFACTOR", "80%"),
        ({"fte": ""}, "R-118", "WERKTIJDFACTOR", ""),
        ({"fte": "Jan Jansen"}, "R-118", "WERKTIJDFACTOR", ""),
        ({"place": "90AB00"}, "R-117", "VESTIGING", "90AB00"),
        ({"place": "90ZZ00"}, "R-116", "VESTIGING", "90ZZ00"),
        ({"function": "tovenaar"}, "R-122", "FUNCTIE", "tovenaar"),
        ({"subject": "toveren"}, "R-122", "VAK", "toveren"),
        ({"grade": "derde"}, "R-122", "GRAAD", "derde"),
        ({"born": "31-2-1980"}, "R-123", "GEBOORTEDATUM", ""),
        ({"born": "2020"}, "R-123", "GEBOORTEDATUM", ""),
        ({"born": "Jan Jansen"}, "R-123", "GEBOORTEDATUM", ""),
        ({"number": ""}, "R-121", "PERSONEELSNUMMER", ""),
    ],
)
def test_a_bad_cell_refuses_its_row_with_line_column_and_reason(tmp_path, changes, code, column, value):
    result = load(staff_file(tmp_path, person("1"), person("2"), person(**{"number": "3", **changes})))
    assert (result.outcome, result.rows_refused) == ("geladen", 1)
    assert problems(result) == [(code, 4, column, value)]
    assert StaffMember.objects.count() == 2


def test_the_same_person_twice_in_one_position_counts_once(tmp_path):
    result = load(staff_file(tmp_path, person("1"), person("2"), person("1", fte="0,5")))
    assert problems(result) == [("R-120", 4, "PERSONEELSNUMMER", "")]
    assert sorted(StaffMember.objects.values_list("milli_fte", flat=True)) == [800, 800]


def test_more_than_one_and_a_fifth_fte_together_is_told(tmp_path):
    result = load(staff_file(tmp_path, person("1", fte="0,8"), person("1", fte="0,8", grade="1")))
    assert [(f.code, f.detail) for f in result.findings] == [("R-206", 1)]


def test_mostly_bad_rows_refuse_the_file(tmp_path):
    result = load(staff_file(tmp_path, person("1"), person("2", place="90AB00"), person("3", place="90AB00")))
    assert result.outcome == "geweigerd"
    assert "2 van 3" in result.message
    assert not StaffMember.objects.exists()


def test_a_missing_column_is_named(tmp_path):
    header = [name for name in HEADER if name != "WERKTIJDFACTOR"]
    rows = [[value for name, value in zip(HEADER, person(), strict=True) if name != "WERKTIJDFACTOR"]]
    result = load(staff_file(tmp_path, *rows, header=header))
    assert (result.outcome, result.findings[0].code) == ("geweigerd", "R-115")
    assert "WERKTIJDFACTOR" in result.message


def test_another_header_is_not_recognised(tmp_path):
    result = load(write_csv(tmp_path / "iets-2025.csv", ["A", "B", "C"], [[1, 2, 3]]))
    assert result.outcome == "niet_herkend"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_usual_encodings_and_delimiters_are_read(tmp_path, encoding, delimiter):
    rows = [person("1", function="conciërge", subject=""), person("2", fte="0.75" if delimiter == "," else "0,75")]
    rows[0][2] = "1"
    assert load(staff_file(tmp_path, *rows, encoding=encoding, delimiter=delimiter)).outcome == "geladen"
    assert StaffMember.objects.filter(function_group="oop").count() == 1


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / NAME
    path.write_bytes(b"PERSONEELSNUMMER;\x00\x01\x02\n1;2\n")
    assert load(path).findings[0].code == "R-102"


def test_a_workbook_is_read(tmp_path):
    path = tmp_path / "personeel-2025-10-01.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Toelichting").write(0, 0, "niets")
        page = book.add_worksheet("Personeel")
        page.write_row(0, 0, HEADER)
        page.write_row(1, 0, [1001, 1980, 0.8, "90AA00", "docent", "wiskunde", 1])
        page.write_datetime(1, 1, date(1979, 5, 6), book.add_format({"num_format": "d-m-yyyy"}))
    assert load(path).outcome == "geladen"
    kept = StaffMember.objects.get()
    assert (kept.birth_year, kept.milli_fte, kept.position_id) == (1979, 800, "vo:wiskunde:eerstegraads")


# ------------------------------------------------------------------------------------------------------- again and again
def test_a_dry_run_keeps_nothing(tmp_path):
    assert load(staff_file(tmp_path, person()), dry_run=True).outcome == "proef"
    assert not StaffMember.objects.exists()
    assert not ImportBatch.objects.exists()


def test_the_same_file_again_changes_nothing(tmp_path):
    path = staff_file(tmp_path, person())
    assert [load(path).outcome, load(path).outcome] == ["geladen", "ongewijzigd"]
    assert StaffMember.objects.count() == 1


def test_a_newer_file_of_the_same_day_takes_its_place(tmp_path):
    load(staff_file(tmp_path, *several(3)))
    load(staff_file(tmp_path, *several(2), name="personeel-nieuw-2025-10-01.csv"))
    assert StaffMember.objects.count() == 2


def test_the_newest_two_days_are_kept(tmp_path):
    for year in (2023, 2024, 2025):
        load(staff_file(tmp_path, person(fte=f"0,{year - 2020}"), name=f"personeel-{year}-10-01.csv"))
    days = StaffMember.objects.order_by("reference_date").values_list("reference_date__year", flat=True)
    assert list(days) == [2024, 2025]


def test_ten_times_as_many_people_wait_for_consent(tmp_path):
    load(staff_file(tmp_path, *several(30)))
    path = staff_file(tmp_path, *several(300), name="personeel-groot-2025-10-01.csv")
    result = load(path)
    assert result.outcome == "wacht_op_akkoord"
    assert "R-202" in [f.code for f in result.findings]
    assert StaffMember.objects.count() == 30
    assert load(path, accept=True).outcome == "geladen"
    assert StaffMember.objects.count() == 300


def test_a_first_file_far_from_what_duo_counts_waits_for_consent(tmp_path):
    batch = ImportBatch.objects.create(dataset="personeel", size_bytes=1, loaded_at="2026-01-01T00:00:00Z")
    PersonnelCount.objects.create(
        sector="vo", school_id="90AA", function_group="leraar", year=2025, fte=2.4, batch=batch
    )  # fmt: skip
    assert load(staff_file(tmp_path, *several(3))).outcome == "geladen"
    StaffMember.objects.all().delete()
    result = load(staff_file(tmp_path, *several(30), name="tien-keer-2026-10-01.csv"))
    assert result.outcome == "wacht_op_akkoord"
    assert "24 fte leraar, DUO telt 2 fte in 2025" in result.message


def test_everything_of_a_board_can_be_taken_out(tmp_path):
    path = staff_file(tmp_path, *several(3))
    load(path)
    load(staff_file(tmp_path, person(place="90AB00"), name="ander-2025-10-01.csv"), board="90022")
    assert remove_files("90021") == 3
    assert list(StaffMember.objects.values_list("board_id", flat=True)) == ["90022"]
    assert load(path, accept=True).outcome == "geladen"


# ------------------------------------------------------------------------------------------------- lessons and shortage
LESSONS = ["VESTIGING", "VAK", "GRAAD", "LESSEN", "BEVOEGD", "BENOEMBAAR"]


def test_a_lesson_sheet_becomes_lines(tmp_path):
    rows = [["90AA00", "Duits", "2", "40,5", "36", "2,5"], ["90AA01", "PIE", "", "26", "", ""]]
    result = load(write_csv(tmp_path / "lessen-2025.csv", LESSONS, rows))
    assert (result.outcome, result.totals) == ("geladen", {"lessen": 66.5})
    lines = LessonSheetLine.objects.order_by("location__code").values_list(
        "position_id", "lessons", "qualified_lessons", "appointable_lessons"
    )
    assert list(lines) == [
        ("vo:duits:tweedegraads", 40.5, 36.0, 2.5),
        ("vo:profiel_pie:tweedegraads", 26.0, None, None),
    ]


def test_a_lesson_sheet_that_does_not_add_up_is_told_per_line(tmp_path):
    rows = [
        ["90AA00", "Duits", "2", "40", "36", "2"], ["90AA00", "Duits", "2", "40", "36", "2"], ["90AA00", "Frans", "2", "10", "9", "2"],
        ["90AA00", "Engels", "2", "veel", "9", "2"], *(["90AA01", name, "2", "10", "9", "1"] for name in ("Frans", "Engels", "netl")),
    ]  # fmt: skip
    result = load(write_csv(tmp_path / "lessen-2025.csv", LESSONS, rows))
    assert sorted(problems(result), key=lambda one: one[1]) == [
        ("R-126", 3, "VAK", "Duits"), ("R-124", 4, "BEVOEGD", "9"), ("R-118", 5, "LESSEN", ""),
    ]  # fmt: skip


def test_a_measured_shortage_has_a_range_of_a_third_unless_told(tmp_path):
    header = ["VESTIGING", "VAK", "GRAAD", "TEKORT FTE", "LAAG", "HOOG"]
    rows = [
        ["", "Duits", "2", "1,5", "", ""],
        ["90AA01", "Frans", "1", "1", "0,5", "2"],
        ["", "Engels", "1", "1", "2", "3"],
    ]
    result = load(write_csv(tmp_path / "tekort-2025.csv", header, rows))
    assert problems(result) == [("R-125", 4, "LAAG", "2")]
    found = MeasuredShortage.objects.order_by("pk").values_list("location__code", "position_id", "low_fte", "high_fte")
    assert list(found) == [(None, "vo:duits:tweedegraads", 1.0, 2.0), ("90AA01", "vo:frans:eerstegraads", 0.5, 2.0)]


def test_outside_vo_a_shortage_names_the_function(tmp_path):
    path = write_csv(tmp_path / "tekort-2025.csv", ["VAK", "TEKORT FTE"], [["groepsleraar", "2"]])
    assert load(path, board="90001").outcome == "geladen"
    assert MeasuredShortage.objects.get().position_id == "po:groepsleraar"


# ------------------------------------------------------------------------------------------------------ words, command
@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Docent LC", "leraar"),
        ("leerkracht groep 3", "leraar"),
        ("lerarenondersteuner", "oop"),
        ("conrector", "directie"),
        ("LIO", "lio"),
        ("kok", None),
    ],
)
def test_functions_are_understood(text, group):
    assert function_group(text) == group


def test_qualifications_are_understood():
    told = [qualification_of(text) for text in ("Bevoegd", "zij-instromer", "onbevoegd", "", "misschien")]
    assert told == ["bevoegd", "benoembaar", "onbevoegd", "", None]


def test_the_command_loads_and_takes_out(tmp_path, capsys):
    path = staff_file(tmp_path, person())
    call_command("import", "staff", "--board", "90021", str(path))
    assert "geladen: personeel-2025-10-01.csv (Eigen personeelsbestand), 1 regels gelezen" in capsys.readouterr().out
    call_command("import", "staff", "--board", "090021", "--remove")
    assert "Alle eigen bestanden van bestuur 090021 zijn eruit: 1 regels." in capsys.readouterr().out


def test_the_command_asks_for_the_board_and_knows_it(tmp_path):
    path = str(staff_file(tmp_path, person()))
    with pytest.raises(CommandError, match="Noem het bestuur"):
        call_command("import", "staff", path)
    with pytest.raises(CommandError, match="Bestuur 99999 kennen wij niet"):
        call_command("import", "staff", "--board", "99999", path)
    with pytest.raises(UnknownBoard):
        remove_files("99999")
