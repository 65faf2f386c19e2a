"""Writing a translation: greedily, or with several beginnings that compete (beam search).

A sentence's score is the sum of the logarithms of its pieces' probabilities, divided by
((5 + length) / 6)^penalty: without that, short sentences would win, because every further piece
costs something. (Wu et al., "Google's neural machine translation system", 2016.)
"""

from collections.abc import Generator
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import keras
import numpy as np
import tensorflow as tf

from core.data.words import BEGIN, END, PAD, UNKNOWN
from core.layers.translation import padded

MOST_MORE = 20  # pieces beyond twice the source: whatever has not ended then is cut
AT_ONCE = 100  # sentences that are written side by side

_writers: WeakKeyDictionary = WeakKeyDictionary()


@dataclass
class Found:
    """What came of a sentence: places of the pieces, without begin and end, its score, and if it
    was asked for, ``steps``: of each step the beginnings that were kept,
    ``(parent, place, score)``; ``ended``: all whole sentences ``(places, score)``, best first."""

    places: list[int]
    score: float
    steps: list[list[tuple[int, int, float]]] = field(default_factory=list)
    ended: list[tuple[list[int], float]] = field(default_factory=list)


class Writer:
    """Asks a network which piece comes next. The sentence is read once; what is written so far is
    looked at anew for each piece."""

    def __init__(self, model: keras.Model):
        source, target = model.inputs
        table, state = model.get_layer("target_words"), model.get_layer("state").output
        deaf = "memory" not in {layer.name for layer in model.layers}  # no cross-attention
        memory = source if deaf else model.get_layer("memory").output
        reader = keras.Model(source, memory)
        given = [source, target] if deaf else [source, memory, target]
        writer = keras.Model(given, state)
        words = tf.TensorSpec((None, None), tf.int32)
        read = words if deaf else tf.TensorSpec((None, None, memory.shape[-1]), tf.float32)

        def chances(source, memory, target):
            asked = [source, target] if deaf else [source, memory, target]
            state = writer(asked, training=False)[:, -1]  # of the last piece, (n, width)
            return tf.nn.log_softmax(table(state, reverse=True))

        self.read = tf.function(lambda source: reader(source, training=False),
                                input_signature=[words], jit_compile=False)
        self.next = tf.function(chances, input_signature=[words, read, words], jit_compile=False)


def writer_of(model: keras.Model) -> Writer:
    """The model's writer; its graphs are traced once."""
    if model not in _writers:
        _writers[model] = Writer(model)
    return _writers[model]


def greedy(model: keras.Model, sources: list[list[int]]) -> list[list[int]]:
    """Always the most probable piece: the places of each sentence's translation."""
    found: list[list[int]] = [[] for _ in sources]
    order = sorted(range(len(sources)), key=lambda row: len(sources[row]))
    for start in range(0, len(order), AT_ONCE):
        rows = order[start:start + AT_ONCE]
        for row, places in zip(rows, _greedy(model, padded([sources[row] for row in rows]))):
            found[row] = places
    return found


def _greedy(model: keras.Model, source: np.ndarray) -> list[list[int]]:
    writer = writer_of(model)
    memory, written = writer.read(source), np.full((len(source), 1), BEGIN, np.int32)
    ended = np.zeros(len(source), bool)
    for _ in range(2 * source.shape[1] + MOST_MORE):
        chances = allowed(writer.next(source, memory, written).numpy())
        place = np.where(ended, PAD, chances.argmax(axis=1)).astype(np.int32)
        written = np.concatenate([written, place[:, None]], axis=1)
        ended |= place == END
        if ended.all():
            break
    return [[place for place in row if place not in (PAD, END)] for row in written[:, 1:].tolist()]


def allowed(chances: np.ndarray) -> np.ndarray:
    """Logarithms of probabilities (n, vocabulary) with what nobody would write at minus infinity:
    padding, another begin, and a piece that the network has no name for."""
    chances[:, [PAD, BEGIN, UNKNOWN]] = -np.inf
    return chances


def beam_search(model: keras.Model, source: list[int], beams: int, penalty: float) -> Found:
    """The best translation that ``beams`` beginnings lead to."""
    return beam_searches(model, [source], beams, penalty)[0]


def beam_searches(model: keras.Model, sources: list[list[int]], beams: int,
                  penalty: float) -> list[Found]:
    """The same for many sentences, which are written side by side."""
    found: list[Found | None] = [None] * len(sources)
    order = sorted(range(len(sources)), key=lambda row: len(sources[row]))
    for start in range(0, len(order), AT_ONCE):
        rows = order[start:start + AT_ONCE]
        for row, each in zip(rows, _side_by_side(model, [sources[row] for row in rows], beams,
                                                 penalty)):
            found[row] = each
    return found


def _side_by_side(model: keras.Model, sources: list[list[int]], beams: int,
                  penalty: float) -> list[Found]:
    writer, places = writer_of(model), padded(sources)
    memory = writer.read(places).numpy()
    searches = [searching(len(source), beams, penalty) for source in sources]
    begun = {row: next(search) for row, search in enumerate(searches)}
    found: list[Found | None] = [None] * len(sources)
    while begun:
        rows = np.repeat(list(begun), [len(each) for each in begun.values()])
        chances = allowed(writer.next(places[rows], memory[rows],
                                      np.concatenate([*begun.values()])).numpy())
        for row in list(begun):
            try:
                begun[row] = searches[row].send(chances[rows == row])
            except StopIteration as end:
                found[row] = end.value
                del begun[row]
    return found


def searching(length: int, beams: int,
              penalty: float) -> Generator[np.ndarray, np.ndarray, Found]:
    """One search, for a sentence of ``length`` words: gives beginnings (n, t) and is sent the
    logarithms of the probabilities of each next piece, (n, vocabulary)."""
    begun, scores = np.full((1, 1), BEGIN, np.int32), np.zeros(1)
    steps, ended = [], []
    for size in range(1, 2 * length + MOST_MORE + 1):
        sums = scores[:, None] + (yield begun)
        kept, step = [], []
        for best in np.argsort(-sums, axis=None, kind="stable")[:2 * beams].tolist():
            parent, place = divmod(best, sums.shape[1])
            score = float(sums[parent, place])
            if not np.isfinite(score) or len(kept) == beams:
                break
            step.append((parent, place, worth(score, size, penalty)))
            if place == END:
                ended.append((begun[parent, 1:].tolist(), worth(score, size, penalty)))
            else:
                kept.append((parent, place, score))
        steps.append(step)
        ended = sorted(ended, key=lambda each: -each[1])[:beams]
        if not kept or (len(ended) == beams and worth(kept[0][2], size, penalty) < ended[-1][1]):
            break
        begun = np.array([[*begun[parent], place] for parent, place, _ in kept], np.int32)
        scores = np.array([score for *_, score in kept])
    if not ended:
        ended = [(begun[0, 1:].tolist(), worth(float(scores[0]), begun.shape[1], penalty))]
    return Found(*ended[0], steps, ended)


def worth(score: float, length: int, penalty: float) -> float:
    """A score by which sentences of different lengths can be compared."""
    return score / ((5 + length) / 6) ** penalty
