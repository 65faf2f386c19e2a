"""The take-home program of runs on own pictures, and of those with schedule and augmentation."""

import shutil

import numpy as np
import pytest

from core import own
from core.catalogue import room
from core.data.shipped import shipped
from core.export import program, program_of_run
from core.rooms.cnn import CNN, ON_FEATURES, Block
from core.settings import settings
from tests.test_export import kept, last_line, run

ROOM = room("cnn")


@pytest.fixture
def name(tmp_path, monkeypatch):
    """Own pictures: dark ones and bright ones."""
    monkeypatch.setenv("PERCEPTORIUM_HOME", str(tmp_path / "home"))
    settings.cache_clear()
    y = np.arange(30) % 2
    x = np.random.default_rng(0).integers(0, 90, (30, 32, 32, 3)) + 150 * y[:, None, None, None]
    np.savez(tmp_path / "read.npz", x=x.astype(np.uint8), y=y, names=np.array(["dark", "bright"]))
    yield own.keep(tmp_path / "read.npz", {"classes": {"dark": 15, "bright": 15}, "count": 30})
    settings.cache_clear()


def test_schedule_augmentation_l2_and_early_stopping_give_the_same_figures(tmp_path):
    params = CNN(epochs=30, blocks=(Block(filters=6, batch_norm=True),), dense=(), warmup=1,
                 schedule="cosine", l2=0.001, shift=0.1, turn=10, patience=1, learning_rate=0.03)
    events = run(params, {40: ("set", {"learning_rate": 0.05})})
    assert events[-1]["reason"] == "early"
    assert [event["name"] for event in events if event["type"] == "change"] == ["learning_rate"]
    assert last_line(program_of_run(kept(params), events), tmp_path) == events[-1]["metrics"]


def test_own_pictures_on_features_give_the_same_figures(name, tmp_path):
    params = CNN(**{**ON_FEATURES, "epochs": 3, "dataset": "own", "own": name})
    events = run(params)
    (tmp_path / f"{name}.npz").write_bytes(own.content(name))
    for each in ROOM.beside(params):
        shutil.copy(shipped(each), tmp_path)
    text = program_of_run(kept(params), events)
    assert "digits" not in text and "core." not in text
    assert last_line(text, tmp_path) == events[-1]["metrics"]


def test_a_program_on_digits_says_nothing_of_own_data():
    text = program(ROOM, CNN())
    assert "arrays(" not in text and "own_pictures" not in text and 'own="' not in text
