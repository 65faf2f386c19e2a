"""Which runs must go so that the others have room."""

from collections.abc import Iterable

from core.store.kept import IN_PROGRESS, Kept


def surplus(runs: Iterable[Kept], most_runs: int, most_bytes: int) -> list[str]:
    """Ids of the runs to remove, oldest first, until both limits hold or only runs are left that
    stay: pinned ones and those in progress."""
    oldest_first = sorted(runs, key=lambda run: run.started)
    count, size = len(oldest_first), sum(run.size for run in oldest_first)
    going = []
    for run in oldest_first:
        if count <= most_runs and size <= most_bytes:
            break
        if run.pinned or run.state in IN_PROGRESS:
            continue
        going.append(run.run_id)
        count, size = count - 1, size - run.size
    return going
