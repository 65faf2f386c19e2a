"""The engine with real workers: runs, wishes, queue, questions, losses."""

import os
import signal

import numpy as np
import pytest

from core.engine import EngineError, end_says
from core.rooms.cnn import CNN, ROOM, Block, Dense

SMALL = CNN(blocks=(Block(filters=4, dropout=0.25),), dense=(Dense(units=8),), epochs=2,
            batch_size=64)
LONG = SMALL.model_copy(update={"epochs": 100})


def of(events, kind):
    return [event for event in events if event["type"] == kind]


def has(kind, count=1):
    return lambda events: len(of(events, kind)) >= count


def test_a_run_tells_its_whole_story(engine, wait):
    run_id = engine.start("cnn", SMALL, "me")
    events = wait(run_id)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    kinds = [event["type"] for event in events]
    assert kinds.count("begin") == kinds.count("end") == 1
    assert [event["epoch"] for event in of(events, "epoch")] == [1, 2]
    assert [event["epoch"] for event in of(events, "snapshot")] == [1, 2]
    assert events[-1]["state"] == "finished"
    assert set(events[-1]["metrics"]) == {"val_loss", "val_accuracy", "test_loss", "test_accuracy"}
    assert end_says(events[-1]) == "Finished."


def test_questions_beside_a_training_do_not_change_its_numbers(engine, wait):
    alone = wait(engine.start("cnn", SMALL, "me"))
    run_id = engine.start("cnn", SMALL, "me")
    wait(run_id, has("batch"))
    image = np.zeros((64, 64), np.uint8)
    image[10:54, 28:36] = 255
    while engine.run(run_id).state == "running":
        for ref in (f"run:{run_id}", "weights:digits", f"run:{run_id}@1"):
            answer = engine.ask("cnn", ref, "classify", {"image": image, "kind": "drawing"})
            assert len(answer["probabilities"]) == 10
    asked = wait(run_id)
    assert asked[-1]["metrics"] == alone[-1]["metrics"]
    assert [event["values"] for event in of(asked, "epoch")] == [
        event["values"] for event in of(alone, "epoch")]


def test_pause_step_change_resume_stop(engine, wait):
    run_id = engine.start("cnn", LONG, "me")
    wait(run_id, has("batch"))
    engine.control(run_id, "me", "pause")
    paused = wait(run_id, lambda events: engine.run(run_id).state == "paused")
    step = of(paused, "state")[-1]["step"]
    engine.control(run_id, "me", "step")
    wait(run_id, lambda events: of(events, "state")[-1].get("step") == step + 1
         and of(events, "state")[-1]["state"] == "paused")
    epochs = len(of(engine.events(run_id), "epoch"))
    engine.control(run_id, "me", "step_epoch")
    wait(run_id, lambda events: len(of(events, "epoch")) == epochs + 1
         and engine.run(run_id).state == "paused")
    engine.control(run_id, "me", "set", {"learning_rate": 0.0123, "epochs": 7})
    engine.control(run_id, "me", "resume")
    changed = wait(run_id, has("change"))
    assert [(event["name"], event["value"]) for event in of(changed, "change")] == [
        ("learning_rate", 0.0123)]
    engine.control(run_id, "me", "stop")
    end = wait(run_id)[-1]
    assert end["state"] == "stopped" and "test_accuracy" in end["metrics"]
    assert engine.models.load("cnn", f"run:{run_id}")["model"]


def test_only_its_own_visitor_controls_a_run(engine, wait):
    run_id = engine.start("cnn", LONG, "me")
    wait(run_id, has("batch"))
    with pytest.raises(EngineError, match="somebody else"):
        engine.control(run_id, "you", "stop")
    assert engine.run(run_id).state == "running"


def test_visitors_take_turns_and_see_their_place(engine, wait):
    first = engine.start("cnn", LONG, "me")
    mine = engine.start("cnn", SMALL, "me")
    yours = engine.start("cnn", SMALL, "you")
    assert engine.run(mine).last("state")["place"] == 1
    assert engine.run(yours).last("state")["place"] == 2
    engine.control(mine, "me", "stop")
    assert wait(mine)[-1]["reason"] == "unstarted"
    assert engine.run(yours).last("state")["place"] == 1
    engine.control(first, "me", "stop")
    assert wait(yours)[-1]["state"] == "finished"


def test_a_visitor_may_not_fill_the_queue(engine):
    runs = [engine.start("cnn", LONG, "me") for _ in range(4)]  # one trains, three wait
    with pytest.raises(EngineError, match="waiting already"):
        engine.start("cnn", LONG, "me")
    for run_id in runs:
        engine.control(run_id, "me", "stop")


def test_a_loss_that_is_no_number_is_explained_with_a_way_out(engine, wait):
    too_fast = next(preset for preset in ROOM.presets if preset.name == "too_fast")
    broken = CNN(**too_fast.values)
    end = wait(engine.start("cnn", broken, "me"))[-1]
    assert (end["state"], end["reason"]) == ("failed", "not_a_number")
    assert end["suggestion"] == {"learning_rate": 0.01}
    assert "smaller learning rate" in end_says(end)


def test_workers_keep_the_memory_that_the_next_step_needs_again(engine):
    told = engine._cluster.client.run(os.getenv, "MALLOC_TRIM_THRESHOLD_")
    assert len(told) == 2 and set(told.values()) == {os.environ.get("MALLOC_TRIM_THRESHOLD_")}


def test_a_killed_trainer_ends_its_run_as_lost_and_the_next_one_trains(engine, wait):
    run_id = engine.start("cnn", LONG, "me")
    wait(run_id, has("batch"))
    pids = engine._cluster.client.run(os.getpid, workers=[engine.run(run_id).worker])
    os.kill(next(iter(pids.values())), signal.SIGKILL)
    end = wait(run_id)[-1]
    assert (end["state"], end["reason"]) == ("lost", "killed")
    assert wait(engine.start("cnn", SMALL, "me"))[-1]["state"] == "finished"


def test_the_store_has_the_run_with_its_model_and_events(engine, wait):
    run_id = engine.start("cnn", SMALL, "me", name="kept")
    events = wait(run_id)
    engine._keeper.settle()  # all earlier writing is done
    kept = engine.store.run(run_id)
    assert (kept.state, kept.room, kept.owner, kept.name) == ("finished", "cnn", "me", "kept")
    assert engine.store.events(run_id) == events
    assert engine.store.model(run_id) and engine.store.snapshots(run_id) == [1, 2]


def test_what_nobody_knows_is_refused_in_a_sentence(engine):
    for room, ref, what in (("cnn", "run:0123456789ab", "classify"),
                            ("cnn", "weights:../secret", "classify"),
                            ("cnn", "weights:digits", "explode")):
        with pytest.raises(EngineError):
            engine.ask(room, ref, what, {})
