"""The scorecard in words and tables: what we said, what happened, and whether a simple rule did better."""

from collections.abc import Mapping
from dataclasses import dataclass

from regio.regions.enums import Sector
from regio.shared.figures import Cell, Row, Table
from regio.shared.formatting import number, share, signed, signed_share

from .enums import ExamType, Level, Measure, ScopeKind
from .models import BacktestCell, BacktestScore
from .queries import ALL
from .tables.spare import SPARE, spared
from .verdicts import LAST, MEAN3, against_last, cell_of, lost_to, record

ALL_CODES = ", met nieuwe en verdwenen scholen"
GRAINS = {  # finest first
    "vestiging x niveau": "per vestiging en niveau", "vestiging": "per vestiging", "brin": "per school",
    "brin_alle": "per school" + ALL_CODES, "school": "per school", "bestuur": "per bestuur", "rmc": "per RMC-regio",
    "rmc_alle": "per RMC-regio" + ALL_CODES, "rpa": "per RPA-gebied", "landelijk": "heel het gebied dat is geladen",
}  # fmt: skip
# What a back-test knew, by the name of the test; "vo totalen" divides a national total that is given.
KNOWN = {
    "vo totalen": "tellingen van {}; het landelijke totaal van het doeljaar was gegeven",
    "vo leerlingen": "tellingen van {}, elk jaar apart nagerekend",
}
TOTAL_GIVEN = "vo totalen: "
SCORED_SECTOR = Sector.VO  # the only one that back-tests play so far
# Which lines are most like a page about one kind of scope, best first.
LIKE_SCOPE: dict[str, tuple[str, ...]] = {
    ScopeKind.REGION: ("rmc_alle", "rmc", "rpa", "bestuur"),
    ScopeKind.BOARD: ("bestuur", "brin_alle", "brin", "rmc_alle", "rmc"),
    ScopeKind.SCHOOL: ("school", "brin_alle", "brin", "vestiging"),
    ScopeKind.LOCATION: ("vestiging", "brin_alle", "brin"),
}
SUBJECTS: dict[str, str] = {
    Measure.LEARNERS: "Leerlingen",
    Measure.EXAM_CANDIDATES: "Examenkandidaten",
    Measure.REQUIRED_FTE: "Formatie",
}
HORIZON = 5  # years ahead that pages speak of
MOST_MISSES = 10  # shown
FEWEST_CELLS = 30  # with fewer, the share of bands that held is mostly chance


@dataclass(frozen=True)
class Card:
    """Everything the scorecard page says."""

    headline: BacktestScore | None
    known: str
    when: str
    where: str
    against: str
    record: str
    lines: list[Table]
    groups: Table | None
    worst: Table | None
    lost: list[str]
    left_out: int = 0  # comparisons of too few cells to say anything


@dataclass(frozen=True)
class Quote:
    """The line of the scorecard that other pages quote, with its area, subject and year in words."""

    score: BacktestScore
    where: str
    what: str
    when: str
    known: str
    sector: str

    @property
    def is_total_given(self) -> bool:
        """Whether the national total of the target year was given to the model, as it is not to a page."""
        return self.score.origin.startswith(TOTAL_GIVEN)


def quote_of(scores: list[BacktestScore], *, kind: str, sector: str) -> Quote | None:
    """Return the line that is most like what a page says: learners of such a scope, some five years ahead.

    None for a sector that no back-test plays, or where every line rests on too few cells.
    """
    usable = [
        score for score in scores if score.group == ALL and score.coverage_share is not None and _has_enough(score)
    ]
    best = max(usable, key=lambda score: _likeness(score, LIKE_SCOPE[kind]), default=None)
    if best is None or sector != SCORED_SECTOR:
        return None
    return Quote(
        best,
        GRAINS.get(best.grain, best.grain),
        SUBJECTS.get(best.subject, best.subject).lower(),
        when_of(best),
        known_in_words(best),
        SCORED_SECTOR.label,
    )


def _has_enough(score: BacktestScore) -> bool:
    return score.cells >= FEWEST_CELLS


def _likeness(score: BacktestScore, grains: tuple[str, ...]) -> tuple[bool, int, int, str, int]:
    """Order lines by how like a page they are, then the newest target, then the one that knew most."""
    place = grains.index(score.grain) if score.grain in grains else len(grains)
    off_horizon = abs(score.horizon_years - HORIZON)
    return score.subject == Measure.LEARNERS, -place, -off_horizon, score.target, len(score.origin)


def known_in_words(score: BacktestScore) -> str:
    """Return what was known, in words; a given national total is said."""
    test, colon, years = score.origin.partition(": ")
    return KNOWN[test].format(years.replace("-", " tot en met ")) if colon and test in KNOWN else score.origin


def card_of(scores: list[BacktestScore], cells: list[BacktestCell], reasons: Mapping[int, str] | None = None) -> Card:
    """Return the scorecard of these scores and their worst cells; an empty one when nothing was scored yet.

    `reasons` are what is known of a location that explains a miss, by its key.
    """
    told = without_twins([score for score in scores if _has_enough(score)]) or scores
    whole = [score for score in told if score.group == ALL]
    headline = max(whole, key=_weight, default=None)
    parts = [score for score in told if score.group != ALL and headline and _same_game(score, headline)]
    return Card(
        headline=headline, known=known_in_words(headline) if headline else "", when=when_of(headline) if headline else "", where=GRAINS.get(headline.grain, headline.grain) if headline else "",
        against=against_last(headline) if headline else "", record=record(whole), lines=_tables(whole),
        groups=_table("Fout per soort en grootte", sorted(parts, key=_group_order), by_group=True),
        worst=_worst(worst_places(cells), reasons or {}), lost=[words for score in whole if (words := _lost(score))],
        left_out=sum(score.group == ALL and score not in told and not _has_enough(score) for score in scores),
    )  # fmt: skip


def without_twins(scores: list[BacktestScore]) -> list[BacktestScore]:
    """Return the scores without those that knew more and said just the same: of such twins the longest origin stays."""
    seen: dict[tuple[object, ...], BacktestScore] = {}
    for score in sorted(scores, key=lambda score: -len(score.origin)):
        test = (score.subject, score.grain, score.horizon_years, score.target, score.group)
        figures = (score.cells, score.wape_share, score.bias_share, score.coverage_share)
        seen.setdefault((test, figures), score)
    kept = {id(score) for score in seen.values()}
    return [score for score in scores if id(score) in kept]


def worst_places(cells: list[BacktestCell], count: int = 10) -> list[BacktestCell]:
    """Return where forecast and count lay furthest apart, each place once; of one cell the forecast that knew most."""
    by_knowledge = sorted(cells, key=lambda cell: (-cell.score.horizon_years, len(cell.score.origin)))
    last_said = {(cell.scope_code, cell.item, cell.score.target): cell for cell in by_knowledge}
    largest: dict[str, BacktestCell] = {}
    for cell in sorted(last_said.values(), key=lambda cell: -abs(cell.said_p50 - cell.happened)):
        largest.setdefault(cell.scope_code, cell)
    return list(largest.values())[:count]


def _weight(score: BacktestScore) -> tuple[bool, int, int, str, int]:
    """Order lines for the headline: exams per location, one year ahead, the newest target, the most that was known."""
    return (
        score.subject == Measure.EXAM_CANDIDATES, -_fineness(score), -score.horizon_years, score.target,
        len(score.origin),
    )  # fmt: skip


def _same_game(score: BacktestScore, other: BacktestScore) -> bool:
    names = ("subject", "grain", "horizon_years", "origin", "target")
    return all(getattr(score, name) == getattr(other, name) for name in names)


def _fineness(score: BacktestScore) -> int:
    names = list(GRAINS)
    return names.index(score.grain) if score.grain in names else len(names)


def _group_order(score: BacktestScore) -> tuple[bool, int, str]:
    digits = "".join(character for character in score.group.split("-")[0] if character.isdigit())
    return bool(digits), int(digits or 0), score.group


def _tables(scores: list[BacktestScore]) -> list[Table]:
    """Return one table per subject and kind of area, finest first."""
    kinds: dict[tuple[str, int, str], list[BacktestScore]] = {}
    for score in sorted(scores, key=lambda score: (score.target, score.horizon_years, score.origin)):
        kinds.setdefault((score.subject, _fineness(score), score.grain), []).append(score)
    return [
        table
        for (subject, _, grain), lines in sorted(kinds.items())
        if (table := _table(f"{SUBJECTS.get(subject, subject)} {GRAINS.get(grain, grain)}", lines))
    ]


def _table(caption: str, scores: list[BacktestScore], *, by_group: bool = False) -> Table | None:
    if not scores:
        return None
    publisher = next((score.publisher for score in scores if score.published_wape_share is not None), "")
    first = [Cell("Soort of grootte")] if by_group else [Cell("Voor het jaar"), Cell("Bekend was", f"words {SPARE}")]
    columns = [
        *first, Cell("Wij"), Cell("Laatste aantal"), Cell("Gemiddelde van 3 jaar", SPARE), *([Cell(publisher, SPARE)] if publisher else []),
        Cell("Te hoog of te laag", SPARE), Cell("Van 100 banden hielden"), Cell("Aantal", SPARE),
    ]  # fmt: skip
    return Table(
        f"{caption}: fout in procent van het totaal, kleiner is beter",
        columns,
        spared(columns, [_line(score, by_group, publisher) for score in scores]),
    )


def _line(score: BacktestScore, by_group: bool, publisher: str) -> Row:
    ahead = f"{score.horizon_years} jaar vooruit"
    of_year = Cell(ahead) if _is_any_year(score) else Cell(score.target, note=ahead)
    head = Cell(_group_name(score.group)) if by_group else of_year
    held = Cell(number(100 * score.coverage_share) if score.coverage_share is not None else "–")
    return Row(
        head,
        [*([] if by_group else [Cell(known_in_words(score), "words")]), Cell(share(score.wape_share)), cell_of(score, LAST),
         cell_of(score, MEAN3), *_published_cell(score, publisher), Cell(signed_share(score.bias_share)), held, Cell(number(score.cells))],
    )  # fmt: skip


def _published_cell(score: BacktestScore, publisher: str) -> list[Cell]:
    return [cell_of(score, publisher)] if publisher else []


def _lost(score: BacktestScore) -> str:
    """Return where somebody did surely better than we did; an empty text where nobody did."""
    rival = lost_to(score)
    if rival is None:
        return ""
    what = SUBJECTS.get(score.subject, score.subject).lower()
    where = f"{what} {GRAINS.get(score.grain, score.grain)}, {when_of(score)} (bekend: {known_in_words(score)})"
    return f"{where}: wij {share(score.wape_share)}, {rival.name} {share(rival.wape)}"


def _is_any_year(score: BacktestScore) -> bool:
    """Return whether a score is over several years at once, so that its target names no year."""
    return "verder" in score.target


def when_of(score: BacktestScore) -> str:
    """Return for when a score was: `voor 2019`, or `2 jaar vooruit`."""
    return f"{score.horizon_years} jaar vooruit" if _is_any_year(score) else f"voor {score.target}"


def _group_name(group: str) -> str:
    if group in ExamType:
        return ExamType(group).label
    low, dash, high = group.partition("-")
    return f"{low} tot {high} kandidaten" if dash else f"{low.rstrip('+')} of meer" if group.endswith("+") else group


def _worst(cells: list[BacktestCell], reasons: Mapping[int, str]) -> Table | None:
    if not cells:
        return None
    columns = [
        Cell("Vestiging"),
        Cell("Wat", f"words {SPARE}"),
        Cell("Wij zeiden"),
        Cell("80\u00a0%\u2011band", SPARE),
        Cell("Het werd"),
        Cell("In de band", SPARE),
        Cell("Verschil"),
        Cell("Laatst geteld", SPARE),
        *([Cell("Wat er speelde", f"words {SPARE}")] if reasons else []),
    ]
    caption = "De tien grootste missers" if len(cells) == MOST_MISSES else "Missers"
    return Table(f"{caption}, grootste eerst", columns, spared(columns, [_worst_row(cell, reasons) for cell in cells]))


def _what_of(cell: BacktestCell) -> str:
    if cell.item in ExamType:
        return ExamType(cell.item).label
    level = f", {Level(cell.item).label}" if cell.item in Level and cell.item != ALL else ""
    return SUBJECTS.get(cell.score.subject, cell.score.subject).lower() + level


def _worst_row(cell: BacktestCell, reasons: Mapping[int, str]) -> Row:
    name = str(cell.location) if cell.location else cell.scope_code
    band = f"{number(cell.said_p10)} – {number(cell.said_p90)}"
    held = "ja" if cell.said_p10 <= cell.happened <= cell.said_p90 else "nee"
    return Row(
        Cell(name, note=cell.scope_code if cell.location else ""),
        [Cell(f"{_what_of(cell)}, {when_of(cell.score)}", "words nowrap"), Cell(number(cell.said_p50)), Cell(band, "band"), Cell(number(cell.happened)), Cell(held),
         Cell(signed(cell.happened - cell.said_p50)), Cell(number(cell.last_known)),
         *([Cell(reasons.get(cell.location_id or 0, "niet bekend"), "words")] if reasons else [])],
    )  # fmt: skip
