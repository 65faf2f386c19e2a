"""The run on a page, where what the browser sends and what the server knows may disagree."""

from types import SimpleNamespace

import pytest

from core.catalogue import room
from core.ui import training

ROOM = room("cnn")
RUN = "0123456789ab"


@pytest.fixture
def page(monkeypatch):
    """A visit without a browser: what Streamlit keeps of it."""
    visit = SimpleNamespace(query_params={"run": RUN}, session_state={"cnn.run": RUN})
    monkeypatch.setattr(training, "st", visit)
    monkeypatch.setattr(training, "stop", lambda run_id: None)
    monkeypatch.setattr(training, "params_of", lambda room, run_id: object())
    monkeypatch.setattr(training.widgets, "in_link", lambda: {"epochs": "3"})
    return visit


def test_a_link_that_is_older_than_a_reset_does_not_bring_the_run_back(page):
    training._forget(ROOM)
    assert training.opened(ROOM) is None, "the run of the script that the click began"
    page.query_params["run"] = RUN  # the end of the run was told with the address of before
    assert training.opened(ROOM) is None
    assert page.query_params == {}


def test_whoever_names_the_run_later_gets_it(page):
    training._forget(ROOM)
    training.opened(ROOM)
    training.opened(ROOM)  # the browser has heard of the Reset
    page.query_params["run"] = RUN
    assert training.opened(ROOM) == RUN


def test_another_run_is_opened_at_once(page):
    training._forget(ROOM)
    training.opened(ROOM)
    page.query_params["run"] = "ba9876543210"
    assert training.opened(ROOM) == "ba9876543210"
