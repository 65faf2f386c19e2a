"""Looking at payments with a network: a stream, what a threshold costs, why one was stopped.

Every answer is a function of a model and its context that returns a JSON-able dict, as those of
:mod:`core.insight.tables`. Scores are rounded before they are compared, so that a page that
compares them again comes to the same counts.
"""

import keras
import numpy as np
from sklearn.metrics import (
    average_precision_score,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
)

from core.data.fraud import amounts, stands_for
from core.data.tabular import Data
from core.insight.fraudrivals import figures
from core.insight.money import Outcomes, outcomes, turning_points
from core.insight.tables import CHUNK, data_of, points, predict, rounded, said, short

MOST = 500  # payments at once
REACH = 12  # log-odds to either side that are shown
GRID = 1 / (1 + np.exp(-np.linspace(-REACH, REACH, 97)))  # thresholds of a curve


def stream(model: keras.Model, context: dict, *, start: int = 0, count: int = 200) -> dict:
    """``count`` test payments from number ``start`` on, in the order of time, each judged now.

    ``at``: seconds since the first midnight, ``None`` where the file has no times; ``scores``;
    ``frauds``: 1 if it is one; ``total``: of all test payments.
    """
    data = data_of(context)
    total = len(data.y_test)
    start = min(max(int(start), 0), total)
    rows = slice(start, start + min(max(int(count), 1), MOST))
    x = data.x_test[rows]
    names = [column.name for column in data.columns]
    at = data.rows_test[rows, names.index("Time")] if "Time" in names else None
    return {"start": start, "total": total, "amounts": rounded(amounts(data, x)),
            "scores": rounded(scores(model, x)) if len(x) else [],
            "frauds": data.y_test[rows].tolist(),
            "at": None if at is None else coded(at)}


def explain(model: keras.Model, context: dict, *, index: int = 0) -> dict:
    """Why the test payment of this number was found so suspicious: Shapley values of its columns,
    as :func:`core.insight.tables.predict`, and the payment itself."""
    data = data_of(context)
    index = min(max(int(index), 0), len(data.y_test) - 1)
    told = predict(model, context, row=coded(data.rows_test[index]), index=1)
    return {"index": index, "score": told["answers"][1], "usual": told["usual"],
            "moved": told["moved"], "fraud": int(data.y_test[index]),
            "columns": [column.name for column in data.columns],
            "values": rounded(data.rows_test[index])}


def coded(values: np.ndarray) -> list[float | None]:
    """Values to the last digit, ``None`` where one is missing."""
    return [None if np.isnan(value) else float(value) for value in values]


def report(model: keras.Model, context: dict) -> dict:
    """Curves of the test payments, and what each threshold does to them and to validation.

    ``test`` and ``val``: as :class:`core.insight.money.Outcomes`, with ``frauds``, ``normals`` and
    ``money``, the sum of all frauds; ``best`` thresholds are chosen on ``val``. In a sample each
    normal payment stands for ``stands_for``, in the counts and in ``ap_true``.
    """
    data = data_of(context)
    stand = stands_for(context["dataset"], data)
    given = {"val": scores(model, data.x_val), "test": scores(model, data.x_test)}
    test = given["test"]
    fall, rise, _ = roc_curve(data.y_test, test)
    weights = np.where(data.y_test == 1, 1.0, stand)
    precision, recall, _ = precision_recall_curve(data.y_test, test)
    on_validation = turning_points(given["val"], data.y_val)
    grid = np.unique([short(value) for value in (*turning_points(test, data.y_test),
                                                 *on_validation, *GRID)])
    return {
        "roc": points(fall, rise), "auc": short(roc_auc_score(data.y_test, test)),
        "pr": points(recall, precision), "ap": short(average_precision_score(data.y_test, test)),
        "ap_true": short(average_precision_score(data.y_test, test, sample_weight=weights)),
        "base": short(data.y_test.mean()), "rows": len(data.y_test), "stands_for": short(stand),
        "judged": figures(data, given, stand),
        "test": told(data, grid, test, data.x_test, data.y_test, stand),
        "val": told(data, on_validation, given["val"], data.x_val, data.y_val, stand)}


def told(data: Data, thresholds: np.ndarray, given: np.ndarray, x: np.ndarray, y: np.ndarray,
         stand: float) -> dict:
    """The outcomes of thresholds as lists."""
    cost = amounts(data, x)
    found: Outcomes = outcomes(thresholds, given, y, cost, stand)
    return {**{name: rounded(values) for name, values in vars(found).items()},
            "frauds": int(y.sum()), "normals": short((y == 0).sum() * stand),
            "money": short(cost[y == 1].sum())}


def scores(model: keras.Model, x: np.ndarray) -> np.ndarray:
    """How suspicious each payment is, 0..1, in six digits: (n,)"""
    return np.array(rounded(said(model, x)[:, 1]))


def snapshot(model: keras.Model, data: Data) -> dict:
    """On validation: how the log-odds of normal payments and of frauds are spread, as shares of
    each class in steps of a half from -12 to 12; what lies beyond counts at the ends."""
    given = np.concatenate([model.predict_on_batch(data.x_val[at:at + CHUNK])[:, 0]
                            for at in range(0, len(data.x_val), CHUNK)]).astype(np.float64)
    given = np.clip(np.nan_to_num(given), 1e-9, 1 - 1e-9)
    odds = np.clip(np.log(given / (1 - given)), -REACH, REACH - 1e-6)
    edges = np.arange(-REACH, REACH + 0.5, 0.5)
    shares = {name: np.histogram(odds[data.y_val == number], edges)[0]
              for number, name in enumerate(("normal", "fraud"))}
    return {"kind": "suspicion", "edges": edges.tolist(),
            **{name: rounded(count / max(count.sum(), 1)) for name, count in shares.items()}}
