"""Simpler methods on the same split: what a transformer has to beat. No TensorFlow here.

For texts n-grams (Chen & Goodman, "An empirical study of smoothing techniques", 1999), for
sentences logistic regression on which words are there, for pictures on the pixels.
"""

import time
from collections import Counter, defaultdict

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from core.data.sequences import DATA_SETS, Sequences, own_text
from core.i18n import N_
from core.insight.baseline import fitted
from core.params import Params

ORDERS = {2: N_("Pairs of characters (bigrams)"), 6: N_("Six characters in a row (6-grams)")}
STRENGTH = 3.0  # the inverse price on weights of the bag of words


def measure(params: Params) -> dict:
    """Each method on the test part of ``params``.

    Returns ``figure`` (``loss`` in nats a character, or ``accuracy``) and ``methods``: ``name`` (a
    message), ``value`` and ``seconds`` of fitting.
    """
    data = own_text(params) if params.dataset == "own" else DATA_SETS[params.dataset](params)
    if data.task == "write":
        return {"figure": "loss", "methods": [timed(name, lambda n=n: NGrams(
            data.x_train, n, len(data.vocabulary)).loss(data.x_test, data.y_test))
            for n, name in ORDERS.items()]}
    if data.task == "judge":
        return {"figure": "accuracy", "methods": [
            timed(name, lambda pair=pair: bag_of_words(data, pair))
            for pair, name in ((1, N_("Bag of words")), (2, N_("Bag of words and pairs")))]}
    simple = fitted(data)
    return {"figure": "accuracy", "methods": [
        {"name": simple["name"], "value": simple["metrics"]["test_accuracy"],
         "seconds": simple["seconds"]}]}


def timed(name: str, figure) -> dict:
    """A method's figure and how long it took."""
    began = time.monotonic()
    return {"name": name, "value": float(figure()),
            "seconds": round(time.monotonic() - began, 2)}


def bag_of_words(data: Sequences, longest: int) -> float:
    """Test accuracy of logistic regression on which words (and neighbours, up to ``longest`` in a
    row) a sentence has, weighed by how rare they are. It knows the words that the network knows."""
    model = make_pipeline(
        TfidfVectorizer(analyzer="word", token_pattern=r"\S+", ngram_range=(1, longest),
                        sublinear_tf=True),
        LogisticRegression(C=STRENGTH, max_iter=1000))
    model.fit(texts(data.x_train), data.y_train)
    return model.score(texts(data.x_test), data.y_test)


def texts(x: np.ndarray) -> list[str]:
    """Rows of word numbers as texts of such numbers."""
    return [" ".join(str(word) for word in row if word) for row in x]


class NGrams:
    """How probable a sign is after the last ones, from counts: each order is mixed with the one
    below, by Witten and Bell's rule.

        P(c | h) = (count(hc) + kinds(h) · P(c | h′)) / (count(h) + kinds(h))

    h′ is h without its first sign, kinds(h) how many different signs have come after h.
    """

    def __init__(self, stream: np.ndarray, order: int, signs: int):
        self.order, self.signs = order, signs
        text = spelled(stream)
        self.followed: dict[str, Counter] = defaultdict(Counter)
        for length in range(order):
            for place in range(length, len(text)):
                self.followed[text[place - length:place]][text[place]] += 1
        self.sums = {before: sum(after.values()) for before, after in self.followed.items()}

    def probability(self, before: str, sign: str) -> float:
        """Of ``sign`` after ``before``, of which only the end counts."""
        share = 1 / self.signs
        for length in range(min(self.order - 1, len(before)) + 1):
            history = before[len(before) - length:]
            after = self.followed.get(history)
            if after is None:
                break
            share = (after[sign] + len(after) * share) / (self.sums[history] + len(after))
        return share

    def loss(self, x: np.ndarray, y: np.ndarray) -> float:
        """Nats a sign, on pieces x (m, t) and the same one later, as the network is measured."""
        nats = [-np.log(self.probability(before[max(0, place + 2 - self.order):place + 1], sign))
                for before, after in zip(map(spelled, x), map(spelled, y))
                for place, sign in enumerate(after)]
        return float(np.mean(nats))


def spelled(numbers: np.ndarray) -> str:
    """Numbers as signs, whichever: Python's texts make quick keys."""
    return "".join(map(chr, numbers))
