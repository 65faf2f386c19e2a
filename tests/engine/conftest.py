"""One engine with its real workers for all tests of this folder."""

import time

import pytest

from core import catalogue
from core.engine import FINAL, Engine
from core.settings import Settings
from core.store import Store
from tests.engine import line_room


@pytest.fixture(scope="session")
def engine(tmp_path_factory):
    home = tmp_path_factory.mktemp("engine")
    engine = Engine(Settings(home=home), Store(home))
    engine.open()
    yield engine
    engine.close()


@pytest.fixture
def wait(engine):
    """Wait until a run's events meet a condition (by default: until it ends); returns them."""

    def until(run_id, condition=lambda events: events[-1]["type"] == "end", seconds=90):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            events = engine.events(run_id)
            if events and condition(events):
                return events
            time.sleep(0.02)
        raise AssertionError(f"never came: {engine.events(run_id)[-3:]}")

    return until


@pytest.fixture
def line(engine, monkeypatch):
    """The room of a straight line is known here and in the light worker."""
    monkeypatch.setattr(catalogue, "ROOMS", (*catalogue.ROOMS, line_room.ROOM))
    engine._cluster.client.run(line_room.install, workers=list(engine._cluster.workers("numpy")))


@pytest.fixture(autouse=True)
def nothing_left_running(engine, line):
    """Each test begins and ends with free trainers."""
    yield
    for run in engine.in_progress():
        engine.control(run.run_id, run.owner, "stop")
    deadline = time.monotonic() + 60
    while engine.in_progress() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert all(run.state in FINAL for run in engine.in_progress())
