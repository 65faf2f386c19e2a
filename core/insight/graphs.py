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

from core.data.graphs import Graph
from core.data.layouts import places
from core.insight.points import main_directions
from core.insight.tables import confusion, short
from core.models import gnn
from core.params import from_text
from core.rooms.gnn import GNN

SHOWN = 8  # values of a vector that a page shows
MOST_HEARD = 60  # neighbours that a page lists
MOST_WEIGHED = 4_000  # directed edges whose attention a page draws


@lru_cache(maxsize=3)
def _data(texts: tuple) -> Graph:
    params, _ = from_text(GNN, dict(texts))
    return gnn.load(params)


def data_of(context: dict) -> Graph:
    """The graph that a network was trained on."""
    return _data(tuple(sorted(context["params"].items())))


def snapshot(model: keras.Model, data: Graph) -> dict:
    """The confusion matrix on the validation nodes, and what it says of every node."""
    told = said(model, data, data.edges)
    matrix = confusion(data.class_names, data.y[data.val], told[-1].argmax(axis=1)[data.val])
    return {**matrix, "graph": _told(model, data, data.edges, told)}


def state(model: keras.Model, context: dict, *, row: list | None = None) -> dict:
    """What it says of every node, with the visitor's changes to the edges."""
    data = data_of(context)
    edges = toggled(data.edges, len(data.y), row)
    return _told(model, data, edges, said(model, data, edges))


def others(model: keras.Model, data: Graph) -> float:
    """Accuracy on all nodes with a class that the network was not told."""
    right = said(model, data, data.edges)[-1].argmax(axis=1) == data.y
    return float(right[~data.train & (data.y >= 0)].mean())


def layers_of(model: keras.Model) -> list[keras.layers.Layer]:
    """The layers in which nodes hear each other."""
    return [each for each in model.layers if each.name.startswith("layer")]


def said(model: keras.Model, data: Graph, edges: np.ndarray) -> list[np.ndarray]:
    """What each layer on the graph makes of all nodes, the features first and the probabilities
    last: arrays (n, values)."""
    x, edges = tf.constant(data.x), tf.constant(edges, tf.int32)
    values = [x]
    for layer in layers_of(model):
        values.append(layer(values[-1], edges, training=False))
    values[-1] = tf.nn.softmax(values[-1])
    return [np.nan_to_num(each.numpy()) for each in values]


def _told(model, data: Graph, edges: np.ndarray, values: list[np.ndarray]) -> dict:
    """``nodes``: four bytes a node: its class, how sure the network is (0..255), its place in the
    plane (128 is the middle). With attention ``heard``: a byte for each directed edge."""
    chances, hidden = values[-1], values[-2] if len(values) > 2 else values[-1]
    flat = plane(hidden, places(data)) * 127 + 128
    nodes = np.column_stack([chances.argmax(axis=1), chances.max(axis=1) * 255, flat])
    told = {"nodes": _bytes(nodes)}
    first = layers_of(model)[0]
    if hasattr(first, "heads") and edges is data.edges and len(edges) <= MOST_WEIGHED:
        told["heard"] = _bytes(shares(first, values[0], edges).mean(axis=1)[:len(edges)] * 255)
    return told


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
    pairs = {(min(a, b), max(a, b)) for a, b in edges.tolist()}
    numbers = [-1 if each is None else int(each) for each in row]
    for a, b in zip(numbers[::2], numbers[1::2]):
        if a != b and min(a, b) >= 0 and max(a, b) < count:
            pairs ^= {(min(a, b), max(a, b))}
    kept = np.array(sorted(pairs), np.int32).reshape(-1, 2)
    return np.concatenate([kept, kept[:, ::-1]])


def node(model: keras.Model, context: dict, *, index: int = 0, count: int = 1,
         row: list | None = None) -> dict:
    """One step of message passing by hand: what node ``index`` hears in layer ``count`` (from 1).

    Of each neighbour: its number, how much of it counts, what it says; then the sum, what the
    node itself adds, the bias, and what the activation makes of it. Of several heads, all this is
    the first one's. Vectors are cut after :data:`SHOWN` values.
    """
    data, layers = data_of(context), layers_of(model)
    edges = toggled(data.edges, len(data.y), row)
    index = min(max(int(index), 0), len(data.y) - 1)
    count = min(max(int(count), 1), len(layers))
    layer, values = layers[count - 1], said(model, data, edges)
    x = tf.constant(values[count - 1])
    heard = layer.heard(x, tf.constant(edges, tf.int32)).numpy()
    messages = layer.messages(x).numpy()  # (n, heads, units)
    weighed = shares(layer, values[count - 1], edges)  # (e, heads)
    into = np.flatnonzero(heard[:, 1] == index)
    into = into[np.argsort(-weighed[into, 0], kind="stable")]
    total = (weighed[into][..., None] * messages[heard[into, 0]]).sum(axis=0)  # (heads, units)
    out = values[count][index] if count < len(layers) else layer(
        x, tf.constant(edges, tf.int32)).numpy()[index]
    return {
        "node": index, "layer": count, "layers": len(layers), "kind": type(layer).__name__,
        "degree": int((heard[:, 1] == index).sum()), "heads": int(messages.shape[1]),
        "shapes": {"x": list(x.shape), "messages": list(messages.shape), "out": len(out)},
        "heard": [{"node": int(heard[edge, 0]), "share": short(weighed[edge, 0]),
                   "degree": int((heard[:, 1] == heard[edge, 0]).sum()),
                   "says": vector(messages[heard[edge, 0], 0])} for edge in into[:MOST_HEARD]],
        "left_out": max(len(into) - MOST_HEARD, 0),
        "input": vector(values[count - 1][index]), "sum": vector(total[0]),
        "own": vector(np.asarray(x[index:index + 1] @ layer.own)[0]) if hasattr(layer, "own")
        else None,
        "bias": vector(layer.bias.numpy()) if hasattr(layer, "bias") else None,
        "bend": layer.bend, "out": vector(out),
        "chances": [short(each) for each in values[-1][index]],
    }


def vector(values: np.ndarray) -> list[float | None]:
    """The first values of a vector."""
    return [short(each) for each in values[:SHOWN]]
