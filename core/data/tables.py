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

MOST_ROWS = 200_000
MOST_COLUMNS = 500
MOST_CELLS = 10_000_000
MOST_LEVELS = 1_000  # different words in a column of categories
SEPARATORS = ",;\t|"
SAMPLE = 64_000  # characters from which separator and heading are guessed
PREVIEW = 20  # rows
MISSING = ["", "NA", "N/A", "na", "n/a", "NaN", "nan", "null", "NULL", "None", "?", "-"]


def read(path: str, out: str) -> dict[str, Any]:
    """A table. Writes its columns as ``.npz``: ``column_0`` … float64 with NaN where a value is
    missing; a category's values are the places in its list of ``levels`` (-1: missing).

    Returns ``{"encoding", "separator", "header": bool, "rows", "columns": [{"name", "type"
    ("number" | "category" | "text"), "missing", "levels": [str] | None}], "preview": [[str]]}``.

    Raises:
        BadUpload: no table, or a larger one than is taken.
    """
    words, encoding = decoded(Path(path).read_bytes())
    separator, header = _shape(words[:SAMPLE])
    frame = _frame(words, separator, header)
    if frame.shape[1] > MOST_COLUMNS or len(frame) > MOST_ROWS or frame.size > MOST_CELLS:
        raise BadUpload(N_("The table is too large: at most {rows} rows, {columns} columns and "
                           "{cells} cells are taken."),
                        {"rows": MOST_ROWS, "columns": MOST_COLUMNS, "cells": MOST_CELLS})
    if not len(frame):
        raise BadUpload(N_("The table has no rows below its heading."))
    columns, arrays = [], {}
    for number, name in enumerate(frame.columns):
        told, arrays[f"column_{number}"] = _column(str(name), frame[name])
        columns.append(told)
    with open(out, "wb") as file:
        np.savez(file, **arrays)
    return {"encoding": encoding, "separator": separator, "header": header, "rows": len(frame),
            "columns": columns, "preview": frame.head(PREVIEW).fillna("").values.tolist()}


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


def _column(name: str, words: pd.Series) -> tuple[dict[str, Any], np.ndarray]:
    """What a column is, and its values as numbers."""
    present = words.dropna()
    numbers = pd.to_numeric(present.str.replace(",", ".", regex=False), errors="coerce")
    told = {"name": name[:100], "missing": int(words.isna().sum()), "levels": None}
    if len(present) and np.isfinite(numbers).all():
        values = np.full(len(words), np.nan)
        values[words.notna().to_numpy()] = numbers.to_numpy(float)
        return {**told, "type": "number"}, values
    levels = sorted(present.unique())
    if len(levels) > MOST_LEVELS:
        return {**told, "type": "text"}, np.full(len(words), np.nan)
    codes = pd.Categorical(words, levels).codes.astype(float)
    return {**told, "type": "category", "levels": [level[:100] for level in levels]}, codes
