"""Everything that a transformer reads as a row of tokens: signs, words, patches of pictures."""

import gzip
import re
from collections import Counter
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from core.data import images
from core.data.images import digits, fashion, mnist
from core.data.opinions import put_together
from core.data.sources import Source, fetch, here
from core.data.splits import Splits
from core.data.tales import chinese, english
from core.errors import VisitorError
from core.own import arrays
from core.rooms.sequences import LEAST, TOO_SHORT, VERDICTS

NOTHING = 0  # the number of what fills up short sentences
UNKNOWN = 1  # of rare words and signs
FILL = ""
RARE = "�"
MOST_SIGNS = 2_000  # different ones; what is rarer counts as unknown
LONG = 100_000  # signs from which on a twentieth is enough to validate and to test
WORD = re.compile(r"[㐀-鿿]|[\w']+|[^\w\s]")

KARPATHY = ("https://raw.githubusercontent.com/karpathy/char-rnn/"
            "6f9487a6fe5b420b7ca9afb0d7c078e37c1d1b4e/data/tinyshakespeare/input.txt")
SHAKESPEARE = Source(
    name="Tiny Shakespeare",
    accepted=("text/tinyshakespeare.txt.gz", "tinyshakespeare.txt", "input.txt"),
    url=KARPATHY,
    bytes=1_115_394,
    sha256="86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
)
BRITZ = ("https://raw.githubusercontent.com/dennybritz/cnn-text-classification-tf/"
         "18762b459e21d9c70e5c242f8d43fc4e6db37a0d/data/rt-polaritydata/")
REVIEWS = (
    Source("Pang & Lee, negative", ("text/rt-polarity.neg.gz", "rt-polarity.neg"),
           BRITZ + "rt-polarity.neg", 612_506,
           "2d11cfbc790f1cd96d78339f41ce53ced1efa83cd22d37d6788fa3fe3d17e2fd"),
    Source("Pang & Lee, positive", ("text/rt-polarity.pos.gz", "rt-polarity.pos"),
           BRITZ + "rt-polarity.pos", 626_395,
           "4134882974a28d0c7b5151256f0e33a6169984ee7372c279e673f1114f475d58"),
)
FOLDS = 5


@dataclass(frozen=True)
class Sequences(Splits):
    """What is read, in one of three tasks.

    ``write``: ``x_train`` is one row of signs (n,), of which training cuts pieces at any place;
    ``x_val``, ``y_val`` and the test are pieces (m, t) and the same one sign later. ``judge``:
    ``x_*`` are words (n, t), filled up with 0, ``y_*`` classes (n,). ``see``: as
    :class:`core.data.images.Data`. Signs and words are int32, places in ``vocabulary``.
    """

    task: str
    vocabulary: tuple[str, ...] = ()


# Texts, sign by sign

def tales(params) -> Sequences:
    """Tales that a program made up; ship with the app."""
    return written(english(), params.context)


def tales_zh(params) -> Sequences:
    """The same in Chinese."""
    return written(chinese(), params.context)


def shakespeare(params) -> Sequences:
    """40,000 lines of plays: Tiny Shakespeare (Karpathy 2015), 1,115,394 signs, 65 of them
    different. Downloads 1.1 MB unless it is here already.

    Raises:
        DownloadError: it is not here and could not be fetched.
    """
    return written(read(fetch(SHAKESPEARE)), params.context)


def own_text(params) -> Sequences:
    """A visitor's own text, by the name under which it is kept.

    Raises:
        VisitorError: it is not here any more, or it is too short.
    """
    return written("".join(map(chr, arrays(params.own)["signs"])), params.context)


def written(text: str, context: int) -> Sequences:
    """A text in three parts, the last two of them a twentieth each (of short ones a tenth)."""
    if len(text) < LEAST:
        raise VisitorError(TOO_SHORT, {"count": len(text), "least": LEAST})
    common = [sign for sign, _ in Counter(text).most_common(MOST_SIGNS)]
    signs = (FILL, RARE, *sorted(common))
    number = {sign: place for place, sign in enumerate(signs)}
    stream = np.array([number.get(sign, UNKNOWN) for sign in text], np.int32)
    part = len(stream) // (20 if len(stream) >= LONG else 10)
    train, val, test = np.split(stream, [len(stream) - 2 * part, len(stream) - part])
    return Sequences(train[:-1], train[1:], *pieces(val, context), *pieces(test, context), signs,
                "write", signs)


def pieces(stream: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Signs in pieces one after the other, and the same one sign later: (m, length) each."""
    length = min(length, len(stream) - 1)
    count = (len(stream) - 1) // length
    return (stream[:count * length].reshape(count, length),
            stream[1:count * length + 1].reshape(count, length))


# Opinions, word by word

def opinions(params) -> Sequences:
    """6,000 sentences on films that a program put together; ship with the app."""
    return judged(put_together(), params)


def reviews(params) -> Sequences:
    """10,662 sentences of film reviews, half of them in favour: Pang & Lee, "Seeing stars" (2005).

    In five folds. Downloads 1.2 MB unless they are here already.

    Raises:
        DownloadError: they are not here and could not be fetched.
    """
    return judged([(line, verdict) for verdict, source in enumerate(REVIEWS)
                   for line in read(fetch(source)).splitlines()], params)


def judged(sentences: list[tuple[str, int]], params) -> Sequences:
    """Sentences in three parts: fold ``params.fold`` is the test, a tenth of the others validates.
    Words that stand only once in the training part are unknown, as all others beyond
    ``params.words``."""
    order = np.random.default_rng(0).permutation(len(sentences))
    test = order[params.fold - 1::FOLDS]
    others = np.setdiff1d(order, test, assume_unique=True)
    others = np.random.default_rng(params.fold).permutation(others)
    val, train = np.split(others, [len(others) // 10])
    words = [split(sentence) for sentence, _ in sentences]
    counted = Counter(word for row in train for word in words[row])
    common = [word for word, count in counted.most_common(params.words) if count > 1]
    vocabulary = (FILL, RARE, *common)
    x = numbered(words, vocabulary, params.context)
    y = np.array([verdict for _, verdict in sentences], np.int64)
    return Sequences(x[train], y[train], x[val], y[val], x[test], y[test], VERDICTS, "judge",
                vocabulary)


def split(sentence: str) -> list[str]:
    """The words and marks of a sentence, small letters; each Chinese sign is a word."""
    return WORD.findall(sentence.lower())


def numbered(sentences: list[list[str]], vocabulary: tuple[str, ...], most: int) -> np.ndarray:
    """Words as their numbers, filled up at the end or cut: (n, most) int32."""
    number = {word: place for place, word in enumerate(vocabulary)}
    x = np.zeros((len(sentences), most), np.int32)
    for row, words in zip(x, sentences):
        known = [number.get(word, UNKNOWN) for word in words[:most]]
        row[:len(known)] = known
    return x


# Pictures, patch by patch

def small_digits(params) -> Sequences:
    """Handwritten digits of 8×8 pixels; ship with scikit-learn."""
    return seen(digits())


def large_digits(params) -> Sequences:
    """Handwritten digits of 28×28 pixels: MNIST."""
    return seen(mnist())


def clothes(params) -> Sequences:
    """Clothes of 28×28 pixels: Fashion-MNIST."""
    return seen(fashion())


def seen(data: Splits) -> Sequences:
    """Pictures as they are: the network cuts them into patches itself."""
    return Sequences(*(getattr(data, each.name) for each in fields(Splits)), "see")


def read(path: Path) -> str:
    """The words of a file, packed or not."""
    content = path.read_bytes()
    return (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8-sig")


DATA_SETS = {"tales": tales, "tales_zh": tales_zh, "shakespeare": shakespeare,
             "opinions": opinions, "reviews": reviews,
             "digits": small_digits, "mnist": large_digits, "fashion": clothes}


def to_download(name: str) -> int:
    """Bytes of a data set that would have to be downloaded first."""
    sources = {"shakespeare": (SHAKESPEARE,), "reviews": REVIEWS}.get(name)
    if sources is None:
        return images.to_download(name)
    return sum(each.bytes for each in sources if not here(each))
