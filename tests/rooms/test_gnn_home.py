"""The take-home program of a graph neural network gives the figures of the run."""

import numpy as np
import pytest

from core import own
from core.catalogue import room
from core.data.graphfiles import read
from core.export import program, program_of_run
from core.params import to_text
from core.rooms.gnn import GNN
from core.settings import settings
from core.store import Kept
from core.training.recorder import Recorder
from core.training.session import Session
from tests.test_export import last_line

ROOM = room("gnn")


def run(params: GNN) -> list[dict]:
    events = []
    events.append({"type": "end", **Session(ROOM, params, Recorder(events.append)).run()})
    return events


def kept(params: GNN) -> Kept:
    return Kept("0" * 12, "a run", "gnn", to_text(params), params.seed, "somebody", "finished", "",
                0.0, 1.0, {}, {"tensorflow-cpu": "2.21.0", "keras": "3.15.1"})


@pytest.mark.parametrize("params", [
    GNN(epochs=8), GNN(dataset="blocks", layer="gat", epochs=4, patience=3),
    GNN(dataset="chance", layer="gin", epochs=4)], ids=lambda params: params.layer)
def test_it_gives_the_figures_of_the_run(params, tmp_path):
    events = run(params)
    assert last_line(program_of_run(kept(params), events), tmp_path) == events[-1]["metrics"]


def test_with_a_graph_of_one_s_own(tmp_path, home):
    settings.cache_clear()
    words = "\n".join([*(f"n{i},n{i + 1}" for i in range(9)),
                       *(f"n{i},,{'ab'[i > 4]}" for i in range(10))])
    (tmp_path / "list.csv").write_text(words)
    told = read(str(tmp_path / "list.csv"), str(tmp_path / "read.npz"))
    name = own.keep(tmp_path / "read.npz", told)
    (tmp_path / f"{name}.npz").write_bytes(own.content(name))
    params = GNN(dataset="own", own=name, epochs=4)
    events = run(params)
    assert np.isfinite(events[-1]["metrics"]["test_loss"])
    assert last_line(program_of_run(kept(params), events), tmp_path) == events[-1]["metrics"]
    settings.cache_clear()


def test_it_carries_only_what_the_run_used():
    text = program(ROOM, GNN(layer="sage"))
    assert "class GraphSAGE" in text and "MEETINGS" in text
    assert "GraphAttention" not in text and "cora" not in text.lower().split('"""', 2)[2]


@pytest.mark.parametrize("preset", ROOM.presets, ids=lambda preset: preset.name)
def test_every_name_in_it_is_known(preset, tmp_path):
    import subprocess
    import sys

    file = tmp_path / "program.py"
    file.write_text(program(ROOM, GNN(**preset.values)), "utf-8")
    rules = ["--isolated", "--select", "E,F,I,W", "--line-length", "100"]
    found = subprocess.run([sys.executable, "-m", "ruff", "check", *rules, str(file)],
                           capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout
