"""Who trains next. Fair between visitors: they take turns, however many runs one of them queues."""

from collections import deque
from collections.abc import Mapping


class FairQueue:
    """Waiting runs, each of one visitor. Not thread-safe: the engine holds its lock."""

    def __init__(self, at_once: int):
        self._at_once = at_once  # runs of one visitor that may train at the same time
        self._waiting: dict[str, deque[str]] = {}  # visitor → runs; the visitor's turn = its order
        self._series: dict[str, str] = {}  # waiting run → the series to which it belongs

    def add(self, run_id: str, visitor: str, series: str = "") -> None:
        """Runs of the same ``series`` take one waiting place together."""
        self._waiting.setdefault(visitor, deque()).append(run_id)
        self._series[run_id] = series or run_id

    def remove(self, run_id: str) -> bool:
        """Take a run out; ``False`` if it was not waiting."""
        for visitor, runs in self._waiting.items():
            if run_id in runs:
                runs.remove(run_id)
                del self._series[run_id]
                if not runs:
                    del self._waiting[visitor]
                return True
        return False

    def waiting(self, visitor: str) -> int:
        """How many waiting places this visitor has taken."""
        return len({self._series[run_id] for run_id in self._waiting.get(visitor, ())})

    def pop(self, running: Mapping[str, int]) -> str | None:
        """The next run, given how many runs each visitor has training. It leaves the queue, and
        its visitor goes to the end of the line."""
        for visitor, runs in self._waiting.items():
            if running.get(visitor, 0) < self._at_once:
                run_id = runs.popleft()
                del self._waiting[visitor], self._series[run_id]
                if runs:
                    self._waiting[visitor] = runs
                return run_id
        return None

    def order(self) -> list[str]:
        """All waiting runs in the order in which they will train if nobody else comes."""
        order = []
        line = deque((visitor, deque(runs)) for visitor, runs in self._waiting.items())
        while line:
            visitor, runs = line.popleft()
            order.append(runs.popleft())
            if runs:
                line.append((visitor, runs))
        return order

    def __len__(self) -> int:
        return sum(len(runs) for runs in self._waiting.values())
