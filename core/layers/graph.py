"""Layers on a graph: every node hears its neighbours and changes by what it heard.

A graph is a list of directed edges, (e, 2) int: a row (j, i) carries what node j says to node i,
so an undirected edge stands there twice. It is a sparse matrix in coordinates: what is not in the
list costs nothing. All layers do the same three things and differ in how:

1. ``messages``: what each node says, (n, f) → (n, heads, units);
2. ``shares``: how much of it counts along each edge, (e, heads);
3. ``update``: what a node makes of the sum that it heard, (n, heads, units) → (n, units).

(Gilmer et al., "Neural message passing for quantum chemistry", 2017.)
"""

import keras
import tensorflow as tf

from core.layers import seed_of


class GraphLayer(keras.layers.Layer):
    """What all layers on a graph share. ``l2``: the price on the squares of the weights."""

    loops = True  # whether a node hears itself, too

    def __init__(self, units: int, activation: str = "linear", seed: int = 0, l2: float = 0.0,
                 **how):
        super().__init__(**how)
        self.units, self.bend, self.seed, self.l2 = units, activation, seed, l2
        self.activation = keras.activations.get(activation)

    def get_config(self):
        """What a saved network says of this layer."""
        return {**super().get_config(), "units": self.units, "activation": self.bend,
                "seed": self.seed, "l2": self.l2}

    def weight(self, name: str, *shape: int):
        """Random first weights that keep the signal's size (Glorot & Bengio 2010)."""
        return self.add_weight(
            name=name, shape=shape,
            initializer=keras.initializers.GlorotUniform(seed_of(self.seed, name)),
            regularizer=keras.regularizers.L2(self.l2) if self.l2 else None)

    def zeros(self, name: str, *shape: int):
        """Weights that begin at zero."""
        return self.add_weight(name=name, shape=shape, initializer="zeros")

    def call(self, x, edges, training=None):
        """Features (n, f) and edges (e, 2) → features (n, units)."""
        edges = self.heard(x, edges)
        messages = self.messages(x)
        shares = self.shares(messages, edges, training)
        return self.update(x, collected(messages, shares, edges))

    def heard(self, x, edges):
        """The edges along which this layer hears: (e, 2) → (e, 2) or (e + n, 2)."""
        return with_loops(edges, tf.shape(x)[0]) if self.loops else edges


def with_loops(edges, count):
    """An edge more for each of the nodes, from it to itself: (e, 2) → (e + count, 2)."""
    nodes = tf.range(count, dtype=edges.dtype)
    return tf.concat([edges, tf.stack([nodes, nodes], axis=1)], axis=0)


def degrees(edges, count):
    """Into how many edges each node listens: (count,)."""
    return tf.math.unsorted_segment_sum(tf.ones_like(edges[:, 1], tf.float32), edges[:, 1], count)


def collected(messages, shares, edges):
    """The sum of what reaches each node: messages (n, heads, units), shares (e, heads) →
    (n, heads, units)."""
    said = shares[:, :, None] * tf.gather(messages, edges[:, 0])  # (e, heads, units)
    return tf.math.unsorted_segment_sum(said, edges[:, 1], tf.shape(messages)[0])


@keras.saving.register_keras_serializable("perceptorium")
class GraphConvolution(GraphLayer):
    """GCN: x′ᵢ = f(Σⱼ xⱼ W / √(dᵢ dⱼ) + b), over i's neighbours j and i itself; d counts both.

    (Kipf & Welling, "Semi-supervised classification with graph convolutional networks", 2017.)
    """

    def build(self, shape):
        self.kernel = self.weight("kernel", shape[-1], self.units)
        self.bias = self.zeros("bias", self.units)

    def messages(self, x):
        return (x @ self.kernel)[:, None]

    def shares(self, messages, edges, training=None):
        root = tf.math.rsqrt(degrees(edges, tf.shape(messages)[0]))
        return (tf.gather(root, edges[:, 0]) * tf.gather(root, edges[:, 1]))[:, None]

    def update(self, x, heard):
        return self.activation(heard[:, 0] + self.bias)


@keras.saving.register_keras_serializable("perceptorium")
class PlainSum(GraphLayer):
    """x′ᵢ = f(Σⱼ xⱼ W): neighbours are added up as they are, and a node does not hear itself."""

    loops = False

    def build(self, shape):
        self.kernel = self.weight("kernel", shape[-1], self.units)

    def messages(self, x):
        return (x @ self.kernel)[:, None]

    def shares(self, messages, edges, training=None):
        return tf.ones_like(edges[:, :1], tf.float32)

    def update(self, x, heard):
        return self.activation(heard[:, 0])


@keras.saving.register_keras_serializable("perceptorium")
class GraphSAGE(GraphLayer):
    """x′ᵢ = f(xᵢ W + (mean of the neighbours' xⱼ) V + b).

    (Hamilton, Ying & Leskovec, "Inductive representation learning on large graphs", 2017.)
    """

    loops = False

    def build(self, shape):
        self.own = self.weight("own", shape[-1], self.units)
        self.kernel = self.weight("kernel", shape[-1], self.units)
        self.bias = self.zeros("bias", self.units)

    def messages(self, x):
        return (x @ self.kernel)[:, None]

    def shares(self, messages, edges, training=None):
        return tf.gather(1 / degrees(edges, tf.shape(messages)[0]), edges[:, 1])[:, None]

    def update(self, x, heard):
        return self.activation(x @ self.own + heard[:, 0] + self.bias)


@keras.saving.register_keras_serializable("perceptorium")
class GraphAttention(GraphLayer):
    """GAT: x′ᵢ = f(Σⱼ αᵢⱼ xⱼ W + b), where each of several heads learns whom to listen to:
    αᵢⱼ = softmax over j of LeakyReLU(s·xⱼ W + t·xᵢ W).

    ``merge``: the heads' answers side by side (``concat``, units · heads values) or their
    ``mean``; ``dropout``: the share of edges that a head does not hear in a training step.
    (Veličković et al., "Graph attention networks", 2018.)
    """

    def __init__(self, units: int, activation: str = "linear", seed: int = 0, l2: float = 0.0,
                 heads: int = 1, merge: str = "concat", dropout: float = 0.0, **how):
        super().__init__(units, activation, seed, l2, **how)
        self.heads, self.merge = heads, merge
        self.dropout = dropout
        self.drop = keras.layers.Dropout(dropout, seed=seed_of(seed, "edges"))

    def get_config(self):
        return {**super().get_config(), "heads": self.heads, "merge": self.merge,
                "dropout": self.dropout}

    def build(self, shape):
        self.kernel = self.weight("kernel", shape[-1], self.heads * self.units)
        self.source = self.weight("source", self.heads, self.units)
        self.target = self.weight("target", self.heads, self.units)
        self.bias = self.zeros("bias", self.units * (self.heads if self.merge == "concat" else 1))

    def messages(self, x):
        return tf.reshape(x @ self.kernel, (-1, self.heads, self.units))

    def shares(self, messages, edges, training=None):
        count = tf.shape(messages)[0]
        says = tf.reduce_sum(messages * self.source, axis=-1)  # (n, heads)
        hears = tf.reduce_sum(messages * self.target, axis=-1)
        score = tf.nn.leaky_relu(tf.gather(says, edges[:, 0]) + tf.gather(hears, edges[:, 1]), 0.2)
        most = tf.math.unsorted_segment_max(score, edges[:, 1], count)
        power = tf.exp(score - tf.gather(most, edges[:, 1]))  # never overflows
        whole = tf.math.unsorted_segment_sum(power, edges[:, 1], count)
        return self.drop(power / tf.gather(whole, edges[:, 1]), training=training)

    def update(self, x, heard):
        if self.merge == "concat":
            merged = tf.reshape(heard, (-1, self.heads * self.units))
        else:
            merged = tf.reduce_mean(heard, axis=1)
        return self.activation(merged + self.bias)


@keras.saving.register_keras_serializable("perceptorium")
class GraphIsomorphism(GraphLayer):
    """GIN: x′ᵢ = f(relu(((1 + ε) xᵢ + Σⱼ xⱼ) W + b) V + c). A sum can tell neighbourhoods apart
    that a mean cannot; ε is learned.

    (Xu, Hu, Leskovec & Jegelka, "How powerful are graph neural networks?", 2019.)
    """

    def build(self, shape):
        self.inner = self.weight("inner", shape[-1], self.units)
        self.inner_bias = self.zeros("inner_bias", self.units)
        self.kernel = self.weight("kernel", self.units, self.units)
        self.bias = self.zeros("bias", self.units)
        self.epsilon = self.zeros("epsilon", 1)

    def messages(self, x):
        return x[:, None]

    def shares(self, messages, edges, training=None):
        loop = tf.cast(edges[:, 0] == edges[:, 1], tf.float32)
        return (1 + self.epsilon * loop)[:, None]

    def update(self, x, heard):
        inner = tf.nn.relu(heard[:, 0] @ self.inner + self.inner_bias)
        return self.activation(inner @ self.kernel + self.bias)


LAYERS = {"gcn": GraphConvolution, "sage": GraphSAGE, "gat": GraphAttention,
          "gin": GraphIsomorphism, "sum": PlainSum}
