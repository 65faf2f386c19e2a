"""Convolution, pooling and receptive fields in NumPy, with no loop over pixels.

What deep learning calls a convolution is a cross-correlation: the kernel is not flipped. Sizes and
padding follow TensorFlow. (Dumoulin & Visin, "A guide to convolution arithmetic for deep
learning", 2016; Araujo, Norris & Sim, "Computing receptive fields of convolutional neural
networks", Distill 2019.)
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


class Window(NamedTuple):
    """How a layer's window moves over one axis of its input."""

    size: int
    stride: int = 1
    dilation: int = 1
    padding: str = "valid"


def extent(window: Window) -> int:
    """How many pixels a window spans: e = d·(k − 1) + 1."""
    return window.dilation * (window.size - 1) + 1


def margins(length: int, window: Window) -> tuple[int, int]:
    """Zeros before and after an axis of ``length`` pixels.

    "valid" adds none. "same" adds as many as make the output ⌈n/s⌉ long, the odd one after.
    "full" adds e − 1 on both sides, so that every overlap counts.
    """
    if window.padding == "full":
        return extent(window) - 1, extent(window) - 1
    if window.padding == "valid":
        return 0, 0
    wanted = -(-length // window.stride)
    total = max((wanted - 1) * window.stride + extent(window) - length, 0)
    return total // 2, total - total // 2


def output_size(length: int, window: Window) -> int:
    """⌊(n + p − e) / s⌋ + 1 with the whole padding p; 0 or less where the window does not fit."""
    return (length + sum(margins(length, window)) - extent(window)) // window.stride + 1


def windows(x: np.ndarray, down: Window, across: Window, empty: float = 0.0) -> np.ndarray:
    """What the window sees at each place: (h, w, c) → (h', w', c, rows, columns), a view.

    Padding is filled with ``empty``.

    Raises:
        ValueError: the window does not fit.
    """
    height, width = x.shape[:2]
    if output_size(height, down) < 1 or output_size(width, across) < 1:
        raise ValueError(f"a window of {extent(down)}×{extent(across)} does not fit into "
                         f"{height}×{width}")
    padded = np.pad(x, (margins(height, down), margins(width, across), (0, 0)),
                    constant_values=empty)
    seen = sliding_window_view(padded, (extent(down), extent(across)), axis=(0, 1))
    return seen[::down.stride, ::across.stride, :, ::down.dilation, ::across.dilation]


def conv2d(x: np.ndarray, kernel: np.ndarray, bias: np.ndarray | float = 0.0, *, stride: int = 1,
           dilation: int = 1, padding: str = "valid") -> np.ndarray:
    """y[i, j, f] = b[f] + Σ_{u, v, c} x[i·s + u·d − p, j·s + v·d − p, c] · w[u, v, c, f]

    ``x``: (h, w, c); ``kernel``: (rows, columns, c, filters). Returns (h', w', filters).
    """
    rows, columns = kernel.shape[:2]
    seen = windows(x, Window(rows, stride, dilation, padding),
                   Window(columns, stride, dilation, padding))
    return np.einsum("ijcuv,uvcf->ijf", seen, kernel) + bias


def relu(x: np.ndarray) -> np.ndarray:
    """max(0, x), value by value."""
    return np.maximum(x, 0)


def pool(x: np.ndarray, size: int, kind: str = "max", padding: str = "valid") -> np.ndarray:
    """The "max" or "average" of each size×size square: (h, w, c) → (h', w', c).

    The squares lie side by side (the stride is the size). Padding is never the maximum and does
    not count in an average, as in TensorFlow.
    """
    window = Window(size, size, 1, padding)
    empty = -np.inf if kind == "max" else np.nan
    seen = windows(x.astype(np.float64), window, window, empty)
    return seen.max(axis=(3, 4)) if kind == "max" else np.nanmean(seen, axis=(3, 4))


class Field(NamedTuple):
    """What one output pixel of a stack of layers sees, along one axis of the picture.

    ``size`` pixels; neighbours see fields that lie ``jump`` pixels apart; the first field begins
    ``start`` pixels from the picture's edge (negative: in the padding).
    """

    size: int
    jump: int
    start: int


def receptive_field(length: int, layers: Sequence[Window]) -> Field:
    """r ← r + (e − 1)·j and j ← j·s, layer by layer, from r = j = 1."""
    size, jump, start = 1, 1, 0
    for layer in layers:
        start -= margins(length, layer)[0] * jump
        size += (extent(layer) - 1) * jump
        length, jump = output_size(length, layer), jump * layer.stride
    return Field(size, jump, start)
