"""The rates of the staff engine on counted people of another country: secondary teachers in England, 19 subjects.

    python benchmarks/workforce_england.py --train-until 2014 --data DIR --out FILE

Uses leavers and entrants rows up to the year before and the stock of the year itself; writes `subject,year,stock` for
the two years after it. Where the files hold those years it prints the scores beside carrying the stock forward and a
trend per subject. This tests the pooling of rates and the accounting, not Dutch behaviour. Leavers row Y is classed by
leaving before Y + 1, entrants row Y by entry since Y.
"""

import argparse
import csv
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from regio_engine.errors import EngineError, MissingInput
from regio_engine.staff.rates import Counted, nothing_expected, pooled_shares, recent_first, year_weights
from regio_engine.staff.rates_changes import pooled_changes

Floats = NDArray[np.float64]

AGES = ("Less than 35", "35-54", "55 and over")
GENDERS = ("Female", "Male")
LEAVERS = ("Not a qualified Leaver", "Retired", "Wastage", "Deceased")
ENTRANTS = ("Not a qualified Entrant", "NQT", "Returner", "New to the state funded sector")
AHEAD = 2


@dataclass(frozen=True)
class Choice:
    """What was chosen before the years 2015 and 2016 were scored, on forecasts from 2012 (of 2013, 2014) and 2013 (of 2014).

    Attributes:
        half_life_years: after how many years a counted flow weighs half. Half a year, 1, 2, 3 and always the same gave
            1.64, 1.49, 1.42, 1.40 and 1.40 % for 2014 from 2013; 3 is what the pupil model has.
        switching: whether the lasting net switch per subject takes part: 2.16, 2.88 and 1.40 % with it, 2.55, 3.64 and
            1.42 % without.
    """

    half_life_years: float = 3.0
    switching: bool = True


CHOSEN = Choice()


@dataclass(frozen=True)
class Rows:
    """One file: people per row year, subject, band (gender x age) and type, shape (years, subjects, bands, types)."""

    years: tuple[int, ...]
    subjects: tuple[str, ...]
    people: Floats

    def stock(self, year: int) -> Floats:
        """Return the people per subject and band in the row of a year, whatever became of them."""
        return np.asarray(self.people[self.years.index(year)].sum(axis=-1))


@dataclass(frozen=True)
class Known:
    """What is known at the end of the training years: flows of whole years, and the stock after them.

    Attributes:
        leavers: people before, by what they did, shape (years, subjects, bands, types); type 0 stayed.
        entrants: people a year later, by where they came from, same shape; type 0 was there already.
        stock: people in the last year, shape (subjects, bands).
    """

    leavers: Floats
    entrants: Floats
    stock: Floats


# ------------------------------------------------------------------------------------------------------------ reading
def read_rows(path: Path, *, type_column: str, types: Sequence[str]) -> Rows:
    """Read one file of the publication.

    Raises:
        MissingInput: a column, or a combination of year, subject, gender, age and type, is not there.
    """
    with path.open(encoding="utf-8-sig", newline="") as lines:
        table = list(csv.DictReader(lines))
    try:
        people = {
            (int(row["CensusYear"]), row["Subject"], row["Gender"], row["AgeGroup"], row[type_column]): float(
                row["StockSize"]
            )
            for row in table
        }
        years, subjects = (tuple(sorted({key[place] for key in people})) for place in (0, 1))
        cells = [
            people[year, subject, gender, age, kind]
            for year in years for subject in subjects for gender in GENDERS for age in AGES for kind in types
        ]  # fmt: skip
    except KeyError as error:
        raise MissingInput(f"{path.name} has no {error}") from error
    shape = (len(years), len(subjects), len(GENDERS) * len(AGES), len(types))
    return Rows(years, subjects, np.array(cells).reshape(shape))


def read_publication(folder: Path) -> tuple[Rows, Rows]:
    """Read the leavers and the entrants file, whatever years their names say."""
    found = [sorted(folder.glob(f"data_{kind}_*.csv")) for kind in ("leavers", "entrants")]
    if not all(found):
        raise MissingInput(f"{folder} must hold data_leavers_*.csv and data_entrants_*.csv")
    return (
        read_rows(found[0][-1], type_column="QualifiedLeaverType", types=LEAVERS),
        read_rows(found[1][-1], type_column="QualifiedEntrantType", types=ENTRANTS),
    )


def known_at(leavers: Rows, entrants: Rows, year: int) -> Known:
    """Return what a forecast made in this year may use: rows before it, and its own stock without what became of it."""
    before = [row for row in leavers.years if row < year]
    if not before or year not in leavers.years:
        raise MissingInput(f"rows before {year} and the stock of {year} are needed, got leavers rows {leavers.years}")
    index = [[rows.years.index(row) for row in before] for rows in (leavers, entrants)]
    return Known(leavers.people[index[0]], entrants.people[index[1]], leavers.stock(year))


def truth_of(leavers: Rows, entrants: Rows, year: int) -> Floats | None:
    """Return the stock per subject of a year: its leavers row, else the entrants row of the year before."""
    if year in leavers.years:
        return np.asarray(leavers.stock(year).sum(axis=1))
    return np.asarray(entrants.stock(year - 1).sum(axis=1)) if year - 1 in entrants.years else None


# --------------------------------------------------------------------------------------------------------- forecasting
@dataclass(frozen=True)
class Rates:
    """Yearly rates per subject and band: who leaves, who enters over the stock of the subject, who grows older, who switches."""

    leave: Floats  # (subjects, bands)
    enter: Floats  # (subjects, bands), over all people of the subject
    older: Floats  # (bands,): share of those who stay that is in the next age band a year later
    switch: Floats  # (subjects,)


def estimate(known: Known, choice: Choice) -> Rates:
    """Return the rates that the counted flows tell, pooled over subjects."""
    leavers, entrants = (
        recent_first(flow, half_life_years=choice.half_life_years) for flow in (known.leavers, known.entrants)
    )
    return Rates(
        leave=_pooled(leavers.sum(axis=2), leavers[..., 1:]).sum(axis=-1),
        enter=_entry(leavers.sum(axis=(1, 2)), entrants[..., 1:]),
        older=_older(leavers[..., 0].sum(axis=0), entrants[..., 0].sum(axis=0)),
        switch=_switching(known, choice),
    )


def _pooled(at_risk: Floats, events: Floats) -> Floats:
    """Return the rate per (subject, band, cause): subjects lean on the country's rate of the same band and cause."""
    subjects, bands, causes = events.shape
    group = np.tile(np.arange(bands), subjects)
    rates = [
        pooled_shares(Counted(at_risk.ravel(), events[..., cause].ravel(), group), nothing_expected(bands)).mean
        for cause in range(causes)
    ]
    return np.stack(rates, axis=-1).reshape(events.shape)


def _entry(at_risk: Floats, entrants: Floats) -> Floats:
    """Return entrants over the stock per subject and band; the ages of each source are the country's."""
    of_source = _pooled(at_risk[:, None], entrants.sum(axis=1)[:, None, :])[:, 0]
    ages = entrants.sum(axis=0) / entrants.sum(axis=(0, 1))
    return of_source @ ages.T


def _older(stayed: Floats, there_already: Floats) -> Floats:
    """Return which share of those who stay moves up an age band, from how many are in each band before and after."""
    before, after = (people.reshape(len(GENDERS), len(AGES)) for people in (stayed, there_already))
    after = after * (before.sum(axis=1) / after.sum(axis=1))[:, None]
    return np.asarray(np.clip(np.cumsum(before - after, axis=1) / before, 0, 1).ravel())


def _switching(known: Known, choice: Choice) -> Floats:
    """Return the lasting net switch per subject: those there already over those who stayed, freed from the country's."""
    stayed, there_already = known.leavers[..., 0].sum(axis=2), known.entrants[..., 0].sum(axis=2)
    if not choice.switching:
        return np.zeros(stayed.shape[1])
    country = there_already.sum(axis=1) / stayed.sum(axis=1)
    yearly = there_already / stayed / country[:, None] - 1
    weights = year_weights(len(yearly), half_life_years=choice.half_life_years)
    return pooled_changes(yearly, weights=weights).mean


def forecast(known: Known, choice: Choice = CHOSEN) -> Floats:
    """Return the expected stock per subject in the years after the known ones, shape (years ahead, subjects)."""
    rates = estimate(known, choice)
    people, ahead = known.stock, []
    for _ in range(AHEAD):
        stayed = people * (1 - rates.leave) * (1 + rates.switch)[:, None]
        older = (stayed * rates.older).reshape(-1, len(GENDERS), len(AGES))
        moved = np.concatenate([np.zeros_like(older[..., :1]), older[..., :-1]], axis=-1) - older
        people = stayed + moved.reshape(stayed.shape) + rates.enter * people.sum(axis=1, keepdims=True)
        ahead.append(people.sum(axis=1))
    return np.stack(ahead)


# ------------------------------------------------------------------------------------------------------------- scoring
def carried(known: Known) -> Floats:
    """Return the stock of the last year for every year ahead."""
    return np.tile(known.stock.sum(axis=1), (AHEAD, 1))


def trend(known: Known) -> Floats:
    """Return each subject's stock carried on at its mean yearly growth over the known years."""
    first, last = known.leavers[0].sum(axis=(1, 2)), known.stock.sum(axis=1)
    growth = (last / first) ** (1 / len(known.leavers))
    return np.stack([last * growth ** (year + 1) for year in range(AHEAD)])


def error_pct(told: Floats, truth: Floats) -> float:
    """Return the mean absolute error over the subjects [%], every subject counting the same."""
    return float(np.mean(np.abs(told - truth) / truth) * 100)


def scores(leavers: Rows, entrants: Rows, year: int, choice: Choice = CHOSEN) -> dict[str, list[float]]:
    """Return per method the error [%] in each year ahead of which the files hold the truth."""
    known = known_at(leavers, entrants, year)
    told = {
        "model": forecast(known, choice),
        "without switching": forecast(known, replace(choice, switching=False)),
        "carried forward": carried(known),
        "trend per subject": trend(known),
    }
    truths = [truth_of(leavers, entrants, year + ahead) for ahead in range(1, AHEAD + 1)]
    return {
        method: [error_pct(stock[ahead], truth) for ahead, truth in enumerate(truths) if truth is not None]
        for method, stock in told.items()
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Read, forecast, write, and print the scores."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--train-until", type=int, required=True, metavar="YEAR")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    asked = parser.parse_args(arguments)
    try:
        leavers, entrants = read_publication(asked.data)
        told = forecast(known_at(leavers, entrants, asked.train_until))
    except (EngineError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    _write(asked.out, leavers.subjects, first_year=asked.train_until + 1, told=told)
    for method, errors in scores(leavers, entrants, asked.train_until).items():
        shown = ", ".join(f"{asked.train_until + 1 + ahead}: {error:.2f} %" for ahead, error in enumerate(errors))
        print(f"{method:18s}  {shown or 'no later year in the files'}")
    return 0


def _write(path: Path, subjects: Sequence[str], *, first_year: int, told: Floats) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("subject", "year", "stock"))
        for ahead, stocks in enumerate(told):
            rows.writerows((subject, first_year + ahead, f"{stock:.1f}") for subject, stock in zip(subjects, stocks, strict=True))  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
