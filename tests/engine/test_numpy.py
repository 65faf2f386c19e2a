"""Rooms that train with NumPy: in the light worker, several at a time, at once."""

import sys

import pytest

from core.rooms.neuron import Neuron
from tests.engine.line_room import Line

ENDLESS = Line(epochs=1_000_000)


def has(kind):
    return lambda events: any(event["type"] == kind for event in events)


def test_it_trains_to_the_end_answers_and_is_kept(engine, wait):
    run_id = engine.start("line", Line(), "me")
    events = wait(run_id)
    assert events[-1]["state"] == "finished"
    assert events[-1]["metrics"]["test_loss"] < 0.1
    assert [event["epoch"] for event in events if event["type"] == "epoch"][-1] == 20
    assert not [event for event in events if event["type"] == "frame"]  # those are not kept
    assert next(event for event in events if event["type"] == "begin")["parameters"] == 2
    answer = engine.ask("line", f"run:{run_id}", "value", {"index": 0})
    last = next(event for event in reversed(events) if event["type"] == "snapshot")
    assert answer == {"y": pytest.approx(last["weights"][1]), "room": "line"}
    first = next(event for event in events if event["type"] == "snapshot")
    answer = engine.ask("line", f"run:{run_id}@{first['epoch']}", "value", {"index": 0})
    assert answer["y"] == pytest.approx(first["weights"][1])
    engine._keeper.settle()
    assert engine.store.model(run_id) and engine.store.snapshots(run_id) == list(range(1, 21))


def test_it_is_asked_and_steered_while_it_trains(engine, wait):
    run_id = engine.start("line", ENDLESS, "me")
    wait(run_id, has("batch"))
    assert engine.ask("line", f"run:{run_id}", "value", {"index": 1})["room"] == "line"
    engine.control(run_id, "me", "set", {"learning_rate": 0.5})
    change = next(event for event in wait(run_id, has("change")) if event["type"] == "change")
    assert change["value"] == 0.5
    engine.control(run_id, "me", "pause")
    wait(run_id, lambda events: engine.run(run_id).state == "paused")
    engine.control(run_id, "me", "stop")
    assert wait(run_id)[-1]["state"] == "stopped"


def test_a_loss_that_is_no_number_ends_it(engine, wait):
    end = wait(engine.start("line", Line(learning_rate=10.0, epochs=100_000), "me"))[-1]
    assert (end["state"], end["reason"]) == ("failed", "not_a_number")


def test_several_train_at_a_time_and_leave_uploads_their_place(engine, wait):
    runs = [engine.start("line", ENDLESS, f"visitor {number}") for number in range(4)]
    for run_id in runs:
        wait(run_id, has("batch"))
    assert engine.light("builtins:len", "abc", seconds=5) == 3
    for number, run_id in enumerate(runs):
        engine.control(run_id, f"visitor {number}", "stop")
        assert wait(run_id)[-1]["state"] == "stopped"


def test_numbers_set_by_hand_reach_a_network_that_is_being_trained(engine, wait):
    run_id = engine.start("neuron", Neuron(epochs=20_000), "me")
    wait(run_id, has("batch"))
    engine.control(run_id, "me", "pause")
    wait(run_id, lambda events: engine.run(run_id).state == "paused")
    engine.control(run_id, "me", "set", {"edits": "3:1.5,24:-200"})
    engine.control(run_id, "me", "set", {"edits": "0:-2"})
    engine.control(run_id, "me", "step")
    change = next(event for event in wait(run_id, has("change")) if event["type"] == "change")
    assert change["value"] == [[3, 1.5], [24, -100.0], [0, -2.0]]  # inside their bounds


def test_the_light_worker_never_loads_tensorflow(engine):
    def loaded():
        return "tensorflow" in sys.modules or "keras" in sys.modules

    assert set(engine._cluster.client.run(
        loaded, workers=list(engine._cluster.workers("numpy"))).values()) == {False}
