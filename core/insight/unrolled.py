"""Backpropagation through time by hand: a small recurrent network unrolled, with its numbers, and
how a gradient fades or grows on its way back. NumPy alone, for the light worker."""

import numpy as np

from core.layers.recurrent import CELLS, SimpleCell, clipped

SHORT, LONG = 5, 60  # steps of the two walks back
UNITS = 24
READ = (0.9, -0.4, 0.7, 0.2, -0.8)  # what the small network reads
OTHER = (-0.5, 0.8, -0.9, 0.6, 0.3)
GOAL = 1.0
LONGEST = 1e30


def unroll(said: dict) -> dict:
    """Both walks. ``said["params"]``: ``strength``, by which the recurrent weights turn and
    stretch the state (0.2..1.6); ``forget``, the bias of the LSTM's forget gate (0..6);
    ``activation`` of the simple cell; ``clip``; ``loop``: "article" leaves out the input, as
    article 002 §4.3 does; ``other``: "true" reads other inputs.

    Returns ``small``: ``steps`` of the small network, [{x, state, grad, share}], what it ``said``,
    the ``goal`` and the ``loss``; ``norms``: of each cell, by distance, the length of the gradient
    as a share of its length at the end; ``length`` of the gradient of the simple cell's weights
    over 60 steps, and ``clipped``.
    """
    words = said.get("params", {})
    strength = _number(words.get("strength"), 0.9, 0.2, 1.6)
    clip = _number(words.get("clip"), 1.0, 0.1, 10.0)
    bend = words.get("activation") if words.get("activation") in ("tanh", "linear") else "tanh"
    article = words.get("loop") == "article"
    read = OTHER if words.get("other") == "true" else READ
    norms, length = walks(strength, bend, _number(words.get("forget"), 1.0, 0.0, 6.0))
    return {"small": small(strength, bend, article, read), "norms": norms,
            "length": _short(length), "clipped": _short(min(length, clip)),
            "article": article, "long": LONG}


def small(strength: float, bend: str, article: bool, read: tuple[float, ...]) -> dict:
    """Two units read five numbers, say one, and learn from their error."""
    cell = SimpleCell(np.array([[0.0, 0.0]] if article else [[0.8, -0.5]]),
                      strength * _turn(0.4), np.array([0.1, -0.1]), bend)
    answer = np.array([1.1, 0.7])
    x = np.array(read)[None, :, None]
    trace = cell.forward(x)
    states = trace.states[0]
    said = float(states[-1] @ answer)
    steps, grad = [], (said - GOAL) * answer
    for step in reversed(range(SHORT)):
        delta = grad * cell.slope(states[step + 1])
        share = np.outer(states[step], delta)  # what this step says of the recurrent weights
        steps.append({"x": read[step], "state": _list(states[step + 1]), "grad": _list(grad),
                      "share": _short(np.linalg.norm(share))})
        grad = delta @ cell.recurrent.T
    return {"steps": steps[::-1], "said": _short(said), "goal": GOAL,
            "loss": _short(0.5 * (said - GOAL) ** 2)}


def walks(strength: float, bend: str, forget: float) -> tuple[dict[str, list], float]:
    """Sixty steps back through a simple cell, an LSTM and a GRU whose recurrent weights stretch
    alike: lengths by distance; and the length of the gradient of the simple cell's weights."""
    draw = np.random.default_rng(3)
    x = draw.normal(0, 0.5, (8, LONG, 1))
    last = draw.normal(size=(8, UNITS))
    last /= np.linalg.norm(last, axis=1, keepdims=True)
    norms, length = {}, 0.0
    for kind, gates in (("rnn", 1), ("gru", 3), ("lstm", 4)):
        turn = np.hstack([np.linalg.qr(draw.normal(size=(UNITS, UNITS)))[0]
                          for _ in range(gates)])
        bias = np.zeros((2, gates * UNITS) if kind == "gru" else gates * UNITS)
        if kind == "lstm":
            bias[UNITS:2 * UNITS] = forget  # Keras begins with 1: the gate is open
        kernel = draw.normal(0, 0.3, (1, gates * UNITS))
        cell = CELLS[kind](kernel, strength * turn, bias, bend if kind == "rnn" else "tanh")
        back = cell.backward(x, cell.forward(x), last)
        by_distance = back.norms.mean(axis=0)[::-1]
        norms[kind] = [_short(value) for value in by_distance / by_distance[0]]
        if kind == "rnn":
            _, length = clipped([back.kernel, back.recurrent, back.bias], 1.0)
    return norms, length


def _turn(angle: float) -> np.ndarray:
    """A turn of the plane: with a strength of 1 it neither stretches nor shrinks."""
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


def _number(text: str | None, otherwise: float, low: float, high: float) -> float:
    try:
        value = float(text or "")
    except ValueError:
        return otherwise
    return min(max(value, low), high) if value == value else otherwise


def _short(value: float) -> float:
    return float(f"{min(float(value), LONGEST):.4g}")


def _list(values: np.ndarray) -> list[float]:
    return [_short(value) for value in values]
