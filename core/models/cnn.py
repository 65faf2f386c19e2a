"""A convolutional network that reads pictures.

Blocks of convolution, batch normalisation, ReLU, pooling and dropout find patterns of patterns;
dense layers weigh them and decide. (LeCun et al., "Gradient-based learning applied to document
recognition", 1998.) In a residual network each block has two convolutions and adds what came in
to what they made of it. (He et al., "Deep residual learning for image recognition", 2016.)
"""

import json
from functools import partial

import keras
import tensorflow as tf
from keras import layers

from core.data.images import DATA_SETS, Data
from core.layers import seed_of


def load(params) -> Data:
    """The pictures and their fixed split."""
    return DATA_SETS[params.dataset]()


def build(params, data: Data) -> keras.Model:
    """The compiled network: (n, height, width, channels) in 0..1 → (n, classes) probabilities."""
    x = picture = keras.Input(data.x_train.shape[1:], name="input")
    if params.architecture == "resnet":
        x = residual_blocks(x, params.blocks, params.seed)
        x = layers.GlobalAveragePooling2D(name="average")(x)
    else:
        for number, block in enumerate(params.blocks, start=1):
            x = convolution(x, block, number, params.seed)
            x = smaller(x, block, number, params.seed)
        x = layers.Flatten(name="flatten")(x)
    for number, layer in enumerate(params.dense, start=1):
        x = dense(layer.units, f"dense{number}", params.seed, activation="relu")(x)
        if layer.dropout:
            x = dropout(layer.dropout, f"dense{number}_drop", params.seed)(x)
    classes = dense(len(data.class_names), "classes", params.seed, activation="softmax")(x)
    model = keras.Model(picture, classes, name="cnn")
    optimizer = {
        "adam": keras.optimizers.Adam,
        "sgd": partial(keras.optimizers.SGD, momentum=0.9),
        "rmsprop": keras.optimizers.RMSprop,
    }[params.optimizer]
    model.compile(
        optimizer=optimizer(learning_rate=params.learning_rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=False,  # for networks of this size compiling costs more than it saves
    )
    return model


def residual_blocks(x, blocks, seed: int):
    """A first convolution, then for each block: what came in + two convolutions of it."""
    if blocks:
        x = convolution(x, blocks[0], 0, seed)
    for number, block in enumerate(blocks, start=1):
        y = convolution(x, block, number, seed)
        y = convolution(y, block, f"{number}b", seed, relu=False)
        if x.shape[-1] != block.filters:  # only what has as many channels can be added
            x = layers.Conv2D(block.filters, 1, name=f"short{number}",
                              kernel_initializer=first_weights(f"short{number}", seed))(x)
        x = layers.Add(name=f"add{number}")([y, x])
        x = layers.ReLU(name=f"relu{number}b")(x)
        x = smaller(x, block, number, seed)
    return x


def convolution(x, block, number: int | str, seed: int, relu: bool = True):
    """Convolution, batch normalisation and ReLU: (n, h, w, channels) → (n, h, w, filters)."""
    x = layers.Conv2D(block.filters, block.kernel, padding="same", name=f"conv{number}",
                      kernel_initializer=first_weights(f"conv{number}", seed))(x)
    if block.batch_norm:
        x = layers.BatchNormalization(
            momentum=0.9,  # a running mean that is right after some hundred steps, not thousands
            name=f"norm{number}")(x)
    return layers.ReLU(name=f"relu{number}")(x) if relu else x


def smaller(x, block, number: int, seed: int):
    """Pooling and dropout: (n, h, w, filters) → (n, h/2, w/2, filters), or (n, h, w, filters)."""
    if block.pool == "max":
        x = layers.MaxPooling2D(2, name=f"pool{number}")(x)
    elif block.pool == "average":
        x = layers.AveragePooling2D(2, name=f"pool{number}")(x)
    if block.dropout:
        x = dropout(block.dropout, f"drop{number}", seed)(x)
    return x


def dense(units: int, name: str, seed: int, activation: str):
    """A fully connected layer."""
    return layers.Dense(units, activation, name=name, kernel_initializer=first_weights(name, seed))


def dropout(rate: float, name: str, seed: int):
    """Switches off a share of the values, in training only."""
    return layers.Dropout(rate, seed=seed_of(seed, name), name=name)


def first_weights(name: str, seed: int):
    """Random weights whose size keeps the signal's size (Glorot & Bengio 2010)."""
    return keras.initializers.GlorotUniform(seed=seed_of(seed, name))


def train(params, model: keras.Model, data: Data, callbacks=()) -> keras.callbacks.History:
    """Fit the network, with the training pictures in a new order in each epoch."""
    batches = tf.data.Dataset.from_tensor_slices((data.x_train, data.y_train))
    batches = batches.shuffle(len(data.x_train), seed=seed_of(params.seed, "order"))
    batches = batches.batch(params.batch_size).map(floats).prefetch(1)
    return model.fit(batches, epochs=params.epochs, validation_data=(data.x_val, data.y_val),
                     validation_batch_size=256, callbacks=list(callbacks),
                     shuffle=False, verbose=0)  # the batches are shuffled already


def floats(x, y):
    """Pictures that are kept as bytes become float32 in 0..1, a batch at a time."""
    return (tf.cast(x, tf.float32) / 255 if x.dtype == tf.uint8 else x), y


def score(params, model: keras.Model, data: Data) -> dict[str, float]:
    """Loss and accuracy on pictures that the network was not trained with."""
    val = model.evaluate(data.x_val, data.y_val, 256, verbose=0, return_dict=True)
    test = model.evaluate(data.x_test, data.y_test, 256, verbose=0, return_dict=True)
    return {f"val_{name}": value for name, value in val.items()} | {
        f"test_{name}": value for name, value in test.items()}


class Report(keras.callbacks.Callback):
    """Prints a line an epoch."""

    def on_epoch_end(self, epoch, logs=None):
        figures = ", ".join(f"{name} {value:.4f}" for name, value in logs.items())
        print(f"epoch {epoch + 1} of {self.params['epochs']}: {figures}", flush=True)


if __name__ == "__main__":
    import sys

    from core.params import from_text
    from core.rooms.cnn import CNN

    params, _ = from_text(CNN, dict(each.split("=", 1) for each in sys.argv[1:]))
    callbacks = [Report()]
    data = load(params)
    model = build(params, data)
    train(params, model, data, callbacks)
    print(json.dumps(score(params, model, data)))
