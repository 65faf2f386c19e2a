"""A network that recognizes spoken words.

It receives a second of sound as a log-mel spectrogram, 100 frames of 40 numbers. Along time runs a
one-dimensional convolution (Waibel et al., "Phoneme recognition using time-delay neural networks",
1989), over time and frequency a two-dimensional one (Sainath & Parada, "Convolutional neural
networks for small-footprint keyword spotting", 2015), or a recurrent network goes through it frame
by frame (Cho et al., "Learning phrase representations using RNN encoder–decoder", 2014: the GRU).
On the features of a network that knows spoken digits already, only the dense layers learn, in
seconds and from a few recordings.
"""

import json

import keras
import tensorflow as tf
from keras import layers

from core.data.shipped import shipped
from core.data.sound import BANDS, FRAMES
from core.data.speech import DATA_SETS, Data, own_words
from core.layers import seed_of
from core.layers.features import OnFeatures
from core.layers.optimizers import optimizer
from core.layers.rates import Schedule
from core.layers.report import Report, measured
from core.layers.scale import scaled
from core.layers.sounds import cosines, heard


def load(params) -> Data:
    """The recordings and their fixed split."""
    if params.dataset == "own":
        return own_words(params.own)
    return DATA_SETS[params.dataset](params.stranger)


def build(params, data: Data) -> keras.Model:
    """The compiled network: (n, 40, 100) in 0..1 → (n, classes) probabilities."""
    if params.architecture == "pretrained":
        sound, x = frozen_features()
    else:
        sound = keras.Input((BANDS, FRAMES), name="input")
        x = frames(sound, params, data)  # (n, 100, 40)
        way = {"conv1d": along_time, "conv2d": over_both, "gru": frame_by_frame}
        x = way[params.architecture](x, params)
    features = x
    if params.dense:
        x = dense(params.dense, "dense", params, activation="relu")(x)
    if params.dropout:
        x = dropout(params.dropout, "drop", params)(x)
    classes = dense(len(data.class_names), "classes", params, activation="softmax")(x)
    if params.architecture == "pretrained":
        model = OnFeatures(sound, classes, name="speech")
        model.head = keras.Model(features, classes).__call__
    else:
        model = keras.Model(sound, classes, name="speech")
    if params.architecture != "pretrained" and params.features == "mfcc":
        model.get_layer("mfcc").set_weights([cosines()])
    model.compile(
        optimizer=optimizer(params.optimizer, params.learning_rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=False,  # for networks of this size compiling costs more than it saves
    )
    return model


def frames(sound, params, data: Data):
    """Frame after frame, each of 40 numbers with mean 0 and variance 1 in the training part:
    (n, 40, 100) → (n, 100, 40)."""
    x = layers.Permute((2, 1), name="frames")(sound)
    rows = data.x_train.transpose(0, 2, 1).reshape(-1, BANDS)
    if params.features == "mfcc":
        # The discrete cosine transform of each frame: nothing in it learns.
        x = layers.Dense(BANDS, use_bias=False, trainable=False, name="mfcc")(x)
        rows = rows @ cosines()
    return scaled(rows)(x)


def along_time(x, params):
    """Convolutions that slide along time only, as in the article: (n, 100, 40) → (n, values)."""
    for number, filters in enumerate(widths(params), start=1):
        x = convolution(layers.Conv1D, filters, number, params, padding="valid")(x)
        x = after(x, number, params)
        x = layers.MaxPooling1D(2, name=f"pool{number}")(x)
    return layers.Flatten(name="flatten")(x)


def over_both(x, params):
    """Convolutions that slide over time and frequency: (n, 100, 40) → (n, filters)."""
    x = layers.Reshape((FRAMES, BANDS, 1), name="picture")(x)
    for number, filters in enumerate(widths(params), start=1):
        x = convolution(layers.Conv2D, filters, number, params, padding="same")(x)
        x = after(x, number, params)
        x = layers.MaxPooling2D(2, name=f"pool{number}")(x)
    return layers.GlobalAveragePooling2D(name="average")(x)


def frame_by_frame(x, params):
    """Gated recurrent units that remember what they heard so far: (n, 100, 40) → (n, units)."""
    sizes = widths(params)
    for number, units in enumerate(sizes, start=1):
        x = layers.GRU(units, return_sequences=number < len(sizes), name=f"gru{number}",
                       recurrent_initializer=keras.initializers.Orthogonal(
                           seed=seed_of(params.seed, f"gru{number} recurrent")),
                       **first_weights(f"gru{number}", params))(x)
    return x


def widths(params) -> list[int]:
    """Filters or units of each layer: twice as many as in the one before."""
    return [params.filters * 2**number for number in range(params.layers)]


def convolution(kind, filters: int, number: int, params, padding: str):
    """A convolution with windows of 3 (× 3)."""
    name = f"conv{number}"
    return kind(filters, 3, padding=padding, name=name, **first_weights(name, params))


def after(x, number: int, params):
    """What follows a convolution: batch normalisation if wished, ReLU."""
    if params.batch_norm:
        x = layers.BatchNormalization(momentum=0.9, name=f"norm{number}")(x)
    return layers.ReLU(name=f"relu{number}")(x)


def frozen_features():
    """The input of a network that knows spoken words, and what its convolutions make of it; none
    of these layers learns any more."""
    trained = keras.models.load_model(shipped("speech/fsdd"), compile=False)
    trained.trainable = False
    return trained.input, trained.get_layer("average").output


def dense(units: int, name: str, params, activation: str):
    """A fully connected layer."""
    return layers.Dense(units, activation, name=name, **first_weights(name, params))


def dropout(rate: float, name: str, params):
    """Switches off a share of the values, in training only."""
    return layers.Dropout(rate, seed=seed_of(params.seed, name), name=name)


def first_weights(name: str, params) -> dict:
    """Random weights whose size keeps the signal's size (Glorot & Bengio 2010)."""
    return {"kernel_initializer": keras.initializers.GlorotUniform(seed_of(params.seed, name))}


def train(params, model: keras.Model, data: Data, callbacks=()) -> keras.callbacks.History:
    """Fit the network, with the training recordings in a new order in each epoch."""
    falling = [Schedule(params.schedule, 0)] if params.schedule != "constant" else []
    return model.fit(batches(params, data.x_train, data.y_train), epochs=params.epochs,
                     validation_data=(data.x_val, data.y_val), validation_batch_size=250,
                     callbacks=[*falling, *callbacks],
                     shuffle=False, verbose=0)  # the batches are shuffled already


def batches(params, x, y) -> tf.data.Dataset:
    """Training recordings in a new order, and said in a new way, in each epoch."""
    pairs = tf.data.Dataset.from_tensor_slices((x, y))
    pairs = pairs.shuffle(len(x), seed=seed_of(params.seed, "order")).batch(params.batch_size)
    if params.shift or params.pitch or params.noise or params.masks:
        numbers = tf.data.Dataset.random(seed_of(params.seed, "moves"),
                                         rerandomize_each_iteration=True)
        pairs = tf.data.Dataset.zip(pairs, numbers).map(
            lambda pair, number: (moved(params, pair[0], number), pair[1]), num_parallel_calls=2)
    return pairs.prefetch(1)


def moved(params, pictures, number):
    """A batch of sounds as training hears it, other ones for each ``number``."""
    return heard(pictures, number, params.seed, shift=params.shift, pitch=params.pitch,
                 noise=params.noise, masks=params.masks)


def score(params, model: keras.Model, data: Data) -> dict[str, float]:
    """Loss and accuracy on recordings that the network was not trained with."""
    return measured(model, {"val": (data.x_val, data.y_val), "test": (data.x_test, data.y_test)},
                    250)


if __name__ == "__main__":
    import sys

    from core.params import from_text
    from core.rooms.speech import Speech

    params, _ = from_text(Speech, dict(each.split("=", 1) for each in sys.argv[1:]))
    callbacks = [Report()]
    data = load(params)
    model = build(params, data)
    train(params, model, data, callbacks)
    print(json.dumps(score(params, model, data)))
