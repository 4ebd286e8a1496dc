"""A figure brings its provenance along, on the page and in its CSV."""

from datetime import date

from regio.shared.figures import Figure, Table, figure_csv


def figure(records):
    return Figure(
        slug="leerlingen-vo", title="", unit="leerlingen op 1 oktober", source="DUO", reference_date=date(2025, 10, 1),
        table=Table("Leerlingen", [], []), records=records, band="Band: 80 % zekerheid.",
    )  # fmt: skip


def test_a_csv_opens_in_a_dutch_spreadsheet_and_every_line_says_what_it_is():
    text = figure_csv(figure([{"voor": "Vaartdorp", "jaar": 2026, "gemiddelde": 1234.5}]))
    assert text == (
        "\ufeffvoor;jaar;gemiddelde;eenheid;bron;peildatum\r\nVaartdorp;2026;1234,5;leerlingen op 1 oktober;DUO;2025-10-01\r\n"
    )


def test_a_remainder_of_nothing_has_no_minus_and_an_unknown_band_is_empty():
    text = figure_csv(figure([{"gemiddelde": -0.0004, "p10": float("nan")}]))
    assert text.endswith("\r\n0;;leerlingen op 1 oktober;DUO;2025-10-01\r\n")


def test_a_name_cannot_start_a_formula():
    text = figure_csv(figure([{"voor": "=1+1", "jaar": 2026}]))
    assert "\r\n'=1+1;2026;" in text


def test_a_figure_without_records_is_a_heading_only():
    assert figure_csv(figure([])) == "\ufeffeenheid;bron;peildatum\r\n"


def test_a_figure_with_bands_says_that_they_do_not_add():
    assert figure([]).adding == "Banden tel je niet op."
