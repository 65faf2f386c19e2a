"""Finding fraud among card payments: rare, costly, and changing."""

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
    called,
    own_data,
    usual,
)
from core.rooms.payments import CLASSES, FILES, GONE, NO_LEDGER, NOT_HERE
from core.rooms.usual import DATA, NETWORK, TRAINING, Dense

RARE = N_("Rare frauds")
INPUTS = 30

DATASETS = (
    DataSet("synthetic", N_("Invented payments"), N_(
        "Two days of payments from a random generator: nothing in them comes from a bank, and "
        "frauds are as rare as you say."), classes=CLASSES),
    DataSet("real", N_("Real payments (a sample)"), N_(
        "European cardholders in September 2013: all 492 frauds and, in the sample, 17,567 of "
        "284,315 normal payments. V1 to V28 are principal components; what they mean is secret."),
        classes=CLASSES),
    DataSet("own", OWN, N_("A CSV file of your own."), classes=CLASSES),
)


class Fraud(Params):
    """Hyperparameters of fraud detection."""

    dataset: Literal["synthetic", "real", "own"] = usual.dataset(
        "synthetic", DATASETS, N_("The payments that the network learns from."))
    fraud_rate: float = knob(0.01, ge=0.002, le=0.2, step=0.001, group=DATA,
                             title=N_("Share of frauds"), says=N_(
        "How many of the invented payments are frauds. In the real set it is 0.17 %."))
    transactions: int = knob(30_000, ge=5_000, le=200_000, step=1_000, group=DATA,
                             title=N_("Payments"), says=N_(
        "How many payments are invented. More take longer and teach more."))
    drift: float = knob(0.5, ge=0.0, le=1.0, step=0.05, group=DATA, title=N_("Drift"), says=N_(
        "How much the invented frauds change over the two days. With 0 they stay the same."))
    split: Literal["random", "time"] = knob("random", group=DATA, title=N_("Split"), says=N_(
        "At random, or as in life: it learns from the past and is measured on what came later."),
        choices={"random": N_("at random"), "time": N_("in the order of time")})
    learning_rate: float = usual.learning_rate(0.002)
    epochs: int = knob(15, ge=1, le=300, group=TRAINING, title=N_("Epochs"), says=N_(
        "How many times the network sees every training payment."))
    architecture: Literal["network", "autoencoder"] = knob(
        "network", group=NETWORK, title=N_("Architecture"), says=N_(
            "A network that is told which payments were frauds, or an autoencoder that sees only "
            "normal ones and suspects what it cannot restore."),
        choices={"network": N_("network"), "autoencoder": N_("autoencoder")})
    hidden: tuple[Dense, ...] = knob(
        (Dense(units=64, dropout=0.3), Dense(units=32, dropout=0.3)), min_length=0, max_length=5,
        group=NETWORK, title=N_("Hidden layers"), says=N_(
            "Each layer combines what the one before it found. An autoencoder has them twice, the "
            "second time in reverse, and no dropout."))
    code: int = knob(8, ge=1, le=64, group=NETWORK, title=N_("Bottleneck"), says=N_(
        "Of an autoencoder: through so many numbers a payment has to pass."))
    loss: Literal["cross_entropy", "focal"] = knob(
        "cross_entropy", group=RARE, title=N_("Loss"), says=N_(
            "The focal loss looks away from what is easy: each payment counts with "
            "(1 − probability of the truth) to the power γ."),
        choices={"cross_entropy": N_("cross-entropy"), "focal": N_("focal loss")})
    gamma: float = knob(2.0, ge=0.0, le=5.0, step=0.1, group=RARE, title=N_("Focus γ"), says=N_(
        "Of the focal loss. With 0 it is the cross-entropy."))
    fraud_weight: float = knob(1.0, ge=1.0, le=1000.0, log=True, group=RARE,
                               title=N_("Weight of a fraud"), says=N_(
        "As much as so many normal payments does a fraud count in the loss."))
    sampling: Literal["none", "under", "over"] = knob(
        "none", group=RARE, title=N_("Sampling"), says=N_(
            "Leave out normal payments, or show frauds again and again. Only training rows are "
            "touched: validation and test stay as they are."),
        choices={"none": N_("as it is"), "under": N_("fewer normal ones"),
                 "over": N_("frauds repeated")})
    normals: int = knob(10, ge=1, le=100, group=RARE, title=N_("Normal ones for each fraud"),
                        says=N_("Of sampling: how many normal payments there are for each fraud."))
    scaler: Literal["train", "all"] = knob("train", group=DETAILS, title=N_("Scale learned from"),
                                           says=N_(
        "Mean and spread of each column. The article takes them from all rows before it splits, "
        "so that the test rows have a say."),
        choices={"train": N_("training rows"), "all": N_("all rows (a leak)")})
    l2: float = knob(0.001, ge=0.0, le=0.1, step=0.0005, group=DETAILS, title="L2", says=N_(
        "A price on large weights: the network becomes smoother. It is part of the loss that is "
        "shown."))
    patience: int = knob(0, ge=0, le=100, group=DETAILS, title=N_("Early stopping"), says=N_(
        "It stops when the average precision on validation has not improved for so many epochs, "
        "and goes back to its best epoch. 0: it trains to the end."))
    optimizer: Literal["adam", "sgd", "rmsprop"] = usual.optimizer()
    batch_size: int = knob(256, ge=8, le=8192, group=DETAILS, title=N_("Batch size"), says=N_(
        "How many payments it looks at before each step."))
    fold: int = knob(1, ge=1, le=5, group=DETAILS, title=N_("Fold"), says=N_(
        "Which fifth of the rows is kept for the test, if the split is random."))
    seed: int = usual.seed()
    own: str = own_data()


def outline(params: Fraud) -> Outline:
    """The layers with their shapes: a layer from n to m values has (n + 1)·m parameters."""
    size, problem = INPUTS, ""
    if params.dataset == "own":
        told = own.told(params.own) if params.own else None
        problem = "" if told else GONE if params.own else NO_LEDGER
        size = len(told["columns"]) if told else 0
    elif params.dataset == "real" and called("core.data.sources:found")(*FILES) is None:
        problem = NOT_HERE
    if problem:
        return Outline((Layer("input", "input", (size,), 0),), problem, {"file": FILES[-1]})
    wide = [("dense", f"dense{number}", layer.units, layer.dropout)
            for number, layer in enumerate(params.hidden, start=1)]
    if params.architecture == "autoencoder":
        return Outline(_autoencoder(params, size))
    layers = [Layer("input", "input", (size,), 0), Layer("scale", "norm", (size,), 0)]
    for number, (kind, name, units, dropout) in enumerate(wide, start=1):
        layers.append(Layer(name, kind, (units,), (size + 1) * units))
        size = units
        if dropout:
            layers.append(Layer(f"drop{number}", "dropout", (size,), 0))
    return Outline((*layers, Layer("output", "dense", (1,), size + 1)))


def _autoencoder(params: Fraud, inputs: int) -> tuple[Layer, ...]:
    layers = [Layer("input", "input", (inputs,), 0), Layer("scale", "norm", (inputs,), 0)]
    units = [layer.units for layer in params.hidden]
    names = [f"encode{number}" for number in range(1, len(units) + 1)]
    back = [f"decode{number}" for number in range(len(units), 0, -1)]
    size = inputs
    for name, wide in zip([*names, "code", *back, "restored"],
                          [*units, params.code, *reversed(units), inputs]):
        layers.append(Layer(name, "dense", (wide,), (size + 1) * wide))
        size = wide
    return (*layers, Layer("difference", "add", (inputs,), 0), Layer("squares", "add", (1,), 0),
            Layer("error", "norm", (1,), 0), Layer("output", "activation", (1,), 0))


ARTICLE = {"hidden": (Dense(units=64, dropout=0.5), Dense(units=32, dropout=0.5)),
           "batch_size": 2048, "learning_rate": 0.001, "epochs": 20, "l2": 0.0, "scaler": "all"}

ROOM = Room(
    name="fraud",
    title=N_("Card fraud"),
    sentence=N_("One payment in a hundred is a fraud. It finds them, and you decide what a false "
                "alarm may cost."),
    section="applications",
    params=Fraud,
    trains="keras",
    program="core.models.fraud",
    datasets=DATASETS,
    presets=(
        Preset("corrected", N_("Corrected"), N_(
            "The article’s layers with less dropout, a price on large weights, a smaller batch, "
            "and a scale that is learned from the training rows only."), {}),
        Preset("article", N_("As in the article"), N_(
            "Two hidden layers with half of their values dropped, batches of 2,048. The scale is "
            "learned from all rows before the split, so the test rows leak into it; and only "
            "accuracy is measured, which says nothing here."), ARTICLE),
        Preset("weighted", N_("Frauds weigh more"), N_(
            "A fraud counts as much as 30 normal payments: it finds more of them, and raises more "
            "false alarms at the same threshold."), {"fraud_weight": 30.0}),
        Preset("focal", N_("Focal loss"), N_(
            "The loss looks away from the many payments that are plainly normal."),
            {"loss": "focal", "learning_rate": 0.003}),
        Preset("under", N_("Fewer normal ones"), N_(
            "Ten normal payments for each fraud, the others are left out: quick, and its "
            "probabilities are far too high."), {"sampling": "under", "batch_size": 64,
                                                 "epochs": 40}),
        Preset("over", N_("Frauds repeated"), N_(
            "Each fraud is shown many times over: watch it learn them by heart."),
            {"sampling": "over"}),
        Preset("autoencoder", N_("Autoencoder"), N_(
            "It is never shown a fraud. It learns to restore normal payments, and suspects what it "
            "cannot restore."), {"architecture": "autoencoder", "hidden": (Dense(units=24),),
                                 "code": 8, "l2": 0.0}),
        Preset("later", N_("Learn from the past"), N_(
            "Measured on the last hours instead of at random: frauds have changed meanwhile."),
            {"split": "time", "drift": 0.8}),
    ),
    metrics=(
        Metric("ap", N_("Average precision"), higher_is_better=True),
        Metric("auc", "ROC AUC", higher_is_better=True),
        Metric("accuracy", N_("Accuracy"), higher_is_better=True, percent=True),
        Metric("loss", N_("Loss"), higher_is_better=False),
    ),
    tries=frozenset({"table"}),
    answers={
        "about": "core.insight.tables:about",
        "predict": "core.insight.tables:predict",
        "importance": "core.insight.tables:importance",
        "dependence": "core.insight.tables:dependence",
        "stream": "core.insight.fraud:stream",
        "explain": "core.insight.fraud:explain",
        "report": "core.insight.fraud:report",
    },
    snapshot="core.insight.fraud:snapshot",
    snapshot_title=N_("How suspicious it finds the validation payments"),
    snapshot_soon=N_("After the first epoch you see here how far frauds stand out."),
    baseline="core.insight.fraudrivals:measure",
    weights=(
        Weights("synthetic", N_("Invented payments, trained"), "synthetic"),
        Weights("real", N_("Real payments, trained"), "real"),
    ),
    outline=outline,
)
