"""A published forecast scored beside ours and the simple rules: the same schools, the same origins, what was counted since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from regio_engine.pupils.scoring import ForecastCells, difference_margin, score, stack, wape

from .choices import choice_commit
from .published import Edition, editions
from .pupil_rolling import RollingRound
from .pupil_scores import PARAMETERS, ScoreRow

Floats = NDArray[np.float64]

GRAIN = "school"  # the publisher names institutions, not locations


@dataclass(frozen=True)
class _Beside:
    """One round with what the edition of the same origin said of the schools that both speak of."""

    origin: int
    cells: ForecastCells
    last: Floats
    mean3: Floats
    theirs: Floats


def published_rows(rounds: Iterable[RollingRound], loaded: Sequence[Edition] | None = None) -> list[ScoreRow]:
    """Return one line per publisher and horizon; none where no past edition is loaded.

    Args:
        rounds: of the rolling back-test; those of single schools are used.
        loaded: editions, all loaded ones when left out.
    """
    of_schools = [one for one in rounds if one.grain == GRAIN]
    beside: dict[tuple[str, int], list[_Beside]] = {}
    for edition in editions() if loaded is None else loaded:
        for one in of_schools:
            if one.origin == edition.origin and (found := _beside(one, edition)):
                beside.setdefault((edition.publisher, one.horizon), []).append(found)
    return [_row(publisher, horizon, parts) for (publisher, horizon), parts in sorted(beside.items())]


def _beside(one: RollingRound, edition: Edition) -> _Beside | None:
    our_count = dict(zip(one.names, one.last.tolist(), strict=True))
    theirs = edition.of(one.origin + one.horizon, one.names, our_count)
    both = ~np.isnan(theirs)
    if not both.any():
        return None
    cells = ForecastCells(**{part.name: getattr(one.cells, part.name)[both] for part in fields(ForecastCells)})
    return _Beside(one.origin, cells, one.last[both], one.mean3[both], theirs[both])


def _row(publisher: str, horizon: int, parts: list[_Beside]) -> ScoreRow:
    cells = stack([part.cells for part in parts])
    last, mean3, theirs = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("last", "mean3", "theirs")
    )
    ours = score(cells)
    return ScoreRow(
        test="vo leerlingen", grain=GRAIN, origin=f"{parts[0].origin}-{parts[-1].origin}",
        target=f"{horizon} jaar verder", horizon_years=horizon, group="alle", cells=ours.cells, wape=ours.wape, bias=ours.bias,
        coverage_80=ours.coverage_80, crps_skill=ours.crps_skill, persistence_wape=wape(last, cells.truth),
        mean3_wape=wape(mean3, cells.truth), choice_commit=choice_commit(PARAMETERS),
        persistence_margin=difference_margin(cells.p50, last, cells.truth),
        mean3_margin=difference_margin(cells.p50, mean3, cells.truth), publisher=publisher,
        published_wape=wape(theirs, cells.truth), published_margin=difference_margin(cells.p50, theirs, cells.truth),
    )  # fmt: skip
