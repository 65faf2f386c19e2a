"""Tables: columns of numbers and categories, a target, and splits for cross-validation.

A table's rows are *coded*: numbers as they are, NaN where one is missing; a category as its place
among its levels, -1 where it is missing. :func:`encode` makes of them what a network receives.
"""

from dataclasses import dataclass

import numpy as np
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_wine
from sklearn.model_selection import KFold, StratifiedKFold, train_test_split

from core.data.splits import Splits
from core.errors import VisitorError
from core.own import arrays
from core.rooms.columns import AGAIN, CATEGORY, OUT, RARE
from core.rooms.tablenames import BREAST_CANCER, DIABETES, DIGITS, GROWERS, TUMOURS, WINE

FOLDS = 5
VALIDATION = 0.2  # of the rows that are not kept for the test


@dataclass(frozen=True)
class Column:
    """A column; ``levels`` are the categories it has, none if it is a number."""

    name: str
    levels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """``rows``: float64 (n, columns), coded; ``y``: (n,) class numbers, or values where
    ``class_names`` is empty; ``target``: the name of what is predicted."""

    rows: np.ndarray
    y: np.ndarray
    columns: tuple[Column, ...]
    class_names: tuple[str, ...]
    target: str


@dataclass(frozen=True)
class Data(Splits):
    """A table's rows.

    ``x_*``: float32 (n, inputs), as :func:`encode` makes them; ``y_*``: int64 class numbers, or
    float32 values where ``class_names`` is empty. ``usual``: (columns,) the median or the most
    frequent category in training, which stands in for missing numbers. ``rows_train`` and
    ``rows_test`` are coded.
    """

    columns: tuple[Column, ...]
    usual: np.ndarray
    rows_train: np.ndarray
    rows_test: np.ndarray
    target: str


def breast_cancer(params) -> Table:
    """569 breast tumours, 30 measures of the nuclei of their cells under the microscope; is it
    malignant or benign? (Wolberg, Street & Mangasarian, UCI 1995.)"""
    return shipped(load_breast_cancer(), BREAST_CANCER, TUMOURS, "diagnosis")


def wine(params) -> Table:
    """178 wines from three growers of one region, 13 chemical measures; who grew it? (Aeberhard &
    Forina, UCI 1991.)"""
    return shipped(load_wine(), WINE, GROWERS, "grower")


def digits(params) -> Table:
    """1,797 handwritten digits as 64 numbers, one a pixel (row, column). (Alpaydin & Kaynak, UCI
    1998.)"""
    return shipped(load_digits(), DIGITS, tuple("0123456789"), "digit")


def diabetes(params) -> Table:
    """442 patients, 10 measures; how far will their diabetes have gone a year later, in points?
    (Efron, Hastie, Johnstone & Tibshirani 2004.)"""
    return shipped(load_diabetes(scaled=False), DIABETES, (), "progression")


def shipped(found, names: tuple[str, ...], classes: tuple[str, ...], target: str) -> Table:
    """A table that comes with scikit-learn; all its columns are numbers."""
    return Table(found.data.astype(np.float64), found.target, tuple(map(Column, names)), classes,
                 target)


def own_table(params) -> Table:
    """A visitor's table, see :mod:`core.rooms.columns` for ``columns`` and ``target``. Rows whose
    target is missing, or of a class with hardly any rows, are left out.

    Raises:
        VisitorError: it is not here, or its columns are not the ones that were chosen.
    """
    found, letters, target = arrays(params.own), params.columns, params.target
    names = found["names"].tolist()
    if len(letters) != len(names) or target >= len(names) or letters[target] == OUT:
        raise VisitorError(AGAIN, {})
    taken = [place for place, letter in enumerate(letters) if letter != OUT and place != target]
    coded = [column(found, place, letters[place]) for place in taken]
    goal, classes = column(found, target, letters[target])
    there = np.isfinite(goal) & (goal >= 0 if classes else True)
    if classes:
        counts = np.bincount(goal[there].astype(int), minlength=len(classes))
        common = np.flatnonzero(counts >= RARE)
        there &= np.isin(goal, common)
        goal = np.searchsorted(common, goal)
        classes = tuple(classes[each] for each in common)
    rows = np.stack([values for values, _ in coded], axis=1)[there]
    columns = tuple(Column(names[place], levels) for place, (_, levels) in zip(taken, coded))
    return Table(rows, goal[there], columns, classes, names[target])


def column(found: dict[str, np.ndarray], place: int, letter: str):
    """The coded values of a column and its levels, taken for what its letter says."""
    values, levels = found[f"column_{place}"], found.get(f"levels_{place}")
    if letter != CATEGORY:
        return found.get(f"number_{place}", values), ()
    if levels is not None:
        return values, tuple(levels.tolist())
    known = np.unique(values[np.isfinite(values)])
    codes = np.where(np.isfinite(values), np.searchsorted(known, values), -1.0)
    return codes, tuple(f"{value:g}" for value in known)


TABLES = {"breast_cancer": breast_cancer, "wine": wine, "digits": digits, "diabetes": diabetes,
          "own": own_table}


def split(table: Table, fold: int, share: float) -> Data:
    """The ``fold``-th fifth of the rows (1 to 5) is for the test; of the others a fifth is for
    validation, and of the rest the share ``share`` is for training. Classes in proportion."""
    classes = bool(table.class_names)
    folds = (StratifiedKFold if classes else KFold)(FOLDS, shuffle=True, random_state=0)
    rest, test = list(folds.split(table.rows, table.y))[fold - 1]
    train, val = train_test_split(rest, test_size=VALIDATION, random_state=0,
                                  stratify=table.y[rest] if classes else None)
    return shared_out(table, train[:max(round(share * len(train)), 2)], val, test)


def shared_out(table: Table, train: np.ndarray, val: np.ndarray, test: np.ndarray) -> Data:
    """A table's rows by their numbers; what is usual is learned from the training rows."""
    usual = typical(table.columns, table.rows[train])
    y = table.y.astype(np.int64 if table.class_names else np.float32)
    parts = [part for each in (train, val, test)
             for part in (encode(table.columns, usual, table.rows[each]), y[each])]
    return Data(*parts, table.class_names, table.columns, usual, table.rows[train],
                table.rows[test], table.target)


def typical(columns: tuple[Column, ...], rows: np.ndarray) -> np.ndarray:
    """The median of each column, or its most frequent category: (columns,)"""
    usual = np.zeros(len(columns))
    for place, (each, values) in enumerate(zip(columns, rows.T)):
        there = values[values >= 0].astype(int) if each.levels else values[~np.isnan(values)]
        if len(there):
            usual[place] = np.bincount(there).argmax() if each.levels else np.median(there)
    return usual


def encode(columns: tuple[Column, ...], usual: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """What a network receives of coded rows: float32 (n, inputs).

    A number stays one, the usual one where it is missing; a category becomes a 1 in the place of
    its level and 0 in the others', and only zeros where it is missing.
    """
    parts = []
    for each, stand_in, values in zip(columns, usual, rows.T):
        if each.levels:
            parts.append(values[:, None] == np.arange(len(each.levels)))
        else:
            parts.append(np.where(np.isnan(values), stand_in, values)[:, None])
    return np.hstack(parts, dtype=np.float32, casting="unsafe")
