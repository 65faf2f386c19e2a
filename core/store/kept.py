"""A run as it is kept, and which names a run may have."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

IN_PROGRESS = frozenset({"queued", "starting", "running", "paused"})
LONGEST_NAME = 80  # characters
# Control characters, halves of surrogate pairs, separators of lines and paragraphs.
UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
# They turn the direction of all the text that follows, in other people's rows too.
DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class Kept:
    """One run. Times are Unix seconds; ``params`` is text as in a link.

    ``metrics`` holds the last value of each metric (final ones such as ``test_accuracy``
    included) and ``epoch``, the number of epochs done. ``state`` is one of queued, starting,
    running, paused, finished, stopped, failed, lost; ``reason`` is the code of its end.
    ``size``: bytes of its files. ``pinned``: it stays however many come after it. ``imported``:
    it came in a zip, so its network is a stranger's and is only handed out.
    """

    run_id: str
    name: str
    room: str
    params: Mapping[str, str]
    seed: int
    owner: str
    state: str
    reason: str
    started: float
    ended: float | None
    metrics: Mapping[str, float]
    versions: Mapping[str, str]
    size: int = 0
    pinned: bool = False
    imported: bool = False


def clean_name(name: str) -> str:
    """A name that a stranger typed, safe to show in a list: one line, at most 80 characters."""
    kept = "".join(sign for sign in name
                   if unicodedata.category(sign) not in UNPRINTABLE and sign not in DIRECTIONS)
    return kept.strip()[:LONGEST_NAME].strip()
