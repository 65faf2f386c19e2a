"""The queue: turns between visitors, limits, places."""

from hypothesis import given
from hypothesis import strategies as st

from core.engine.queue import FairQueue


def test_visitors_take_turns_however_many_runs_one_of_them_queues():
    queue = FairQueue(at_once=1)
    for run in ("a1", "a2", "a3"):
        queue.add(run, "a")
    queue.add("b1", "b")
    assert queue.order() == ["a1", "b1", "a2", "a3"]
    assert [queue.pop({}) for _ in range(4)] == ["a1", "b1", "a2", "a3"]
    assert queue.pop({}) is None


def test_a_visitor_who_trains_already_lets_others_pass():
    queue = FairQueue(at_once=1)
    queue.add("a1", "a")
    queue.add("b1", "b")
    assert queue.pop({"a": 1}) == "b1"
    assert queue.pop({"a": 1}) is None
    assert queue.pop({}) == "a1"


def test_a_run_can_leave_the_queue():
    queue = FairQueue(at_once=1)
    queue.add("a1", "a")
    queue.add("a2", "a")
    assert queue.remove("a1") and not queue.remove("a1")
    assert queue.order() == ["a2"] and queue.waiting("a") == 1


def test_a_series_takes_one_place_and_others_have_their_turns_between_its_runs():
    queue = FairQueue(at_once=1)
    for run in ("a1", "a2", "a3"):
        queue.add(run, "a", "sweep")
    queue.add("b1", "b")
    queue.add("a4", "a")
    assert queue.waiting("a") == 2
    assert queue.order() == ["a1", "b1", "a2", "a3", "a4"]
    assert queue.pop({}) == "a1" and queue.waiting("a") == 2
    assert [queue.pop({"a": 1}), queue.pop({"a": 1})] == ["b1", None]
    assert queue.remove("a2") and queue.remove("a3") and queue.waiting("a") == 1


@given(st.lists(st.sampled_from("abcd"), max_size=30))
def test_the_places_that_are_shown_are_the_order_in_which_runs_are_taken(visitors):
    queue = FairQueue(at_once=1)
    for number, visitor in enumerate(visitors):
        queue.add(f"{visitor}{number}", visitor)
    promised = queue.order()
    assert len(promised) == len(queue) == len(visitors)
    assert [queue.pop({}) for _ in promised] == promised
