"""Looking inside a network that predicts a column of a table.

Every answer is a function of a model and its context that returns a JSON-able dict, as those of
:mod:`core.insight.vision`. Rows are coded, see :mod:`core.data.tabular`; ``None`` is missing.
"""

import threading
from functools import lru_cache
from weakref import WeakKeyDictionary

import keras
import numpy as np
import tensorflow as tf
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.calibration import calibration_curve
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    mean_absolute_error,
    mean_squared_error,
    precision_recall_curve,
    r2_score,
    roc_auc_score,
    roc_curve,
)

from core.catalogue import room as room_called
from core.data.tabular import Data, encode
from core.errors import VisitorError
from core.i18n import N_
from core.params import from_text
from core.rooms import called

SHOWN = 12  # test rows to try
DOTS = 400  # rows in a picture
SCORES = 2_000  # rows of which a page gets the scores
POINTS = 200  # of a curve
ASKED = 6_000  # rows that one explanation may ask the network
CHUNK = 4_096  # rows a time
REPEATS = 5
BINS = 8

_probes: WeakKeyDictionary = WeakKeyDictionary()
_lock = threading.Lock()


def data_of(context: dict) -> Data:
    """The table that a network was trained on, split as it was then."""
    return _data(context["room"], tuple(sorted(context["params"].items())))


@lru_cache(maxsize=3)
def _data(name: str, texts: tuple) -> Data:
    room = room_called(name)
    params, _ = from_text(room.params, dict(texts))
    return called(f"{room.program}:load")(params)


def said(model: keras.Model, x: np.ndarray) -> np.ndarray:
    """Probabilities (n, classes), of two classes as well, or values (n, 1); 0 for NaN. May run
    beside a ``fit`` of the same model."""
    with _lock:
        if model not in _probes:
            signature = tf.TensorSpec((None, *model.input_shape[1:]), tf.float32)
            bare = keras.Model(model.inputs, model.outputs)  # does not keep the model alive
            _probes[model] = tf.function(lambda x: bare(x, training=False),
                                         input_signature=[signature], jit_compile=False)
    probe = _probes[model]
    answers = np.concatenate([probe(x[at:at + CHUNK]).numpy()
                              for at in range(0, max(len(x), 1), CHUNK)])
    answers = np.nan_to_num(answers.astype(np.float64))
    if model.layers[-1].name != "output":  # a value in the target's unit
        return answers
    if answers.shape[1] == 1:
        return np.hstack([1 - answers, answers])
    return answers / np.maximum(answers.sum(axis=1, keepdims=True), 1e-12)  # exactly 1 in all


def snapshot(model: keras.Model, data: Data) -> dict:
    """On the validation split: the confusion matrix (row = true class), or true and predicted
    values."""
    if not data.class_names:
        rows = slice(0, DOTS)
        told = model.predict_on_batch(data.x_val[rows])[:, 0]
        return {"kind": "scatter", "target": data.target, "true": rounded(data.y_val[rows]),
                "said": rounded(told)}
    told = np.concatenate([model.predict_on_batch(data.x_val[at:at + CHUNK])
                           for at in range(0, len(data.x_val), CHUNK)])
    called = told.argmax(axis=1) if told.shape[1] > 1 else told[:, 0] > 0.5
    return confusion(data.class_names, data.y_val, called)


def confusion(names: tuple[str, ...], true: np.ndarray, called: np.ndarray) -> dict:
    """How often each class was called what."""
    matrix = np.zeros((len(names), len(names)), int)
    np.add.at(matrix, (true, called.astype(int)), 1)
    return {"kind": "confusion", "classes": list(names), "matrix": matrix.tolist()}


def about(model: keras.Model, context: dict) -> dict:
    """The columns with their usual values and ranges (the middle 98 % in training), and some test
    rows to begin with."""
    data = data_of(context)
    columns = []
    for each, usual, values in zip(data.columns, data.usual, data.rows_train.T):
        there = values[~np.isnan(values)]
        low, high = (np.percentile(there, [1, 99]) if len(there) else (0.0, 1.0))
        columns.append({"name": each.name, "levels": list(each.levels), "usual": short(usual),
                        "low": short(low), "high": short(max(high, low + 1e-9)),
                        "whole": bool((there == np.round(there)).all())})
    names = data.class_names
    some = np.unique(np.linspace(0, len(data.y_test) - 1, SHOWN).astype(int))  # not one class only
    rows = [{"row": rounded(row), "true": names[int(y)] if names else short(y)}
            for row, y in zip(data.rows_test[some], data.y_test[some])]
    return {"target": data.target, "classes": list(names), "columns": columns, "rows": rows}


def predict(model: keras.Model, context: dict, *, row: list | None = None,
            index: int = -1) -> dict:
    """The answer for one row, and how far each column moved it away from the answer for the usual
    row: Shapley values, from random orders in which the row's values take the place of the usual
    ones (Štrumbelj & Kononenko 2014). They add up to the whole difference.

    ``row``: as many numbers as columns, ``None`` for what is missing; the usual row by default.
    ``index``: of which class the answer is explained; by default that which wins.
    """
    data = data_of(context)
    coded = coded_row(data, row)
    ends = said(model, encode(data.columns, data.usual, np.stack([data.usual, coded])))
    winner = int(ends[1].argmax())
    out = index if 0 <= index < ends.shape[1] else winner
    changed = np.flatnonzero(coded != data.usual)
    moved = np.zeros(len(coded))
    if len(changed):
        orders = max(ASKED // (2 * (len(changed) + 1)), 2)
        draw = np.random.default_rng(0)
        for order in (draw.permutation(changed) for _ in range(min(orders, 60))):
            for way in (order, order[::-1]):  # an order and its reverse: less noise
                moved[way] += steps(model, data, coded, way, out)
        moved /= 2 * min(orders, 60)
    return {"classes": list(data.class_names), "answers": rounded(ends[1]), "winner": winner,
            "usual": short(ends[0][out]), "moved": rounded(moved)}


def steps(model, data: Data, coded: np.ndarray, order: np.ndarray, out: int) -> np.ndarray:
    """How far the answer moves at each step from the usual row to ``coded``, column by column."""
    path = np.repeat(data.usual[None], len(order) + 1, axis=0)
    for step, place in enumerate(order, start=1):
        path[step:, place] = coded[place]
    return np.diff(said(model, encode(data.columns, data.usual, path))[:, out])


def coded_row(data: Data, row: list | None) -> np.ndarray:
    """A row as it came from a page: (columns,)"""
    if row is None:
        return data.usual.copy()
    if len(row) != len(data.columns):
        raise VisitorError(N_("This row does not fit the table any more. Reload the page."))
    values = np.array([np.nan if each is None else float(each) for each in row])
    for place, column in enumerate(data.columns):
        if column.levels:
            values[place] = np.nan_to_num(np.clip(values[place], -1, len(column.levels) - 1),
                                          nan=-1)
        elif np.isnan(values[place]):
            values[place] = data.usual[place]
    return values


def report(model: keras.Model, context: dict, *, index: int = -1) -> dict:
    """How good the network is on the test split: of classes, that of number ``index`` against the
    rest; by default the rarest."""
    data = data_of(context)
    answers = said(model, data.x_test)
    if not data.class_names:
        return _values(data, answers[:, 0])
    counts = np.bincount(data.y_test, minlength=len(data.class_names))
    index = min(int(index), len(counts) - 1) if index >= 0 else int(counts.argmin())
    true, scores = data.y_test == index, answers[:, index]
    right = answers.argmax(axis=1) == data.y_test
    whole = {"kind": "classes", "classes": list(data.class_names), "index": index,
             "rows": len(true), "accuracy": short(right.mean()),
             "confusion": confusion(data.class_names, data.y_test, answers.argmax(axis=1)),
             "true": true[:SCORES].astype(int).tolist(), "scores": rounded(scores[:SCORES])}
    if not 0 < true.sum() < len(true):
        return whole
    fall, rise, _ = roc_curve(true, scores)
    precision, recall, _ = precision_recall_curve(true, scores)
    shares, means = calibration_curve(true, scores, n_bins=BINS, strategy="quantile")
    return whole | {
        "roc": points(fall, rise), "auc": short(roc_auc_score(true, scores)),
        "pr": points(recall, precision), "ap": short(average_precision_score(true, scores)),
        "calibration": points(shares, means), "brier": short(brier_score_loss(true, scores)),
        "base": short(true.mean())}


def _values(data: Data, answers: np.ndarray) -> dict:
    true = data.y_test.astype(np.float64)
    return {"kind": "values", "target": data.target, "rows": len(true),
            "true": rounded(true[:DOTS]), "said": rounded(answers[:DOTS]),
            "rmse": short(mean_squared_error(true, answers) ** 0.5),
            "mae": short(mean_absolute_error(true, answers)),
            "r2": short(r2_score(true, answers)), "spread": short(true.std())}


def importance(model: keras.Model, context: dict) -> dict:
    """How much worse the network gets on test rows when a column is shuffled: permutation
    importance (Breiman 2001), by the mean squared error of its probabilities (Brier 1950) or the
    root of that of its values. ``moved`` is the mean of some shuffles, ``spread`` their standard
    deviation. (A log loss would hang on the one row of which the network is wrongly certain.)"""
    data, asked = data_of(context), Asked.of(model, context)
    some = telling(data, DOTS)
    rows, y = filled(data, data.rows_test[some]), data.y_test[some]
    found = permutation_importance(asked, rows, y, scoring=worth, n_repeats=REPEATS,
                                   random_state=0)
    return {"columns": [column.name for column in data.columns], "rows": len(rows),
            "classes": bool(data.class_names), "base": short(-worth(asked, rows, y)),
            "moved": rounded(found.importances_mean), "spread": rounded(found.importances_std)}


def telling(data: Data, most: int) -> np.ndarray:
    """The numbers of at most ``most`` test rows: the first ones; where the second of two classes is
    rare (fewer than one in twenty of these), half of them are its own, if there are so many."""
    first = np.arange(min(most, len(data.y_test)))
    if len(data.class_names) != 2 or data.y_test[first].mean() >= 0.05:
        return first
    rare, others = np.flatnonzero(data.y_test == 1)[:most // 2], np.flatnonzero(data.y_test == 0)
    return np.sort(np.concatenate([rare, others[:most - len(rare)]]))


def dependence(model: keras.Model, context: dict, *, index: int = 0, count: int = 1) -> dict:
    """How the answer follows column ``index`` when nothing else changes: partial dependence
    (Friedman 2001), the mean over test rows, and some of the rows themselves. Of classes it is the
    probability of that of number ``count``."""
    data, asked = data_of(context), Asked.of(model, context)
    index = min(max(int(index), 0), len(data.columns) - 1)
    rows = filled(data, data.rows_test[telling(data, 100)])
    categories = [index] if data.columns[index].levels else None
    told = partial_dependence(asked, rows, [index], kind="both", grid_resolution=25,
                              method="brute", categorical_features=categories)
    outputs = told["average"].shape[0]  # of two classes: the second one
    out = min(max(int(count), 0), outputs - 1)
    flip = len(data.class_names) == 2 and count == 0
    average, single = told["average"][out], told["individual"][out][:30]
    if flip:
        average, single = 1 - average, 1 - single
    return {"column": data.columns[index].name, "levels": list(data.columns[index].levels),
            "values": rounded(told["grid_values"][0]), "average": rounded(average),
            "single": [rounded(each) for each in single]}


class Asked(BaseEstimator):
    """A network as scikit-learn's inspection wants it: coded rows in, answers out."""

    def __init__(self, model, data: Data):
        self.model, self.data = model, data
        self.fitted_ = True

    @classmethod
    def of(cls, model: keras.Model, context: dict) -> "Asked":
        data = data_of(context)
        return (AskedClasses if data.class_names else AskedValues)(model, data)

    def fit(self, x, y):
        return self

    def answers(self, rows: np.ndarray) -> np.ndarray:
        return said(self.model, encode(self.data.columns, self.data.usual, rows))


class AskedClasses(ClassifierMixin, Asked):
    """A network that tells classes apart."""

    @property
    def classes_(self) -> np.ndarray:
        return np.arange(len(self.data.class_names))

    def predict_proba(self, rows: np.ndarray) -> np.ndarray:
        return self.answers(rows)

    def predict(self, rows: np.ndarray) -> np.ndarray:
        return self.answers(rows).argmax(axis=1)


class AskedValues(RegressorMixin, Asked):
    """A network that predicts a value."""

    def predict(self, rows: np.ndarray) -> np.ndarray:
        return self.answers(rows)[:, 0]


def worth(asked: Asked, rows: np.ndarray, y: np.ndarray) -> float:
    """Minus the mean squared error of the probabilities, or minus the root of that of values."""
    if asked.data.class_names:
        wrong = asked.predict_proba(rows) - (y[:, None] == asked.classes_)
        return -float(np.square(wrong).sum(axis=1).mean())
    return -(mean_squared_error(y, asked.predict(rows)) ** 0.5)


def filled(data: Data, rows: np.ndarray) -> np.ndarray:
    """Rows with the usual number where one is missing."""
    return np.where(np.isnan(rows), data.usual, rows)


def points(xs: np.ndarray, ys: np.ndarray) -> list[list[float]]:
    """A curve of at most about :data:`POINTS` points."""
    keep = np.unique(np.linspace(0, len(xs) - 1, POINTS).round().astype(int))
    return [[short(x), short(y)] for x, y in zip(xs[keep], ys[keep])]


def short(value: float) -> float | None:
    """A number for JSON with six digits that count."""
    return float(f"{value:.6g}") if np.isfinite(value) else None


def rounded(values: np.ndarray) -> list[float | None]:
    """Numbers for JSON."""
    return [short(value) for value in values]
