"""What a board's own files say of leaving: its counted leavers update the usual chances of its people.

A file of a year ago and one of now tell who went, seldom why. Per age band and kind of leaving the board's rate is pooled
with that of other boards with files, and with the usual chances and their spread; the pattern within a band (age, years
in service, qualification) stays the usual one. Rates are rounded to a millionth: the last bits of a logarithm, which
differ between machines, take no part in results.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regio_engine.errors import ImplausibleInput
from regio_engine.staff.context_draws import strata
from regio_engine.staff.contract import AGES, TENURE_CLASSES, YOUNGEST, Exit
from regio_engine.staff.rates import Counted, Expected, Pooled, pooled_shares

Floats = NDArray[np.float64]
Kind = tuple[Exit, ...]

BANDS_FROM = (YOUNGEST, 30, 50, 60)  # first age of each band
WITHOUT_REASON: tuple[Kind, ...] = (tuple(Exit),)  # a file that tells only who is no longer there
MOST = 0.98  # no chance to leave becomes larger
MILLION = 1_000_000
FEW = 1e-6  # people in every class, so that a band nobody is in has a usual rate too


@dataclass(frozen=True)
class OwnLeaving:
    """People counted in the own files of one board.

    Attributes:
        board: what tells the board apart.
        at_risk: people at the start of the counted years [person-years], shape (ages, tenure classes, qualified 2).
        left: people no longer there a year later [persons], shape (bands, kinds).
    """

    board: str
    at_risk: Floats
    left: Floats


@dataclass(frozen=True)
class OwnChances:
    """Chances to leave of one board, and which part of them own people tell.

    Attributes:
        board: as given.
        chances: as the usual ones, shape (draws, ages, tenure classes, qualified 2, exits).
        own_share: part of the rate that counted people tell (0-1), shape (bands, kinds).
    """

    board: str
    chances: Floats
    own_share: Floats


def own_chances(
    usual: Floats, boards: Sequence[OwnLeaving], *, seed: int, kinds: Sequence[Kind] = WITHOUT_REASON, between: float = 0.25
) -> tuple[OwnChances, ...]:  # fmt: skip
    """Return the chances of each board after its own leavers are counted.

    Args:
        usual: chances that parameter files expect, shape (draws, ages, tenure classes, qualified 2, exits).
        boards: counts of the boards that loaded files of two years.
        seed: seed of the run.
        kinds: exits that the files do not tell apart, each exit in one kind at most; what is in none stays usual.
        between: how far boards are thought to lie apart (spread of log odds).

    Raises:
        ImplausibleInput: counts of another shape, or more leavers than people.
    """
    for one in boards:
        _check(one, len(kinds))
    if not boards:
        return ()
    found = [usual.copy() for _ in boards]
    own_share = np.zeros((len(boards), len(BANDS_FROM), len(kinds)))
    for number, kind in enumerate(kinds):
        rates = _usual_rates(usual, boards, kind)
        pooled = _pooled(rates, np.stack([one.left[:, number] for one in boards]), boards, between)
        drawn = _drawn(pooled, len(usual), purpose=f"own leaving {number}", boards=boards, seed=seed)
        own_share[:, :, number] = pooled.own_share.reshape(len(boards), -1)
        for board, chances in enumerate(found):
            factor = drawn[:, board] * rates[:, board].mean(axis=0) / (_of_all(rates) * rates[:, board])
            chances[..., list(kind)] *= factor[:, band_of_age()][:, :, None, None, None]
    return tuple(
        OwnChances(one.board, _bounded(chances), share)
        for one, chances, share in zip(boards, found, own_share, strict=True)
    )


def band_of_age() -> NDArray[np.int64]:
    """Return the band of every age of the model, shape (ages,)."""
    return np.asarray(np.searchsorted(BANDS_FROM, YOUNGEST + np.arange(AGES), side="right") - 1, np.int64)


def _check(one: OwnLeaving, kinds: int) -> None:
    if one.at_risk.shape != (AGES, TENURE_CLASSES, 2):
        raise ImplausibleInput(f"at_risk must have shape {(AGES, TENURE_CLASSES, 2)}, got {one.at_risk.shape}")
    if one.left.shape != (len(BANDS_FROM), kinds):
        raise ImplausibleInput(f"left must have shape {(len(BANDS_FROM), kinds)}, got {one.left.shape}")
    if (one.left.sum(axis=1) > _per_band(one.at_risk)).any():
        raise ImplausibleInput(f"board {one.board}: more people left than were there, {one.left.sum(axis=1)}")


def _per_band(at_risk: Floats) -> Floats:
    return np.bincount(band_of_age(), at_risk.sum(axis=(1, 2)), len(BANDS_FROM)).astype(np.float64)


def _usual_rates(usual: Floats, boards: Sequence[OwnLeaving], kind: Kind) -> Floats:
    """Return the usual rate of a kind for people like those of each board, shape (draws, boards, bands)."""
    chance = usual[..., list(kind)].sum(axis=-1)
    found = np.empty((len(usual), len(boards), len(BANDS_FROM)))
    for band in range(len(BANDS_FROM)):
        ages = band_of_age() == band
        for board, one in enumerate(boards):
            people = one.at_risk[ages] + FEW
            found[:, board, band] = (chance[:, ages] * people).sum(axis=(1, 2, 3)) / people.sum()
    return np.clip(found, 1e-9, MOST)


def _of_all(rates: Floats) -> Floats:
    """Return the usual rate of a band, boards taken together, shape (bands,)."""
    return np.asarray(rates.mean(axis=(0, 1)))


def _pooled(rates: Floats, left: Floats, boards: Sequence[OwnLeaving], between: float) -> Pooled:
    """Pool boards per band; people of a board whose usual rate is double count double, so that only the ratio tells."""
    mean, sd = _of_all(rates), rates.mean(axis=1).std(axis=0)
    people = np.stack([_per_band(one.at_risk) for one in boards]) * rates.mean(axis=0) / mean
    group = np.tile(np.arange(len(BANDS_FROM)), len(boards))
    counted = Counted(np.maximum(people, left).ravel(), left.ravel(), group)
    return pooled_shares(counted, Expected(mean, np.maximum(sd, 1e-6 * mean), between))


def _drawn(pooled: Pooled, draws: int, *, purpose: str, boards: Sequence[OwnLeaving], seed: int) -> Floats:
    """Return drawn rates in whole millionths, shape (draws, boards, bands); each belongs to a board, not to its position."""
    bands = range(len(BANDS_FROM))

    def uniforms(*keys: str) -> Floats:
        return np.stack([strata(f"{purpose}|{key}", seed=seed, draws=draws) for key in keys], axis=1)

    found = pooled.draws(
        spread=uniforms("spread")[:, 0],
        group=uniforms(*(f"band {band}" for band in bands)),
        cell=uniforms(*(f"band {band}|{one.board}" for one in boards for band in bands)),
    )
    return np.maximum(np.rint(found * MILLION), 1.0).reshape(draws, len(boards), -1) / MILLION


def _bounded(chances: Floats) -> Floats:
    total = chances.sum(axis=-1, keepdims=True)
    return np.asarray(chances * np.minimum(1.0, MOST / np.maximum(total, MOST)))
