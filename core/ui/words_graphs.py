"""The words of the browser modules on graphs, by module."""

from core.i18n import N_
from core.ui.words_tables import NO_ANSWER

GRAPHS = {
    "graph": {
        "no_answer": NO_ANSWER,
        "graph": N_("The graph"),
        "plane": N_("What the network makes of the nodes (PCA)"),
        "right": N_("{n} of {all} others right"),
        "known": N_("{n} of {all} nodes are known"),
        "epoch": N_("Epoch"),
        "newest": N_("Latest"),
        "is_known": N_("known in training"),
        "is_wrong": N_("wrong"),
        "hint": N_("Colour: what the network says; pale: it is not sure. Drag nodes, and click one "
                   "to see what it hears."),
        "node": N_("Node {name}, neighbours: {n}"),
        "said": N_("the network says {name} ({share})"),
        "true": N_("it is {name}"),
        "told": N_("it was told: {name}"),
        "join": N_("Join or part two nodes"),
        "stop": N_("Done with edges"),
        "join_first": N_("Click a node, then another one: an edge comes or goes, and the same "
                         "network answers anew."),
        "join_second": N_("Now the other end of the edge from node {a}."),
        "undo": N_("Undo my edges"),
        "alt": N_("A graph with {nodes} nodes and {edges} edges. Arrow keys choose a node."),
    },
    "graphpad": {
        "no_answer": NO_ANSWER,
        "classes": N_("The class of the next node"),
        "unknown": N_("without a class"),
        "hint": N_("Click for a node; click two nodes one after the other to join or part them."),
        "second": N_("Now the other node."),
        "back": N_("Back"),
        "clear": N_("Clear"),
        "use": N_("Use this graph"),
    },
    "nodestep": {
        "no_answer": NO_ANSWER,
        "title": N_("Node {name} in layer {layer}: it hears {n}"),
        "layer": N_("Layer {n}"),
        "from": N_("from"),
        "share": N_("how much counts"),
        "says": N_("what it says (first values)"),
        "itself": N_("itself"),
        "sum": N_("the weighed sum"),
        "own": N_("what it makes of itself"),
        "bias": N_("bias"),
        "out": N_("what it becomes"),
        "chances": N_("What the network says of node {name} in the end"),
        "left_out": N_("{n} more neighbours are part of the sum and not listed."),
        "heads": N_("It has {n} heads; these are the numbers of the first one."),
        "first": N_("Of long vectors the first eight values are shown."),
    },
    "smoothing": {
        "no_answer": NO_ANSWER,
        "title": N_("How far apart nodes are, layer by layer"),
        "says": N_("Mean cosine distance of all pairs of nodes in random networks that have "
                   "learned nothing; 0: all point the same way."),
        "gcn": "GCN",
        "sum": N_("bare sum"),
        "layers": N_("Layers"),
        "distance": N_("Distance"),
    },
}
