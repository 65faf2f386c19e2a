"""Looking inside a transformer: what each head looks at, with its numbers, and what that changes.

Answers are functions of a model and its context, as those of :mod:`core.insight.transformer`.
"""

import base64
import threading
from typing import NamedTuple
from weakref import WeakKeyDictionary

import keras
import numpy as np
import tensorflow as tf

from core.data.sequences import numbered, split
from core.insight.ink import prepare
from core.insight.packing import encode, pack
from core.insight.transformer import (
    LONGEST,
    candidates,
    seen_at_once,
    spelled,
    task_of,
    vocabulary,
)
from core.insight.vision import rounded, split_of
from core.layers.attention import Attention

LOOKED_AT = 64  # tokens at most: more would be no picture
BEST = 3  # guesses that are told for each place and layer

_probes: WeakKeyDictionary = WeakKeyDictionary()
_lock = threading.Lock()


class Given(NamedTuple):
    """One example as a network takes it, ``x`` (1, …), its ``tokens`` as a page shows them (patches
    of a picture have none) and, of a picture, the ``picture`` itself and its ``label``."""

    x: np.ndarray
    tokens: list[str]
    picture: np.ndarray | None = None
    label: str | None = None


def looks(model: keras.Model, context: dict, *, params: dict | None = None,
          image: np.ndarray | None = None, kind: str = "drawing", index: int = 0) -> dict:
    """Where every head looks, and what is believed after every layer.

    ``weights``: heads × tokens × tokens as bytes for each layer, base64, 255 is all of it.
    ``sizes``: the length of each token's vector after the embedding and each layer. ``lens``: what
    the network would say if it ended there (nostalgebraist, "interpreting GPT: the logit lens",
    2020): for each layer, of a network that writes, the best guesses for each place as [sign,
    probability]; else the probability of each class. ``next``: what may come, if it writes.
    """
    task, given = task_of(model), example(model, context, params, image, kind, index)
    streams, found = opened(model, given.x)
    count = len(given.tokens) or found[0].weights.shape[2]
    lens = [believed(model, stream, given.x) for stream in streams]
    told = {
        "task": task, "tokens": given.tokens, "count": count, "layers": len(found),
        "heads": found[0].weights.shape[1], "causal": task == "write",
        "weights": [encode(each.weights[0, :, :count, :count] * 255) for each in found],
        "sizes": [rounded(np.linalg.norm(stream[0, :count], axis=-1)) for stream in streams],
        "classes": list(context["classes"]) if task != "write" else [],
        "label": given.label, "picture": pack(given.picture * 255) if task == "see" else None,
    }
    if task == "write":
        signs = vocabulary(model)
        best = [candidates(lens[-1][0, -1], signs)]
        return {**told, "next": best[0], "lens": [[[[signs[sign], round(float(row[sign]), 4)]
                for sign in np.argsort(-row, kind="stable")[:BEST]] for row in layer[0]]
                for layer in lens]}
    return {**told, "next": [], "lens": [rounded(layer[0]) for layer in lens]}


def head(model: keras.Model, context: dict, *, params: dict | None = None,
         image: np.ndarray | None = None, kind: str = "drawing", index: int = 0) -> dict:
    """All numbers of one head: ``query``, ``key`` and ``value`` (t, d), ``scores`` and ``weights``
    (t, t) and ``found`` (t, d), as base64 of float32. ``params``: ``layer`` and ``head``, both from
    0 on, beside the text."""
    given = example(model, context, params, image, kind, index)
    _, found = opened(model, given.x)
    layer = found[place((params or {}).get("layer"), len(found))]
    at = place((params or {}).get("head"), layer.weights.shape[1])
    count = len(given.tokens) or layer.weights.shape[2]
    parts = {"query": layer.query, "key": layer.key, "value": layer.value,
             "scores": layer.scores[..., :count], "weights": layer.weights[..., :count],
             "found": layer.heads}
    return {"count": count, "size": layer.query.shape[3],
            **{name: packed(part[0, at, :count]) for name, part in parts.items()}}


def packed(values: np.ndarray) -> str:
    """Numbers as base64 of little-endian float32; 0 for what is none."""
    return base64.b64encode(np.nan_to_num(np.asarray(values)).astype("<f4").tobytes()).decode()


def place(said: str | None, count: int) -> int:
    """A place that a page named, within bounds."""
    return min(int(said), count - 1) if said and said.isdecimal() else 0


def example(model: keras.Model, context: dict, params: dict | None, image: np.ndarray | None,
            kind: str, index: int) -> Given:
    """What a page wants to look at, as the network takes it."""
    task, text = task_of(model), (params or {}).get("text", "")
    if task == "see":
        return seen(model, context, image, kind, index)
    known = vocabulary(model)
    if task == "judge":
        most = min(model.input_shape[1], LOOKED_AT)
        words = split(text[:LONGEST])[:most] or ["?"]
        return Given(numbered([words], known, model.input_shape[1]), words)
    numbers, _ = spelled(text, known)
    numbers = numbers[-min(LOOKED_AT, seen_at_once(context)):]
    return Given(np.array([numbers], np.int32), [known[each] for each in numbers])


def seen(model: keras.Model, context: dict, image: np.ndarray | None, kind: str,
         index: int) -> Given:
    """A drawing, or a picture of the test split."""
    if image is not None:
        picture, _ = prepare(image, kind, model.input_shape[1:], context["dataset"])
        return Given(picture[None].astype(np.float32), [], picture)
    pictures, labels = split_of(context, "test")
    at = min(max(int(index), 0), len(pictures) - 1)
    picture = pictures[at] / np.float32(255)
    return Given(picture[None], [], picture, context["classes"][labels[at]])


# What happens inside

def opened(model: keras.Model, x: np.ndarray) -> tuple[list, list]:
    """The stream (1, t, c) before and after each layer, and each layer's attention, opened."""
    streams, inputs, filled = probe(model)(x)
    layers = [each for each in model.layers if isinstance(each, Attention)]
    mask = filled[0] if filled else None
    found = [layer.opened(given, attention_mask=mask) for layer, given in zip(layers, inputs)]
    return ([each.numpy() for each in streams],
            [type(each)(*(part.numpy() for part in each)) for each in found])


def probe(model: keras.Model):
    """The graph that gives the stream at each layer and what each attention receives, traced once
    for each model."""
    with _lock:
        if model not in _probes:
            names = {layer.name for layer in model.layers}
            depth = sum(isinstance(layer, Attention) for layer in model.layers)
            pre = "norm" in names
            ends = [model.get_layer(f"sum{n}b" if pre else f"norm{n}b").output
                    for n in range(1, depth + 1)]
            streams = [model.get_layer("sum1a").input[0], *ends]
            inputs = ([model.get_layer(f"norm{n}a").output for n in range(1, depth + 1)] if pre
                      else streams[:-1])
            filled = [model.get_layer("filled").output] if "filled" in names else []
            inner = keras.Model(model.inputs, [streams, inputs, filled])
            signature = tf.TensorSpec((1, *model.input_shape[1:]), model.inputs[0].dtype)
            _probes[model] = tf.function(lambda x, inner=inner: inner(x, training=False),
                                         input_signature=[signature], jit_compile=False)
    return _probes[model]


def believed(model: keras.Model, stream: np.ndarray, x: np.ndarray) -> np.ndarray:
    """What the network would say if a stream (1, t, c) were its last one."""
    names = {layer.name for layer in model.layers}
    y = tf.constant(stream)
    if "mean" in names:
        filled = [model.get_layer("filled")(x)] if "filled" in names else []
        y = model.get_layer("mean")(y, *filled)
    if "norm" in names:
        y = model.get_layer("norm")(y)
    return np.nan_to_num(model.get_layer("classes")(y).numpy())
