"""Files of payments (CSV) of strangers, read piece by piece: memory does not grow with the file.

Only for the light worker: it loads pandas, which shares a process with TensorFlow badly.
"""

import csv
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
    rows, classes, count = [], [], 0
    for piece in _pieces(path, separator):
        count += len(piece)
        if count > MOST_ROWS or count * len(inputs) > MOST_CELLS:
            raise BadUpload(N_("The table is too large: at most {rows} rows and {cells} cells are "
                               "taken."), {"rows": MOST_ROWS, "cells": MOST_CELLS})
        since = count - len(piece) + 2
        classes.append(_classes(piece.iloc[:, places["Class"]], names[places["Class"]], since))
        rows.append(np.column_stack([_numbers(piece.iloc[:, each], names[each], since)
                                     for each in inputs]))
    told = _checked(rows, classes, called)
    with open(out, "wb") as file:
        np.savez(file, rows=np.concatenate(rows), y=np.concatenate(classes),
                 names=np.array(called))
    return told


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


def _pieces(path: str, separator: str) -> Iterator[pd.DataFrame]:
    """The rows below the heading, some at a time, all cells as words."""
    try:
        yield from pd.read_csv(path, sep=separator, header=0, dtype=str, na_values=MISSING,
                               keep_default_na=False, skipinitialspace=True, chunksize=PIECE,
                               encoding="utf-8-sig", encoding_errors="replace", engine="c",
                               index_col=False)
    except Exception as error:  # a parser may fail in any way on bytes that were made to hurt it
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
    values = pd.to_numeric(words, errors="coerce").to_numpy(np.float32)
    wrong = ~np.isfinite(values) & words.notna().to_numpy()
    if wrong.any():
        at = int(wrong.argmax())
        raise BadUpload(N_("In line {line} the column “{name}” holds “{said}”, which is no number. "
                           "Leave such columns out, or give them numbers."),
                        {"line": since + at, "name": shown(name),
                         "said": shown(str(words.iloc[at]))[:40]})
    return values


def _checked(rows: list[np.ndarray], classes: list[np.ndarray], called: list[str]) -> dict:
    """What is told of the payments, if one can learn from them."""
    frauds = sum(int(each.sum()) for each in classes)
    count = sum(map(len, classes))
    if not count:
        raise BadUpload(N_("The table has no rows below its heading."))
    if min(frauds, count - frauds) < FEWEST:
        raise BadUpload(N_("This file has {frauds} frauds and {normal} normal payments; at least "
                           "{fewest} of each are needed."),
                        {"frauds": frauds, "normal": count - frauds, "fewest": FEWEST})
    amount = called.index("Amount")
    costs = np.concatenate([each[:, amount] for each in rows])
    fraud = np.concatenate(classes) == 1
    if not (costs >= 0).all():  # a missing amount is no number, and so not at least 0
        raise BadUpload(N_("In line {line} the amount is missing or below zero. Each payment needs "
                           "what it was worth."), {"line": int((~(costs >= 0)).argmax()) + 2})
    missing = sum(np.isnan(each).sum(axis=0) for each in rows) / count
    worst = int(missing.argmax())
    if missing[worst] > MOST_FAULTY:
        raise BadUpload(N_("The column “{name}” is empty in more than {most} % of the rows. Leave "
                           "it out."), {"name": called[worst], "most": round(100 * MOST_FAULTY)})
    return {"rows": count, "frauds": frauds, "columns": called, "time": "Time" in called,
            "money": round(float(costs[fraud].sum(dtype=np.float64)), 2)}
