"""Simpler methods on the same split of the same table: what a network has to beat. No TensorFlow.

For classes logistic regression and gradient boosting, for values ridge regression and gradient
boosting, all of them scikit-learn's.
"""

import time

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.metrics import mean_squared_error, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from core.data.tabular import FOLDS, TABLES, Data, split
from core.i18n import N_
from core.params import Params

ALPHAS = np.logspace(-2, 4, 25)  # ridge chooses among them by itself, on the training rows
STEPS = 500  # of the solver of logistic regression


def methods(data: Data) -> dict:
    """The methods that suit a table, not fitted yet, by their names (messages)."""
    if data.class_names:
        return {N_("Logistic regression"): make_pipeline(StandardScaler(),
                                                         LogisticRegression(max_iter=STEPS)),
                N_("Gradient boosting"): HistGradientBoostingClassifier(random_state=0)}
    return {N_("Ridge regression"): make_pipeline(StandardScaler(), RidgeCV(ALPHAS)),
            N_("Gradient boosting"): HistGradientBoostingRegressor(random_state=0)}


def measure(params: Params) -> dict:
    """Each method on the split of ``params``.

    Returns ``rows``, those it was fitted on, and ``methods``: ``name`` (a message), ``metrics``
    (``test_accuracy`` and, of two classes, ``test_auc``; or ``test_rmse``), ``seconds`` of fitting.
    """
    data = split(TABLES[params.dataset](params), params.fold, params.share)
    return {"rows": len(data.x_train),
            "methods": [measured(name, model, data) for name, model in methods(data).items()]}


def cross_validated(params: Params) -> dict:
    """As :func:`measure`, on each of the five folds: ``{name: [accuracy or RMSE of each]}``."""
    table = TABLES[params.dataset](params)
    figures: dict[str, list[float]] = {}
    for fold in range(1, FOLDS + 1):
        data = split(table, fold, params.share)
        for name, model in methods(data).items():
            metrics = measured(name, model, data)["metrics"]
            figures.setdefault(name, []).append(next(iter(metrics.values())))
    return figures


def measured(name: str, model, data: Data) -> dict:
    """One method, fitted on the training rows and measured on the test rows."""
    began = time.monotonic()
    model.fit(data.x_train, data.y_train)
    seconds = round(time.monotonic() - began, 2)
    if not data.class_names:
        error = mean_squared_error(data.y_test, model.predict(data.x_test)) ** 0.5
        return {"name": name, "metrics": {"test_rmse": float(error)}, "seconds": seconds}
    metrics = {"test_accuracy": float(model.score(data.x_test, data.y_test))}
    if len(data.class_names) == 2:
        metrics["test_auc"] = float(roc_auc_score(data.y_test,
                                                  model.predict_proba(data.x_test)[:, 1]))
    return {"name": name, "metrics": metrics, "seconds": seconds}
