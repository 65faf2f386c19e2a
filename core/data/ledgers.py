"""Files of payments (CSV) of strangers, read piece by piece: memory does not grow with the file.

Only for the light worker: it loads pandas, which shares a process with TensorFlow badly.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from core.data.archives import BadUpload, shown
from core.data.tables import MISSING, SEPARATORS
from core.i18n import N_
from core.rooms.payments import FEWEST

PIECE = 20_000  # rows that are in memory as words
MOST_ROWS = 1_500_000
MOST_COLUMNS = 100
MOST_CELLS = 45_000_000  # 180 MB as float32
MOST_FAULTY = 0.05  # of the cells of a column may be missing
HEAD = 64_000  # bytes of which the heading is a part
CLASS = ("class", "fraud", "isfraud", "is_fraud", "label", "target", "欺诈", "类别", "标签")
AMOUNT = ("amount", "amt", "transactionamt", "transaction_amount", "value", "金额", "交易金额")
TIME = ("time", "step", "transactiondt", "seconds", "时间")
TRUE = {"1", "1.0", "true", "yes", "fraud"}
FALSE = {"0", "0.0", "false", "no", "normal"}


def read(path: str, out: str) -> dict[str, Any]:
    """Payments: one class column of 0 and 1, ``Amount``, and further columns of numbers.

    Writes ``rows`` float32 (n, columns), NaN where a number is missing, ``y`` int8 (n,) and
    ``names`` as ``.npz``; ``Time`` and ``Amount`` are called so however the file spells them.
    Returns ``{"rows", "frauds", "columns": [str], "money": of all frauds, "time": bool}``.

    Raises:
        BadUpload: what is wrong with the file, in a sentence.
    """
    names, separator = _heading(path)
    places = _places(names)
    inputs = [each for each in range(len(names)) if each != places["Class"]]
    called = [next((name for name, place in places.items() if place == each), shown(names[each]))
              for each in inputs]
    most = _lines(path)
    if most > MOST_ROWS or most * len(inputs) > MOST_CELLS:
        raise BadUpload(N_("The table is too large: at most {rows} rows and {cells} cells are "
                           "taken."), {"rows": MOST_ROWS, "cells": MOST_CELLS})
    rows, y, count = np.empty((most, len(inputs)), np.float32), np.empty(most, np.int8), 0
    try:
        pieces = _pieces(path, separator, {names[each]: np.float32 for each in inputs})
        for piece in pieces:
            _keep(piece, names, inputs, places["Class"], rows, y, count)
            count += len(piece)
    except NotNumbers:  # once more as words, to tell which cell it is
        count = 0
        for piece in _pieces(path, separator, {}):
            _keep(piece, names, inputs, places["Class"], rows, y, count)
            count += len(piece)
    told = _checked(rows[:count], y[:count], called)
    with open(out, "wb") as file:
        np.savez(file, rows=rows[:count], y=y[:count], names=np.array(called))
    return told


class NotNumbers(Exception):
    """A column of numbers holds something else."""


def _lines(path: str) -> int:
    """The most rows that a file can have below its heading."""
    with open(path, "rb") as file:
        ends = sum(piece.count(b"\n") + piece.count(b"\r")
                   for piece in iter(lambda: file.read(1 << 20), b""))
    return ends + 1


def _keep(piece: pd.DataFrame, names: list[str], inputs: list[int], goal: int, rows: np.ndarray,
          y: np.ndarray, count: int) -> None:
    """Put the rows of a piece behind the first ``count`` ones."""
    here = slice(count, count + len(piece))
    y[here] = _classes(piece.iloc[:, goal], names[goal], count + 2)
    for place, each in enumerate(inputs):
        rows[here, place] = _numbers(piece.iloc[:, each], names[each], count + 2)


def _heading(path: str) -> tuple[list[str], str]:
    """The names of the columns, and what separates them."""
    with open(path, "rb") as file:
        head = file.read(HEAD)
    if b"\0" in head:
        raise BadUpload(N_("This file is no text that can be read here. Save it as CSV in UTF-8."))
    try:
        line = head.decode("utf-8-sig", errors="ignore").lstrip().splitlines()[0]
        separator = max(SEPARATORS, key=line.count)
        names = [name.strip() for name in next(csv.reader([line], delimiter=separator))]
    except (IndexError, StopIteration, csv.Error) as error:
        raise BadUpload(N_("There is no table in this file.")) from error
    if len(names) < 3:
        raise BadUpload(N_("This file has too few columns. It takes a class, an amount and at "
                           "least one more column of numbers, separated by commas."))
    if len(names) > MOST_COLUMNS:
        raise BadUpload(N_("This file has {count} columns; at most {most} are taken."),
                        {"count": len(names), "most": MOST_COLUMNS})
    if len(set(names)) < len(names):
        raise BadUpload(N_("Two columns of this file have the same name. Rename one of them."))
    return names, separator


def _places(names: list[str]) -> dict[str, int]:
    """Where class, amount and, if there is one, time stand."""
    small = [name.lower() for name in names]
    found = {"Class": [small.index(each) for each in CLASS if each in small],
             "Amount": [small.index(each) for each in AMOUNT if each in small],
             "Time": [small.index(each) for each in TIME if each in small]}
    if not found["Class"]:
        raise BadUpload(N_("No column says which payments were frauds. Call it “Class”, with 1 for "
                           "a fraud and 0 for a normal payment; the first row must hold the "
                           "names."))
    if len(found["Class"]) > 1:
        raise BadUpload(N_("Two columns could be the class: “{one}” and “{other}”. Keep one of "
                           "them."), {"one": shown(names[found["Class"][0]]),
                                      "other": shown(names[found["Class"][1]])})
    if not found["Amount"]:
        raise BadUpload(N_("No column says what a payment was worth. Call it “Amount”."))
    return {name: places[0] for name, places in found.items() if places}


def _pieces(path: str, separator: str, types: dict[str, type]) -> Iterator[pd.DataFrame]:
    """The rows below the heading, some at a time; columns without a type as words.

    Raises:
        NotNumbers: a cell is not of its column's type.
    """
    kinds = defaultdict(lambda: str, types)
    try:
        yield from pd.read_csv(path, sep=separator, header=0, dtype=kinds, na_values=MISSING,
                               keep_default_na=False, skipinitialspace=True, chunksize=PIECE,
                               encoding="utf-8-sig", encoding_errors="replace", engine="c",
                               index_col=False)
    except Exception as error:  # a parser may fail in any way on bytes that were made to hurt it
        if types:
            raise NotNumbers from error
        raise BadUpload(N_("This file is no table that can be read here. Save it as CSV in "
                           "UTF-8.")) from error


def _classes(words: pd.Series, name: str, since: int) -> np.ndarray:
    """1 for a fraud, 0 for a normal payment. ``since``: the line of the first row."""
    known = words.str.strip().str.lower().map({**dict.fromkeys(TRUE, 1),
                                               **dict.fromkeys(FALSE, 0)})
    if known.isna().any():
        at = int(known.isna().to_numpy().argmax())
        said = words.iloc[at] if isinstance(words.iloc[at], str) else ""
        raise BadUpload(N_("In line {line} the class “{name}” is “{said}”. Two classes are taken: "
                           "0 for a normal payment and 1 for a fraud."),
                        {"line": since + at, "name": shown(name), "said": shown(said)[:40]})
    return known.to_numpy(np.int8)


def _numbers(words: pd.Series, name: str, since: int) -> np.ndarray:
    """A column of numbers, float32, NaN where one is missing."""
    values = words if words.dtype == np.float32 else pd.to_numeric(words, errors="coerce")
    values = values.to_numpy(np.float32)
    wrong = ~np.isfinite(values) & words.notna().to_numpy()
    if wrong.any():
        at = int(wrong.argmax())
        raise BadUpload(N_("In line {line} the column “{name}” holds “{said}”, which is no number. "
                           "Leave such columns out, or give them numbers."),
                        {"line": since + at, "name": shown(name),
                         "said": shown(str(words.iloc[at]))[:40]})
    return values


def _checked(rows: np.ndarray, y: np.ndarray, called: list[str]) -> dict:
    """What is told of the payments, if one can learn from them."""
    frauds, count = int(y.sum(dtype=np.int64)), len(y)
    if not count:
        raise BadUpload(N_("The table has no rows below its heading."))
    if min(frauds, count - frauds) < FEWEST:
        raise BadUpload(N_("This file has {frauds} frauds and {normal} normal payments; at least "
                           "{fewest} of each are needed."),
                        {"frauds": frauds, "normal": count - frauds, "fewest": FEWEST})
    costs = rows[:, called.index("Amount")]
    if not (costs >= 0).all():  # a missing amount is no number, and so not at least 0
        raise BadUpload(N_("In line {line} the amount is missing or below zero. Each payment needs "
                           "what it was worth."), {"line": int((~(costs >= 0)).argmax()) + 2})
    missing = [np.isnan(column).mean() for column in rows.T]
    worst = int(np.argmax(missing))
    if missing[worst] > MOST_FAULTY:
        raise BadUpload(N_("The column “{name}” is empty in more than {most} % of the rows. Leave "
                           "it out."), {"name": called[worst], "most": round(100 * MOST_FAULTY)})
    return {"rows": count, "frauds": frauds, "columns": called, "time": "Time" in called,
            "money": round(float(costs[y == 1].sum(dtype=np.float64)), 2)}
