"""Layers, loss and metric for networks that forecast."""

import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable("perceptorium")
class Difference(keras.layers.Layer):
    """Changes from ``lag`` steps ago: (n, t) → (n, t - lag)."""

    def __init__(self, lag: int, **how):
        super().__init__(**how)
        self.lag = lag

    def call(self, x):
        return x[:, self.lag:] - x[:, :-self.lag]

    def compute_output_shape(self, shape):
        """(n, t) → (n, t - lag)"""
        return (shape[0], shape[1] - self.lag)

    def get_config(self):
        """What a saved network says of this layer."""
        return {**super().get_config(), "lag": self.lag}


@keras.saving.register_keras_serializable("perceptorium")
class Restore(keras.layers.Layer):
    """Values from what was before, (n, t), and the changes from ``lag`` steps ago, (n, h):
    ŷₖ = ŷₖ₋ₗ + changeₖ, where the last l values of the past are the first to add to."""

    def __init__(self, lag: int, **how):
        super().__init__(**how)
        self.lag = lag

    def call(self, past, changes):
        horizon = changes.shape[1]
        seasons = -(-horizon // self.lag)
        padded = ops.pad(changes, [[0, 0], [0, seasons * self.lag - horizon]])
        sums = ops.cumsum(ops.reshape(padded, (-1, seasons, self.lag)), axis=1)
        values = sums + past[:, None, -self.lag:]
        return ops.reshape(values, (-1, seasons * self.lag))[:, :horizon]

    def compute_output_shape(self, past_shape, changes_shape):
        """As the changes."""
        return changes_shape

    def get_config(self):
        """What a saved network says of this layer."""
        return {**super().get_config(), "lag": self.lag}


@keras.saving.register_keras_serializable("perceptorium")
class Place(keras.layers.Layer):
    """Adds to each step of (n, t, units) where it stands: sines and cosines of its number, from
    fast to slow (Vaswani et al., "Attention is all you need", 2017)."""

    def build(self, shape):
        at, channel = np.arange(shape[1])[:, None], np.arange(shape[2])[None]
        angle = at / 10_000 ** (channel // 2 * 2 / shape[2])
        self.table = np.where(channel % 2, np.cos(angle), np.sin(angle)).astype(np.float32)

    def call(self, x):
        return x + self.table


class Spread(keras.losses.Loss):
    """The squared error in units of the spread ``σ`` of the training part, without what is NaN in
    the truth: with 1 it is as good as always saying the mean."""

    def __init__(self, spread: float):
        super().__init__(name="spread")
        self.spread = spread

    def call(self, y, said):
        there = ops.logical_not(ops.isnan(y))
        off = ops.where(there, y, said) - said
        count = ops.maximum(ops.sum(ops.cast(there, "float32"), axis=-1), 1.0)
        return ops.sum(ops.square(off / self.spread), axis=-1) / count


class FirstStep(keras.metrics.RootMeanSquaredError):
    """The root of the mean squared error of the first step ahead, in the series' own unit."""

    def update_state(self, y, said, sample_weight=None):
        super().update_state(y[:, :1], said[:, :1])
