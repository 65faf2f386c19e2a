"""Points in many dimensions: their main directions, their places in a picture, and as text."""

import base64

import numpy as np


def main_directions(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """PCA: (n, f) in its own axes (n, min(n, f)), and each axis's share of the variance."""
    centred = values - values.mean(axis=0)
    u, s, _ = np.linalg.svd(centred.astype(np.float64), full_matrices=False)
    return u * s, s**2 / max((s**2).sum(), 1e-12)


def within(points: np.ndarray) -> list[list[float]]:
    """Points (n, 2) moved and scaled into -1..1, the same in both directions; a single column
    gives a line."""
    if points.shape[1] < 2:
        points = np.pad(points, ((0, 0), (0, 2 - points.shape[1])))
    low, high = points.min(axis=0), points.max(axis=0)
    scaled = (points - (low + high) / 2) / max((high - low).max() / 2, 1e-12)
    return np.round(np.nan_to_num(scaled.astype(np.float64)), 4).tolist()


def packed(values: np.ndarray) -> str:
    """Numbers as base64 of little-endian float32."""
    return base64.b64encode(values.astype("<f4").tobytes()).decode()


def unpacked(text: str) -> np.ndarray:
    """Back from :func:`packed`, in one row."""
    return np.frombuffer(base64.b64decode(text), "<f4")
