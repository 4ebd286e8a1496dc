"""Places of a region: where they are, and which are near each other. Distances are whole decametres, without libm."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from regio_engine import keyed_random
from regio_engine.staff.contract import NONE, Int16s

KM_PER_DEGREE = 111.32
COSINE_AT_52, COSINE_PER_DEGREE = 0.61566, -0.013753  # straight line through 52° N, within 0.1 % over the country
DECAMETRES = 100


@dataclass(frozen=True)
class Place:
    """One location: codes of itself, its school and its board, and its place in degrees (None where not known)."""

    code: str
    board: str
    school: str
    lat: float | None = None
    lon: float | None = None


def sharing_places(places: Sequence[Place], *, limit_km: float) -> Int16s:
    """Return a number per place; places of one number share colleagues: of one board, each within the limit of all others.

    A place joins the nearest circle of its board, seen from the first of it, that lies wholly within the limit.
    """
    x, y = _kilometres(places)
    squares = (x[:, None] - x[None, :]) ** 2 + (y[:, None] - y[None, :]) ** 2
    limit = round(limit_km * DECAMETRES) ** 2
    circles: list[list[int]] = []
    for here in sorted(range(len(places)), key=lambda number: places[number].code):
        near = [
            one for one in circles if places[one[0]].board == places[here].board and (squares[here, one] <= limit).all()
        ]
        if near:
            min(near, key=lambda one: (squares[here, one[0]], places[one[0]].code)).append(here)
        else:
            circles.append([here])
    found = np.zeros(len(places), np.int16)
    for number, members in enumerate(circles):
        found[members] = number
    return found


def nearest_places(places: Sequence[Place], *, limit_km: float) -> Int16s:
    """Return places from near to far as seen from each, NONE once further than the limit, shape (places, places).

    A place without coordinates stands in the middle of the others.
    """
    x, y = _kilometres(places)
    squares = (x[:, None] - x[None, :]) ** 2 + (y[:, None] - y[None, :]) ** 2
    limit = round(limit_km * DECAMETRES) ** 2
    ids = np.array([keyed_random.stable_id(place.code) for place in places], np.int64)
    found = np.full((len(places), len(places)), NONE, np.int16)
    for here in range(len(places)):
        away = np.where(np.arange(len(places)) == here, -1, squares[here])
        order = np.lexsort((ids, away))
        near = order[away[order] <= limit]
        found[here, : len(near)] = near
    return found


def _kilometres(places: Sequence[Place]) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], ...]:
    """Return x and y [decametres], whole."""
    known = [(place.lat, place.lon) for place in places if place.lat is not None and place.lon is not None]
    middle = (
        (sum(lat for lat, _ in known) / len(known), sum(lon for _, lon in known) / len(known)) if known else (52.0, 5.0)
    )
    cosine = COSINE_AT_52 + COSINE_PER_DEGREE * (middle[0] - 52.0)
    at = np.array([(p.lat, p.lon) if p.lat is not None and p.lon is not None else middle for p in places], np.float64)
    north = (at[:, 0] - middle[0]) * KM_PER_DEGREE * DECAMETRES
    east = (at[:, 1] - middle[1]) * KM_PER_DEGREE * cosine * DECAMETRES
    return np.rint(east).astype(np.int64), np.rint(north).astype(np.int64)
