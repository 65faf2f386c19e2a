"""A neural network of single neurons, from scratch: on points of the plane."""

from typing import Literal

from core.i18n import N_
from core.params import Params, knob
from core.rooms import (
    DETAILS,
    DRAWN,
    OWN,
    DataSet,
    Layer,
    Metric,
    Outline,
    Preset,
    Room,
    own_data,
    usual,
)
from core.rooms.usual import DATA, NETWORK, TRAINING

FEATURES = ("x1", "x2", "x1_squared", "x2_squared", "x1_x2", "sin_x1", "sin_x2")
MAX_LAYERS, MAX_NEURONS = 6, 16
MAX_COLUMNS = 10  # of an own table: more features do not fit into the drawing


class Hidden(Params):
    """A hidden layer."""

    neurons: int = knob(4, ge=1, le=MAX_NEURONS, title=N_("Neurons"), says=N_(
        "Each one draws a soft line through what it receives."))
    activation: Literal["tanh", "relu", "leaky_relu", "sigmoid", "gelu", "linear"] = knob(
        "tanh", title=N_("Activation"), says=N_(
            "What a neuron makes of its sum. Without a bend, many layers can do no more than one."),
        choices={"tanh": "tanh", "relu": "ReLU", "leaky_relu": "leaky ReLU", "sigmoid": "sigmoid",
                 "gelu": "GELU", "linear": N_("linear")})
    dropout: float = knob(0.0, ge=0.0, le=0.8, step=0.05, title=N_("Dropout"), says=N_(
        "The share of values that is switched off at random in each training step."))


class Point(Params):
    """A point that the visitor drew."""

    x1: float = knob(0.0, ge=-6.0, le=6.0, title="x₁", says=N_("How far to the right."))
    x2: float = knob(0.0, ge=-6.0, le=6.0, title="x₂", says=N_("How far up."))
    bright: bool = knob(True, title=N_("Class"), says=N_("Which of the two colours it has."))


class Edit(Params):
    """A first weight or bias that the visitor set by hand."""

    place: int = knob(0, ge=0, le=2000, title=N_("Place"), says=N_(
        "Where it stands among all weights and biases."))
    value: float = knob(0.0, ge=-100.0, le=100.0, title=N_("Value"), says=N_("What it is now."))


class Column(Params):
    """A column of the visitor's own table that the network receives."""

    place: int = knob(0, ge=0, le=499, title=N_("Place"), says=N_(
        "Where it stands in the table."))


def feature(default: bool, title: str) -> bool:
    """A hyperparameter that says whether the network receives a feature of the two coordinates."""
    return knob(default, group=DRAWN, title=title, says=N_(
        "Whether the network receives this feature of a point."))


DATASETS = (
    DataSet("circle", N_("Circle"), N_("A disc within a ring.")),
    DataSet("xor", "XOR", N_("Four quarters, opposite ones alike.")),
    DataSet("gaussians", N_("Two clouds"), N_("Two clouds of points.")),
    DataSet("spiral", N_("Spiral"), N_("Two arms, wound into each other.")),
    DataSet("moons", N_("Two moons"), N_("Two half-moons that reach into each other.")),
    DataSet("slope", N_("Slope (regression)"), N_("A value that rises evenly.")),
    DataSet("hills", N_("Hills (regression)"), N_("Three hills and three hollows.")),
    DataSet("empty", N_("Nothing: draw your own"), N_("An empty plane for your own points.")),
    DataSet("own", OWN, N_("Two columns of your own table; the others are set by sliders.")),
)


class Neuron(Params):
    """Hyperparameters of the network from scratch."""

    dataset: Literal["circle", "xor", "gaussians", "spiral", "moons", "slope", "hills",
                     "empty", "own"] = usual.dataset(
        "circle", DATASETS, N_("The points that the network learns from. Draw more of them into "
                               "the picture."))
    noise: float = knob(0.0, ge=0.0, le=0.5, step=0.05, group=DATA, title=N_("Noise"), says=N_(
        "How far the points stray from their pattern."))
    learning_rate: float = usual.learning_rate(0.03)
    epochs: int = knob(1000, ge=1, le=20_000, group=TRAINING, title=N_("Epochs"), says=N_(
        "How many times the network sees every training point."))
    batch_size: int = knob(10, ge=1, le=500, group=TRAINING, title=N_("Batch size"), says=N_(
        "How many points it looks at before each step."))
    hidden: tuple[Hidden, ...] = knob(
        (Hidden(neurons=4), Hidden(neurons=2)), min_length=0, max_length=MAX_LAYERS, group=NETWORK,
        title=N_("Hidden layers"), says=N_(
            "Each layer bends what the one before it drew. In the picture, too, layers and neurons "
            "can be added and removed."))
    optimizer: Literal["sgd", "momentum", "rmsprop", "adam"] = knob(
        "sgd", group=DETAILS, title=N_("Optimizer"),
        says=N_("The rule by which a gradient becomes a step."),
        choices={"sgd": "SGD", "momentum": N_("SGD with momentum"), "rmsprop": "RMSprop",
                 "adam": "Adam"})
    initialisation: Literal["glorot", "he", "small", "playground", "zeros"] = knob(
        "glorot", group=DETAILS, title=N_("First weights"), says=N_(
            "How large the random weights are at the start. With zeros all neurons of a layer stay "
            "alike for ever."),
        choices={"glorot": "Glorot", "he": "He", "small": N_("very small"),
                 "playground": N_("uniform in ±0.5"), "zeros": N_("zeros")})
    l1: float = knob(0.0, ge=0.0, le=1.0, step=0.001, group=DETAILS, title="L1", says=N_(
        "Pulls every weight towards zero with the same force: many become exactly useless."))
    l2: float = knob(0.0, ge=0.0, le=1.0, step=0.001, group=DETAILS, title="L2", says=N_(
        "Pulls every weight towards zero, large ones harder: the surface becomes smoother."))
    count: int = knob(500, ge=20, le=2000, group=DETAILS, title=N_("Points"), says=N_(
        "How many points there are, for training and for checking together."))
    train_share: float = knob(0.5, ge=0.1, le=0.9, step=0.05, group=DETAILS,
                              title=N_("Share for training"), says=N_(
        "The rest is kept aside: half for validation while it trains, half for the final test."))
    seed: int = usual.seed()
    x1: bool = feature(True, "x₁")
    x2: bool = feature(True, "x₂")
    x1_squared: bool = feature(False, "x₁²")
    x2_squared: bool = feature(False, "x₂²")
    x1_x2: bool = feature(False, "x₁·x₂")
    sin_x1: bool = feature(False, "sin x₁")
    sin_x2: bool = feature(False, "sin x₂")
    drawn: tuple[Point, ...] = knob(
        (), min_length=0, max_length=300, group=DRAWN, title=N_("Drawn points"),
        says=N_("Points that you put on the plane."))
    edits: tuple[Edit, ...] = knob(
        (), min_length=0, max_length=200, live=True, group=DRAWN, title=N_("Set by hand"),
        says=N_("Weights and biases that you chose yourself."))
    own: str = own_data()
    columns: tuple[Column, ...] = knob(
        (), min_length=0, max_length=MAX_COLUMNS, group=DRAWN, title=N_("Columns"),
        says=N_("What the network receives of your table; the first two are those of the plane."))
    target: int = knob(0, ge=0, le=499, group=DRAWN, title=N_("Target"), says=N_(
        "The column that is to be predicted."))
    tells: Literal["value", "number", "word"] = knob(
        "value", group=DRAWN, title=N_("Kind of the target"),
        says=N_("Whether the target is a value, or a class that is written as a number or a word."),
        choices={"value": N_("a value"), "number": N_("a class, as a number"),
                 "word": N_("a class, as a word")})
    blue: float = knob(1.0, group=DRAWN, title=N_("Blue"), says=N_(
        "Which value of the target is the blue class; all others are orange."))


def outline(params: Neuron) -> Outline:
    """The layers with their shapes: a layer from n to m values has (n + 1)·m parameters."""
    size = sum(getattr(params, name) for name in FEATURES)
    size += max(0, len(params.columns) - 2) if params.dataset == "own" else 0
    layers = [Layer("features", "input", (size,), 0)]
    if params.dataset == "own" and not params.own:
        return Outline(tuple(layers), N_("There is no table yet. Upload one under “Your own "
                                         "table”, or choose another data set."))
    if not size:
        return Outline(tuple(layers), N_("The network receives nothing. Switch on at least one of "
                                         "the features at the left of the picture."))
    for number, hidden in enumerate(params.hidden, start=1):
        layers.append(Layer(f"hidden{number}", "dense", (hidden.neurons,),
                            (size + 1) * hidden.neurons))
        size = hidden.neurons
    layers.append(Layer("output", "dense", (1,), size + 1))
    return Outline(tuple(layers))


SIX_OF_EIGHT = (Hidden(neurons=8),) * 6

ROOM = Room(
    name="neuron",
    title=N_("Neural network from scratch"),
    sentence=N_("A few neurons learn to colour the plane, and every number in them is in reach."),
    section="foundations",
    params=Neuron,
    trains="numpy",
    program="core.models.neuron",
    datasets=DATASETS,
    presets=(
        Preset("circle", N_("Circle"), N_("Six neurons that close a line around the disc."), {}),
        Preset("spiral", N_("Spiral"), N_(
            "Two layers of eight that also receive sines: they suit the arms, and help a lot."),
            {"dataset": "spiral", "hidden": (Hidden(neurons=8), Hidden(neurons=8)),
             "optimizer": "adam", "learning_rate": 0.02, "sin_x1": True, "sin_x2": True}),
        Preset("deep", N_("Six layers of eight"), N_(
            "A deep, narrow network on the spiral; look at its gradients, layer by layer."),
            {"dataset": "spiral", "hidden": SIX_OF_EIGHT, "optimizer": "adam",
             "learning_rate": 0.005, "sin_x1": True, "sin_x2": True}),
        Preset("article", N_("As in the article"), N_(
            "One sigmoid neuron without a hidden layer. The article's gradients do not fit their "
            "weights; these do. Below, both stand beside a numerical gradient."),
            {"dataset": "gaussians", "hidden": (), "batch_size": 250, "learning_rate": 0.1,
             "noise": 0.2}),
        Preset("zeros", N_("All weights zero"), N_(
            "Every neuron starts alike and none ever differs: why first weights are random."),
            {"initialisation": "zeros", "hidden": (Hidden(neurons=4),), "optimizer": "adam"}),
        Preset("too_fast", N_("Too fast"), N_(
            "ReLU, squared features and a learning rate of 10: watch it break."),
            {"dataset": "hills", "learning_rate": 10.0, "x1_squared": True, "x2_squared": True,
             "hidden": (Hidden(neurons=8, activation="relu"),) * 3}),
    ),
    metrics=(
        Metric("accuracy", N_("Accuracy"), higher_is_better=True, percent=True),
        Metric("loss", N_("Loss"), higher_is_better=False),
    ),
    tries=frozenset({"plane"}),
    snapshot="core.insight.neuron:snapshot",
    snapshot_title=N_("Look back"),
    snapshot_soon=N_("After the first epoch you can go back here: the picture above then shows the "
                     "network as it was."),
    baseline="core.insight.neuron:straight_line",
    outline=outline,
)
