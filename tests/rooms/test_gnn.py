"""Graph neural networks: layers against dense matrices, graphs, label propagation."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.catalogue import room
from core.data import graphs
from core.data.graph import distinct
from core.data.layouts import layout
from core.insight import graphs as inside
from core.insight import propagation
from core.layers.graph import LAYERS, GraphAttention
from core.models import gnn
from core.rooms.gnn import GNN
from core.settings import settings

ROOM = room("gnn")
KINDS = tuple(LAYERS)
every_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(scope="module")
def club():
    return graphs.karate(GNN())


@pytest.fixture(scope="module")
def features():
    return np.random.default_rng(1).normal(size=(34, 5)).astype(np.float32)


def made(kind: str, **how):
    return LAYERS[kind](3, activation="tanh", seed=4, **how)


def applied(layer, x, edges) -> np.ndarray:
    return layer(tf.constant(x), tf.constant(edges)).numpy()


# Layers against dense matrices

def dense(layer, kind: str, x: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """The same layer in NumPy with the whole adjacency matrix."""
    a = np.zeros((len(x), len(x)))
    np.add.at(a, (edges[:, 1], edges[:, 0]), 1)  # an edge that stands there twice counts twice
    loops, w = a + np.eye(len(x)), {each.name: each.numpy() for each in layer.weights}
    if kind == "gcn":
        root = np.diag(loops.sum(axis=1) ** -0.5)
        return np.tanh(root @ loops @ root @ x @ w["kernel"] + w["bias"])
    if kind == "sum":
        return np.tanh(a @ x @ w["kernel"])
    if kind == "sage":
        return np.tanh(x @ w["own"] + (a / a.sum(axis=1, keepdims=True)) @ x @ w["kernel"]
                       + w["bias"])
    if kind == "gin":
        inner = (a @ x + (1 + w["epsilon"]) * x) @ w["inner"] + w["inner_bias"]
        return np.tanh(np.maximum(inner, 0) @ w["kernel"] + w["bias"])
    heads = []
    for head in range(layer.heads):
        z = x @ w["kernel"].reshape(len(x[0]), layer.heads, 3)[:, head]
        score = (z @ w["target"][head])[:, None] + (z @ w["source"][head])[None]
        score = np.where(score > 0, score, 0.2 * score)
        power = loops * np.exp(score)
        heads.append(power / power.sum(axis=1, keepdims=True) @ z)
    return np.tanh(np.concatenate(heads, axis=1) + w["bias"])


@pytest.mark.parametrize("heavy", [False, True])
@every_kind
def test_a_layer_is_what_dense_matrices_compute(kind, heavy, club, features):
    edges = np.concatenate([club.edges, np.repeat(club.edges[:20], 3, axis=0)]) if heavy \
        else club.edges
    layer = made(kind, **({"heads": 2} if kind == "gat" else {}))
    applied(layer, features, edges)
    for weight in layer.weights:  # biases and ε begin at zero: they must count, too
        weight.assign_add(0.1 * np.random.default_rng(2).normal(size=weight.shape))
    told = applied(layer, features, edges)
    assert np.abs(told - dense(layer, kind, features, edges)).max() < 1e-5


def test_heads_may_be_averaged(club, features):
    layer = made("gat", heads=4, merge="mean")
    assert applied(layer, features, club.edges).shape == (34, 3)


@every_kind
def test_numbering_the_nodes_anew_moves_the_answers_along(kind, club, features):
    order = np.random.default_rng(3).permutation(34)
    place = np.argsort(order)
    layer = made(kind)
    before = applied(layer, features, club.edges)
    edges = np.random.default_rng(5).permutation(place[club.edges]).astype(np.int32)
    assert np.allclose(applied(layer, features[order], edges), before[order], atol=1e-5)


@every_kind
def test_every_weight_gets_a_gradient(kind, club):
    model = gnn.build(GNN(layer=kind, dropout=0.0), club)
    with tf.GradientTape() as tape:
        told = model([tf.constant(club.x), tf.constant(club.edges)])
        loss = -tf.reduce_mean(tf.math.log(tf.gather(told, [0, 33], batch_dims=0)[:, 0]))
    for weight, slope in zip(model.trainable_weights,
                             tape.gradient(loss, model.trainable_weights)):
        assert slope is not None and np.isfinite(slope).all(), weight.path
        assert np.abs(slope).max() > 0, weight.path


def test_attention_of_each_node_adds_up_to_one(club, features):
    layer = GraphAttention(4, heads=3, seed=1)
    applied(layer, features, club.edges)
    shares = inside.shares(layer, features, club.edges)
    heard = layer.heard(tf.constant(features), tf.constant(club.edges)).numpy()
    sums = np.zeros((34, 3))
    np.add.at(sums, heard[:, 1], shares)
    assert np.allclose(sums, 1, atol=1e-5)


@every_kind
def test_a_node_without_neighbours_stays_finite(kind, features):
    alone = applied(made(kind), features, np.array([[0, 1], [1, 0]], np.int32))
    assert np.isfinite(alone).all()


@pytest.mark.parametrize("kind", KINDS)
def test_a_saved_network_answers_the_same(kind, club, tmp_path):
    model = gnn.build(GNN(layer=kind), club)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras", compile=False)
    inputs = [tf.constant(club.x), tf.constant(club.edges)]
    assert [each.name for each in again.layers] == [each.name for each in model.layers]
    assert np.allclose(model(inputs), again(inputs), atol=1e-6)


@pytest.mark.parametrize("values", [{}, {"depth": 1}, {"depth": 4, "dropout": 0.0},
                                    {"heads": 3, "depth": 3}, {"task": "links"},
                                    {"dataset": "molecules", "depth": 1}])
@every_kind
def test_the_outline_is_what_is_built(kind, values):
    params = GNN(layer=kind, **values)
    model = gnn.build(params, gnn.load(params))
    told = ROOM.outline(params)
    assert [layer.name for layer in told.layers] == [layer.name for layer in model.layers]
    assert told.parameters == model.count_params()


# Graphs

def test_the_karate_club_is_zachary_s(club):
    assert club.x.shape == (34, 34) and len(club.edges) == 2 * 78
    assert len({tuple(sorted(edge)) for edge in club.edges.tolist()}) == 78
    assert (club.y == 0).sum() == (club.y == 1).sum() == 17
    degrees = np.bincount(club.edges[:, 0])
    assert degrees[[0, 33, 32, 11]].tolist() == [16, 17, 12, 1]
    assert np.flatnonzero(club.train).tolist() == [0, 33]


@pytest.mark.parametrize("labels", [1, 3, 100])
@pytest.mark.parametrize("dataset", ["karate", "novel", "blocks", "chance"])
def test_parts_do_not_overlap_and_leave_something_to_find(dataset, labels):
    data = gnn.load(GNN(dataset=dataset, labels=labels))
    parts = np.stack([data.train, data.val, data.test])
    assert (parts.sum(axis=0) == 1).all() and parts.any(axis=1).all()
    for number in range(len(data.class_names)):
        inside_class = parts[:, data.y == number].sum(axis=1)
        assert inside_class.min() >= 1 and inside_class[0] <= labels
    again = gnn.load(GNN(dataset=dataset, labels=labels))
    assert all((a == b).all() for a, b in zip(parts, (again.train, again.val, again.test)))


def test_the_novel_is_knuth_s():
    data = graphs.novel(GNN())
    pairs, weights, _ = distinct(data.edges)
    assert len(data.x) == 77 and len(pairs) == 254 and weights.sum() == 820
    met = {tuple(sorted((data.names[a], data.names[b]))): times
           for (a, b), times in zip(pairs.tolist(), weights)}
    assert met["Cosette", "Valjean"] == 31 and met["Mme Magloire", "Myriel"] == 10
    valjean = data.names.index("Valjean")
    assert (pairs == valjean).sum() == 36
    assert [data.names[node] for node in np.flatnonzero(data.train)] == list(data.class_names)


def test_random_groups_are_as_dense_as_they_say():
    data = graphs.blocks(GNN(dataset="blocks", nodes=400, groups=2, p_in=0.3, p_out=0.1))
    half = data.edges[:len(data.edges) // 2]
    same = (data.y[half[:, 0]] == data.y[half[:, 1]]).sum()
    assert same / (2 * 200 * 199 / 2) == pytest.approx(0.3, abs=0.01)
    assert (len(half) - same) / 200**2 == pytest.approx(0.1, abs=0.01)


@pytest.mark.data
def test_cora_has_the_public_split(data_folder, monkeypatch):
    monkeypatch.setenv("PERCEPTORIUM_DATA", str(data_folder))
    settings.cache_clear()
    data = graphs.cora(GNN(dataset="cora"))
    settings.cache_clear()
    assert data.x.shape == (2708, 1433) and len(data.edges) == 2 * 5278
    assert [data.train.sum(), data.val.sum(), data.test.sum()] == [140, 500, 1000]
    assert np.bincount(data.y).tolist() == [351, 217, 418, 818, 426, 298, 180]
    assert np.bincount(data.y[data.train]).tolist() == [20] * 7
    assert np.allclose(data.x.sum(axis=1), 1)


def test_the_same_graph_lies_the_same_way(club):
    places = layout(club.edges, 34)
    assert (places == layout(club.edges.copy(), 34)).all()
    assert places.min() == -1 and places.max() == 1
    ends = places[club.edges]
    apart = np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1).mean()
    others = np.linalg.norm(places[:, None] - places[None], axis=2).mean()
    assert apart < 0.8 * others, "neighbours lie closer than others"


# Training

def test_one_label_a_side_splits_the_club():
    params = GNN()
    data = gnn.load(params)
    model = gnn.build(params, data)
    gnn.train(params, model, data)
    assert inside.others(model, data) >= 0.94


def test_the_same_seed_gives_the_same_run():
    params = GNN(layer="gat", epochs=5)
    runs = []
    for _ in range(2):
        data = gnn.load(params)
        model = gnn.build(params, data)
        gnn.train(params, model, data)
        runs.append(gnn.score(params, model, data))
    assert runs[0] == runs[1]


def test_where_there_is_nothing_to_find_it_guesses():
    params = GNN(**next(each.values for each in ROOM.presets if each.name == "article"))
    data = gnn.load(params)
    model = gnn.build(params, data)
    history = gnn.train(params, model, data).history
    assert history["loss"][-1] < 0.6 * history["loss"][0], "it learns by heart"
    assert 0.2 < inside.others(model, data) < 0.8


def test_unknown_nodes_weigh_nothing(club):
    """The loss is that of the known nodes, computed by hand."""
    params = GNN(dropout=0.0, l2=0.0)
    model = gnn.build(params, club)
    told = inside.said(model, club, club.edges)[1]
    by_hand = -np.log(told[club.train, club.y[club.train]]).mean()
    assert model.evaluate(gnn.whole(club, club.train), verbose=0)[0] == pytest.approx(by_hand, 1e-4)


def test_keras_would_shuffle_the_rows_of_an_adjacency_matrix():
    """What the page says of the article: `fit` moves rows, and not columns."""
    seen = []

    class Look(keras.layers.Layer):
        def call(self, x):
            tf.py_function(lambda x: seen.append(x.numpy()), [x], [])
            return x

    rows = keras.Input((6,))
    model = keras.Model(rows, keras.layers.Dense(1)(Look()(rows)))
    model.compile("sgd", "mse", run_eagerly=True)
    model.fit(np.eye(6), np.zeros(6), batch_size=6, epochs=3, verbose=0)
    assert any((each != np.eye(6)).any() for each in seen)


# Hidden edges, molecules: tests/rooms/test_gnn_tasks.py

# Baselines

def test_label_propagation_is_the_closed_form(club):
    """F = 0.1 (I - 0.9 S)⁻¹ Y (Zhou et al. 2004)."""
    a = np.zeros((34, 34))
    a[club.edges[:, 1], club.edges[:, 0]] = 1
    root = np.diag(a.sum(axis=1) ** -0.5)
    known = np.zeros((34, 2))
    known[club.train, club.y[club.train]] = 1
    flow = 0.1 * np.linalg.solve(np.eye(34) - 0.9 * root @ a @ root, known)
    assert (propagation.label_propagation(club) == flow.argmax(axis=1)).all()


def test_features_alone_say_nothing_of_the_club():
    told = propagation.measure(GNN())["methods"]
    accuracies = [each["metrics"]["test_accuracy"] for each in told]
    assert accuracies[0] > 0.9 and accuracies[1] < 0.75


def test_the_distance_is_that_of_all_pairs():
    x = np.random.default_rng(0).normal(size=(20, 4))
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    cosines = (unit @ unit.T)[~np.eye(20, dtype=bool)]
    assert propagation.distance(x) == pytest.approx(1 - cosines.mean(), abs=1e-6)


def test_nodes_become_alike_with_depth():
    curve = propagation.smoothing(GNN())["curves"]["gcn"]
    assert len(curve) == 9 and curve[0] == pytest.approx(1) and curve[8] < 0.1 < curve[1]


# Looking inside

@every_kind
def test_a_node_by_hand_adds_up(kind):
    params = GNN(layer=kind, units=4, heads=1)
    data = gnn.load(params)
    model = gnn.build(params, data)
    context = {"params": {name: str(value) for name, value in params.model_dump().items()}}
    told = inside.node(model, context, index=8, count=1)
    neighbours = {each["node"] for each in told["heard"]} - {8}
    assert neighbours == {0, 2, 30, 32, 33}
    total = sum(each["share"] * np.array(each["says"]) for each in told["heard"])
    assert np.allclose(total, told["sum"], atol=1e-4)
    if kind == "gcn":
        assert np.allclose(np.maximum(total + told["bias"], 0), told["out"], atol=1e-4)
    assert sum(told["chances"]) == pytest.approx(1, abs=1e-4)


def test_parallel_edges_are_one_neighbour():
    data = graphs.novel(GNN())
    params = GNN(dataset="novel", epochs=1)
    context = {"params": {name: str(value) for name, value in params.model_dump().items()}}
    told = inside.node(gnn.build(params, data), context, index=data.names.index("Cosette"))
    valjean = next(each for each in told["heard"] if data.names[each["node"]] == "Valjean")
    assert valjean["times"] == 31 and len(told["heard"]) == 12  # eleven others, and herself
    assert valjean["share"] == pytest.approx(
        31 / np.sqrt(told["degree"] * valjean["degree"]), 1e-4)


def test_an_edge_comes_and_goes(club):
    without = inside.toggled(club.edges, 34, [8, 33])
    assert len(without) == 2 * 77
    assert len(inside.toggled(club.edges, 34, [8, 33, 33, 8])) == 2 * 78
    added = inside.toggled(club.edges, 34, [11, 33, 5, 5, 99, 1, -3, 2, None, 3, 7])
    assert len(added) == 2 * 79


def test_the_plane_does_not_flip(club):
    """Mirrored or turned values lie in the same places."""
    values = np.random.default_rng(0).normal(size=(34, 6))
    places = layout(club.edges, 34)
    turned, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(6, 6)))
    assert np.allclose(inside.plane(values, places), inside.plane(values @ turned, places),
                       atol=1e-6)
