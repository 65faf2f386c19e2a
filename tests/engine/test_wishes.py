"""Races: wishes before a run has a worker, ends that cross each other, runs that are deleted."""

import threading

import pytest

from core.engine import EngineError
from tests.engine import line_room
from tests.engine.line_room import Line
from tests.engine.museum import has, museum, until

ENDLESS = Line(epochs=1_000_000)


def kinds(events, kind):
    return [event for event in events if event["type"] == kind]


def test_what_is_wished_in_the_queue_is_not_lost_and_costs_no_place(engine, wait):
    first = engine.start("line", ENDLESS, "me")
    second, third = engine.start("line", ENDLESS, "me"), engine.start("line", ENDLESS, "me")
    engine.control(second, "me", "set", {"learning_rate": 0.7})
    engine.control(second, "me", "pause")
    assert engine.run(second).last("state")["place"] == 1
    assert [run.run_id for run in engine.in_progress()] == [first, second, third]
    engine.control(third, "me", "stop")
    engine.control(first, "me", "stop")
    wait(second, lambda events: engine.run(second).state == "paused")
    engine.control(second, "me", "stop")
    assert wait(second)[-1]["state"] == "stopped"


def test_wishes_reach_a_run_in_the_order_in_which_they_were_made(engine, wait):
    run_id = engine.start("line", ENDLESS, "me")  # perhaps before it has a worker
    for number in range(1, 31):
        engine.control(run_id, "me", "set", {"learning_rate": number / 100})
    events = wait(run_id, lambda events: (kinds(events, "change") or [{}])[-1].get("value") == 0.3)
    values = [event["value"] for event in kinds(events, "change")]
    assert values == sorted(values)


def test_a_stop_right_after_the_start_is_obeyed(engine, wait):
    for _ in range(10):
        run_id = engine.start("line", ENDLESS, "me")
        engine.control(run_id, "me", "stop")
        assert wait(run_id)[-1]["state"] == "stopped"


def test_no_event_is_lost_between_the_last_step_and_the_end(engine, wait):
    for _ in range(20):
        events = wait(engine.start("line", Line(epochs=30), "me"))
        assert [event["type"] for event in events].count("end") == 1
        assert kinds(events, "epoch")[-1]["epoch"] == 30
        assert kinds(events, "snapshot")[-1]["epoch"] == 30


def test_many_visitors_at_once_leave_nothing_behind(engine, wait):
    started, refused = [], []

    def visit(name: str) -> None:
        for _ in range(5):
            try:
                run_id = engine.start("line", Line(epochs=5), name)
            except EngineError:
                refused.append(name)
                continue
            started.append(run_id)

    threads = [threading.Thread(target=visit, args=(f"visitor {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until(lambda: not engine.in_progress(), "all are over")
    assert len(started) + len(refused) == 30 and len(started) >= 18
    lane = engine._lanes["numpy"]
    assert not lane.training and not len(lane.queue) and not lane.queue._series
    until(lambda: not any(engine._cluster.client.run(
        _sessions, workers=list(engine._cluster.workers("numpy"))).values()), "no session is left")


def _sessions() -> int:
    from core.engine import trainer

    return len(trainer._sessions)


def test_a_run_in_progress_cannot_be_forgotten(engine, wait):
    run_id = engine.start("line", ENDLESS, "me")
    engine.forget(run_id)
    assert engine.run(run_id)
    engine.control(run_id, "me", "stop")
    wait(run_id)
    engine.forget(run_id)
    assert engine.run(run_id) is None


def test_a_reference_that_means_nothing_is_refused_in_a_sentence(engine):
    for ref in ("run:0123456789ab@x", "run:0123456789ab@-1", "file:/etc/passwd", ""):
        with pytest.raises(EngineError, match="not there yet"):
            engine.ask("cnn", ref, "classify", {})


@pytest.mark.parametrize(("room", "what"), [("", "classify"), ("magic", "classify"), ("cnn", "")])
def test_a_question_to_a_room_that_cannot_answer_is_refused_in_a_sentence(engine, room, what):
    with pytest.raises(EngineError, match="cannot answer that"):
        engine.ask(room, "weights:digits", what, {})


def test_closing_in_mid_run_ends_quietly_and_the_run_is_lost_at_the_next_start(
        tmp_path, caplog, monkeypatch):
    with museum(tmp_path) as own:
        own._cluster.client.run(line_room.install, workers=list(own._cluster.workers("numpy")))
        run_id = own.start("line", ENDLESS, "me")
        until(lambda: has(own, run_id, "batch"), "it trains")
    assert not [record for record in caplog.records if record.name.startswith("core")]
    assert own.run(run_id).state == "running"
    own.store.recover()
    assert own.store.run(run_id).state == "lost"
