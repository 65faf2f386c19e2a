"""A network that forecasts a series: it sees the last values and says the next ones.

A recurrent layer reads its window value by value and keeps a state: a simple one (Elman, "Finding
structure in time", 1990), a long short-term memory with three gates (Hochreiter & Schmidhuber 1997;
Gers, Schmidhuber & Cummins 2000) or a gated recurrent unit (Cho et al. 2014). A convolution slides
along the window (Bai, Kolter & Koltun 2018), and in a Transformer each value looks at all others
(Vaswani et al. 2017). A linear autoregression may stand beside the network, and their forecasts
are added (Lai et al., "Modeling long- and short-term temporal patterns", 2018).
"""

import json

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from core.data.series import SERIES, Data, cut
from core.layers import seed_of
from core.layers.optimizers import optimizer
from core.layers.report import Report, measured
from core.layers.series import Difference, FirstStep, Place, Restore, Spread


def load(params) -> Data:
    """The windows of the series: training, then validation, then test, in the order of time."""
    return cut(SERIES[params.dataset](params), params)


def build(params, data: Data) -> keras.Model:
    """The compiled network: (n, window + lag) values → (n, horizon) values that follow, both in the
    series' own unit."""
    past = keras.Input(data.x_train.shape[1:], name="input")
    x = Difference(data.lag, name="difference")(past) if data.lag else past
    x = seen = layers.Normalization(axis=None, mean=data.middle, variance=data.spread**2,
                                    name="scale")(x)  # (n, window)
    x = layers.Reshape((params.window, 1), name="sequence")(x)
    way = {"conv": convolutions, "transformer": transformer}
    x = way.get(params.architecture, recurrent)(x, params)
    x = dense(params.horizon, "forecast", params)(x)
    if params.shortcut:
        line = dense(params.horizon, "shortcut", params)
        x = layers.Add(name="sum")([x, line(seen)])
    x = layers.Rescaling(data.spread, data.middle, name="unscale")(x)
    if data.lag:
        x = Restore(data.lag, name="restore")(past, x)
    model = keras.Model(past, x, name="rnn")
    if params.shortcut:  # it begins as the best straight line, and the network with nothing
        line.set_weights(straight(data))
        answer = model.get_layer("forecast")
        answer.set_weights([0 * weight for weight in answer.get_weights()])
    rule = optimizer(params.optimizer, params.learning_rate)
    rule.global_clipnorm = params.clip or None
    model.compile(
        optimizer=rule, loss=Spread(data.spread), metrics=[FirstStep(name="rmse")],
        jit_compile=False,  # for networks of this size compiling costs more than it saves
    )
    return model


def straight(data: Data) -> list:
    """Linear autoregression by least squares on the training windows: weights (window, horizon) and
    constants (horizon,), for scaled values or changes."""
    whole = np.hstack([data.x_train, data.y_train]).astype(np.float64)
    whole = whole[:, data.lag:] - whole[:, :-data.lag] if data.lag else whole
    seen, ahead = np.split((whole - data.middle) / data.spread, [-data.y_train.shape[1]], axis=1)
    weights = np.linalg.lstsq(np.column_stack([seen, np.ones(len(seen))]), ahead, rcond=None)[0]
    return [weights[:-1], weights[-1]]


def recurrent(x, params):
    """Layers that read the window step by step; the last one gives its last state:
    (n, window, 1) → (n, units)."""
    kind = {"rnn": layers.SimpleRNN, "lstm": layers.LSTM, "gru": layers.GRU}[params.architecture]
    for number in range(1, params.layers + 1):
        name = f"{params.architecture}{number}"
        x = kind(params.units, activation=params.activation, name=name,
                 return_sequences=number < params.layers,
                 kernel_initializer=first_weights(name, params),
                 recurrent_initializer=keras.initializers.Orthogonal(
                     seed=seed_of(params.seed, f"{name} recurrent")))(x)
    return x


def convolutions(x, params):
    """Convolutions that see the past only, each twice as far apart as the one before:
    (n, window, 1) → (n, window · units)."""
    for number in range(1, params.layers + 1):
        name = f"conv{number}"
        x = layers.Conv1D(params.units, 3, padding="causal", dilation_rate=2 ** (number - 1),
                          activation="relu", name=name,
                          kernel_initializer=first_weights(name, params))(x)
    return layers.Flatten(name="flatten")(x)


def transformer(x, params):
    """Encoder blocks, in which each step looks at all others: (n, window, 1) →
    (n, window · units)."""
    x = Place(name="place")(dense(params.units, "embed", params)(x))
    for number in range(1, params.layers + 1):
        attention = layers.MultiHeadAttention(4, max(params.units // 4, 1),
                                              name=f"attention{number}")
        x = layers.Add(name=f"added{number}")([x, attention(x, x)])
        seeded(attention, params)
        x = layers.LayerNormalization(name=f"norm{number}")(x)
        wide = dense(2 * params.units, f"wide{number}", params, "relu")(x)
        narrow = dense(params.units, f"narrow{number}", params)(wide)
        x = layers.LayerNormalization(name=f"level{number}")(
            layers.Add(name=f"sum{number}")([x, narrow]))
    return layers.Flatten(name="flatten")(x)


def seeded(attention, params):
    """Give queries, keys and values first weights of their own: one seed for the whole layer would
    make them alike."""
    for weight in attention.weights:
        if weight.name == "kernel":
            weight.assign(first_weights(weight.path, params)(weight.shape))


def dense(units: int, name: str, params, activation: str = "linear"):
    """A fully connected layer."""
    return layers.Dense(units, activation, name=name,
                        kernel_initializer=first_weights(name, params))


def first_weights(name: str, params):
    """Random weights whose size keeps the signal's size (Glorot & Bengio 2010)."""
    return keras.initializers.GlorotUniform(seed_of(params.seed, name))


def train(params, model: keras.Model, data: Data, callbacks=()) -> keras.callbacks.History:
    """Fit the network, with its windows in a new order in each epoch. With early stopping it ends
    with the weights of its best epoch on validation."""
    batches = tf.data.Dataset.from_tensor_slices((data.x_train, data.y_train))
    batches = batches.shuffle(len(data.x_train), seed=seed_of(params.seed, "order"))
    batches = batches.batch(params.batch_size).prefetch(1)
    first = [keras.callbacks.EarlyStopping("val_loss", patience=params.patience,
                                           restore_best_weights=True)] if params.patience else []
    return model.fit(batches, epochs=params.epochs, callbacks=[*first, *callbacks],
                     validation_data=(data.x_val, data.y_val), validation_batch_size=1_024,
                     shuffle=False, verbose=0)  # the batches are shuffled already


def score(params, model: keras.Model, data: Data) -> dict[str, float]:
    """Loss, and the error of one step ahead, on values that the network was not trained with:
    walked through forward, one step at a time, with the true past before each."""
    return measured(model, {"val": (data.x_val, data.y_val), "test": (data.x_test, data.y_test)},
                    1_024)


if __name__ == "__main__":
    import sys

    from core.params import from_text
    from core.rooms.rnn import RNN

    params, _ = from_text(RNN, dict(each.split("=", 1) for each in sys.argv[1:]))
    callbacks = [Report()]
    data = load(params)
    model = build(params, data)
    train(params, model, data, callbacks)
    print(json.dumps(score(params, model, data)))
