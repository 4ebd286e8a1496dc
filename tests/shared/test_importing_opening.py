"""Opening files of any make: encodings, line ends, delimiters, ragged lines, packed and broken files."""

import gzip
import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from regio.shared.importing.contract import FileRefused
from regio.shared.importing.opening import Source
from regio.shared.importing.rows import Rows
from regio.shared.importing.text import normalise_header

TEXT = "BRIN NUMMER;VESTIGINGSNUMMER;NAAM;AANTAL\r\n90AA;00;Zée;0012\r\n90AA;1; Duin\u00a0;7\r\n"


def write(tmp_path: Path, data: bytes, name: str = "bestand.csv") -> Source:
    path = tmp_path / name
    path.write_bytes(data)
    return Source(path)


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("cp1252"),
        TEXT.encode("utf-8"),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.replace("\r\n", "\n").encode("latin-1"),
        TEXT.replace("\r\n", "\r").encode("cp1252"),
        TEXT.replace(";", ",").encode("utf-8"),
        TEXT.replace(";", "\t").encode("utf-8"),
        TEXT.replace("90AA;00;Zée;0012", '"90AA";"00";"Zée";"0012"').encode("cp1252"),
        gzip.compress(TEXT.encode("cp1252")),
    ],
    ids=["cp1252", "utf-8", "bom", "utf-16", "latin-1 LF", "CR", "comma", "tab", "quotes", "gzip"],
)
def test_the_same_rows_come_out_whatever_the_make(tmp_path: Path, data: bytes) -> None:
    table = write(tmp_path, data).table()
    assert table.frame.rows() == [(2, "90AA", "00", "Zée", "0012"), (3, "90AA", "1", "Duin", "7")]
    assert table.findings == []


def test_header_names_of_all_years_are_one_spelling() -> None:
    names = ["INSTELLINGSCODE", "BRIN_NUMMER", "\ufeffBRIN NUMMER", "brinnummer", " brin_nummer "]
    assert {normalise_header(name) for name in names} == {"BRIN NUMMER"}
    assert {normalise_header(name) for name in ("VESTIGINGSCODE", "vestigings_nummer", "Vestigingsnummer")} == {
        "VESTIGINGSNUMMER"
    }


def test_ragged_lines_are_reported_with_their_number_and_the_others_stay(tmp_path: Path) -> None:
    data = b"A;B;C\n1;2;3\n1;2\n\n4;5;6;7\n8;9;10\n"
    table = write(tmp_path, data).table()
    assert table.frame.rows() == [(2, "1", "2", "3"), (6, "8", "9", "10")]
    assert [(f.code, f.line, f.detail) for f in table.findings] == [("R-104", 3, 2), ("R-104", 5, 4)]


def test_a_lone_quote_does_not_swallow_the_rest_of_the_file(tmp_path: Path) -> None:
    table = write(tmp_path, b'A;B;C\n1;"half;3\n4;5;6\n7;8;9\n').table()
    assert table.frame.rows()[0] == (2, "1", '"half', "3")
    assert table.frame.height == 3


def test_a_line_break_inside_quotes_keeps_line_numbers_right(tmp_path: Path) -> None:
    table = write(tmp_path, b'"A";"B"\n"1";"two\nlines"\n"3";"4"\n').table()
    assert table.frame.rows() == [(3, "1", "two\nlines"), (4, "3", "4")]


def test_an_archive_of_files_per_municipality_is_one_table(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", "A;B\r\n1;2\r\n")
        archive.writestr("b.csv", "A;B\r\n3;4\r\n")
    table = write(tmp_path, packed.getvalue(), "alles.zip").table()
    assert [row[1:] for row in table.frame.rows()] == [("1", "2"), ("3", "4")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "R-101"),
        (b"  \r\n ", "R-101"),
        (b"A;B;C\r\n", "R-101"),
        (TEXT.encode("utf-16-le"), "R-102"),
        (gzip.compress(TEXT.encode() * 1000)[:-40], "R-109"),
        (b"A;B\n1;2\n1\n2\n3\n4\n", "R-111"),
    ],
    ids=["empty", "blank", "only a header", "UTF-16 without mark", "half gzip", "mostly ragged"],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(tmp_path: Path, data: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        write(tmp_path, data).table()
    assert refusal.value.finding.code == code
    assert str(refusal.value).endswith(".")


def test_a_half_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refusal:
        _ = write(tmp_path, b"PK\x03\x04half", "werkmap.xlsx").kind
    assert refusal.value.finding.code == "R-109"


def test_accents_that_were_converted_twice_are_noticed(tmp_path: Path) -> None:
    table = write(tmp_path, "A;B\n1;SÃºdwest-FryslÃ¢n\n".encode()).table()
    assert [finding.code for finding in table.findings] == ["R-110"]


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("leerlingen-2019.csv", date(2019, 10, 1)),
        ("leerlingen-2018-2019.csv", date(2018, 10, 1)),
        ("schoollocaties_2022-05.csv", date(2022, 5, 1)),
        ("bevolking_2013-01-01.csv", date(2013, 1, 1)),
        ("01.-leerlingen-2025.csv", date(2025, 10, 1)),
    ],
)
def test_the_file_name_may_tell_the_date(tmp_path: Path, name: str, day: date) -> None:
    assert write(tmp_path, b"A;B\n1;2", name).date_from_name() == day


def test_without_a_date_anywhere_the_message_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="--date JJJJ-MM-DD"):
        write(tmp_path, b"A;B\n1;2", "leerlingen.csv").date_from_name()


# ------------------------------------------------------------------------------------------------------- from text to values
def test_numbers_in_every_spelling(tmp_path: Path) -> None:
    rows = Rows(write(tmp_path, b"K;V\na;1,5\nb;1.5\nc;,0%\nd;83,3%\ne;<5\nf;0\ng;\nh; 7 \ni;-2\n"))
    found = {row[0]: row[1] for row in rows.amounts(["V"], keep=["K"], masked_value=2).select("K", "amount").rows()}
    assert found == {"a": 1.5, "b": 1.5, "c": 0.0, "d": 83.3, "e": 2.0, "h": 7.0, "i": -2.0}


def test_a_count_is_whole_and_not_negative(tmp_path: Path) -> None:
    rows = Rows(write(tmp_path, b"K;V\na;3\nb;1,5\nc;-1\nd;4\ne;5\nf;30000\ng;1\n"))
    assert rows.counts(["V"], keep=["K"]).select("K", "count").rows() == [
        ("a", 3),
        ("d", 4),
        ("e", 5),
        ("f", 30_000),
        ("g", 1),
    ]
    assert [(f.code, f.line, f.value) for f in rows.findings] == [
        ("R-105", 3, "1,5"),
        ("R-105", 4, "-1"),
        ("R-205", 7, "30000"),
    ]


@pytest.mark.parametrize(
    ("brin", "suffix", "code"),
    [("90AA", "00", "90AA00"), ("90AA", "0", "90AA00"), ("90AA", "90AA07", "90AA07"), ("90aa", "1", "90AA01")],
)
def test_both_meanings_of_vestigingsnummer_give_one_code(tmp_path: Path, brin: str, suffix: str, code: str) -> None:
    rows = Rows(write(tmp_path, f"BRIN NUMMER;VESTIGINGSNUMMER\n{brin};{suffix}\n".encode()))
    rows.add_location()
    assert rows.frame["code"].to_list() == [code]


def test_dates_in_every_spelling(tmp_path: Path) -> None:
    rows = Rows(write(tmp_path, b"D\n20171001\n2019-04-17\n1-1-2015\n2022\n2022-2023\n2022/2023\nooit\n"))
    rows.add_date("D")
    assert rows.frame["reference_date"].to_list() == [
        date(2017, 10, 1), date(2019, 4, 17), date(2015, 1, 1), *[date(2022, 10, 1)] * 3,
    ]  # fmt: skip
    assert [(f.code, f.value) for f in rows.findings] == [("R-113", "ooit")]
