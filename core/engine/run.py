"""A run as the server knows it while it is not yet over: its state and its events."""

import threading
import time
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.engine.protocol import FINAL

KEPT_BATCHES = 2_000


@dataclass
class Run:
    """One run and its numbered events. ``add`` may be called from any thread."""

    run_id: str
    room: str
    params: Any
    owner: str
    name: str
    state: str = "queued"
    worker: str = ""
    started: float = field(default_factory=time.time)
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
                self.state = event["state"]
            self._events.append(event)
            if event["type"] in ("batch", "progress"):
                self._thin()
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

    def _thin(self) -> None:
        """Keep the history of batches bounded: drop every second one of the older half."""
        batches = [event for event in self._events if event["type"] in ("batch", "progress")]
        if len(batches) <= KEPT_BATCHES:
            return
        dropped = {event["seq"] for event in batches[: KEPT_BATCHES // 2 : 2]}
        self._events = [event for event in self._events if event["seq"] not in dropped]
