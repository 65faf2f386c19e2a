"""The network from scratch: gradients as TensorFlow's, runs that repeat, errors that are said."""

import json
import subprocess
import sys
from base64 import b64decode

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from core import export, own
from core.data import tables
from core.data.plane import EDGE, PLANES, from_table, is_class, random_for
from core.errors import VisitorError
from core.insight import neuron as insight
from core.models import neuron
from core.rooms.neuron import FEATURES, ROOM, Column, Edit, Hidden, Neuron, Point, outline
from core.settings import settings as app_settings
from core.training.numpy_replay import Replay
from core.training.recorder import Recorder
from core.training.session import Session
from core.ui.columns import first_choice

ACTIVATIONS = sorted(neuron.BENDS)
INITIALISATIONS = ["glorot", "he", "small", "playground", "zeros"]
GENERATED = sorted(set(PLANES) - {"empty"})
layers = some.builds(Hidden, neurons=some.integers(1, 16),
                     activation=some.sampled_from(ACTIVATIONS),
                     dropout=some.sampled_from([0.0, 0.4]))
networks = some.builds(
    Neuron, hidden=some.lists(layers, max_size=6).map(tuple), seed=some.integers(0, 99),
    dataset=some.sampled_from(GENERATED), initialisation=some.sampled_from(INITIALISATIONS),
    x1_squared=some.booleans(), sin_x2=some.booleans(),
    l1=some.sampled_from([0.0, 0.01]), l2=some.sampled_from([0.0, 0.1]))


def by_tensorflow(params: Neuron, network: neuron.Network, x, y, masks):
    """The loss with its penalties, and its gradient by automatic differentiation."""
    import tensorflow as tf

    bends = {"tanh": tf.tanh, "relu": tf.nn.relu, "sigmoid": tf.sigmoid, "linear": tf.identity,
             "leaky_relu": lambda z: tf.nn.leaky_relu(z, neuron.LEAK),
             "gelu": lambda z: tf.nn.gelu(z, approximate=True)}
    theta = tf.Variable(network.theta)
    with tf.GradientTape() as tape:
        a, at, penalty = tf.constant(x), 0, 0.0
        for number, (k, m) in enumerate(zip(network.sizes, network.sizes[1:])):
            weights = tf.reshape(theta[at:at + k * m], (k, m))
            z = a @ weights + theta[at + k * m:at + (k + 1) * m]
            a = bends[network.bends[number]](z)
            if masks[number] is not None:
                a *= masks[number]
            penalty += params.l1 * tf.reduce_sum(tf.abs(weights))
            penalty += params.l2 / 2 * tf.reduce_sum(weights**2)
            at += (k + 1) * m
        if network.bends[-1] == "sigmoid":
            lost = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(tf.constant(y), z))
        else:
            lost = tf.reduce_mean((z - y) ** 2) / 2
        whole = lost + penalty
    return float(lost), tape.gradient(whole, theta).numpy()


@given(networks)
@settings(max_examples=40)
def test_gradients_are_those_of_automatic_differentiation(params):
    compare_gradients(params)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("initialisation", INITIALISATIONS)
@pytest.mark.parametrize(("l1", "l2", "dropout"), [(0.0, 0.0, 0.0), (0.01, 0.0, 0.0),
                                                   (0.0, 0.1, 0.0), (0.0, 0.0, 0.4)])
@pytest.mark.parametrize("dataset", ["spiral", "hills"])
def test_each_gradient_is_that_of_automatic_differentiation(dataset, activation, initialisation,
                                                            l1, l2, dropout):
    layer = Hidden(neurons=5, activation=activation, dropout=dropout)
    compare_gradients(Neuron(dataset=dataset, initialisation=initialisation, l1=l1, l2=l2,
                             hidden=(layer, layer)))


def compare_gradients(params):
    data = neuron.load(params)
    network = neuron.build(params, data)
    rng = random_for(params.seed, "test")
    network.theta += 0.1 * rng.normal(size=network.theta.size)  # biases, too
    x, y = neuron.features(params, data.x_train[:20]), data.y_train[:20]
    rates = [layer.dropout for layer in params.hidden]
    masks = neuron.dropout_masks(rates, network, len(x), rng)
    sums, values = neuron.forward(network, x, masks)
    gradient = neuron.backward(network, sums, values, y, masks)
    gradient += neuron.shrink(network, params.l1, params.l2)
    lost, expected = by_tensorflow(params, network, x, y, masks)
    assert neuron.loss(network, sums[-1], y) == pytest.approx(lost, abs=1e-6)
    assert np.abs(gradient - expected).max() <= 1e-6 * max(1, np.abs(expected).max())


@pytest.mark.parametrize("dataset", ["spiral", "hills"])
@pytest.mark.parametrize("rule", sorted(neuron.RULES))
def test_a_training_is_that_of_keras(rule, dataset):
    """Thirty steps on all points, with both penalties: TensorFlow's gradients, Keras' updates."""
    import keras

    optimizer = {"sgd": keras.optimizers.SGD(0.001), "rmsprop": keras.optimizers.RMSprop(0.001),
                 "momentum": keras.optimizers.SGD(0.001, momentum=0.9),
                 "adam": keras.optimizers.Adam(0.001)}[rule]
    params = Neuron(dataset=dataset, optimizer=rule, learning_rate=0.001, l1=0.001, l2=0.001,
                    epochs=30, batch_size=500)
    data = neuron.load(params)
    network = neuron.build(params, data)
    theirs = keras.Variable(network.theta, dtype="float64")
    neuron.train(params, network, data)
    other = neuron.build(params, data)
    x = neuron.features(params, data.x_train)
    for _ in range(30):
        other.theta[:] = theirs.numpy()
        gradient = by_tensorflow(params, other, x, data.y_train, [None] * 3)[1]
        optimizer.apply([gradient], [theirs])
    assert np.abs(network.theta - theirs.numpy()).max() < 1e-6


@given(networks)
@settings(max_examples=30)
def test_the_network_is_what_the_outline_says(params):
    network = neuron.build(params, neuron.load(params))
    told = outline(params)
    assert told.parameters == network.theta.size
    assert [layer.shape[0] for layer in told.layers] == network.sizes


def run(**values):
    params = Neuron(epochs=20, **values)
    data = neuron.load(params)
    network = neuron.build(params, data)
    history = neuron.train(params, network, data)
    return history, neuron.score(params, network, data), network


def test_the_same_seed_gives_the_same_run():
    hidden = (Hidden(neurons=4, dropout=0.3),)
    one, two, other = run(hidden=hidden), run(hidden=hidden), run(hidden=hidden, seed=2)
    assert one[:2] == two[:2]
    assert one[0] != other[0]


def test_one_more_layer_leaves_the_others_where_they_start():
    one = neuron.build(Neuron(), neuron.load(Neuron()))
    more = Neuron(hidden=(*Neuron().hidden, Hidden(neurons=2)))
    two = neuron.build(more, neuron.load(more))
    for number in (0, 1):
        assert np.array_equal(one.layers[number][0], two.layers[number][0])


def test_weights_set_by_hand_are_the_first_weights():
    params = Neuron(edits=(Edit(place=3, value=1.5), Edit(place=1999, value=1.0)))
    network = neuron.build(params, neuron.load(params))
    assert network.theta[3] == 1.5


@pytest.mark.parametrize("preset", ROOM.presets, ids=lambda preset: preset.name)
def test_presets_do_what_they_say(preset):
    params = Neuron(**{**preset.values, "epochs": min(Neuron(**preset.values).epochs, 300)})
    data = neuron.load(params)
    network = neuron.build(params, data)
    with np.errstate(all="ignore"):
        history = neuron.train(params, network, data)
    if preset.name == "too_fast":
        assert not np.isfinite(history["loss"][-1])
    elif preset.name == "zeros":
        assert np.ptp(network.layers[0][0], axis=1).max() == 0, "all neurons alike"
    else:
        assert history["val_accuracy"][-1] >= 0.9


@pytest.mark.parametrize("dataset", GENERATED)
@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_points_stay_on_the_plane(dataset, noise):
    x, y = PLANES[dataset](random_for(1, "data"), 301, noise)
    assert len(x) == len(y) >= 300
    assert np.abs(x).max() <= 6.0
    assert set(np.unique(y)) == {0.0, 1.0} if is_class(dataset) else np.abs(y).max() <= 1


def test_drawn_points_are_learned_from():
    dots = tuple(Point(x1=x, x2=y, bright=x > 0) for x in (-3, -2, 2, 3) for y in (-2, 0, 2))
    data = neuron.load(Neuron(dataset="empty", drawn=dots))
    assert sum(map(len, (data.x_train, data.x_val, data.x_test))) == 12


@pytest.mark.parametrize(("drawn", "says"), [
    ((), "only 0 points"),
    ((Point(x1=1.0),) * 20, "same colour"),
])
def test_points_that_nothing_can_be_learned_from_say_so(drawn, says):
    with pytest.raises(VisitorError, match=says):
        neuron.load(Neuron(dataset="empty", drawn=drawn))


def test_a_network_without_features_says_so():
    nothing = Neuron(**dict.fromkeys(FEATURES, False))
    assert "receives nothing" in outline(nothing).problem


@pytest.mark.parametrize("dataset", ["circle", "gaussians", "slope"])
def test_the_baseline_is_a_straight_line(dataset):
    told = insight.straight_line(Neuron(dataset=dataset))
    accuracy = told["metrics"]["test_accuracy"]
    assert accuracy > 0.9 if dataset != "circle" else accuracy < 0.7


def test_the_articles_gradients_are_wrong_and_ours_are_not():
    told = insight.article()
    assert max(abs(row["ours"] - row["numerical"]) for row in told["rows"]) < 1e-8
    biases = [row for row in told["rows"] if row["name"] == "b"]
    assert all(abs(row["article"] - row["numerical"]) > 0.05 for row in biases)
    assert "matmul" in told["says"] or "shapes" in told["says"]


@pytest.mark.parametrize(("changes", "stop_at"), [
    ((), None),
    ([(40, "learning_rate", 0.3)], 90),
])
def test_the_program_taken_home_gives_the_figures_of_the_run(tmp_path, changes, stop_at):
    params = Neuron(epochs=10, dataset="moons", noise=0.1, edits=(Edit(place=1, value=0.5),),
                    drawn=(Point(x1=1.0, x2=2.0, bright=True),))
    data = neuron.load(params)
    network = neuron.build(params, data)
    neuron.train(params, network, data, [Replay(changes, stop_at)])
    text = export.program(ROOM, params, changes=changes, stop_at=stop_at)
    assert in_a_process(text, tmp_path) == neuron.score(params, network, data)


def test_a_run_is_recorded_and_its_weights_can_be_looked_back_at():
    events = []
    session = Session(ROOM, Neuron(epochs=30), Recorder(events.append))
    end = session.run()
    kinds = {event["type"] for event in events}
    assert {"begin", "batch", "epoch", "frame", "snapshot"} <= kinds
    assert end["state"] == "finished" and end["metrics"]["test_accuracy"] > 0.5
    last = [event for event in events if event["type"] == "snapshot"][-1]
    theta = np.frombuffer(b64decode(last["theta"]), "<f4")
    assert np.allclose(theta, session.model.theta, atol=1e-5)
    json.dumps(events, allow_nan=False)


def test_a_run_that_breaks_says_so():
    params = next(each for each in ROOM.presets if each.name == "too_fast").values
    end = Session(ROOM, Neuron(**params), Recorder(lambda event: None)).run()
    assert (end["state"], end["reason"]) == ("failed", "not_a_number")
    assert end["suggestion"]["learning_rate"] <= 0.01


# Changed by hand in mid-run

def test_numbers_set_by_hand_in_mid_run_count_from_the_next_batch_on_and_go_home(tmp_path):
    params, events = Neuron(epochs=4), []

    def heard(event):
        events.append(event)
        if event["type"] == "epoch" and event["epoch"] == 1:
            recorder.wish("set", {"edits": [[3, 1.5]]})
            recorder.wish("set", {"edits": [[0, -2.0], [1999, 1.0]]})

    recorder = Recorder(heard)
    end = Session(ROOM, params, recorder).run()
    change = next(event for event in events if event["type"] == "change")
    assert (change["step"], change["name"]) == (25, "edits")
    assert change["value"] == [[3, 1.5], [0, -2.0], [1999, 1.0]]
    text = export.program(ROOM, params, changes=[(25, "edits", change["value"])])
    assert in_a_process(text, tmp_path) == end["metrics"]
    untouched = Session(ROOM, params, Recorder(lambda event: None)).run()
    assert untouched["metrics"] != end["metrics"]


def in_a_process(text: str, folder) -> dict:
    """The figures that a program prints last."""
    program = folder / "program.py"
    program.write_text(text, "utf-8")
    done = subprocess.run([sys.executable, program], cwd=folder, check=True, text=True,
                          stdout=subprocess.PIPE)
    return json.loads(done.stdout.splitlines()[-1])


# The visitor's own table

@pytest.fixture
def table(tmp_path, monkeypatch):
    """Keeps a table's columns; returns the name under which they are kept."""
    monkeypatch.setenv("PERCEPTORIUM_HOME", str(tmp_path / "home"))
    app_settings.cache_clear()

    def keep(*columns):
        path = tmp_path / "read.npz"
        np.savez(path, **{f"column_{at}": np.array(each, float)
                          for at, each in enumerate(columns)})
        return own.keep(path, {"columns": []})

    yield keep
    app_settings.cache_clear()


def places(*numbers):
    return tuple(Column(place=number) for number in numbers)


def test_a_table_is_learned_from_and_goes_home_with_its_program(table, tmp_path):
    rng = np.random.default_rng(3)
    x = rng.normal([[100.0, -3.0, 0.5]], [[20.0, 1.0, 0.1]], (200, 3))
    name = table(*x.T, (x[:, 2] > 0.5) + 1)  # the third column alone tells it
    params = Neuron(dataset="own", own=name, columns=places(0, 1, 2), target=3, tells="number",
                    blue=2.0, epochs=60, learning_rate=0.1)
    data = neuron.load(params)
    assert data.x_train.shape == (100, 3) and np.abs(data.x_train).max() <= EDGE
    network = neuron.build(params, data)
    assert outline(params).parameters == network.theta.size
    neuron.train(params, network, data)
    figures = neuron.score(params, network, data)
    assert figures["test_accuracy"] > 0.9
    (tmp_path / f"{name}.npz").write_bytes(own.content(name))
    assert in_a_process(export.program(ROOM, params), tmp_path) == figures


@pytest.mark.parametrize(("last", "tells", "features"), [
    (lambda i: ["red", "blue"][i % 2], "word", [1, 2]),
    (lambda i: ["1", "2", ""][i % 3], "number", [1, 2]),
    (lambda i: str(i * i), "value", [1, 2]),
])
def test_a_table_that_has_just_come_can_be_learned_from_at_once(tmp_path, table, last, tells,
                                                               features):
    """A counter and words are no features; the last column is the target, whatever it is."""
    rows = [f"{i},{i * 7 % 60},{i * i % 61},{'ab'[i % 2]},{last(i)}" for i in range(60)]
    path = tmp_path / "table.csv"
    path.write_text("\n".join(["row,one,two,word,last", *rows]), "utf-8")
    told = tables.read(str(path), str(tmp_path / "table.read"))
    params = Neuron(dataset="own", own=own.keep(tmp_path / "table.read", told),
                    **first_choice(told))
    assert (params.tells, [column.place for column in params.columns]) == (tells, features)
    data = neuron.load(params)
    assert bool(data.class_names) == (tells != "value") and len(data.x_train) >= 20


def test_a_column_of_numbers_is_predicted_between_its_least_and_its_largest():
    table = {"column_0": np.arange(50.0), "column_1": np.arange(50.0) % 7,
             "column_2": np.arange(50.0) * 3 - 20}
    x, y = from_table(random_for(1, "data"), table, [0, 1], 2, "value", 1.0, 30)
    assert x.shape == (30, 2) and y.min() >= -1 and y.max() <= 1
    assert np.corrcoef(x[:, 0], y)[0, 1] == pytest.approx(1)


def test_rows_in_which_something_is_missing_are_left_out():
    table = {"column_0": np.array([1, np.nan, 3, 4, 5.0]), "column_1": np.arange(5.0),
             "column_2": np.array([0, 1, -1, 1, 0.0])}
    x, y = from_table(random_for(1, "data"), table, [0, 1], 2, "word", 1.0, 30)
    assert sorted(y) == [0, 0, 1] and np.isfinite(x).all()


strange = some.floats(allow_nan=True, allow_infinity=True, width=64)


@given(columns=some.lists(some.lists(strange, min_size=9, max_size=9), min_size=1, max_size=4),
       chosen=some.lists(some.integers(0, 4), max_size=4), target=some.integers(0, 4),
       tells=some.sampled_from(["value", "number", "word"]), blue=strange)
@settings(max_examples=200)
def test_whatever_stands_in_a_table_points_lie_on_the_plane(columns, chosen, target, tells, blue):
    table = {f"column_{at}": np.array(each) for at, each in enumerate(columns)}
    try:
        x, y = from_table(random_for(1, "data"), table, chosen, target, tells, blue, 20)
    except VisitorError:
        return
    assert np.isfinite(x).all() and np.abs(x).max(initial=0) <= EDGE
    assert np.isfinite(y).all() and np.abs(y).max(initial=0) <= 1


def test_a_room_without_its_table_says_so():
    assert "no table yet" in outline(Neuron(dataset="own")).problem
    with pytest.raises(VisitorError, match="Upload it again"):
        neuron.load(Neuron(dataset="own", own="0123456789abcdef"))
