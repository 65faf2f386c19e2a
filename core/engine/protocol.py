"""Names that the server and its workers share."""

TOPIC = "perceptorium-runs"
"""One Dask topic for the events of all runs: the scheduler keeps a fixed number of events for
each topic for ever, so that a topic a run would grow without end."""

KEPT_MODELS = 6
"""Models that a trainer keeps loaded for questions."""

FINAL = frozenset({"finished", "stopped", "failed", "lost"})
"""The states in which a run ends."""


def task_key(run_id: str) -> str:
    """What Dask calls the training of a run."""
    return f"train-{run_id}"
