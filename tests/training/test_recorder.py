"""The recorder: what it sends, and how wishes reach a loop between two batches."""

import math
import threading

import pytest

from core.training.recorder import Recorder, Stop


def _loop(recorder: Recorder, epochs: int = 2, steps: int = 5, loss=lambda step: 1 / step) -> list:
    """A training loop of nothing; returns the live values it was given."""
    given = []
    recorder.begin(epochs=epochs, steps_per_epoch=steps)
    for epoch in range(1, epochs + 1):
        for _ in range(steps):
            given.append(recorder.batch({"loss": loss(recorder.step + 1)}))
        recorder.epoch(epoch, {"loss": 0.5, "val_loss": 0.6}, 0.1)
        given.append(recorder.end_of_epoch())
    return given


@pytest.fixture
def events():
    return []


def _kinds(events, kind):
    return [event for event in events if event["type"] == kind]


def _until(events, condition):
    """Wait until the events meet a condition; the loop's thread sends them."""
    met = threading.Event()
    for _ in range(2000):
        if condition(events):
            return
        met.wait(0.005)
    raise AssertionError(f"never came: {events[-5:]}")


def test_a_loop_is_reported_from_beginning_to_last_epoch(events):
    _loop(Recorder(events.append))
    assert events[0]["type"] == "begin" and events[0]["steps"] == 10
    assert [event["epoch"] for event in _kinds(events, "epoch")] == [1, 2]
    assert _kinds(events, "batch")[-1]["step"] == 10


def test_a_batch_event_is_the_mean_since_the_one_before(events):
    recorder = Recorder(events.append)
    recorder.begin(epochs=1, steps_per_epoch=4)
    recorder.batch({"loss": 9.0})  # sent at once: the first point comes without delay
    for value in (1.0, 2.0, 3.0):
        recorder.batch({"loss": value})
    recorder.epoch(1, {}, 0.1)
    assert [event["values"]["loss"] for event in _kinds(events, "batch")] == [9.0, 2.0]


def test_a_loss_that_is_no_number_ends_the_run_and_stays_valid_json(events):
    with pytest.raises(Stop) as stop:
        _loop(Recorder(events.append), loss=lambda step: math.nan if step == 3 else 1.0)
    assert (stop.value.state, stop.value.reason, stop.value.values["step"]) == (
        "failed", "not_a_number", 3)
    assert _kinds(events, "batch")[-1]["values"]["loss"] is None


def test_stop_is_obeyed_within_one_batch(events):
    recorder = Recorder(events.append)
    recorder.wish("stop")
    with pytest.raises(Stop) as stop:
        _loop(recorder)
    assert stop.value.state == "stopped" and recorder.step == 1


def test_live_values_are_handed_out_once_and_told(events):
    recorder = Recorder(events.append)
    recorder.wish("set", {"learning_rate": 0.1})
    given = _loop(recorder)
    assert given[0] == {"learning_rate": 0.1} and not any(given[1:])
    assert [(event["name"], event["value"]) for event in _kinds(events, "change")] == [
        ("learning_rate", 0.1)]


def test_pause_one_batch_one_epoch_resume(events):
    recorder = Recorder(events.append)
    recorder.wish("pause")
    thread = threading.Thread(target=_loop, args=(recorder, 3, 5))
    thread.start()

    def paused_at(step):
        return lambda events: (_kinds(events, "state") or [{}])[-1] == {
            "type": "state", "state": "paused", "step": step,
            "at": _kinds(events, "state")[-1]["at"]}

    _until(events, paused_at(1))
    recorder.wish("step")
    _until(events, paused_at(2))
    recorder.wish("step_epoch")
    _until(events, paused_at(5))
    assert len(_kinds(events, "epoch")) == 1
    recorder.wish("step_epoch")
    _until(events, paused_at(10))
    recorder.wish("resume")
    thread.join(10)
    assert not thread.is_alive() and recorder.step == 15


def test_a_pause_does_not_count_as_training_time(events, monkeypatch):
    now = [0.0]
    monkeypatch.setattr("core.training.recorder.time.monotonic", lambda: now[0])
    recorder = Recorder(events.append)
    recorder.begin(epochs=1, steps_per_epoch=10)

    class Rest:
        """Stands for the wait: an hour goes by, then the visitor resumes."""

        def wait_for(self, _):
            now[0] += 3600
            recorder._paused = False

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def notify_all(self):
            pass

    for step in range(5):
        if step == 3:
            recorder._wishes = Rest()
            recorder.wish("pause")
        recorder.batch({"loss": 1.0})
        now[0] += 0.1
    assert recorder.steps_per_second == pytest.approx(4 / 0.5)


def test_one_slow_picture_is_no_reason_to_rest(events, monkeypatch):
    from core.training import keras_recorder

    now, costs = [100.0], iter([2.0, 0.002, 0.1, 0.002, 0.1, 0.1])  # the first traces its graph
    monkeypatch.setattr(keras_recorder.time, "monotonic", lambda: now[0])

    def frame(model):
        now[0] += next(costs)
        return {}

    callback = keras_recorder.KerasRecorder(Recorder(events.append), {}, dict, frame)
    rests = []
    for _ in range(6):
        callback._send_frame()
        rests.append(callback._next_frame - now[0])
        now[0] = max(now[0], callback._next_frame)
    assert max(rests[:5]) <= 1 / keras_recorder.FRAMES_A_SECOND
    assert rests[5] == pytest.approx(keras_recorder.FRAME_REST * 0.1)
