"""Tables of strangers (CSV, TSV …): what separates them, what is a heading, what is a number.

Only for the light worker: it loads pandas, which shares a process with TensorFlow badly.
"""

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.data.archives import BadUpload
from core.data.uploads import decoded
from core.i18n import N_

MOST_ROWS = 300_000
MOST_COLUMNS = 500
MOST_CELLS = 10_000_000
MOST_LEVELS = 1_000  # different words in a column of categories
MOST_VALUES = 100  # different numbers in a column that may be taken for categories, too
SEPARATORS = ",;\t|"
SAMPLE = 64_000  # characters from which separator and heading are guessed
PREVIEW = 20  # rows
MISSING = ["", "NA", "N/A", "na", "n/a", "NaN", "nan", "null", "NULL", "None", "?", "-"]


def read(path: str, out: str) -> dict[str, Any]:
    """A table. Writes its columns as ``.npz``: ``column_0`` … float64 with NaN where a value is
    missing; a category's values are the places in its list of ``levels`` (-1: missing). Where
    some words of such a column are numbers, ``number_0`` … has those, and NaN for the others.
    ``names`` are the columns' names, ``levels_0`` … the levels of categories.

    Returns ``{"encoding", "separator", "header": bool, "rows", "columns": [{"name", "type"
    ("number" | "category" | "text"), "missing", "levels": [str] | None, "values": [str] | None,
    "counts": [int] | None, "numbers": int, "counter": bool}], "preview": [[str]]}``. ``values``:
    those of a number if there are so few that they may be taken for categories; ``counts``: rows
    of each level or value; ``numbers``: cells that are numbers; ``counter``: it only numbers rows.

    Raises:
        BadUpload: no table, or a larger one than is taken.
    """
    words, encoding = decoded(Path(path).read_bytes())
    frame, separator, header = cells(words)
    if frame.shape[1] > MOST_COLUMNS or len(frame) > MOST_ROWS or frame.size > MOST_CELLS:
        raise BadUpload(N_("The table is too large: at most {rows} rows, {columns} columns and "
                           "{cells} cells are taken."),
                        {"rows": MOST_ROWS, "columns": MOST_COLUMNS, "cells": MOST_CELLS})
    if not len(frame):
        raise BadUpload(N_("The table has no rows below its heading."))
    columns, arrays = [], {}
    for number, name in enumerate(frame.columns):
        told, found = _column(str(name), frame[name])
        columns.append(told)
        arrays |= {f"{kind}_{number}": values for kind, values in found.items()}
    arrays["names"] = np.array([each["name"] for each in columns])
    with open(out, "wb") as file:
        np.savez(file, **arrays)
    return {"encoding": encoding, "separator": separator, "header": header, "rows": len(frame),
            "columns": columns, "preview": frame.head(PREVIEW).fillna("").values.tolist()}


def cells(words: str) -> tuple[pd.DataFrame, str, bool]:
    """All cells of a table as words (NaN: missing), what separates them, and whether the first row
    is a heading; without one the columns are numbered.

    Raises:
        BadUpload: there is no table in these words.
    """
    separator, header = _shape(words[:SAMPLE])
    return _frame(words, separator, header), separator, header


def _shape(sample: str) -> tuple[str, bool]:
    """The separator, and whether the first row is a heading."""
    lines = [line for line in sample.splitlines() if line.strip()][:200]
    if not lines:
        raise BadUpload(N_("There is no table in this file."))
    separator = max(SEPARATORS, key=lambda sign: _steadiness(lines, sign))
    first, *others = csv.reader(lines, delimiter=separator)
    if any(_is_number(cell) for cell in first) or len(set(first)) < len(first):
        return separator, False
    numbers = any(_is_number(cell) for row in others for cell in row)
    return separator, numbers or all(first)


def _steadiness(lines: list[str], separator: str) -> tuple[int, int]:
    """How well a sign separates: in how many lines it makes the same number of columns."""
    counts = [len(row) for row in csv.reader(lines, delimiter=separator)]
    usual = max(set(counts), key=counts.count)
    return (counts.count(usual) if usual > 1 else 0), usual


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True


def _frame(words: str, separator: str, header: bool) -> pd.DataFrame:
    """All cells as words; a row too much shows that there are too many."""
    try:
        frame = pd.read_csv(io.StringIO(words), sep=separator, header=0 if header else None,
                            dtype=str, na_values=MISSING, keep_default_na=False,
                            skipinitialspace=True, nrows=MOST_ROWS + 1, on_bad_lines="skip",
                            engine="c")
    except Exception as error:  # a parser may fail in any way on bytes that were made to hurt it
        raise BadUpload(N_("This file is no table that can be read here. Save it as CSV in "
                           "UTF-8.")) from error
    if not header:
        frame.columns = [f"column {number}" for number in range(1, frame.shape[1] + 1)]
    return frame


def _column(name: str, words: pd.Series) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """What a column is, and its arrays by kind, see :func:`read`."""
    present = words.dropna()
    read = pd.to_numeric(present.str.replace(",", ".", regex=False), errors="coerce")
    read = read.where(np.isfinite(read)).astype(float)
    numbers = np.full(len(words), np.nan)
    numbers[words.notna().to_numpy()] = read.to_numpy()
    told = {"name": name[:100], "missing": int(words.isna().sum()), "levels": None, "values": None,
            "counts": None, "numbers": int(read.notna().sum()), "counter": False}
    if len(present) and told["numbers"] == len(present):
        values, counts = np.unique(read, return_counts=True)
        if len(values) <= MOST_VALUES:
            told |= {"values": [f"{value:g}" for value in values], "counts": counts.tolist()}
        counter = len(read) == len(words) > 2 and bool((np.diff(numbers) == 1).all())
        return {**told, "type": "number", "counter": counter}, {"column": numbers}
    counts = present.value_counts()
    if len(counts) > MOST_LEVELS:
        return {**told, "type": "text"}, {"column": np.full(len(words), np.nan),
                                          "number": numbers}
    levels = sorted(counts.index)
    told |= {"type": "category", "levels": [level[:100] for level in levels],
             "counts": [int(counts[level]) for level in levels]}
    arrays = {"column": pd.Categorical(words, levels).codes.astype(float),
              "levels": np.array(told["levels"], dtype=str)}
    return told, arrays | ({"number": numbers} if told["numbers"] else {})
