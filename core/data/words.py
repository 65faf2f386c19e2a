"""Sentences as the words and characters of which they are made, and back.

A word is what stands between two spaces. Where a language writes none (Chinese, Japanese, Thai …),
every character is a piece of its own; so are digits and marks of punctuation everywhere.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

PAD = 0  # the places of what is no piece: nothing, the begin of a sentence and its end, and what
BEGIN = 1  # nobody has learned
END = 2
UNKNOWN = 3
SPECIAL = ("", "⟨", "⟩", "□")  # how these four are written where somebody sees them
LEAST = 2  # times a piece occurs in training, or it stays unknown

UNSPACED = ("\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff"
            "\uf900-\ufaff")
MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u065f\u0900-\u0dff"  # belong to the letter before
PIECE = re.compile(
    rf"[{UNSPACED}]|\d|(?:(?![{UNSPACED}])[^\W\d_]|[{MARKS}])+"
    rf"(?:['’](?:(?![{UNSPACED}])[^\W\d_])+)*|[^\w\s]|_")
WORD = re.compile(rf"(?:(?![{UNSPACED}])[^\W\d_]|[{MARKS}])")
BEFORE = set("([{“‘¿¡$£€#@")  # nothing separates them from the word that follows
AFTER = set(".,!?;:)]}”’%…")  # nor these from the word before


def pieces(text: str) -> list[str]:
    """The words, characters, digits and marks of a sentence, in their order."""
    return PIECE.findall(text)


def joined(parts: Sequence[str]) -> str:
    """The sentence that these pieces make, with spaces where the language has them."""
    text = ""
    for before, part in zip(("", *parts), parts):
        text += (" " if _apart(before, part) else "") + part
    return text


def _apart(before: str, part: str) -> bool:
    worded = WORD.match(before) or before.isdigit() or before in AFTER
    starts = WORD.match(part) or part.isdigit() or part in BEFORE
    return bool(before and worded and starts) and not (before.isdigit() and part.isdigit())


def vocabulary(sentences: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The pieces that occur at least :data:`LEAST` times, the most frequent first, after
    :data:`SPECIAL`."""
    counts = Counter(piece for sentence in sentences for piece in sentence)
    known = sorted((piece for piece, count in counts.items() if count >= LEAST),
                   key=lambda piece: (-counts[piece], piece))
    return (*SPECIAL, *known)


def numbers(sentence: Sequence[str], places: dict[str, int]) -> list[int]:
    """Each piece's place in the vocabulary; :data:`UNKNOWN` for what is not in it."""
    return [places.get(piece, UNKNOWN) for piece in sentence]
