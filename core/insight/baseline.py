"""Simple models on the same split, for an honest comparison. No TensorFlow here."""

import time
import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from core.data.images import DATA_SETS, own_pictures, unit
from core.data.splits import Splits
from core.i18n import N_
from core.params import Params

STEPS = 100  # of the solver; the figures hardly move after that, even where it has not converged


def logistic_regression(params: Params) -> dict:
    """Every pixel votes for every class, and nothing else: what a network has to beat.

    Fitted on all training pictures of ``params.dataset``, in a second or (MNIST) in ten. Returns
    ``name`` (a message), ``metrics``, ``seconds`` of fitting and ``rows``, the pictures used.
    """
    return fitted(own_pictures(params.own) if params.dataset == "own" else
                  DATA_SETS[params.dataset]())


def fitted(data: Splits) -> dict:
    """The same on any pictures or rows of numbers."""
    model = LogisticRegression(max_iter=STEPS)
    began = time.monotonic()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(flat(unit(data.x_train)), data.y_train)
    return {
        "name": N_("Logistic regression"),
        "metrics": {"val_accuracy": float(model.score(flat(data.x_val), data.y_val)),
                    "test_accuracy": float(model.score(flat(data.x_test), data.y_test))},
        "seconds": round(time.monotonic() - began, 2),
        "rows": len(data.x_train),
    }


def flat(pictures: np.ndarray) -> np.ndarray:
    """(n, h, w, c) → (n, h·w·c)"""
    return pictures.reshape(len(pictures), -1)
