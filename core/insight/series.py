"""What a network forecasts: over validation, from the end of the series, from an end that the
visitor has drawn; and how far one may trust it.

Answers are functions of a model and its context that return JSON-able dicts, as those of
:mod:`core.insight.tables`. Values are in the series' own unit.
"""

import keras
import numpy as np

from core.data.series import Data
from core.insight.seriesrivals import errors
from core.insight.tables import data_of, rounded, said

SHOWN = 400  # of the last validation values in the living picture
LEARNED_FROM = 256  # windows of validation whose errors say how wide the future is
FUTURES = 96  # that are thrown for the band
FAN = 14  # of them are drawn one by one
MOST_AHEAD = 200
LONGEST_PAST = 160  # values that are drawn before the forecast
WITHIN = (5, 95)  # percent of the futures lie between


def snapshot(model: keras.Model, data: Data) -> dict:
    """The forecasts over the last :data:`SHOWN` values of validation.

    ``first``: the place of the first one in the series; ``one``: one step ahead, for each;
    ``hairs``: [place, values], all steps ahead from one place, three in a horizon; ``errors``:
    RMSE for each number of steps ahead, ``naive``: that of the last value repeated.
    """
    x, y = data.x_val[-SHOWN:], data.y_val[-SHOWN:]
    told = np.nan_to_num(model.predict_on_batch(x).astype(np.float64))
    first, horizon = data.ends[1] - len(x), y.shape[1]
    return {"kind": "forecast", "first": first, "one": rounded(told[:, 0]),
            "hairs": [[first + at, rounded(told[at])]
                      for at in range(0, len(x), max(1, horizon // 3))] if horizon > 1 else [],
            "errors": rounded(by_step(told - y)), "naive": rounded(by_step(x[:, -1:] - y))}


def by_step(off: np.ndarray) -> np.ndarray:
    """The root of the mean squared error of each column, without what is NaN: (n, horizon) →
    (horizon,); NaN where there is nothing."""
    count = np.isfinite(off).sum(axis=0)
    return np.sqrt(np.nansum(off.astype(np.float64) ** 2, axis=0) / np.where(count, count, np.nan))


def forecast(model: keras.Model, context: dict, *, row: list | None = None, start: int = -1,
             count: int = 0) -> dict:
    """How the series goes on from place ``start`` (the end, if it is negative), ``count`` steps.

    ``row``: other values for the last ones of its past, as the visitor has drawn them. Beyond the
    network's own horizon it goes on from its own forecasts. A future is a forecast to which errors
    are added that it made on validation, step by step; the band holds 90 % of all futures.

    Returns ``start``, ``past`` (the last values before it), ``truth`` (what came, as far as it is
    known), ``path``, ``low``, ``high`` and ``fan``: the forecast, the band, single futures.
    """
    data = data_of(context)
    values, size, horizon = data.series.values, data.x_train.shape[1], data.y_train.shape[1]
    start = len(values) if start < 0 else min(max(start, size), len(values))
    count = min(max(count, 0) or 2 * horizon, MOST_AHEAD)
    past = values[max(start - LONGEST_PAST, 0):start].copy()
    if row:
        drawn = np.array([value for value in row if value is not None][-len(past):], np.float64)
        past[len(past) - len(drawn):] = drawn
    window = np.concatenate([values[max(start - size, 0):start - len(past)], past])[-size:]
    paths = futures(model, data, window, count)
    low, high = np.percentile(paths[1:], WITHIN, axis=0)
    return {"start": start, "size": size, "horizon": horizon, "past": rounded(past),
            "truth": rounded(values[start:start + count]), "path": rounded(paths[0]),
            "low": rounded(low), "high": rounded(high),
            "fan": [rounded(each) for each in paths[1:FAN + 1]],
            "tests": list(data.ends[1:])}


def futures(model: keras.Model, data: Data, window: np.ndarray, count: int) -> np.ndarray:
    """The forecast from ``window`` (size,), and :data:`FUTURES` that differ from it as validation
    differed: (1 + futures, count)."""
    off = mistakes(model, data)
    draw = np.random.default_rng(0)
    past = np.repeat(window[None], FUTURES + 1, axis=0)
    told = []
    for _ in range(0, count, off.shape[1]):
        ahead = said(model, past[:, -len(window):].astype(np.float32))
        ahead[1:] += off[draw.integers(len(off), size=FUTURES)]
        told.append(ahead)
        past = np.hstack([past, ahead])
    return np.hstack(told)[:, :count]


def mistakes(model: keras.Model, data: Data) -> np.ndarray:
    """Truth minus forecast on windows of validation, all steps of a window together, for errors
    hang together: (n, horizon). What is not known of the last ones stays as it was the step
    before."""
    rows = np.unique(np.linspace(0, len(data.x_val) - 1, LEARNED_FROM).astype(int))
    off = data.y_val[rows] - said(model, data.x_val[rows])
    whole = np.isfinite(off).all(axis=1)
    if whole.any():
        return off[whole]
    for step in range(1, off.shape[1]):
        off[:, step] = np.where(np.isfinite(off[:, step]), off[:, step], off[:, step - 1])
    return off


def judged(model: keras.Model, context: dict) -> dict:
    """On the test: ``test_rmse`` and ``test_mae`` of one step ahead; of the band that held 90 % of
    its errors on validation, ``coverage`` (the share of true values within) and ``width``."""
    data = data_of(context)
    told = said(model, data.x_test)[:, 0]
    truth = data.y_test[:, 0].astype(np.float64)
    low, high = np.percentile(mistakes(model, data)[:, 0], WITHIN)
    within = (truth >= told + low) & (truth <= told + high)
    return {**errors(told, truth), "coverage": float(within.mean()), "width": float(high - low)}
