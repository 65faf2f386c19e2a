"""A transformer: every position looks at all others and takes what it needs.

Text, sentences and pictures all become a row of vectors, one for each sign, word or patch. In each
layer attention moves information between the positions, and a small network changes each position
by itself; both only add to what is there (Vaswani et al., "Attention is all you need", 2017). A
network that writes sees only what came before (Radford et al., "Improving language understanding
by generative pre-training", 2018); one that sees cuts pictures into patches (Dosovitskiy et al.,
"An image is worth 16×16 words", 2021).

In shapes: n examples, t positions, c channels.
"""

import json

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from core.data.sequences import DATA_SETS, Sequences, own_text
from core.layers import seed_of
from core.layers.attention import Attention, Positions
from core.layers.optimizers import optimizer
from core.layers.rates import Schedule
from core.layers.report import Report, measured
from core.layers.tokens import Filled, MeanOf, Patches, Tokens

PIECES = 100  # batches of an epoch that writes: it cuts its pieces anywhere in the text
WATCHED = 256  # validation pieces that are looked at after each epoch; the final figures take all


def load(params) -> Sequences:
    """Texts, sentences or pictures, and their fixed split."""
    if params.dataset == "own":
        return own_text(params)
    return DATA_SETS[params.dataset](params)


# The network

def build(params, data: Sequences) -> keras.Model:
    """The compiled network: signs (n, t) → probabilities of the next one (n, t, signs); words
    (n, t) or pictures (n, h, w, 1) → probabilities (n, classes)."""
    given, x, filled = pictures(params, data) if data.task == "see" else words(params, data)
    if params.positions != "none":
        x = Positions(params.positions, x.shape[1] or params.context,
                      seed_of(params.seed, "positions"), name="positions")(x)
    x = dropout(x, "drop", params)
    for number in range(1, params.depth + 1):
        x = block(x, filled, number, params, causal=data.task == "write")
    if data.task != "write":
        x = MeanOf(name="mean")(x) if filled is None else MeanOf(name="mean")(x, filled)
    if params.norm == "pre":
        x = normed(x, "norm")  # after the mean: before, each word would count alike
    if data.task != "write":
        x = dropout(x, "drop_mean", params)
    answers = dense(len(data.class_names), "classes", params, activation="softmax")(x)
    model = keras.Model(given, answers, name="transformer")
    # Large steps are cut short; matrices of weights shrink a little, biases and scales do not.
    learner = optimizer(params.optimizer, params.learning_rate, global_clipnorm=1.0,
                        weight_decay=params.decay or None)
    learner.exclude_from_weight_decay(var_names=["bias", "gamma", "beta", "positions"])
    model.compile(optimizer=learner, loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"], jit_compile=False)
    return model


def words(params, data: Sequences):
    """Signs or words by their numbers: what is given, (n, t); their vectors, (n, t, c); where
    sentences are filled up, (n, 1, t)."""
    given = keras.Input((None,) if data.task == "write" else (params.context,), dtype="int32",
                        name="input")
    filled = Filled(name="filled")(given) if data.task == "judge" else None
    x = Tokens(data.vocabulary, params.channels, seed_of(params.seed, "tokens"),
               name="tokens")(given)
    if params.unread and data.task == "judge":
        x = layers.Dropout(params.unread, noise_shape=(None, None, 1), name="unread",
                           seed=seed_of(params.seed, "unread"))(x)  # whole words
    return given, x, filled


def pictures(params, data: Sequences):
    """Patches of pictures: what is given, (n, h, w, 1); their vectors, (n, patches, c)."""
    given = keras.Input(data.x_val.shape[1:], name="input")
    x = Patches(params.patch, name="patches")(given)
    return given, dense(params.channels, "tokens", params)(x), None


def block(x, filled, number: int, params, causal: bool):
    """A layer of the transformer: attention, then a small network for each position by itself.
    (n, t, c) → (n, t, c)

    The norm comes before both ("pre", Xiong et al. 2020) or after each sum ("post", as in 2017).
    """
    size = params.size or max(1, params.channels // params.heads)
    attend = Attention(params.heads, size, causal, params.dropout, params.depth,
                       seed_of(params.seed, f"attention{number}"), name=f"attention{number}")

    def attention(x):
        return attend(x) if filled is None else attend(x, attention_mask=filled)

    def alone(x):
        x = dense(params.feed * params.channels, f"wide{number}", params,
                  activation=params.bend)(x)
        return dense(params.channels, f"narrow{number}", params,
                     scale=1 / (2 * params.depth))(x)

    for part, change in (("a", attention), ("b", alone)):
        y = change(normed(x, f"norm{number}{part}") if params.norm == "pre" else x)
        x = layers.Add(name=f"sum{number}{part}")([x, dropout(y, f"drop{number}{part}", params)])
        if params.norm == "post":
            x = normed(x, f"norm{number}{part}")
    return x


def normed(x, name: str):
    """Each position's values with mean 0 and variance 1 (Ba, Kiros & Hinton 2016)."""
    return layers.LayerNormalization(epsilon=1e-6, name=name)(x)


def dropout(x, name: str, params):
    """Switches off a share of the values, in training only."""
    if not params.dropout:
        return x
    return layers.Dropout(params.dropout, seed=seed_of(params.seed, name), name=name)(x)


def dense(units: int, name: str, params, activation: str | None = None, scale: float = 1.0):
    """A fully connected layer; its first weights keep the signal's size (Glorot & Bengio 2010)."""
    first = keras.initializers.VarianceScaling(scale, "fan_avg", "uniform",
                                               seed=seed_of(params.seed, name))
    return layers.Dense(units, activation, kernel_initializer=first, name=name)


# Training

def train(params, model: keras.Model, data: Sequences, callbacks=()) -> keras.callbacks.History:
    """Fit the network; the learning rate climbs for ``warmup`` epochs, then has its schedule."""
    own = [Schedule(params.schedule, params.warmup)]
    if params.patience:
        own.append(keras.callbacks.EarlyStopping("val_accuracy", mode="max",
                                                 patience=params.patience,
                                                 restore_best_weights=True))
    batches = cut(params, data) if data.task == "write" else shuffled(params, data)
    watched = evenly(len(data.x_val), WATCHED if data.task == "write" else len(data.x_val))
    return model.fit(batches, epochs=params.epochs,
                     steps_per_epoch=PIECES if data.task == "write" else None,
                     validation_data=(data.x_val[watched], data.y_val[watched]),
                     validation_batch_size=64, callbacks=[*own, *callbacks],
                     shuffle=False, verbose=0)  # the batches are shuffled already


def cut(params, data: Sequences) -> tf.data.Dataset:
    """Pieces of the text, from anywhere, and the same one sign later: (n, t) each, for ever."""
    length = min(params.context, len(data.x_train))
    seed, last = seed_of(params.seed, "order"), len(data.x_train) - length + 1

    def batch(number):
        starts = tf.random.stateless_uniform((params.batch_size,), [seed, number], 0, last,
                                             tf.int64)
        places = starts[:, None] + tf.range(length, dtype=tf.int64)  # (n, t)
        return tf.gather(data.x_train, places), tf.gather(data.y_train, places)

    return tf.data.Dataset.counter().map(batch).prefetch(2)


def shuffled(params, data: Sequences) -> tf.data.Dataset:
    """Training examples in a new order in each epoch."""
    pairs = tf.data.Dataset.from_tensor_slices((data.x_train, data.y_train))
    pairs = pairs.shuffle(len(data.x_train), seed=seed_of(params.seed, "order"))
    pairs = pairs.batch(params.batch_size)
    if data.x_train.dtype == np.uint8:
        pairs = pairs.map(lambda x, y: (tf.cast(x, tf.float32) / 255, y))
    return pairs.prefetch(2)


def evenly(count: int, most: int) -> np.ndarray:
    """At most ``most`` places, evenly spread over ``count``."""
    return np.linspace(0, count - 1, min(count, most)).astype(int)


def score(params, model: keras.Model, data: Sequences) -> dict[str, float]:
    """Loss (in nats a sign, if it writes) and accuracy on what it was not trained with."""
    return measured(model, {"val": (data.x_val, data.y_val),
                            "test": (data.x_test, data.y_test)}, 64)


if __name__ == "__main__":
    import sys

    from core.params import from_text
    from core.rooms.transformer import Transformer

    params, _ = from_text(Transformer, dict(each.split("=", 1) for each in sys.argv[1:]))
    callbacks = [Report()]
    data = load(params)
    model = build(params, data)
    train(params, model, data, callbacks)
    print(json.dumps(score(params, model, data)))
