"""How the convolutional network is trained: schedules, L2, augmentation, early stopping, own
pictures, and the features of a network that is trained already."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf

from core import own
from core.catalogue import room
from core.data.images import Data
from core.errors import VisitorError
from core.layers import rates
from core.layers.augmentation import augmented
from core.models import cnn
from core.params import from_text, to_text
from core.rooms.cnn import CNN, Block, outline
from core.settings import settings
from core.training.keras_recorder import copied, pack_model
from core.training.recorder import Recorder
from core.training.session import Session

ROOM = room("cnn")
SMALL = CNN(epochs=2, blocks=(Block(filters=6, batch_norm=True),), dense=())


class Rates(keras.callbacks.Callback):
    """Notes the learning rate of every step; sets it after one, as a visitor does."""

    def __init__(self, by_hand=None):
        super().__init__()
        self.seen, self.by_hand = [], by_hand or {}

    def on_train_batch_end(self, batch, logs=None):
        self.seen.append(float(self.model.optimizer.learning_rate))
        if len(self.seen) in self.by_hand:
            self.model.optimizer.learning_rate = self.by_hand[len(self.seen)]


def few(shape=(8, 8, 1), count=40, classes=2) -> Data:
    random = np.random.default_rng(0)
    x, y = random.random((count, *shape), np.float32), np.arange(count) % classes
    return Data(x, y, x[:20], y[:20], x[:20], y[:20], tuple("abcdefghij"[:classes]))


def rates_of(params: CNN, by_hand=None) -> list[float]:
    data = few()
    watcher = Rates(by_hand)
    cnn.train(params, cnn.build(params, data), data, [watcher])
    return watcher.seen


def near(values: list[float]):
    return pytest.approx(values, rel=1e-5, abs=1e-9)


# Schedules: 40 pictures in batches of 5 are 8 steps an epoch

USUAL = {"learning_rate": 0.01, "batch_size": 5, "blocks": (), "dense": ()}


def test_a_cosine_falls_to_zero():
    seen = rates_of(CNN(**USUAL, epochs=2, schedule="cosine"))
    assert seen == near([0.01 * (1 + math.cos(math.pi * step / 16)) / 2 for step in range(16)])


def test_steps_are_a_tenth_and_a_hundredth():
    seen = rates_of(CNN(**USUAL, epochs=2, schedule="step"))
    assert seen == near([0.01] * 8 + [0.001] * 4 + [0.0001] * 4)


def test_a_warm_up_climbs_and_then_the_schedule_begins():
    seen = rates_of(CNN(**USUAL, epochs=3, schedule="cosine", warmup=1))
    assert seen[:8] == near([0.01 * step / 8 for step in range(1, 9)])
    assert seen[8:] == near([0.01 * (1 + math.cos(math.pi * step / 16)) / 2 for step in range(16)])


def test_a_rate_set_by_hand_is_what_the_schedule_goes_on_from():
    seen = rates_of(CNN(**USUAL, epochs=2, schedule="step"), {4: 0.05})
    assert seen == near([0.01] * 4 + [0.05] * 4 + [0.005] * 4 + [0.0005] * 4)


def test_without_a_schedule_nothing_touches_the_rate():
    assert rates_of(CNN(**USUAL, epochs=1), {4: 0.05}) == near([0.01] * 4 + [0.05] * 4)
    assert rates.share("constant", 5, 10, 0) == 1


# L2

def test_l2_adds_the_squares_of_all_weights_to_the_loss():
    data = few()
    plain, held = (cnn.build(SMALL.model_copy(update={"l2": l2}), data) for l2 in (0.0, 0.01))
    squares = sum(float(tf.reduce_sum(layer.kernel**2)) for layer in held.layers
                  if hasattr(layer, "kernel"))
    losses = [model.evaluate(data.x_val, data.y_val, verbose=0)[0] for model in (plain, held)]
    assert losses[1] - losses[0] == pytest.approx(0.01 * squares, rel=1e-4)


# Augmentation

def picture(side=8, channels=1) -> np.ndarray:
    values = np.zeros((1, side, side, channels), np.float32)
    values[0, 2, 3] = 1
    return values


def moved(pictures, number=1, **how) -> np.ndarray:
    usual = {"shift": 0.0, "turn": 0.0, "zoom": 0.0, "flip": False}
    return augmented(tf.constant(pictures), number, 7, **{**usual, **how}).numpy()


def test_nothing_asked_changes_nothing():
    values = np.random.default_rng(1).random((5, 8, 8, 3), np.float32)
    np.testing.assert_allclose(moved(values), values, atol=1e-6)


def test_a_flip_mirrors_about_half_of_the_pictures():
    values = np.random.default_rng(1).random((200, 8, 8, 1), np.float32)
    seen = moved(values, flip=True)
    same = np.isclose(seen, values, atol=1e-5).all(axis=(1, 2, 3))
    mirrored = np.isclose(seen, values[:, :, ::-1], atol=1e-5).all(axis=(1, 2, 3))
    assert (same ^ mirrored).all() and 70 <= mirrored.sum() <= 130


def test_a_shift_stays_within_its_bound_and_moves():
    spots = moved(np.repeat(picture(16), 100, axis=0), shift=0.25)[..., 0]
    rows, columns = (np.tensordot(spots, np.arange(16), axes=(axis, 0)).sum(axis=1) / np.maximum(
        spots.sum(axis=(1, 2)), 1e-6) for axis in (1, 2))
    whole = spots.sum(axis=(1, 2)) > 0.99
    assert (abs(rows - 2)[whole] <= 4.01).all() and (abs(columns - 3)[whole] <= 4.01).all()
    assert np.std(rows[whole]) > 0.5 and np.std(columns[whole]) > 0.5


def test_a_turn_is_the_same_as_scipy_s():
    from scipy import ndimage

    values = ndimage.gaussian_filter(np.random.default_rng(2).random((15, 15)), 2)
    values[[0, 1, -1, -2]] = values[:, [0, 1, -1, -2]] = 0
    seen = moved(values[None, ..., None].astype(np.float32), turn=40)[0, ..., 0]
    draw = tf.random.stateless_uniform((5, 1), [7, 1], -1, 1)[2, 0].numpy()
    turned = ndimage.rotate(values, -40 * draw, reshape=False, order=1)
    middle = np.s_[4:11, 4:11]
    np.testing.assert_allclose(seen[middle], turned[middle], atol=0.01)


def test_the_same_number_gives_the_same_pictures_and_another_one_others():
    values = np.random.default_rng(1).random((5, 8, 8, 1), np.float32)
    how = {"shift": 0.2, "turn": 20, "zoom": 0.2, "flip": True}
    assert np.array_equal(moved(values, 3, **how), moved(values, 3, **how))
    assert not np.array_equal(moved(values, 3, **how), moved(values, 4, **how))


def test_every_epoch_sees_other_pictures_and_every_run_the_same():
    params = SMALL.model_copy(update={"shift": 0.2})
    data = few()

    def epochs() -> list[np.ndarray]:
        batches = cnn.batches(params, data.x_train, data.y_train)
        return [np.sort(np.concatenate([x for x, _ in batches]).sum(axis=(1, 2, 3)))
                for _ in range(2)]

    one, two = epochs(), epochs()
    assert np.array_equal(one, two)
    assert not np.allclose(one[0], one[1])


def test_a_moved_run_is_repeatable():
    params = SMALL.model_copy(update={"turn": 10, "zoom": 0.1, "schedule": "cosine",
                                      "warmup": 1, "l2": 0.001})

    def run() -> dict:
        data = cnn.load(params)
        model = cnn.build(params, data)
        cnn.train(params, model, data)
        return cnn.score(params, model, data)

    assert run() == run()


# Early stopping

def test_early_stopping_is_an_ordinary_end_and_keeps_the_best_epoch():
    params = SMALL.model_copy(update={"epochs": 60, "patience": 1, "learning_rate": 0.05})
    events = []
    session = Session(ROOM, params, Recorder(events.append))
    end = session.run()
    losses = [event["values"]["val_loss"] for event in events if event["type"] == "epoch"]
    assert (end["state"], end["reason"]) == ("finished", "early")
    assert "step" not in end, "nothing was stopped by hand: the program needs no replay"
    assert len(losses) < 60 and losses[-1] > min(losses)
    assert end["metrics"]["val_loss"] == pytest.approx(min(losses), rel=1e-3)
    assert max(session.snapshots) == len(losses), "the last epoch can be looked at, too"


# Own pictures, and the features of a network that is trained already

@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("PERCEPTORIUM_HOME", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def kept(folder, counts=(12, 15)) -> str:
    """Two classes of colour pictures: dark ones and bright ones."""
    y = np.repeat(np.arange(len(counts)), counts)
    noise = np.random.default_rng(0).integers(0, 60, (len(y), 32, 32, 3))
    names = ["dark", "bright", "third"][:len(counts)]
    path = folder / "read.npz"
    np.savez(path, x=(noise + 150 * (y == 1)[:, None, None, None]).astype(np.uint8), y=y,
             names=np.array(names))
    return own.keep(path, {"classes": dict(zip(names, counts)), "count": len(y)})


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """A network of 32×32×3 pictures in place of the shipped one."""
    params = CNN(dataset="own", architecture="resnet", dense=(),
                 blocks=(Block(filters=4, batch_norm=True),))
    file = tmp_path / "base.keras"
    cnn.build(params, few((32, 32, 3))).save(file)
    monkeypatch.setattr(cnn, "shipped", lambda name: file)


def test_own_pictures_are_split_class_by_class(home):
    data = cnn.load(CNN(dataset="own", own=kept(home)))
    assert data.class_names == ("dark", "bright")
    for x, y in ((data.x_val, data.y_val), (data.x_test, data.y_test)):
        assert np.bincount(y).tolist() == [2, 2] and x.dtype == np.float32
    assert np.bincount(data.y_train).tolist() == [8, 11] and data.x_train.dtype == np.uint8


def test_what_is_missing_of_own_pictures_is_said(home):
    assert "Bring your own" in outline(CNN(dataset="own")).problem
    params = CNN(dataset="own", own=kept(home, (12, 2)))
    told = outline(params)
    assert "bright" in told.problem.format(**told.problem_values)
    with pytest.raises(VisitorError, match="“bright” has 2 pictures"):
        cnn.load(params)


@pytest.mark.parametrize("architecture", ["blocks", "resnet"])
def test_the_outline_knows_own_classes(home, architecture):
    params = CNN(dataset="own", own=kept(home, (4, 4, 4)), architecture=architecture)
    model = cnn.build(params, cnn.load(params))
    assert outline(params).parameters == model.count_params()
    assert model.output_shape == (None, 3)


def test_features_need_colour_pictures():
    assert "CIFAR-10" in outline(CNN(architecture="pretrained")).problem
    assert not outline(CNN(architecture="pretrained", dataset="cifar10")).problem


@pytest.mark.parametrize("flip", [False, True])
def test_only_the_last_layers_learn_from_features(home, shipped, flip):
    params = CNN(dataset="own", own=kept(home), architecture="pretrained", dense=(), epochs=40,
                 learning_rate=0.3, flip=flip)
    data = cnn.load(params)
    model = cnn.build(params, data)
    before = [layer.get_weights() for layer in model.layers]
    figures = []
    for _ in range(2):
        model = cnn.build(params, data)
        cnn.train(params, model, data)
        figures.append(cnn.score(params, model, data))
    assert figures[0] == figures[1] and figures[0]["test_accuracy"] == 1
    after = [layer.get_weights() for layer in model.layers]
    changed = [layer.name for layer, one, two in zip(model.layers, before, after)
               if not all(map(np.array_equal, one, two))]
    assert changed == ["classes"]


def test_a_network_on_features_can_be_copied_and_kept(home, shipped, tmp_path):
    params = CNN(dataset="own", own=kept(home), architecture="pretrained", epochs=1)
    data = cnn.load(params)
    model = cnn.build(params, data)
    cnn.train(params, model, data)
    other = copied(model)
    other.set_weights(model.get_weights())
    (tmp_path / "kept.keras").write_bytes(pack_model(model))
    loaded = keras.models.load_model(tmp_path / "kept.keras", compile=False)
    for each in (other, loaded):
        np.testing.assert_array_equal(each.predict(data.x_val, verbose=0),
                                      model.predict(data.x_val, verbose=0))


def test_new_hyperparameters_change_nothing_by_themselves():
    old = {name: text for name, text in to_text(CNN()).items() if name not in (
        "schedule", "warmup", "patience", "l2", "shift", "turn", "zoom", "flip", "own")}
    assert from_text(CNN, old) == (CNN(), [])
