"""The command line, as a person types it."""

import json
import subprocess
import sys

import pytest

from core.catalogue import ROOMS
from core.params import changed
from core.rooms.cnn import ROOM
from core.store import Store
from tests.server import ROOT

FAST = ["--set", "epochs=2", "--set", "blocks=4:3:max", "--set", "dense=8", "--set",
        "batch_size=64"]


@pytest.fixture
def core(home):
    """Run ``python -m core …`` with a home of its own."""

    def call(*words: str) -> subprocess.CompletedProcess:
        return subprocess.run([sys.executable, "-m", "core", *words], cwd=ROOT, text=True,
                              capture_output=True, timeout=240, check=False)

    return call


def test_list_names_the_rooms(core):
    assert json.loads(core("list", "--json").stdout) == [room.name for room in ROOMS if room.trains]


def test_the_same_seed_gives_the_same_figures_and_the_run_is_kept(core, home):
    first, second = (json.loads(core("run", "cnn", *FAST, "--seed", "7", "--json")
                                .stdout.splitlines()[-1]) for _ in range(2))
    assert first["metrics"] == second["metrics"]
    assert first["metrics"]["test_accuracy"] > 0.2 and first["steps_per_second"] > 0
    kept = Store(home).run(first["run_id"])
    assert (kept.state, kept.seed, kept.params["epochs"]) == ("finished", 7, "2")


def test_a_wrong_value_is_refused_in_a_line(core):
    answer = core("run", "cnn", "--set", "epochs=1000", "--set", "colour=red")
    assert answer.returncode == 2 and "Traceback" not in answer.stderr
    assert "epochs=1000" in answer.stderr and "colour=red" in answer.stderr


def test_a_run_that_breaks_says_why(core):
    too_fast = next(preset for preset in ROOM.presets if preset.name == "too_fast")
    values = changed(ROOM.params(**too_fast.values))
    settings = [word for name, text in values.items() for word in ("--set", f"{name}={text}")]
    answer = core("run", "cnn", *settings, "--json")
    assert answer.returncode == 1
    assert json.loads(answer.stdout.splitlines()[-1])["state"] == "failed"
    assert "smaller learning rate" in answer.stderr
