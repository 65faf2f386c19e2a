"""Generative adversarial networks: pictures and points made out of noise."""

from typing import Literal

from core import own
from core.i18n import N_
from core.params import Params, knob
from core.rooms import (
    DETAILS,
    DRAWN,
    OWN,
    Chart,
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
from core.rooms.usual import DATA, NETWORK, TRAINING

TO_DOWNLOAD = "core.data.images:to_download"
PLANE = ("eight", "grid", "ring", "line", "drawn")
SIDES = {"digits": (8, 1), "mnist": (28, 1), "fashion": (28, 1), "cifar10": (32, 3), "own": (32, 3)}
MOST_POINTS = 200
RATE_D = N_("Learning rate of the discriminator")

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
    DataSet("eight", N_("Plane: eight Gaussians"), N_("Eight clouds of points on a ring.")),
    DataSet("grid", N_("Plane: 25 Gaussians"), N_("Twenty-five clouds of points in a square.")),
    DataSet("ring", N_("Plane: ring"), N_("Points on a ring.")),
    DataSet("line", N_("Plane: line"), N_("Points on a slanted line.")),
    DataSet("drawn", N_("Plane: draw your own"), N_("Points around those that you draw.")),
    DataSet("own", OWN, N_("Your own pictures: a zip with one folder for each class.")),
)


class Units(Params):
    """A fully connected layer."""

    units: int = knob(64, ge=1, le=1024, title=N_("Units"), says=N_(
        "How many neurons the layer has."))


class Point(Params):
    """A point that the visitor drew."""

    x1: float = knob(0.0, ge=-1.0, le=1.0, title="x₁", says=N_("How far to the right."))
    x2: float = knob(0.0, ge=-1.0, le=1.0, title="x₂", says=N_("How far up."))


class Gan(Params):
    """Hyperparameters of the game between two networks."""

    dataset: Literal["digits", "mnist", "fashion", "cifar10", "eight", "grid", "ring", "line",
                     "drawn", "own"] = usual.dataset(
        "digits", DATASETS, N_("What the generator learns to make."))
    own: str = own_data()
    drawn: tuple[Point, ...] = knob(
        (), min_length=0, max_length=MOST_POINTS, group=DRAWN, title=N_("Drawn points"),
        says=N_("Points that you put on the plane."))
    conditional: bool = knob(True, group=DATA, title=N_("Tell it the class"), says=N_(
        "Both networks hear which class is meant: then you can ask for a 7."))
    loss: Literal["gan", "lsgan", "wgan", "hinge"] = knob(
        "gan", group=TRAINING, title=N_("Rule of the game"), says=N_(
            "How the discriminator is marked, and what the generator learns from it."),
        choices={"gan": N_("GAN: real or fake (2014)"), "lsgan": N_("least squares"),
                 "wgan": N_("WGAN-GP: how far apart"), "hinge": N_("hinge")})
    learning_rate: float = knob(
        0.001, ge=0.00001, le=1.0, log=True, live=True, group=TRAINING,
        title=N_("Learning rate of the generator"), says=N_(
            "How far each step moves its weights. It may change in mid-run."))
    learning_rate_d: float = knob(
        0.001, ge=0.00001, le=1.0, log=True, live=True, group=TRAINING, title=RATE_D, says=N_(
            "If it learns much faster than the generator, that one has nothing to hold on to; if "
            "much slower, anything passes as real."))
    n_critic: int = knob(1, ge=1, le=10, step=1, live=True, group=TRAINING,
                         title=N_("Discriminator steps"), says=N_(
        "How often the discriminator learns before the generator does once."))
    epochs: int = knob(60, ge=1, le=1000, group=TRAINING, title=N_("Epochs"), says=N_(
        "How many times the discriminator sees every real example."))
    batch_size: int = knob(32, ge=1, le=512, group=TRAINING, title=N_("Batch size"), says=N_(
        "How many real and as many made examples each step looks at."))
    architecture: Literal["dense", "dcgan"] = knob(
        "dcgan", group=NETWORK, title=N_("Architecture"), says=N_(
            "For pictures: only dense layers, or convolutions. Points have only dense layers."),
        choices={"dense": N_("dense layers"), "dcgan": N_("convolutions (DCGAN)")})
    latent: int = knob(32, ge=1, le=128, group=NETWORK, title=N_("Size of the noise"), says=N_(
        "How many random numbers the generator makes an example of. On the plane, two can be "
        "drawn: you see how the generator bends them."))
    filters: int = knob(64, ge=8, le=256, step=4, group=NETWORK, title=N_("Filters"), says=N_(
        "Feature maps of the smallest layer of both networks; halved where the side doubles."))
    generator: tuple[Units, ...] = knob(
        (), min_length=0, max_length=4, group=NETWORK, title=N_("Dense layers of the generator"),
        says=N_("Between the noise and what comes after it."))
    discriminator: tuple[Units, ...] = knob(
        (), min_length=0, max_length=4, group=NETWORK,
        title=N_("Dense layers of the discriminator"), says=N_("Right before its score."))
    batch_norm: bool = knob(True, group=NETWORK, title=N_("Batch norm"), says=N_(
        "In the generator: keeps the values of a layer in a range in which learning is easy."))
    spectral: bool = knob(False, group=NETWORK, title=N_("Spectral normalization"), says=N_(
        "Keeps every layer of the discriminator from stretching distances: it stays a patient "
        "teacher."))
    penalty: float = knob(10.0, ge=0.01, le=100.0, log=True, group=DETAILS,
                          title=N_("Gradient penalty"), says=N_(
        "For WGAN-GP: how much it costs the critic if its slope is not 1. Pictures take 10, points "
        "of the plane 0.1."))
    naming: float = knob(0.0, ge=0.0, le=2.0, step=0.1, group=DETAILS,
                         title=N_("Weight of naming the class"), says=N_(
        "Above 0 the discriminator must also name the class, and the generator make it "
        "nameable: rather the class asked for, and less variety."))
    kernel: Literal[3, 4, 5] = knob(4, group=DETAILS, title=N_("Kernel"), says=N_(
        "The side of the window of each convolution. A side that two does not divide leaves a "
        "chessboard in what is made."))
    g_activation: Literal["relu", "leaky_relu"] = knob(
        "relu", group=DETAILS, title=N_("Activation of the generator"),
        says=N_("What a neuron of its dense layers makes of its sum. Its convolutions have ReLU, "
                "as DCGAN has it."), choices={"relu": "ReLU", "leaky_relu": "leaky ReLU"})
    d_activation: Literal["relu", "leaky_relu"] = knob(
        "leaky_relu", group=DETAILS, title=N_("Activation of the discriminator"), says=N_(
            "A neuron that lets a little through below zero has always a gradient for the "
            "generator."), choices={"relu": "ReLU", "leaky_relu": "leaky ReLU"})
    output: Literal["tanh", "sigmoid"] = knob(
        "tanh", group=DETAILS, title=N_("Output of the generator"), says=N_(
            "tanh makes pixels between -1 and 1, sigmoid between 0 and 1."),
        choices={"tanh": "tanh", "sigmoid": "sigmoid"})
    mismatch: bool = knob(False, group=DETAILS, title=N_("Real pixels from 0 to 1 even so"),
                          says=N_(
        "The article’s mistake: its generator can make dark pixels of -1, its real pictures have "
        "none."))
    beta_1: float = knob(0.5, ge=0.0, le=0.99, step=0.01, group=DETAILS, title=N_("Momentum (β₁)"),
                         says=N_("How long Adam remembers which way it went."))
    beta_2: float = knob(0.999, ge=0.5, le=0.9999, step=0.0001, group=DETAILS,
                          title=N_("Adam’s β₂"),
                         says=N_("How long Adam remembers how large the gradients were."))
    seed: int = usual.seed()
    turn: Literal["both", "generator", "discriminator"] = knob(
        "both", live=True, group=DRAWN, title=N_("Who learns"), says=N_("Whose turn it is."),
        choices={"both": N_("both"), "generator": N_("only the generator"),
                 "discriminator": N_("only the discriminator")})
    rest: float = knob(0.0, ge=0.0, le=2.0, live=True, group=DRAWN, title=N_("Slow motion"),
                       says=N_("How many seconds it rests after each step."))


def begin_with(told: dict) -> dict:
    """How a game begins on own pictures: convolutions, whatever was on the page before."""
    return {"architecture": "dcgan", "conditional": True, "latent": 32, "generator": (),
            "discriminator": (), "batch_norm": True, "output": "tanh", "mismatch": False}


def idle(params: Gan) -> set[str]:
    """What changes nothing with this game and these networks."""
    found = set() if params.loss == "wgan" else {"penalty"}
    if params.dataset in PLANE:
        return found | {"architecture", "output", "mismatch", "filters", "kernel"}
    return found | ({"filters", "kernel"} if params.architecture == "dense" else set())


def outline(params: Gan) -> Outline:
    """All layers, first the generator's, then the discriminator's, or what does not fit."""
    classes = 10
    if params.dataset == "own":
        kept = own.told(params.own) if params.own else None
        if not kept:
            return Outline((), N_("Bring your own pictures first: below, as a zip or with the "
                                  "camera."))
        for name, count in kept["classes"].items():
            if count < LEAST:
                return Outline((), TOO_FEW, {"name": name, "count": count, "least": LEAST})
        classes = len(kept["classes"])
    if params.dataset in PLANE and params.conditional:
        return Outline((), N_("Points of the plane are not made by class. Switch “Tell it the "
                              "class” off, or choose one of the presets on the plane."))
    if params.naming and not params.conditional:
        return Outline((), N_("To name the class, both networks must be told it: switch “Tell it "
                              "the class” on, or set the weight of naming to 0."))
    if params.dataset == "drawn" and len(params.drawn) < 8:
        return Outline((), N_("Draw at least eight points into the plane."))
    return Outline(tuple(_Layers(params, classes).all()))


class _Layers:
    """The layers as Keras will build them, with shapes and parameter counts."""

    def __init__(self, params: Gan, classes: int):
        self.params, self.classes = params, classes
        self.plane = params.dataset in PLANE
        self.found: list[Layer] = []

    def add(self, name: str, kind: str, shape: tuple[int, ...], parameters: int = 0) -> None:
        self.found.append(Layer(name, kind, shape, parameters))

    def bent(self, name: str, shape: tuple[int, ...], norm: bool) -> None:
        if norm:
            self.add(f"{name}_norm", "norm", shape, 4 * shape[-1])
        self.add(f"{name}_relu", "activation", shape)

    def learned(self, name: str, kind: str, shape: tuple[int, ...], parameters: int) -> None:
        """A layer of the discriminator; spectral normalisation remembers one more row."""
        sn = self.params.spectral
        self.add(f"{name}_sn" if sn else name, kind, shape, parameters + (shape[-1] if sn else 0))

    def all(self) -> list[Layer]:
        shape = self.generator()
        self.discriminator(shape)
        return self.found

    def generator(self) -> tuple[int, ...]:
        params, size = self.params, self.params.latent
        if params.conditional:
            self.add("label", "input", ())
        self.add("noise", "input", (size,))
        if params.conditional:
            self.add("g_class", "dense", (size,), self.classes * size)
            size *= 2
            self.add("g_join", "flatten", (size,))
        for number, layer in enumerate(params.generator, start=1):
            self.add(f"g_dense{number}", "dense", (layer.units,), (size + 1) * layer.units)
            size = layer.units
            self.bent(f"g_dense{number}", (size,), params.batch_norm)
        if self.plane:
            self.add("picture", "dense", (2,), (size + 1) * 2)
            return (2,)
        side, channels = SIDES[params.dataset]
        if params.architecture == "dense":
            count = side * side * channels
            self.add("g_out", "dense", (count,), (size + 1) * count)
            self.add("picture", "flatten", (side, side, channels))
            return (side, side, channels)
        return self.convolutions(size, side // 4, channels)

    def convolutions(self, size: int, side: int, channels: int) -> tuple[int, ...]:
        params, filters = self.params, self.params.filters
        bias = 0 if params.batch_norm else 1
        count = side * side * filters
        self.add("g_base", "dense", (count,), (size + bias) * count)
        self.bent("g_base", (count,), params.batch_norm)
        self.add("g_square", "flatten", (side, side, filters))
        for number in (1, 2):
            side, fewer = 2 * side, filters // 2
            if number == 2:
                fewer = params.filters // 4
            self.add(f"g_up{number}", "conv", (side, side, fewer),
                     (params.kernel**2 * filters + bias) * fewer)
            filters = fewer
            self.bent(f"g_up{number}", (side, side, filters), params.batch_norm)
        self.add("picture", "conv", (side, side, channels),
                 (params.kernel**2 * filters + 1) * channels)
        return (side, side, channels)

    def discriminator(self, shape: tuple[int, ...]) -> None:
        params = self.params
        if len(shape) == 3:
            side, _, channels = shape
            if params.architecture == "dcgan":
                for number, share in enumerate((4, 2, 1), start=1):
                    side, filters = -(-side // 2), params.filters // share
                    self.learned(f"d_conv{number}", "conv", (side, side, filters),
                                 (params.kernel**2 * channels + 1) * filters)
                    channels = filters
                    self.bent(f"d_conv{number}", (side, side, filters), False)
            shape = (side * side * channels,)
            self.add("d_flat", "flatten", shape)
        size = shape[0]
        for number, layer in enumerate(params.discriminator, start=1):
            self.learned(f"d_dense{number}", "dense", (layer.units,), (size + 1) * layer.units)
            size = layer.units
            self.bent(f"d_dense{number}", (size,), False)
        if params.conditional:
            self.add("d_class", "dense", (size,), self.classes * size)
        self.learned("d_score", "dense", (1,), size + 1)
        if params.conditional:
            self.add("d_suits", "add", (1,))
            self.add("score", "add", (1,))
        if params.naming:
            self.add("d_names", "dense", (self.classes,), (size + 1) * self.classes)


def units(*counts: int) -> tuple[Units, ...]:
    return tuple(Units(units=count) for count in counts)


def on_plane(**values) -> dict:
    """Settings of a game on the plane."""
    return {"dataset": "eight", "conditional": False, "architecture": "dense", "latent": 2,
            "generator": units(64, 64), "discriminator": units(64, 64), "batch_norm": False,
            "batch_size": 128, "epochs": 40, "penalty": 0.1} | values


ROOM = Room(
    name="gan",
    title=N_("Generative adversarial network"),
    sentence=N_("One network forges, the other one finds out, and both become better: in the end "
                "there are pictures that nobody has drawn."),
    section="making",
    params=Gan,
    trains="keras",
    program="core.models.gan",
    datasets=DATASETS,
    presets=(
        Preset("quick", N_("Digits in a minute"), N_(
            "A small DCGAN that is told the class, on digits of 8×8 pixels."), {}),
        Preset("eight", N_("Eight Gaussians, WGAN-GP"), N_(
            "On the plane, with a critic that says how far apart real and made are: all eight "
            "clouds are found."),
            on_plane(loss="wgan", n_critic=5, learning_rate_d=0.001, beta_2=0.9)),
        Preset("collapse", N_("Watch it collapse"), N_(
            "The same eight clouds with the plain rule and much momentum: the generator flees from "
            "cloud to cloud, the discriminator after it, and they never come to rest."),
            on_plane(learning_rate=0.002, learning_rate_d=0.001, beta_1=0.9)),
        Preset("draw", N_("Draw your own"), N_(
            "Draw a distribution into the plane, and the generator bends its noise into it."),
            on_plane(dataset="drawn", drawn=tuple(
                Point(x1=round(-0.7 + 0.1 * i, 1), x2=x2) for i, x2 in enumerate(
                    (0.5, 0.2, -0.1, -0.4, -0.1, 0.2, 0.5, 0.2, -0.1, -0.4, -0.1, 0.2, 0.5))),
                loss="wgan", n_critic=5, beta_2=0.9)),
        Preset("mnist", N_("MNIST, properly"), N_(
            "The network whose weights ship with the museum; minutes an epoch."),
            {"dataset": "mnist", "loss": "hinge", "spectral": True, "filters": 64, "latent": 64,
             "batch_size": 64, "epochs": 10, "learning_rate": 0.0002,
             "learning_rate_d": 0.0004, "naming": 0.2}),
        Preset("article0", N_("As in the first article"), N_(
            "Dense layers 256–512–784 with ReLU and a sigmoid; the article leaves the training "
            "out, so here it is that of the second one."),
            {"dataset": "mnist", "conditional": False, "architecture": "dense", "latent": 100,
             "generator": units(256, 512), "discriminator": units(512, 256),
             "batch_norm": False, "d_activation": "relu", "output": "sigmoid",
             "learning_rate": 0.0002, "learning_rate_d": 0.0002, "batch_size": 128, "epochs": 20}),
        Preset("article1", N_("As in the second article"), N_(
            "Dense layers 256–512–1024–784 with leaky ReLU and tanh; the article’s 10,000 batches "
            "are 23 epochs. It feeds real pixels from 0 to 1 to a generator that makes them from "
            "-1 to 1. And with today’s Keras its trainable = False stops the discriminator for "
            "good: here both learn."),
            {"dataset": "mnist", "conditional": False, "architecture": "dense", "latent": 100,
             "generator": units(256, 512, 1024), "discriminator": units(512, 256),
             "batch_norm": False, "g_activation": "leaky_relu", "mismatch": True,
             "learning_rate": 0.0002, "learning_rate_d": 0.0002, "batch_size": 128, "epochs": 23}),
        Preset("corrected", N_("The second article, put right"), N_(
            "The same networks, with real pixels from -1 to 1 as tanh makes them."),
            {"dataset": "mnist", "conditional": False, "architecture": "dense", "latent": 100,
             "generator": units(256, 512, 1024), "discriminator": units(512, 256),
             "batch_norm": False, "g_activation": "leaky_relu",
             "learning_rate": 0.0002, "learning_rate_d": 0.0002, "batch_size": 128, "epochs": 23}),
        Preset("article2", N_("As in the third article, put right"), N_(
            "7×7×256 values, then transposed convolutions. The article doubles the side three "
            "times, to 56×56: no data set of it has such pictures, so here the last layer keeps "
            "28. Its W and b are handed in and never used. Slow: on two cores about a second a "
            "batch."),
            {"dataset": "mnist", "conditional": False, "latent": 100, "filters": 256,
             "generator": units(1024), "kernel": 5, "batch_norm": False,
             "g_activation": "leaky_relu",
             "learning_rate": 0.0002, "learning_rate_d": 0.0002, "batch_size": 64, "epochs": 5}),
    ),
    metrics=(
        Metric("distance", N_("FID-like distance"), higher_is_better=False,
               when=lambda params: params.dataset not in PLANE),
        Metric("js", N_("JS divergence in bits"), higher_is_better=False,
               when=lambda params: params.dataset in PLANE),
        Metric("covered", N_("Covered"), higher_is_better=True, percent=True,
               when=lambda params: params.dataset != "own"),  # whose classes nobody can read
    ),
    charts=(
        Chart(N_("Losses"), (("g_loss", N_("generator")), ("d_loss", N_("discriminator")))),
        Chart(N_("What the discriminator says"), (("d_fake", N_("of made")),
                                                  ("d_real", N_("of real")))),
    ),
    tries=frozenset({"sample"}),
    answers={
        "sample": "core.insight.gan:sample",
        "nearest": "core.insight.copies:nearest",
        "rivals": "core.insight.copies:rivals",
    },
    snapshot="core.insight.gan:snapshot",
    snapshot_title=N_("Made of the same noise, epoch after epoch"),
    snapshot_soon=N_("After the first epoch you see here what the generator makes."),
    frame="core.insight.gan:frame",
    weights=(
        Weights("mnist", N_("Digits (MNIST)"), "mnist"),
        Weights("fashion", N_("Clothes (Fashion-MNIST)"), "fashion"),
    ),
    beside=lambda params: () if params.dataset in PLANE else (
        f"cnn/{params.dataset if params.dataset != 'own' else 'cifar10'}",),
    outline=outline,
    idle=idle,
)
