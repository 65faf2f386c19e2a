"""An engine that a test shapes itself, and waiting for it."""

import time
from contextlib import contextmanager

from core.engine import Engine
from core.settings import Settings
from core.store import Store


@contextmanager
def museum(home, **settings):
    """An engine of its own with its own workers."""
    engine = Engine(Settings(home=home, **settings), Store(home))
    engine.open()
    try:
        yield engine
    finally:
        engine.close()


def until(condition, says: str, seconds: float = 90):
    """Wait until ``condition`` gives something; returns it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError(f"never: {says}")


def has(engine, run_id: str, kind: str):
    """Whether a run has an event of a kind."""
    return any(event["type"] == kind for event in engine.events(run_id))


def ended(engine, run_id: str) -> dict:
    """Wait for a run's end."""
    return until(lambda: has(engine, run_id, "end") and engine.events(run_id)[-1],
                 f"the end of {run_id}")
