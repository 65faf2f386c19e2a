"""Where training runs: cluster, queue, runs, events, questions to models."""

from core.engine.engine import Engine
from core.engine.errors import EngineError, end_says
from core.engine.protocol import FINAL

__all__ = ["FINAL", "Engine", "EngineError", "current", "end_says", "set_current"]

_current: Engine | None = None


def current() -> Engine:
    """The engine of this server."""
    if _current is None:
        raise RuntimeError("the server's lifespan has not begun")
    return _current


def set_current(engine: Engine | None) -> None:
    global _current
    _current = engine
