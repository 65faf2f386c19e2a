"""Graph neural networks: the classes of nodes, from a few known ones and all edges."""

from typing import Literal

from core import own
from core.i18n import N_
from core.params import Params, knob
from core.rooms import (
    DETAILS,
    OWN,
    DataSet,
    Layer,
    Metric,
    Outline,
    Preset,
    Room,
    Weights,
    own_data,
    usual,
)
from core.rooms.usual import DATA, NETWORK, TRAINING

FACTIONS = (N_("Mr. Hi"), N_("Officer"))
TOPICS = (N_("Theory"), N_("Reinforcement learning"), N_("Genetic algorithms"),
          N_("Neural networks"), N_("Probabilistic methods"), N_("Case-based"),
          N_("Rule learning"))
BLOCKS = N_("Random groups")
MOLECULES = N_("Molecules")
CIRCLES = (N_("Myriel"), N_("Valjean"), N_("Fantine"), N_("Champmathieu"), N_("Thénardier"),
           N_("Enjolras"))
NITRO = (N_("no nitro group"), N_("nitro group"))
JOINED = (N_("no edge"), N_("edge"))

DATASETS = (
    DataSet("karate", N_("Karate club (two sides)"), N_(
        "34 members and who met whom outside the club (Zachary 1977). It split into two: who went "
        "with whom?"), classes=(*FACTIONS, *JOINED)),
    DataSet("novel", N_("Les Misérables (six circles)"), N_(
        "77 characters of the novel and in how many chapters they meet. Who turns around whom?"),
        classes=(*CIRCLES, *JOINED)),
    DataSet("blocks", N_("Random groups (generated)"), N_(
        "Nodes of a group are joined more often than others. You say how often."), classes=JOINED),
    DataSet("cora", N_("Cora (seven topics)"), N_(
        "2,708 papers on machine learning that cite each other: what is each about?"),
        download_bytes=550_325, to_download="core.data.cora:to_download",
        classes=(*TOPICS, *JOINED)),
    DataSet("molecules", N_("Molecules (generated)"), N_(
        "Small graphs as chemists draw them, from a random generator. Each has one answer: is "
        "there a nitro group?"), classes=NITRO),
    DataSet("chance", N_("Nothing but chance (as in the article)"), N_(
        "34 nodes whose edges, features and classes are drawn at random: nothing can be found."),
        classes=JOINED),
    DataSet("own", OWN, N_("An edge list as CSV, or GraphML."), classes=JOINED),
)


class GNN(Params):
    """Hyperparameters of the graph neural network."""

    dataset: Literal["karate", "novel", "blocks", "cora", "molecules", "chance",
                     "own"] = usual.dataset(
        "karate", DATASETS, N_("The graph that the network learns from."))
    task: Literal["nodes", "links"] = knob("nodes", group=DATA, title=N_("Task"), says=N_(
        "Find the classes of nodes from a few known ones, or edges that were hidden. Molecules "
        "are always judged as a whole."),
        choices={"nodes": N_("classes of nodes"), "links": N_("hidden edges")})
    labels: int = knob(1, ge=1, le=100, group=DATA, title=N_("Known nodes of each class"), says=N_(
        "So many nodes of each class it is told in training; the others it has to find. Cora "
        "keeps its public split with 20."))
    learning_rate: float = usual.learning_rate(0.01)
    epochs: int = knob(100, ge=1, le=1000, group=TRAINING, title=N_("Epochs"), says=N_(
        "How many steps it makes. Each looks at the whole graph."))
    layer: Literal["gcn", "sage", "gat", "gin", "sum"] = knob(
        "gcn", group=NETWORK, title=N_("Kind of layer"), says=N_(
            "What a node makes of its neighbours: their mean weighed by degrees (GCN), their mean "
            "beside itself (GraphSAGE), a mean whose weights are learned (GAT), their sum and a "
            "small network (GIN), or their bare sum."),
        choices={"gcn": N_("GCN: weighed by degrees"), "sage": N_("GraphSAGE: mean beside itself"),
                 "gat": N_("GAT: attention"), "gin": N_("GIN: sum and a small network"),
                 "sum": N_("bare sum, as in the article")})
    depth: int = knob(2, ge=1, le=8, group=NETWORK, title=N_("Layers"), says=N_(
        "How many steps away a node can hear. With many, all nodes become alike."))
    units: int = knob(16, ge=1, le=128, group=NETWORK, title=N_("Units"), says=N_(
        "How many values a node has between two layers (with attention: for each head)."))
    heads: int = knob(4, ge=1, le=8, group=NETWORK, title=N_("Heads"), says=N_(
        "Only for GAT: so many ways of listening side by side."))
    dropout: float = knob(0.5, ge=0.0, le=0.8, step=0.05, group=NETWORK, title=N_("Dropout"),
                          says=N_("The share of values (with attention: of edges, too) that is "
                                  "switched off at random in each training step."))
    nodes: int = knob(120, ge=20, le=400, group=BLOCKS, title=N_("Nodes"), says=N_(
        "How many nodes the graph has."))
    groups: int = knob(3, ge=2, le=6, group=BLOCKS, title=N_("Groups"), says=N_(
        "How many groups there are."))
    p_in: float = knob(0.15, ge=0.0, le=0.5, step=0.01, group=BLOCKS,
                       title=N_("Edges within a group"), says=N_(
        "How probable an edge is between two nodes of the same group."))
    p_out: float = knob(0.01, ge=0.0, le=0.5, step=0.01, group=BLOCKS,
                        title=N_("Edges between groups"), says=N_(
        "How probable an edge is between nodes of different groups. When both are the same, the "
        "edges say nothing."))
    noise: float = knob(1.5, ge=0.0, le=5.0, step=0.1, group=BLOCKS, title=N_("Noise"), says=N_(
        "How much the features of a node hide its group: at 0 they give it away, at 5 they say "
        "next to nothing."))
    molecules: int = knob(80, ge=40, le=200, step=2, group=MOLECULES, title=N_("Molecules"),
                          says=N_("How many there are; half of them are for training."))
    l2: float = knob(0.0005, ge=0.0, le=0.1, log=True, group=DETAILS, title="L2", says=N_(
        "A price on large weights: the network becomes smoother. It is part of the loss that is "
        "shown."))
    patience: int = knob(0, ge=0, le=200, group=DETAILS, title=N_("Early stopping"), says=N_(
        "It stops when the validation loss has not improved for so many epochs, and goes back to "
        "its best epoch. 0: it trains to the end."))
    activation: Literal["relu", "elu", "tanh", "linear"] = knob(
        "relu", group=DETAILS, title=N_("Activation"), says=N_(
            "What a neuron makes of its sum. Without a bend, many layers can do no more than one."),
        choices={"relu": "ReLU", "elu": "ELU", "tanh": "tanh", "linear": N_("linear")})
    optimizer: Literal["adam", "sgd", "rmsprop"] = usual.optimizer()
    seed: int = usual.seed()
    own: str = own_data()


SIZES = {"karate": (34, 2), "novel": (77, 6), "cora": (1433, 7), "molecules": (3, 2),
         "chance": (16, 2)}
NO_GRAPH = N_("Bring a graph of your own, or choose another one.")
NO_CLASSES = N_("No node of your graph has a class. Choose the task “hidden edges”, or bring a "
                "graph with classes.")
GONE = N_("Your graph is not here any more. Upload it again.")


def sizes(params: GNN) -> tuple[int, int]:
    """Features of a node, and classes; (0, 0) where there is no graph yet."""
    if params.dataset == "blocks":
        return 8, params.groups
    if params.dataset == "own":
        told = own.told(params.own) if params.own else None
        return (told["features"] or told["nodes"], len(told["classes"])) if told else (0, 0)
    return SIZES[params.dataset]


def task(params: GNN) -> str:
    """What is asked about: ``nodes``, ``links`` or ``graphs``."""
    return "graphs" if params.dataset == "molecules" else params.task


def idle(params: GNN) -> set[str]:
    """What changes nothing with this graph, task and layer."""
    found = set() if params.layer == "gat" else {"heads"}
    if params.dataset != "blocks":
        found |= {"nodes", "groups", "p_in", "p_out", "noise"}
    if params.dataset == "molecules":
        found |= {"task"}
    else:
        found |= {"molecules"}
    if params.dataset == "cora" or task(params) != "nodes":
        found |= {"labels"}
    return found


def outline(params: GNN) -> Outline:
    """The layers with their shapes; the nodes stand for the batch and are left out."""
    size, classes = sizes(params)
    told = [Layer("features", "input", (size,), 0)]
    if not size:
        return Outline(tuple(told), GONE if params.own else NO_GRAPH)
    if not classes and task(params) == "nodes":
        return Outline(tuple(told), NO_CLASSES)
    for number in range(1, params.depth + 1):
        last = number == params.depth
        if params.dropout:
            told.append(Layer(f"drop{number}", "dropout", (size,), 0))
        if number == 1:
            told.append(Layer("edges", "input", (2,), 0))
        answers = last and task(params) == "nodes"
        units = classes if answers else params.units
        heads = params.heads if params.layer == "gat" and not answers else 1
        told.append(Layer(f"layer{number}", "conv", (units * heads,),
                          parameters(params.layer, size, units, heads)))
        size = units * heads
    return Outline((*told, *head(task(params), size, classes)))


def head(kind: str, size: int, classes: int) -> tuple[Layer, ...]:
    """What follows the layers on the graph."""
    if kind == "nodes":
        return (Layer("classes", "norm", (classes,), 0),)
    if kind == "links":
        return Layer("asked", "input", (2,), 0), Layer("classes", "dense", (len(JOINED),), 1)
    return (Layer("asked", "input", (1,), 0),
            Layer("classes", "dense", (classes,), (size + 1) * classes))


def parameters(layer: str, size: int, units: int, heads: int) -> int:
    """Weights of one layer from ``size`` values to ``units`` (for each head)."""
    return {"gcn": size * units + units, "sum": size * units, "sage": 2 * size * units + units,
            "gat": (size + 3) * units * heads, "gin": (size + units + 2) * units + 1}[layer]


CORA = {"dataset": "cora", "epochs": 200, "patience": 20}
CORA_GAT = {**CORA, "layer": "gat", "units": 8, "heads": 8, "dropout": 0.6, "activation": "elu",
            "learning_rate": 0.005, "epochs": 400, "patience": 50}

ROOM = Room(
    name="gnn",
    title=N_("Graph neural network"),
    sentence=N_("It finds out what each node of a network is, from its neighbours and a few nodes "
                "that are known."),
    section="relations",
    params=GNN,
    trains="keras",
    program="core.models.gnn",
    datasets=DATASETS,
    presets=(
        Preset("karate", N_("Karate club"), N_(
            "Of 34 members only the two leaders are known. Whom does each of the others follow?"),
            {}),
        Preset("attention", N_("Attention"), N_(
            "Each head learns whom to listen to: thick edges are heard."),
            {"layer": "gat", "units": 8, "dropout": 0.3, "labels": 3}),
        Preset("blocks", N_("Random groups"), N_(
            "The features are drowned in noise. Neighbours average it away; without the graph "
            "there is little to be found."), {"dataset": "blocks", "labels": 4}),
        Preset("novel", N_("Les Misérables"), N_(
            "Of each circle one character is known. Whom do the others turn around?"),
            {"dataset": "novel", "layer": "gcn", "labels": 1}),
        Preset("links", N_("Hidden edges"), N_(
            "Three tenths of the meetings in Les Misérables are hidden. It finds them from the "
            "others, and groups the characters without being told a single class."),
            {"dataset": "novel", "task": "links", "units": 32}),
        Preset("molecules", N_("Molecules"), N_(
            "One answer for each graph. Twins have the same atoms and bonds: counting does not "
            "help, hearing who is bound to whom does."),
            {"dataset": "molecules", "layer": "gin", "dropout": 0.0}),
        Preset("cora", N_("Cora with GCN"), N_(
            "The settings of the paper: 2,708 papers, of which 140 are known."), CORA),
        Preset("cora_gat", N_("Cora with GAT"), N_("Eight heads of eight values, as in its paper."),
               CORA_GAT),
        Preset("article", N_("As in the article"), N_(
            "Bare sums over neighbours, no node hears itself, and edges, features and labels are "
            "drawn at random: there is nothing to be learned. Below stands what the article's "
            "program does on top of it, and what the correction changes."),
            {"dataset": "chance", "layer": "sum", "depth": 3, "units": 32, "dropout": 0.0,
             "l2": 0.0, "labels": 5, "learning_rate": 0.001}),
        Preset("corrected", N_("The article, corrected"), N_(
            "A graph that means something, sums normalised by degrees, and nodes that hear "
            "themselves, with the article's three layers."),
            {"depth": 3, "units": 32, "dropout": 0.0, "l2": 0.0}),
        Preset("deep", N_("Too deep"), N_(
            "Eight layers: every node hears the whole club, and all become alike."), {"depth": 8}),
    ),
    metrics=(
        Metric("accuracy", N_("Accuracy"), higher_is_better=True, percent=True),
        Metric("auc", "ROC AUC", higher_is_better=True,
               when=lambda params: task(params) == "links"),
        Metric("loss", N_("Loss"), higher_is_better=False),
    ),
    tries=frozenset({"graph"}),
    answers={
        "state": "core.insight.graphs:state",
        "node": "core.insight.graphs:node",
    },
    snapshot="core.insight.graphs:snapshot",
    baseline="core.insight.propagation:measure",
    weights=(
        Weights("karate", N_("Karate club, trained"), "karate"),
        Weights("links", N_("Les Misérables, hidden edges, trained"), "novel"),
        Weights("molecules", N_("Molecules, trained"), "molecules"),
        Weights("cora", N_("Cora, trained"), "cora"),
    ),
    outline=outline,
    idle=idle,
)
