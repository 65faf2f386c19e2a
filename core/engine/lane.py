"""A lane: the runs of one kind, those that train and those that wait for a place."""

from collections import Counter

from distributed import Future

from core.engine.queue import FairQueue
from core.engine.run import Run


class Lane:
    """Runs that need a worker with the Dask resource ``resource``. The engine holds its lock."""

    def __init__(self, resource: str, at_once: int):
        self.resource = resource
        self.queue = FairQueue(at_once)
        self.training: dict[str, tuple[Run, Future]] = {}

    def next(self) -> str | None:
        """The run whose turn it is; it leaves the queue."""
        return self.queue.pop(Counter(run.owner for run, _ in self.training.values()))

    @property
    def workers(self) -> set[str]:
        """Addresses of the workers that train."""
        return {run.worker for run, _ in self.training.values()}
