"""The scorecard in words and tables: what we said, what happened, and whether a simple rule did better."""

from dataclasses import dataclass

from regio.shared.figures import Cell, Row, Table
from regio.shared.formatting import number, share, signed, signed_share

from .enums import ExamType, Measure
from .models import BacktestCell, BacktestScore
from .queries import ALL

GRAINS = {
    "vestiging": "per vestiging", "brin": "per school", "school": "per school", "bestuur": "per bestuur", "rpa": "per RPA-gebied",
    "rmc": "per RMC-regio", "landelijk": "heel Nederland",
}  # fmt: skip
SUBJECTS: dict[str, str] = {
    Measure.LEARNERS: "Leerlingen",
    Measure.EXAM_CANDIDATES: "Examenkandidaten",
    Measure.REQUIRED_FTE: "Formatie",
}
HORIZON = 5  # years ahead that pages speak of
TIE_SHARE = 0.002  # two errors closer than this are called equal


@dataclass(frozen=True)
class Card:
    """Everything the scorecard page says."""

    headline: BacktestScore | None
    against: str
    lines: Table | None
    groups: Table | None
    worst: Table | None
    lost: list[str]


@dataclass(frozen=True)
class Quote:
    """The line of the scorecard that other pages quote, and for what kind of area it is."""

    score: BacktestScore
    where: str


def quote_of(scores: list[BacktestScore]) -> Quote | None:
    """Return the line that is most like what a page says: learners of an area, some five years ahead."""
    usable = [score for score in scores if score.group == ALL and score.coverage_share is not None]
    best = min(usable, key=_unlikeness, default=None)
    return Quote(best, GRAINS.get(best.grain, best.grain)) if best else None


def _unlikeness(score: BacktestScore) -> tuple[bool, bool, int]:
    return score.subject != Measure.LEARNERS, score.grain not in ("rmc", "rpa"), abs(score.horizon_years - HORIZON)


def card_of(scores: list[BacktestScore], worst: list[BacktestCell]) -> Card:
    """Return the scorecard of these scores and their worst cells; an empty one when nothing was scored yet."""
    whole = [score for score in scores if score.group == ALL]
    headline = min(
        whole, key=lambda s: (s.subject != Measure.EXAM_CANDIDATES, s.horizon_years, _fineness(s)), default=None
    )
    return Card(
        headline=headline, against=_against(headline) if headline else "", lines=_lines(whole),
        groups=_lines([s for s in scores if s.group != ALL], by_group=True), worst=_worst(worst),
        lost=[_lost(score) for score in whole if _is_lost(score)],
    )  # fmt: skip


def _fineness(score: BacktestScore) -> int:
    """Finest grain first."""
    names = list(GRAINS)
    return names.index(score.grain) if score.grain in names else len(names)


def _against(score: BacktestScore) -> str:
    simple = score.persistence_wape_share
    if simple is None:
        return ""
    if abs(simple - score.wape_share) < TIE_SHARE:
        return f"Wie gewoon het laatste aantal aanhoudt, zit er even ver naast: {share(simple)}. Geen verschil dus."
    better = "verder" if simple > score.wape_share else "minder ver"
    return f"Wie gewoon het laatste aantal aanhoudt, zit er {better} naast: {share(simple)}."


def _lines(scores: list[BacktestScore], *, by_group: bool = False) -> Table | None:
    if not scores:
        return None
    columns = [
        Cell("Soort of grootte" if by_group else "Wat, voor welk jaar"), *([] if by_group else [Cell("Bekend was", "words")]), Cell("Wij"),
        Cell("Laatste aantal"), Cell("Gemiddelde van 3 jaar"), Cell("Te hoog of te laag"), Cell("Van 100 banden hielden"), Cell("Aantal"),
    ]  # fmt: skip
    caption = (
        "Fout in procent van het totaal (WAPE), per soort en grootte"
        if by_group
        else "Fout in procent van het totaal (WAPE); kleiner is beter"
    )
    return Table(caption, columns, [_line(score, by_group) for score in scores])


def _line(score: BacktestScore, by_group: bool) -> Row:
    what = SUBJECTS.get(score.subject, score.subject)
    grain = GRAINS.get(score.grain, score.grain)
    head = (
        Cell(_group_name(score.group), note=f"{what.lower()} {score.target} {grain}")
        if by_group
        else Cell(f"{what} {score.target}", note=grain)
    )
    return Row(
        head,
        [*([] if by_group else [Cell(score.origin, "words")]), Cell(share(score.wape_share)), _rival(score.persistence_wape_share, score), _rival(score.mean3_wape_share, score),
         Cell(signed_share(score.bias_share)), Cell(number(100 * score.coverage_share) if score.coverage_share is not None else "–"), Cell(number(score.cells))],
    )  # fmt: skip


def _group_name(group: str) -> str:
    return ExamType(group).label if group in ExamType else group


def _rival(wape: float | None, score: BacktestScore) -> Cell:
    if wape is None:
        return Cell("–")
    if abs(wape - score.wape_share) < TIE_SHARE:
        return Cell(share(wape), note="gelijk")
    return Cell(share(wape), note="slechter" if wape > score.wape_share else "beter")


def _is_lost(score: BacktestScore) -> bool:
    rivals = [wape for wape in (score.persistence_wape_share, score.mean3_wape_share) if wape is not None]
    return any(wape < score.wape_share - TIE_SHARE for wape in rivals)


def _lost(score: BacktestScore) -> str:
    what = SUBJECTS.get(score.subject, score.subject).lower()
    return f"{what} {GRAINS.get(score.grain, score.grain)}, {score.target} (bekend: {score.origin}): wij {share(score.wape_share)}"


def _worst(cells: list[BacktestCell]) -> Table | None:
    if not cells:
        return None
    columns = [
        Cell("Vestiging"),
        Cell("Wat", "words"),
        Cell("Wij zeiden"),
        Cell("80\u00a0%-band"),
        Cell("Het werd"),
        Cell("Verschil"),
        Cell("Jaar ervoor bekend"),
    ]
    return Table("De tien grootste missers, grootste eerst", columns, [_worst_row(cell) for cell in cells])


def _worst_row(cell: BacktestCell) -> Row:
    name = str(cell.location) if cell.location else cell.scope_code
    band = f"{number(cell.said_p10)} – {number(cell.said_p90)}"
    held = "" if cell.said_p10 <= cell.happened <= cell.said_p90 else "buiten de band"
    return Row(
        Cell(name, note=cell.scope_code if cell.location else ""),
        [Cell(f"{_group_name(cell.item)}, {cell.score.target}", "words"), Cell(number(cell.said_p50)), Cell(band, "band"), Cell(number(cell.happened), note=held),
         Cell(signed(cell.happened - cell.said_p50)), Cell(number(cell.last_known))],
    )  # fmt: skip
