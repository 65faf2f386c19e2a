"""Looking inside a network that classifies pictures.

Every answer is a function of a model and its context (``room``, ``dataset``, ``params`` as text,
``classes``, of shipped networks also ``trust``) that returns a JSON-able dict. Pictures cross as
base64, see :mod:`core.insight.packing`. All of it may run beside a ``fit`` of the same model:
weights are only read.
"""

import importlib
import threading
from functools import lru_cache
from weakref import WeakKeyDictionary

import keras
import numpy as np
import tensorflow as tf

from core.catalogue import room
from core.errors import VisitorError
from core.i18n import N_
from core.insight import trust
from core.insight.ink import prepare
from core.insight.packing import encode, pack
from core.params import from_text
from core.rooms import called

SHOWN = 32  # feature maps of one layer that are shown
GLIMPSE = 4  # of them where only one layer is open
KINDS = {
    "InputLayer": "input", "Conv2D": "conv", "BatchNormalization": "norm", "ReLU": "activation",
    "Activation": "activation", "MaxPooling2D": "pool", "AveragePooling2D": "pool",
    "GlobalAveragePooling2D": "pool", "Add": "add", "Dropout": "dropout", "Flatten": "flatten",
    "Dense": "dense", "Conv1D": "conv", "MaxPooling1D": "pool", "GRU": "recurrent",
    "Permute": "reshape", "Reshape": "reshape", "Normalization": "norm",
}

_probes: WeakKeyDictionary = WeakKeyDictionary()
_probes_lock = threading.Lock()


def classify(model: keras.Model, context: dict, *, image: np.ndarray, kind: str) -> dict:
    """What the network sees in a drawing or a photo. ``image``: uint8, (h, w) or (h, w, 3).

    ``unknown``: it looks like nothing the network has learned. Only networks whose card holds
    what :mod:`core.insight.trust` measured can tell; their probabilities are calibrated, too.
    """
    received, blank = prepare(image, kind, model.input_shape[1:], context["dataset"])
    seen = activations(model, received)
    probabilities, unknown = seen[model.layers[-1].name], False
    if context.get("trust"):
        hidden = seen[model.layers[-2].name].reshape(1, -1)
        judged, strange = trust.judge(context["trust"], hidden, probabilities[None])
        probabilities, unknown = judged[0], bool(strange[0])
    return {"classes": list(context["classes"]), "probabilities": rounded(probabilities),
            "received": pack(received * 255), "blank": blank, "unknown": unknown}


def samples(model: keras.Model, context: dict, *, count: int = 24) -> dict:
    """The first pictures of the test split, below each other in one sheet."""
    pictures, labels = split_of(context, "test")
    count = min(max(int(count), 1), 100, len(pictures))
    sheet = pictures[:count].reshape(-1, *pictures.shape[2:])
    images = [{"index": index, "label": context["classes"][labels[index]]}
              for index in range(count)]
    return {"images": images, "sheet": pack(sheet)}


def maps(model: keras.Model, context: dict, *, index: int | None = None,
         image: np.ndarray | None = None, kind: str = "drawing",
         layer: str | None = None) -> dict:
    """What every layer makes of one picture: of the test split's ``index``-th, or a given one.

    ``layer``: the only one of which more than a glimpse is wanted (``""``: none); all if not given.
    """
    label = None
    if image is None:
        pictures, labels = split_of(context, "test")
        index = min(max(int(index or 0), 0), len(pictures) - 1)
        received, label = pictures[index] / np.float32(255), context["classes"][labels[index]]
    else:
        received, _ = prepare(image, kind, model.input_shape[1:], context["dataset"])
    seen = activations(model, received)
    layers = [{"name": each.name, "kind": KINDS.get(type(each).__name__, "other"),
               **tiles(seen[each.name], SHOWN if layer in (None, each.name) else GLIMPSE)}
              for each in model.layers]
    return {"input": pack(received * 255), "classes": list(context["classes"]),
            "probabilities": rounded(seen[model.layers[-1].name]), "label": label,
            "layers": layers}


def kernels(model: keras.Model, context: dict) -> dict:
    """The windows of the first convolution, input channels averaged; empty if there is none."""
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2D):
            weights = np.asarray(layer.kernel).mean(axis=2)  # (k, k, in, out) → (k, k, out)
            return {"layer": layer.name, **tiles(weights)}
    return {"layer": None, "count": 0, "data": ""}


def snapshot(model: keras.Model, data) -> dict:
    """The confusion matrix on the validation split: row = true class, column = answer."""
    classes = len(data.class_names)
    said = np.concatenate([
        model.predict_on_batch(data.x_val[start:start + 500]).argmax(axis=1)  # a traced graph
        for start in range(0, len(data.x_val), 500)])
    matrix = np.zeros((classes, classes), int)
    np.add.at(matrix, (data.y_val, said), 1)
    return {"kind": "confusion", "classes": list(data.class_names), "matrix": matrix.tolist()}


def activations(model: keras.Model, picture: np.ndarray) -> dict[str, np.ndarray]:
    """What each layer puts out for one picture (h, w, c), by the layer's name; 0 for NaN.

    The graph that computes them is traced once for each model; after that an answer takes a few
    milliseconds. It shares the model's weights and does not keep the model alive.
    """
    with _probes_lock:
        if model not in _probes:
            probe = keras.Model(model.inputs, [layer.output for layer in model.layers])
            signature = tf.TensorSpec((1, *model.input_shape[1:]), tf.float32)
            _probes[model] = tf.function(lambda x, probe=probe: probe(x, training=False),
                                         input_signature=[signature], jit_compile=False)
    outputs = _probes[model](picture[None].astype(np.float32))
    return {layer.name: np.nan_to_num(output[0].numpy()) for layer, output in
            zip(model.layers, outputs)}


def tiles(values: np.ndarray, most: int = SHOWN) -> dict:
    """A layer's values as pictures below each other, 0..255 between its lowest and highest.

    (h, w, c) gives at most ``most`` pictures of w×h; (h, w) a single one, (units,) one of units×1.
    """
    values = np.nan_to_num(values).astype(np.float64)
    low, high = float(values.min()), float(values.max())
    shape = list(values.shape)
    pictures = (values.reshape(1, -1, shape[-1]) if values.ndim < 3 else
                np.moveaxis(values, -1, 0)[:most])
    scaled = (pictures - low) / max(high - low, 1e-12) * 255
    count, height, width = scaled.shape
    return {"shape": shape, "low": low, "high": high, "width": width, "height": height,
            "count": count, "data": encode(scaled)}


def rounded(probabilities: np.ndarray) -> list[float]:
    """Probabilities for JSON."""
    return [round(float(p), 5) for p in probabilities]


def split_of(context: dict, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (uint8) and labels of a split ("val", "test") of what a network was trained on.

    Raises:
        VisitorError: they would have to be downloaded, which nobody has asked for.
    """
    return _splits(context["room"], context["dataset"],
                   tuple(sorted(context["params"].items())))[split]


@lru_cache(maxsize=2)
def _splits(room_name: str, dataset: str, params: tuple) -> dict:
    """The splits as the room's own program loads them."""
    declared = room(room_name)
    for each in declared.datasets:
        if each.name == dataset and each.to_download and called(each.to_download)(dataset):
            raise VisitorError(N_("The pictures of {name} are not on this machine yet. They come "
                                  "when you train with them."), {"name": each.title})
    chosen, _ = from_text(declared.params, {**dict(params), "dataset": dataset})
    data = importlib.import_module(declared.program).load(chosen)
    return {split: (np.round(getattr(data, f"x_{split}") * 255).astype(np.uint8),
                    getattr(data, f"y_{split}")) for split in ("val", "test")}
