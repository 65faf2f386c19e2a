"""A run's events: numbered, ordered, bounded, exactly one end."""

import threading

from core.engine.run import KEPT_BATCHES, Run


def _run() -> Run:
    return Run("0" * 12, "cnn", None, "me", "")


def test_events_are_numbered_and_can_be_asked_for_from_anywhere():
    run = _run()
    for kind in ("begin", "batch", "epoch"):
        run.add({"type": kind})
    assert [event["seq"] for event in run.events()] == [1, 2, 3]
    assert [event["type"] for event in run.events(since=2)] == ["epoch"]
    assert run.events(since=3) == []


def test_nothing_comes_after_the_end():
    run = _run()
    run.add({"type": "end", "state": "stopped"})
    assert run.add({"type": "end", "state": "lost"}) is None
    assert run.state == "stopped" and len(run.events()) == 1


def test_a_long_run_keeps_every_epoch_and_thins_its_batches():
    run = _run()
    for step in range(3 * KEPT_BATCHES):
        run.add({"type": "batch", "step": step})
        if step % 100 == 99:
            run.add({"type": "epoch", "step": step})
    events = run.events()
    batches = [event for event in events if event["type"] == "batch"]
    assert len(batches) <= KEPT_BATCHES
    assert sum(event["type"] == "epoch" for event in events) == 3 * KEPT_BATCHES // 100
    assert [event["seq"] for event in events] == sorted(event["seq"] for event in events)
    assert batches[-1]["step"] == 3 * KEPT_BATCHES - 1


def test_listeners_hear_of_each_event_until_they_leave():
    run, heard = _run(), []
    leave = run.listen(lambda: heard.append(len(run.events())))
    run.add({"type": "begin"})
    leave()
    run.add({"type": "epoch"})
    assert heard == [1]


def test_a_waiting_run_keeps_only_its_newest_place():
    run = _run()
    for place in (3, 2, 1):
        run.add({"type": "state", "state": "queued", "place": place})
    run.add({"type": "state", "state": "starting"})
    assert [(event["seq"], event["state"]) for event in run.events()] == [
        (3, "queued"), (4, "starting")]


def test_of_the_frames_only_the_newest_is_kept_and_none_after_the_end():
    run = _run()
    for step in range(3):
        run.add({"type": "frame", "step": step})
        run.add({"type": "batch", "step": step})
    assert [event["step"] for event in run.events() if event["type"] == "frame"] == [2]
    run.add({"type": "end", "state": "finished"})
    assert [event["type"] for event in run.events()] == ["batch"] * 3 + ["end"]


def test_events_are_given_away_in_the_order_of_their_numbers():
    run, given = _run(), []
    run.keep = lambda event: given.append(event["seq"])
    threads = [threading.Thread(target=lambda: [run.add({"type": "batch"}) for _ in range(200)])
               for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert given == list(range(1, 801))
