"""How long a run waits: from what was measured, and silent where nothing was."""

import pytest

from core.engine.estimate import BETWEEN_RUNS, Speeds, waits
from core.engine.run import Run
from core.rooms.cnn import CNN


def _run(**values) -> Run:
    return Run("0" * 12, "cnn", CNN(**values), "me", "")


def _at_speed(run: Run, steps_per_epoch: int, speed: float) -> Run:
    run.add({"type": "begin", "steps_per_epoch": steps_per_epoch})
    run.add({"type": "batch", "steps_per_second": speed, "seconds_left": 12.0})
    return run


def test_a_run_like_an_earlier_one_takes_as_long():
    speeds = Speeds()
    assert speeds.seconds(_run(epochs=3)) is None
    speeds.learn(_at_speed(_run(epochs=8), 90, 30.0))
    assert speeds.seconds(_run(epochs=3)) == pytest.approx(BETWEEN_RUNS + 3 * 3.0)
    assert speeds.seconds(_run(epochs=1, batch_size=64)) == pytest.approx(BETWEEN_RUNS + 3.0)


def test_what_is_most_alike_counts_most():
    speeds = Speeds()
    speeds.learn(_at_speed(_run(batch_size=64), 20, 10.0))
    speeds.learn(_at_speed(_run(), 90, 10.0))
    assert speeds.seconds(_run(epochs=1, batch_size=64, seed=7)) == pytest.approx(
        BETWEEN_RUNS + 2.0)


def test_a_paused_run_does_not_come_to_its_end(monkeypatch):
    run, speeds = _at_speed(_run(), 90, 30.0), Speeds()
    run.add({"type": "state", "state": "running"})
    now = run.last("batch")["at"]
    monkeypatch.setattr("core.engine.estimate.time.time", lambda: now + 5)
    assert speeds.left(run) == pytest.approx(7 + BETWEEN_RUNS)
    run.add({"type": "state", "state": "paused"})
    assert speeds.left(run) == pytest.approx(12 + BETWEEN_RUNS)


@pytest.mark.parametrize(("busy", "queued", "places", "begins"), [
    ([10.0], [5.0, 5.0], 1, [10.0, 15.0]),
    ([10.0, 4.0], [5.0, 5.0, 5.0], 2, [4.0, 9.0, 10.0]),
    ([], [5.0, 5.0], 1, [0.0, 5.0]),
    ([None], [5.0], 1, [None]),
    ([3.0], [None, 5.0], 1, [3.0, None]),
    ([], [5.0], 0, [None]),
])
def test_waits(busy, queued, places, begins):
    assert waits(busy, queued, places) == begins
