"""Graphs whose nodes have classes: edges, features, what is known, and what is to be found.

Only a few nodes are known in training; the network sees all edges and all features (transductive
learning). Each data set is a function of the hyperparameters.
"""

import numpy as np

from core.data.cora import cora
from core.data.graph import Graph, graph
from core.data.molecules import molecules
from core.data.novel import CHAPTERS, CIRCLES
from core.errors import VisitorError
from core.i18n import N_
from core.own import arrays

# Who met whom outside the karate club: member a, then all b > a (Zachary 1977, figure 3).
MEETINGS = {
    1: (2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 18, 20, 22, 32), 2: (3, 4, 8, 14, 18, 20, 22, 31),
    3: (4, 8, 9, 10, 14, 28, 29, 33), 4: (8, 13, 14), 5: (7, 11), 6: (7, 11, 17), 7: (17,),
    9: (31, 33, 34), 10: (34,), 14: (34,), 15: (33, 34), 16: (33, 34), 19: (33, 34), 20: (34,),
    21: (33, 34), 23: (33, 34), 24: (26, 28, 30, 33, 34), 25: (26, 28, 32), 26: (32,),
    27: (30, 34), 28: (34,), 29: (32, 34), 30: (33, 34), 31: (33, 34), 32: (33, 34), 33: (34,)}
INSTRUCTOR = (1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 17, 18, 20, 22)
MEMBERS = 34
FACTIONS = ("Mr. Hi", "Officer")

TOO_FEW = N_("“{name}” has {count} nodes with a class; at least three are needed: one to learn "
             "from, one to validate and one to test.")
BLOCK_FEATURES = 8


def karate(params) -> Graph:
    """The karate club whose 34 members split into two (Zachary, "An information flow model for
    conflict and fission in small groups", 1977).

    With one label a side, these are the two leaders: the instructor (1) and the officer (34). A
    node's features say only which one it is.
    """
    edges = [(a - 1, b - 1) for a, others in MEETINGS.items() for b in others]
    y = np.array([0 if member in INSTRUCTOR else 1 for member in range(1, MEMBERS + 1)])
    names = tuple(str(member) for member in range(1, MEMBERS + 1))
    return graph(np.eye(MEMBERS), edges, y, FACTIONS, names, params.labels, leaders=(0, 33))


def blocks(params) -> Graph:
    """A random graph of groups (stochastic block model: Holland, Laskey & Leinhardt 1983).

    Two nodes of a group are joined with probability ``p_in``, of different groups with ``p_out``.
    A node's features are its group's own direction and noise.
    """
    draw = np.random.default_rng(params.seed)
    y = np.arange(params.nodes) * params.groups // params.nodes
    a, b = np.triu_indices(params.nodes, k=1)
    joined = draw.random(len(a)) < np.where(y[a] == y[b], params.p_in, params.p_out)
    x = np.eye(BLOCK_FEATURES)[y] + params.noise * draw.normal(size=(len(y), BLOCK_FEATURES))
    names = tuple(str(node) for node in range(1, len(y) + 1))
    letters = tuple("ABCDEFGH"[:params.groups])
    return graph(x, np.stack([a, b], axis=1)[joined], y, letters, names, params.labels)


def chance(params) -> Graph:
    """34 nodes whose edges, 16 features and two classes are all drawn at random: there is nothing
    to be found. About three of four pairs are joined."""
    draw = np.random.default_rng(params.seed)
    a, b = np.triu_indices(MEMBERS, k=1)
    joined = draw.random(len(a)) < 0.75
    names = tuple(str(node) for node in range(1, MEMBERS + 1))
    return graph(draw.random((MEMBERS, 16)), np.stack([a, b], axis=1)[joined],
                 draw.permutation(np.arange(MEMBERS) % 2), ("0", "1"), names, params.labels)


def novel(params) -> Graph:
    """77 characters of "Les Misérables" in six groups (:mod:`core.data.novel`). An edge stands
    there once for each chapter that two of them share; features say only who a character is."""
    names = [name for circle in CIRCLES.values() for name in circle.split(", ")]
    sizes = [len(circle.split(", ")) for circle in CIRCLES.values()]
    y, first = np.repeat(np.arange(len(sizes)), sizes), np.cumsum([0, *sizes[:-1]])
    edges = [(int(a), int(b)) for met in CHAPTERS.split("; ") for a, *others in [met.split()]
             for b, _, times in (each.partition("×") for each in others)
             for _ in range(int(times or 1))]
    return graph(np.eye(len(names)), edges, y, tuple(CIRCLES), tuple(names), params.labels,
                 leaders=first)


def own_graph(name: str, labels: int) -> Graph:
    """A visitor's own graph, by the name under which it is kept.

    Raises:
        VisitorError: it is not here any more, or a class has fewer than three nodes.
    """
    kept = arrays(name)
    classes, y = tuple(map(str, kept["classes"])), kept["y"].astype(np.int64)
    for number, called in enumerate(classes):
        count = int((y == number).sum())
        if count < 3:
            raise VisitorError(TOO_FEW, {"name": called, "count": count})
    return graph(kept["x"] if kept["x"].shape[1] else np.eye(len(y)), kept["edges"], y, classes,
                 tuple(map(str, kept["names"])), labels, places=kept.get("places"))


DATA_SETS = {"karate": karate, "novel": novel, "blocks": blocks, "cora": cora,
             "molecules": molecules, "chance": chance}
