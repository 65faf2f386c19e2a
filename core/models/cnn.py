"""A convolutional network that reads pictures.

Blocks of convolution, batch normalisation, ReLU, pooling and dropout find patterns of patterns;
dense layers weigh them and decide. (LeCun et al., "Gradient-based learning applied to document
recognition", 1998.) In a residual network each block has two convolutions and adds what came in
to what they made of it. (He et al., "Deep residual learning for image recognition", 2016.) On the
features of a network that has learned already, only the dense layers learn. (Yosinski et al.,
"How transferable are features in deep neural networks?", 2014.)
"""

import json

import keras
import tensorflow as tf
from keras import layers

from core.data.images import DATA_SETS, Data, own_pictures
from core.data.shipped import shipped
from core.layers import seed_of
from core.layers.augmentation import augmented
from core.layers.features import OnFeatures
from core.layers.optimizers import optimizer
from core.layers.rates import Schedule
from core.layers.report import Report, measured


def load(params) -> Data:
    """The pictures and their fixed split."""
    if params.dataset == "own":
        return own_pictures(params.own)
    return DATA_SETS[params.dataset]()


def build(params, data: Data) -> keras.Model:
    """The compiled network: (n, height, width, channels) in 0..1 → (n, classes) probabilities."""
    if params.architecture == "pretrained":
        picture, x = frozen_features(data.x_train.shape[1:])
    else:
        picture = keras.Input(data.x_train.shape[1:], name="input")
        x = (residual_blocks if params.architecture == "resnet" else plain_blocks)(picture, params)
    features = x
    for number, layer in enumerate(params.dense, start=1):
        x = dense(layer.units, f"dense{number}", params, activation="relu")(x)
        if layer.dropout:
            x = dropout(layer.dropout, f"dense{number}_drop", params)(x)
    classes = dense(len(data.class_names), "classes", params, activation="softmax")(x)
    if params.architecture == "pretrained":
        model = OnFeatures(picture, classes, name="cnn")
        model.head = keras.Model(features, classes).__call__
    else:
        model = keras.Model(picture, classes, name="cnn")
    model.compile(
        optimizer=optimizer(params.optimizer, params.learning_rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=False,  # for networks of this size compiling costs more than it saves
    )
    return model


def plain_blocks(x, params):
    """Block after block, then all values in one row: (n, h, w, channels) → (n, values)."""
    for number, block in enumerate(params.blocks, start=1):
        x = convolution(x, block, number, params)
        x = smaller(x, block, number, params)
    return layers.Flatten(name="flatten")(x)


def residual_blocks(x, params):
    """A first convolution, then for each block: what came in + two convolutions of it; at the end
    each channel's mean: (n, h, w, channels) → (n, filters)."""
    if params.blocks:
        x = convolution(x, params.blocks[0], 0, params)
    for number, block in enumerate(params.blocks, start=1):
        y = convolution(x, block, number, params)
        y = convolution(y, block, f"{number}b", params, relu=False)
        if x.shape[-1] != block.filters:  # only what has as many channels can be added
            x = layers.Conv2D(block.filters, 1, name=f"short{number}",
                              **first_weights(f"short{number}", params))(x)
        x = layers.Add(name=f"add{number}")([y, x])
        x = layers.ReLU(name=f"relu{number}b")(x)
        x = smaller(x, block, number, params)
    return layers.GlobalAveragePooling2D(name="average")(x)


def frozen_features(shape: tuple[int, ...]):
    """The input of a network that has learned CIFAR-10, and what its last hidden layer makes of
    it; none of these layers learns any more."""
    trained = keras.models.load_model(shipped("cnn/cifar10"), compile=False)
    if trained.input_shape[1:] != tuple(shape):
        raise ValueError(f"Negative dimension: {shape} is no picture for {trained.input_shape}")
    trained.trainable = False
    return trained.input, trained.layers[-1].input


def convolution(x, block, number: int | str, params, relu: bool = True):
    """Convolution, batch normalisation and ReLU: (n, h, w, channels) → (n, h, w, filters)."""
    x = layers.Conv2D(block.filters, block.kernel, padding="same", name=f"conv{number}",
                      **first_weights(f"conv{number}", params))(x)
    if block.batch_norm:
        x = layers.BatchNormalization(
            momentum=0.9,  # a running mean that is right after some hundred steps, not thousands
            name=f"norm{number}")(x)
    return layers.ReLU(name=f"relu{number}")(x) if relu else x


def smaller(x, block, number: int, params):
    """Pooling and dropout: (n, h, w, filters) → (n, h/2, w/2, filters), or (n, h, w, filters)."""
    if block.pool == "max":
        x = layers.MaxPooling2D(2, name=f"pool{number}")(x)
    elif block.pool == "average":
        x = layers.AveragePooling2D(2, name=f"pool{number}")(x)
    if block.dropout:
        x = dropout(block.dropout, f"drop{number}", params)(x)
    return x


def dense(units: int, name: str, params, activation: str):
    """A fully connected layer."""
    return layers.Dense(units, activation, name=name, **first_weights(name, params))


def dropout(rate: float, name: str, params):
    """Switches off a share of the values, in training only."""
    return layers.Dropout(rate, seed=seed_of(params.seed, name), name=name)


def first_weights(name: str, params) -> dict:
    """Random weights whose size keeps the signal's size (Glorot & Bengio 2010), and what their
    squares cost."""
    return {"kernel_initializer": keras.initializers.GlorotUniform(seed_of(params.seed, name)),
            "kernel_regularizer": keras.regularizers.L2(params.l2) if params.l2 else None}


def train(params, model: keras.Model, data: Data, callbacks=()) -> keras.callbacks.History:
    """Fit the network, with the training pictures in a new order in each epoch."""
    x, x_val = (shown(params, model, pictures) for pictures in (data.x_train, data.x_val))
    own = []
    if params.patience:
        own.append(keras.callbacks.EarlyStopping(patience=params.patience,
                                                 restore_best_weights=True))
    if params.schedule != "constant" or params.warmup:
        own.append(Schedule(params.schedule, params.warmup))
    return model.fit(batches(params, x, data.y_train), epochs=params.epochs,
                     validation_data=(x_val, data.y_val), validation_batch_size=256,
                     callbacks=[*own, *callbacks],
                     shuffle=False, verbose=0)  # the batches are shuffled already


def batches(params, x, y) -> tf.data.Dataset:
    """Training pictures in a new order, and moved in a new way, in each epoch."""
    pairs = tf.data.Dataset.from_tensor_slices((x, y))
    pairs = pairs.shuffle(len(x), seed=seed_of(params.seed, "order"))
    pairs = pairs.batch(params.batch_size).map(floats)
    if moves(params):
        numbers = tf.data.Dataset.random(seed_of(params.seed, "moves"),
                                         rerandomize_each_iteration=True)
        pairs = tf.data.Dataset.zip(pairs, numbers).map(
            lambda pair, number: (moved(params, pair[0], number), pair[1]), num_parallel_calls=2)
    return pairs.prefetch(1)


def moves(params) -> bool:
    """Whether training pictures are moved at random (augmentation)."""
    return bool(params.shift or params.turn or params.zoom or params.flip)


def moved(params, pictures, number):
    """A batch of pictures as training sees it, other ones for each ``number``."""
    return augmented(pictures, number, params.seed, shift=params.shift, turn=params.turn,
                     zoom=params.zoom, flip=params.flip)


def shown(params, model: keras.Model, pictures):
    """Pictures as the network is fitted to them and measured on them. What frozen layers make of
    one never changes unless it is moved: (n, h, w, c) → (n, features), computed only once."""
    if params.architecture != "pretrained" or moves(params):
        return pictures
    frozen = keras.Model(model.inputs, model.get_layer("average").output)
    batches = tf.data.Dataset.from_tensor_slices((pictures, pictures)).batch(250).map(floats)
    return frozen.predict(batches.map(lambda x, _: x), verbose=0)


def floats(x, y):
    """Pictures that are kept as bytes become float32 in 0..1, a batch at a time."""
    return (tf.cast(x, tf.float32) / 255 if x.dtype == tf.uint8 else x), y


def score(params, model: keras.Model, data: Data) -> dict[str, float]:
    """Loss and accuracy on pictures that the network was not trained with."""
    return measured(model, {"val": (shown(params, model, data.x_val), data.y_val),
                            "test": (shown(params, model, data.x_test), data.y_test)}, 256)


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
