"""Inside a network that forecasts: its gates and hidden states along one window, and how far back
its gradient reaches.

The states of recurrent layers are calculated by the cells from scratch in
:mod:`core.layers.recurrent` with the network's own weights, and compared with what Keras says.
"""

import threading
from weakref import WeakKeyDictionary, ref

import keras
import numpy as np
import tensorflow as tf

from core.insight.packing import pack
from core.insight.tables import data_of, rounded, short
from core.layers.recurrent import CELLS

WINDOWS = 32  # of the test, over which gradients are averaged
GATES = ("input", "forget", "output", "update", "reset")
FADED = 1e-12  # of a gradient: below it, it is nothing

_slopes: WeakKeyDictionary = WeakKeyDictionary()
_lock = threading.Lock()


def memory(model: keras.Model, context: dict, *, start: int = -1) -> dict:
    """Along the window before place ``start`` of the test (its last one, if negative):

    ``inputs``: what the network reads, scaled; ``states`` (units, steps): the hidden states of the
    last recurrent layer, or channels of the last convolution, as a picture with ``reach``, the
    largest size; ``gates``: for each its ``picture`` from ``low`` to ``high``, and its mean
    ``share``, 0 shut, 1 open; ``attention``: a picture
    (steps, steps) for each head. ``apart``: the largest difference between our cell and Keras's.
    ``norms``: how long the gradient of the forecast is, ``distance`` steps back, as a share of its
    length at the end; ``touches``: how much each input moves the forecast of the next step. Both
    are means over windows of the test.
    """
    data = data_of(context)
    kind = context["params"]["architecture"]
    places = len(data.x_test)
    at = places - 1 if start < 0 else min(max(start - data.ends[1], 0), places - 1)
    rows = np.unique(np.linspace(0, places - 1, WINDOWS).astype(int))
    x = data.x_test[np.concatenate([[at], rows])]
    told = {"kind": kind, "start": int(data.ends[1] + at), "first": data.ends[1],
            "last": data.ends[2] - 1, "touches": rounded(touches(model, x[1:]))}
    look = {"conv": _convolution, "transformer": _attention}.get(kind, _recurrent)
    return told | look(model, x, kind)


def touches(model: keras.Model, x: np.ndarray) -> np.ndarray:
    """|∂(next value) / ∂(value k steps ago)|, from near to far, mean over the windows: (size,)"""
    with _lock:
        if model not in _slopes:
            signature = tf.TensorSpec((None, *model.input_shape[1:]), tf.float32)
            known = ref(model)  # else what is kept of a model would keep the model
            _slopes[model] = tf.function(lambda x: _slope(known(), x),
                                         input_signature=[signature], jit_compile=False)
    slopes = _slopes[model](x).numpy()
    return np.nan_to_num(np.abs(slopes).mean(axis=0)[::-1])


def _slope(model: keras.Model, x: tf.Tensor) -> tf.Tensor:
    with tf.GradientTape() as tape:
        tape.watch(x)
        ahead = model(x, training=False)[:, 0]
    return tape.gradient(ahead, x)


def along(model: keras.Model, x: np.ndarray, until: str) -> tf.Tensor:
    """What reaches the layer called ``until``, through a chain of layers."""
    x = tf.constant(x)
    for layer in model.layers[1:]:
        if layer.name == until:
            return x
        x = layer(x, training=False)
    raise KeyError(until)


def _recurrent(model: keras.Model, x: np.ndarray, kind: str) -> dict:
    layer = [each for each in model.layers if each.name.startswith(kind)][-1]
    inputs = along(model, x, layer.name)
    cell = CELLS[kind](*[weight.astype(np.float64) for weight in layer.get_weights()],
                       activation=layer.activation.__name__)
    read = inputs.numpy().astype(np.float64)
    trace = cell.forward(read)
    theirs = layer(inputs[:1], training=False).numpy()
    ahead = model.get_layer("forecast").get_weights()[0][:, 0].astype(np.float64)
    ahead = ahead if ahead.any() else np.ones_like(ahead)  # beside a shortcut it begins with zeros
    norms = cell.backward(read, trace, np.tile(ahead, (len(x), 1))).norms[1:].mean(axis=0)[::-1]
    shares = np.where(norms > FADED, norms, 0) / (norms[0] or 1.0)
    states, reach = packed(trace.states[0, 1:])
    gates = {name: trace.gates[name][0] for name in GATES if name in trace.gates}
    scaled = along(model, x[:1], "sequence").numpy()[0]
    return {"inputs": rounded(scaled), "states": states, "reach": reach,
            "gates": {name: {"share": short(values.mean()), "low": short(values.min()),
                             "high": short(values.max()), "picture": stretched(values)}
                      for name, values in gates.items()},
            "apart": short(np.abs(trace.states[:1, -1] - theirs).max()),
            "norms": rounded(np.nan_to_num(shares))}


def _convolution(model: keras.Model, x: np.ndarray, kind: str) -> dict:
    channels = along(model, x[:1], "flatten").numpy()[0]
    states, reach = packed(channels)
    return {"inputs": rounded(along(model, x[:1], "sequence").numpy()[0]), "states": states,
            "reach": reach}


def _attention(model: keras.Model, x: np.ndarray, kind: str) -> dict:
    inputs = along(model, x[:1], "attention1")
    _, scores = model.get_layer("attention1")(inputs, inputs, return_attention_scores=True)
    return {"inputs": rounded(along(model, x[:1], "sequence").numpy()[0]),
            "attention": [pack(255 * head / max(head.max(), 1e-9)) for head in scores.numpy()[0]]}


def stretched(values: np.ndarray) -> dict:
    """Values (steps, units) as a picture (units, steps), from their lowest, 0, to their highest,
    255."""
    low, high = values.min(), values.max()
    return pack(255 * (values.T - low) / max(high - low, 1e-9))


def packed(values: np.ndarray) -> tuple[dict, float]:
    """Values (steps, units) of both signs as a picture (units, steps), the units in the order of
    what they hold at the end, and the largest size, which is 255; nothing is 128."""
    order = np.argsort(-values[-1])
    reach = float(np.abs(values).max()) or 1.0
    return pack(127.5 + 127.5 * np.nan_to_num(values[:, order].T) / reach), short(reach)
