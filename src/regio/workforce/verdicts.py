"""Ours against a simple rule or somebody else's forecast: better, worse, or no difference within the sampling error."""

from collections.abc import Sequence
from dataclasses import dataclass

from regio.shared.figures import Cell
from regio.shared.formatting import HARD_SPACE, number, share

from .models import BacktestScore

TIE_SHARE = 0.002  # two errors closer than this are called equal, however many cells
LAST, MEAN3 = "het laatste aantal", "het gemiddelde van 3 jaar"
NO_DIFFERENCE, BETTER, WORSE = "geen verschil", "wij beter", "wij slechter"


@dataclass(frozen=True)
class Rival:
    """The error of another forecast of the same cells, and the 95 % margin of its difference with ours [share]."""

    name: str
    wape: float
    margin: float | None

    def gap(self, score: BacktestScore) -> float:
        """Return how much further off it was than we were."""
        return self.wape - score.wape_share

    def is_tie(self, score: BacktestScore) -> bool:
        """Whether the difference lies within the sampling error, or is too small to speak of."""
        return abs(self.gap(score)) <= max(self.margin or 0.0, TIE_SHARE)

    def verdict(self, score: BacktestScore) -> str:
        """Return who was better, in words."""
        if self.is_tie(score):
            return NO_DIFFERENCE
        return BETTER if self.gap(score) > 0 else WORSE


def rivals_of(score: BacktestScore) -> list[Rival]:
    """Return the rules and forecasts that were scored on the same cells."""
    scored = (
        (LAST, score.persistence_wape_share, score.persistence_margin_share),
        (MEAN3, score.mean3_wape_share, score.mean3_margin_share),
        (score.publisher, score.published_wape_share, score.published_margin_share),
    )
    return [Rival(name, wape, margin) for name, wape, margin in scored if wape is not None]


def cell_of(score: BacktestScore, name: str) -> Cell:
    """Return the error of one rival with the verdict and its margin; a dash where it was not scored."""
    rival = next((rival for rival in rivals_of(score) if rival.name == name), None)
    if rival is None:
        return Cell("–")
    margin = f" (±{HARD_SPACE}{number(100 * rival.margin, 1)})" if rival.margin is not None else ""
    return Cell(share(rival.wape), "verdict", f"{rival.verdict(score)}{margin}")


def lost_to(score: BacktestScore) -> Rival | None:
    """Return the best of those that did surely better than we did; None where nobody did."""
    found = [rival for rival in rivals_of(score) if rival.verdict(score) == WORSE]
    return min(found, key=lambda rival: rival.wape, default=None)


def record(scores: Sequence[BacktestScore]) -> str:
    """Return in how many comparisons with the last known number we did better, equal and worse."""
    against = [(rival, score) for score in scores for rival in rivals_of(score) if rival.name == LAST]
    if not against:
        return ""
    verdicts = [rival.verdict(score) for rival, score in against]
    equal, worse = verdicts.count(NO_DIFFERENCE), verdicts.count(WORSE)
    rest = [f"in {equal} was er geen verschil" if equal else "", f"in {worse} waren wij slechter" if worse else ""]
    others = "; ".join(filter(None, rest))
    won = f"In {verdicts.count(BETTER)} van de {len(against)} vergelijkingen waren wij beter dan het laatste aantal"
    return f"{won}; {others}." if others else f"{won}."


def against_last(score: BacktestScore) -> str:
    """Return how far off the last known number was, as a sentence."""
    rival = next((rival for rival in rivals_of(score) if rival.name == LAST), None)
    if rival is None:
        return ""
    if rival.is_tie(score):
        return f"Wie gewoon het laatste aantal aanhoudt, zit er {share(rival.wape)} naast: geen verschil."
    better = "verder" if rival.gap(score) > 0 else "minder ver"
    return f"Wie gewoon het laatste aantal aanhoudt, zit er {better} naast: {share(rival.wape)}."
