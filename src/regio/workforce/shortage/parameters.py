"""The figures under the staff model as a table: value, range, population, date, source, and what is an assumption."""

from typing import Any

from regio.shared.figures import Cell, Figure, Row, Table
from regio.shared.formatting import MISSING, number

from .staffing import Staffing

NAME = "parameters"
EVERY_SECTOR = "all"
MARKS = {"V": "bij de bron gelezen", "D": "uit de bron afgeleid", "P": "aanname", "U": "aanname, niet nagelezen"}


def parameters_figure(staffing: Staffing) -> Figure:
    """Return every figure of the staff model that the sector of a page uses."""
    page, found = staffing.outlook, figures_of(staffing.outlook.sector)
    slug = f"{NAME}-{page.sector}"
    columns = [Cell("Wat", "words"), Cell("Waarde"), Cell("80\u00a0%\u2011band"), Cell("Van wie", "words"), Cell("Datum", "words"), Cell("Bron", "words"), Cell("Soort", "words")]  # fmt: skip
    return Figure(
        slug=slug, title="", label="cijfers onder het personeelsmodel", unit="zie elke rij", source="zie elke rij", reference_date=None,
        reference_label="de datum in elke rij", address=page.ground.address(slug), is_table_open=False,
        table=Table("Cijfers onder het personeelsmodel", columns, [_row(one) for one in found]),
        records=[
            {"naam": one.name, "wat": one.unit, "waarde": _exact(one.value), "laag": _exact(one.low), "hoog": _exact(one.high), "van wie": one.population,
             "datum": one.date, "bron van het cijfer": one.source, "soort": MARKS[one.mark], "gebruikt in": one.use}
            for one in found
        ],
    )  # fmt: skip


def figures_of(sector: str) -> list[Any]:
    """Return the figures of a sector, its own before those of all sectors, by name."""
    from regio.workforce.model_runs.staff_parameters import staff_parameters

    figures = staff_parameters().figures
    own = {name: one for (of, name), one in figures.items() if of == sector}
    every = {name: one for (of, name), one in figures.items() if of == EVERY_SECTOR}
    return [one for _, one in sorted((every | own).items())]


def _row(one: Any) -> Row:
    low, high = (_exact(value) for value in (one.low, one.high))
    return Row(
        Cell(one.unit[:1].upper() + one.unit[1:]),
        [Cell(_exact(one.value)), Cell(f"{low}\u00a0\u2013\u00a0{high}" if one.low != one.high else MISSING, "band"), Cell(one.population, "words"),
         Cell(one.date, "words nowrap"), Cell(one.source, "words"), Cell(MARKS[one.mark], "words")],
    )  # fmt: skip


def _exact(value: float) -> str:
    """Return a value with the decimals that it has, at most four."""
    digits = f"{abs(value):.4f}".rstrip("0").partition(".")[2]
    return number(value, len(digits))
