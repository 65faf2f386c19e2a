"""«I don't know»: calibration, and what no shipped network takes for something it has learned."""

import json
from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from scipy.spatial.distance import mahalanobis

from benchmarks.strokes import drawings, scribbles
from core.catalogue import room
from core.data import sources
from core.data.images import fashion, mnist
from core.insight import trust, vision
from core.insight.points import packed

FOLDER = Path(__file__).parent.parent / "assets" / "weights" / "cnn"
NAMES = [weights.name for weights in room("cnn").weights]


def shipped(name: str) -> tuple[keras.Model, dict]:
    card = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return keras.models.load_model(FOLDER / f"{name}.keras", compile=False), card


def scores(count: int = 20_000) -> np.ndarray:
    return np.random.default_rng(0).normal(0, 3, (count, 5))


def softmax(values: np.ndarray) -> np.ndarray:
    powers = np.exp(values)
    return powers / powers.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("heat", [0.5, 1, 2.5])
def test_the_temperature_is_found_again(heat):
    true = softmax(scores())
    chance = np.random.default_rng(1).random((len(true), 1))
    labels = (true.cumsum(axis=1) < chance).sum(axis=1)
    said = softmax(scores() * heat)  # too sure by this factor
    found = trust.best_temperature(said, labels)
    assert found == pytest.approx(heat, rel=0.05)
    before, after = (trust.calibration_error(each, labels)
                     for each in (said, trust.tempered(said, found)))
    assert after < 0.015
    assert heat == 1 or before > 0.1


def test_without_a_wrong_answer_probabilities_stay():
    said = softmax(scores(100))
    assert trust.best_temperature(said, said.argmax(axis=1)) == 1
    assert trust.tempered(said, 1.0) == pytest.approx(said)


def test_what_points_nowhere_is_unknown():
    directions = np.eye(3, 8, dtype=np.float32)
    known = {"temperature": 1.0, "least": 0.9, "most": 3.0, "centre": packed(np.ones(8)),
             "means": packed(1 + 5 * directions), "whitening": packed(np.eye(8))}
    features = np.ones(8) + np.stack([directions[1] * 5, -directions[1] * 5, np.zeros(8),
                                      directions[1] * 9])
    _, unknown = trust.judge(known, features, np.full((4, 3), 1 / 3))
    assert unknown.tolist() == [False, True, True, True]  # the last is in the direction, too far


def test_the_distance_is_mahalanobis():
    rng = np.random.default_rng(0)
    mixed = rng.normal(size=(5000, 4)) @ rng.normal(size=(4, 4))
    known = {"centre": packed(np.zeros(4)), "means": packed(np.ones((1, 4))),
             "whitening": packed(trust.whitening(mixed))}
    _, far = trust.nearness(known, mixed[:20])
    inverse = np.linalg.inv(mixed.T @ mixed / len(mixed))
    assert far == pytest.approx([mahalanobis(row, np.ones(4), inverse) for row in mixed[:20]],
                                rel=0.05)


def test_both_limits_together_accept_as_many_as_they_should():
    rng = np.random.default_rng(0)
    near, far = rng.random(10_000), rng.random(10_000)
    least, most = trust.limits(near, far)
    assert np.mean((near >= least) & (far <= most)) == pytest.approx(trust.ACCEPTED, abs=0.002)
    assert np.mean(near < least) == pytest.approx(np.mean(far > most), abs=0.002)


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_network_can_say_that_it_does_not_know(name):
    model, card = shipped(name)
    known, figures = card["trust"], card["metrics"]
    assert 0.2 < known["temperature"] < 5
    assert 0.93 <= figures["test_known"] <= 0.97
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    answer = vision.classify(model, card, image=noise, kind="photo")
    assert isinstance(answer["unknown"], bool)
    assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("name", ["digits", "mnist"])
def test_scribbles_are_no_digits_and_an_empty_pad_is_nothing(name):
    model, card = shipped(name)
    unknown = [vision.classify(model, card, image=image, kind="drawing")["unknown"]
               for image in scribbles(90, seed=3)]
    assert np.mean(unknown) >= 0.8
    assert vision.classify(model, card, image=np.zeros((280, 280), np.uint8),
                           kind="drawing")["blank"]
    known = [not vision.classify(model, card, image=image, kind="drawing")["unknown"]
             for image, _ in drawings(9, seed=3)]
    assert np.mean(known) >= {"digits": 0.8, "mnist": 0.9}[name]


@pytest.mark.data
def test_clothes_are_no_digits(data_folder, tmp_path, monkeypatch):
    folders = SimpleNamespace(data=data_folder, cache=tmp_path)
    monkeypatch.setattr(sources, "settings", lambda: folders)
    model, card = shipped("mnist")
    known, (digits, clothes) = card["trust"], (trust.seen(model, data.x_test)[0]
                                               for data in (mnist(), fashion()))
    least, most = trust.limits(*trust.nearness(known, digits))
    near, far = trust.nearness(known, clothes)
    assert np.mean((near >= least) & (far <= most)) <= 0.05
    assert np.mean((near >= known["least"]) & (far <= known["most"])) == pytest.approx(
        card["metrics"]["strangers_known"], abs=0.001)
