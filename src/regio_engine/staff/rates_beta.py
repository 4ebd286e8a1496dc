"""The two functions of the beta distribution that pooling rates needs, in plain numpy: its log integral and its quantile.

A quantile is read off a grid over log odds that reaches as far as the distribution does. Nothing else is here.
"""

from typing import cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_POINTS = 257  # of the grid a quantile is read off; an odd number, so that the top is one of them
_SHIFT = 8  # Stirling's series is exact to the last digits from here


def log_gamma(x: ArrayLike) -> Floats:
    """Return the log of the gamma function of numbers above 0 (Stirling's series after shifting up by eight)."""
    x = np.asarray(x, np.float64)
    far = x + _SHIFT
    inverse = 1 / far
    series = inverse * (1 / 12 - inverse**2 * (1 / 360 - inverse**2 * (1 / 1260 - inverse**2 / 1680)))
    below = np.sum(np.log(x[..., None] + np.arange(_SHIFT)), axis=-1)
    return cast(Floats, (far - 0.5) * np.log(far) - far + 0.5 * np.log(2 * np.pi) + series - below)


def log_beta(a: ArrayLike, b: ArrayLike) -> Floats:
    """Return the log of the beta function of numbers above 0; the arguments broadcast."""
    return log_gamma(a) + log_gamma(b) - log_gamma(np.add(a, b))


def share_of(log_odds: Floats) -> Floats:
    """Return the share that belongs to log odds."""
    return cast(Floats, np.exp(-np.logaddexp(0, -log_odds)))


def log_sum(logs: Floats, axis: int | None = None) -> Floats:
    """Return the log of the sum of what these logs stand for."""
    top = logs.max(axis=axis, keepdims=True)
    return np.asarray(np.log(np.exp(logs - top).sum(axis=axis)) + np.squeeze(top, axis=axis))


def beta_quantile(a: Floats, b: Floats, uniforms: Floats) -> Floats:
    """Return the value below which a share `uniforms` of Beta(a, b) lies, all of one shape (cells,); exact to 0.0005 of the share.

    Args:
        a, b: parameters, above 0.
        uniforms: shares strictly between 0 and 1.
    """
    steps = np.linspace(-1, 1, _POINTS)
    usual = 8 * np.sqrt(1 / a + 1 / b)
    reach = np.where(steps < 0, (usual + 20 / a)[:, None], (usual + 20 / b)[:, None])
    log_odds = np.log(a / b)[:, None] + np.sign(steps) * np.abs(steps) ** 2 * reach
    density = a[:, None] * log_odds - (a + b)[:, None] * np.logaddexp(0, log_odds)
    density = np.exp(density - density.max(axis=1, keepdims=True))
    slices = 0.5 * (density[:, 1:] + density[:, :-1]) * np.diff(log_odds, axis=1)
    cumulative = np.concatenate([np.zeros((len(a), 1)), np.cumsum(slices, axis=1)], axis=1)
    aim = uniforms * cumulative[:, -1]
    at = np.clip((cumulative <= aim[:, None]).sum(axis=1) - 1, 0, _POINTS - 2)
    row = np.arange(len(a))
    part = (aim - cumulative[row, at]) / np.maximum(slices[row, at], 1e-300)
    return share_of(log_odds[row, at] + part * (log_odds[row, at + 1] - log_odds[row, at]))
