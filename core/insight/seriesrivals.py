"""Simpler methods on the same series: what a network has to beat. No TensorFlow.

All of them walk forward through the test, one step at a time, with the true past before each step,
as the network does.
"""

import numpy as np

from core.data.series import SERIES, Data, cut, to_download
from core.errors import VisitorError
from core.i18n import N_
from core.params import Params, from_text
from core.rooms.rnn import RNN
from core.rooms.seriesnames import split_at

ORDERS = (1, 2, 3, 6, 9, 12, 18, 24, 36, 48)
"""Of a linear autoregression: how many values it may see. Validation chooses, and the network's
own window stands among them."""

WIDE = 1_000  # places of an outline
FOCUS = 500  # of the values before the test that are drawn one by one
AWAY = N_("This series is downloaded when you press Train. Then the simpler methods are measured "
          "on it, too.")

def measure(params: Params) -> dict:
    """Each method on the test of ``params``.

    Returns ``rows``, the values learned from, and ``methods``: ``name`` (a message), ``note`` (a
    number it needs, or ``None``) and ``metrics`` (``test_rmse``, ``test_mae``).
    """
    data = cut(SERIES[params.dataset](params), params)
    found = forecasts(data, params)
    first, last = data.ends[1], data.ends[2]
    truth = data.series.values[first:last]
    return {"rows": data.ends[0], "methods": [
        {"name": name, "note": note, "metrics": errors(said[first:last], truth)}
        for name, note, said in found]}


def forecasts(data: Data, params: Params) -> list[tuple[str, int | None, np.ndarray]]:
    """Name, a number it needs, and what each method says of every value of the series from the one
    before: (n,), NaN where it cannot say anything yet."""
    values, season = data.series.values, params.season or data.series.season
    order = chosen_order(data, params.window)
    told = [(N_("Mean of the training part"), None,
             np.full(len(values), values[:data.ends[0]].mean())),
            (N_("Naive: as the last value"), None, before(values, 1)),
            (N_("Linear autoregression"), order, linear(data, order))]
    if season > 1 and season < data.ends[0]:
        told.insert(2, (N_("Seasonal naive: as one season ago"), season, before(values, season)))
    return told


def before(values: np.ndarray, lag: int) -> np.ndarray:
    """Each value's forecast is the one ``lag`` steps before: (n,)"""
    return np.concatenate([np.full(lag, np.nan), values[:-lag]])


def linear(data: Data, order: int) -> np.ndarray:
    """ŷₜ = c + w·(the last ``order`` values), fitted by least squares on the training part: (n,)"""
    values = data.series.values
    x = np.lib.stride_tricks.sliding_window_view(values, order)[:-1]
    x = np.column_stack([x, np.ones(len(x))])
    known = data.ends[0] - order
    weights = np.linalg.lstsq(x[:known], values[order:data.ends[0]], rcond=None)[0]
    return np.concatenate([np.full(order, np.nan), x @ weights])


def chosen_order(data: Data, window: int) -> int:
    """The number of values with which a linear autoregression is best on validation."""
    first, last, _ = data.ends
    truth = data.series.values[first:last]
    orders = sorted({order for order in (*ORDERS, window) if 3 * order < first} or {1})
    return min(orders, key=lambda order: errors(linear(data, order)[first:last], truth)[
        "test_rmse"])


def errors(said: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """Root of the mean squared error, and mean absolute error, in the series' unit."""
    off = said - truth
    return {"test_rmse": float(np.sqrt((off**2).mean())), "test_mae": float(np.abs(off).mean())}


def rivals(said: dict) -> dict:
    """As :func:`measure`, for hyperparameters as a link says them.

    Raises:
        VisitorError: the series is not on this machine; nobody asked to download it.
    """
    params, _ = from_text(RNN, said.get("params", {}))
    if to_download(params.dataset):
        raise VisitorError(AWAY)
    return measure(params)


def picture(said: dict) -> dict:
    """A series for a page, from hyperparameters as a link says them: ``overview``, [place, value]
    of at most :data:`WIDE` places; ``focus``, the values from place ``since`` to the end of
    validation; ``ends``, where its parts begin and end; ``ticks``, [place, words]. ``away``: it
    would have to be downloaded."""
    params, _ = from_text(RNN, said.get("params", {}))
    if to_download(params.dataset):
        return {"away": True}
    series = SERIES[params.dataset](params)
    values, ends = series.values, split_at(len(series.values), params.fold)
    since = max(0, ends[1] - FOCUS, ends[0] - (ends[1] - ends[0]))
    return {"overview": [[int(at), short(values[at])] for at in outline(values)],
            "since": since, "focus": [short(value) for value in values[since:ends[1]]],
            "ends": [*ends, len(values)], "ticks": [
                [since + at, words] for at, words in ticks(
                    series.times if series.times is None else series.times[since:ends[1]],
                    ends[1] - since, since)]}


def outline(values: np.ndarray) -> np.ndarray:
    """Places that keep the outline of a long series: lowest and highest of each piece."""
    if len(values) <= WIDE:
        return np.arange(len(values))
    pieces = np.array_split(np.arange(len(values)), WIDE // 2)
    return np.unique([at for piece in pieces for at in (piece[values[piece].argmin()],
                                                        piece[values[piece].argmax()])])


def ticks(times: np.ndarray | None, count: int, since: int = 0, most: int = 8) -> list[list]:
    """Places under an axis and their words: years, days, hours; if there are no dates numbers, of
    which the first is ``since``."""
    places = np.unique(np.linspace(0, count - 1, most).astype(int))
    if times is None:
        step = nice(count / most)
        first = -(-since // step) * step
        return [[at - since, str(at)] for at in range(first, since + count, step)]
    years = times.astype("datetime64[Y]")
    if (span := int((years[-1] - years[0]).astype(int))) >= 3:
        step = nice(max(span / most, 1))
        begins = np.flatnonzero(years[1:] != years[:-1]) + 1
        return [[int(at), str(years[at])] for at in begins if int(str(years[at])) % step == 0]
    unit = "D" if (times[-1] - times[0]) > np.timedelta64(3, "D") else "m"
    return [[int(at), str(times[at].astype(f"datetime64[{unit}]")).replace("T", " ")]
            for at in places]


def nice(value: float) -> int:
    """The least of 1, 2, 5, 10, 20, 50 … that is not below ``value``."""
    power = 1
    while True:
        for digit in (1, 2, 5):
            if digit * power >= value:
                return digit * power
        power *= 10


def short(value: float) -> float:
    """In five digits, as a page draws it."""
    return float(f"{value:.5g}")
