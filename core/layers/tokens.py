"""What becomes a row of vectors: words and signs by a table, pictures cut into patches."""

from collections.abc import Sequence

import keras
import tensorflow as tf

from core.layers import seed_of


@keras.saving.register_keras_serializable("perceptorium")
class Tokens(keras.layers.Layer):
    """A vector for each word or sign: numbers (n, t) → (n, t, units). It knows its ``vocabulary``,
    so that a saved network can still read and write."""

    def __init__(self, vocabulary: Sequence[str], units: int, seed: int = 0, **how):
        super().__init__(**how)
        self.vocabulary, self.units, self.seed = tuple(vocabulary), units, seed

    def get_config(self):
        """What a saved network says of this layer."""
        return {**super().get_config(), "vocabulary": list(self.vocabulary), "units": self.units,
                "seed": self.seed}

    def build(self, shape):
        """The table: (words, units)."""
        first = keras.initializers.RandomNormal(0.0, self.units**-0.5, seed_of(self.seed, "table"))
        self.table = self.add_weight(name="table", shape=(len(self.vocabulary), self.units),
                                     initializer=first)

    def call(self, numbers):
        """The rows of the table."""
        return tf.gather(self.table, numbers)

    def compute_output_shape(self, shape):
        """As many positions as tokens."""
        return (*shape, self.units)


@keras.saving.register_keras_serializable("perceptorium")
class Patches(keras.layers.Layer):
    """Pictures cut into squares of ``side`` pixels, row by row: (n, h, w, c) → (n, patches, side ·
    side · c). (Dosovitskiy et al., "An image is worth 16×16 words", 2021.)"""

    def __init__(self, side: int, **how):
        super().__init__(**how)
        self.side = side

    def get_config(self):
        """What a saved network says of this layer."""
        return {**super().get_config(), "side": self.side}

    def call(self, pictures):
        """Each patch as one row of numbers."""
        side, (height, width, channels) = self.side, pictures.shape[1:]
        cut = tf.reshape(pictures, (-1, height // side, side, width // side, side, channels))
        return tf.reshape(tf.transpose(cut, (0, 1, 3, 2, 4, 5)),
                          (-1, (height // side) * (width // side), side * side * channels))


@keras.saving.register_keras_serializable("perceptorium")
class Filled(keras.layers.Layer):
    """Where there is a word, and where a short sentence was only filled up: numbers (n, t) → true
    and false (n, 1, t), as attention takes it."""

    def call(self, numbers):
        """Number 0 is no word."""
        return tf.not_equal(numbers, 0)[:, None]

    def compute_output_shape(self, shape):
        """One row for all that ask."""
        return (shape[0], 1, shape[1])

    def compute_output_spec(self, numbers):
        """Truth values."""
        return keras.KerasTensor(self.compute_output_shape(numbers.shape), "bool")


@keras.saving.register_keras_serializable("perceptorium")
class MeanOf(keras.layers.Layer):
    """The mean over all positions, or over those that are filled: (n, t, c) → (n, c)."""

    def call(self, x, filled=None):
        """``filled``: (n, 1, t), see :class:`Filled`."""
        if filled is None:
            return tf.reduce_mean(x, axis=1)
        weight = tf.cast(filled, x.dtype)  # (n, 1, t)
        return (weight @ x)[:, 0] / tf.maximum(tf.reduce_sum(weight, axis=2), 1)

    def compute_output_shape(self, x_shape, filled_shape=None):
        """One vector for each example."""
        return (x_shape[0], x_shape[2])
