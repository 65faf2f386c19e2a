"""Series of strangers (CSV): a column of dates, one or more columns of numbers, gaps.

Only for the light worker: it loads pandas, which shares a process with TensorFlow badly.
"""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.data.archives import BadUpload, shown
from core.data.series import found_season
from core.data.tables import cells
from core.data.uploads import decoded
from core.i18n import N_
from core.rooms.seriesnames import FEWEST

MOST_VALUES = 20_000  # of a series, gaps filled
MOST_COLUMNS = 12  # of numbers
MOST_FILLED = 0.2  # of a series may be gaps
DATES = 0.9  # of a column's cells must be dates, else it is none
DAY = 86_400  # seconds
# The usual distance of two rows in seconds, its name, pandas's word for it, and its season.
STEPS = (
    (60, "minute", "min", 60), (3_600, "hour", "h", 24), (DAY, "day", "D", 7),
    (7 * DAY, "week", "7D", 52), (30.4 * DAY, "month", "MS", 12), (91.3 * DAY, "quarter", "QS", 4),
    (365.25 * DAY, "year", "YS", 1),
)
SAMPLE = 50  # rows that show whether a column may hold dates
NEAR = 0.06  # by so much may the distance differ from a usual one


def read(path: str, out: str) -> dict[str, Any]:
    """A series. Writes ``values`` float64 (n, columns) without gaps, ``times`` int64 (n,) in
    seconds since 1970 (empty if there are no dates), and ``season`` as ``.npz``.

    Rows are put in the order of their dates; where a date is missing, or a value, a straight line
    goes over the gap. Returns ``{"rows", "columns": [str], "step": the distance of two rows,
    "season", "filled": values put in, "first", "last": dates or ""}``.

    Raises:
        BadUpload: what is wrong with the file, in a sentence.
    """
    words, _ = decoded(Path(path).read_bytes())
    frame, _, header = cells(words)
    if not len(frame):
        raise BadUpload(N_("The table has no rows below its heading."))
    place, times = _dates(frame)
    numbers = _numbers(frame.drop(columns=frame.columns[[place]] if times is not None else []),
                       header)
    if times is None:
        step, season = "row", 1
    else:
        numbers, step, season = _regular(numbers, times)
    if len(numbers) < FEWEST:
        raise BadUpload(N_("This series has {n} values; at least {fewest} are needed."),
                        {"n": len(numbers), "fewest": FEWEST})
    if len(numbers) > MOST_VALUES:
        raise BadUpload(N_("This series has {n} values; at most {most} are taken. Keep a part of "
                           "it, or means of several rows."),
                        {"n": len(numbers), "most": MOST_VALUES})
    values, filled = _filled(numbers)
    dated = times is not None
    season = season if season > 1 else found_season(values[:, 0])
    seconds = numbers.index.to_numpy("datetime64[s]").astype(np.int64) if dated else []
    with open(out, "wb") as file:
        np.savez(file, values=values, times=np.array(seconds, np.int64), season=np.array(season))
    return {"rows": len(values), "columns": [shown(str(name)) for name in numbers.columns],
            "step": step, "season": season, "filled": filled,
            "first": _written(numbers.index[0]) if dated else "",
            "last": _written(numbers.index[-1]) if dated else ""}


def _dates(frame: pd.DataFrame) -> tuple[int, pd.DatetimeIndex | None]:
    """The first column that holds dates, and these; ``None`` if none does."""
    for place, name in enumerate(frame.columns):
        words = frame[name].str.strip()
        plain = pd.to_numeric(words.dropna().str.replace(",", "."), errors="coerce").notna()
        if plain.mean() > 1 - DATES and not _years(words):
            continue  # plain numbers are values, years excepted
        found = _read_dates(words)
        if found.notna().mean() < DATES:
            continue
        if found.isna().any():
            at = int(found.isna().to_numpy().argmax())
            said = frame[name].iloc[at]
            raise BadUpload(N_("In row {row} the column “{name}” holds “{said}”, which is no "
                               "date that can be read here. Write dates as 2024-05-31."),
                            {"row": at + 1, "name": shown(str(name)),
                             "said": shown(str(said))[:40] if isinstance(said, str) else ""})
        if found.dt.tz is not None:
            found = found.dt.tz_localize(None)
        return place, pd.DatetimeIndex(found)
    return 0, None


def _read_dates(words: pd.Series) -> pd.Series:
    """Dates, NaT where there is none: years, ISO 8601, 2024年5月31日, or what is usual elsewhere;
    of 31/05/2024 and 05/31/2024 that which makes sense of the whole column."""
    if _years(words):
        return pd.to_datetime(words, format="%Y")
    words = words.str.replace(r"[年月]", "-", regex=True).str.replace("日", "", regex=False)
    words = words.str.rstrip("-")
    found = pd.to_datetime(words, errors="coerce", format="ISO8601")
    if found.notna().mean() >= DATES or words.head(SAMPLE).str.contains(r"\d").mean() < DATES:
        return found
    parts = words.str.extract(r"^(\d{1,2})([./-])\d{1,2}\2\d{2,4}")
    first = bool((pd.to_numeric(parts[0]) > 12).any() or (parts[1] == ".").any())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that one of them is written the other way round
        return pd.to_datetime(words, errors="coerce", format="mixed", dayfirst=first)


def _years(words: pd.Series) -> bool:
    """Whether a column counts years: 1950, 1951, …"""
    years = pd.to_numeric(words, errors="coerce")
    rise = (years.diff().dropna() > 0).all()
    return bool(rise and words.str.fullmatch(r"1[5-9]\d\d|20\d\d").all())


def _numbers(frame: pd.DataFrame, header: bool) -> pd.DataFrame:
    """The columns of numbers, NaN where a value is missing."""
    found = {}
    for name in frame.columns:
        words = frame[name].str.strip()
        values = pd.to_numeric(words.str.replace(",", ".", regex=False), errors="coerce")
        values = values.where(np.isfinite(values))
        wrong = values.isna() & words.notna()
        if wrong.mean() > 1 - DATES or values.notna().mean() < 0.5:
            continue  # words, or nearly nothing: no series
        if wrong.any():
            at = int(wrong.to_numpy().argmax())
            raise BadUpload(N_("In row {row} the column “{name}” holds “{said}”, which is no "
                               "number. Correct it, or leave the cell empty."),
                            {"row": at + 1, "name": shown(str(name)),
                             "said": shown(words.iloc[at])[:40]})
        if values.abs().max() > 1e12:
            raise BadUpload(N_("The numbers of the column “{name}” are too large to calculate "
                               "with. Use another unit, such as millions."),
                            {"name": shown(str(name))})
        found[name] = values
    changing = {name: values for name, values in found.items() if values.nunique() > 1}
    if not changing:
        raise BadUpload(N_("No column of this file holds numbers that change over time. It takes a "
                           "column of dates and a column of numbers."))
    return pd.DataFrame(dict([*changing.items()][:MOST_COLUMNS]))


def _regular(numbers: pd.DataFrame, times: pd.DatetimeIndex) -> tuple[pd.DataFrame, str, int]:
    """The rows at equal distances in the order of time, NaN where one is missing; the distance and
    its season."""
    numbers = numbers.set_axis(times).sort_index()
    if numbers.index.has_duplicates:
        twice = numbers.index[numbers.index.duplicated()][0]
        raise BadUpload(N_("The date {date} stands in this file twice. One series has one row for "
                           "each date."), {"date": _written(twice)})
    if len(numbers) < 3:
        return numbers, "row", 1
    apart = np.diff(numbers.index.to_numpy("datetime64[s]").astype(np.int64))
    usual = float(np.median(apart))
    for seconds, name, word, season in STEPS:
        if abs(usual - seconds) <= NEAR * seconds:
            return _laid_out(numbers, word, usual), name, season
    return _laid_out(numbers, f"{round(usual)}s", usual), "row", 1


def _laid_out(numbers: pd.DataFrame, word: str, usual: float) -> pd.DataFrame:
    """Every step from the first date to the last; a date that lies between two counts for the one
    before."""
    first, last = numbers.index[0], numbers.index[-1]
    if (last - first).total_seconds() / usual > 2 * MOST_VALUES:
        raise BadUpload(N_("From {first} to {last} there would be more than {most} steps: most of "
                           "this series is gaps. Keep a part without such gaps."),
                        {"first": _written(first), "last": _written(last),
                         "most": 2 * MOST_VALUES})
    calendar = word in ("MS", "QS", "YS")
    if calendar:  # whichever day of the month a row has
        period = {"MS": "M", "QS": "Q", "YS": "Y"}[word]
        numbers = numbers.set_axis(numbers.index.to_period(period).to_timestamp())
        numbers = numbers[~numbers.index.duplicated()]
        return numbers.reindex(pd.date_range(numbers.index[0], numbers.index[-1], freq=word))
    steps = np.floor((numbers.index - first).total_seconds() / usual + 0.5).astype(int)
    whole = pd.date_range(first, periods=int(steps[-1]) + 1, freq=pd.Timedelta(seconds=usual))
    return numbers.set_axis(whole[steps]).pipe(
        lambda each: each[~each.index.duplicated()]).reindex(whole)


def _filled(numbers: pd.DataFrame) -> tuple[np.ndarray, int]:
    """The values without gaps, and how many were put in."""
    share = numbers.isna().mean()
    worst = share.idxmax()
    if share[worst] > MOST_FILLED:
        raise BadUpload(N_("{share} % of the column “{name}” are gaps; at most {most} % are "
                           "filled. Keep a part with fewer gaps."),
                        {"share": round(100 * float(share[worst])), "name": shown(str(worst)),
                         "most": round(100 * MOST_FILLED)})
    values = numbers.reset_index(drop=True).interpolate(limit_direction="both")
    return values.to_numpy(np.float64), int(numbers.isna().to_numpy().sum())


def _written(when: pd.Timestamp) -> str:
    return when.strftime("%Y-%m-%d" if when == when.normalize() else "%Y-%m-%d %H:%M")
