"""Where the nodes of a graph are drawn: the same graph lies the same way every time."""

from functools import lru_cache

import numpy as np

from core.data.graphs import Graph

ALL_PAIRS = 400  # nodes up to which each pushes away all others
SOME = 50  # in larger graphs, how many others it pushes away in a step
STEPS = 300


def places(data: Graph) -> np.ndarray:
    """Where the nodes of a graph are drawn, (n, 2) in -1..1: where somebody drew them, else laid
    out."""
    return layout(data.edges, len(data.y)) if data.places is None else data.places


def layout(edges: np.ndarray, count: int) -> np.ndarray:
    """Places of ``count`` nodes in -1..1, (count, 2) float32, the longer way from left to right.

    Edges (e, 2) pull their ends together, all nodes push each other away, and everything falls
    gently to the middle (Fruchterman & Reingold, "Graph drawing by force-directed placement",
    1991).
    """
    return _layout(np.ascontiguousarray(edges, np.int32).tobytes(), count).copy()


@lru_cache(maxsize=8)
def _layout(packed: bytes, count: int) -> np.ndarray:
    edges = np.frombuffer(packed, np.int32).reshape(-1, 2)
    draw = np.random.default_rng(0)
    at, everybody = draw.normal(size=(count, 2)).astype(np.float32), np.arange(count)
    degree = np.maximum(np.bincount(edges[:, 1], minlength=count), 1)
    for step in range(STEPS):
        some = everybody if count <= ALL_PAIRS else draw.choice(count, SOME, False)
        away = at[:, None] - at[None, some]  # (count, some, 2)
        push = away / (np.einsum("abx,abx->ab", away, away) + 0.01)[..., None]
        push = push.sum(axis=1) * (count / len(some))
        along = at[edges[:, 0]] - at[edges[:, 1]]
        along *= np.sqrt((along**2).sum(axis=1, keepdims=True))
        pull = np.stack([np.bincount(edges[:, 1], along[:, axis], count) for axis in (0, 1)], 1)
        # Hubs are pulled from everywhere: their many edges count less each.
        force = push / count**0.5 + pull / degree[:, None]**0.5 - 0.4 * at
        size = np.sqrt((force**2).sum(axis=1, keepdims=True)) + 1e-9
        heat = 0.3 * (1 - step / STEPS) + 0.002
        at += (force / size * np.minimum(size, heat)).astype(np.float32)
    return _upright(at).astype(np.float32)


def _upright(at: np.ndarray) -> np.ndarray:
    """Turned so that the longer way lies flat, and scaled into -1..1."""
    at = at - at.mean(axis=0)
    _, _, axes = np.linalg.svd(at, full_matrices=False)
    at = at @ (axes * np.sign(axes[:, :1] + 1e-9)).T
    low, high = at.min(axis=0), at.max(axis=0)
    return 2 * (at - low) / np.maximum(high - low, 1e-9) - 1
