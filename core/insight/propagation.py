"""Without TensorFlow: how a graph is drawn, what a network has to beat, and over-smoothing."""

import base64
import time
import warnings

import numpy as np
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from core.data.graphs import DATA_SETS, Graph, own_graph
from core.data.layouts import places
from core.i18n import N_
from core.params import Params

STAYS = 0.9  # the share that comes from neighbours in each round of label propagation
ROUNDS = 100
DEPTHS = 8
TRIES = 5  # random networks a depth
PAIRS = 1_000  # nodes of which all pairs are compared


def load(params: Params) -> Graph:
    """The graph, as the room's program loads it."""
    if params.dataset == "own":
        return own_graph(params.own, params.labels)
    return DATA_SETS[params.dataset](params)


def drawing(params: Params) -> dict:
    """What a page needs to draw the graph. ``places``: x and y of each node in thousandths, from
    -1000 to 1000; ``edges``: each once, packed; ``y``: classes, -1 unknown; ``parts``: 1 known in
    training, 2 validation, 3 test, 0 none of them."""
    data = load(params)
    half = data.edges[:len(data.edges) // 2]
    parts = data.train * 1 + data.val * 2 + data.test * 3
    return {"places": np.round(places(data) * 1000).astype(int).ravel().tolist(),
            "edges": _packed(half), "y": data.y.tolist(), "parts": parts.tolist(),
            "classes": list(data.class_names), "names": list(data.names)}


def _packed(edges: np.ndarray) -> str:
    return base64.b64encode(edges.astype("<u2").tobytes()).decode()


def measure(params: Params) -> dict:
    """Label propagation and a network without the graph, on the same known nodes.

    Returns ``methods``: ``name`` (a message), ``metrics`` (``val_accuracy``, ``test_accuracy``),
    ``seconds``.
    """
    data = load(params)
    methods = {N_("Label propagation (no features)"): label_propagation,
               N_("Network without the graph (MLP)"): without_graph}
    told = []
    for name, method in methods.items():
        began = time.monotonic()
        called = method(data)
        seconds = round(time.monotonic() - began, 2)
        right = called == data.y
        told.append({"name": name, "seconds": seconds, "metrics": {
            f"{part}_accuracy": float(right[getattr(data, part)].mean())
            for part in ("val", "test")}})
    return {"methods": told, "rows": int(data.train.sum())}


def normalised(edges: np.ndarray, count: int, loops: bool) -> sparse.csr_matrix:
    """D^-½ A D^-½, with or without an edge from each node to itself: (count, count)."""
    ones = np.ones(len(edges))
    adjacency = sparse.csr_matrix((ones, (edges[:, 1], edges[:, 0])), (count, count))
    adjacency = adjacency + sparse.eye(count) if loops else adjacency
    degree = np.asarray(adjacency.sum(axis=1)).ravel()
    root = sparse.diags(np.where(degree > 0, 1 / np.sqrt(np.maximum(degree, 1e-12)), 0))
    return (root @ adjacency @ root).tocsr()


def label_propagation(data: Graph) -> np.ndarray:
    """Known labels flow along the edges: F ← 0.9 S F + 0.1 Y, with S = D^-½ A D^-½; (n,) classes.

    (Zhou et al., "Learning with local and global consistency", 2004.)
    """
    known = np.zeros((len(data.y), len(data.class_names)))
    known[data.train, data.y[data.train]] = 1
    spread, flow = normalised(data.edges, len(data.y), loops=False), known
    for _ in range(ROUNDS):
        flow = STAYS * (spread @ flow) + (1 - STAYS) * known
    return flow.argmax(axis=1)


def without_graph(data: Graph) -> np.ndarray:
    """A network with one hidden layer of 16 that sees the features only; (n,) classes."""
    model = MLPClassifier((16,), alpha=0.01, learning_rate_init=0.01, max_iter=200, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(data.x[data.train], data.y[data.train])
    return model.predict(data.x)


def smoothing(params: Params) -> dict:
    """How far apart nodes are after 0 to 8 layers that have learned nothing: the mean cosine
    distance of all pairs (0: all point the same way), for the bare sum and for the normalised
    mean of GCN, with ReLU between random layers; the mean of some random networks."""
    data = load(params)
    count, seeds = len(data.y), range(TRIES)
    whole = normalised(data.edges, count, loops=True)
    ones = sparse.csr_matrix((np.ones(len(data.edges)), (data.edges[:, 1], data.edges[:, 0])),
                             (count, count))
    return {"depths": list(range(DEPTHS + 1)),
            "curves": {name: np.mean([_apart(spread, data.x, seed) for seed in seeds], 0).tolist()
                       for name, spread in (("gcn", whole), ("sum", ones))}}


def _apart(spread: sparse.csr_matrix, x: np.ndarray, seed: int) -> list[float]:
    draw, told = np.random.default_rng(seed), [distance(x)]
    for _ in range(DEPTHS):
        weights = draw.normal(size=(x.shape[1], 16)) * np.sqrt(2 / x.shape[1])
        x = np.maximum(spread @ (x @ weights), 0)
        told.append(distance(x))
    return told


def distance(x: np.ndarray) -> float:
    """The mean cosine distance over all pairs of rows, 0..2; of many rows, over some of them."""
    x = x[np.linspace(0, len(x) - 1, min(len(x), PAIRS)).astype(int)].astype(np.float64)
    size = np.linalg.norm(x, axis=1, keepdims=True)
    x = x[size[:, 0] > 1e-12] / size[size[:, 0] > 1e-12]
    if len(x) < 2:
        return 0.0
    same = float((x.sum(axis=0) ** 2).sum()) - len(x)  # Σ over pairs of different rows
    return round(1 - same / (len(x) * (len(x) - 1)), 6)
