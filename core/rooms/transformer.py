"""The transformer: it writes sign by sign, judges sentences, or sees pictures as patches."""

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
from core.rooms.classes import CLOTHES
from core.rooms.sequences import VERDICTS
from core.rooms.usual import DATA, NETWORK, TRAINING

TO_DOWNLOAD = "core.data.sequences:to_download"
DATASETS = (
    DataSet("tales", N_("Write: little tales"), N_(
        "700 tales of animals that look for something, 250,000 characters. A program of this "
        "project made them up.")),
    DataSet("tales_zh", N_("Write: little tales in Chinese"), N_(
        "The same kind of tales in Chinese, 65,000 characters, made up by the same program.")),
    DataSet("shakespeare", N_("Write: Shakespeare"), N_(
        "1,115,394 characters from his plays (Tiny Shakespeare)."), download_bytes=1_115_394,
        to_download=TO_DOWNLOAD),
    DataSet("opinions", N_("Judge: made-up opinions on films"), N_(
        "6,000 sentences that a program of this project put together. What follows “but” decides, "
        "so the order of the words matters."), classes=VERDICTS),
    DataSet("reviews", N_("Judge: real film reviews"), N_(
        "10,662 sentences of critics, half of them in favour (Pang & Lee 2005)."),
        download_bytes=1_238_901, to_download=TO_DOWNLOAD, classes=VERDICTS),
    DataSet("digits", N_("See: small digits"), N_(
        "1,797 handwritten digits of 8×8 pixels, cut into patches.")),
    DataSet("mnist", N_("See: digits (MNIST)"), N_("70,000 handwritten digits of 28×28 pixels."),
            download_bytes=11_490_434, to_download=TO_DOWNLOAD),
    DataSet("fashion", N_("See: clothes (Fashion-MNIST)"), N_(
        "70,000 pictures of clothes of 28×28 pixels."), download_bytes=30_878_645,
        to_download=TO_DOWNLOAD, classes=CLOTHES),
    DataSet("own", OWN, N_("Write: a text of yours, pasted or as a file, in any language.")),
)
TASKS = {"tales": "write", "tales_zh": "write", "shakespeare": "write", "own": "write",
         "opinions": "judge", "reviews": "judge",
         "digits": "see", "mnist": "see", "fashion": "see"}
SIDES = {"digits": 8, "mnist": 28, "fashion": 28}
# Signs or words that the network knows, and classes; what the loader finds (a test compares them).
SIZES = {"tales": (53, 53), "tales_zh": (147, 147), "shakespeare": (67, 67),
         "opinions": (60, 2), "digits": (0, 10), "mnist": (0, 10), "fashion": (0, 10)}
REVIEW_WORDS = (8509, 8495, 8462, 8468, 8456)
"""Words that stand more than once in the training part of real reviews, by fold."""


class Transformer(Params):
    """Hyperparameters of the transformer."""

    dataset: Literal["tales", "tales_zh", "shakespeare", "opinions", "reviews", "digits", "mnist",
                     "fashion", "own"] = usual.dataset("tales", DATASETS, N_(
                         "What it is to do, and what it learns from: write on, sign by sign; judge "
                         "a sentence; or see what a picture shows."))
    own: str = own_data()
    context: int = knob(64, ge=8, le=256, step=8, group=DATA, title=N_("Context"),
                        unit=N_("tokens"), says=N_(
                            "So many signs (or words) it sees at once. What lies further back "
                            "is gone."))
    patch: Literal[2, 4, 7] = knob(
        2, group=DATA, title=N_("Patch"), says=N_(
            "Pictures only: the side of the squares into which they are cut. Each becomes one "
            "token."),
        choices={2: N_("2 pixels"), 4: N_("4 pixels"), 7: N_("7 pixels")})
    learning_rate: float = usual.learning_rate(0.003)
    epochs: int = knob(8, ge=1, le=200, group=TRAINING, title=N_("Epochs"), says=N_(
        "How many times it goes over the training part. Where it writes, an epoch is 100 batches "
        "of pieces from anywhere in the text."))
    positions: Literal["learned", "waves", "none"] = knob(
        "learned", group=NETWORK, title=N_("Positions"), says=N_(
            "What tells a token where it stands: a vector that is learned for each place, or waves "
            "of different length. Without it, a sentence is a bag of words."),
        choices={"learned": N_("learned"), "waves": N_("waves (sine and cosine)"),
                 "none": N_("none, as in the articles")})
    depth: int = knob(2, ge=1, le=8, group=NETWORK, title=N_("Layers"), says=N_(
        "How many times tokens look at each other."))
    heads: int = knob(4, ge=1, le=8, group=NETWORK, title=N_("Heads"), says=N_(
        "So many ways of looking, side by side, in each layer."))
    channels: int = knob(64, ge=8, le=256, step=8, group=NETWORK, title=N_("Channels"), says=N_(
        "How many numbers stand for a token."))
    dropout: float = knob(0.0, ge=0.0, le=0.8, step=0.05, group=NETWORK, title=N_("Dropout"),
                          says=N_("The share of values that is switched off at random in each "
                                  "training step."))
    unread: float = knob(0.0, ge=0.0, le=0.8, step=0.05, group=NETWORK, title=N_("Unread words"),
                         says=N_("Sentences only: the share of words that a training step hides."))
    size: int = knob(0, ge=0, le=128, group=DETAILS, title=N_("Values of a head"), says=N_(
        "How long its queries, keys and values are. 0: channels divided by heads."))
    feed: int = knob(4, ge=1, le=8, group=DETAILS, title=N_("Width of the small network"), says=N_(
        "Each position passes through a hidden layer that is so many times as wide as the "
        "channels."))
    bend: Literal["gelu", "relu"] = knob(
        "gelu", group=DETAILS, title=N_("Activation"), says=N_("The bend in that hidden layer."),
        choices={"gelu": "GELU", "relu": "ReLU"})
    norm: Literal["pre", "post"] = knob(
        "pre", group=DETAILS, title=N_("Norm"), says=N_(
            "Where values are brought to one scale: before attention and the small network, which "
            "learns more easily, or after each sum, as in 2017."),
        choices={"pre": N_("before"), "post": N_("after, as in 2017")})
    words: int = knob(10_000, ge=100, le=20_000, group=DETAILS, title=N_("Words"), says=N_(
        "Sentences only: how many different words it knows, the most frequent ones."))
    fold: int = knob(1, ge=1, le=5, group=DETAILS, title=N_("Fold"), says=N_(
        "Sentences only: which fifth of them is the test."))
    schedule: Literal["constant", "cosine"] = knob(
        "cosine", group=DETAILS, title=N_("Schedule"), says=N_(
            "How the learning rate changes by itself after it has climbed. A rate set by hand "
            "while it trains is the one from which the schedule goes on."),
        choices={"constant": N_("constant"), "cosine": N_("cosine: falls to zero")})
    warmup: int = knob(1, ge=0, le=10, group=DETAILS, title=N_("Warm-up"), unit=N_("epochs"),
                       says=N_("So long the learning rate climbs. Early, attention is easily led "
                               "astray."))
    decay: float = knob(0.01, ge=0.0, le=1.0, step=0.01, group=DETAILS, title=N_("Weight decay"),
                        says=N_("By this share, times the learning rate, weights shrink in each "
                                "step."))
    patience: int = knob(0, ge=0, le=50, group=DETAILS, title=N_("Early stopping"), says=N_(
        "It stops when the accuracy on validation has not improved for so many epochs, and goes "
        "back to its best epoch. 0: it trains to the end."))
    optimizer: Literal["adam", "sgd", "rmsprop"] = usual.optimizer()
    batch_size: int = knob(16, ge=1, le=256, group=DETAILS, title=N_("Batch size"), says=N_(
        "How many pieces, sentences or pictures it sees before each step."))
    seed: int = usual.seed()


def task(params: Transformer) -> str:
    """What it is to do: ``write``, ``judge`` or ``see``."""
    return TASKS[params.dataset]


def idle(params: Transformer) -> set[str]:
    """What changes nothing with this task: pictures have patches, sentences have words."""
    sentences = {"unread", "words", "fold"}
    return {"write": sentences | {"patch"}, "judge": {"patch"},
            "see": sentences | {"context"}}[task(params)]


def outline(params: Transformer) -> Outline:
    """The network's layers as Keras will build them, or what is missing for it."""
    kept = own.told(params.own) if params.dataset == "own" else None
    if params.dataset == "own" and not kept:
        return Outline((), N_("Bring a text of your own first: paste it below, or choose a file."))
    kind, c = task(params), params.channels
    known, classes = (kept["signs"],) * 2 if kept else sizes(params)
    if kind == "see":
        side = SIDES[params.dataset]
        if side % params.patch:
            return Outline((), N_("Pictures of {side} pixels cannot be cut into patches of "
                                  "{patch}. Choose another patch."),
                           {"side": side, "patch": params.patch})
        t = (side // params.patch) ** 2
        layers = [Layer("input", "input", (side, side, 1), 0),
                  Layer("patches", "flatten", (t, params.patch**2), 0),
                  Layer("tokens", "dense", (t, c), (params.patch**2 + 1) * c)]
    else:
        t = params.context
        layers = [Layer("input", "input", (t,), 0), Layer("tokens", "dense", (t, c), known * c)]
        if kind == "judge" and params.unread:
            layers.append(Layer("unread", "dropout", (t, c), 0))
    if params.positions != "none":
        layers.append(Layer("positions", "add", (t, c),
                            t * c if params.positions == "learned" else 0))
    layers += dropped(params, "drop", t)
    filled = [Layer("filled", "flatten", (1, t), 0)] if kind == "judge" else []
    for number in range(1, params.depth + 1):
        layers += block(params, number, t, filled if number == 1 else [])
    if kind != "write":
        layers.append(Layer("mean", "pool", (c,), 0))
    if params.norm == "pre":
        layers.append(Layer("norm", "norm", (t, c) if kind == "write" else (c,), 2 * c))
    if kind != "write":
        layers += dropped(params, "drop_mean", None)
    shape = (t, classes) if kind == "write" else (classes,)
    return Outline((*layers, Layer("classes", "dense", shape, (c + 1) * classes)))


def sizes(params: Transformer) -> tuple[int, int]:
    """Words or signs that are known, and classes."""
    if params.dataset == "reviews":
        return min(params.words, REVIEW_WORDS[params.fold - 1]) + 2, 2
    return SIZES[params.dataset]


def block(params: Transformer, number: int, t: int, filled: list[Layer]) -> list[Layer]:
    """A layer of the transformer, in Keras's order."""
    c, wide = params.channels, params.feed * params.channels
    inner = params.heads * (params.size or max(1, c // params.heads))
    norms = [Layer(f"norm{number}{part}", "norm", (t, c), 2 * c) for part in "ab"]
    before, after = (norms, [None, None]) if params.norm == "pre" else ([None, None], norms)
    both = ([Layer(f"attention{number}", "conv", (t, c), 3 * (c + 1) * inner + (inner + 1) * c)],
            [Layer(f"wide{number}", "dense", (t, wide), (c + 1) * wide),
             Layer(f"narrow{number}", "dense", (t, c), (wide + 1) * c)])
    layers = []
    for part, first, change, last in zip("ab", before, both, after):
        layers += [*([first] if first else []), *(filled if part == "a" else []), *change,
                   *dropped(params, f"drop{number}{part}", t),
                   Layer(f"sum{number}{part}", "add", (t, c), 0), *([last] if last else [])]
    return layers


def dropped(params: Transformer, name: str, t: int | None) -> list[Layer]:
    """Dropout, where there is any."""
    shape = (params.channels,) if t is None else (t, params.channels)
    return [Layer(name, "dropout", shape, 0)] if params.dropout else []


SHAKESPEARE = {"dataset": "shakespeare", "depth": 4, "channels": 128, "batch_size": 12,
               "epochs": 20, "decay": 0.1}
"""The size and the 2,000 batches of nanoGPT's recipe for a CPU (Karpathy 2022)."""
OPINIONS = {"dataset": "opinions", "context": 24, "epochs": 8, "batch_size": 32,
            "positions": "waves"}
REVIEWS = {"dataset": "reviews", "context": 48, "depth": 1, "feed": 2, "epochs": 8,
           "batch_size": 64, "learning_rate": 0.002, "dropout": 0.3, "unread": 0.3,
           "positions": "waves", "decay": 0.5, "patience": 3}
DIGITS = {"dataset": "digits", "epochs": 20, "batch_size": 32}
PICTURES = {"patch": 7, "epochs": 4, "batch_size": 64, "learning_rate": 0.002}
ARTICLE = {**OPINIONS, "positions": "none", "depth": 1, "size": 64, "feed": 2,
           "bend": "relu", "norm": "post", "dropout": 0.1, "words": 5_000}

ROOM = Room(
    name="transformer",
    title=N_("Transformer"),
    sentence=N_("Every word looks at all others and takes what it needs: so it writes on, judges "
                "a sentence, or sees what a picture shows."),
    section="sequences",
    params=Transformer,
    trains="keras",
    program="core.models.transformer",
    datasets=DATASETS,
    presets=(
        Preset("tales", N_("Write: little tales"), N_(
            "From noise to words to whole tales, in less than a minute."), {}),
        Preset("tales_zh", N_("Write: tales in Chinese"), N_(
            "The very same network with other signs: it does not care which language it is."),
            {"dataset": "tales_zh"}),
        Preset("shakespeare", N_("Write: Shakespeare"), N_(
            "Four layers, four heads, 128 channels and 2,000 batches: the recipe with which "
            "nanoGPT reaches 1.88 nats on a CPU."), SHAKESPEARE),
        Preset("opinions", N_("Judge: opinions"), N_(
            "The order of the words decides. Positions tell it."), OPINIONS),
        Preset("unordered", N_("Judge without positions"), N_(
            "The same network without positions: it sees which words are there, not where. Shuffle "
            "a sentence above, and its answer does not move."), {**OPINIONS, "positions": "none"}),
        Preset("reviews", N_("Judge: real reviews"), N_(
            "Sentences of real critics. Few of them for so free a network: dropout and hidden "
            "words keep it from learning them by heart."), REVIEWS),
        Preset("digits", N_("See: small digits"), N_(
            "Pictures of 8×8 pixels as 16 patches."), DIGITS),
        Preset("mnist", N_("See: digits"), N_(
            "A vision transformer on 55,000 pictures, 16 patches each."),
            {**PICTURES, "dataset": "mnist"}),
        Preset("fashion", N_("See: clothes"), N_("The same on clothes."),
               {**PICTURES, "dataset": "fashion"}),
        Preset("article", N_("As in the articles"), N_(
            "One layer, four heads of 64 values, norms after the sums, and nothing that tells a "
            "word where it stands. The articles stop before there is anything to train; here the "
            "mean of all words is judged."), ARTICLE),
        Preset("corrected", N_("The articles, corrected"), N_(
            "The same layer with positions: now the order of the words counts."),
            {**ARTICLE, "positions": "waves"}),
    ),
    metrics=(
        Metric("loss", N_("Loss"), higher_is_better=False),
        Metric("accuracy", N_("Accuracy"), higher_is_better=True, percent=True),
    ),
    tries=frozenset({"text", "picture"}),
    answers={
        "write": "core.insight.transformer:write",
        "judge": "core.insight.transformer:judge",
        "classify": "core.insight.transformer:classify",
        "samples": "core.insight.transformer:samples",
        "looks": "core.insight.attention:looks",
        "head": "core.insight.attention:head",
    },
    snapshot="core.insight.transformer:snapshot",
    snapshot_title=N_("What it can do by now"),
    snapshot_soon=N_("After the first epoch its first attempt stands here."),
    baseline="core.insight.textrivals:measure",
    weights=tuple(Weights(name, title, name) for name, title in (
        ("tales", N_("Little tales, trained")),
        ("tales_zh", N_("Tales in Chinese, trained")),
        ("shakespeare", N_("Shakespeare, trained")),
        ("opinions", N_("Made-up opinions, trained")),
        ("reviews", N_("Real reviews, trained")),
        ("digits", N_("Small digits, trained")),
        ("mnist", N_("Digits, trained")),
        ("fashion", N_("Clothes, trained")))),
    outline=outline,
    idle=idle,
)
