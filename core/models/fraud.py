"""Finding fraud among card payments: a small network, or an autoencoder that knows only what is
normal.

The network says how probable a fraud is. Frauds are rare, so one may weigh them more, show them
more often, or have the loss look away from what is easy (Lin et al., "Focal loss for dense object
detection", 2017). The autoencoder squeezes a normal payment through a few numbers and restores it;
what it restores badly is suspicious (Hawkins et al., "Outlier detection using replicator neural
networks", 2002).
"""

import json

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from core.data.fraud import PAYMENTS, in_turn, to_learn_from
from core.data.tabular import Data
from core.layers import seed_of
from core.layers.optimizers import optimizer
from core.layers.ranked import Ranked, ranked
from core.layers.report import Report, measured
from core.layers.scale import scaled


def load(params) -> Data:
    """The payments, split at random or in the order of time."""
    return in_turn(PAYMENTS[params.dataset](params), params.split, params.fold)


def build(params, data: Data) -> keras.Model:
    """The compiled network: (n, inputs) in the file's own units → (n, 1), 0..1, the higher the more
    suspicious."""
    seen = data.x_train
    if params.scaler == "all":  # the article's way: the test rows have a say in the scale
        seen = np.concatenate([data.x_train, data.x_val, data.x_test])
    row = keras.Input(seen.shape[1:], name="input")
    x = scaled(seen)(row)
    network = params.architecture == "network"
    answer = classifier(params, x) if network else autoencoder(params, x, seen.shape[1])
    model = keras.Model(row, answer, name="fraud")
    focal = network and params.loss == "focal"
    model.compile(
        optimizer=optimizer(params.optimizer, params.learning_rate),
        loss=(keras.losses.BinaryFocalCrossentropy(gamma=params.gamma) if focal
              else "binary_crossentropy"),
        metrics=["accuracy"],
        jit_compile=False,  # for networks of this size compiling costs more than it saves
    )
    return model


def classifier(params, x):
    """Hidden layers, then the probability of a fraud."""
    for number, layer in enumerate(params.hidden, start=1):
        x = dense(layer.units, f"dense{number}", params, "relu")(x)
        if layer.dropout:
            x = layers.Dropout(layer.dropout, seed=seed_of(params.seed, f"drop{number}"),
                               name=f"drop{number}")(x)
    return dense(1, "output", params, "sigmoid")(x)


def autoencoder(params, x, size: int):
    """The squared error e of restoring a payment, as e / (1 + e).

    With a fraud's probability being that, cross-entropy on normal rows is log(1 + e): to learn
    what is normal and to restore it is the same.
    """
    back = x
    for number, layer in enumerate(params.hidden, start=1):
        back = dense(layer.units, f"encode{number}", params, "tanh")(back)
    back = dense(params.code, "code", params, "linear")(back)
    for number, layer in reversed([*enumerate(params.hidden, start=1)]):
        back = dense(layer.units, f"decode{number}", params, "tanh")(back)
    back = dense(size, "restored", params, "linear")(back)
    off = layers.Subtract(name="difference")([x, back])
    error = layers.Dot(axes=1, name="squares")([off, off])
    error = layers.Rescaling(1 / size, name="error")(error)  # the mean of the squares
    return layers.Activation("softsign", name="output")(error)


def dense(units: int, name: str, params, activation: str):
    """A fully connected layer. Its first weights keep the signal's size (Glorot & Bengio 2010)."""
    first = keras.initializers.GlorotUniform(seed=seed_of(params.seed, name))
    return layers.Dense(units, activation, name=name, kernel_initializer=first,
                        kernel_regularizer=keras.regularizers.L2(params.l2) if params.l2 else None)


def train(params, model: keras.Model, data: Data, callbacks=()) -> keras.callbacks.History:
    """Fit the network, with its rows in a new order in each epoch. With early stopping it ends
    with the weights of its best epoch, by average precision on validation."""
    x, y, weights = lessons(params, data)
    batches = tf.data.Dataset.from_tensor_slices((x, y[:, None], weights[:, None]))
    batches = batches.shuffle(len(x), seed=seed_of(params.seed, "order"))
    batches = batches.batch(params.batch_size).prefetch(1)
    first = [Ranked(data.x_val, data.y_val)]
    if params.patience:
        first.append(keras.callbacks.EarlyStopping("val_ap", mode="max", patience=params.patience,
                                                   restore_best_weights=True))
    return model.fit(batches, epochs=params.epochs, callbacks=[*first, *callbacks],
                     validation_data=(data.x_val, data.y_val[:, None]),
                     validation_batch_size=8_192,
                     shuffle=False, verbose=0)  # the batches are shuffled already


def lessons(params, data: Data) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What it learns from: rows, their classes, and how much each row weighs (n,), float32.

    An autoencoder sees the normal payments only. Weights have mean 1, so that the learning rate
    means the same with and without them.
    """
    y = data.y_train
    if params.architecture == "autoencoder":
        rows = np.flatnonzero(y == 0)
        return data.x_train[rows], y[rows], np.ones(len(rows), np.float32)
    rows = to_learn_from(y, params.sampling, params.normals, seed_of(params.seed, "sampling"))
    weights = np.where(y[rows] == 1, params.fraud_weight, 1.0)
    return data.x_train[rows], y[rows], (weights / weights.mean()).astype(np.float32)


def score(params, model: keras.Model, data: Data) -> dict[str, float]:
    """Ranking, accuracy and loss on rows that the network was not trained with."""
    splits = {"val": (data.x_val, data.y_val), "test": (data.x_test, data.y_test)}
    figures = {f"{split}_{name}": value for split, rows in splits.items()
               for name, value in ranked(model, *rows).items()}
    return figures | measured(model, {split: (x, y[:, None]) for split, (x, y) in splits.items()},
                              8_192)


if __name__ == "__main__":
    import sys

    from core.params import from_text
    from core.rooms.fraud import Fraud

    params, _ = from_text(Fraud, dict(each.split("=", 1) for each in sys.argv[1:]))
    callbacks = [Report()]
    data = load(params)
    model = build(params, data)
    train(params, model, data, callbacks)
    print(json.dumps(score(params, model, data)))
