"""The words of the browser modules on graphs, by module."""

from core.i18n import N_
from core.ui.words_tables import NO_ANSWER

GRAPHS = {
    "graph": {
        "no_answer": NO_ANSWER,
        "graph": N_("The graph"),
        "plane": N_("What the network makes of the nodes (PCA)"),
        "graph_graphs": N_("The molecules"),
        "plane_graphs": N_("What the network makes of the molecules (PCA)"),
        "right_nodes": N_("{n} of {all} others right"),
        "right_links": N_("{n} of {all} hidden pairs right"),
        "right_graphs": N_("{n} of {all} other molecules right"),
        "known_nodes": N_("{n} of {all} nodes are known"),
        "known_links": N_("{n} edges are hidden"),
        "known_graphs": N_("{n} of {all} molecules are known"),
        "epoch": N_("Epoch"),
        "newest": N_("Latest"),
        "is_known": N_("known in training"),
        "is_wrong": N_("wrong"),
        "is_found": N_("hidden edge, found"),
        "is_missed": N_("hidden edge, missed"),
        "hint_nodes": N_("Colour: what the network says; pale: it is not sure. Drag nodes, and "
                         "click one to see what it hears."),
        "hint_links": N_("Dashed edges were hidden from it. Nobody tells it the colours: see "
                         "whether they gather. Click a node to see whom it would be joined with."),
        "hint_graphs": N_("Colour of a tile: what the network says of the molecule; pale: it is "
                          "not sure. Dots are carbon. Click an atom; or part two and see whether "
                          "the answer turns."),
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
        "verdict_nodes": N_("What the network says of node {name} in the end"),
        "verdict_graphs": N_("What the network says of the molecule of {name} in the end"),
        "verdict_links": N_("Whom {name} would most probably be joined with"),
        "hidden": N_("hidden"),
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
