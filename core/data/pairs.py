"""Sentences in two languages, and which of them are kept for the test.

No sentence that validates or tests occurs in training, on neither side: all translations of a
sentence stay together, and a training pair whose translation is somebody's in the test is left
out.
"""

import gzip
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from core.data.phrases import phrases
from core.data.sources import Source, fetch, found, here
from core.data.words import pieces, vocabulary
from core.own import arrays

TESTED = 1000  # English sentences of Tatoeba, each with all its translations
VALIDATED = 500
MOST_PIECES = 60  # of a sentence; longer ones are left out

ADDRESS = ("https://raw.githubusercontent.com/13luoyu/Transformer-machine-translation/"
           "aa43963320ccfacebd1d3542deae559bbca58d03/cmn.txt")
TATOEBA = Source("cmn.txt", ("text/cmn.txt", "cmn.txt"), ADDRESS, 4_151_383,
                 "aa264a2447b26ab7c9d413f8321f9e2a779fd134b5118306b6e26a3499b3926e")
PACKED = ("text/cmn-eng.txt.gz", "cmn-eng.txt.gz")

Pair = tuple[str, str]
Sentence = tuple[str, tuple[str, ...]]  # and all its translations


@dataclass(frozen=True)
class Pairs:
    """Pairs to learn from; sentences to validate and test, each with all its translations."""

    train: tuple[Pair, ...]
    val: tuple[Sentence, ...]
    test: tuple[Sentence, ...]
    class_names: tuple[str, ...] = ("English", "中文")  # the two languages

    def words(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What is known of each language: the vocabulary of the pairs to learn from."""
        return (vocabulary(pieces(source.lower()) for source, _ in self.train),
                vocabulary(pieces(target) for _, target in self.train))


def grammar() -> Pairs:
    """3,000 pairs that :mod:`core.data.phrases` makes; 250 are for the test."""
    return split(phrases(), 250, 250)


def tatoeba() -> Pairs:
    """29,155 English sentences with Chinese translations by the volunteers of tatoeba.org
    (CC BY 2.0 France). Downloads 4 MB unless they are here already.

    Raises:
        DownloadError: they are not here and could not be fetched.
    """
    return split(((english, chinese) for english, chinese, _ in lines()), TESTED, VALIDATED)


def own_pairs(name: str) -> Pairs:
    """A visitor's own pairs, by the name under which they are kept.

    Raises:
        VisitorError: they are not here any more.
    """
    kept = arrays(name)
    return parted([tuple(line.split("\t")) for line in bytes(kept["text"]).decode().split("\n")],
                  tuple(map(str, kept["languages"])))


def parted(pairs: Sequence[Pair], languages: tuple[str, ...]) -> Pairs:
    """Pairs of which a tenth tests and a tenth validates, at most as many as of Tatoeba."""
    tenth = max(1, len({_same(source) for source, _ in pairs}) // 10)
    found = split(pairs, min(tenth, TESTED), min(tenth, VALIDATED))
    return replace(found, class_names=languages)


def lines() -> list[tuple[str, str, str]]:
    """English, Chinese and who wrote them, as the licence asks."""
    path = found(*PACKED) or fetch(TATOEBA)
    rows = (line.split("\t") for line in _text(path).splitlines())
    return [tuple(row) for row in rows if len(row) == 3]


def _text(path: Path) -> str:
    raw = path.read_bytes()
    return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")


def split(pairs: Iterable[Pair], tested: int, validated: int) -> Pairs:
    """``tested`` source sentences and ``validated`` others with all their translations, and to
    learn from every pair of which neither side is among them. The split never changes."""
    together: dict[tuple[str, ...], list[Pair]] = {}
    for source, target in pairs:
        key = _same(source)
        if key and _same(target) and max(len(key), len(_same(target))) <= MOST_PIECES:
            together.setdefault(key, []).append((source.strip(), target.strip()))
    keys = list(together)
    order = np.random.default_rng(0).permutation(len(keys))
    held = [keys[place] for place in order[:tested + validated]]
    apart = {_same(target) for key in held for _, target in together[key]}
    train = tuple(pair for place in sorted(order[tested + validated:])
                  for pair in together[keys[place]] if _same(pair[1]) not in apart)
    test, val = ([(together[key][0][0], tuple(dict.fromkeys(target for _, target in together[key])))
                  for key in part] for part in (held[:tested], held[tested:]))
    heard = {_same(target) for _, targets in test for target in targets}
    val = [(source, targets) for source, targets in val
           if not heard & {_same(target) for target in targets}]
    return Pairs(train, tuple(val), tuple(test))


def flat(sentences: Sequence[Sentence]) -> tuple[Pair, ...]:
    """A pair for each translation of each sentence."""
    return tuple((source, target) for source, targets in sentences for target in targets)


def _same(sentence: str) -> tuple[str, ...]:
    """What two sentences have in common that differ in capitals and spaces only."""
    return tuple(pieces(sentence.lower()))


def to_download(name: str) -> int:
    """Bytes of a data set that would have to be downloaded first."""
    return 0 if name != "tatoeba" or found(*PACKED) or here(TATOEBA) else TATOEBA.bytes


DATA_SETS = {"grammar": grammar, "tatoeba": tatoeba}
