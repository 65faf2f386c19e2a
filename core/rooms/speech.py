"""Spoken words: a second of sound, what it looks like, and networks that recognize it."""

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
from core.rooms.classes import LEAST
from core.rooms.usual import NETWORK, TRAINING

BANDS = 40
FRAMES = 100
SPOKEN = "sounds/spoken.ogg"

DATASETS = (
    DataSet("spoken", N_("Spoken digits, synthetic"), N_(
        "1,200 digits that a speech synthesizer (espeak-ng) says in 120 voices, with noise. Made "
        "by this project, not recorded from people.")),
    DataSet("fsdd", N_("Free Spoken Digits"), N_(
        "3,000 recordings of the ten digits by six people."), download_bytes=16_000_000,
        to_download="core.data.speech:to_download"),
    DataSet("random", N_("Random numbers, as in the article"), N_(
        "Noise with random labels, 100 frames of 40 numbers: there is nothing to learn.")),
    DataSet("own", OWN, N_(
        "Your own words: recorded in the page, or a zip with one folder for each word.")),
)
FEW = N_("“{name}” has {count} recordings; each word needs at least {least}. Add some.")


class Speech(Params):
    """Hyperparameters of a network that recognizes words."""

    dataset: Literal["spoken", "fsdd", "random", "own"] = usual.dataset(
        "spoken", DATASETS, N_("The recordings that the network learns from."))
    own: str = own_data()
    stranger: Literal["", "george", "jackson", "lucas", "nicolas", "theo", "yweweler"] = knob(
        "", group=usual.DATA, title=N_("Test on"), says=N_(
            "Free Spoken Digits only: other recordings by the same six people, or all those by "
            "one of them whom it has never heard."),
        choices={"": N_("the official split"), "george": N_("George, never heard"),
                 "jackson": N_("Jackson, never heard"), "lucas": N_("Lucas, never heard"),
                 "nicolas": N_("Nicolas, never heard"), "theo": N_("Theo, never heard"),
                 "yweweler": N_("Yweweler, never heard")})
    learning_rate: float = usual.learning_rate(0.003)
    schedule: Literal["constant", "cosine", "step"] = knob(
        "cosine", group=TRAINING, title=N_("Schedule"), says=N_(
            "How the learning rate changes by itself: large steps first, small ones at the end. "
            "A rate set by hand while it trains is the one from which the schedule goes on."),
        choices={"constant": N_("constant"), "cosine": N_("cosine: falls to zero"),
                 "step": N_("step: a tenth at ½, again at ¾")})
    epochs: int = knob(28, ge=1, le=100, group=TRAINING, title=N_("Epochs"), says=N_(
        "How many times the network hears every training recording."))
    architecture: Literal["conv2d", "conv1d", "gru", "pretrained"] = knob(
        "conv2d", group=NETWORK, title=N_("Architecture"), says=N_(
            "What goes over the 100 frames: windows over time and frequency, windows along time "
            "only (the article’s), or a memory that hears one frame after the other. On the "
            "features of our own network only the dense layers learn, in seconds."),
        choices={"conv2d": N_("2-D convolution"), "conv1d": N_("1-D convolution"),
                 "gru": N_("recurrent (GRU)"),
                 "pretrained": N_("on the features of our network")})
    features: Literal["mel", "mfcc"] = knob(
        "mel", group=NETWORK, title=N_("Features"), says=N_(
            "The 40 numbers of a frame. MFCC are the log-mel values turned into cosines: smooth "
            "shapes first, and neighbours no longer alike."),
        choices={"mel": N_("log-mel"), "mfcc": N_("MFCC")})
    layers: int = knob(3, ge=1, le=4, group=NETWORK, title=N_("Layers"), says=N_(
        "Convolutions with pooling, or recurrent layers; each is twice as wide as the one before."))
    filters: int = knob(16, ge=4, le=64, group=NETWORK, title=N_("Filters of the first layer"),
                        says=N_("How many patterns it listens for (recurrent: units)."))
    dense: int = knob(64, ge=0, le=512, group=NETWORK, title=N_("Dense units"), says=N_(
        "Neurons between the last layer and the classes. 0: none."))
    dropout: float = knob(0.2, ge=0.0, le=0.8, step=0.05, group=NETWORK, title=N_("Dropout"),
                          says=N_("The share of values that is switched off at random in each "
                                  "training step."))
    batch_norm: bool = knob(True, group=DETAILS, title=N_("Batch norm"), says=N_(
        "Keeps the values of a layer in a range in which learning is easy."))
    optimizer: Literal["adam", "sgd", "rmsprop"] = usual.optimizer()
    batch_size: int = knob(16, ge=1, le=512, group=DETAILS, title=N_("Batch size"), says=N_(
        "How many recordings it hears before each step."))
    seed: int = usual.seed()
    shift: float = knob(0.1, ge=0.0, le=0.5, step=0.01, group=AUGMENTATION, title=N_("Shift"),
                        unit=N_("s"), says=N_(
                            "Each training recording comes earlier or later, by at most this."))
    pitch: float = knob(0.1, ge=0.0, le=0.5, step=0.01, group=AUGMENTATION,
                        title=N_("Pace and pitch"), says=N_(
                            "Each is said faster or slower, higher or lower, by at most this "
                            "share."))
    noise: float = knob(0.3, ge=0.0, le=1.0, step=0.05, group=AUGMENTATION, title=N_("Noise"),
                        says=N_("The share of training recordings that get noise behind them, "
                                "5 to 40 decibels below the voice."))
    masks: bool = knob(False, group=AUGMENTATION, title=N_("Masks"), says=N_(
        "Hides a few bands and a few frames of each, so that the network does not rely on one "
        "place (SpecAugment)."))


REAL = {"dataset": "fsdd", "layers": 4, "filters": 12, "epochs": 12, "batch_size": 32}
FSDD = Speech(**REAL)
"""How the shipped network is trained that knows real voices, and whose features others may use."""
PRETRAINED = "speech/fsdd"
ON_FEATURES = {"architecture": "pretrained", "dense": 0, "dropout": 0.0, "epochs": 30,
               "learning_rate": 0.01, "noise": 0.5}


ARTICLE = {"architecture": "conv1d", "layers": 2, "filters": 32, "dense": 128, "dropout": 0.5,
           "batch_norm": False, "epochs": 20, "batch_size": 32, "learning_rate": 0.001,
           "schedule": "constant", "shift": 0.0, "pitch": 0.0, "noise": 0.0}


def beside(params: Speech) -> tuple[str, ...]:
    """What a take-home program reads that ships with the museum."""
    return ((PRETRAINED,) if params.architecture == "pretrained" else
            ()) + ((SPOKEN,) if params.dataset == "spoken" else ())


def begin_with(told: dict) -> dict:
    """How a network begins on own recordings: few are not enough to learn to hear from."""
    return ON_FEATURES


def idle(params: Speech) -> set[str]:
    """What changes nothing with these recordings and this network."""
    found = set() if params.dataset == "fsdd" else {"stranger"}
    if params.architecture == "pretrained":
        found |= {"features", "layers", "filters", "batch_norm"}
    return found


def outline(params: Speech) -> Outline:
    """The network's layers as Keras will build them, or what is missing for it."""
    kept = own.told(params.own) if params.dataset == "own" else None
    counts = kept["classes"] if kept else {}
    if params.dataset == "own" and not kept:
        return Outline((), N_("Bring your own words first: below, with the microphone or as a "
                              "zip."))
    for name, count in counts.items():
        if count < LEAST:
            return Outline((), FEW, {"name": name, "count": count, "least": LEAST})
    if params.architecture == "pretrained":
        frozen = layers_of(FSDD)
        return Outline((*frozen, *head_of(params, frozen[-1].shape[0], len(counts) or 10)))
    body = layers_of(params)
    return Outline((*body, *head_of(params, body[-1].shape[0], len(counts) or 10)))


def layers_of(params: Speech) -> tuple[Layer, ...]:
    """From the input to the features; what Keras counts: a convolution has (k·c_in + 1)·c_out
    parameters (k·k·c_in in two dimensions), batch normalisation 4·c, a GRU
    3·(c_in + units + 2)·units."""
    layers = [Layer("input", "input", (BANDS, FRAMES), 0),
              Layer("frames", "flatten", (FRAMES, BANDS), 0)]
    if params.features == "mfcc":
        layers.append(Layer("mfcc", "dense", (FRAMES, BANDS), BANDS * BANDS))
    layers.append(Layer("scale", "norm", (FRAMES, BANDS), 0))
    body = {"conv1d": _along_time, "conv2d": _over_both, "gru": _frame_by_frame}
    return (*layers, *body[params.architecture](params))


def _along_time(params: Speech) -> list[Layer]:
    layers, time, channels = [], FRAMES, BANDS
    for number in range(1, params.layers + 1):
        filters, time = params.filters * 2 ** (number - 1), time - 2
        layers.append(Layer(f"conv{number}", "conv", (time, filters), (3 * channels + 1) * filters))
        layers += _after(number, (time, filters), params)
        channels, time = filters, time // 2
        layers.append(Layer(f"pool{number}", "pool", (time, filters), 0))
    return [*layers, Layer("flatten", "flatten", (time * channels,), 0)]


def _over_both(params: Speech) -> list[Layer]:
    height, width, channels = FRAMES, BANDS, 1
    layers = [Layer("picture", "flatten", (height, width, 1), 0)]
    for number in range(1, params.layers + 1):
        filters = params.filters * 2 ** (number - 1)
        layers.append(Layer(f"conv{number}", "conv", (height, width, filters),
                            (9 * channels + 1) * filters))
        layers += _after(number, (height, width, filters), params)
        channels, height, width = filters, height // 2, width // 2
        layers.append(Layer(f"pool{number}", "pool", (height, width, filters), 0))
    return [*layers, Layer("average", "pool", (channels,), 0)]


def _frame_by_frame(params: Speech) -> list[Layer]:
    layers, channels = [], BANDS
    for number in range(1, params.layers + 1):
        units = params.filters * 2 ** (number - 1)
        shape = (FRAMES, units) if number < params.layers else (units,)
        layers.append(Layer(f"gru{number}", "gru", shape, 3 * (channels + units + 2) * units))
        channels = units
    return layers


def _after(number: int, shape: tuple[int, ...], params: Speech) -> list[Layer]:
    norm = [Layer(f"norm{number}", "norm", shape, 4 * shape[-1])] if params.batch_norm else []
    return [*norm, Layer(f"relu{number}", "activation", shape, 0)]


def head_of(params: Speech, size: int, classes: int) -> list[Layer]:
    """The dense layers, from ``size`` features to the classes."""
    layers = []
    if params.dense:
        layers.append(Layer("dense", "dense", (params.dense,), (size + 1) * params.dense))
        size = params.dense
    if params.dropout:
        layers.append(Layer("drop", "dropout", (size,), 0))
    return [*layers, Layer("classes", "dense", (classes,), (size + 1) * classes)]


ROOM = Room(
    name="speech",
    title=N_("Speech recognition"),
    sentence=N_("It hears which word was said by looking at a picture of the sound."),
    section="listening",
    params=Speech,
    trains="keras",
    program="core.models.speech",
    datasets=DATASETS,
    presets=(
        Preset("quick", N_("Quick"), N_(
            "Three convolutions over time and frequency; learns the synthetic digits in a "
            "minute."), {}),
        Preset("article", N_("As in the article"), N_(
            "The article’s two 1-D convolutions, trained on what it prints: random numbers with "
            "random labels. It learns them by heart and guesses one in ten right."),
            {**ARTICLE, "dataset": "random"}),
        Preset("corrected", N_("The article’s network on sound"), N_(
            "The same layers on real features: log-mel frames of spoken digits, each band brought "
            "to mean 0 and variance 1 on the training part."), ARTICLE),
        Preset("real", N_("Real voices"), N_(
            "Four convolutions on Free Spoken Digits, with noise and shifts: minutes, not "
            "seconds. The network that ships with the museum was trained like this."),
            REAL),
        Preset("stranger", N_("A voice it has never heard"), N_(
            "The same, but everything that Theo said is kept for the test: see what is left."),
            {**REAL, "stranger": "theo"}),
        Preset("recurrent", N_("Recurrent"), N_(
            "A memory of gated recurrent units hears one frame after the other."),
            {"architecture": "gru", "layers": 1, "filters": 64}),
    ),
    metrics=(
        Metric("accuracy", N_("Accuracy"), higher_is_better=True, percent=True),
        Metric("loss", N_("Loss"), higher_is_better=False),
    ),
    tries=frozenset({"sound"}),
    answers={
        "recognize": "core.insight.speech:recognize",
        "samples": "core.insight.speech:samples",
        "maps": "core.insight.speech:maps",
        "mistakes": "core.insight.judged:mistakes",
        "projection": "core.insight.judged:projection",
        "features": "core.insight.judged:features",
        "picture": "core.insight.judged:picture",
        "sound": "core.insight.speech:sound",
        "augmentation": "core.insight.speech:augmentation",
    },
    tools={
        "ready": "core.insight.spectra:ready",
        "spectra": "core.insight.spectra:spectra",
        "rebuilt": "core.insight.spectra:rebuilt",
        "example": "core.insight.spectra:example",
        "decoded": "core.insight.spectra:decoded",
    },
    snapshot="core.insight.vision:snapshot",
    baseline="core.insight.soundrivals:logistic_regression",
    weights=(
        Weights("spoken", N_("Synthetic voices, trained"), "spoken"),
        Weights("fsdd", N_("Real voices (Free Spoken Digits), trained"), "fsdd"),
    ),
    beside=beside,
    outline=outline,
    idle=idle,
)
