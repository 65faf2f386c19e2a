"""A neural network from scratch: forward, loss, backward and update in NumPy.

Layers of neurons, each a weighted sum and a bend, fitted by gradient descent. The gradient comes
from the chain rule, applied from the last layer to the first. (Rumelhart, Hinton & Williams,
"Learning representations by back-propagating errors", 1986.)

In shapes, n is the number of points in a batch, k and m are the sizes of a layer's input and
output.
"""

import json
from itertools import pairwise

import numpy as np

from core.data.plane import PLANES, Data, from_own, is_class, random_for, split, with_drawn

# Data

def load(params) -> Data:
    """The points and their split."""
    if params.dataset == "own":
        x, y = from_own(random_for(params.seed, "data"), params.own,
                        [column.place for column in params.columns], params.target,
                        params.tells, params.blue, params.count)
        classes = params.tells != "value"
        x, y = with_drawn(x, y, params.drawn, classes)
        return split(x, y, params.train_share, params.seed, classes)
    x, y = PLANES[params.dataset](random_for(params.seed, "data"), params.count, params.noise)
    classes = is_class(params.dataset)
    x, y = with_drawn(x, y, params.drawn, classes)
    return split(x, y, params.train_share, params.seed, classes)


def features(params, x: np.ndarray) -> np.ndarray:
    """What the network receives of its points: (n, 2) → (n, k). A table's columns beyond the
    plane's two come as they are."""
    x1, x2, *others = x.T
    columns = [column for wanted, column in (
        (params.x1, x1), (params.x2, x2), (params.x1_squared, x1**2), (params.x2_squared, x2**2),
        (params.x1_x2, x1 * x2), (params.sin_x1, np.sin(x1)), (params.sin_x2, np.sin(x2)),
    ) if wanted]
    return np.stack([*columns, *others], axis=1)


# The bends: each function with its derivative, given the sum z and the value a = f(z)

def sigmoid(z):
    return 0.5 + 0.5 * np.tanh(z / 2)  # 1 / (1 + exp(-z)), without an overflow


def gelu(z):
    """Hendrycks & Gimpel 2016, in the form with tanh."""
    return 0.5 * z * (1 + np.tanh(GELU_SCALE * (z + GELU_CUBE * z**3)))


def gelu_slope(z, a):
    bend = np.tanh(GELU_SCALE * (z + GELU_CUBE * z**3))
    return 0.5 * (1 + bend) + 0.5 * z * (1 - bend**2) * GELU_SCALE * (1 + 3 * GELU_CUBE * z**2)


GELU_SCALE, GELU_CUBE = np.sqrt(2 / np.pi), 0.044715
LEAK = 0.1  # the slope of leaky ReLU left of zero

BENDS = {
    "linear": (lambda z: z, lambda z, a: np.ones_like(z)),
    "relu": (lambda z: np.maximum(z, 0), lambda z, a: (z > 0).astype(float)),
    "leaky_relu": (lambda z: np.where(z > 0, z, LEAK * z), lambda z, a: np.where(z > 0, 1, LEAK)),
    "tanh": (np.tanh, lambda z, a: 1 - a * a),
    "sigmoid": (sigmoid, lambda z, a: a * (1 - a)),
    "gelu": (gelu, gelu_slope),
}


# The network

class Network:
    """Weights and biases. ``theta`` holds all of them in one vector, layer by layer, a layer's
    weights W (k, m) row by row before its biases b (m,); ``layers`` has them as views (W, b)."""

    def __init__(self, sizes, bends, learning_rate=0.1):
        self.sizes, self.bends, self.learning_rate = sizes, bends, learning_rate
        self.theta = np.zeros(sum((k + 1) * m for k, m in pairwise(sizes)))
        self.layers = self.parts(self.theta)
        self.stop_training = False  # a callback may wish it

    def parts(self, vector):
        """The weights and biases (W, b) in a vector that is laid out like ``theta``."""
        layers, at = [], 0
        for k, m in pairwise(self.sizes):
            middle, end = at + k * m, at + (k + 1) * m
            layers.append((vector[at:middle].reshape(k, m), vector[middle:end]))
            at = end
        return layers

    @property
    def weights(self):
        """All weights and biases by name, as they are kept."""
        return {"theta": self.theta}

    @weights.setter
    def weights(self, kept):
        self.theta[:] = kept["theta"]

    def set_edits(self, edits):
        """Numbers set by hand: pairs of a place in ``theta`` and a value."""
        for place, value in edits:
            if place < self.theta.size:
                self.theta[place] = value

    edits = property(fset=set_edits)  # also in mid-run


def build(params, data: Data) -> Network:
    """The network with its first weights: features (n, k) → one value (n, 1)."""
    inputs = features(params, data.x_train[:1]).shape[1]
    sizes = [inputs, *(layer.neurons for layer in params.hidden), 1]
    last = "sigmoid" if data.class_names else "linear"
    bends = [*(layer.activation for layer in params.hidden), last]
    network = Network(sizes, bends, params.learning_rate)
    for number, (W, _) in enumerate(network.layers, start=1):  # biases start at 0
        W[:] = first_weights(params.initialisation, W.shape,
                             random_for(params.seed, f"layer {number}"))
    network.edits = [(edit.place, edit.value) for edit in params.edits]
    return network


def first_weights(how, shape, rng):
    """Random weights (k, m). Glorot & Bengio 2010 and He et al. 2015 choose their size so that
    the signal keeps its own from layer to layer."""
    k, m = shape
    if how == "glorot":
        return rng.uniform(-1, 1, shape) * np.sqrt(6 / (k + m))
    if how == "he":
        return rng.normal(0, np.sqrt(2 / k), shape)
    if how == "small":
        return rng.normal(0, 0.01, shape)
    if how == "playground":
        return rng.uniform(-0.5, 0.5, shape)
    return np.zeros(shape)


# Forward, loss, backward

def forward(network: Network, x: np.ndarray, masks=None):
    """All sums z and all values a of the network, layer by layer; ``values[-1]`` is its answer.

    ``x``: (n, k). ``masks``: what dropout leaves of each hidden layer, (n, m) or None.
    """
    sums, values = [], [x]
    for number, ((W, b), bend) in enumerate(zip(network.layers, network.bends)):
        z = values[-1] @ W + b  # (n, k) @ (k, m) + (m,) → (n, m)
        a = BENDS[bend][0](z)
        if masks and masks[number] is not None:
            a = a * masks[number]
        sums.append(z)
        values.append(a)
    return sums, values


def loss(network: Network, z: np.ndarray, y: np.ndarray) -> float:
    """How wrong the last sums ``z`` (n, 1) are. For classes, the surprise at the true one,
    -log p; for values, half the squared error."""
    if network.bends[-1] == "sigmoid":
        return float(np.mean(np.logaddexp(0, z) - y * z))  # = -y log p - (1 - y) log(1 - p)
    return float(np.mean((z - y) ** 2) / 2)


def backward(network: Network, sums, values, y, masks=None) -> np.ndarray:
    """The gradient of the loss, laid out like ``theta``.

    delta is the loss's derivative by a layer's sums z. At the output it is (answer - y) / n for
    both losses. From a layer to the one before it, the chain rule gives
    delta ← (delta · Wᵀ) · f'(z).
    """
    gradient = np.empty_like(network.theta)
    parts = network.parts(gradient)
    delta = (values[-1] - y) / len(y)  # (n, 1)
    for number in reversed(range(len(parts))):
        by_W, by_b = parts[number]
        np.matmul(values[number].T, delta, out=by_W)  # (k, n) @ (n, m) → (k, m)
        delta.sum(axis=0, out=by_b)
        if number:
            bend, slope = BENDS[network.bends[number - 1]]
            a, z = values[number], sums[number - 1]
            delta = delta @ network.layers[number][0].T  # (n, m) @ (m, k) → (n, k)
            if masks and masks[number - 1] is not None:
                delta, a = delta * masks[number - 1], bend(z)  # a as it was before dropout
            delta = delta * slope(z, a)
    return gradient


def shrink(network: Network, l1: float, l2: float) -> np.ndarray:
    """The gradient of l1·Σ|w| + l2/2·Σw²; biases are left alone."""
    pull = np.zeros_like(network.theta)
    for (own, _), (W, _) in zip(network.parts(pull), network.layers):
        own[:] = l1 * np.sign(W) + l2 * W
    return pull


def dropout_masks(rates, network: Network, n: int, rng):
    """For each layer what is left of it: 0, or more than 1 so that the mean stays."""
    masks = [(rng.random((n, m)) >= rate) / (1 - rate) if rate else None
             for rate, m in zip(rates, network.sizes[1:])]
    return [*masks, None]  # the output keeps all


# Update: each rule makes a step's direction of a gradient. ``memory`` is its own, from step to
# step; ``t`` counts the steps from 1.

def sgd(gradient, memory, t):
    return gradient


def momentum(gradient, memory, t):
    memory["v"] = 0.9 * memory.get("v", 0) + gradient
    return memory["v"]


def rmsprop(gradient, memory, t):
    memory["s"] = 0.9 * memory.get("s", 0) + 0.1 * gradient**2
    return gradient / np.sqrt(memory["s"] + 1e-7)


def adam(gradient, memory, t):
    """Kingma & Ba 2015, in the order of the end of their section 2, as Keras has it."""
    memory["m"] = 0.9 * memory.get("m", 0) + 0.1 * gradient
    memory["v"] = 0.999 * memory.get("v", 0) + 0.001 * gradient**2
    rate = np.sqrt(1 - 0.999**t) / (1 - 0.9**t)  # both means began at 0
    return rate * memory["m"] / (np.sqrt(memory["v"]) + 1e-7)


RULES = {"sgd": sgd, "momentum": momentum, "rmsprop": rmsprop, "adam": adam}


# Training

@np.errstate(over="ignore", invalid="ignore")  # whoever watches sees a loss that is no number
def train(params, network: Network, data: Data, callbacks=()) -> dict[str, list[float]]:
    """Fit the network, with the training points in a new order in each epoch."""
    x, x_val = features(params, data.x_train), features(params, data.x_val)
    rule, memory, t = RULES[params.optimizer], {}, 0
    order, drop = random_for(params.seed, "order"), random_for(params.seed, "dropout")
    rates = [layer.dropout for layer in params.hidden]
    size = min(params.batch_size, len(x))
    history = []
    for callback in callbacks:
        callback.begin(network, params.epochs, -(-len(x) // size))
    for _ in range(params.epochs):
        shuffled = order.permutation(len(x))
        sizes, figures = [], []
        for first in range(0, len(x), size):
            batch = shuffled[first:first + size]
            y = data.y_train[batch]
            masks = dropout_masks(rates, network, len(batch), drop) if any(rates) else None
            sums, values = forward(network, x[batch], masks)
            gradient = backward(network, sums, values, y, masks)
            if params.l1 or params.l2:
                gradient += shrink(network, params.l1, params.l2)
            t += 1
            network.theta -= network.learning_rate * rule(gradient, memory, t)
            sizes.append(len(batch))
            figures.append((loss(network, sums[-1], y), accuracy(network, values[-1], y)))
            for callback in callbacks:
                callback.batch(loss=figures[-1][0], accuracy=figures[-1][1])
            if network.stop_training:
                break
        means = np.average(figures, axis=0, weights=sizes)
        history.append({"loss": float(means[0]), "accuracy": float(means[1]),
                        **measure(network, x_val, data.y_val, "val_")})
        for callback in callbacks:
            callback.epoch(**history[-1])
        if network.stop_training:
            break
    return {name: [each[name] for each in history] for name in history[0]}


def accuracy(network: Network, answer: np.ndarray, y: np.ndarray) -> float:
    """The share of points whose colour is right: the class, or on which side of 0 a value is."""
    middle = 0.5 if network.bends[-1] == "sigmoid" else 0.0
    return float(np.count_nonzero((answer > middle) == (y > middle)) / len(y))


def measure(network: Network, x: np.ndarray, y: np.ndarray, prefix: str) -> dict[str, float]:
    """Loss and accuracy on features ``x`` (n, k)."""
    sums, values = forward(network, x)
    return {f"{prefix}loss": loss(network, sums[-1], y),
            f"{prefix}accuracy": accuracy(network, values[-1], y)}


def score(params, network: Network, data: Data) -> dict[str, float]:
    """Loss and accuracy on points that the network was not trained with."""
    return {**measure(network, features(params, data.x_val), data.y_val, "val_"),
            **measure(network, features(params, data.x_test), data.y_test, "test_")}


class Report:
    """Prints a line every hundred epochs."""

    def begin(self, network, epochs, steps_per_epoch):
        self.done = 0
        print(f"{network.theta.size} parameters, {epochs} epochs of {steps_per_epoch} steps")

    def batch(self, **figures):
        pass

    def epoch(self, **figures):
        self.done += 1
        if self.done % 100 == 0:
            shown = ", ".join(f"{name} {value:.4f}" for name, value in figures.items())
            print(f"epoch {self.done}: {shown}", flush=True)


if __name__ == "__main__":
    import sys

    from core.params import from_text
    from core.rooms.neuron import Neuron

    params, _ = from_text(Neuron, dict(each.split("=", 1) for each in sys.argv[1:]))
    callbacks = [Report()]
    data = load(params)
    model = build(params, data)
    train(params, model, data, callbacks)
    print(json.dumps(score(params, model, data)))
