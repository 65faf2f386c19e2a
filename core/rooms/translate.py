"""Translation: an encoder that reads one language and a decoder that writes another."""

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
from core.rooms.usual import NETWORK, TRAINING

DATASETS = (
    DataSet("grammar", N_("A small grammar, English–Chinese"), N_(
        "3,000 pairs that a grammar of this project makes: who does what, when and where. "
        "Synthetic, and small enough to be learned in a minute.")),
    DataSet("tatoeba", N_("Tatoeba, English–Chinese"), N_(
        "29,155 pairs by the volunteers of tatoeba.org (CC BY 2.0 France); an hour of training."),
        download_bytes=4_151_383, to_download="core.data.pairs:to_download"),
    DataSet("own", OWN, N_("Your own pairs of sentences, in any two languages, as TSV or CSV.")),
)
WORDS = {"grammar": (119, 107), "tatoeba": (4360, 2374)}
"""How many pieces each data set's training part knows, of the source and of the target language."""
EXAMPLES = {
    "grammar": ("The teacher reads two books in the garden every day.",
                "Did Anna buy a horse in Beijing last year?",
                "My mother is not drawing the cat now.",
                "The children will sing three songs at school tomorrow."),
    "tatoeba": ("She likes to read books in the evening.", "I have a dog.",
                "Where is the train station?",
                "If it rains tomorrow, we will stay at home.",
                "He asked me what I wanted to eat."),
}
"""Sentences to begin with. They are what is translated, so nobody translates them for the page."""


class Translate(Params):
    """Hyperparameters of a network that translates."""

    dataset: Literal["grammar", "tatoeba", "own"] = usual.dataset(
        "grammar", DATASETS, N_("The pairs of sentences that the network learns from."))
    own: str = own_data()
    learning_rate: float = usual.learning_rate(0.003)
    warmup: int = knob(1, ge=0, le=10, group=TRAINING, title=N_("Warm-up"), unit=N_("epochs"),
                       says=N_("So long the learning rate climbs from almost nothing: attention "
                               "that knows nothing yet must not be pushed hard."))
    schedule: Literal["constant", "cosine", "step"] = knob(
        "cosine", group=TRAINING, title=N_("Schedule"), says=N_(
            "How the learning rate changes by itself: large steps first, small ones at the end. "
            "A rate set by hand while it trains is the one from which the schedule goes on."),
        choices={"constant": N_("constant"), "cosine": N_("cosine: falls to zero"),
                 "step": N_("step: a tenth at ½, again at ¾")})
    epochs: int = knob(10, ge=1, le=100, group=TRAINING, title=N_("Epochs"), says=N_(
        "How many times the network reads every training pair."))
    cross: bool = knob(True, group=NETWORK, title=N_("Cross-attention"), says=N_(
        "The writer looks at the sentence that was read. Without it, it writes what is usual, "
        "whatever you say."))
    causal: bool = knob(True, group=NETWORK, title=N_("Look back only"), says=N_(
        "While it learns, each piece sees only those before it. Without that, it reads the next "
        "piece off the right translation, and learns nothing else."))
    layers: int = knob(1, ge=1, le=4, group=NETWORK, title=N_("Layers"), says=N_(
        "How often the encoder reads over the sentence, and how often the decoder thinks about "
        "each piece."))
    width: int = knob(64, ge=16, le=256, step=16, group=NETWORK, title=N_("Width"), says=N_(
        "How many numbers stand for a word."))
    heads: int = knob(4, ge=1, le=8, group=NETWORK, title=N_("Heads"), says=N_(
        "How many questions each piece asks at the same time."))
    inner: int = knob(128, ge=16, le=1024, step=16, group=NETWORK, title=N_("Inner width"), says=N_(
        "Neurons of the two dense layers with which each position thinks by itself."))
    dropout: float = knob(0.1, ge=0.0, le=0.6, step=0.05, group=NETWORK, title=N_("Dropout"),
                          says=N_("The share of values that is switched off at random in each "
                                  "training step."))
    smoothing: float = knob(0.1, ge=0.0, le=0.4, step=0.05, group=DETAILS,
                            title=N_("Label smoothing"), says=N_(
                                "The share of the truth that goes to all other pieces, because "
                                "a sentence has more than one right translation."))
    optimizer: Literal["adam", "sgd", "rmsprop"] = usual.optimizer()
    batch_size: int = knob(64, ge=8, le=256, group=DETAILS, title=N_("Batch size"), says=N_(
        "How many pairs it reads before each step."))
    seed: int = usual.seed()


TATOEBA = {"dataset": "tatoeba", "layers": 2, "width": 128, "inner": 512, "dropout": 0.2,
           "learning_rate": 0.001, "epochs": 20, "batch_size": 128}
ARTICLE = {"cross": False, "causal": False, "layers": 2, "smoothing": 0.0, "warmup": 0,
           "schedule": "constant", "learning_rate": 0.001}


def outline(params: Translate) -> Outline:
    """The network's layers as Keras will build them, or what is missing for it."""
    kept = own.told(params.own) if params.dataset == "own" else None
    if params.dataset == "own" and not kept:
        return Outline((), N_("Bring your own pairs of sentences first: below."))
    if params.width % params.heads:
        return Outline((), N_("{width} numbers cannot be dealt out evenly to {heads} heads. Choose "
                              "another number of heads."),
                       {"width": params.width, "heads": params.heads})
    read, write = kept["words"] if kept else WORDS[params.dataset]
    return Outline(tuple(in_keras_order(graph(params, read, write))))


Step = tuple[Layer, tuple[str, ...]]  # a layer, and the names of those that it takes from


def graph(params: Translate, read: int, write: int) -> list[Step]:
    """Every layer and what it takes. What Keras counts: attention has 4·(c + 1)·c parameters, a
    layer norm 2·c."""
    width = params.width
    steps: list[Step] = []

    def add(name: str, kind: str, parameters: int, *takes: str, shape=("t", width)) -> str:
        steps.append((Layer(name, kind, shape, parameters), takes))
        return name

    def begin(name: str, words: int, letter: str) -> str:
        given = add(name, "input", 0, shape=(letter,))
        x = add(f"{name}_words", "dense", words * width, given)
        x = add(f"{name}_positions", "flatten", 0, x)
        return add(f"{name}_drop", "dropout", 0, x)

    def attend(x: str, name: str, layer: str, *memory: str) -> str:
        y = add(f"{name}_norm", "norm", 2 * width, x)
        y = add(layer, "conv", 4 * (width + 1) * width, y, *memory)
        y = add(f"{name}_drop", "dropout", 0, y)
        return add(f"{name}_add", "activation", 0, x, y)

    def think(x: str, name: str) -> str:
        y = add(f"{name}_dense_norm", "norm", 2 * width, x)
        y = add(f"{name}_wide", "dense", (width + 1) * params.inner, y, shape=("t", params.inner))
        y = add(f"{name}_back", "dense", (params.inner + 1) * width, y)
        y = add(f"{name}_dense_drop", "dropout", 0, y)
        return add(f"{name}_dense_add", "activation", 0, x, y)

    x = begin("source", read, "s")
    there = add("there", "flatten", 0, "source", shape=(1, "s"))
    for number in range(1, params.layers + 1):
        x = attend(x, f"encoder{number}", f"encoder{number}_attention", there)
        x = think(x, f"encoder{number}")
    memory = add("memory", "norm", 2 * width, x)
    y = begin("target", write, "t")
    for number in range(1, params.layers + 1):
        y = attend(y, f"decoder{number}", f"decoder{number}_attention")
        if params.cross:
            y = attend(y, f"cross{number}", f"cross{number}", memory, there)
        y = think(y, f"decoder{number}")
    add("state", "norm", 2 * width, y)
    return steps


def in_keras_order(steps: list[Step]) -> list[Layer]:
    """Keras lists layers by how many steps lie between them and the answer, the farthest first;
    of two that are equally far, the one that it meets first on its way back from the answer."""
    takes = {layer.name: sources for layer, sources in steps}
    met: dict[str, int] = {}
    far: dict[str, int] = {}

    def back(name: str, distance: int) -> None:
        met.setdefault(name, len(met))
        if distance > far.get(name, -1):
            far[name] = distance
            for source in takes[name]:
                back(source, distance + 1)

    back("state", 1)
    layers = {layer.name: layer for layer, _ in steps}
    found = [layers[name] for name in sorted(far, key=lambda name: (-far[name], met[name]))]
    # Without cross-attention nothing leads from the encoder to the answer, and Keras leaves it out.
    return found if "source" in far else [*found, layers["source"]]


ROOM = Room(
    name="translate",
    title=N_("Translation"),
    sentence=N_("It reads a sentence in one language and writes it in another, and you see where "
                "it looks while it writes."),
    section="sequences",
    params=Translate,
    trains="keras",
    program="core.models.translate",
    datasets=DATASETS,
    presets=(
        Preset("quick", N_("Quick"), N_(
            "One layer on the small grammar: after a minute it translates sentences that it has "
            "never seen, and you watch how it finds the word order."), {}),
        Preset("article", N_("As in the article"), N_(
            "Two encoders and no cross-attention, each piece sees those that come after it. "
            "While it trains it looks perfect; it cannot translate a single sentence."),
            ARTICLE),
        Preset("deaf", N_("Looking back only, but deaf"), N_(
            "One of two corrections: it cannot peek any more, so it learns Chinese. But nothing "
            "leads from your sentence to what it writes."), {**ARTICLE, "causal": True}),
        Preset("corrected", N_("The article’s network, corrected"), N_(
            "The same size with both corrections: a mask that hides what comes after, and "
            "cross-attention."), {**ARTICLE, "causal": True, "cross": True}),
        Preset("tatoeba", N_("Real sentences"), N_(
            "Two layers of 128 numbers on Tatoeba: an hour on one core. The network that ships "
            "with the museum has this shape."), TATOEBA),
    ),
    metrics=(
        Metric("accuracy", N_("Next piece right"), higher_is_better=True, percent=True),
        Metric("loss", N_("Loss"), higher_is_better=False),
    ),
    tries=frozenset({"text"}),
    answers={
        "translate": "core.insight.translate:translate",
        "about": "core.insight.translate:about",
    },
    snapshot="core.insight.translate:snapshot",
    snapshot_title=N_("Sentences that it has never seen"),
    snapshot_soon=N_("After the first epoch you see here what becomes of four sentences that are "
                     "not in the training part, and where the network looks while it writes."),
    baseline="core.insight.lexicon:rivals",
    weights=(
        Weights("tatoeba", N_("Real sentences (Tatoeba), trained"), "tatoeba"),
        Weights("grammar", N_("A small grammar, trained"), "grammar"),
    ),
    outline=outline,
)
