"""What a transformer makes of a text, a sentence or a picture: as it learns, and when asked.

Every answer is a function of a model and its context that returns a JSON-able dict, as those of
:mod:`core.insight.vision`. What a page writes comes as text in ``params``. A network that has
another task than what is asked for answers ``{"task": …}`` and nothing more.
"""

import threading
from collections.abc import Callable
from functools import wraps
from weakref import WeakKeyDictionary

import keras
import numpy as np
import tensorflow as tf

from core.data.sequences import NOTHING, RARE, UNKNOWN, numbered, split
from core.insight import vision
from core.insight.sampling import Wish, draw
from core.insight.vision import rounded

WRITTEN = 180  # signs of the living picture
MOST = 64  # signs that are written for one question
LONGEST = 4_000  # signs of a page's text that are looked at
SHOWN = 8  # sentences of the living picture
CANDIDATES = 200  # next signs of which a page hears
START = "\n"

_writers: WeakKeyDictionary = WeakKeyDictionary()
_lock = threading.Lock()


def task_of(model: keras.Model) -> str:
    """``write``, ``judge`` or ``see``, by how the network is built."""
    names = {layer.name for layer in model.layers}
    return "see" if "patches" in names else "judge" if "filled" in names else "write"


def only(*tasks: str) -> Callable[[Callable], Callable]:
    """Marks an answer that only networks with one of these tasks can give."""
    def marked(answer: Callable) -> Callable:
        @wraps(answer)
        def given(model: keras.Model, context: dict, **asked):
            task = task_of(model)
            return {"task": task, **(answer(model, context, **asked) if task in tasks else {})}
        return given
    return marked


# The living picture

def snapshot(model: keras.Model, data) -> dict:
    """After an epoch: what it writes, what it thinks of the same sentences, what it confuses."""
    if data.task == "see":
        return vision.snapshot(model, data)
    if data.task == "judge":
        rows = np.linspace(0, len(data.x_val) - 1, SHOWN).astype(int)
        said = model.predict_on_batch(data.x_val[rows])
        return {"kind": "verdicts", "classes": list(data.class_names),
                "rows": [{"text": joined(data.vocabulary, data.x_val[row]),
                          "label": int(data.y_val[row]), "share": round(float(share), 4)}
                         for row, share in zip(rows, np.nan_to_num(said[:, 1]))]}
    start = data.vocabulary.index(START) if START in data.vocabulary else int(data.x_val[0, 0])
    numbers, _ = go_on(model, [start], WRITTEN, Wish())
    return {"kind": "writing", "text": "".join(data.vocabulary[each] for each in numbers)}


def joined(vocabulary: tuple[str, ...], numbers: np.ndarray) -> str:
    """A sentence of words as one writes it; marks follow their word."""
    text = " ".join(vocabulary[each] for each in numbers if each != NOTHING)
    for mark in ".,;:!?)":
        text = text.replace(f" {mark}", mark)
    return text


# Writing

def writer(model: keras.Model) -> Callable[[np.ndarray], tf.Tensor]:
    """The graph from signs (1, t) to the probabilities of the next one, traced once a model."""
    with _lock:
        if model not in _writers:
            bare = keras.Model(model.inputs, model.outputs)
            _writers[model] = tf.function(
                lambda x, bare=bare: bare(x, training=False)[0, -1],
                input_signature=[tf.TensorSpec((1, None), tf.int32)], jit_compile=False)
    return _writers[model]


def context_of(model: keras.Model) -> int:
    """How many tokens a network that writes can see at once, if it knows positions by heart."""
    positions = next((each for each in model.layers if each.name == "positions"), None)
    return positions.most if positions else 0


def go_on(model: keras.Model, numbers: list[int], count: int, wish: Wish,
          most: int = 0) -> tuple[list[int], list[float]]:
    """``count`` signs more, and how probable each was. ``most``: signs it looks back."""
    ask, most = writer(model), most or context_of(model) or MOST
    random, seen, shares = np.random.default_rng(wish.seed), list(numbers), []
    for _ in range(count):
        said = np.nan_to_num(ask(np.array([seen[-most:]], np.int32)).numpy())
        said[[NOTHING, UNKNOWN]] = 0  # nobody wants to read those
        said = said / said.sum() if said.sum() > 0 else np.ones_like(said) / len(said)
        seen.append(draw(said, wish, random))
        shares.append(float(said[seen[-1]]))
    return seen[len(numbers):], shares


@only("write")
def write(model: keras.Model, context: dict, *, params: dict | None = None,
          count: int = 16) -> dict:
    """Writes on. ``params``: ``text``, and how to draw (:class:`core.insight.sampling.Wish`).

    ``text``: what was written, ``shares``: how probable each sign was, ``unknown``: signs of the
    page's text that the network has never seen, ``next``: what may come after all that, as
    [sign, probability], the most probable first.
    """
    given, wish = params or {}, Wish.read(params or {})
    signs = vocabulary(model)
    numbers, unknown = spelled(given.get("text", ""), signs)
    most = seen_at_once(context)
    new, shares = go_on(model, numbers, min(max(int(count), 0), MOST), wish, most)
    said = np.nan_to_num(writer(model)(np.array([[*numbers, *new][-most:]], np.int32)).numpy())
    return {"text": "".join(signs[each] for each in new), "shares": rounded(shares),
            "unknown": unknown, "next": candidates(said, signs)}


def candidates(said: np.ndarray, signs: tuple[str, ...]) -> list[list]:
    """The most probable next signs with their probabilities."""
    order = np.argsort(-said, kind="stable")[:CANDIDATES]
    return [[signs[each], round(float(said[each]), 6)] for each in order
            if each not in (NOTHING, UNKNOWN)]


def seen_at_once(context: dict) -> int:
    """The context of the hyperparameters with which a network was trained."""
    return int(context["params"].get("context", MOST))


def vocabulary(model: keras.Model) -> tuple[str, ...]:
    """The words or signs that a network knows, by number."""
    return model.get_layer("tokens").vocabulary


def spelled(text: str, signs: tuple[str, ...]) -> tuple[list[int], list[str]]:
    """A text as numbers, at least one, and the signs that are unknown."""
    number = {sign: place for place, sign in enumerate(signs)}
    text = text.replace("\r\n", "\n")[-LONGEST:]
    unknown = sorted({sign for sign in text if sign not in number or sign == RARE})
    numbers = [number.get(sign, UNKNOWN) for sign in text]
    return numbers or [number.get(START, len(signs) - 1)], unknown


# Judging

@only("judge")
def judge(model: keras.Model, context: dict, *, params: dict | None = None) -> dict:
    """What it thinks of a sentence, and what each word does to that.

    ``words``: the sentence as it is read; ``known``: whether the network knows each;
    ``effects``: by how much the probability of the second class falls without each word.
    """
    words = split((params or {}).get("text", "")[:LONGEST])[:seen_at_once(context)]
    known = vocabulary(model)
    without = [words[:place] + words[place + 1:] for place in range(len(words))]
    x = numbered([words, *without], known, model.input_shape[1])
    said = np.nan_to_num(model.predict_on_batch(x))
    return {"classes": list(context["classes"]), "probabilities": rounded(said[0]),
            "words": words, "known": [word in set(known) for word in words],
            "effects": rounded(said[0, 1] - said[1:, 1])}


# Seeing

@only("see")
def classify(model: keras.Model, context: dict, *, image: np.ndarray | None = None,
             kind: str = "drawing") -> dict:
    """What the network sees, as :func:`core.insight.vision.classify` says it."""
    if image is None:
        image = np.zeros((28, 28), np.uint8)
    return vision.classify(model, context, image=image, kind=kind)


@only("see")
def samples(model: keras.Model, context: dict, *, count: int = 24) -> dict:
    """The first pictures of the test split, see :func:`core.insight.vision.samples`."""
    return vision.samples(model, context, count=count)
