"""A generative adversarial network: two networks that make each other better.

The generator makes pictures (or points of the plane) out of noise; the discriminator learns to
tell them from real ones; the generator learns from the discriminator's gradient what to make
otherwise. (Goodfellow et al., "Generative adversarial nets", 2014.) With convolutions: Radford,
Metz & Chintala, "Unsupervised representation learning with deep convolutional generative
adversarial networks", 2016. With classes: Mirza & Osindero 2014, Miyato & Koyama 2018.

In shapes, n is the number of examples in a batch.
"""

import json
import math
import time
from types import SimpleNamespace

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from core.data.targets import TARGETS, own_target
from core.layers import seed_of
from core.layers.judge import Judge
from core.layers.report import Report
from core.layers.spread import Spread

LEAK = 0.2  # the slope of leaky ReLU left of zero
SMALL = 0.02  # standard deviation of DCGAN's first weights
AHEAD = 16  # batches that lie ready
TURNS = {"both": 0, "generator": 1, "discriminator": 2}


def load(params):
    """The pictures or points, and their fixed split."""
    if params.dataset == "own":
        return own_target(params.own)
    return TARGETS[params.dataset](params)


# The networks

def build(params, data) -> keras.Model:
    """Both networks in one chain: noise (n, latent), and class numbers (n,) if it is told any →
    picture (n, h, w, c) or point (n, 2), and the discriminator's score (n, 1) of it."""
    noise = keras.Input((params.latent,), name="noise")
    label = keras.Input((), dtype="int32", name="label") if params.conditional else None
    classes = len(data.class_names)
    picture = generator(params, noise, label, data.x_train.shape[1:], classes)
    said = discriminator(params, picture, label, classes)
    given = [noise] if label is None else [noise, label]
    seen = [picture] if label is None else [picture, label]
    model = GAN(given, [picture, *said], name="gan")
    model.prepare(params, keras.Model(given, picture), keras.Model(seen, said))
    return model


def generator(params, noise, label, shape, classes):
    """Noise (n, latent) → what looks real, (n, *shape)."""
    x = noise
    if label is not None:
        named = layers.Embedding(classes, params.latent, name="g_class",
                                 embeddings_initializer=first(params, "g_class"))(label)
        x = layers.Concatenate(name="g_join")([x, named])
    for number, layer in enumerate(params.generator, start=1):
        x = layers.Dense(layer.units, name=f"g_dense{number}",
                         kernel_initializer=first(params, f"g_dense{number}"))(x)
        x = bent(params, x, f"g_dense{number}", params.g_activation)
    if len(shape) == 1:
        return layers.Dense(shape[0], name="picture",
                            kernel_initializer=first(params, "picture"))(x)
    if params.architecture == "dense":
        x = layers.Dense(math.prod(shape), params.output, name="g_out",
                         kernel_initializer=first(params, "g_out"))(x)
        return layers.Reshape(shape, name="picture")(x)
    side, filters = shape[0] // 4, params.filters
    x = layers.Dense(side * side * filters, name="g_base", use_bias=not params.batch_norm,
                     kernel_initializer=small(params, "g_base"))(x)
    x = bent(params, x, "g_base", params.g_activation)
    x = layers.Reshape((side, side, filters), name="g_square")(x)
    for number, share in enumerate((2, 4), start=1):  # each doubles the side
        x = layers.Conv2DTranspose(filters // share, params.kernel, 2, "same",
                                   name=f"g_up{number}", use_bias=not params.batch_norm,
                                   kernel_initializer=small(params, f"g_up{number}"))(x)
        x = bent(params, x, f"g_up{number}", "relu")
    return layers.Conv2D(shape[-1], params.kernel, padding="same", activation=params.output,
                         name="picture", kernel_initializer=small(params, "picture"))(x)


def bent(params, x, name, activation):
    """Batch normalisation, if wanted, and the bend."""
    if params.batch_norm and name.startswith("g_"):
        x = layers.BatchNormalization(momentum=0.9, name=f"{name}_norm")(x)
    return (layers.ReLU(name=f"{name}_relu") if activation == "relu" else
            layers.LeakyReLU(LEAK, name=f"{name}_relu"))(x)


def discriminator(params, picture, label, classes):
    """What looks real or not, (n, …) → a score (n, 1), no probability yet, and, if it is to name
    the class as well, (n, classes) more."""
    x = picture
    if len(picture.shape) == 4 and params.architecture == "dcgan":
        for number, share in enumerate((4, 2, 1), start=1):  # each halves the side
            x = learned(params, layers.Conv2D(
                params.filters // share, params.kernel, 2, "same", name=f"d_conv{number}",
                kernel_initializer=small(params, f"d_conv{number}")))(x)
            x = layers.LeakyReLU(LEAK, name=f"d_conv{number}_relu")(x)
    if len(x.shape) == 4:
        x = layers.Flatten(name="d_flat")(x)
    for number, layer in enumerate(params.discriminator, start=1):
        x = learned(params, layers.Dense(layer.units, name=f"d_dense{number}",
                                         kernel_initializer=first(params, f"d_dense{number}")))(x)
        x = bent(params, x, f"d_dense{number}", params.d_activation)
    score = learned(params, layers.Dense(1, name="d_score",
                                         kernel_initializer=first(params, "d_score")))(x)
    if label is None:
        return [score]
    named = layers.Embedding(classes, x.shape[-1], name="d_class",  # projection: what suits a class
                             embeddings_initializer=first(params, "d_class"))(label)
    suits = layers.Dot(1, name="d_suits")([x, named])
    score = layers.Add(name="score")([score, suits])
    if not params.naming:
        return [score]
    return [score, layers.Dense(classes, name="d_names",
                                kernel_initializer=first(params, "d_names"))(x)]


def learned(params, layer):
    """A layer of the discriminator; with spectral normalisation it can stretch nothing (Miyato et
    al. 2018)."""
    if not params.spectral:
        return layer
    return layers.SpectralNormalization(layer, name=f"{layer.name}_sn")


def first(params, name):
    """Random first weights whose size keeps the signal's size (Glorot & Bengio 2010)."""
    return keras.initializers.GlorotUniform(seed_of(params.seed, name))


def small(params, name):
    """Random first weights of convolutions as DCGAN has them."""
    return keras.initializers.RandomNormal(0.0, SMALL, seed_of(params.seed, name))


# The game

def bce(score, real):
    """Binary cross-entropy of a score (n, 1) if all are real (1) or made (0)."""
    return tf.reduce_mean(tf.nn.softplus(-score if real else score))


# Of the scores of real and made examples: the discriminator's loss, and of those of made ones
# alone: the generator's.
LOSSES = {
    "gan": (lambda real, fake: bce(real, True) + bce(fake, False), lambda fake: bce(fake, True)),
    "lsgan": (lambda real, fake: tf.reduce_mean((real - 1)**2) + tf.reduce_mean(fake**2),
              lambda fake: tf.reduce_mean((fake - 1)**2)),
    "wgan": (lambda real, fake: tf.reduce_mean(fake) - tf.reduce_mean(real),
             lambda fake: -tf.reduce_mean(fake)),
    "hinge": (lambda real, fake: tf.reduce_mean(tf.nn.relu(1 - real))
              + tf.reduce_mean(tf.nn.relu(1 + fake)), lambda fake: -tf.reduce_mean(fake)),
}
FIGURES = ("loss", "g_loss", "d_loss", "d_real", "d_fake")


class GAN(keras.Model):
    """Both networks as one functional model; ``fit`` plays the game.

    ``learning_rate`` (the generator's), ``learning_rate_d``, ``n_critic``, ``turn`` (who learns)
    and ``rest`` (seconds after each step) may be set between two steps.
    """

    def prepare(self, params, generator, discriminator):
        """Give each network its optimizer."""
        betas = {"beta_1": params.beta_1, "beta_2": params.beta_2}
        self.compile(keras.optimizers.Adam(params.learning_rate, **betas), jit_compile=False)
        self.optimizer.build(generator.trainable_variables)
        rival = keras.optimizers.Adam(params.learning_rate_d, **betas)
        rival.build(discriminator.trainable_variables)
        # In a namespace Keras does not take them for further layers of this model.
        self.game = SimpleNamespace(
            params=params, generator=generator, discriminator=discriminator, optimizer=rival,
            losses=LOSSES[params.loss],
            random=tf.random.Generator.from_seed(seed_of(params.seed, "noise")),
            n_critic=tf.Variable(params.n_critic), turn=tf.Variable(TURNS["both"]),
            step=tf.Variable(0), last=tf.Variable(0.0), found={}, judges={})
        self.rest = 0.0
        self.means = {name: keras.metrics.Mean(name) for name in FIGURES}

    learning_rate = property(lambda self: self.optimizer.learning_rate,
                             lambda self, rate: setattr(self.optimizer, "learning_rate", rate))
    learning_rate_d = property(
        lambda self: self.game.optimizer.learning_rate,
        lambda self, rate: setattr(self.game.optimizer, "learning_rate", rate))
    n_critic = property(lambda self: int(self.game.n_critic),
                        lambda self, count: self.game.n_critic.assign(int(count)))
    turn = property(lambda self: list(TURNS)[int(self.game.turn)],
                    lambda self, who: self.game.turn.assign(TURNS[who]))

    def train_step(self, batch):
        """The discriminator learns from each batch, the generator after each ``n_critic``-th."""
        real, label = batch
        game = self.game
        game.step.assign_add(1)
        d_loss, d_real, d_fake = tf.cond(
            game.turn == TURNS["generator"], lambda: self.told_apart(real, label),
            lambda: self.learn_to_tell(real, label))
        due = (game.turn == TURNS["generator"]) | (
            (game.turn == TURNS["both"]) & (game.step % game.n_critic == 0))
        g_loss = tf.cond(due, lambda: self.learn_to_make(label), lambda: game.last + 0)
        game.last.assign(g_loss)
        if game.params.loss == "gan":  # then scores are logits
            d_real, d_fake = tf.sigmoid(d_real), tf.sigmoid(d_fake)
        figures = (g_loss + d_loss, g_loss, d_loss, tf.reduce_mean(d_real),
                   tf.reduce_mean(d_fake))
        for mean, value in zip(self.means.values(), figures):
            mean.update_state(value)
        return {name: mean.result() for name, mean in self.means.items()}

    def made(self, label, training=True):
        """New examples, one for each class number of ``label`` (n,)."""
        noise = self.game.random.normal((tf.shape(label)[0], self.game.params.latent))
        given = [noise, label] if self.game.params.conditional else [noise]
        return self.game.generator(given, training=training)

    def judged(self, x, label):
        """Scores (n, 1) of examples and, if that is asked, the class they are said to have."""
        seen = [x, label] if self.game.params.conditional else [x]
        said = self.game.discriminator(seen, training=True)
        return said if self.game.params.naming else [said]

    def told_apart(self, real, label):
        """The discriminator's loss, and its scores of real and of made examples."""
        fake = tf.stop_gradient(self.made(label))
        of_real, *names = self.judged(real, label)
        of_fake, *_ = self.judged(fake, label)
        loss = self.game.losses[0](of_real, of_fake)
        if self.game.params.naming:
            loss += self.game.params.naming * misnamed(label, names[0])
        if self.game.params.loss == "wgan":
            loss += self.game.params.penalty * self.steepness(real, fake, label)
        return loss, of_real, of_fake

    def learn_to_tell(self, real, label):
        """A step of the discriminator."""
        with tf.GradientTape() as tape:
            told = self.told_apart(real, label)
        weights = self.game.discriminator.trainable_variables
        self.game.optimizer.apply(tape.gradient(told[0], weights), weights)
        return told

    def learn_to_make(self, label):
        """A step of the generator; returns its loss."""
        with tf.GradientTape() as tape:
            score, *names = self.judged(self.made(label), label)
            loss = self.game.losses[1](score)
            if self.game.params.naming:
                loss += self.game.params.naming * misnamed(label, names[0])
        weights = self.game.generator.trainable_variables
        self.optimizer.apply(tape.gradient(loss, weights), weights)
        return loss

    def steepness(self, real, fake, label):
        """How far the discriminator's slope is from 1 between real and made (Gulrajani et al.
        2017)."""
        share = self.game.random.uniform((tf.shape(real)[0], *[1] * (len(real.shape) - 1)))
        between = share * real + (1 - share) * fake
        with tf.GradientTape() as tape:
            tape.watch(between)
            score, *_ = self.judged(between, label)
        slope = tape.gradient(score, between)
        steep = tf.sqrt(tf.reduce_sum(slope**2, axis=list(range(1, len(slope.shape)))) + 1e-12)
        return tf.reduce_mean((steep - 1)**2)


def misnamed(label, names):
    """Cross-entropy of the class named (n, classes) for the class meant (n,)."""
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(label, names))


# Training

def train(params, model: GAN, data, callbacks=()) -> keras.callbacks.History:
    """Play the game, with the training examples in a new order in each epoch."""
    own = [Slowly(), Measured(params, data)]
    return model.fit(batches(params, data), epochs=params.epochs, callbacks=[*own, *callbacks],
                     steps_per_epoch=len(data.x_train) // batch_size(params, data),
                     shuffle=False, verbose=0)  # the batches are shuffled already


def batches(params, data) -> tf.data.Dataset:
    """Real examples in a new order in each epoch, pictures in the range of what is made. Without
    an end: a stream that begins anew would hold the game up between two epochs."""
    x, y = tf.constant(data.x_train), tf.constant(data.y_train.astype(np.int32))
    order = tf.data.Dataset.range(len(x)).shuffle(len(x), seed=seed_of(params.seed, "order"))
    numbers = order.batch(batch_size(params, data), drop_remainder=True).repeat()
    return numbers.map(lambda rows: (in_range(params, tf.gather(x, rows)), tf.gather(y, rows))
                       ).prefetch(AHEAD)


def batch_size(params, data) -> int:
    """Examples in a batch: no more than there are."""
    return min(params.batch_size, len(data.x_train))


def in_range(params, x):
    """Pictures, bytes or 0..1, in the range of the generator's output; points stay as they are."""
    x = tf.cast(x, tf.float32) / 255 if x.dtype == tf.uint8 else tf.cast(x, tf.float32)
    return 2 * x - 1 if two_sided(params) and len(x.shape) == 4 else x


def two_sided(params) -> bool:
    """Whether real pixels are fed from -1 to 1, as tanh makes them."""
    return params.output == "tanh" and not params.mismatch


class Slowly(keras.callbacks.Callback):
    """Rests after each step as long as the model says: slow motion."""

    def on_train_batch_end(self, batch, logs=None):
        if self.model.rest:
            time.sleep(self.model.rest)


class Measured(keras.callbacks.Callback):
    """Adds what is found on the validation split to what an epoch reports, for the callbacks after
    this one."""

    def __init__(self, settings, data):
        super().__init__()
        self.settings, self.data = settings, data

    def on_epoch_end(self, epoch, logs=None):
        logs.update(measure(self.settings, self.model, self.data, "val"))


def measure(params, model: GAN, data, split: str, count: int = 1000) -> dict[str, float]:
    """How near ``count`` made examples come to the real ones of a split."""
    label = np.arange(count, dtype=np.int32) % max(len(data.class_names), 1)
    noise = np.random.default_rng(seed_of(params.seed, split)).standard_normal(
        (count, params.latent)).astype(np.float32)
    if split not in model.game.judges:
        model.game.judges[split] = judge_of(params, data, split, count)
    figures = model.game.judges[split].figures(make(params, model, noise, label),
                                               label if params.conditional else None)
    model.game.found = figures
    return {f"{split}_{name}": value for name, value in figures.items()}


def judge_of(params, data, split: str, count: int):
    """Who compares what is made with ``count`` real examples of a split."""
    real, known = (data.x_test, data.y_test) if split == "test" else (data.x_val, data.y_val)
    rows = np.random.default_rng(0).permutation(len(real))[:count]
    if real.ndim == 2:
        return Spread(real[rows], known[rows])
    return Judge(params.dataset, real[rows], known[rows])


def make(params, model: keras.Model, noise, label) -> np.ndarray:
    """Examples made of noise (n, latent) and class numbers (n,): pictures in 0..1, or points."""
    given = [noise, label] if params.conditional else [noise]
    made = np.concatenate([model.game.generator.predict_on_batch(
        [each[start:start + 250] for each in given]) for start in range(0, len(noise), 250)])
    return shown(params, np.nan_to_num(made))


def shown(params, made: np.ndarray) -> np.ndarray:
    """Made pictures in 0..1, whatever the range of the output; points stay as they are."""
    if made.ndim == 2:
        return made
    return np.clip(made / 2 + 0.5 if two_sided(params) else made, 0, 1)


def score(params, model: GAN, data) -> dict[str, float]:
    """The same measures on both splits that it was not trained with."""
    return measure(params, model, data, "val") | measure(params, model, data, "test")


if __name__ == "__main__":
    import sys

    from core.params import from_text
    from core.rooms.gan import Gan

    params, _ = from_text(Gan, dict(each.split("=", 1) for each in sys.argv[1:]))
    callbacks = [Report()]
    data = load(params)
    model = build(params, data)
    train(params, model, data, callbacks)
    print(json.dumps(score(params, model, data)))
