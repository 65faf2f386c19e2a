"""The convolutional network: a picture classifier that one builds block by block."""

from typing import Literal

from core import own
from core.i18n import N_
from core.params import Params, knob
from core.rooms import (
    AUGMENTATION,
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
from core.rooms.classes import CLOTHES, LEAST, THINGS, TOO_FEW
from core.rooms.usual import NETWORK, TRAINING, Dense

TO_DOWNLOAD = "core.data.images:to_download"

DATASETS = (
    DataSet("digits", N_("Digits 8×8"), N_(
        "1,797 handwritten digits of 8×8 pixels that come with scikit-learn.")),
    DataSet("mnist", N_("MNIST 28×28"), N_(
        "70,000 handwritten digits of 28×28 pixels."), download_bytes=11_490_434,
        to_download=TO_DOWNLOAD),
    DataSet("fashion", N_("Fashion-MNIST 28×28"), N_(
        "70,000 grey pictures of clothes, shoes and bags, of 28×28 pixels."),
        download_bytes=30_878_645, to_download=TO_DOWNLOAD, classes=CLOTHES),
    DataSet("cifar10", N_("CIFAR-10 32×32×3"), N_(
        "60,000 colour photographs of animals and vehicles, of 32×32 pixels."),
        download_bytes=170_498_071, to_download=TO_DOWNLOAD, classes=THINGS),
    DataSet("own", OWN, N_(
        "Your own pictures: a zip with one folder for each class, or taken with the camera.")),
)


class Block(Params):
    """Convolution, normalisation, ReLU, pooling, dropout."""

    filters: int = knob(16, ge=1, le=128, title=N_("Filters"),
                        says=N_("How many patterns the layer looks for."))
    kernel: Literal[1, 3, 5, 7] = knob(3, title=N_("Kernel"), says=N_(
        "The side of the window that slides over the picture, in pixels."))
    pool: Literal["max", "average", "none"] = knob("max", title=N_("Pooling"), says=N_(
        "How four neighbouring values become one, so that the next layer sees farther."),
        choices={"max": N_("maximum"), "average": N_("average"), "none": N_("none")})
    batch_norm: bool = knob(False, title=N_("Batch norm"), says=N_(
        "Keeps the values of a layer in a range in which learning is easy."))
    dropout: float = knob(0.0, ge=0.0, le=0.8, step=0.05, title=N_("Dropout"), says=N_(
        "The share of values that is switched off at random in each training step."))


class CNN(Params):
    """Hyperparameters of the convolutional network."""

    dataset: Literal["digits", "mnist", "fashion", "cifar10", "own"] = usual.dataset(
        "digits", DATASETS, N_("The pictures that the network learns from."))
    own: str = own_data()
    learning_rate: float = usual.learning_rate(0.002)
    schedule: Literal["constant", "cosine", "step"] = knob(
        "constant", group=TRAINING, title=N_("Schedule"), says=N_(
            "How the learning rate changes by itself: large steps first, small ones at the end. "
            "A rate set by hand while it trains is the one from which the schedule goes on."),
        choices={"constant": N_("constant"), "cosine": N_("cosine: falls to zero"),
                 "step": N_("step: a tenth at ½, again at ¾")})
    epochs: int = knob(8, ge=1, le=100, group=TRAINING, title=N_("Epochs"), says=N_(
        "How many times the network sees every training picture."))
    architecture: Literal["blocks", "resnet", "pretrained"] = knob(
        "blocks", group=NETWORK, title=N_("Architecture"), says=N_(
            "In a residual network each block has two convolutions and adds what came in to what "
            "they made of it. On the features of our CIFAR-10 network only the dense layers learn, "
            "in seconds and from few pictures."),
        choices={"blocks": N_("plain blocks"), "resnet": N_("residual blocks (ResNet)"),
                 "pretrained": N_("on the features of our CIFAR-10 network")})
    blocks: tuple[Block, ...] = knob(
        (Block(filters=32, batch_norm=True), Block(filters=64, batch_norm=True)),
        min_length=0, max_length=5, group=NETWORK, title=N_("Convolution blocks"),
        says=N_("Each block finds patterns in what the one before it found."))
    dense: tuple[Dense, ...] = knob(
        (Dense(units=64),), min_length=0, max_length=3, group=NETWORK, title=N_("Dense layers"),
        says=N_("They weigh all patterns together and decide."))
    optimizer: Literal["adam", "sgd", "rmsprop"] = usual.optimizer()
    batch_size: int = knob(16, ge=1, le=512, group=DETAILS, title=N_("Batch size"), says=N_(
        "How many pictures it looks at before each step."))
    l2: float = knob(
        0.0, ge=0.0, le=0.01, log=True, group=DETAILS, title=N_("L2 regularization"), says=N_(
            "Adds this times the sum of all squared weights to the loss, so that no weight grows "
            "without need."))
    warmup: int = knob(0, ge=0, le=10, group=DETAILS, title=N_("Warm-up"), unit=N_("epochs"),
                       says=N_("For so many epochs the learning rate climbs from zero."))
    patience: int = knob(0, ge=0, le=50, group=DETAILS, title=N_("Early stopping"), says=N_(
        "Training ends when the validation loss has not fallen for so many epochs, and the best "
        "epoch's weights come back. 0: it trains to the end."))
    seed: int = usual.seed()
    shift: float = knob(0.0, ge=0.0, le=0.3, step=0.01, group=AUGMENTATION, title=N_("Shift"),
                        says=N_("Moves each training picture by at most this share of its side."))
    turn: int = knob(0, ge=0, le=45, group=AUGMENTATION, title=N_("Turn"), unit="°", says=N_(
        "Turns each training picture by at most so many degrees, to either side."))
    zoom: float = knob(0.0, ge=0.0, le=0.5, step=0.01, group=AUGMENTATION, title=N_("Zoom"),
                       says=N_("Makes each training picture larger or smaller by at most this "
                               "share."))
    flip: bool = knob(False, group=AUGMENTATION, title=N_("Flip"), says=N_(
        "Mirrors every other training picture. Good for animals, bad for digits."))


SHAPES = {"digits": (8, 8, 1), "mnist": (28, 28, 1), "fashion": (28, 28, 1),
          "cifar10": (32, 32, 3), "own": (32, 32, 3)}

# A residual network that two cores can train: wide where the picture is small.
RESIDUAL = (Block(filters=16, batch_norm=True), Block(filters=64, batch_norm=True),
            Block(filters=128, batch_norm=True, pool="none"),
            Block(filters=128, batch_norm=True, pool="none"))


ON_FEATURES = {"architecture": "pretrained", "dense": (), "epochs": 20, "batch_size": 16,
               "learning_rate": 0.01, "optimizer": "adam"}
FEW = 3000  # own pictures up to which a network begins on features


def begin_with(told: dict) -> dict:
    """How a network begins on own pictures: few are not enough to learn to see from."""
    return ON_FEATURES if told["count"] <= FEW else {}


PRETRAINED = "cnn/cifar10"  # the network whose features are used, and how it is built
FROZEN = {"architecture": "resnet", "blocks": RESIDUAL}


def outline(params: CNN) -> Outline:
    """The network's layers as Keras will build them, or what is missing for it."""
    kept = own.told(params.own) if params.dataset == "own" else None
    counts = kept["classes"] if kept else {}
    if params.dataset == "own" and not kept:
        return Outline((), N_("Bring your own pictures first: below, as a zip or with the camera."))
    for name, count in counts.items():
        if count < LEAST:
            return Outline((), TOO_FEW, {"name": name, "count": count, "least": LEAST})
    if params.architecture == "pretrained":
        if SHAPES[params.dataset] != SHAPES["cifar10"]:
            return Outline((), N_(
                "The features of our CIFAR-10 network are made of colour pictures of 32×32 pixels. "
                "Choose CIFAR-10 or pictures of your own."))
        params = params.model_copy(update=FROZEN)
    return layers_of(params, len(counts) or 10)


def layers_of(params: CNN, classes: int) -> Outline:
    """Shapes and parameter counts of the network, as Keras will count them.

    A convolution with "same" padding keeps height and width; a pooling of 2×2 halves them
    (rounded down); a convolution has (k·k·c_in + 1)·c_out parameters, a dense layer
    (n_in + 1)·n_out, batch normalisation 4·c.
    """
    height, width, channels = SHAPES[params.dataset]
    residual = params.architecture == "resnet"
    layers = []

    def add(name: str, kind: str, parameters: int = 0, shape: tuple[int, ...] = ()) -> None:
        layers.append(Layer(name, kind, shape or (height, width, channels), parameters))

    def convolution(number: int | str, block: Block) -> None:
        nonlocal channels
        count = (block.kernel**2 * channels + 1) * block.filters
        channels = block.filters
        add(f"conv{number}", "conv", count)
        if block.batch_norm:
            add(f"norm{number}", "norm", 4 * channels)

    add("input", "input")
    if residual and params.blocks:
        convolution(0, params.blocks[0])
        add("relu0", "activation")
    for number, block in enumerate(params.blocks, start=1):
        entering = channels
        convolution(number, block)
        add(f"relu{number}", "activation")
        if residual:
            convolution(f"{number}b", block)
            if entering != channels:
                add(f"short{number}", "conv", (entering + 1) * channels)
            add(f"add{number}", "add")
            add(f"relu{number}b", "activation")
        if block.pool != "none":
            if min(height, width) < 2:
                return Outline(tuple(layers), N_(
                    "Block {number} cannot pool: only {height}×{width} is left of the picture. "
                    "Set its pooling to none, or remove a block."),
                    {"number": number, "height": height, "width": width})
            height, width = height // 2, width // 2
            add(f"pool{number}", "pool")
        if block.dropout:
            add(f"drop{number}", "dropout")
    size = channels if residual else height * width * channels
    add(*("average", "pool") if residual else ("flatten", "flatten"), shape=(size,))
    for number, layer in enumerate(params.dense, start=1):
        add(f"dense{number}", "dense", (size + 1) * layer.units, (layer.units,))
        size = layer.units
        if layer.dropout:
            add(f"dense{number}_drop", "dropout", shape=(size,))
    add("classes", "dense", (size + 1) * classes, (classes,))
    return Outline(tuple(layers))


ROOM = Room(
    name="cnn",
    title=N_("Convolutional network"),
    sentence=N_("It learns to read pictures by sliding small windows over them."),
    section="seeing",
    params=CNN,
    trains="keras",
    program="core.models.cnn",
    datasets=DATASETS,
    presets=(
        Preset("quick", N_("Quick"), N_("Two blocks; learns the small digits in seconds."), {}),
        Preset("bigger", N_("MNIST, properly"), N_(
            "Three blocks with batch norm and dropout on 28×28 pixels; minutes, not seconds."),
            {"dataset": "mnist", "batch_size": 64, "epochs": 3,
             "blocks": (Block(filters=32, batch_norm=True),
                        Block(filters=64, batch_norm=True, dropout=0.2),
                        Block(filters=64, batch_norm=True, dropout=0.2)),
             "dense": (Dense(units=128, dropout=0.3),)}),
        Preset("article", N_("As in the article"), N_(
            "Two convolutions and a dense layer on CIFAR-10, with Adam. The article's convolutions "
            "leave out the rim (valid padding); these keep the picture's size (same padding). Its "
            "text speaks of binary cross-entropy; right, and used, is that of ten classes."),
            {"dataset": "cifar10", "batch_size": 32, "epochs": 10, "learning_rate": 0.001,
             "blocks": (Block(filters=32), Block(filters=64)), "dense": (Dense(units=64),)}),
        Preset("residual", N_("Residual network"), N_(
            "Nine convolutions on CIFAR-10 with shortcuts past each pair of them; the strongest "
            "network here, and minutes an epoch."),
            {"dataset": "cifar10", "batch_size": 128, "epochs": 10, "architecture": "resnet",
             "blocks": RESIDUAL, "dense": ()}),
        Preset("flat", N_("No convolution"), N_(
            "Only dense layers: what is lost when neighbouring pixels are strangers."),
            {"blocks": (), "dense": (Dense(units=128), Dense(units=64))}),
        Preset("too_fast", N_("Too fast"), N_(
            "A learning rate of 10: watch it break, and see what the page says."),
            {"optimizer": "sgd", "learning_rate": 10.0,  # batch normalisation would often save it
             "blocks": (Block(filters=32, pool="none"), Block(filters=64, pool="none")),
             "dense": (Dense(units=256),) * 3}),
    ),
    metrics=(
        Metric("accuracy", N_("Accuracy"), higher_is_better=True, percent=True),
        Metric("loss", N_("Loss"), higher_is_better=False),
    ),
    tries=frozenset({"picture"}),
    answers={
        "classify": "core.insight.vision:classify",
        "samples": "core.insight.vision:samples",
        "maps": "core.insight.vision:maps",
        "kernels": "core.insight.vision:kernels",
        "mistakes": "core.insight.judged:mistakes",
        "picture": "core.insight.judged:picture",
        "projection": "core.insight.judged:projection",
        "features": "core.insight.judged:features",
        "augmentation": "core.insight.moved:augmentation",
    },
    snapshot="core.insight.vision:snapshot",
    baseline="core.insight.baseline:logistic_regression",
    weights=(
        Weights("digits", N_("Digits 8×8, trained"), "digits"),
        Weights("mnist", N_("MNIST, trained"), "mnist"),
        Weights("fashion", N_("Fashion-MNIST, trained"), "fashion"),
        Weights("cifar10", N_("CIFAR-10, trained"), "cifar10"),
    ),
    beside=lambda params: (PRETRAINED,) if params.architecture == "pretrained" else (),
    outline=outline,
)
