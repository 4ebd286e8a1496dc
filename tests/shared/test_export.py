"""Rows as csv, xlsx and json say the same and are written whole or not at all."""

import io
import json

import openpyxl
import pytest

from regio.shared.export import rows_to_bytes, write_rows

ROWS = [{"location": "90AA00", "count_year": 2026, "p50": 12.5, "extra": 1}, {"location": "90AB01", "count_year": 2027}]
COLUMNS = ["location", "count_year", "p50"]


def test_csv_has_the_asked_columns_in_order_with_a_decimal_point():
    text = rows_to_bytes(ROWS, columns=COLUMNS, file_format="csv").decode()
    assert text == "location,count_year,p50\n90AA00,2026,12.5\n90AB01,2027,\n"


def test_json_and_xlsx_hold_the_same_values():
    as_json = json.loads(rows_to_bytes(ROWS, columns=COLUMNS, file_format="json"))
    sheet = openpyxl.load_workbook(io.BytesIO(rows_to_bytes(ROWS, columns=COLUMNS, file_format="xlsx"))).active
    as_rows = list(sheet.iter_rows(values_only=True))
    assert as_rows[0] == tuple(COLUMNS)
    assert [dict(zip(COLUMNS, row, strict=True)) for row in as_rows[1:]] == as_json


@pytest.mark.parametrize("file_format", ["csv", "json", "xlsx"])
def test_the_same_rows_give_the_same_bytes(file_format):
    first, second = (rows_to_bytes(ROWS, columns=COLUMNS, file_format=file_format) for _ in range(2))
    assert first == second


def test_a_write_that_fails_leaves_nothing_behind(tmp_path):
    with pytest.raises(TypeError):
        write_rows([{"location": object()}], columns=["location"], file_format="json", out=tmp_path / "x.json")
    assert list(tmp_path.iterdir()) == []
