"""When a grown trainer may be renewed."""

import threading

from core.engine.renewal import Renewal


def test_only_what_has_grown_and_is_idle_is_renewed():
    renewal = Renewal(above=100)
    renewal.measured("small", 100)
    renewal.measured("grown", 101)
    renewal.measured("busy", 200)
    assert renewal.take({"busy"}) == {"grown"} == renewal.renewing()
    assert renewal.take({"busy"}) == set()
    renewal.done("grown")
    assert renewal.renewing() == set()
    assert renewal.take(set()) == {"busy"}


def test_not_while_it_answers_and_answers_wait_for_it():
    renewal = Renewal(above=0)
    renewal.measured("trainer", 1)
    with renewal.answering(1):
        assert renewal.take(set()) == set()
    assert renewal.take(set()) == {"trainer"}
    entered = threading.Event()

    def ask():
        with renewal.answering(10):
            entered.set()

    thread = threading.Thread(target=ask)
    thread.start()
    assert not entered.is_set()
    renewal.done("trainer")
    thread.join(5)
    assert entered.is_set()
