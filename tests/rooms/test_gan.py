"""Generative adversarial networks: what is built, how the game goes, what is measured."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.insight.wish import FRAMES, KINDS, Wish, between, drawn
from core.layers.spread import Spread, divergence
from core.rooms.gan import PLANE, ROOM, SIDES, Gan

PRESETS = {each.name: each.values for each in ROOM.presets}
SMALL = PRESETS["eight"] | {"epochs": 1}


@pytest.fixture(scope="module")
def program():
    from core.models import gan

    return gan


@pytest.fixture(scope="module")
def trained(program):
    """A short game on digits: settings, model, data."""
    params = Gan(epochs=1)
    data = program.load(params)
    model = program.build(params, data)
    program.train(params, model, data)
    return params, model, data


class Shape:
    """As much of a data set as is needed to build a network."""

    def __init__(self, params: Gan):
        side, channels = SIDES.get(params.dataset, (0, 0))
        shape = (2,) if params.dataset in PLANE else (side, side, channels)
        self.x_train, self.class_names = np.zeros((1, *shape)), tuple("0123456789")


@pytest.mark.parametrize("name", PRESETS)
def test_the_outline_is_what_keras_builds(program, name):
    params = Gan(**PRESETS[name])
    model, outline = program.build(params, Shape(params)), ROOM.outline(params)
    assert [(layer.name, layer.shape) for layer in outline.layers] == [
        (layer.name, tuple(layer.output.shape[1:])) for layer in model.layers]
    assert outline.parameters == model.count_params()


def test_networks_of_the_articles_have_their_layers(program):
    def units(name, part):
        params = Gan(**PRESETS[name])
        model = program.build(params, Shape(params))
        return [each.units for each in model.layers if each.name.startswith(part)
                and hasattr(each, "units")]

    assert units("article0", "g_") == [256, 512, 784]
    assert units("article1", "g_") == [256, 512, 1024, 784]
    assert units("article1", "d_") == [512, 256, 1]
    assert units("article2", "g_") == [1024, 7 * 7 * 256]


def test_one_seed_gives_one_result(program, trained):
    params, _, data = trained
    again = program.build(params, data)
    program.train(params, again, data)
    assert program.score(params, again, data) == program.score(params, trained[1], data)


@pytest.mark.parametrize("loss", ["gan", "lsgan", "wgan", "hinge"])
def test_losses_are_those_of_the_papers(program, loss):
    import tensorflow as tf

    real, fake = np.array([[2.0], [-0.5]]), np.array([[0.3], [-1.5]])
    ours = [float(each) for each in (program.LOSSES[loss][0](tf.constant(real), tf.constant(fake)),
                                     program.LOSSES[loss][1](tf.constant(fake)))]
    chance = lambda score: 1 / (1 + np.exp(-score))  # noqa: E731
    plain = {
        "gan": (-np.log(chance(real)).mean() - np.log(1 - chance(fake)).mean(),
                -np.log(chance(fake)).mean()),
        "lsgan": (((real - 1)**2).mean() + (fake**2).mean(), ((fake - 1)**2).mean()),
        "wgan": (fake.mean() - real.mean(), -fake.mean()),
        "hinge": (np.maximum(0, 1 - real).mean() + np.maximum(0, 1 + fake).mean(), -fake.mean()),
    }[loss]
    assert ours == pytest.approx(plain, rel=1e-6)


def test_only_the_one_whose_turn_it_is_learns(program):
    params = Gan(**SMALL)
    data = program.load(params)
    model = program.build(params, data)
    batch = next(iter(program.batches(params, data)))

    def changed(who):
        before = [[w.numpy() for w in part.trainable_variables]
                  for part in (model.game.generator, model.game.discriminator)]
        model.turn = who
        for _ in range(params.n_critic):
            model.train_step(batch)
        return [any((w.numpy() != old).any() for w, old in zip(part.trainable_variables, olds))
                for part, olds in zip((model.game.generator, model.game.discriminator), before)]

    assert changed("generator") == [True, False]
    assert changed("discriminator") == [False, True]
    assert changed("both") == [True, True]


def test_the_penalty_is_the_slope_s_distance_from_one(program):
    import tensorflow as tf

    params = Gan(**SMALL)
    model = program.build(params, program.load(params))
    model.judged = lambda x, label: [tf.reduce_sum(3 * x, axis=1, keepdims=True)]  # slope 3·√2
    points = tf.random.stateless_normal((8, 2), [1, 2])
    assert float(model.steepness(points, -points, None)) == pytest.approx((3 * 2**0.5 - 1)**2,
                                                                          rel=1e-4)


def test_what_comes_in_mid_run_changes_the_model(program, trained):
    _, model, _ = trained
    for name, value in (("learning_rate", 0.01), ("learning_rate_d", 0.02), ("n_critic", 3),
                        ("turn", "generator"), ("rest", 0.1)):
        setattr(model, name, value)
        assert getattr(model, name) == value or float(getattr(model, name)) == pytest.approx(value)


def test_the_plane_lives_while_it_trains():
    from core.training.recorder import Recorder
    from core.training.session import Session

    events = []
    recorder = Recorder(events.append)
    recorder.wish("set", {"n_critic": 2, "learning_rate_d": 0.002})
    session = Session(ROOM, Gan(**SMALL), recorder)
    assert session.run()["state"] == "finished"
    frames = [each for each in events if each["type"] == "frame"]
    assert len(frames) >= 2 and {each["kind"] for each in frames} == {"lab"}
    assert frames[0]["points"] != frames[-1]["points"]
    assert [(each["name"], each["value"]) for each in events if each["type"] == "change"] == [
        ("n_critic", 2), ("learning_rate_d", 0.002)]
    assert session.model.n_critic == 2
    assert float(session.model.learning_rate_d) == pytest.approx(0.002)


# Measures

def test_the_distance_of_two_gaussians_is_that_of_scipy():
    from scipy.linalg import sqrtm

    from core.layers.judge import distance

    random = np.random.default_rng(0)
    a, b = random.normal(size=(500, 6)), 1.5 * random.normal(size=(400, 6)) + 1
    c1, c2 = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    plain = ((a.mean(0) - b.mean(0))**2).sum() + np.trace(c1 + c2 - 2 * sqrtm(c1 @ c2).real)
    assert distance(a, b) == pytest.approx(plain, rel=1e-6)
    assert distance(a, a) == pytest.approx(0, abs=1e-6)


def test_a_collapsed_cloud_is_told_from_a_whole_one(program):
    data = program.load(Gan(**SMALL))
    spread = Spread(data.x_test, data.y_test)
    whole = spread.figures(data.x_train[:1000])
    one = spread.figures(data.x_train[data.y_train == 3][:1000])
    assert whole["covered"] == 1 and whole["near"] == 1
    assert one["covered"] == 1 / 8 and one["js"] > 5 * whole["js"]
    assert spread.figures(np.full((50, 2), np.nan))["covered"] == 0


def test_divergence_is_that_of_scipy():
    from scipy.stats import entropy

    p, q = np.array([0.2, 0.3, 0.5]), np.array([0.1, 0.6, 0.3])
    assert divergence(p, q) == pytest.approx(entropy(p, q, base=2))


def test_the_judge_knows_real_digits_and_sees_a_collapse():
    from core.data.images import digits
    from core.layers.judge import Judge

    data = digits()
    judge = Judge("digits", data.x_test, data.y_test)
    real = judge.figures(data.x_val, data.y_val)
    same = judge.figures(np.repeat(data.x_val[:1], 100, axis=0))
    assert real["agreement"] > 0.95 and real["covered"] == 1
    assert same["covered"] == 0.1 and same["diversity"] < 0.01
    assert same["distance"] > 5 * real["distance"]


def test_the_judge_says_nothing_of_classes_that_it_cannot_read():
    from core.layers.judge import Judge

    pictures = np.random.default_rng(0).random((20, 32, 32, 3))
    told = Judge("own", pictures, np.arange(20) % 2).figures(pictures, np.arange(20) % 2)
    assert set(told) == {"distance", "diversity"} and told["diversity"] == pytest.approx(1)


# What a page asks

@given(st.dictionaries(st.sampled_from(["kind", "seed", "end", "truncation", "label", "text",
                                        "moves", "gif"]), st.text(max_size=12)),
       st.integers(0, 12))
def test_whatever_a_page_says_becomes_something_sensible(said, classes):
    wish = Wish.read(said, classes)
    noise, label, columns = wish.noise(4)
    assert len(noise) == len(label) and columns >= 1 and np.isfinite(noise).all()
    assert label.min() >= 0 and label.max() < max(classes, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_answers_have_as_many_pictures_as_they_say(program, trained, kind):
    import base64

    from core.insight.gan import sample
    from core.params import to_text

    params, model, data = trained
    context = {"room": "gan", "dataset": "digits", "params": to_text(params),
               "classes": list(data.class_names)}
    told = sample(model, context, params={"kind": kind, "text": "12", "moves": "true"})
    assert told["frames"] == (FRAMES if kind in ("write", "walk") else 1)
    assert len(base64.b64decode(told["data"])) == 64 * told["count"] * told["frames"]
    if kind == "write":
        assert told["labels"] == [1, 2]


def test_a_walk_keeps_to_the_sphere():
    a, b = drawn(1, 1, 64), drawn(2, 1, 64)
    a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
    for share in (0, 0.25, 0.5, 1):
        assert np.linalg.norm(between(a, b, share)) == pytest.approx(1)
    assert between(a, b, 0) == pytest.approx(a) and between(a, b, 1) == pytest.approx(b)


def test_the_nearest_training_picture_of_a_copy_is_itself(program, trained):
    from core.insight import copies

    _, _, data = trained
    apart = copies.distances(data, data.x_train[5:7])
    assert apart.argmin(axis=1).tolist() == [5, 6]
    plain = np.sqrt(((data.x_train[5] - data.x_train[9])**2).sum())
    assert apart[0, 9] == pytest.approx(plain, rel=1e-3)


def test_films_are_gifs_that_move():
    import io

    from PIL import Image

    from core.insight.film import gif

    frames = np.random.default_rng(0).integers(0, 255, (5, 3, 8, 8, 1)).astype(np.uint8)
    with Image.open(io.BytesIO(gif(frames, 3))) as film:
        assert film.n_frames == 5 and film.width >= 320


@pytest.mark.data
@pytest.mark.parametrize(("name", "least"), [("mnist", 0.97), ("fashion", 0.85)])
def test_shipped_generators_make_what_is_asked(data_folder, tmp_path, monkeypatch, name, least):
    import keras

    from benchmarks.cards import WEIGHTS
    from benchmarks.gan_weights import measured
    from core.data import sources
    from core.models import gan
    from core.params import from_text

    monkeypatch.setattr(sources, "settings",
                        lambda: SimpleNamespace(data=data_folder, cache=tmp_path))
    file = WEIGHTS / "gan" / f"{name}.keras"
    card = json.loads(file.with_suffix(".json").read_text("utf-8"))
    params, _ = from_text(Gan, card["params"])
    model = keras.models.load_model(file, compile=False)
    figures = measured(params, model, gan.load(params), 2_000)
    assert figures["agreement"] >= least and figures["covered"] == 1
