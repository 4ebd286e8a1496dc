"""Figures of the staff model: every value with unit, population, date, source, mark and the range of 8 in 10 draws.

A figure belongs to one sector or to all; a sector's own comes first. The themes (leave, hours, supply, shortage,
qualification, pay) are one YAML file each; here they become one set. Nothing is drawn here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from regio_engine.errors import ImplausibleInput, MissingInput
from regio_engine.parameters import loader

ALL_SECTORS = "all"
MARKS = ("V", "D", "P", "U")
THIRD = 1 / 3
ALWAYS_WIDE = ("U",)  # marks that always need a range of a third


@dataclass(frozen=True)
class StaffFigure:
    """One value and what is known of it; `low` and `high` hold 8 of 10 draws."""

    name: str
    sector: str
    value: float
    low: float
    high: float
    unit: str
    population: str
    date: str
    source: str
    mark: str
    use: str
    is_weak: bool = False

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            raise ImplausibleInput(f"{self.name} must lie between low and high, got {self.value}")
        if self.mark not in MARKS:
            raise ImplausibleInput(f"{self.name} must have a mark of {MARKS}, got {self.mark!r}")
        if (self.is_weak or self.mark in ALWAYS_WIDE) and self.value - self.low < 0.32 * abs(self.value):
            raise ImplausibleInput(f"{self.name} is weak or not verified and needs a range of a third, got {self.low}")


@dataclass(frozen=True)
class StaffTable:
    """Values of one kind by key (subject, age from which it holds, scale); each has the same relative range."""

    name: str
    sector: str
    rows: Mapping[str, float]
    band_share: float
    about: Mapping[str, Any]

    def figure(self, key: str) -> StaffFigure:
        """Return one row as a figure, its range that of the table.

        Raises:
            MissingInput: the table has no such row.
        """
        if key not in self.rows:
            raise MissingInput(f"{self.name} has no row {key!r}")
        value, band = self.rows[key], self.band_share * abs(self.rows[key])
        return StaffFigure(f"{self.name}/{key}", self.sector, value, value - band, value + band, **self.about)

    def steps(self) -> tuple[tuple[float, float], ...]:
        """Return (from, value) in rising order, for a table by age or distance."""
        return tuple(sorted((float(key), value) for key, value in self.rows.items()))


@dataclass(frozen=True)
class RetirementAge:
    """The AOW age by calendar year from which it holds, in one version of the law."""

    version: str
    source: str
    mark: str
    band_years: float
    ages: Mapping[int, float]

    def mean(self, first_year: int, last_year: int) -> float:
        """Return the AOW age, averaged over calendar years."""
        years = range(first_year, last_year + 1)
        return sum(self._in(year) for year in years) / len(years)

    def _in(self, year: int) -> float:
        since = max((start for start in self.ages if start <= year), default=min(self.ages))
        return self.ages[since]


@dataclass(frozen=True)
class StaffParameters:
    """All themes together; see `load_staff_parameters`."""

    figures: Mapping[tuple[str, str], StaffFigure]
    tables: Mapping[tuple[str, str], StaffTable]
    retirement: RetirementAge
    subject_groups: Mapping[str, tuple[str, ...]]
    covered_by: Mapping[str, tuple[str, ...]]
    not_used: tuple[tuple[str, str], ...] = field(default=())

    def figure(self, sector: str, name: str) -> StaffFigure:
        """Return a figure of the sector, else of all sectors.

        Raises:
            MissingInput: there is none.
        """
        found = self.figures.get((sector, name)) or self.figures.get((ALL_SECTORS, name))
        if found is None:
            raise MissingInput(f"no staff figure {name!r} for sector {sector!r}")
        return found

    def table(self, sector: str, name: str) -> StaffTable:
        """Return a table of the sector, else of all sectors.

        Raises:
            MissingInput: there is none.
        """
        found = self.tables.get((sector, name)) or self.tables.get((ALL_SECTORS, name))
        if found is None:
            raise MissingInput(f"no staff table {name!r} for sector {sector!r}")
        return found

    def group_of(self, specialism: str) -> str:
        """Return the group of a subject; a vmbo profile belongs to the vocational subjects."""
        key = specialism_key(specialism)
        return next((group for group, members in self.subject_groups.items() if key in members), "overig")


def specialism_key(specialism: str) -> str:
    """Return the row of a specialism in the tables by subject: all vmbo profiles share one."""
    return "beroepsgericht" if specialism.startswith("profiel_") else specialism


def load_staff_parameters(texts: Mapping[str, str]) -> StaffParameters:
    """Make the parameters from the texts of the staff_*.yaml files, by theme.

    Raises:
        ImplausibleInput: a value outside its range, an unknown mark, or a weak figure with a narrow range.
        MissingInput: a figure lacks unit, population, date, source, mark or use.
    """
    trees = {theme: loader.parse(text) for theme, text in texts.items()}
    figures = {(one.sector, one.name): one for tree in trees.values() for one in _figures(tree)}
    tables = {(one.sector, one.name): one for tree in trees.values() for one in _tables(tree)}
    qualification = trees["qualification"]
    return StaffParameters(
        figures=figures,
        tables=tables,
        retirement=_retirement(trees["leave"]),
        subject_groups={key: loader.texts(loader.branch(qualification, "subject_groups"), key)
                        for key in loader.branch(qualification, "subject_groups")},
        covered_by={key: loader.texts(loader.branch(qualification, "covered_by"), key)
                    for key in loader.branch(qualification, "covered_by")},
        not_used=tuple((loader.text(row, "figure"), loader.text(row, "reason"))
                       for tree in trees.values() for row in tree.get("not_used") or []),
    )  # fmt: skip


def _figures(tree: loader.Tree) -> Iterator[StaffFigure]:
    for name, per_sector in loader.branch(tree, "figures").items():
        for sector in per_sector:
            row = loader.branch(per_sector, sector)
            yield StaffFigure(
                name, sector, loader.number(row, "value"), loader.number(row, "low"), loader.number(row, "high"),
                is_weak=bool(row.get("is_weak", False)), **_about(name, row),
            )  # fmt: skip


def _tables(tree: loader.Tree) -> Iterator[StaffTable]:
    for name, per_sector in (tree.get("tables") or {}).items():
        for sector in per_sector:
            row = loader.branch(per_sector, sector)
            rows = loader.branch(row, "rows")
            values = {str(key): loader.number({"row": value}, "row") for key, value in rows.items()}
            band = loader.number(row, "band_share", above=-1e-9)
            if (row.get("mark") == "U" or row.get("is_weak")) and band < THIRD:
                raise ImplausibleInput(f"{name} is weak or not verified and needs a range of a third, got {band}")
            yield StaffTable(name, sector, values, band, _about(name, row))


def _about(name: str, row: loader.Tree) -> dict[str, Any]:
    try:
        told = {key: loader.text(row, key) for key in ("unit", "population", "source", "mark", "use")}
        return {**told, "date": loader.text({"date": str(row.get("date") or "")}, "date")}
    except MissingInput as error:
        raise MissingInput(f"staff figure {name}: {error}") from error


def _retirement(tree: loader.Tree) -> RetirementAge:
    versions = tree.get("aow")
    if not isinstance(versions, list) or not versions:
        raise MissingInput("aow must be a list of versions")
    newest = max(versions, key=lambda row: str(row["version"]))
    ages = loader.branch(newest, "ages")
    return RetirementAge(
        str(newest["version"]), loader.text(newest, "source"), loader.text(newest, "mark"),
        loader.number(newest, "band_years", above=0), {int(year): loader.number(ages, year, above=50) for year in ages},
    )  # fmt: skip
