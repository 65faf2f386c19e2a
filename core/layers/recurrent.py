"""Recurrent cells from scratch in NumPy: forward, and backpropagation through time.

The same numbers as Keras's SimpleRNN, LSTM and GRU with the same weights, to 1e-6 (tested). A cell
takes x (n, t, features) and the layer's weights as Keras gives them: ``kernel`` W (features,
gates · units), ``recurrent`` U (units, gates · units), ``bias`` b.

Forward, every state of every step is kept. Backward, the gradient of a loss with regard to the last
state travels from step to step through the very same equations (Werbos, "Backpropagation through
time: what it does and how to do it", 1990); on its way its length is measured.
"""

from dataclasses import dataclass, field

import numpy as np


@dataclass
class Trace:
    """What happened in a cell, step by step. ``states``: (n, t + 1, units), the first is zero;
    ``gates``: by name, (n, t, units) each."""

    states: np.ndarray
    gates: dict[str, np.ndarray] = field(default_factory=dict)


@dataclass
class Back:
    """What came back. ``norms``: (n, t + 1), the length of ∂loss/∂hₜ for each state; ``kernel``,
    ``recurrent``, ``bias``: gradients summed over all steps and rows; ``x``: (n, t, features)."""

    norms: np.ndarray
    kernel: np.ndarray
    recurrent: np.ndarray
    bias: np.ndarray
    x: np.ndarray


def sigmoid(z):
    """1 / (1 + e⁻ᶻ), without overflow."""
    return 0.5 * (1 + np.tanh(0.5 * z))


BENDS = {
    "tanh": (np.tanh, lambda y: 1 - y**2),
    "relu": (lambda z: np.maximum(z, 0), lambda y: (y > 0).astype(y.dtype)),
    "linear": (lambda z: z, np.ones_like),
}
"""Activations, and their derivatives written in what came out."""


class SimpleCell:
    """hₜ = f(xₜ W + hₜ₋₁ U + b)"""

    def __init__(self, kernel, recurrent, bias, activation: str = "tanh"):
        self.kernel, self.recurrent, self.bias = kernel, recurrent, bias
        self.bend, self.slope = BENDS[activation]

    def forward(self, x: np.ndarray) -> Trace:
        """All states: x (n, t, features)."""
        states = _zeros(x, len(self.recurrent))
        for step in range(x.shape[1]):
            states[:, step + 1] = self.bend(
                x[:, step] @ self.kernel + states[:, step] @ self.recurrent + self.bias)
        return Trace(states)

    def backward(self, x: np.ndarray, trace: Trace, last: np.ndarray) -> Back:
        """Back through time from ``last``, ∂loss/∂(last state), (n, units)."""
        back = _nothing(self, x, trace, last)
        grad = last
        for step in reversed(range(x.shape[1])):
            delta = grad * self.slope(trace.states[:, step + 1])
            grad = _collect(self, back, x, trace, step, delta, delta)
            back.norms[:, step] = np.linalg.norm(grad, axis=1)
        return back


class LSTMCell:
    """Three gates, i (input), f (forget), o (output), a proposal g, and a cell state c:

    i, f, o = σ(xₜ W + hₜ₋₁ U + b), g = φ(likewise), cₜ = f·cₜ₋₁ + i·g, hₜ = o·φ(cₜ).
    """

    names = ("input", "forget", "proposal", "output")  # in Keras's order

    def __init__(self, kernel, recurrent, bias, activation: str = "tanh"):
        self.kernel, self.recurrent, self.bias = kernel, recurrent, bias
        self.bend, self.slope = BENDS[activation]

    def forward(self, x: np.ndarray) -> Trace:
        """All states, gates and cell states: x (n, t, features)."""
        units = len(self.recurrent)
        states = _zeros(x, units)
        gates = {name: np.zeros((len(x), x.shape[1], units), x.dtype)
                 for name in (*self.names, "cell", "bent")}
        cell = states[:, 0]
        for step in range(x.shape[1]):
            z = x[:, step] @ self.kernel + states[:, step] @ self.recurrent + self.bias
            i, f, g, o = np.split(z, 4, axis=1)
            i, f, g, o = sigmoid(i), sigmoid(f), self.bend(g), sigmoid(o)
            cell = f * cell + i * g
            bent = self.bend(cell)
            states[:, step + 1] = o * bent
            for name, value in zip(gates, (i, f, g, o, cell, bent)):
                gates[name][:, step] = value
        return Trace(states, gates)

    def backward(self, x: np.ndarray, trace: Trace, last: np.ndarray) -> Back:
        """Back through time from ``last``, ∂loss/∂(last state), (n, units). Part of the gradient
        runs along the cell state, where only the forget gate touches it."""
        back = _nothing(self, x, trace, last)
        grad, along = last, np.zeros_like(last)
        for step in reversed(range(x.shape[1])):
            i, f, g, o, _, bent = (each[:, step] for each in trace.gates.values())
            before = trace.gates["cell"][:, step - 1] if step else np.zeros_like(last)
            along = along + grad * o * self.slope(bent)
            delta = np.hstack([along * g * i * (1 - i), along * before * f * (1 - f),
                               along * i * self.slope(g), grad * bent * o * (1 - o)])
            along = along * f
            grad = _collect(self, back, x, trace, step, delta, delta)
            back.norms[:, step] = np.sqrt((grad**2).sum(axis=1) + (along**2).sum(axis=1))
        return back


class GRUCell:
    """Two gates, z (update) and r (reset), as Keras has it (``reset_after``): two biases.

    z, r = σ(xₜ W + b + hₜ₋₁ U + c), g = φ(xₜ W + b + r·(hₜ₋₁ U + c)), hₜ = z·hₜ₋₁ + (1 - z)·g.
    """

    names = ("update", "reset", "proposal")  # in Keras's order

    def __init__(self, kernel, recurrent, bias, activation: str = "tanh"):
        self.kernel, self.recurrent, self.bias = kernel, recurrent, bias
        self.bend, self.slope = BENDS[activation]

    def forward(self, x: np.ndarray) -> Trace:
        """All states and gates: x (n, t, features)."""
        units = len(self.recurrent)
        states = _zeros(x, units)
        gates = {name: np.zeros((len(x), x.shape[1], units), x.dtype)
                 for name in (*self.names, "remembered")}
        for step in range(x.shape[1]):
            told = np.split(x[:, step] @ self.kernel + self.bias[0], 3, axis=1)
            kept = np.split(states[:, step] @ self.recurrent + self.bias[1], 3, axis=1)
            z, r = sigmoid(told[0] + kept[0]), sigmoid(told[1] + kept[1])
            g = self.bend(told[2] + r * kept[2])
            states[:, step + 1] = z * states[:, step] + (1 - z) * g
            for name, value in zip(gates, (z, r, g, kept[2])):
                gates[name][:, step] = value
        return Trace(states, gates)

    def backward(self, x: np.ndarray, trace: Trace, last: np.ndarray) -> Back:
        """Back through time from ``last``, ∂loss/∂(last state), (n, units)."""
        back = _nothing(self, x, trace, last)
        grad = last
        for step in reversed(range(x.shape[1])):
            z, r, g, kept = (each[:, step] for each in trace.gates.values())
            bent = grad * (1 - z) * self.slope(g)
            update = grad * (trace.states[:, step] - g) * z * (1 - z)
            reset = bent * kept * r * (1 - r)
            told = np.hstack([update, reset, bent])
            through = grad * z
            grad = through + _collect(self, back, x, trace, step, told,
                                      np.hstack([update, reset, bent * r]))
            back.norms[:, step] = np.linalg.norm(grad, axis=1)
        return back


CELLS = {"rnn": SimpleCell, "lstm": LSTMCell, "gru": GRUCell}


def clipped(gradients: list[np.ndarray], longest: float) -> tuple[list[np.ndarray], float]:
    """The gradients, all shortened alike if together they are longer than ``longest``, and how long
    they were (Pascanu, Mikolov & Bengio, "On the difficulty of training recurrent neural networks",
    2013)."""
    length = float(np.sqrt(sum((each**2).sum() for each in gradients)))
    share = min(1.0, longest / length) if length else 1.0
    return [share * each for each in gradients], length


def _zeros(x: np.ndarray, units: int) -> np.ndarray:
    return np.zeros((len(x), x.shape[1] + 1, units), x.dtype)


def _nothing(cell, x: np.ndarray, trace: Trace, last: np.ndarray) -> Back:
    """A gradient to which nothing has been added, but for the length of ``last``."""
    norms = np.zeros(trace.states.shape[:2])
    norms[:, -1] = np.linalg.norm(last, axis=1)
    return Back(norms, np.zeros_like(cell.kernel), np.zeros_like(cell.recurrent),
                np.zeros_like(cell.bias), np.zeros_like(x))


def _collect(cell, back: Back, x: np.ndarray, trace: Trace, step: int, told: np.ndarray,
             kept: np.ndarray) -> np.ndarray:
    """Add what one step says of the weights, and go one step back: ∂loss/∂hₜ₋₁. ``told``, ``kept``:
    the gradient of the sums from the input and from the state, (n, gates · units)."""
    back.kernel += x[:, step].T @ told
    back.recurrent += trace.states[:, step].T @ kept
    back.bias += (told.sum(axis=0) if cell.bias.ndim == 1
                  else np.stack([told.sum(axis=0), kept.sum(axis=0)]))
    back.x[:, step] = told @ cell.kernel.T
    return kept @ cell.recurrent.T
