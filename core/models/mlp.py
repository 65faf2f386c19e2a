"""A feed-forward network that predicts a column of a table from the others.

Layers of neurons, each a weighted sum of everything before it and a bend; the last layer gives a
probability, one for each class, or a value. (Rumelhart, Hinton & Williams, "Learning
representations by back-propagating errors", 1986.)
"""

import json

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from core.data.tabular import TABLES, Data, split
from core.layers import seed_of
from core.layers.optimizers import optimizer
from core.layers.report import Report, measured
from core.layers.scale import scaled


def load(params) -> Data:
    """The table, encoded and split."""
    return split(TABLES[params.dataset](params), params.fold, params.share)


def build(params, data: Data) -> keras.Model:
    """The compiled network: (n, inputs) in the table's own units → (n, 1) the probability of the
    second of two classes, (n, classes) probabilities, or (n, 1) values in the target's unit."""
    row = keras.Input(data.x_train.shape[1:], name="input")
    x = scaled(data.x_train)(row)
    regular = keras.regularizers.L2(params.l2) if params.l2 else None
    for number, layer in enumerate(params.hidden, start=1):
        x = dense(layer.units, f"dense{number}", params, params.activation, regular)(x)
        if layer.dropout:
            x = layers.Dropout(layer.dropout, seed=seed_of(params.seed, f"drop{number}"),
                               name=f"drop{number}")(x)
    classes, weight = len(data.class_names), 1.0
    if classes > 2:
        answer = dense(classes, "output", params, "softmax", regular)(x)
        loss, metric = "sparse_categorical_crossentropy", "accuracy"
    elif classes == 2:
        answer = dense(1, "output", params, "sigmoid", regular)(x)
        loss, metric = "binary_crossentropy", "accuracy"
    else:
        mean, spread = float(data.y_train.mean()), float(data.y_train.std()) or 1.0
        answer = dense(1, "output", params, "linear", regular)(x)
        answer = layers.Rescaling(spread, mean, name="unit")(answer)
        # As a share of the variance: 1 is no better than always saying the mean.
        loss, weight = "mean_squared_error", 1 / spread**2
        metric = keras.metrics.RootMeanSquaredError("rmse")
    model = keras.Model(row, answer, name="mlp")
    model.compile(
        optimizer=optimizer(params.optimizer, params.learning_rate),
        loss=loss, loss_weights=weight, metrics=[metric],
        jit_compile=False,  # for networks of this size compiling costs more than it saves
    )
    return model


def dense(units: int, name: str, params, activation: str, regular):
    """A fully connected layer. Its first weights keep the signal's size (Glorot & Bengio 2010)."""
    first = keras.initializers.GlorotUniform(seed=seed_of(params.seed, name))
    return layers.Dense(units, activation, name=name, kernel_initializer=first,
                        kernel_regularizer=regular)


def train(params, model: keras.Model, data: Data, callbacks=()) -> keras.callbacks.History:
    """Fit the network, with the training rows in a new order in each epoch. With early stopping
    it ends with the weights of its best epoch."""
    batches = tf.data.Dataset.from_tensor_slices((data.x_train, answers(data.y_train)))
    batches = batches.shuffle(len(data.x_train), seed=seed_of(params.seed, "order"))
    batches = batches.batch(params.batch_size).prefetch(1)
    if params.patience:
        callbacks = [keras.callbacks.EarlyStopping(patience=params.patience,
                                                   restore_best_weights=True), *callbacks]
    return model.fit(batches, epochs=params.epochs, callbacks=list(callbacks),
                     validation_data=(data.x_val, answers(data.y_val)), validation_batch_size=1024,
                     shuffle=False, verbose=0)  # the batches are shuffled already


def answers(y: np.ndarray) -> np.ndarray:
    """A column, as the network answers: (n,) → (n, 1)"""
    return y[:, None]


def score(params, model: keras.Model, data: Data) -> dict[str, float]:
    """The loss, and accuracy or error, on rows that the network was not trained with."""
    return measured(model, {"val": (data.x_val, answers(data.y_val)),
                            "test": (data.x_test, answers(data.y_test))}, 1024)


if __name__ == "__main__":
    import sys

    from core.params import from_text
    from core.rooms.mlp import MLP

    params, _ = from_text(MLP, dict(each.split("=", 1) for each in sys.argv[1:]))
    callbacks = [Report()]
    data = load(params)
    model = build(params, data)
    train(params, model, data, callbacks)
    print(json.dumps(score(params, model, data)))
