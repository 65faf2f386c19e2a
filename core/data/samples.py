"""The sample pictures that ship with the app, and how any picture is made small."""

from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

FOLDER = Path(__file__).parents[2] / "assets" / "samples" / "convolution"
SIDE = 128  # pixels of a sample picture


@cache
def sample(name: str) -> np.ndarray:
    """A sample picture: uint8, (128, 128, 3)."""
    return np.asarray(Image.open(FOLDER / f"{name}.png").convert("RGB"))


def shrink(picture: np.ndarray, side: int, channels: int) -> np.ndarray:
    """(n·side, n·side, 3) → (side, side, channels), uint8: the mean of each n×n square.

    ``channels`` 1 is grey, weighted as eyes do (ITU-R BT.601). In whole numbers throughout, so
    that a browser comes to the very same pixels.
    """
    n = len(picture) // side
    sums = picture.astype(np.int64).reshape(side, n, side, n, 3).sum(axis=(1, 3))
    small = (2 * sums + n * n) // (2 * n * n)
    if channels == 1:
        small = (small @ np.array([299, 587, 114]) + 500)[..., None] // 1000
    return small.astype(np.uint8)
