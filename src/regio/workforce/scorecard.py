"""The scorecard in words and tables: what we said, what happened, and whether a simple rule did better."""

from dataclasses import dataclass

from regio.regions.enums import Sector
from regio.shared.figures import Cell, Row, Table
from regio.shared.formatting import number, share, signed, signed_share

from .enums import ExamType, Level, Measure, ScopeKind
from .models import BacktestCell, BacktestScore
from .queries import ALL

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
FEWEST_CELLS = 30  # with fewer, the share of bands that held is mostly chance
TIE_SHARE = 0.002  # two errors closer than this are called equal


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


def card_of(scores: list[BacktestScore], cells: list[BacktestCell]) -> Card:
    """Return the scorecard of these scores and their worst cells; an empty one when nothing was scored yet."""
    told = without_twins([score for score in scores if _has_enough(score)]) or scores
    whole = [score for score in told if score.group == ALL]
    headline = max(whole, key=_weight, default=None)
    parts = [score for score in told if score.group != ALL and headline and _same_game(score, headline)]
    return Card(
        headline=headline, known=known_in_words(headline) if headline else "", when=when_of(headline) if headline else "", where=GRAINS.get(headline.grain, headline.grain) if headline else "",
        against=_against(headline) if headline else "", record=_record(whole), lines=_tables(whole),
        groups=_table("Fout per soort en grootte", sorted(parts, key=_group_order), by_group=True),
        worst=_worst(largest_misses(cells)), lost=[_lost(score) for score in whole if _is_lost(score)],
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


def largest_misses(cells: list[BacktestCell], count: int = 10) -> list[BacktestCell]:
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


def _record(scores: list[BacktestScore]) -> str:
    """Return in how many comparisons we did better than the last known number."""
    compared = [(s.wape_share, s.persistence_wape_share) for s in scores if s.persistence_wape_share is not None]
    won = sum(simple > ours + TIE_SHARE for ours, simple in compared)
    return f"In {won} van de {len(compared)} vergelijkingen waren wij beter dan het laatste aantal." if compared else ""


def _against(score: BacktestScore) -> str:
    simple = score.persistence_wape_share
    if simple is None:
        return ""
    if abs(simple - score.wape_share) < TIE_SHARE:
        return f"Wie gewoon het laatste aantal aanhoudt, zit er even ver naast: {share(simple)}. Geen verschil dus."
    better = "verder" if simple > score.wape_share else "minder ver"
    return f"Wie gewoon het laatste aantal aanhoudt, zit er {better} naast: {share(simple)}."


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
    first = [Cell("Soort of grootte")] if by_group else [Cell("Voor het jaar"), Cell("Bekend was", "words")]
    columns = [
        *first, Cell("Wij"), Cell("Laatste aantal"), Cell("Gemiddelde van 3 jaar"), Cell("Te hoog of te laag"),
        Cell("Van 100 banden hielden"), Cell("Aantal"),
    ]  # fmt: skip
    return Table(
        f"{caption}: fout in procent van het totaal, kleiner is beter",
        columns,
        [_line(score, by_group) for score in scores],
    )


def _line(score: BacktestScore, by_group: bool) -> Row:
    ahead = f"{score.horizon_years} jaar vooruit"
    of_year = Cell(ahead) if _is_any_year(score) else Cell(score.target, note=ahead)
    head = Cell(_group_name(score.group)) if by_group else of_year
    held = Cell(number(100 * score.coverage_share) if score.coverage_share is not None else "–")
    return Row(
        head,
        [*([] if by_group else [Cell(known_in_words(score), "words")]), Cell(share(score.wape_share)), _rival(score.persistence_wape_share, score),
         _rival(score.mean3_wape_share, score), Cell(signed_share(score.bias_share)), held, Cell(number(score.cells))],
    )  # fmt: skip


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


def _rival(wape: float | None, score: BacktestScore) -> Cell:
    if wape is None:
        return Cell("–")
    if abs(wape - score.wape_share) < TIE_SHARE:
        return Cell(share(wape), "verdict", "gelijk")
    return Cell(share(wape), "verdict", "wij beter" if wape > score.wape_share else "wij slechter")


def _rivals(score: BacktestScore) -> list[tuple[float, str]]:
    """Return the simple rules that were scored too: how far off, and what they are called."""
    rules = (score.persistence_wape_share, "het laatste aantal"), (score.mean3_wape_share, "het gemiddelde van 3 jaar")
    return [(wape, name) for wape, name in rules if wape is not None]


def _is_lost(score: BacktestScore) -> bool:
    return any(wape < score.wape_share - TIE_SHARE for wape, _ in _rivals(score))


def _lost(score: BacktestScore) -> str:
    what = SUBJECTS.get(score.subject, score.subject).lower()
    wape, name = min(_rivals(score))
    where = f"{what} {GRAINS.get(score.grain, score.grain)}, {when_of(score)} (bekend: {known_in_words(score)})"
    return f"{where}: wij {share(score.wape_share)}, {name} {share(wape)}"


def _worst(cells: list[BacktestCell]) -> Table | None:
    if not cells:
        return None
    columns = [
        Cell("Vestiging"),
        Cell("Wat", "words"),
        Cell("Wij zeiden"),
        Cell("80\u00a0%\u2011band"),
        Cell("Het werd"),
        Cell("In de band", "words"),
        Cell("Verschil"),
        Cell("Laatst geteld"),
    ]
    return Table("De tien grootste missers, grootste eerst", columns, [_worst_row(cell) for cell in cells])


def _what_of(cell: BacktestCell) -> str:
    if cell.item in ExamType:
        return ExamType(cell.item).label
    level = f", {Level(cell.item).label}" if cell.item in Level and cell.item != ALL else ""
    return SUBJECTS.get(cell.score.subject, cell.score.subject).lower() + level


def _worst_row(cell: BacktestCell) -> Row:
    name = str(cell.location) if cell.location else cell.scope_code
    band = f"{number(cell.said_p10)} – {number(cell.said_p90)}"
    held = "ja" if cell.said_p10 <= cell.happened <= cell.said_p90 else "nee"
    return Row(
        Cell(name, note=cell.scope_code if cell.location else ""),
        [Cell(f"{_what_of(cell)}, {when_of(cell.score)}", "words nowrap"), Cell(number(cell.said_p50)), Cell(band, "band"), Cell(number(cell.happened)), Cell(held, "words"),
         Cell(signed(cell.happened - cell.said_p50)), Cell(number(cell.last_known))],
    )  # fmt: skip
