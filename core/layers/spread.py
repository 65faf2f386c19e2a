"""How near a cloud of made points comes to a cloud of real ones."""

import numpy as np

from core.layers.covered import covered

EDGE = 1.2  # the plane that is looked at reaches from -EDGE to EDGE
CELLS = 24  # on each side
KNOWN = 500  # real and made points that are compared one by one
NEAR = 0.12  # a made point belongs to the piece of the nearest real point within this distance


class Spread:
    """Compares made points with real ones (n, 2) of the pieces ``y`` (n,)."""

    def __init__(self, real: np.ndarray, y: np.ndarray):
        self.real, self.y = real[:KNOWN].astype(np.float32), y[:KNOWN]
        self.map = histogram(real)

    def figures(self, made: np.ndarray, label: np.ndarray | None = None) -> dict[str, float]:
        """``js``: the Jensen-Shannon divergence, ``kl``: the Kullback-Leibler divergence of made
        from real, both in bits on a grid of cells; ``covered``: the share of pieces made at all;
        ``near``: the share of made points that lie near a real one."""
        made = np.nan_to_num(made.astype(np.float64), nan=EDGE).clip(-EDGE, EDGE)
        other = histogram(made)
        middle = (self.map + other) / 2
        js = (divergence(self.map, middle) + divergence(other, middle)) / 2
        some = made[:KNOWN].astype(np.float32)
        apart = ((some**2).sum(axis=1)[:, None] - 2 * some @ self.real.T
                 + (self.real**2).sum(axis=1))
        nearest = apart.argmin(axis=1)
        near = apart[np.arange(len(some)), nearest] < NEAR**2
        return {"js": js, "kl": divergence(self.map, other),
                "covered": covered(self.y[nearest[near]], self.y, len(some)),
                "near": float(near.mean())}


def histogram(points: np.ndarray) -> np.ndarray:
    """The share of points in each cell of the plane, and half a point more, so that no cell is
    empty; what lies outside counts at the rim."""
    inside = np.clip(points, -EDGE, EDGE)
    across, up = np.minimum((inside + EDGE) * (CELLS / (2 * EDGE)), CELLS - 1).astype(int).T
    counts = np.bincount(CELLS * across + up, minlength=CELLS**2) + 0.5
    return counts / counts.sum()


def divergence(p: np.ndarray, q: np.ndarray) -> float:
    """KL(p‖q) in bits."""
    return float((p * np.log2(p / q)).sum())
