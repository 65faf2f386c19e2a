"""The feed-forward network on tables: two classes, several, or a value."""

from functools import lru_cache
from typing import Literal

from core import own
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
    Weights,
    columns,
    own_data,
    usual,
)
from core.rooms.columns import Shape
from core.rooms.tablenames import BREAST_CANCER, DIABETES, DIGITS, GROWERS, TUMOURS, WINE
from core.rooms.usual import DATA, NETWORK, TRAINING, Dense

DATASETS = (
    DataSet("breast_cancer", N_("Breast cancer (two classes)"), N_(
        "569 tumours with 30 measures of their cells: malignant or benign?"), classes=TUMOURS),
    DataSet("wine", N_("Wine (three classes)"), N_(
        "178 wines with 13 chemical measures: which of three growers made it?"),
        classes=GROWERS),
    DataSet("digits", N_("Digits 8×8 (ten classes)"), N_(
        "1,797 handwritten digits as 64 numbers: which digit is it?")),
    DataSet("diabetes", N_("Diabetes (a value)"), N_(
        "442 patients with 10 measures: how far will the disease have gone a year later?")),
    DataSet("own", OWN, N_("A CSV file of your own.")),
)


class MLP(Params):
    """Hyperparameters of the network on tables."""

    dataset: Literal["breast_cancer", "wine", "digits", "diabetes", "own"] = usual.dataset(
        "breast_cancer", DATASETS, N_("The table that the network learns from."))
    share: float = knob(1.0, ge=0.05, le=1.0, step=0.05, group=DATA,
                        title=N_("Share of the training rows"), says=N_(
        "How much of the rows for training it learns from. With few rows it learns them by heart; "
        "more rows are the best cure."))
    learning_rate: float = usual.learning_rate(0.002)
    epochs: int = knob(40, ge=1, le=500, group=TRAINING, title=N_("Epochs"), says=N_(
        "How many times the network sees every training row."))
    hidden: tuple[Dense, ...] = knob(
        (Dense(units=32, dropout=0.2), Dense(units=16)), min_length=0, max_length=6, group=NETWORK,
        title=N_("Hidden layers"), says=N_(
            "Each layer combines what the one before it found. Without any, the network is a "
            "logistic or linear regression."))
    l2: float = knob(0.0, ge=0.0, le=1.0, step=0.001, group=NETWORK, title="L2", says=N_(
        "A price on large weights: the network becomes smoother. It is part of the loss that is "
        "shown."))
    patience: int = knob(0, ge=0, le=100, group=NETWORK, title=N_("Early stopping"), says=N_(
        "It stops when the validation loss has not improved for so many epochs, and goes back to "
        "its best epoch. 0: it trains to the end."))
    activation: Literal["relu", "tanh", "sigmoid", "gelu", "linear"] = knob(
        "relu", group=DETAILS, title=N_("Activation"), says=N_(
            "What a neuron makes of its sum. Without a bend, many layers can do no more than one."),
        choices={"relu": "ReLU", "tanh": "tanh", "sigmoid": "sigmoid", "gelu": "GELU",
                 "linear": N_("linear")})
    optimizer: Literal["adam", "sgd", "rmsprop"] = usual.optimizer()
    batch_size: int = knob(16, ge=1, le=4096, group=DETAILS, title=N_("Batch size"), says=N_(
        "How many rows it looks at before each step."))
    fold: int = knob(1, ge=1, le=5, group=DETAILS, title=N_("Fold"), says=N_(
        "Which fifth of the rows is kept for the test. Cross-validation trains with each of them."))
    seed: int = usual.seed()
    own: str = own_data()
    columns: str = knob("", max_length=500, group=DRAWN, title=N_("Columns"), says=N_(
        "What each column of your table is: n a number, c a category, - left out."))
    target: int = knob(0, ge=0, le=499, group=DRAWN, title=N_("To be predicted"), says=N_(
        "Which column of your table the network predicts, counted from 0."))


SHAPES = {
    "breast_cancer": Shape(len(BREAST_CANCER), TUMOURS),
    "wine": Shape(len(WINE), GROWERS),
    "digits": Shape(len(DIGITS), tuple("0123456789")),
    "diabetes": Shape(len(DIABETES)),
}
NO_TABLE = N_("Bring a table of your own, or choose another data set.")
GONE = N_("Your table is not here any more. Upload it again.")


def shape(params: MLP) -> Shape:
    """What goes in and what comes out with these hyperparameters."""
    if params.dataset != "own":
        return SHAPES[params.dataset]
    if not params.own:
        return Shape(0, problem=NO_TABLE)
    told = own.told(params.own)
    return _shape(params.own, params.columns, params.target) if told else Shape(0, problem=GONE)


@lru_cache(maxsize=64)
def _shape(name: str, letters: str, target: int) -> Shape:
    return columns.shape(own.told(name), letters, target)


def classifies(params: MLP) -> bool:
    """Whether a class is predicted rather than a value."""
    return bool(shape(params).classes)


def predicts(params: MLP) -> bool:
    """Whether a value is predicted rather than a class."""
    return not classifies(params)


def outline(params: MLP) -> Outline:
    """The layers with their shapes: a layer from n to m values has (n + 1)·m parameters."""
    told = shape(params)
    size, classes = told.inputs, len(told.classes)
    layers = [Layer("input", "input", (size,), 0)]
    if told.problem:
        return Outline(tuple(layers), told.problem, told.values)
    layers.append(Layer("scale", "norm", (size,), 0))
    for number, layer in enumerate(params.hidden, start=1):
        layers.append(Layer(f"dense{number}", "dense", (layer.units,), (size + 1) * layer.units))
        size = layer.units
        if layer.dropout:
            layers.append(Layer(f"drop{number}", "dropout", (size,), 0))
    answers = classes if classes > 2 else 1
    layers.append(Layer("output", "dense", (answers,), (size + 1) * answers))
    if not classes:
        layers.append(Layer("unit", "norm", (1,), 0))
    return Outline(tuple(layers))


# Far more neurons than rows to learn from: it learns them by heart.
OVERFIT = {"dataset": "diabetes", "share": 0.1, "epochs": 60, "learning_rate": 0.003,
           "hidden": (Dense(units=64),) * 2}
CURES = (
    (N_("dropout"), {"hidden": (Dense(units=64, dropout=0.6),) * 2}),
    ("L2", {"l2": 0.1}),
    (N_("early stopping"), {"patience": 8}),
    (N_("more data"), {"share": 1.0}),
)
"""What closes the gap, each alone: its title, what it changes in :data:`OVERFIT`."""

ROOM = Room(
    name="mlp",
    title=N_("Network on tables"),
    sentence=N_("It predicts one column of a table from all the others: a class or a value."),
    section="foundations",
    params=MLP,
    trains="keras",
    program="core.models.mlp",
    datasets=DATASETS,
    presets=(
        Preset("breast_cancer", N_("Breast cancer"), N_(
            "Two classes and two small layers; trained in seconds."), {}),
        Preset("wine", N_("Wine"), N_("Three classes from 178 rows."),
               {"dataset": "wine", "epochs": 60}),
        Preset("digits", N_("Digits"), N_(
            "Pixels as a table: the network is not told which of them are neighbours."),
            {"dataset": "digits", "epochs": 30, "hidden": (Dense(units=64, dropout=0.3),
                                                           Dense(units=32))}),
        Preset("diabetes", N_("Diabetes"), N_(
            "A value instead of a class. 442 rows are few: a small network, L2 and early stopping "
            "keep it from learning them by heart."),
            {"dataset": "diabetes", "epochs": 300, "l2": 0.05, "patience": 30,
             "hidden": (Dense(units=16),), "activation": "tanh"}),
        Preset("article", N_("As in the article"), N_(
            "The article describes a dense network for two classes: two hidden layers, one output, "
            "Adam and binary cross-entropy. What it prints below is a convolutional network for "
            "ten classes. This is the network that it describes."),
            {"hidden": (Dense(units=64), Dense(units=64)), "batch_size": 32,
             "learning_rate": 0.001, "epochs": 20}),
        Preset("overfit", N_("Overfit on purpose"), N_(
            "A large network and few rows: the loss on train goes to zero, that on validation "
            "stays far above. Below, four cures close the gap."), OVERFIT),
        Preset("straight", N_("No hidden layer"), N_(
            "Nothing bends: the network is a logistic regression, trained by gradient descent."),
            {"hidden": (), "learning_rate": 0.01}),
        Preset("too_fast", N_("Too fast"), N_(
            "A learning rate of 10: watch it break, and see what the page says."),
            {"dataset": "diabetes", "optimizer": "sgd", "learning_rate": 10.0,
             "hidden": (Dense(units=64),) * 2}),
    ),
    metrics=(
        Metric("accuracy", N_("Accuracy"), higher_is_better=True, percent=True, when=classifies),
        Metric("rmse", N_("Typical error (RMSE)"), higher_is_better=False, when=predicts),
        Metric("loss", N_("Loss"), higher_is_better=False),
    ),
    tries=frozenset({"table"}),
    answers={
        "about": "core.insight.tables:about",
        "predict": "core.insight.tables:predict",
        "report": "core.insight.tables:report",
        "importance": "core.insight.tables:importance",
        "dependence": "core.insight.tables:dependence",
    },
    snapshot="core.insight.tables:snapshot",
    snapshot_title=N_("What it says of the validation rows"),
    snapshot_soon=N_("After the first epoch you see here which rows it gets right."),
    baseline="core.insight.rivals:measure",
    weights=(
        Weights("breast_cancer", N_("Breast cancer, trained"), "breast_cancer"),
        Weights("wine", N_("Wine, trained"), "wine"),
        Weights("digits", N_("Digits, trained"), "digits"),
        Weights("diabetes", N_("Diabetes, trained"), "diabetes"),
    ),
    outline=outline,
)
