"""How the networks that ship with the app are trained: their settings and their pictures."""

import math
from dataclasses import dataclass
from types import SimpleNamespace

import keras
import numpy as np
import tensorflow as tf

from core.data.images import unit
from core.layers import seed_of
from core.layers.report import Report
from core.models import cnn
from core.rooms.cnn import CNN, RESIDUAL, Block, Dense

DECAY = 0.005  # of the weights, times the learning rate, in each step
SMOOTHING = 0.1  # of the labels: the true class is asked for with 91 %, not 100 %
FASHION_EPOCHS = 20

# The highest learning rate, and for how many epochs pictures of which side are shown.
Cycle = tuple[float, tuple[tuple[int, int], ...]]


@dataclass(frozen=True)
class Recipe:
    """How one network is trained; ``about`` and ``licence`` stand in its card.

    ``cycles``: for photographs and clothes, see :func:`train_pictures`; without them the network
    is trained on digits, see :func:`train_digits`.
    """

    params: CNN
    about: str
    licence: str
    cycles: tuple[Cycle, ...] = ()
    reach: int = 0  # pixels by which pictures are shifted


def residual(*stages: tuple[int, str]) -> tuple[Block, ...]:
    """Residual blocks of (filters, pooling)."""
    return tuple(Block(filters=filters, pool=pool, batch_norm=True) for filters, pool in stages)


RECIPES = {
    "cnn": {
        "digits": Recipe(
            CNN(dataset="digits", epochs=60, batch_size=32, learning_rate=0.002,
                blocks=(Block(filters=32, batch_norm=True, pool="none"),
                        Block(filters=48, batch_norm=True, dropout=0.2),
                        Block(filters=64, batch_norm=True, dropout=0.2)),
                dense=(Dense(units=64, dropout=0.2),)),
            "Reads handwritten digits of 8×8 pixels: Optical Recognition of Handwritten Digits "
            "(Alpaydin & Kaynak, UCI 1998), the 1,797 that come with scikit-learn.",
            "data set CC BY 4.0"),
        "mnist": Recipe(
            CNN(dataset="mnist", epochs=12, batch_size=64, learning_rate=0.002,
                blocks=(Block(filters=24, kernel=5, batch_norm=True),
                        Block(filters=48, batch_norm=True, pool="none"),
                        Block(filters=64, batch_norm=True, dropout=0.1),
                        Block(filters=96, batch_norm=True, dropout=0.2)),
                dense=(Dense(units=128, dropout=0.3),)),
            "Reads handwritten digits of 28×28 pixels: MNIST (LeCun, Cortes & Burges 1998), "
            "70,000 digits of American students and census takers.",
            "data set CC BY-SA 3.0"),
        "fashion": Recipe(
            CNN(dataset="fashion", epochs=FASHION_EPOCHS, batch_size=128, learning_rate=0.15,
                optimizer="sgd", architecture="resnet", dense=(),
                blocks=residual((16, "max"), (48, "max"), (96, "none"))),
            "Tells clothes, shoes and bags apart on grey pictures of 28×28 pixels: Fashion-MNIST "
            "(Xiao, Rasul & Vollgraf 2017), 70,000 pictures from a shop's catalogue.",
            "data set MIT",
            cycles=((0.15, ((28, FASHION_EPOCHS),)),), reach=2),
        "cifar10": Recipe(
            CNN(dataset="cifar10", epochs=32, batch_size=128, learning_rate=0.15,
                optimizer="sgd", architecture="resnet", dense=(), blocks=RESIDUAL),
            "Tells animals and vehicles apart on colour photographs of 32×32 pixels: CIFAR-10 "
            "(Krizhevsky 2009), 60,000 photographs. Trained and measured on a lossy copy of the "
            "pictures (WebP at quality 80, 32.4 dB on average).",
            "the data set states no licence",
            cycles=((0.15, ((24, 20), (32, 12))),), reach=4),
    },
}


def train(recipe: Recipe, model: keras.Model, data: cnn.Data) -> None:
    """Train the network as its recipe says."""
    if recipe.cycles:
        train_pictures(recipe, model, data)
    else:
        train_digits(recipe.params, model, data)


def train_digits(params: CNN, model: keras.Model, data: cnn.Data) -> None:
    """As in the room, but on distorted pictures, with a rate that falls along a cosine."""
    x = tf.constant(unit(data.x_train))
    numbers = tf.data.Dataset.range(len(data.x_train))
    numbers = numbers.shuffle(len(data.x_train), seed=seed_of(params.seed, "order"))
    steps = tf.data.Dataset.counter()
    batches = tf.data.Dataset.zip(numbers.batch(params.batch_size), steps).map(
        lambda rows, step: (distorted(tf.gather(x, rows), tf.gather(rows, 0) * 100_003 + step,
                                      params.seed), tf.gather(data.y_train, rows)),
        num_parallel_calls=2).prefetch(2)
    falling = keras.callbacks.LearningRateScheduler(
        lambda epoch: params.learning_rate * 0.5 * (1 + math.cos(math.pi * epoch / params.epochs)))
    model.fit(batches, epochs=params.epochs, validation_data=(data.x_val, data.y_val),
              validation_batch_size=256, callbacks=[falling, Report()], verbose=0,
              shuffle=False)


def distorted(pictures: tf.Tensor, number: tf.Tensor, seed: int) -> tf.Tensor:
    """Turned by up to 12°, scaled by 12 %, sheared, shifted by 8 % of the side, and some with
    thicker or thinner strokes: (n, h, w, c) → the same. ``number`` and ``seed`` decide how."""
    count, height, width = tf.shape(pictures)[0], *pictures.shape[1:3]
    turn, wide, high, shear, right, down, pen = tf.unstack(tf.random.stateless_uniform(
        (7, count), [seed, number], -1, 1))
    turn, wide, high, shear = turn * 0.21, 1 + 0.12 * wide, 1 + 0.12 * high, 0.15 * shear
    a, b = tf.cos(turn) * wide, (tf.sin(turn) + shear) * wide
    d, e = -tf.sin(turn) * high, tf.cos(turn) * high
    cx, cy = (width - 1) / 2, (height - 1) / 2
    c = cx - a * cx - b * cy + right * 0.08 * width
    f = cy - d * cx - e * cy + down * 0.08 * height
    zero = tf.zeros(count)
    moved = tf.raw_ops.ImageProjectiveTransformV3(
        images=pictures, transforms=tf.stack([a, b, c, d, e, f, zero, zero], axis=1),
        output_shape=[height, width], fill_value=0.0, interpolation="BILINEAR",
        fill_mode="CONSTANT")
    pen = pen[:, None, None, None]
    thick = tf.nn.max_pool2d(moved, 2, 1, "SAME")
    thin = -tf.nn.max_pool2d(-moved, 2, 1, "SAME")
    return tf.where(pen > 0.75, thick, tf.where(pen < -0.9, thin, moved)) if height > 8 else (
        tf.clip_by_value(moved * (1 + 0.2 * pen), 0, 1))


def train_pictures(recipe: Recipe, model: keras.Model, data: cnn.Data) -> None:
    """Pictures are mirrored, shifted and a square is cut out of each; the learning rate rises
    over a quarter of each cycle and falls to zero; labels are smoothed, weights decay.

    Most of it is computed in bfloat16. Small crops of the pictures come first: they cost less.
    """
    params, channels = recipe.params, data.x_train.shape[-1]
    keras.mixed_precision.set_global_policy("mixed_bfloat16")
    any_side = SimpleNamespace(x_train=SimpleNamespace(shape=(0, None, None, channels)),
                               class_names=data.class_names)
    learner = cnn.build(params, any_side)
    learner.get_layer("classes").dtype_policy = keras.DTypePolicy("float32")
    learner.set_weights(model.get_weights())
    validation = tf.constant(data.x_val), tf.one_hot(data.y_val, len(data.class_names))
    for highest, phases in recipe.cycles:
        optimizer = keras.optimizers.SGD(highest, momentum=0.9, nesterov=True, weight_decay=DECAY)
        optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
        learner.compile(optimizer, keras.losses.CategoricalCrossentropy(label_smoothing=SMOOTHING),
                        metrics=["accuracy"], jit_compile=False)
        steps = sum(epochs for _, epochs in phases) * -(-len(data.x_train) // params.batch_size)
        rate = UpAndDown(highest, steps)
        for side, epochs in phases:
            learner.fit(pictures(recipe, data, side), epochs=epochs, validation_data=validation,
                        validation_batch_size=250, callbacks=[rate, Report()], verbose=0,
                        shuffle=False)
    keras.mixed_precision.set_global_policy("float32")
    model.set_weights(learner.get_weights())


class UpAndDown(keras.callbacks.Callback):
    """A learning rate that rises over a quarter of the steps, then falls, both in a line.

    (Smith & Topin, "Super-convergence", 2018.)
    """

    def __init__(self, highest: float, steps: int):
        super().__init__()
        self.highest, self.steps, self.step = highest, steps + 1, 0

    def on_train_batch_begin(self, batch, logs=None):
        self.step += 1
        done = self.step / self.steps
        self.model.optimizer.learning_rate = self.highest * min(done / 0.25, (1 - done) / 0.75)


def pictures(recipe: Recipe, data: cnn.Data, side: int) -> tf.data.Dataset:
    """Batches of changed training pictures of this side, with a new order in each epoch."""
    seed = recipe.params.seed
    x = tf.constant(np.round(unit(data.x_train) * 255).astype(np.uint8))
    y = tf.constant(data.y_train)
    rows = tf.data.Dataset.range(len(data.x_train))
    rows = rows.shuffle(len(data.x_train), seed=seed_of(seed, "order") + side)
    steps = tf.data.Dataset.counter()

    def batch(rows, step):
        number = tf.gather(rows, 0) * 100_003 + step + side
        chosen = tf.cast(tf.gather(x, rows), tf.float32) / 255
        return (changed(chosen, number, side, recipe.reach, seed),
                tf.one_hot(tf.gather(y, rows), len(data.class_names)))

    return tf.data.Dataset.zip(rows.batch(recipe.params.batch_size), steps).map(batch).prefetch(2)


def changed(pictures: tf.Tensor, number: tf.Tensor, side: int, reach: int, seed: int) -> tf.Tensor:
    """Half of them mirrored, all shifted (by up to ``reach``, or as far as a smaller crop allows),
    each with a grey square of a quarter of the side: (n, h, w, c) → (n, side, side, c)."""
    count, spare = tf.shape(pictures)[0], pictures.shape[2] - side
    reach = reach if spare == 0 else spare // 2
    right, down, mirror, across, along = tf.unstack(
        tf.random.stateless_uniform((5, count), [seed, number]))
    right, down = (tf.floor(each * (2 * reach + 1)) - reach + spare // 2
                   for each in (right, down))
    mirrored, zero = mirror < 0.5, tf.zeros(count)
    moves = [tf.where(mirrored, -1.0, 1.0), zero, tf.where(mirrored, side - 1 + right, right),
             zero, zero + 1, down, zero, zero]
    moved = tf.raw_ops.ImageProjectiveTransformV3(
        images=pictures, transforms=tf.stack(moves, axis=1), output_shape=[side, side],
        fill_value=0.0, interpolation="NEAREST", fill_mode="REFLECT")
    place, half = tf.range(side, dtype=tf.float32), side // 4 / 2
    columns = tf.abs(place - across[:, None] * side) < half
    rows = tf.abs(place - along[:, None] * side) < half
    return tf.where((rows[:, :, None] & columns[:, None, :])[..., None], 0.5, moved)
