"""Where a classifier of pictures errs, and how its last hidden layer sees them.

All of it is about pictures of the validation split, at most :data:`MOST`. As in
:mod:`core.insight.vision`, every answer is a function of a model and its context.
"""

import threading
import zlib
from typing import NamedTuple
from weakref import WeakKeyDictionary

import keras
import numpy as np
import tensorflow as tf

from core.insight.points import main_directions, packed, within
from core.insight.vision import pack, split_of

MOST = 2000  # pictures that are looked at
POINTS = 500  # of them in the plane
BATCH = 250
DIMENSIONS = 30  # of the features from which t-SNE starts (van der Maaten & Hinton 2008)

_seers: WeakKeyDictionary = WeakKeyDictionary()
_judged: WeakKeyDictionary = WeakKeyDictionary()
_lock = threading.Lock()


class Judged(NamedTuple):
    """Pictures (n, h, w, c) uint8, true classes (n,), what the last hidden layer makes of them
    (n, features), and probabilities (n, classes)."""

    pictures: np.ndarray
    labels: np.ndarray
    features: np.ndarray
    probabilities: np.ndarray

    @property
    def called(self) -> np.ndarray:
        return self.probabilities.argmax(axis=1)

    @property
    def sure(self) -> np.ndarray:
        return self.probabilities.max(axis=1)


def mistakes(model: keras.Model, context: dict, *, label: int = -1, called: int = -1,
             start: int = 0, count: int = 24) -> dict:
    """The confusion matrix, and the pictures of one of its cells (true ``label``, ``called``), or
    without a cell all mistakes; those about which the network was surest come first. Where nothing
    is wrong there are those of which it was least sure instead (``unsure``).

    ``pictures`` holds ``count`` of the ``found`` ones from ``start`` on: ``index`` in the split,
    ``label`` and ``called`` as class numbers, ``probability``; ``sheet`` shows them, stacked.
    """
    seen = judged(model, context)
    classes = len(context["classes"])
    matrix = np.zeros((classes, classes), int)
    np.add.at(matrix, (seen.labels, seen.called), 1)
    cell = 0 <= label < classes and 0 <= called < classes
    chosen = ((seen.labels == label) & (seen.called == called) if cell
              else seen.labels != seen.called)
    unsure = not (cell or chosen.any())
    found = np.flatnonzero(chosen | unsure)
    found = found[np.argsort(seen.sure[found] * (1 if unsure else -1), kind="stable")]
    start, count = max(int(start), 0), min(max(int(count), 1), 100)
    rows = found[start:start + count]
    sheet = seen.pictures[rows].reshape(-1, *seen.pictures.shape[2:])
    return {"classes": list(context["classes"]), "matrix": matrix.tolist(),
            "count": len(seen.labels), "found": len(found), "start": start, "unsure": unsure,
            "pictures": [about(seen, index) for index in rows],
            "sheet": pack(sheet) if len(rows) else None}


def picture(model: keras.Model, context: dict, *, index: int = 0) -> dict:
    """One picture of the validation split, its class and the network's answer."""
    seen = judged(model, context)
    index = min(max(int(index), 0), len(seen.labels) - 1)
    return {**about(seen, index), "picture": pack(seen.pictures[index])}


def projection(model: keras.Model, context: dict) -> dict:
    """The last hidden layer's values in the plane of their two main directions (PCA).

    ``points``: (n, 2) in -1..1; ``labels``, ``called``: class numbers; ``explained``: the share of
    the variance that the plane shows, 0..1.
    """
    seen = judged(model, context)
    values, shares = main_directions(seen.features[:POINTS])
    return {"classes": list(context["classes"]), "points": within(values[:, :2]),
            "labels": seen.labels[:POINTS].tolist(), "called": seen.called[:POINTS].tolist(),
            "explained": round(float(shares[:2].sum()), 4)}


def features(model: keras.Model, context: dict) -> dict:
    """The same pictures' features in up to :data:`DIMENSIONS` main directions, for t-SNE:
    ``rows`` × ``columns`` float32 as base64."""
    values, _ = main_directions(judged(model, context).features[:POINTS])
    values = values[:, :DIMENSIONS]
    return {"rows": len(values), "columns": values.shape[1], "data": packed(values)}


def about(seen: Judged, index: int) -> dict:
    """What is known of one picture."""
    return {"index": int(index), "label": int(seen.labels[index]),
            "called": int(seen.called[index]), "probability": round(float(seen.sure[index]), 4)}


def judged(model: keras.Model, context: dict) -> Judged:
    """What a model makes of the validation pictures; kept until its weights change."""
    now = fingerprint(model), context["dataset"], context["params"].get("own")
    known = _judged.get(model)
    if known and known[0] == now:
        return known[1]
    pictures, labels = (each[:MOST] for each in split_of(context, "val"))
    see = _seer(model)
    parts = [see(pictures[start:start + BATCH].astype(np.float32) / 255)
             for start in range(0, len(pictures), BATCH)]
    hidden, probabilities = (np.nan_to_num(np.concatenate(each)) for each in zip(*parts))
    result = Judged(pictures, labels, hidden.reshape(len(labels), -1), probabilities)
    _judged[model] = now, result
    return result


def fingerprint(model: keras.Model) -> int:
    """A number that changes with the last layer's weights, and so with every step."""
    return zlib.crc32(b"".join(each.tobytes() for each in model.layers[-1].get_weights()))


def _seer(model: keras.Model):
    """The graph that gives the last hidden layer and the answer, traced once for each model."""
    with _lock:
        if model not in _seers:
            both = keras.Model(model.inputs, [model.layers[-1].input, model.outputs[0]])
            shape = tf.TensorSpec((None, *model.input_shape[1:]), tf.float32)
            _seers[model] = tf.function(lambda x, both=both: both(x, training=False),
                                        input_signature=[shape], jit_compile=False)
        return _seers[model]
