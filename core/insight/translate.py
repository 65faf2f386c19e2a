"""What a network that translates writes, where it looks while it does, and what else it thought of.

As in :mod:`core.insight.vision`, every answer is a function of a model and its context.
"""

from functools import lru_cache
from weakref import WeakKeyDictionary

import keras
import numpy as np
import tensorflow as tf

from core.data.words import BEGIN, UNKNOWN, joined, pieces
from core.errors import VisitorError
from core.i18n import N_
from core.insight.packing import encode
from core.layers.beams import beam_search, greedy
from core.layers.translation import padded
from core.models.translate import load, understood
from core.params import from_text
from core.rooms.translate import EXAMPLES, Translate

SHOWN = 4  # sentences of a snapshot
MOST_WORDS = 40  # of a visitor's sentence
MOST_BEAMS = 8
MOST_PENALTY = 3.0
TOO_LONG = N_("This sentence has {count} words and marks; at most {most} are translated here. Take "
              "it in parts.")

_lookers: WeakKeyDictionary = WeakKeyDictionary()


def about(model: keras.Model, context: dict) -> dict:
    """What one can ask this network: the two languages, a few sentences to begin with, and how many
    pieces it knows of each language."""
    words = {layer.name: layer.vocabulary for layer in model.layers if hasattr(layer, "vocabulary")}
    return {"languages": list(context["classes"]), "examples": list(_examples(
        context["dataset"], tuple(sorted(context["params"].items())))),
        "known": [len(words.get(name, ())) for name in ("source_words", "target_words")]}


@lru_cache(maxsize=4)
def _examples(dataset: str, params: tuple) -> tuple[str, ...]:
    if dataset in EXAMPLES:
        return EXAMPLES[dataset]
    chosen, _ = from_text(Translate, {**dict(params), "dataset": dataset})
    return tuple(source for source, _ in load(chosen).val[:5])


def translate(model: keras.Model, context: dict, *, text: str = "", count: int = 4,
              penalty: float = 2.0) -> dict:
    """A sentence in the other language.

    ``count``: beginnings that compete (1: greedy); ``penalty``: how much length is made up for.
    Returns ``{"source": [piece], "unknown": [bool], "target": [piece], "text", "heads": [layer
    [head]] of packed attention, (target + 1) × source, the last row for the end; "mean": the same
    over all heads of the last layer; "steps": [[parent, piece, score]] a step, "ended": [{"text",
    "score"}]}``.

    Raises:
        VisitorError: the sentence is too long.
    """
    words = pieces(" ".join(text.split()))
    if len(words) > MOST_WORDS:
        raise VisitorError(TOO_LONG, {"count": len(words), "most": MOST_WORDS})
    source = understood(model, text)
    if not source:
        return {"source": [], "unknown": [], "target": [], "text": "", "heads": [], "mean": None,
                "steps": [], "ended": []}
    found = beam_search(model, source, min(max(int(count), 1), MOST_BEAMS),
                        min(max(float(penalty), 0.0), MOST_PENALTY))
    names = model.get_layer("target_words").vocabulary
    looked = attention(model, [source], [found.places])
    return {
        "source": words, "unknown": [place == UNKNOWN for place in source],
        "target": [names[place] for place in found.places],
        "text": joined([names[place] for place in found.places]),
        "heads": [[encode(head * 255) for head in layer[0]] for layer in looked],
        "mean": encode(mean(looked)[0] * 255) if looked else None,
        "steps": [[[parent, names[place], round(score, 3)] for parent, place, score in step]
                  for step in found.steps],
        "ended": [{"text": joined([names[place] for place in places]), "score": round(score, 3)}
                  for places, score in found.ended],
    }


def snapshot(model: keras.Model, data) -> dict:
    """A few sentences that validate, as the network translates them now, and where it looks."""
    shown = data.val[:SHOWN]
    sources = [understood(model, source) for source, _ in shown]
    targets = greedy(model, sources)
    names = model.get_layer("target_words").vocabulary
    looked = attention(model, sources, targets)
    rows = []
    for row, (sentence, right) in enumerate(shown):
        words, places = pieces(sentence), targets[row]
        rows.append({
            "source": words, "unknown": [place == UNKNOWN for place in sources[row]],
            "target": [names[place] for place in places],
            "text": joined([names[place] for place in places]), "right": right[0],
            "mean": encode(mean(looked)[row][:len(places) + 1, :len(words)] * 255)
            if looked else None})
    return {"kind": "translations", "sentences": rows}


def mean(looked: list[np.ndarray]) -> np.ndarray:
    """Attention of the last layer over all its heads: (n, t, s)."""
    return looked[-1].mean(axis=1)


def attention(model: keras.Model, sources: list[list[int]],
              targets: list[list[int]]) -> list[np.ndarray]:
    """Where each piece of the targets looks in its source, the step that ends it included:
    an array (n, heads, longest target + 1, longest source) for each layer of cross-attention."""
    looker = _looker(model)
    return [np.nan_to_num(weights.numpy()) for weights in looker(
        padded(sources), padded([[BEGIN, *places] for places in targets]))]


def _looker(model: keras.Model):
    """A graph of all cross-attention, traced once for each model."""
    if model not in _lookers:
        layers = [layer for layer in model.layers if layer.name.removeprefix("cross").isdecimal()]
        given = [tensor for layer in layers for tensor in _given(layer)]
        probe = keras.Model(model.inputs, given) if given else None

        def look(source, target):
            asked = probe([source, target], training=False) if probe else []
            return [layer.opened(*asked[3 * place:3 * place + 3], training=False).weights
                    for place, layer in enumerate(layers)]

        words = tf.TensorSpec((None, None), tf.int32)
        _lookers[model] = tf.function(look, input_signature=[words, words], jit_compile=False)
    return _lookers[model]


def _given(layer) -> list:
    """What a layer of cross-attention takes: query, memory, mask."""
    arguments = layer._inbound_nodes[0].arguments
    query, memory = arguments.args[:2]
    return [query, memory, arguments.kwargs["attention_mask"]]
