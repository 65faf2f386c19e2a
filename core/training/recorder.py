"""The recorder stands between a training loop and those who watch it.

It turns what the loop reports into small events, and carries the visitor's wishes (pause, one
step, another learning rate, stop) into the loop between two batches. It knows neither Keras nor
the network: :mod:`core.training.keras_recorder` is one adapter, a NumPy loop is another.
"""

import math
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

EVENTS_A_SECOND = 10
KEPT_EPOCHS = 20  # epochs of which a run keeps the weights


class Stop(Exception):
    """The run is to end here; ``state`` is its final state, ``reason`` a code for the page."""

    def __init__(self, state: str, reason: str, **values: Any):
        super().__init__(reason)
        self.state, self.reason, self.values = state, reason, values


class Recorder:
    """Events out, wishes in. ``send`` gets each event as a JSON-able dict."""

    def __init__(self, send: Callable[[dict], None]):
        self._send = send
        self._wishes = threading.Condition()
        self._paused = False
        self._stopped = False
        self._allowance: str | None = None  # while paused: one "batch" or one "epoch" may pass
        self._live: dict[str, float] = {}
        self._sums: dict[str, float] = {}
        self._unsent = 0
        self._last_sent = 0.0
        self._busy_since = 0.0
        self._busy_seconds = 0.0
        self.step = 0
        self.steps = 0
        self.steps_per_epoch = 0

    # What the loop reports

    def begin(self, *, epochs: int, steps_per_epoch: int, **facts: Any) -> None:
        """The loop is about to start: ``epochs`` times ``steps_per_epoch`` steps."""
        self.steps_per_epoch = steps_per_epoch
        self.steps = epochs * steps_per_epoch
        self.send("begin", epochs=epochs, steps_per_epoch=steps_per_epoch, steps=self.steps,
                  **facts)

    def batch(self, values: Mapping[str, float]) -> dict[str, float]:
        """One batch is done; ``values`` are its own figures, not running means.

        Returns new values of live hyperparameters, to be used from the next batch on. Waits while
        the run is paused.

        Raises:
            Stop: the visitor stopped the run, or a loss is no number.
        """
        self.step += 1
        if self.step == 1:  # the first batch pays for tracing the graph: not part of the speed
            self._busy_since = time.monotonic()
        for name, value in values.items():
            self._sums[name] = self._sums.get(name, 0.0) + float(value)
        self._unsent += 1
        broken = not math.isfinite(values.get("loss", 0.0))
        if broken or time.monotonic() - self._last_sent >= 1 / EVENTS_A_SECOND:
            self._send_batch()
        if broken:
            raise Stop("failed", "not_a_number", step=self.step)
        return self._obey("batch")

    def epoch(self, epoch: int, values: Mapping[str, float], seconds: float) -> None:
        """An epoch is done, its validation too. Waits while the run is paused."""
        self._send_batch()
        self.send("epoch", epoch=epoch, step=self.step, values=_clean(values),
                  seconds=round(seconds, 3))

    def end_of_epoch(self) -> dict[str, float]:
        """After an epoch's snapshot: the place where «one epoch» comes to rest."""
        return self._obey("epoch")

    def send(self, kind: str, /, **fields: Any) -> None:
        """Send one event of any kind."""
        self._send({"type": kind, "at": round(time.time(), 3), **fields})

    @property
    def stopped(self) -> bool:
        """Whether the visitor has asked for an end."""
        return self._stopped

    @property
    def steps_per_second(self) -> float:
        """Steps a second since the first batch, pauses left out."""
        seconds = self._busy_seconds + time.monotonic() - self._busy_since
        done = self.step - 1
        return done / seconds if done > 0 and seconds > 0 else 0.0

    # What the visitor wishes (called from another thread)

    def wish(self, action: str, values: Mapping[str, float | list] | None = None) -> None:
        """``pause``, ``resume``, ``step``, ``step_epoch``, ``stop`` or ``set`` (only values).
        A list is done after what was wished of it before, a number takes its place."""
        with self._wishes:
            for name, value in (values or {}).items():
                before = self._live.get(name, []) if isinstance(value, list) else None
                self._live[name] = value if before is None else [*before, *value]
            if action == "stop":
                self._stopped = True
            elif action == "pause":
                self._paused, self._allowance = True, None
            elif action == "resume":
                self._paused, self._allowance = False, None
            elif action in ("step", "step_epoch"):
                self._paused = True
                self._allowance = "batch" if action == "step" else "epoch"
            self._wishes.notify_all()

    # In between

    def _send_batch(self) -> None:
        if not self._unsent:
            return
        means = {name: total / self._unsent for name, total in self._sums.items()}
        speed = self.steps_per_second
        left = (self.steps - self.step) / speed if speed else None
        self.send("batch", step=self.step, epoch=round(self.step / self.steps_per_epoch, 4),
                  values=_clean(means), steps_per_second=round(speed, 2),
                  seconds_left=None if left is None else round(left, 1))
        self._sums, self._unsent, self._last_sent = {}, 0, time.monotonic()

    def _obey(self, passed: str) -> dict[str, float]:
        """Wait while paused, then hand out what has changed. ``passed``: a batch or an epoch."""
        with self._wishes:
            if self._allowance == passed:
                self._allowance = None
            if self._paused and self._allowance is None and not self._stopped:
                self._rest()
            if self._stopped:
                raise Stop("stopped", "visitor", step=self.step)
            live, self._live = self._live, {}
        for name, value in live.items():
            self.send("change", step=self.step, name=name, value=value)
        return live

    def _rest(self) -> None:
        self._send_batch()
        self.send("state", state="paused", step=self.step)
        since = time.monotonic()
        self._wishes.wait_for(lambda: not self._paused or self._allowance or self._stopped)
        self._busy_seconds -= time.monotonic() - since
        if not self._stopped:
            self.send("state", state="running", step=self.step)


def _clean(values: Mapping[str, float]) -> dict[str, float | None]:
    """JSON knows neither NaN nor infinity: they become null."""
    return {name: float(value) if math.isfinite(value) else None for name, value in values.items()}
