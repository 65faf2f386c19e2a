"""A graph neural network that finds the classes of nodes, missing edges, or the classes of graphs.

In each layer every node hears its neighbours: what they say is weighed, added up and changed by
weights that all nodes share. After two layers a node knows what its neighbours' neighbours are.

Of nodes only a few classes are known in training; all edges are (Kipf & Welling, "Semi-supervised
classification with graph convolutional networks", 2017). Of edges some are hidden, and two nodes
are expected to be joined if the network makes the same of them. Small graphs have one answer each,
from the mean of their nodes; all of them are one large graph in which none hears another.
"""

import json

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from core.data.graph import Graph
from core.data.graphs import DATA_SETS, own_graph
from core.data.links import for_task, unjoined
from core.layers import seed_of
from core.layers.graph import LAYERS
from core.layers.graphheads import EachGraph, EachNode, EachPair, EdgeAUC
from core.layers.optimizers import optimizer
from core.layers.report import Report, measured


def load(params) -> Graph:
    """The graph, its features, and what is known of it."""
    if params.dataset == "own":
        return for_task(own_graph(params.own, params.labels), params.task)
    return for_task(DATA_SETS[params.dataset](params), params.task)


def build(params, data: Graph) -> keras.Model:
    """The compiled network: features (n, f), edges (e, 2) and what is asked about → (a, classes)
    probabilities. Nodes need not be asked about: there is an answer for each."""
    x = features = keras.Input(data.x.shape[1:], name="features")
    edges = keras.Input((2,), dtype="int32", name="edges")
    for number in range(1, params.depth + 1):
        if params.dropout:
            x = layers.Dropout(params.dropout, name=f"drop{number}",
                               seed=seed_of(params.seed, f"drop{number}"))(x)
        x = graph_layer(number, params, data)(x, edges)
    inputs = [features, edges]
    if data.task == "nodes":
        answers = EachNode(name="classes")(x)
    else:
        inputs.append(keras.Input(data.asked.shape[1:], dtype="int32", name="asked"))
        head = (EachPair(name="classes") if data.task == "links"
                else EachGraph(len(data.class_names), params.seed, name="classes"))
        answers = head(x, inputs[-1])
    model = keras.Model(inputs, answers, name="gnn")
    model.compile(
        optimizer=optimizer(params.optimizer, params.learning_rate),
        # What is not known weighs nothing, neither in the loss nor in the accuracy.
        loss=keras.losses.SparseCategoricalCrossentropy(reduction="mean_with_sample_weight"),
        weighted_metrics=["accuracy", *([EdgeAUC()] if data.task == "links" else [])],
        jit_compile=False,  # for networks of this size compiling costs more than it saves
    )
    return model


def graph_layer(number: int, params, data: Graph):
    """Layer ``number`` of the network. Where nodes are asked about, the last one has a value for
    each class."""
    last, name = number == params.depth, f"layer{number}"
    answers = last and data.task == "nodes"
    bent = not last or data.task == "graphs"
    how = {"activation": params.activation if bent else "linear",
           "seed": seed_of(params.seed, name), "l2": params.l2, "name": name}
    if params.layer == "gat":
        how |= {"dropout": params.dropout, "heads": 1 if answers else params.heads,
                "merge": "mean" if answers else "concat"}
    return LAYERS[params.layer](len(data.class_names) if answers else params.units, **how)


def train(params, model: keras.Model, data: Graph, callbacks=()) -> keras.callbacks.History:
    """Fit the network: each epoch is one step with the whole graph. With early stopping it ends
    with the weights of its best epoch."""
    if params.patience:
        callbacks = [keras.callbacks.EarlyStopping(patience=params.patience,
                                                   restore_best_weights=True), *callbacks]
    batch = whole(data, data.train)
    if data.task == "links":
        batch = contrasted(data, seed_of(params.seed, "pairs"))
    return model.fit(batch, epochs=params.epochs, callbacks=list(callbacks),
                     validation_data=whole(data, data.val), shuffle=False, verbose=0)


def inputs_of(data: Graph) -> tuple[np.ndarray, ...]:
    """What the network is given: features, edges, and what is asked about."""
    return (data.x, data.edges) if data.asked is None else (data.x, data.edges, data.asked)


def whole(data: Graph, part: np.ndarray) -> tf.data.Dataset:
    """The whole graph as one batch, in which only ``part`` (a,) of the answers weighs anything."""
    known = np.maximum(data.y, 0)  # a node without a class has to have some number
    return tf.data.Dataset.from_tensors((inputs_of(data), known, part.astype(np.float32)))


def contrasted(data: Graph, seed: int) -> tf.data.Dataset:
    """The known edges, and in each epoch as many other pairs, drawn anew, that are not joined as
    far as one knows: the network has to tell them apart."""
    known = data.asked[data.train & (data.y == 1)]  # (p, 2)
    draw = np.random.default_rng(seed)

    def pairs():
        yield np.concatenate([known, unjoined(known, len(data.x), len(known), draw)])

    drawn = tf.data.Dataset.from_generator(
        pairs, output_signature=tf.TensorSpec((None, 2), tf.int32))
    batch = drawn.map(lambda asked: (
        (data.x, data.edges, asked),
        tf.cast(tf.range(len(asked)) < len(known), tf.int64),
        tf.ones(len(asked))))
    return batch.apply(tf.data.experimental.assert_cardinality(1))


def score(params, model: keras.Model, data: Graph) -> dict[str, float]:
    """Loss and accuracy on what the network was not told; of edges the area under the ROC curve,
    too."""
    return measured(model, {"val": (whole(data, data.val), None),
                            "test": (whole(data, data.test), None)})


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
