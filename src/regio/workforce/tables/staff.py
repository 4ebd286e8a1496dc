"""Who works here: teachers per age band now, in five and in ten years, and who of them is qualified."""

from collections.abc import Mapping, Sequence

from regio.shared.charts import Ladder, Part, Stacked
from regio.shared.figures import Cell, Figure, Row, Table
from regio.shared.formatting import fte, number, share

from ..enums import Measure
from ..shortage_sentences import Shortage
from .ground import Ground
from .shortage import is_one_need

Ages = Mapping[tuple[int, int], Mapping[int, float]]
LATER = 5  # years after the year that a page speaks of
FROM_AGE_55 = 55


def ages_figure(ground: Ground, ages: Ages, target_year: int, *, slug: str, note: str = "") -> Figure | None:
    """Return teachers per age band now, in the year that the page speaks of and five years later, as far as the run reaches."""
    years = ladder_years(ages, ground.base_year, target_year)
    if not years:
        return None
    panels = tuple((str(year), tuple(by_year.get(year, 0.0) for by_year in ages.values())) for year in years)
    chart = Ladder(
        key=slug, title=f"Leraren naar leeftijd, {ground.scope.name}", groups=tuple(band_name(band) for band in ages),
        panels=panels, description=_story(ages, years),
    )  # fmt: skip
    rows = [
        Row(Cell(band_name(band)), [Cell(number(by_year.get(year, 0.0))) for year in years])
        for band, by_year in ages.items()
    ]
    totals = [sum(by_year.get(year, 0.0) for by_year in ages.values()) for year in years]
    rows.append(Row(Cell("Alle leeftijden"), [Cell(number(total)) for total in totals], is_total=True))
    return Figure(
        slug=slug, title="", label="leraren naar leeftijd", unit="personen op 1 oktober, verwacht gemiddelde", source=ground.source,
        reference_date=ground.base_date, address=ground.address(slug), chart=chart, is_table_open=False, note=note,
        table=Table("Leraren per leeftijd", [Cell("Leeftijd"), *(Cell(str(year)) for year in years)], rows),
        records=[
            {"voor": ground.scope.name, "leeftijd": band_name(band), "jaar": year, "personen": persons}
            for band, by_year in ages.items() for year, persons in by_year.items()
        ],
    )  # fmt: skip


def ladder_years(ages: Ages, base_year: int, target_year: int) -> list[int]:
    """Return the base year, the year that the page speaks of and five years later, as far as the run reaches."""
    known = {year for by_year in ages.values() for year in by_year}
    return [year for year in (base_year, target_year, target_year + LATER) if year in known]


def share_from_55(ages: Ages, year: int) -> float | None:
    """Return the share of the teachers who are 55 or older in a year; None without teachers."""
    total = sum(by_year.get(year, 0.0) for by_year in ages.values())
    old = sum(by_year.get(year, 0.0) for (youngest, _), by_year in ages.items() if youngest >= FROM_AGE_55)
    return old / total if total else None


def ages_sentence(ages: Ages, years: Sequence[int]) -> str:
    """Say which part is 55 or older, now and at the end of what is shown."""
    if not years:
        return ""
    now, then = (share_from_55(ages, year) for year in (years[0], years[-1]))
    if now is None or then is None:
        return ""
    return f"Van de leraren was in {years[0]} {share(now, 0)} 55 jaar of ouder; in {years[-1]} is dat {share(then, 0)}."


def band_name(band: tuple[int, int]) -> str:
    """Return an age band as people write it."""
    youngest, oldest = band
    return f"tot {oldest + 1}" if youngest < 20 else f"{youngest}+" if oldest >= 70 else f"{youngest}\u2013{oldest}"


def _story(ages: Ages, years: Sequence[int]) -> str:
    totals = [sum(by_year.get(year, 0.0) for by_year in ages.values()) for year in (years[0], years[-1])]
    return f"In {years[0]} zijn er {number(totals[0])} leraren, in {years[-1]} naar verwachting {number(totals[1])}. {ages_sentence(ages, years)}"


# ------------------------------------------------------------------------------------------------------- qualified
QUALIFIED, APPOINTABLE, UNQUALIFIED = "bevoegd", "benoembaar", "onbevoegd of ander vak"
NOT_QUALIFIED = "niet of nog niet bevoegd"
COLOURS = {QUALIFIED: "forecast", APPOINTABLE: "surplus-2", UNQUALIFIED: "shortage-3", NOT_QUALIFIED: "shortage-3"}
SHORT = {UNQUALIFIED: "onbevoegd", NOT_QUALIFIED: "niet bevoegd"}


def qualified_parts(shortage: Shortage, year: int) -> dict[str, float]:
    """Return the staff of a year by how they may teach [fte].

    Who is benoembaar is what is left: need + surplus = staff + cancelled + open and shortage = not qualified + other subject
    + cancelled + open, so not qualified and other subject = shortage + staff − need − surplus. Where need and staff are not
    of the same boards, only qualified and not qualified are told.
    """
    staff, qualified = (shortage.mean(m, year) for m in (Measure.STAFFED_FTE, Measure.QUALIFIED_FTE))
    if not is_one_need(shortage):
        return {QUALIFIED: qualified, NOT_QUALIFIED: max(staff - qualified, 0.0)}
    need, surplus = (shortage.mean(m, year) for m in (Measure.REQUIRED_FTE, Measure.SURPLUS_FTE))
    unqualified = min(max(shortage.mean(Measure.SHORTAGE_FTE, year) + staff - need - surplus, 0.0), staff - qualified)
    return {QUALIFIED: qualified, APPOINTABLE: staff - qualified - unqualified, UNQUALIFIED: unqualified}


def qualified_figure(ground: Ground, shortage: Shortage, *, slug: str, note: str = "") -> Figure | None:
    """Return the share of the staff that is qualified, per year."""
    if not shortage.mean(Measure.QUALIFIED_FTE, shortage.base_year):
        return None
    years = shortage.years
    of_year = {year: qualified_parts(shortage, year) for year in years}
    shares = {year: _shares(parts) for year, parts in of_year.items()}
    names = list(of_year[years[0]])
    chart = Stacked(
        key=slug, title=f"Wie mag lesgeven, {ground.scope.name}", description=qualified_sentence(shortage), columns=tuple(map(str, years)),
        parts=tuple(Part(name, COLOURS[name], tuple(100 * shares[year][name] for year in years), SHORT.get(name, "")) for name in names),
    )  # fmt: skip
    rows = [
        Row(
            Cell(str(year)),
            [cell for name in names for cell in (Cell(fte(of_year[year][name])), Cell(share(shares[year][name])))],
        )
        for year in years
    ]
    head = [Cell("1 oktober"), *(cell for name in names for cell in (Cell(f"{name}, fte"), Cell("aandeel")))]
    return Figure(
        slug=slug, title="", label="wie mag lesgeven", unit="deel van de bezetting in fte, in procent", source=ground.source, note=note,
        reference_date=ground.base_date, address=ground.address(slug), chart=chart, is_table_open=False,
        table=Table("Bezetting naar bevoegdheid", head, rows),
        records=[
            {"voor": ground.scope.name, "bevoegdheid": name, "jaar": year, "fte": of_year[year][name], "aandeel": 100 * shares[year][name]}
            for year in years for name in names
        ],
    )  # fmt: skip


def qualified_sentence(shortage: Shortage) -> str:
    """Say which part of the staff is qualified, now and in the target year."""
    now, then = (
        _shares(qualified_parts(shortage, year))[QUALIFIED] for year in (shortage.base_year, shortage.target_year)
    )
    return f"Van de bezetting was in {shortage.base_year} {share(now)} bevoegd; in {shortage.target_year} naar verwachting {share(then)}."


def _shares(parts: Mapping[str, float]) -> dict[str, float]:
    total = sum(parts.values())
    return {name: value / total if total else 0.0 for name, value in parts.items()}
