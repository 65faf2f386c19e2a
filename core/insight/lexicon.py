"""Two simple ways to translate, on the same split. No TensorFlow here.

From memory: of all sentences to learn from, the one that shares the most telling words, with its
translation as it stands. Word by word: for each word the piece that stands most faithfully beside
it, as the first statistical model of translation learns it (IBM model 1: Brown et al., "The
mathematics of statistical machine translation", 1993).
"""

import time
from collections.abc import Callable, Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from core.data.bleu import bleu, chrf
from core.data.pairs import DATA_SETS, Pairs, own_pairs
from core.data.words import joined, numbers, pieces
from core.i18n import N_
from core.params import Params

ROUNDS = 8  # of expectation and maximization; little moves after that
AT_ONCE = 250  # sentences that are compared side by side


def rivals(params: Params) -> dict:
    """BLEU and chrF of both on the test sentences: ``{"methods": [{"name", "metrics",
    }], "rows": pairs to learn from}``."""
    data = own_pairs(params.own) if params.dataset == "own" else DATA_SETS[params.dataset]()
    sources, references = ([each[side] for each in data.test] for side in (0, 1))
    methods = []
    for name, made in ((N_("The most similar sentence it knows"), from_memory),
                       (N_("Word by word (IBM model 1)"), word_by_word)):
        began = time.monotonic()
        said = made(data)(sources)
        methods.append({"name": name, "seconds": round(time.monotonic() - began, 2),
                        "metrics": {"test_bleu": bleu(said, references),
                                    "test_chrf": chrf(said, references)}})
    return {"methods": methods, "rows": len(data.train)}


def from_memory(data: Pairs) -> Callable[[Sequence[str]], list[str]]:
    """Translates by the training sentence whose words, weighed by how rare they are, fit best."""
    weigh = TfidfVectorizer(tokenizer=lambda text: pieces(text.lower()), token_pattern=None,
                            lowercase=False, ngram_range=(1, 2))
    known = weigh.fit_transform([source for source, _ in data.train])

    def translate(sentences: Sequence[str]) -> list[str]:
        asked = weigh.transform(sentences)
        best = np.concatenate([np.asarray((asked[start:start + AT_ONCE] @ known.T).argmax(axis=1))
                               .ravel() for start in range(0, asked.shape[0], AT_ONCE)])
        return [data.train[place][1] for place in best]

    return translate


def word_by_word(data: Pairs) -> Callable[[Sequence[str]], list[str]]:
    """Translates each word for itself, in the order in which it stands."""
    read, write = data.words()
    chances = ibm_model_1(data, read, write)
    places = {piece: place for place, piece in enumerate(read)}
    best = {word: write[chances[word].argmax()] for word in range(len(read))}

    def translate(sentences: Sequence[str]) -> list[str]:
        return [joined([best[place] for place in numbers(pieces(sentence.lower()), places)])
                for sentence in sentences]

    return translate


def ibm_model_1(data: Pairs, read: tuple[str, ...], write: tuple[str, ...]) -> np.ndarray:
    """How probable each piece is as the translation of each word, (read, write): which of the
    words that stand opposite has brought it, is guessed, counted, and guessed again.

    The first word, which stands in no sentence, is opposite everything: it takes what no word of
    the source has brought.
    """
    here, there = ({piece: place for place, piece in enumerate(words)} for words in (read, write))
    words, said, whose, many = [], [], [], 0
    for source, target in data.train:
        opposite = [0, *numbers(pieces(source.lower()), here)]
        told = numbers(pieces(target), there)
        words.append(np.tile(opposite, len(told)))
        said.append(np.repeat(told, len(opposite)))
        whose.append(np.repeat(np.arange(many, many + len(told)), len(opposite)))
        many += len(told)
    words, said, whose = map(np.concatenate, (words, said, whose))
    cell = words * len(write) + said
    chances = np.full(len(read) * len(write), 1 / len(write))
    for _ in range(ROUNDS):
        share = chances[cell]
        share /= np.bincount(whose, share)[whose]  # which word has brought this piece
        counts = np.bincount(cell, share, len(chances)).reshape(len(read), len(write))
        chances = (counts / np.maximum(counts.sum(axis=1, keepdims=True), 1e-12)).ravel()
    return chances.reshape(len(read), len(write))
