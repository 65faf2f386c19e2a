"""A graph, and what is asked about it: the class of each node, of each pair of nodes, or of each of
many small graphs."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Graph:
    """A graph with n nodes.

    ``x``: features, (n, f) float32; ``edges``: (e, 2) int32, each in both directions, and as often
    as its weight says; ``asked``: what the answers are about, int32. Without it these are the
    nodes; (a, 2) are pairs of nodes, (n, 1) the number of the small graph that each node belongs
    to. ``y``: classes of what is asked about, (a,) int64, -1 where nobody knows; ``train``,
    ``val``, ``test``: (a,) bool; ``names`` of the nodes; ``places`` where they are drawn, (n, 2) in
    -1..1, if somebody drew them; ``whole``: where edges are hidden, the graph with all of them.
    """

    x: np.ndarray
    edges: np.ndarray
    y: np.ndarray
    train: np.ndarray
    val: np.ndarray
    test: np.ndarray
    class_names: tuple[str, ...]
    names: tuple[str, ...]
    places: np.ndarray | None = None
    asked: np.ndarray | None = None
    whole: "Graph | None" = None

    @property
    def task(self) -> str:
        """What is asked about: ``nodes``, ``links`` or ``graphs``."""
        return "nodes" if self.asked is None else "links" if self.asked.shape[1] == 2 else "graphs"


def graph(x, edges, y, class_names, names, labels: int, leaders=(),
          places=None) -> Graph:
    """A graph of which ``labels`` nodes of each class are known (``leaders`` first), at most all
    but two. Of the others a quarter validates and three quarters test. The split never changes."""
    y, parts = np.asarray(y, np.int64), np.zeros((3, len(y)), bool)
    for number in range(len(class_names)):
        nodes = np.random.default_rng(number).permutation(np.flatnonzero(y == number))
        nodes = sorted(nodes, key=lambda node: node not in leaders)
        known = max(min(labels, len(nodes) - 2), 0)
        quarter = known + max((len(nodes) - known) // 4, 1)
        for part, chosen in zip(parts, np.split(np.array(nodes, int), [known, quarter])):
            part[chosen] = True
    return Graph(np.asarray(x, np.float32), both_ways(edges), y, *parts, tuple(class_names), names,
                 places)


def both_ways(edges) -> np.ndarray:
    """Undirected edges (e, 2), each once → (2e, 2) int32, each in both directions."""
    edges = np.asarray(edges, np.int32).reshape(-1, 2)
    return np.concatenate([edges, edges[:, ::-1]])


def distinct(edges: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of edges in both directions (2e, 2): each pair once (u, 2), the smaller number first, how
    often it stands there (u,), and to which pair each of the first e edges belongs, (e,)."""
    half = np.sort(edges[:len(edges) // 2], axis=1)
    pairs, where, weights = np.unique(half, axis=0, return_inverse=True, return_counts=True)
    return pairs, weights, where.reshape(-1)


def sums(values: np.ndarray, of: np.ndarray, count: int) -> np.ndarray:
    """What belongs together added up: values (n, f) and the number of each one's group (n,) →
    (count, f)."""
    total = np.zeros((count, values.shape[1]))
    np.add.at(total, of, values)
    return total
