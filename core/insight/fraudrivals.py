"""Simpler methods on the same payments, and whoever always says «no fraud». No TensorFlow."""

import time

import numpy as np

from core.data.fraud import PAYMENTS, amounts, in_turn, stands_for
from core.data.tabular import Data
from core.i18n import N_
from core.insight.money import judged
from core.insight.rivals import methods
from core.params import Params
from core.rooms.payments import FEE


def measure(params: Params) -> dict:
    """Each method on the split of ``params``.

    Returns ``rows``, those it was fitted on, and ``methods``: ``name`` (a message), ``metrics`` (as
    :func:`core.insight.money.judged`), ``seconds`` of fitting. The first one always says no.
    """
    data = in_turn(PAYMENTS[params.dataset](params), params.split, params.fold)
    stand = stands_for(params.dataset, data)
    found = [{"name": N_("Always “no fraud”"), "seconds": 0.0, "metrics": never(data)}]
    for name, method in methods(data).items():
        began = time.monotonic()
        method.fit(data.x_train, data.y_train)
        seconds = round(time.monotonic() - began, 2)
        scores = {"val": method.predict_proba(data.x_val)[:, 1],
                  "test": method.predict_proba(data.x_test)[:, 1]}
        found.append({"name": name, "metrics": figures(data, scores, stand), "seconds": seconds})
    return {"rows": len(data.x_train), "methods": found}


def never(data: Data) -> dict:
    """The figures of whoever always says no: every fraud passes, whatever a threshold would do."""
    frauds = data.y_test == 1
    return {"test_ap": float(frauds.mean()), "test_auc": 0.5,
            "test_accuracy": float(1 - frauds.mean()),
            "cost": float(amounts(data, data.x_test)[frauds].sum())}


def figures(data: Data, scores: dict[str, np.ndarray], stand: float) -> dict:
    """What scores of validation and test are worth."""
    return judged(scores, {"val": data.y_val, "test": data.y_test},
                  {"val": amounts(data, data.x_val), "test": amounts(data, data.x_test)}, FEE,
                  stand)
