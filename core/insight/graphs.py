"""Looking inside a graph neural network: what it says of each node, and why.

Answers are functions of a model and its context that return JSON-able dicts, as those of
:mod:`core.insight.vision`. ``row`` is a list of edges that the visitor added or took away: node
numbers, two for each edge.
"""

import base64
from functools import lru_cache

import keras
import numpy as np
import tensorflow as tf

from core.data.graph import Graph, both_ways, distinct, sums
from core.data.layouts import places
from core.insight.points import main_directions
from core.insight.tables import confusion, short
from core.models import gnn
from core.params import from_text
from core.rooms.gnn import GNN

SHOWN = 8  # values of a vector that a page shows
MOST_HEARD = 60  # neighbours that a page lists
MOST_WEIGHED = 4_000  # directed edges whose attention a page draws
PARTNERS = 6  # nodes that a page names as the most probable new neighbours


@lru_cache(maxsize=3)
def _data(texts: tuple) -> Graph:
    params, _ = from_text(GNN, dict(texts))
    return gnn.load(params)


def data_of(context: dict) -> Graph:
    """The graph that a network was trained on."""
    return _data(tuple(sorted(context["params"].items())))


def snapshot(model: keras.Model, data: Graph) -> dict:
    """The confusion matrix on the validation part, and what it says of every node."""
    values, answers = said(model, data, data.edges)
    matrix = confusion(data.class_names, data.y[data.val], answers.argmax(axis=1)[data.val])
    return {**matrix, "graph": _told(model, data, data.edges, values, answers)}


def state(model: keras.Model, context: dict, *, row: list | None = None) -> dict:
    """What it says of every node, with the visitor's changes to the edges."""
    data = data_of(context)
    edges = toggled(data.edges, len(data.x), row)
    return _told(model, data, edges, *said(model, data, edges))


def others(model: keras.Model, data: Graph) -> float:
    """Accuracy on all nodes, pairs or graphs with a class that the network was not told."""
    right = said(model, data, data.edges)[1].argmax(axis=1) == data.y
    return float(right[~data.train & (data.y >= 0)].mean())


def layers_of(model: keras.Model) -> list[keras.layers.Layer]:
    """The layers in which nodes hear each other."""
    return [each for each in model.layers if each.name.startswith("layer")]


def said(model: keras.Model, data: Graph,
         edges: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
    """What each layer on the graph makes of all nodes, the features first, arrays (n, values);
    and the probabilities of what is asked about, (a, classes)."""
    edges = tf.constant(edges, tf.int32)
    values = [tf.constant(data.x)]
    for layer in layers_of(model):
        values.append(layer(values[-1], edges, training=False))
    asked = [] if data.asked is None else [tf.constant(data.asked)]
    answers = model.get_layer("classes")(values[-1], *asked)
    return [np.nan_to_num(each.numpy()) for each in values], np.nan_to_num(answers.numpy())


def _told(model, data: Graph, edges: np.ndarray, values: list[np.ndarray],
          answers: np.ndarray) -> dict:
    """``nodes``: four bytes a node: its class, how sure the network is (0..255), its place in the
    plane (128 is the middle). Of hidden edges and the pairs beside them ``pairs``: a byte for each,
    how probable an edge is; a node's class is then its own. With attention ``heard``: two bytes for
    each pair of neighbours, first what the one hears of the other."""
    labels, sure = answers.argmax(axis=1), answers.max(axis=1)
    if data.task == "nodes":
        flat = plane(values[-2] if len(values) > 2 else answers, places(data))
    elif data.task == "links":
        labels, sure = np.maximum(data.whole.y, 0), np.ones(len(data.x))
        flat = plane(values[-1], places(data.whole))
    else:
        of = data.asked[:, 0]
        labels, sure = labels[of], sure[of]
        flat = plane(means(values[-1], of), means(places(data), of))[of]
    told = {"nodes": _bytes(np.column_stack([labels, sure * 255, flat * 127 + 128]))}
    if data.task == "links":
        told["pairs"] = _bytes(answers[~data.train, 1] * 255)
    first = layers_of(model)[0]
    if hasattr(first, "heads") and edges is data.edges and len(edges) <= MOST_WEIGHED:
        told["heard"] = _bytes(_heard(first, values[0], edges) * 255)
    return told


def means(values: np.ndarray, of: np.ndarray) -> np.ndarray:
    """The mean of the nodes of each graph: (n, f) → (g, f)."""
    return sums(values, of, of.max() + 1) / np.bincount(of)[:, None]


def _heard(layer, x: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """How much the nodes of each pair of neighbours hear of each other: (2u,), the pairs one way,
    then the other way round."""
    pairs, _, where = distinct(edges)
    weighed, heard = shares(layer, x, edges).mean(axis=1)[:len(edges)], np.zeros((2, len(pairs)))
    backward = (edges[:, 0] > edges[:, 1]).astype(int)
    np.add.at(heard, (backward, np.tile(where, 2)), weighed)
    return heard.ravel()


def _bytes(values: np.ndarray) -> str:
    return base64.b64encode(np.round(values).clip(0, 255).astype(np.uint8).tobytes()).decode()


def shares(layer, x: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """How much counts along each edge of a layer, its own loops last: (e, heads)."""
    x, edges = tf.constant(x), tf.constant(edges, tf.int32)
    return layer.shares(layer.messages(x), layer.heard(x, edges), False).numpy()


def plane(values: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Nodes in the plane of their two main directions (PCA), within -1..1: (n, 2).

    PCA leaves open which way its axes point. They are turned or mirrored, never stretched, so
    that the nodes come as near as they can to where they are ``drawn``: so the picture
    does not flip between two epochs (orthogonal Procrustes: Schönemann 1966).
    """
    flat = np.zeros((len(values), 2))
    found = main_directions(values.astype(np.float64))[0][:, :2]
    flat[:, :found.shape[1]] = found
    u, _, v = np.linalg.svd(flat.T @ (drawn - drawn.mean(axis=0)))
    turned = flat @ u @ v
    reach = np.percentile(np.abs(turned).max(axis=1), 99)  # what lies far off stands at the rim
    return (turned / max(reach, 1e-9)).clip(-1, 1)


def toggled(edges: np.ndarray, count: int, row: list | None) -> np.ndarray:
    """Directed edges (e, 2) after each pair of nodes in ``row`` was joined, or parted if it was
    joined. What is no pair of the ``count`` nodes is left out."""
    if not row:
        return edges
    changed: set[tuple[int, int]] = set()
    numbers = [-1 if each is None else int(each) for each in row]
    for a, b in zip(numbers[::2], numbers[1::2]):
        if a != b and min(a, b) >= 0 and max(a, b) < count:
            changed ^= {(min(a, b), max(a, b))}
    half = [tuple(sorted(edge)) for edge in edges[:len(edges) // 2].tolist()]
    kept = [edge for edge in half if edge not in changed]
    kept += sorted(changed - set(half))
    return both_ways(kept)


def node(model: keras.Model, context: dict, *, index: int = 0, count: int = 1,
         row: list | None = None) -> dict:
    """One step of message passing by hand: what node ``index`` hears in layer ``count`` (from 1).

    Of each neighbour: its number, how many edges lead from it, how much of it counts, what it says;
    then the sum, what the node itself adds, the bias, and what the activation makes of it. Of
    several heads, all this is the first one's. Vectors are cut after :data:`SHOWN` values.
    ``chances`` are those of the node or of its graph; where edges are asked about, ``partners``
    names who it would be joined with.
    """
    data, layers = data_of(context), layers_of(model)
    edges = toggled(data.edges, len(data.x), row)
    index = min(max(int(index), 0), len(data.x) - 1)
    count = min(max(int(count), 1), len(layers))
    layer, (values, answers) = layers[count - 1], said(model, data, edges)
    x = tf.constant(values[count - 1])
    heard = layer.heard(x, tf.constant(edges, tf.int32)).numpy()
    messages = layer.messages(x).numpy()  # (n, heads, units)
    weighed = shares(layer, values[count - 1], edges)  # (e, heads)
    into = np.flatnonzero(heard[:, 1] == index)
    total = (weighed[into][..., None] * messages[heard[into, 0]]).sum(axis=0)  # (heads, units)
    degree = np.bincount(heard[:, 1], minlength=len(x))
    sources, times = np.unique(heard[into, 0], return_counts=True)
    counts = [weighed[into, 0][heard[into, 0] == each].sum() for each in sources]
    order = np.argsort(-np.array(counts), kind="stable")
    return {
        "node": index, "layer": count, "layers": len(layers), "kind": type(layer).__name__,
        "degree": int(degree[index]), "heads": int(messages.shape[1]),
        "shapes": {"x": list(x.shape), "messages": list(messages.shape),
                   "out": len(values[count][index])},
        "heard": [{"node": int(sources[each]), "times": int(times[each]),
                   "share": short(counts[each]), "degree": int(degree[sources[each]]),
                   "says": vector(messages[sources[each], 0])} for each in order[:MOST_HEARD]],
        "left_out": max(len(sources) - MOST_HEARD, 0),
        "input": vector(values[count - 1][index]), "sum": vector(total[0]),
        "own": vector(np.asarray(x[index:index + 1] @ layer.own)[0]) if hasattr(layer, "own")
        else None,
        "bias": vector(layer.bias.numpy()) if hasattr(layer, "bias") else None,
        "bend": layer.bend, "out": vector(values[count][index]),
        **_answer(model, data, index, values[-1], answers),
    }


def _answer(model, data: Graph, index: int, values: np.ndarray, answers: np.ndarray) -> dict:
    """What the network says of a node in the end."""
    if data.task != "links":
        about = index if data.task == "nodes" else data.asked[index, 0]
        return {"chances": [short(each) for each in answers[about]]}
    met = set(data.edges[data.edges[:, 0] == index, 1].tolist()) | {index}
    new = np.array([each for each in range(len(data.x)) if each not in met], np.int32)
    pairs = np.stack([np.full(len(new), index, np.int32), new], axis=1)
    likely = model.get_layer("classes")(tf.constant(values), tf.constant(pairs)).numpy()[:, 1]
    hidden = {tuple(each) for each in np.sort(data.asked[data.y == 1], axis=1).tolist()}
    best = np.argsort(-likely, kind="stable")[:PARTNERS]
    return {"partners": [{"node": int(new[each]), "share": short(likely[each]),
                          "hidden": tuple(sorted(pairs[each].tolist())) in hidden}
                         for each in best]}


def vector(values: np.ndarray) -> list[float | None]:
    """The first values of a vector."""
    return [short(each) for each in values[:SHOWN]]
