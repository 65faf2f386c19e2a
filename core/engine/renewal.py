"""Trainers that have grown are started anew while they neither train nor answer.

TensorFlow never gives all memory back. Before a trainer meets its limit, which would cost a
visitor's run, it is better renewed in a moment when nobody notices.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Renewal:
    """Who has grown, who is being renewed, and how many answers are under way."""

    def __init__(self, above: int):
        self._above = above  # bytes
        self._grown: set[str] = set()
        self._renewing: set[str] = set()
        self._answering = 0
        self._changed = threading.Condition()

    def measured(self, address: str, memory: int) -> None:
        """After a run: the bytes that its worker holds now."""
        with self._changed:
            if memory > self._above:
                self._grown.add(address)

    @contextmanager
    def answering(self, seconds: float) -> Iterator[None]:
        """While a trainer answers; waits up to ``seconds`` for a renewal to be over."""
        with self._changed:
            self._changed.wait_for(lambda: not self._renewing, seconds)
            self._answering += 1
        try:
            yield
        finally:
            with self._changed:
                self._answering -= 1

    def take(self, busy: set[str]) -> set[str]:
        """The trainers to be renewed now: grown, not ``busy``, and no answer is under way."""
        with self._changed:
            chosen = set() if self._answering else self._grown - busy
            self._grown -= chosen
            self._renewing |= chosen
            return chosen

    def renewing(self) -> set[str]:
        """Trainers that take no run just now."""
        with self._changed:
            return set(self._renewing)

    def done(self, address: str) -> None:
        """A renewal is over."""
        with self._changed:
            self._renewing.discard(address)
            self._changed.notify_all()
