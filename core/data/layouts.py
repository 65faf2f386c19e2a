"""Where the nodes of a graph are drawn: the same graph lies the same way every time."""

from functools import lru_cache
from itertools import pairwise

import numpy as np

from core.data.graph import Graph

ALL_PAIRS = 400  # nodes up to which each pushes away all others
SOME = 50  # in larger graphs, how many others it pushes away in a step
STEPS = 300
STARTS, ROUNDS = 4, 60  # of the layout of a small graph
SLIMMEST = 0.75  # of a small graph's longer side, to which its shorter side is stretched at most


def places(data: Graph) -> np.ndarray:
    """Where the nodes of a graph are drawn, (n, 2) in -1..1: where somebody drew them, else laid
    out. Where edges are hidden, the whole graph decides; many small graphs have a tile each."""
    if data.task == "graphs":
        return _tiled(data)
    known = data.whole or data
    return layout(known.edges, len(known.x)) if known.places is None else known.places


def tiles(count: int) -> tuple[int, int]:
    """Columns and rows of tiles in which ``count`` small graphs are drawn."""
    columns = int(np.ceil((1.4 * count) ** 0.5))  # a tile is a little wider than high
    return columns, -(-count // columns)


def _tiled(data: Graph) -> np.ndarray:
    """Each small graph laid out for itself, in a tile of its own."""
    of, edges = data.asked[:, 0], data.edges
    first = np.searchsorted(of, np.arange(of.max() + 2))  # where each graph's nodes begin
    columns, rows = tiles(of.max() + 1)
    at = np.zeros((len(of), 2), np.float32)
    for number, (low, high) in enumerate(pairwise(first)):
        inside = (edges[of[edges[:, 0]] == number] - low).astype(np.int32)
        tile = np.array([number % columns, number // columns])
        spot = (tile + 0.5 + 0.36 * _small(inside.tobytes(), high - low)) / [columns, rows]
        at[low:high] = 2 * spot - 1
    return at


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


@lru_cache(maxsize=2_000)
def _small(packed: bytes, count: int) -> np.ndarray:
    """Places of a small connected graph, within -1..1: as far from each other as there are steps
    between them: rings open, chains stretch (stress majorization: Gansner, Koren & North,
    "Graph drawing by stress majorization", 2004)."""
    steps = _steps(np.frombuffer(packed, np.int32).reshape(-1, 2), count)
    with np.errstate(divide="ignore"):
        weights = np.where(steps > 0, 1.0 / steps**2, 0)
    inverse, found = np.linalg.pinv(np.diag(weights.sum(axis=1)) - weights), []
    for start in range(STARTS):  # some get caught in a knot
        at = np.random.default_rng(start).normal(size=(count, 2))
        for _ in range(ROUNDS):
            apart = np.linalg.norm(at[:, None] - at[None], axis=2)
            pull = weights * steps / np.maximum(apart, 1e-9)
            at = inverse @ ((np.diag(pull.sum(axis=1)) - pull) @ at)
        found.append(((weights * (apart - steps)**2).sum(), start, at))
    at = min(found)[2]
    _, _, axes = np.linalg.svd(at - at.mean(axis=0), full_matrices=False)
    at = at @ axes.T
    middle, reach = (at.max(axis=0) + at.min(axis=0)) / 2, np.ptp(at, axis=0) / 2
    # A slim one is not blown up to the tile's whole height.
    return ((at - middle) / np.maximum(reach, SLIMMEST * reach.max())).astype(np.float32)


def _steps(edges: np.ndarray, count: int) -> np.ndarray:
    """How many edges lie between each two nodes, (count, count) (Floyd 1962)."""
    steps = np.full((count, count), float(count))
    steps[edges[:, 0], edges[:, 1]] = 1
    np.fill_diagonal(steps, 0)
    for each in range(count):
        steps = np.minimum(steps, steps[:, each, None] + steps[None, each])
    return steps


def _upright(at: np.ndarray) -> np.ndarray:
    """Turned so that the longer way lies flat, and scaled into -1..1."""
    at = at - at.mean(axis=0)
    _, _, axes = np.linalg.svd(at, full_matrices=False)
    at = at @ (axes * np.sign(axes[:, :1] + 1e-9)).T
    low, high = at.min(axis=0), at.max(axis=0)
    return 2 * (at - low) / np.maximum(high - low, 1e-9) - 1
