"""How long a run will take, and how long another one waits for it.

Measured, never assumed: before the first run of a room nothing is known and nothing is said.
"""

import heapq
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable

from core.engine.run import Run
from core.params import Params, knobs

KEPT = 300
BETWEEN_RUNS = 1.5  # seconds to build a network before a run and to score it afterwards


class Speeds:
    """Seconds an epoch took, by the hyperparameters, the data set and the room it was."""

    def __init__(self) -> None:
        self._seconds: OrderedDict[tuple, float] = OrderedDict()
        self._lock = threading.Lock()

    def learn(self, run: Run) -> None:
        """Remember how fast a run is."""
        begin, batch = run.last("begin"), run.last("batch")
        if not begin or not batch or not batch["steps_per_second"]:
            return
        seconds = begin["steps_per_epoch"] / batch["steps_per_second"]
        with self._lock:
            for key in _keys(run.room, run.params):
                self._seconds[key] = seconds
                self._seconds.move_to_end(key)
            while len(self._seconds) > KEPT:
                self._seconds.popitem(last=False)

    def seconds(self, run: Run) -> float | None:
        """How long a run that has not begun will take; ``None`` if nothing like it ever ran."""
        with self._lock:
            epoch = next((self._seconds[key] for key in _keys(run.room, run.params)
                          if key in self._seconds), None)
        return None if epoch is None else BETWEEN_RUNS + epoch * getattr(run.params, "epochs", 1)

    def left(self, run: Run) -> float | None:
        """How long a run in training still takes; while it is paused, that does not get less."""
        batch = run.last("batch")
        if not batch or batch["seconds_left"] is None:
            return self.seconds(run)
        since = time.time() - batch["at"] if run.state == "running" else 0.0
        return max(batch["seconds_left"] - since, 0.0) + BETWEEN_RUNS


def waits(busy: Iterable[float | None], queued: Iterable[float | None],
          places: int) -> list[float | None]:
    """Seconds until each of the ``queued`` runs begins, in their order.

    ``busy``: what the runs in training still need; ``queued``: what each waiting run will need;
    ``places``: how many train at once. ``None`` is what nobody knows.
    """
    free = [math.inf if left is None else left for left in busy]
    free += [0.0] * (places - len(free))
    heapq.heapify(free)
    begins = []
    for needs in queued:
        begin = heapq.heappop(free) if free else math.inf
        begins.append(None if math.isinf(begin) else begin)
        heapq.heappush(free, begin + (math.inf if needs is None else needs))
    return begins


def _keys(room: str, params: Params) -> tuple[tuple, ...]:
    """From the most to the least that a run has in common with another one."""
    changes_nothing = {each.name for each in knobs(type(params)) if each.live} | {"epochs", "seed"}
    shape = params.model_dump_json(exclude=changes_nothing)
    return (room, shape), (room, getattr(params, "dataset", "")), (room,)
