"""A run as the server knows it while it is not yet over: its state and its events."""

import threading
import time
from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.engine.protocol import FINAL

KEPT_BATCHES = 2_000
KEPT_WISHES = 100


@dataclass
class Run:
    """One run and its numbered events. ``add`` may be called from any thread.

    ``wishes`` wait here until the run has a worker; ``delivery`` keeps them in their order.
    ``keep`` is given every event in the order of their numbers.
    """

    run_id: str
    room: str
    params: Any
    owner: str
    name: str
    keep: Callable[[dict], None] = lambda event: None
    state: str = "queued"
    worker: str = ""
    started: float = field(default_factory=time.time)
    wishes: deque[tuple[str, dict]] = field(default_factory=lambda: deque(maxlen=KEPT_WISHES))
    delivery: threading.Lock = field(default_factory=threading.Lock)
    _events: list[dict] = field(default_factory=list)
    _seq: int = 0
    _listeners: set[Callable[[], None]] = field(default_factory=set)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def add(self, event: dict) -> dict | None:
        """Number an event and keep it. ``None`` for what comes after the end."""
        with self._lock:
            if self.state in FINAL:
                return None
            self._seq += 1
            event = {"seq": self._seq, "at": round(time.time(), 3), **event}
            if event["type"] in ("state", "end"):
                self._change(event)
            if event["type"] in ("frame", "end"):
                self._forget_frame()
            self._events.append(event)
            if event["type"] in ("batch", "progress"):
                self._thin()
            if event["type"] != "frame":
                self.keep(event)
            listeners = list(self._listeners)
        for listener in listeners:
            listener()
        return event

    def events(self, since: int = 0) -> list[dict]:
        """Events after number ``since``, in order."""
        with self._lock:
            first = bisect_right(self._events, since, key=lambda event: event["seq"])
            return self._events[first:]

    def last(self, kind: str) -> dict | None:
        """The newest event of a kind."""
        with self._lock:
            return next((event for event in reversed(self._events) if event["type"] == kind), None)

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` after each event. Returns what ends it."""
        with self._lock:
            self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    def _change(self, event: dict) -> None:
        """A new state. While a run waits, only its newest place in the queue is worth keeping."""
        self.state = event["state"]
        last = self._events[-1] if self._events else {}
        if event["state"] == last.get("state") == "queued":
            self._events.pop()

    def _forget_frame(self) -> None:
        """Of a living picture only the newest counts."""
        for at in reversed(range(len(self._events))):
            if self._events[at]["type"] == "frame":
                del self._events[at]
                return

    def _thin(self) -> None:
        """Keep the history of batches bounded: drop every second one of the older half."""
        batches = [event for event in self._events if event["type"] in ("batch", "progress")]
        if len(batches) <= KEPT_BATCHES:
            return
        dropped = {event["seq"] for event in batches[: KEPT_BATCHES // 2 : 2]}
        self._events = [event for event in self._events if event["seq"] not in dropped]
