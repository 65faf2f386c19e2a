"""Hiding edges of a graph, so that they can be found again (link prediction)."""

import numpy as np

from core.data.graph import Graph, both_ways, distinct

HIDDEN = (0.1, 0.2)  # shares of the edges that validate and test
JOINED = ("no edge", "edge")


def for_task(graph: Graph, task: str) -> Graph:
    """The graph as the task (``nodes`` or ``links``) needs it. Small graphs, which are classified
    as a whole, stay as they are."""
    return with_hidden_edges(graph) if task == "links" and graph.task == "nodes" else graph


def with_hidden_edges(graph: Graph) -> Graph:
    """The same nodes without three tenths of their edges. Asked about are the known edges, the
    hidden ones, and of each part as many pairs that are joined nowhere in the whole graph. The
    split never changes."""
    draw = np.random.default_rng(0)
    pairs, weights, _ = distinct(graph.edges)
    count, many = len(graph.x), len(pairs)
    part = np.full(many, 0)
    few = [max(int(share * many), 1) for share in HIDDEN]
    order = draw.permutation(many)
    part[order[:few[0]]], part[order[few[0]:sum(few)]] = 1, 2
    none = unjoined(pairs, count, many, draw)
    known = np.repeat(pairs[part == 0], weights[part == 0], axis=0)
    parts = np.concatenate([part, part[:len(none)]])
    return Graph(graph.x, both_ways(known), np.repeat([1, 0], [many, len(none)]),
                 parts == 0, parts == 1, parts == 2, JOINED, graph.names,
                 graph.places, np.concatenate([pairs, none]).astype(np.int32), graph)


def unjoined(pairs: np.ndarray, count: int, many: int, draw: np.random.Generator) -> np.ndarray:
    """``many`` different pairs of ``count`` nodes that are not among ``pairs`` (p, 2), at most as
    many as there are: (many, 2) int32, the smaller number first."""
    taken = pairs.min(axis=1).astype(np.int64) * count + pairs.max(axis=1)
    many = min(many, count * (count - 1) // 2 - len(np.unique(taken)))
    chosen = np.zeros(0, np.int64)
    while len(chosen) < many:
        some = np.sort(draw.integers(0, count, (4 * many, 2)), axis=1)
        codes = (some[:, 0] * count + some[:, 1])[some[:, 0] < some[:, 1]]
        codes = codes[~np.isin(codes, taken)]
        fresh = np.concatenate([chosen, codes])
        chosen = fresh[np.sort(np.unique(fresh, return_index=True)[1])][:many]
    return np.stack([chosen // count, chosen % count], axis=1).astype(np.int32)
