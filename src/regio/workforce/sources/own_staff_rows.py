"""Reading a board's own files: rows as dictionaries, cells checked one by one, what is wrong with line and column.

Values of personal columns are never kept with a finding: a report must not become a copy of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from regio.regions.models import SchoolLocation
from regio.shared.importing.contract import FileRefused, RowFinding
from regio.shared.importing.opening import Source
from regio.shared.importing.rows import Rows

LOCATION_COLUMNS = ("VESTIGING", "VESTIGINGSNUMMER", "VESTIGINGSNUMMER VOLLEDIG")
FORBIDDEN = re.compile(
    r"\b(VOORNAAM|ACHTERNAAM|ROEPNAAM|GEBOORTENAAM|VOORLETTERS|VOORVOEGSELS?|TUSSENVOEGSELS?|BSN|BURGERSERVICENUMMER|E-?MAIL\w*"
    r"|TELEFOON\w*|MOBIEL|ADRES|STRAAT\w*|HUISNUMMER|POSTCODE|WOONPLAATS|IBAN|REKENINGNUMMER)\b"
    r"|^NAAM$|^NAAM |(MEDEWERKER|PERSOON|WERKNEMER|LERAAR|DOCENT)S?-? ?NAAM|NAAM (MEDEWERKER|PERSOON|WERKNEMER|LERAAR|DOCENT)"
)
DAY_FORMS = (r"^(\d{4})-(\d{1,2})-(\d{1,2})", r"^(\d{4})(\d{2})(\d{2})$")
DUTCH_DAY = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")


@dataclass
class OwnRows:
    """The rows of one own file of a board.

    Attributes:
        source: the file.
        board: code of the board.
        required: columns that must be there.
        label: what the file is called.
    """

    source: Source
    board: str
    required: tuple[str, ...]
    label: str
    bad: list[tuple[int, str, str, str]] = field(default_factory=list)  # line, column, value, code
    notes: list[RowFinding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rows = Rows(self.source, sheet=self._sheet())
        names = sorted(label for name, label in self.rows.labels.items() if FORBIDDEN.search(name))
        if names:
            raise FileRefused("R-114", detail=", ".join(names))
        has_place = any(self.rows.has(name) for name in LOCATION_COLUMNS)
        missing = [
            name for name in self.required if not self.rows.has(name) and not (name == "VESTIGING" and has_place)
        ]
        if missing:
            raise FileRefused("R-115", label=self.label, detail=", ".join(missing))
        self.places = dict(SchoolLocation.objects.values_list("code", "board_id"))
        self.sectors = dict(SchoolLocation.objects.values_list("code", "sector"))
        self.ids = dict(SchoolLocation.objects.filter(board=self.board).values_list("code", "pk"))

    def _sheet(self) -> str | None:
        """Return the sheet of a workbook with the most of the columns, None for text."""
        if self.source.kind != "xlsx":
            return None
        heads = self.source.first_rows
        return max(heads, key=lambda name: sum(text.upper() in self.required for row in heads[name] for text in row))

    def __iter__(self) -> Iterator[dict[str, str]]:
        """Yield rows as texts under normalised names, `_line` too (as text)."""
        for row in self.rows.frame.iter_rows(named=True):
            yield {name: "" if value is None else str(value) for name, value in row.items()}

    def wrong(self, row: dict[str, str], column: str, code: str, *, value: str = "") -> None:
        """Remember that a cell refuses its row; give no value of a personal column."""
        self.bad.append((int(row["_line"]), column, value, code))

    def refuse(self) -> None:
        """Take the bad rows out and report them; more than half of the rows refuses the file."""
        for code in dict.fromkeys(code for *_, code in self.bad):
            found = [(line, column, value) for line, column, value, own in self.bad if own == code]
            schema = {"_line": pl.UInt32, "column": pl.String, "value": pl.String}
            self.rows.refuse(pl.DataFrame(found, schema=schema, orient="row"), code)

    @property
    def findings(self) -> list[RowFinding]:
        """What was noticed, notes last."""
        return [*self.rows.findings, *self.notes]

    # ------------------------------------------------------------------------------------------------------- cells
    def place(self, row: dict[str, str]) -> str | None:
        """Return the location code of a row when it is one of this board; else report and return None."""
        column = next(name for name in LOCATION_COLUMNS if name in row)
        code = row[column].upper().strip()
        if code not in self.places:
            self.wrong(row, column, "R-116", value=code)
        elif self.places[code] != self.board:
            self.wrong(row, column, "R-117", value=code)
        else:
            return code
        return None

    def amount(self, row: dict[str, str], column: str, *, most: float) -> float | None:
        """Return a number of 0 to `most` with decimal comma or point; else report and return None."""
        text = row.get(column, "").replace(",", ".")
        if re.fullmatch(r"\d{1,7}(\.\d*)?|\.\d+", text) and float(text) <= most:
            return float(text)
        shown = row.get(column, "")  # what is no number may be a name in the wrong column
        self.wrong(row, column, "R-118", value=shown if re.fullmatch(r"[-+\d.,% ]*", shown) else "")
        return None

    def reference_date(self) -> date:
        """Return the day of the file: its column PEILDATUM, else what was given or the name tells.

        Raises:
            FileRefused: two days in one file (R-119), or none (R-106).
        """
        if self.source.on is None and self.rows.has("PEILDATUM"):
            days = {day_of(text) for text in self.rows.frame["PEILDATUM"].unique() if text}
            if len(days) != 1 or None in days:
                raise FileRefused("R-119", detail=len(days))
            (day,) = days
            if day is not None:
                return day
        return self.source.date_from_name()


def day_of(text: str) -> date | None:
    """Return a day from 1-8-1985, 1985-08-01, 19850801 or a bare year (1 January); None for anything else."""
    parts = next((found.groups() for form in DAY_FORMS if (found := re.match(form, text))), None)
    if parts is None and (dutch := DUTCH_DAY.match(text)):
        parts = dutch.groups()[::-1]
    if parts is None and re.fullmatch(r"(19|20)\d\d", text):
        parts = (text, "1", "1")
    try:
        return date(*(int(part) for part in parts)) if parts else None
    except ValueError:
        return None
