"""Beside the network from scratch: a straight line on the same split, and the article's program."""

import time
from base64 import b64encode

import numpy as np

from core.data.plane import Data
from core.i18n import N_
from core.models import neuron
from core.params import Params


def straight_line(params: Params) -> dict:
    """What one straight line can do: logistic regression for classes, linear for values.

    It gets the features that the network gets. Returns ``name`` (a message), ``metrics``,
    ``seconds`` of fitting and ``rows``, the points used.
    """
    # Only here: the server's process shows the article's program and needs no scikit-learn for it.
    from sklearn.linear_model import LinearRegression, LogisticRegression

    data = neuron.load(params)
    classes = bool(data.class_names)
    model = LogisticRegression() if classes else LinearRegression()
    began = time.monotonic()
    model.fit(neuron.features(params, data.x_train), data.y_train[:, 0])
    seconds = round(time.monotonic() - began, 2)
    return {
        "name": N_("Logistic regression") if classes else N_("Linear regression"),
        "metrics": {"val_accuracy": _right(model, params, data.x_val, data.y_val, classes),
                    "test_accuracy": _right(model, params, data.x_test, data.y_test, classes)},
        "seconds": seconds,
        "rows": len(data.x_train),
    }


def _right(model, params: Params, x: np.ndarray, y: np.ndarray, classes: bool) -> float:
    """The share of points whose colour the line says right."""
    middle = 0.5 if classes else 0.0
    answer = model.predict(neuron.features(params, x))
    return float(np.mean((answer > middle) == (y[:, 0] > middle)))


# The article's program, as it is printed: X is (k, n), a point a column, and W is (1, k).

def article_forward(X, W, b):
    return 1 / (1 + np.exp(-(np.dot(W, X) + b)))


def article_gradients(X, W, b, Y):
    """Its gradient of W and of b."""
    A = article_forward(X, W, b)
    m = X.shape[1]
    dW = (1 / m) * np.dot(X.T, (A - Y))
    db = (1 / m) * np.sum(X * (A - Y))
    return dW, db


def article() -> dict:
    """The article's gradients beside a numerical one and ours, for one neuron and four points.

    ``says``: what NumPy says to the article's dW with two features. ``rows``: for one feature and
    one point, the only case whose shapes fit (m = k = 1), and, for b, also for four points, each
    number three times: ``article``, ``numerical`` (central differences) and ``ours``.
    """
    X = np.array([[1.0, -0.5, 0.5, 2.0], [0.5, 1.5, -1.0, 1.0]])  # (k, n) = (2, 4)
    Y, W, b = np.array([[1.0, 0.0, 1.0, 0.0]]), np.array([[0.4, -0.3]]), 0.1
    try:
        article_gradients(X, W, b, Y)
        says = ""
    except ValueError as error:
        says = str(error)
    one = X[:1, :1] * 2  # one feature, one point: 2.0
    dW, db = article_gradients(one, W[:, :1], b, Y[:, :1])
    ours = _ours(one, W[:, :1], b, Y[:, :1])
    numerical = _numerical(one, W[:, :1], b, Y[:, :1])
    rows = [_row("W", 1, dW.item(), numerical[0], ours[0]), _row("b", 1, db, numerical[1], ours[1])]
    A = article_forward(X, W, b)
    db = (1 / X.shape[1]) * np.sum(X * (A - Y))
    ours, numerical = _ours(X, W, b, Y), _numerical(X, W, b, Y)
    return {"says": says, "rows": [*rows, _row("b", 4, db, numerical[-1], ours[-1])]}


def _row(name: str, points: int, article: float, numerical: float, ours: float) -> dict:
    return {"name": name, "points": points, "article": float(article),
            "numerical": float(numerical), "ours": float(ours)}


def _ours(X, W, b, Y) -> np.ndarray:
    """The gradient by this room's program: first of the weights, then of the bias."""
    network = neuron.Network([len(X), 1], ["sigmoid"])
    network.theta[:] = [*W[0], b]
    sums, values = neuron.forward(network, X.T)
    return neuron.backward(network, sums, values, Y.T)


def _numerical(X, W, b, Y, step: float = 1e-6) -> np.ndarray:
    """The same by central differences of the loss: slow, and right whatever the formula."""
    def lost(theta):
        network = neuron.Network([len(X), 1], ["sigmoid"])
        network.theta[:] = theta
        return neuron.loss(network, neuron.forward(network, X.T)[0][-1], Y.T)

    theta = np.array([*W[0], b])
    shifts = step * np.eye(len(theta))
    return np.array([(lost(theta + shift) - lost(theta - shift)) / (2 * step) for shift in shifts])


def snapshot(network: neuron.Network, data: Data) -> dict:
    """All weights and biases as float32: the browser draws every picture of the room with them."""
    return {"kind": "plane", "theta": b64encode(network.theta.astype("<f4")).decode()}
