"""The take-home program: one file that gives the same figures, far from this repository."""

import ast
import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.catalogue import room
from core.export import metrics_csv, program, program_of_run
from core.inlining import CannotInline, Inlined, Module
from core.params import to_text
from core.rooms.cnn import CNN, Block, Dense
from core.store import Kept
from core.training.recorder import Recorder
from core.training.session import Session

ROOM = room("cnn")
SMALL = CNN(epochs=3, blocks=(Block(filters=8, batch_norm=True, dropout=0.2),),
            dense=(Dense(units=16),))


def run(params: CNN, wishes: dict[int, tuple] | None = None) -> list[dict]:
    """Train as the app does; ``wishes`` are made at the first sign of life after a step."""
    events, left = [], dict(wishes or {})

    def send(event: dict) -> None:
        events.append(event)
        for step in [step for step in left if event["type"] == "batch" and event["step"] >= step]:
            recorder.wish(*left.pop(step))

    recorder = Recorder(send)
    events.append({"type": "end", **Session(ROOM, params, recorder).run()})
    return events


def kept(params: CNN) -> Kept:
    return Kept("0" * 12, "a run", "cnn", to_text(params), params.seed, "somebody", "finished", "",
                0.0, 1.0, {}, {"tensorflow-cpu": "2.21.0", "keras": "3.15.1"})


def last_line(text: str, folder: Path) -> dict:
    """Run a program where nothing of this project can be found."""
    file = folder / "program.py"
    file.write_text(text, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items()
                   if name != "PYTHONPATH" and not name.startswith("PERCEPTORIUM")}
    done = subprocess.run([sys.executable, "-P", "-W", "error::SyntaxWarning", str(file)],
                          cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_it_gives_the_figures_of_the_run(tmp_path):
    events = run(SMALL)
    text = program_of_run(kept(SMALL), events)
    assert "Replay" not in text
    assert last_line(text, tmp_path) == events[-1]["metrics"]


def test_it_does_what_the_visitor_did(tmp_path):
    events = run(SMALL, {20: ("set", {"learning_rate": 0.01}), 100: ("stop", None)})
    assert [event["name"] for event in events if event["type"] == "change"] == ["learning_rate"]
    assert events[-1]["state"] == "stopped"
    text = program_of_run(kept(SMALL), events)
    assert last_line(text, tmp_path) == events[-1]["metrics"]


def test_it_reads_like_a_file_somebody_wrote():
    params = CNN(optimizer="sgd", learning_rate=0.05, seed=7)
    text = program(ROOM, params, versions={"tensorflow-cpu": "2.21.0", "keras": "3.15.1"},
                   metrics={"test_accuracy": 0.98125})
    told = ast.get_docstring(ast.parse(text))
    assert told.startswith("Convolutional network")
    assert "pip install keras==3.15.1 numpy scikit-learn tensorflow-cpu==2.21.0" in told
    assert "test_accuracy 0.98125" in told
    assert 'optimizer="sgd",  # Optimizer (adam, sgd, rmsprop)' in text
    assert "learning_rate=0.05,  # Learning rate" in text
    assert "core." not in text
    assert "mnist" not in text.lower()
    assert "N_(" not in text
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.parametrize("preset", ROOM.presets, ids=lambda preset: preset.name)
def test_every_name_in_it_is_known(preset, tmp_path):
    file = tmp_path / "program.py"
    text = program(ROOM, CNN(**preset.values), changes=[(3, "learning_rate", 0.1)], stop_at=9)
    file.write_text(text, "utf-8")
    rules = ["--isolated", "--select", "E,F,I,W", "--line-length", "100"]
    found = subprocess.run([sys.executable, "-m", "ruff", "check", *rules, str(file)],
                           capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize(("line", "sentence"), [
    ("import core.layers as tools", "as a module or by another name"),
    ("from core.layers import seed_of as tools", "as a module or by another name"),
    ("from core.layers import tools", "does not define tools"),
])
def test_what_cannot_be_inlined_is_said(line, sentence):
    with pytest.raises(CannotInline, match=sentence):
        Inlined().use(Module("a model", line), {"tools"})


def test_two_things_of_one_name_are_noticed():
    inlined = Inlined()
    inlined.use(Module("one", "from numpy import dot"), {"dot"})
    with pytest.raises(CannotInline, match="stands for both"):
        inlined.use(Module("two", "from scipy import dot"), {"dot"})


def test_figures_as_csv():
    events = [
        {"type": "begin"},
        {"type": "epoch", "epoch": 1, "step": 75, "seconds": 0.5,
         "values": {"loss": 1.5, "val_loss": None}},
        {"type": "epoch", "epoch": 2, "step": 150, "seconds": 0.4,
         "values": {"loss": 0.25, "val_loss": 0.5}},
    ]
    assert list(csv.reader(io.StringIO(metrics_csv(events)))) == [
        ["epoch", "step", "loss", "val_loss", "seconds"],
        ["1", "75", "1.5", "", "0.5"],
        ["2", "150", "0.25", "0.5", "0.4"],
    ]
    assert metrics_csv([]).strip() == "epoch"
