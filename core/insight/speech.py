"""Looking inside a network that recognizes words, and asking it about a sound.

As in :mod:`core.insight.vision`, every answer is a function of a model and its context. A sound is
float32 in -1..1 at 8,000 values a second.
"""

import importlib
from functools import lru_cache
from types import SimpleNamespace
from weakref import WeakKeyDictionary

import keras
import numpy as np
import tensorflow as tf

from core.catalogue import room
from core.data import sound as seconds
from core.insight import trust
from core.insight.judged import fingerprint
from core.insight.packing import pack
from core.insight.spectra import packed
from core.insight.vision import GLIMPSE, KINDS, SHOWN, activations, rounded, split_of, tiles
from core.params import from_text

COPIES = 8  # of each of a visitor's recordings, from which the limits of the known come
NOISY = 0.2  # of them with noise at most: with more, noise alone would count as known

_known: WeakKeyDictionary = WeakKeyDictionary()


def recognize(model: keras.Model, context: dict, *, sound: np.ndarray | None = None) -> dict:
    """Which word the network hears.

    ``blank``: there is nothing loud enough. ``unknown``: it is a click, stays the same as no word
    does, or sounds like nothing the network has learned; shipped networks and those of a visitor's
    own words can tell the latter, and their probabilities are calibrated, too.
    """
    sound = np.zeros(seconds.SECOND, np.float32) if sound is None else sound
    received = seconds.picture(seconds.centred(sound))
    seen = activations(model, received)
    probabilities = seen[model.layers[-1].name]
    known = _trust(model, context) or {}
    unknown = (seconds.lasting(received) < known.get("shortest", seconds.BRIEF)
               or seconds.change(received) < known.get("steadiest", seconds.STEADY))
    if known:
        hidden = seen[_before(model)].reshape(1, -1)
        judged, strange = trust.judge(known, hidden, probabilities[None])
        probabilities, unknown = judged[0], unknown or bool(strange[0])
    blank = seconds.silent(sound)
    return {"classes": list(context["classes"]), "probabilities": rounded(probabilities),
            "received": pack(received * (0 if blank else 255)), "blank": blank, "unknown": unknown}


def samples(model: keras.Model, context: dict, *, count: int = 24) -> dict:
    """The first recordings of the test split as pictures below each other in one sheet, each word
    in turn."""
    pictures, labels = split_of(context, "test")
    order = np.argsort([np.sum(labels[:i] == label) for i, label in enumerate(labels)],
                       kind="stable")[:min(max(int(count), 1), 100)]
    images = [{"index": int(index), "label": context["classes"][labels[index]]} for index in order]
    return {"images": images, "sheet": pack(pictures[order].reshape(-1, pictures.shape[2]))}


def maps(model: keras.Model, context: dict, *, index: int | None = None,
         sound: np.ndarray | None = None, layer: str | None = None) -> dict:
    """What every layer makes of one sound: of the test split's ``index``-th, or a given one. Time
    goes to the right, in convolutions over both the highest frequency is at the top.

    ``layer``: the only one of which more than a glimpse is wanted (``""``: none); all if not given.
    """
    label = None
    if sound is None:
        pictures, labels = split_of(context, "test")
        index = min(max(int(index or 0), 0), len(pictures) - 1)
        received, label = pictures[index] / np.float32(255), context["classes"][labels[index]]
    else:
        received = seconds.picture(seconds.centred(sound))
    seen = activations(model, received)
    layers = [{"name": each.name, "kind": KINDS.get(type(each).__name__, "other"),
               **tiles(upright(seen[each.name], each.name),
                       SHOWN if layer in (None, each.name) else GLIMPSE),
               "shape": list(seen[each.name].shape)} for each in model.layers]
    return {"input": pack(received * 255), "classes": list(context["classes"]),
            "probabilities": rounded(seen[model.layers[-1].name]), "label": label,
            "layers": layers}


def upright(values: np.ndarray, name: str) -> np.ndarray:
    """A layer's values with time to the right: (frames, bands, …) → (bands, frames, …). The input
    lies like this already."""
    return values if values.ndim < 2 or name == "input" else np.swapaxes(values, 0, 1)


def sound(model: keras.Model, context: dict, *, index: int = 0) -> dict:
    """A recording of the validation split to listen to: ``{"sound": base64 of int16}``, empty
    where there is nothing to hear."""
    sounds = _sounds(context["room"], context["dataset"], tuple(sorted(context["params"].items())))
    index = min(max(int(index), 0), len(sounds) - 1)
    return {"sound": packed(sounds[index].astype(np.float32) / 32768)}


def augmentation(model: keras.Model, context: dict, *, params: dict[str, str] | None = None,
                 count: int = 3) -> dict:
    """A few recordings as they are, and ``count`` ways in which training would hear each; as
    :func:`core.insight.moved.augmentation` tells it."""
    chosen, _ = from_text(room(context["room"]).params, params or context["params"])
    program = importlib.import_module(room(context["room"]).program)
    pictures, _ = split_of({**context, "dataset": chosen.dataset,
                            "params": params or context["params"]}, "val")
    first = pictures[:3] / np.float32(255)
    shown = [first, *(program.moved(chosen, tf.constant(first), number).numpy()
                      for number in range(min(max(int(count), 1), 8)))]
    sheet = np.stack(shown, axis=1) * 255  # (pictures, 1 + count, bands, frames)
    return {"pictures": len(first), "each": len(shown),
            "sheet": pack(sheet.reshape(-1, sheet.shape[-1]))}


def _before(model: keras.Model) -> str:
    """The layer that the last one listens to."""
    return model.layers[-1].input._keras_history.operation.name


def _trust(model: keras.Model, context: dict) -> dict | None:
    """What tells strange sounds from known ones, measured when it is first asked for on a network
    of a visitor's own words."""
    if context.get("trust") or context["dataset"] != "own":
        return context.get("trust")
    now = fingerprint(model)
    if model not in _known or _known[model][0] != now:
        _known[model] = now, _measured(context, model)
    return _known[model][1]


def _measured(context: dict, model: keras.Model) -> dict:
    """:func:`core.insight.trust.fit` on a few recordings, each heard in :data:`COPIES` ways; and
    ``steadiest`` and ``shortest``: what changes or lasts less is no word. Whoever teaches it to
    tell a hum from a snap of the fingers wants them heard."""
    declared = room(context["room"])
    params, _ = from_text(declared.params, context["params"])
    program = importlib.import_module(declared.program)
    data = program.load(params)
    params = params.model_copy(update={"noise": min(params.noise, NOISY)})

    def copies(x: np.ndarray) -> np.ndarray:
        return np.concatenate([x, *(program.moved(params, tf.constant(x), number).numpy()
                                    for number in range(COPIES - 1))])

    recordings = np.concatenate([data.x_train, data.x_val, data.x_test])
    labels = np.concatenate([data.y_train, data.y_val, data.y_test])

    def least(measure, usual: float) -> float:
        """The usual limit, or half of what a word has for which that would be too much."""
        found = np.array([measure(each) for each in recordings])
        words = [float(np.median(found[labels == each])) for each in np.unique(labels)]
        return usual if min(words) > usual else min(words) / 2

    x, x_val = copies(data.x_train), copies(np.concatenate([data.x_val, data.x_test]))
    return {"steadiest": least(seconds.change, seconds.STEADY),
            "shortest": least(seconds.lasting, seconds.BRIEF),
            **trust.fit(model, SimpleNamespace(
                x_train=x, y_train=np.tile(data.y_train, COPIES), x_val=x_val,
                y_val=np.tile(np.concatenate([data.y_val, data.y_test]), COPIES),
                class_names=data.class_names))}


@lru_cache(maxsize=1)
def _sounds(room_name: str, dataset: str, params: tuple) -> np.ndarray:
    declared = room(room_name)
    chosen, _ = from_text(declared.params, {**dict(params), "dataset": dataset})
    return importlib.import_module(declared.program).load(chosen).sound_val
