"""The convolutional network's program: as declared, repeatable, and good enough by default."""

import math
import threading

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from core.catalogue import room
from core.data.images import Data
from core.insight import vision
from core.models import cnn
from core.params import to_text
from core.rooms.cnn import CNN, SHAPES, Block, Dense, outline

ROOM = room("cnn")

blocks = some.builds(
    Block, filters=some.integers(1, 6), kernel=some.sampled_from([1, 3, 5, 7]),
    pool=some.sampled_from(["max", "average", "none"]), batch_norm=some.booleans(),
    dropout=some.sampled_from([0.0, 0.5]))
dense = some.builds(Dense, units=some.integers(1, 9), dropout=some.sampled_from([0.0, 0.3]))
params = some.builds(
    CNN, dataset=some.sampled_from(sorted(SHAPES.keys() - {"own"})), optimizer=some.sampled_from(
        ["adam", "sgd", "rmsprop"]), architecture=some.sampled_from(["blocks", "resnet"]),
    blocks=some.lists(blocks, max_size=5).map(tuple),
    dense=some.lists(dense, max_size=3).map(tuple))


def blank(shape: tuple[int, int, int]) -> Data:
    x, y = np.zeros((1, *shape), np.float32), np.zeros(1, int)
    return Data(x, y, x, y, x, y, tuple("0123456789"))


@given(params)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_keras_builds_what_the_outline_says(params):
    told = outline(params)
    if told.problem:
        with pytest.raises(ValueError, match=r"Negative dimension|Computed output size"):
            cnn.build(params, blank(SHAPES[params.dataset]))
        return
    model = cnn.build(params, blank(SHAPES[params.dataset]))
    assert [layer.name for layer in model.layers] == [layer.name for layer in told.layers]
    for layer, declared in zip(model.layers, told.layers):
        shape = layer.output.shape[1:]
        assert (layer.name, shape) == (declared.name, declared.shape)
        assert layer.count_params() == declared.parameters
        assert vision.KINDS[type(layer).__name__] == declared.kind
    assert model.count_params() == told.parameters


SMALL = CNN(epochs=2, blocks=(Block(filters=8, batch_norm=True, dropout=0.2),),
            dense=(Dense(units=16, dropout=0.3),))


def history(callbacks=(), params=SMALL) -> tuple[dict, dict]:
    data = cnn.load(params)
    model = cnn.build(params, data)
    return cnn.train(params, model, data, callbacks).history, cnn.score(params, model, data)


@pytest.fixture(scope="module")
def usual() -> tuple[dict, dict]:
    return history()


def test_the_same_seed_gives_the_same_run(usual):
    assert history() == usual


def test_another_seed_gives_another_run(usual):
    assert history(params=SMALL.model_copy(update={"seed": 2})) != usual


def test_what_happens_beside_a_run_does_not_change_it(usual):
    class Beside(keras.callbacks.Callback):
        """Another thread builds networks and asks this one, as long as it trains."""

        answers = 0

        def on_train_begin(self, logs=None):
            self.over = threading.Event()
            self.thread = threading.Thread(target=self.disturb)
            self.thread.start()

        def disturb(self):
            context = {"room": "cnn", "dataset": "digits", "params": to_text(SMALL),
                       "classes": list("0123456789")}
            while not self.over.is_set():
                other = cnn.build(SMALL, cnn.load(SMALL))
                other.predict(np.zeros((2, 8, 8, 1)), verbose=0)
                for index in range(20):
                    vision.maps(self.model, context, index=index)
                    Beside.answers += 1

        def on_train_end(self, logs=None):
            self.over.set()
            self.thread.join()

    assert history([Beside()]) == usual
    assert Beside.answers > 0


def test_one_more_layer_leaves_the_others_where_they_start():
    bigger = SMALL.model_copy(update={"dense": (Dense(units=16), Dense(units=8))})
    data = cnn.load(SMALL)
    one, two = cnn.build(SMALL, data), cnn.build(bigger, data)
    for name in ("conv1", "dense1"):
        assert np.array_equal(one.get_layer(name).kernel, two.get_layer(name).kernel)
    assert not np.array_equal(one.get_layer("conv1").kernel, one.get_layer("dense1").kernel)


def test_the_defaults_learn():
    history_, figures = history(params=CNN())
    assert history_["val_accuracy"][2] >= 0.95
    assert figures["test_accuracy"] >= 0.97


@pytest.mark.parametrize("seed", range(10))
def test_too_fast_breaks_at_once_whatever_it_starts_from(seed):
    preset = next(each for each in ROOM.presets if each.name == "too_fast")
    told, _ = history([keras.callbacks.TerminateOnNaN()],
                      CNN(**{**preset.values, "epochs": 1, "seed": seed}))
    assert not math.isfinite(told["loss"][-1])


@pytest.mark.parametrize("preset", ROOM.presets, ids=lambda preset: preset.name)
def test_every_preset_can_be_built(preset):
    chosen = CNN(**preset.values)
    assert not outline(chosen).problem
    cnn.build(chosen, blank(SHAPES[chosen.dataset]))
