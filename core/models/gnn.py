"""A graph neural network that finds the classes of nodes.

In each layer every node hears its neighbours: what they say is weighed, added up and changed by
weights that all nodes share. After two layers a node knows what its neighbours' neighbours are.
Only a few nodes' classes are known in training; all edges are. (Kipf & Welling, "Semi-supervised
classification with graph convolutional networks", 2017.)
"""

import json

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from core.data.graphs import DATA_SETS, Graph, own_graph
from core.layers import seed_of
from core.layers.graph import LAYERS
from core.layers.optimizers import optimizer
from core.layers.report import Report


def load(params) -> Graph:
    """The graph, its features, and which nodes are known."""
    if params.dataset == "own":
        return own_graph(params.own, params.labels)
    return DATA_SETS[params.dataset](params)


def build(params, data: Graph) -> keras.Model:
    """The compiled network: features (n, f) and edges (e, 2) → (n, classes) probabilities."""
    x = features = keras.Input(data.x.shape[1:], name="features")
    edges = keras.Input((2,), dtype="int32", name="edges")
    for number in range(1, params.depth + 1):
        if params.dropout:
            x = layers.Dropout(params.dropout, name=f"drop{number}",
                               seed=seed_of(params.seed, f"drop{number}"))(x)
        x = graph_layer(number, len(data.class_names), params)(x, edges)
    classes = layers.Softmax(name="classes")(x)
    model = keras.Model([features, edges], classes, name="gnn")
    model.compile(
        optimizer=optimizer(params.optimizer, params.learning_rate),
        # Nodes that are not known weigh nothing, neither in the loss nor in the accuracy.
        loss=keras.losses.SparseCategoricalCrossentropy(reduction="mean_with_sample_weight"),
        weighted_metrics=["accuracy"],
        jit_compile=False,  # for networks of this size compiling costs more than it saves
    )
    return model


def graph_layer(number: int, classes: int, params):
    """Layer ``number`` of the network: its last one has a value for each class."""
    last, name = number == params.depth, f"layer{number}"
    how = {"activation": "linear" if last else params.activation,
           "seed": seed_of(params.seed, name), "l2": params.l2, "name": name}
    if params.layer == "gat":
        how |= {"dropout": params.dropout, "heads": 1 if last else params.heads,
                "merge": "mean" if last else "concat"}
    return LAYERS[params.layer](classes if last else params.units, **how)


def train(params, model: keras.Model, data: Graph, callbacks=()) -> keras.callbacks.History:
    """Fit the network: each epoch is one step with the whole graph. With early stopping it ends
    with the weights of its best epoch."""
    if params.patience:
        callbacks = [keras.callbacks.EarlyStopping(patience=params.patience,
                                                   restore_best_weights=True), *callbacks]
    return model.fit(whole(data, data.train), epochs=params.epochs, callbacks=list(callbacks),
                     validation_data=whole(data, data.val), shuffle=False, verbose=0)


def whole(data: Graph, nodes: np.ndarray) -> tf.data.Dataset:
    """The whole graph as one batch, in which only ``nodes`` (n,) weigh anything."""
    known = np.maximum(data.y, 0)  # a node without a class has to have some number
    return tf.data.Dataset.from_tensors(
        ((data.x, data.edges), known, nodes.astype(np.float32)))


def score(params, model: keras.Model, data: Graph) -> dict[str, float]:
    """Loss and accuracy on nodes whose classes the network was not told."""
    figures = {}
    for split, nodes in (("val", data.val), ("test", data.test)):
        found = model.evaluate(whole(data, nodes), verbose=0, return_dict=True)
        figures |= {f"{split}_{name}": value for name, value in found.items()}
    return figures


if __name__ == "__main__":
    import sys

    from core.params import from_text
    from core.rooms.gnn import GNN

    params, _ = from_text(GNN, dict(each.split("=", 1) for each in sys.argv[1:]))
    callbacks = [Report()]
    data = load(params)
    model = build(params, data)
    train(params, model, data, callbacks)
    print(json.dumps(score(params, model, data)))
