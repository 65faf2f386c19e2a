"""Sentences of strangers in two languages, as TSV or CSV. Runs in the light worker."""

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np

from core.data.archives import BadUpload, shown
from core.data.pairs import MOST_PIECES, parted
from core.data.uploads import decoded
from core.data.words import pieces
from core.i18n import N_

LEAST, MOST = 50, 50_000  # pairs
PREVIEW = 6
SEPARATORS = "\t;|,"
HEADINGS = {"english", "chinese", "german", "french", "spanish", "italian", "russian", "japanese",
            "korean", "portuguese", "dutch", "polish", "latin", "deutsch", "englisch", "français",
            "anglais", "español", "inglés", "source", "target", "translation", "en", "zh", "de",
            "fr", "es", "it", "ru", "ja", "ko", "pt", "中文", "汉语", "英文", "英语", "原文",
            "译文", "日语", "法语", "德语", "source sentence", "target sentence"}
NO_PAIRS = N_("No pairs of sentences were found. Put a sentence and its translation in each line, "
              "with a tab between them.")


def read(path: str, out: str) -> dict[str, Any]:
    """Pairs of sentences: the first two columns of each row; more columns (as Tatoeba's
    attribution) are not used. Writes ``text``, a line for each pair with a tab between its two
    sentences, as UTF-8 bytes, and ``languages`` as ``.npz``.

    Returns ``{"encoding", "pairs", "left_out", "languages": [2], "words": [2] sizes of the
    vocabularies, "train", "preview": [[source, target]]}``.

    Raises:
        BadUpload: no pairs, too few, or too many.
    """
    words, encoding = decoded(Path(path).read_bytes())
    rows = _rows(words)
    languages = ["1", "2"]
    if rows and all(cell.strip().lower() in HEADINGS for cell in rows[0][:2]):
        languages = [shown(cell.strip()) for cell in rows.pop(0)[:2]]
    pairs = [tuple(" ".join(cell.split()) for cell in row[:2]) for row in rows]
    kept = [pair for pair in dict.fromkeys(pairs)
            if all(0 < len(pieces(side)) <= MOST_PIECES for side in pair)]
    if not kept:
        raise BadUpload(NO_PAIRS)
    if not LEAST <= len(kept) <= MOST:
        raise BadUpload(N_("{count} pairs of sentences were found; {least} to {most} can be "
                           "learned from here."),
                        {"count": len(kept), "least": LEAST, "most": MOST})
    split = parted(kept, tuple(languages))
    if len(split.train) < LEAST // 2 or not split.val:
        raise BadUpload(N_("Too many of these sentences have the same translation: nothing is left "
                           "to learn from that does not stand in the test, too."))
    text = "\n".join("\t".join(pair) for pair in kept).encode()
    with open(out, "wb") as file:
        np.savez(file, text=np.frombuffer(text, np.uint8), languages=np.array(languages))
    return {"encoding": encoding, "pairs": len(kept), "left_out": len(pairs) - len(kept),
            "languages": languages, "words": [len(each) for each in split.words()],
            "train": len(split.train), "preview": [list(pair) for pair in kept[:PREVIEW]]}


def _rows(words: str) -> list[list[str]]:
    """Rows of at least two cells. The separator is the one that makes two or more of the most
    lines; where tabs do, a quotation mark is only a mark."""
    lines = words.splitlines()
    counts = {sign: sum(sign in line for line in lines) for sign in SEPARATORS}
    separator = max(SEPARATORS, key=lambda sign: counts[sign])
    quoting = csv.QUOTE_NONE if separator == "\t" else csv.QUOTE_MINIMAL
    try:
        found = list(csv.reader(io.StringIO(words), delimiter=separator, quoting=quoting))
    except csv.Error as error:
        raise BadUpload(NO_PAIRS) from error
    return [row for row in found if len(row) > 1]
