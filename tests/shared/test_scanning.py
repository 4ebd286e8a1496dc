"""What somebody brings is looked at before anything reads it; what leaves runs in no spreadsheet."""

import csv
import io
import sys
import zipfile

import openpyxl
import pytest
from django.test import override_settings

from regio.shared import scanning
from regio.shared.export import rows_to_bytes
from regio.shared.importing.pipeline import Options, import_paths
from regio.shared.scanning import TEST_SIGN, FileUnsafe, require_safe
from regio.shared.spreadsheets import safe_cell


def test_the_test_sign_is_the_one_that_scanners_agreed_on():
    import hashlib

    assert hashlib.md5(TEST_SIGN).hexdigest() == "44d88612fea8a8f36de82e1278abb02f"


def test_an_ordinary_file_passes(tmp_path):
    (tmp_path / "a.csv").write_text("A;B\n1;2\n")
    require_safe(tmp_path / "a.csv")


@pytest.mark.parametrize("before", [0, 10, scanning.PIECE_BYTES - 30])
def test_a_virus_is_found_wherever_it_is(tmp_path, before):
    (tmp_path / "a.csv").write_bytes(b"x" * before + TEST_SIGN + b"\n1;2\n")
    with pytest.raises(FileUnsafe, match="virus"):
        require_safe(tmp_path / "a.csv")


def test_a_virus_inside_a_workbook_is_found(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/vba.bin", TEST_SIGN)
    with pytest.raises(FileUnsafe, match="virus"):
        require_safe(tmp_path / "a.xlsx")


def test_too_large_and_too_much_inside_are_refused(tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "bom.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"0" * 1_000_000)
    monkeypatch.setattr(scanning, "LARGEST_UNPACKED_BYTES", 999_999)
    with pytest.raises(FileUnsafe, match="uitgepakt"):
        require_safe(tmp_path / "bom.xlsx")
    monkeypatch.setattr(scanning, "LARGEST_BYTES", 100)
    (tmp_path / "groot.csv").write_bytes(b"x" * 101)
    with pytest.raises(FileUnsafe, match="meer dan"):
        require_safe(tmp_path / "groot.csv")


@pytest.mark.parametrize(("code", "words"), [(1, "virus"), (2, "geen antwoord"), (0, None)])
def test_the_scanner_of_the_administrator_decides(tmp_path, code, words):
    file, program = tmp_path / "a b;c.csv", tmp_path / "scanner.py"
    file.write_text("A;B\n")
    program.write_text(f"import sys, pathlib; assert pathlib.Path(sys.argv[1]).name == 'a b;c.csv'; sys.exit({code})")
    with override_settings(SCANNER=f"{sys.executable} {program}"):
        if words is None:
            require_safe(file)
        else:
            with pytest.raises(FileUnsafe, match=words):
                require_safe(file)
    with override_settings(SCANNER=str(tmp_path / "bestaat-niet")), pytest.raises(FileUnsafe, match="geen antwoord"):
        require_safe(file)


def test_the_import_of_own_files_opens_only_what_passed(tmp_path, db):
    opened = []

    class Nosy:
        kind, columns, label, id, order = "csv", frozenset({"A"}), "Proef", "proef", 1

        def recognises(self, source):
            opened.append(source.name)
            return False

    (tmp_path / "goed.csv").write_text("A;B\n1;2\n")
    (tmp_path / "kwaad.csv").write_bytes(b"A;B\n" + TEST_SIGN)
    (tmp_path / "kapot.xlsx").write_bytes(b"PK\x05\x06" + b"\0" * 18 + b"PK\x01\x02")
    results = {result.path.name: result for result in import_paths([tmp_path], options=Options(), own_readers=[Nosy()])}
    assert (results["kwaad.csv"].outcome, results["kwaad.csv"].findings[0].code) == ("geweigerd", "R-127")
    assert "virus" in results["kwaad.csv"].message
    assert "kwaad.csv" not in opened
    assert "goed.csv" in opened


# -------------------------------------------------------------------------------------------------- what leaves
@pytest.mark.parametrize("text", ["=1+1", "+31 6", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("x")'])
def test_text_that_a_spreadsheet_would_run_gets_a_quote(text):
    rows = [{"naam": text, "fte": -1.5, "aantal": -3}]
    out = rows_to_bytes(rows, columns=["naam", "fte", "aantal"], file_format="csv").decode()
    assert list(csv.reader(io.StringIO(out, newline="")))[1] == ["'" + text.replace("\r", " "), "-1.5", "-3"]
    book = rows_to_bytes(rows, columns=["naam", "fte", "aantal"], file_format="xlsx")
    cells = next(openpyxl.load_workbook(io.BytesIO(book)).active.iter_rows(min_row=2))
    assert [cell.data_type for cell in cells] == ["s", "n", "n"]
    assert [cell.value for cell in cells][1:] == [-1.5, -3]


def test_numbers_and_ordinary_text_stay_as_they_are():
    assert [safe_cell(value) for value in (-3, -1.5, None, "De Boog", "")] == [-3, -1.5, None, "De Boog", ""]
