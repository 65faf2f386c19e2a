"""Series of numbers in the order of time: generated, downloaded, drawn, a visitor's own; and the
windows that a network learns from."""

import csv
from dataclasses import dataclass

import numpy as np

from core.data.sources import Source, fetch, here
from core.data.splits import Splits
from core.errors import VisitorError
from core.own import arrays
from core.rooms.seriesnames import FEWEST_WINDOWS, LETTERS, TOO_SHORT, split_at

ADDRESS = ("https://raw.githubusercontent.com/jbrownlee/Datasets/"
           "d20fcb6402ae34e653d4513b00f39257bb37ed7f/")
FILES = {
    "passengers": ("airline-passengers.csv", 2_180,
                   "8cb51be753a718d9be5d76d7e238cc224792754676adc21faa59e954b0201621"),
    "sunspots": ("monthly-sunspots.csv", 45_039,
                 "c4ec8cc57d9f6fb6ecdb3e1f37f25b6f4badd5124c55931052b0cd2fc3bc71f3"),
    "temperatures": ("daily-min-temperatures.csv", 67_921,
                     "8b9de63ed6789492bf497625e7f9beb96a63d367b4b0a21754006f749fa5e5da"),
}


@dataclass(frozen=True)
class Series:
    """``values``: float64 (n,), one after another at equal distances; ``season``: after how many
    of them it repeats; ``times``: datetime64 (n,), or ``None`` if they are only numbered."""

    values: np.ndarray
    season: int
    times: np.ndarray | None = None


@dataclass(frozen=True)
class Data(Splits):
    """Windows of a series, in its own unit.

    ``x_*``: float32 (n, window + lag), the values up to now; ``y_*``: float32 (n, horizon), the
    values that follow, NaN where the part ends. There is one window for each value of validation
    and test, and its past may reach back into the part before: that is known by then.
    ``lag``: from how many steps ago changes are taken, 0 for values; ``middle`` and ``spread`` of
    the values, or changes, in the training part only.
    """

    series: Series
    ends: tuple[int, int, int]
    lag: int
    middle: float
    spread: float


def waves(params) -> Series:
    """A wave with an overtone, a trend, noise, and jumps of the level."""
    draw = np.random.default_rng(params.seed)
    at = np.arange(params.length)
    turn = 2 * np.pi * at / params.period
    values = np.sin(turn) + 0.35 * np.sin(2 * turn + 1) + params.trend * at / params.length
    jumps = draw.choice(np.arange(1, params.length), params.steps, replace=False)
    for place, height in zip(jumps, draw.normal(0, 1.5, params.steps)):
        values = values + height * (at >= place)
    return Series(values + draw.normal(0, params.noise, params.length), params.period)


def noise(params) -> Series:
    """Random numbers between 0 and 1: 100 windows of 10 to learn from, as in the article."""
    return Series(np.random.default_rng(params.seed).random(172), 10)


def passengers(params) -> Series:
    """Monthly passengers of international flights in thousands, 1949 to 1960 (Box & Jenkins,
    "Time series analysis: forecasting and control", 1976)."""
    values = column("passengers")
    return Series(values, 12, np.datetime64("1949-01") + np.arange(len(values)))


def sunspots(params) -> Series:
    """Monthly sunspot numbers, 1749 to 1983. A cycle takes about 132 months."""
    values = column("sunspots")
    return Series(values, 132, np.datetime64("1749-01") + np.arange(len(values)))


def temperatures(params) -> Series:
    """Lowest temperatures of the days in Melbourne, 1981 to 1990, in °C. The last days of two leap
    years are missing, as in the source."""
    values = column("temperatures")
    return Series(values, 365, np.datetime64("1981-01-01") + np.arange(len(values)))


def drawn(params) -> Series:
    """A line drawn by hand: each letter of it is a height, 0..1."""
    heights = [LETTERS.index(letter) for letter in params.drawing if letter in LETTERS]
    values = np.array(heights, np.float64) / (len(LETTERS) - 1)
    return Series(values, found_season(values))


def own_series(params) -> Series:
    """A visitor's series, as :mod:`core.data.seriesfiles` read it.

    Raises:
        VisitorError: it is not here any more.
    """
    kept = arrays(params.own)
    values = kept["values"][:, min(params.column, kept["values"].shape[1] - 1)]
    times = kept["times"].astype("datetime64[s]") if len(kept["times"]) else None
    return Series(values, int(kept["season"]), times)


SERIES = {"waves": waves, "noise": noise, "passengers": passengers, "sunspots": sunspots,
          "temperatures": temperatures, "drawn": drawn, "own": own_series}


def found_season(values: np.ndarray, least: float = 0.3) -> int:
    """After how many steps a series looks most like itself (the highest peak of the autocorrelation
    of its changes); 1 if that is less than ``least``."""
    changes = np.diff(values)
    size = min(len(changes) // 3, 366)
    if size < 3 or not changes.any():
        return 1
    changes = changes - changes.mean()
    alike = np.array([changes[lag:] @ changes[:-lag] for lag in range(1, size + 1)])
    alike /= max(changes @ changes, 1e-300)
    peaks = np.flatnonzero((alike[1:-1] >= alike[:-2]) & (alike[1:-1] >= alike[2:])) + 1
    best = max(peaks, key=lambda each: alike[each], default=-1)
    return int(best) + 1 if best >= 0 and alike[best] >= least else 1


def source(name: str) -> Source:
    """Where a series lies that does not ship."""
    file, size, digest = FILES[name]
    return Source(file, (f"timeseries/{file}", file), ADDRESS + file, size, digest)


def to_download(name: str) -> int:
    """Bytes of the data set that are not on this machine yet."""
    return FILES[name][1] if name in FILES and here(source(name)) is None else 0


def column(name: str) -> np.ndarray:
    """The second column of a file, below its heading.

    Raises:
        DownloadError: it is not here and could not be fetched.
    """
    with fetch(source(name)).open(newline="", encoding="utf-8") as file:
        return np.array([float(row[1]) for row in [*csv.reader(file)][1:] if row])


def cut(series: Series, params) -> Data:
    """The windows of a series: ``params.window`` values to see (and, where changes are taken, as
    many more as they reach back), ``params.horizon`` to forecast.

    Raises:
        VisitorError: there are too few values.
    """
    lag = lag_of(series, params)
    size, horizon = params.window + lag, params.horizon
    ends = split_at(len(series.values), params.fold)
    if ends[0] - size - horizon + 1 < FEWEST_WINDOWS:
        raise VisitorError(TOO_SHORT, {"n": ends[0], "window": size, "horizon": horizon})
    seen = series.values[:ends[0]]
    changes = seen[lag:] - seen[:-lag] if lag else seen
    parts = [windows(series.values, np.arange(first, last), size, horizon, ends_at)
             for first, last, ends_at in ((size, ends[0] - horizon + 1, ends[0]),
                                          (ends[0], ends[1], ends[1]),
                                          (ends[1], ends[2], ends[2]))]
    return Data(*(array for part in parts for array in part), (), series, ends, lag,
                float(changes.mean()), float(changes.std()) or 1.0)


def lag_of(series: Series, params) -> int:
    """From how many steps ago changes are taken; 0 if values are taken as they are."""
    season = params.season or series.season
    return {"none": 0, "last": 1, "season": season}[params.difference]


def windows(values: np.ndarray, at: np.ndarray, size: int, horizon: int,
            end: int) -> tuple[np.ndarray, np.ndarray]:
    """The ``size`` values before each place ``at``, and the ``horizon`` values from there on, NaN
    from place ``end`` on: float32 (n, size) and (n, horizon)."""
    x = values[at[:, None] + np.arange(-size, 0)]
    ahead = at[:, None] + np.arange(horizon)
    y = np.where(ahead < end, values[np.minimum(ahead, len(values) - 1)], np.nan)
    return x.astype(np.float32), y.astype(np.float32)
