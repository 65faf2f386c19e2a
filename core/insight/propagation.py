"""Without TensorFlow: how a graph is drawn, what a network has to beat, and over-smoothing."""

import base64
import time
import warnings

import numpy as np
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.neural_network import MLPClassifier

from core.data.graph import Graph, distinct, sums
from core.data.graphs import DATA_SETS, own_graph
from core.data.layouts import places, tiles
from core.data.links import for_task
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
        return for_task(own_graph(params.own, params.labels), params.task)
    return for_task(DATA_SETS[params.dataset](params), params.task)


def drawing(params: Params) -> dict:
    """What a page needs to draw the graph. ``places``: x and y of each node in thousandths, from
    -1000 to 1000; ``edges``: each once, packed, and their ``weights`` if not all are 1; ``y``:
    classes of nodes, -1 unknown; ``parts``: 1 known in training, 2 validation, 3 test, 0 none of
    them. With hidden edges ``pairs`` (packed) and which of them are ``linked``; of small graphs the
    number of each node's graph in ``of``, and the columns and rows of their ``tiles``."""
    data = load(params)
    pairs, weights, _ = distinct(data.edges)
    y, parts = data.y, data.train * 1 + data.val * 2 + data.test * 3
    classes, more = data.class_names, {}
    if weights.max(initial=1) > 1:
        more["weights"] = weights.tolist()
    if data.task == "links":
        hidden, classes = ~data.train, data.whole.class_names
        more |= {"pairs": _packed(data.asked[hidden]), "linked": y[hidden].tolist()}
        y, parts = data.whole.y, np.zeros(len(data.x), int)
    elif data.task == "graphs":
        of = data.asked[:, 0]
        more |= {"of": of.tolist(), "tiles": tiles(len(y))}
        y, parts = y[of], parts[of]
    return {"places": np.round(places(data) * 1000).astype(int).ravel().tolist(),
            "edges": _packed(pairs), "y": y.tolist(), "parts": parts.tolist(),
            "task": data.task, "classes": list(classes), "names": list(data.names), **more}


def _packed(edges: np.ndarray) -> str:
    return base64.b64encode(edges.astype("<u2").tobytes()).decode()


def measure(params: Params) -> dict:
    """Simpler methods on the same split, by the task.

    Returns ``methods``: ``name`` (a message), ``metrics`` (``val_accuracy``, ``test_accuracy``; of
    hidden edges ``val_auc``, ``test_auc``), ``seconds``.
    """
    data, told = load(params), []
    figure = "auc" if data.task == "links" else "accuracy"
    for name, method in METHODS[data.task].items():
        began = time.monotonic()
        found = method(data)
        metrics = {f"{split}_{figure}": _measured(data, found, part)
                   for split, part in (("val", data.val), ("test", data.test))}
        told.append({"name": name, "seconds": round(time.monotonic() - began, 2),
                     "metrics": metrics})
    return {"methods": told, "rows": int(data.train.sum())}


def _measured(data: Graph, found: np.ndarray, part: np.ndarray) -> float:
    """Of scores of pairs the area under the ROC curve, of classes the share of right ones."""
    if data.task == "links":
        return float(roc_auc_score(data.y[part], found[part]))
    return float((found == data.y)[part].mean())


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


def common_neighbours(data: Graph) -> np.ndarray:
    """How much two nodes share of known neighbours, those with few edges counting more; scores of
    all pairs that are asked about, (p,). (Adamic & Adar, "Friends and neighbors on the web", 2003.)
    """
    joined = _adjacency(data)
    degree = np.asarray(joined.sum(axis=1)).ravel()
    weighed = joined @ sparse.diags(1 / np.log(np.maximum(degree, 2))) @ joined
    return _of_pairs(weighed.tocsr(), data.asked)


def popularity(data: Graph) -> np.ndarray:
    """Whoever has many edges gets more: the product of both degrees, (p,). (Barabási & Albert,
    "Emergence of scaling in random networks", 1999.)"""
    degree = np.bincount(data.edges[:, 1], minlength=len(data.x))
    return degree[data.asked].prod(axis=1).astype(float)


def _adjacency(data: Graph) -> sparse.csr_matrix:
    """1 where two nodes are known to be joined, (n, n)."""
    pairs = np.unique(data.edges, axis=0)
    return sparse.csr_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])),
                             (len(data.x), len(data.x)))


def _of_pairs(matrix: sparse.csr_matrix, pairs: np.ndarray) -> np.ndarray:
    return np.asarray(matrix[pairs[:, 0], pairs[:, 1]]).ravel()


def atoms_counted(data: Graph) -> np.ndarray:
    """A logistic regression on how often each kind of node is in a graph; (g,) classes."""
    return _counted(data, sums(data.x, data.asked[:, 0], len(data.y)))


def bonds_counted(data: Graph) -> np.ndarray:
    """A logistic regression on how often each kind of edge is in a graph; (g,) classes."""
    kinds = np.einsum("ea,eb->eab", data.x[data.edges[:, 0]], data.x[data.edges[:, 1]])
    return _counted(data, sums(kinds.reshape(len(data.edges), -1),
                                data.asked[data.edges[:, 0], 0], len(data.y)))


def _counted(data: Graph, counts: np.ndarray) -> np.ndarray:
    model = LogisticRegression(max_iter=1_000).fit(counts[data.train], data.y[data.train])
    return model.predict(counts)


METHODS = {
    "nodes": {N_("Label propagation (no features)"): label_propagation,
              N_("Network without the graph (MLP)"): without_graph},
    "links": {N_("Common neighbours (Adamic–Adar)"): common_neighbours,
              N_("Popularity (product of degrees)"): popularity},
    "graphs": {N_("Counting atoms"): atoms_counted, N_("Counting bonds"): bonds_counted},
}


def smoothing(params: Params) -> dict:
    """How far apart nodes are after 0 to 8 layers that have learned nothing: the mean cosine
    distance of all pairs (0: all point the same way), for the bare sum and for the normalised
    mean of GCN, with ReLU between random layers; the mean of some random networks."""
    data = load(params)
    count, seeds = len(data.x), range(TRIES)
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
