"""What a graph network says in the end, from what it makes of the nodes."""

import keras
import tensorflow as tf

from core.layers import seed_of


@keras.saving.register_keras_serializable("perceptorium")
class EachNode(keras.layers.Layer):
    """Probabilities of the classes of each node: values (n, classes) → (n, classes)."""

    def call(self, x):
        return tf.nn.softmax(x)


@keras.saving.register_keras_serializable("perceptorium")
class EachPair(keras.layers.Layer):
    """How probable an edge is: σ(xₐ·x_b + bias). Values (n, f) and pairs (p, 2) → (p, 2), the
    opposite first. Nodes whose values point the same way are expected to be joined.

    (Kipf & Welling, "Variational graph auto-encoders", 2016.)
    """

    def build(self, x_shape, pairs_shape):
        self.bias = self.add_weight(name="bias", shape=(1,), initializer="zeros")

    def call(self, x, pairs):
        ends = tf.gather(x, pairs)  # (p, 2, f)
        score = tf.reduce_sum(ends[:, 0] * ends[:, 1], axis=-1, keepdims=True) + self.bias
        return tf.nn.sigmoid(tf.concat([-score, score], axis=1))


class EdgeAUC(keras.metrics.AUC):
    """How often an edge is found more probable than a pair that is not joined: the area under the
    ROC curve, from a thousand thresholds."""

    def __init__(self):
        super().__init__(num_thresholds=1_000, name="auc")

    def update_state(self, y_true, y_pred, sample_weight=None):
        return super().update_state(y_true, y_pred[:, 1], sample_weight)


@keras.saving.register_keras_serializable("perceptorium")
class EachGraph(keras.layers.Layer):
    """Probabilities of the classes of each of several small graphs: the mean over its nodes, then
    softmax(mean W + b). Values (n, f) and the number of each node's graph (n, 1) → (g, classes).
    """

    def __init__(self, classes: int, seed: int = 0, **how):
        super().__init__(**how)
        self.classes, self.seed = classes, seed

    def get_config(self):
        """What a saved network says of this layer."""
        return {**super().get_config(), "classes": self.classes, "seed": self.seed}

    def build(self, x_shape, of_shape):
        first = keras.initializers.GlorotUniform(seed_of(self.seed, "readout"))
        self.kernel = self.add_weight(name="kernel", shape=(x_shape[-1], self.classes),
                                      initializer=first)
        self.bias = self.add_weight(name="bias", shape=(self.classes,), initializer="zeros")

    def call(self, x, of):
        return tf.nn.softmax(self.read(x, of) @ self.kernel + self.bias)

    def read(self, x, of):
        """The mean of the nodes of each graph: (n, f) → (g, f)."""
        count = tf.reduce_max(of) + 1
        return tf.math.unsorted_segment_mean(x, of[:, 0], count)
