"""Multi-head attention, written out, and what tells it where things stand.

Every position asks a question (the query), every position offers an answer to a certain kind of
question (key and value). How well query and key fit decides how much of the value is taken:

    weights = softmax(Q Kᵀ / √d),  head = weights V

Several heads do this side by side, each with Q, K and V of its own; a last matrix mixes what they
found. (Vaswani et al., "Attention is all you need", 2017.)

In shapes: n examples, t positions that ask, s positions that answer, c channels, d values of a
query, key or value in each of h heads.
"""

from typing import NamedTuple

import keras
import tensorflow as tf

from core.layers import seed_of

NEVER = -1e9  # a score so low that softmax makes exactly nothing of it


class Opened(NamedTuple):
    """All that happens in a layer of attention: ``query`` (n, h, t, d), ``key`` and ``value``
    (n, h, s, d), ``scores`` before the mask, ``masked`` after it and ``weights`` (n, h, t, s),
    ``heads`` (n, h, t, d) and ``output`` (n, t, c)."""

    query: tf.Tensor
    key: tf.Tensor
    value: tf.Tensor
    scores: tf.Tensor
    masked: tf.Tensor
    weights: tf.Tensor
    heads: tf.Tensor
    output: tf.Tensor


@keras.saving.register_keras_serializable("perceptorium")
class Attention(keras.layers.Layer):
    """Multi-head attention: equal to ``keras.layers.MultiHeadAttention``, each step in sight.

    ``size``: d, of each of the ``heads``; ``causal``: a position sees only itself and what came
    before; ``dropout``: the share of weights that a training step ignores. ``deep``: over how many
    layers the results add up; the first weights of the output are smaller by √(2·deep) (Radford et
    al., "Language models are unsupervised multitask learners", 2019).
    """

    def __init__(self, heads: int, size: int, causal: bool = False, dropout: float = 0.0,
                 deep: int = 0, seed: int = 0, **how):
        super().__init__(**how)
        self.heads, self.size, self.causal = heads, size, causal
        self.dropout, self.deep, self.seed = dropout, deep, seed
        self.drop = keras.layers.Dropout(dropout, seed=seed_of(seed, "weights"))

    def get_config(self):
        """What a saved network says of this layer."""
        return {**super().get_config(), "heads": self.heads, "size": self.size,
                "causal": self.causal, "dropout": self.dropout, "deep": self.deep,
                "seed": self.seed}

    def build(self, query_shape, memory_shape=None):
        """Four matrices: (c, h·d) for queries, keys and values, (h·d, c) for the output."""
        width, inner = query_shape[-1], self.heads * self.size
        source = (memory_shape or query_shape)[-1]
        self.query_kernel, self.query_bias = self.pair("query", width, inner)
        self.key_kernel, self.key_bias = self.pair("key", source, inner)
        self.value_kernel, self.value_bias = self.pair("value", source, inner)
        self.output_kernel, self.output_bias = self.pair(
            "output", inner, width, scale=1 / (2 * self.deep) if self.deep else 1.0)

    def pair(self, name: str, given: int, made: int, scale: float = 1.0):
        """A matrix that keeps the signal's size (Glorot & Bengio 2010) and a bias of zeros."""
        first = keras.initializers.VarianceScaling(scale, "fan_avg", "uniform",
                                                   seed=seed_of(self.seed, name))
        return (self.add_weight(name=f"{name}_kernel", shape=(given, made), initializer=first),
                self.add_weight(name=f"{name}_bias", shape=(made,), initializer="zeros"))

    def call(self, query, memory=None, attention_mask=None, training=None,
             return_attention_scores=False):
        """What each position found, (n, t, c) → (n, t, c).

        ``memory`` (n, s, c′): where keys and values come from; the positions themselves
        (self-attention) if there is none. `attention_mask`: true where a position may look, of
        (n, t, s) or (n, 1, s). With ``return_attention_scores`` the weights
        (n, h, t, s) come along, as Keras calls it.
        """
        found = self.opened(query, memory, attention_mask, training)
        return (found.output, found.weights) if return_attention_scores else found.output

    def opened(self, query, memory=None, attention_mask=None, training=None) -> Opened:
        """The same, with every step between."""
        memory = query if memory is None else memory
        q = self.split(query @ self.query_kernel + self.query_bias)  # (n, h, t, d)
        k = self.split(memory @ self.key_kernel + self.key_bias)  # (n, h, s, d)
        v = self.split(memory @ self.value_kernel + self.value_bias)  # (n, h, s, d)
        scores = tf.matmul(q, k, transpose_b=True) * self.size**-0.5  # (n, h, t, s)
        masked = scores
        if self.causal:
            masked = tf.where(causal_mask(tf.shape(q)[2], tf.shape(k)[2]), masked, NEVER)
        if attention_mask is not None:
            allowed = tf.cast(attention_mask, tf.bool)[:, None]  # the same for all heads
            masked = tf.where(allowed, masked, NEVER)
        weights = tf.nn.softmax(masked)
        heads = self.drop(weights, training=training) @ v  # (n, h, t, d)
        output = self.joined(heads) @ self.output_kernel + self.output_bias
        return Opened(q, k, v, scores, masked, weights, heads, output)

    def split(self, x):
        """Channels dealt out to heads: (n, t, h·d) → (n, h, t, d)."""
        shape = tf.shape(x)
        return tf.transpose(tf.reshape(x, (shape[0], shape[1], self.heads, self.size)),
                            (0, 2, 1, 3))

    def joined(self, heads):
        """All heads side by side again: (n, h, t, d) → (n, t, h·d)."""
        shape = tf.shape(heads)
        return tf.reshape(tf.transpose(heads, (0, 2, 1, 3)),
                          (shape[0], shape[2], self.heads * self.size))

    def compute_output_shape(self, query_shape, memory_shape=None):
        """As many positions and channels as ask."""
        return query_shape


def causal_mask(asking, answering):
    """True where the position of the row may look: at itself and before. Where fewer ask than
    answer, those that ask are the last ones. → (asking, answering)"""
    rows = tf.range(answering - asking, answering)[:, None]
    return rows >= tf.range(answering)[None, :]


def waves(length: int, width: int):
    """Positions as waves: half of the channels hold the sine, half the cosine of the position, each
    pair slower than the one before. → (length, width)

    (Vaswani et al. 2017; there sine and cosine alternate, which is the same in another order.)
    """
    pairs = (width + 1) // 2
    slow = 10_000.0 ** (-tf.range(pairs, dtype=tf.float32) / pairs)
    angle = tf.range(length, dtype=tf.float32)[:, None] * slow[None, :]
    return tf.concat([tf.sin(angle), tf.cos(angle)], axis=1)[:, :width]


@keras.saving.register_keras_serializable("perceptorium")
class Positions(keras.layers.Layer):
    """Adds to every position what tells where it stands: (n, t, c) → (n, t, c).

    ``kind``: "waves" (:func:`waves`, nothing to learn) or "learned" (a vector for each of ``most``
    positions).
    """

    def __init__(self, kind: str, most: int, seed: int = 0, **how):
        super().__init__(**how)
        self.kind, self.most, self.seed = kind, most, seed

    def get_config(self):
        """What a saved network says of this layer."""
        return {**super().get_config(), "kind": self.kind, "most": self.most, "seed": self.seed}

    def build(self, shape):
        """One vector for each position, if they are learned."""
        if self.kind == "learned":
            self.table = self.add_weight(
                name="table", shape=(self.most, shape[-1]),
                initializer=keras.initializers.RandomNormal(0.0, 0.02, seed_of(self.seed, "table")))

    def call(self, x):
        """The positions from 0 on."""
        return x + tf.cast(self.first(tf.shape(x)[1], x.shape[-1]), x.dtype)

    def first(self, count, width: int):
        """The vectors of the first ``count`` positions, (count, width)."""
        return self.table[:count] if self.kind == "learned" else waves(count, width)
