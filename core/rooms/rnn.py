"""Forecasting a series: recurrent networks, a convolution, a small Transformer."""

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
    called,
    own_data,
    usual,
)
from core.rooms.seriesnames import (
    FEWEST_WINDOWS,
    GONE,
    LENGTHS,
    LETTERS,
    MOST_DRAWN,
    NO_SERIES,
    TOO_SHORT,
    split_at,
)
from core.rooms.usual import DATA, NETWORK, TRAINING

HEADS = 4  # of attention
KERNEL = 3  # steps that a convolution sees at once
MADE = N_("The generated series")
TO_DOWNLOAD = "core.data.series:to_download"
HAND = ("lnqtvyADGJLOQSTUUUUTSRPOMLKJIIIJKLNPSVXZ", "fgiknqtwzCFHKMNOPPPONMKJHFEDCCCDEGIKNQSV")
"""Two strokes of a line, as somebody drew it."""

DATASETS = (
    DataSet("waves", N_("Generated waves"), N_(
        "A series from a random generator: a wave, a trend, noise and sudden steps, each as "
        "strong as you say. Nothing in it was measured.")),
    DataSet("passengers", N_("Airline passengers"), N_(
        "Passengers of international flights, month by month, 1949 to 1960: 144 values (Box & "
        "Jenkins 1976)."), 2_180, TO_DOWNLOAD),
    DataSet("sunspots", N_("Sunspots"), N_(
        "Monthly sunspot numbers, 1749 to 1983: 2,820 values. A cycle takes about eleven "
        "years."), 45_039, TO_DOWNLOAD),
    DataSet("temperatures", N_("Daily temperatures"), N_(
        "The lowest temperature of each day in Melbourne, 1981 to 1990: 3,650 values."), 67_921,
        TO_DOWNLOAD),
    DataSet("noise", N_("Pure noise, as in the article"), N_(
        "Random numbers between 0 and 1. Nothing can be forecast but their mean.")),
    DataSet("drawn", N_("Drawn by hand"), N_("A line of your own drawing.")),
    DataSet("own", OWN, N_("A CSV file of your own.")),
)
ARCHITECTURES = {"rnn": N_("simple RNN"), "lstm": "LSTM", "gru": "GRU",
                 "conv": N_("1-D convolution"), "transformer": "Transformer"}
RECURRENT = ("rnn", "lstm", "gru")


class RNN(Params):
    """Hyperparameters of forecasting."""

    dataset: Literal["waves", "passengers", "sunspots", "temperatures", "noise", "drawn", "own"] = (
        usual.dataset("waves", DATASETS, N_("The series whose future is forecast.")))
    window: int = knob(24, ge=2, le=130, group=DATA, title=N_("Window"), unit=N_("steps"),
                       says=N_("How many of the last values the network sees."))
    horizon: int = knob(12, ge=1, le=48, group=DATA, title=N_("Steps ahead"), says=N_(
        "How many values it forecasts at once."))
    difference: Literal["none", "last", "season"] = knob(
        "none", group=DATA, title=N_("Differences"), says=N_(
            "Let it see and forecast changes instead of values: from the step before, or from the "
            "same time one season ago. That takes a trend, or a season, out of the series."),
        choices={"none": N_("values as they are"), "last": N_("changes from step to step"),
                 "season": N_("changes from one season ago")})
    season: int = knob(0, ge=0, le=366, group=DATA, title=N_("Length of a season"), says=N_(
        "After so many steps the series repeats, more or less. 0: as the data says."))
    fold: int = knob(4, ge=1, le=4, group=DATA, title=N_("Part of the walk"), says=N_(
        "It learns from all that comes before the test. 4: the test is the last fifth of the "
        "series; 3: the fifth before it, and so on."))
    length: int = knob(600, ge=100, le=5_000, group=MADE, title=N_("Values"), says=N_(
        "How long the generated series is."))
    period: int = knob(24, ge=4, le=200, group=MADE, title=N_("Period of the wave"), says=N_(
        "After so many steps the generated wave repeats."))
    trend: float = knob(0.0, ge=-5.0, le=5.0, step=0.1, group=MADE, title=N_("Trend"), says=N_(
        "How far the generated series climbs from its first value to its last."))
    noise: float = knob(0.15, ge=0.0, le=2.0, step=0.05, group=MADE, title=N_("Noise"), says=N_(
        "How much chance there is in the generated series. Nobody can forecast it."))
    steps: int = knob(0, ge=0, le=10, group=MADE, title=N_("Sudden steps"), says=N_(
        "How often the level of the generated series jumps."))
    learning_rate: float = usual.learning_rate(0.005)
    epochs: int = knob(30, ge=1, le=300, group=TRAINING, title=N_("Epochs"), says=N_(
        "How many times the network sees every training window."))
    patience: int = knob(0, ge=0, le=100, group=TRAINING, title=N_("Early stopping"), says=N_(
        "It stops when the loss on validation has not improved for so many epochs, and goes back "
        "to its best epoch. 0: it trains to the end."))
    clip: float = knob(1.0, ge=0.0, le=10.0, step=0.1, group=TRAINING,
                       title=N_("Clip gradients at"), says=N_(
        "A gradient longer than this is shortened to it: what explodes does no harm. 0: never."))
    architecture: Literal["rnn", "lstm", "gru", "conv", "transformer"] = knob(
        "lstm", group=NETWORK, title=N_("Architecture"), choices=ARCHITECTURES, says=N_(
            "The first three read the window value by value and remember; a convolution slides "
            "along it; a Transformer lets every value look at every other one."))
    units: int = knob(32, ge=4, le=128, group=NETWORK, title=N_("Units"), says=N_(
        "How many numbers it remembers: the hidden state. Filters of a convolution, channels of a "
        "Transformer."))
    layers: int = knob(1, ge=1, le=3, group=NETWORK, title=N_("Layers"), says=N_(
        "How many such layers follow each other."))
    activation: Literal["tanh", "relu"] = knob("tanh", group=NETWORK, title=N_("Activation"),
                                               says=N_(
        "Of a recurrent layer. With ReLU its state knows no limit, and gradients explode sooner."))
    shortcut: bool = knob(False, group=NETWORK, title=N_("Linear shortcut"), says=N_(
        "A linear autoregression beside the network, fitted beforehand: their forecasts are added. "
        "The network learns only what the straight line leaves over."))
    optimizer: Literal["adam", "sgd", "rmsprop"] = usual.optimizer()
    batch_size: int = knob(32, ge=4, le=512, group=DETAILS, title=N_("Batch size"), says=N_(
        "How many windows it looks at before each step."))
    seed: int = usual.seed()
    column: int = knob(0, ge=0, le=11, group=DRAWN, title=N_("Column"), says=N_(
        "Which column of your file is forecast."))
    drawing: str = knob("".join(HAND) * 2, max_length=MOST_DRAWN, group=DRAWN,
                        title=N_("Drawing"), says=N_("The line drawn by hand, a letter for each "
                                                     "value."))
    own: str = own_data()


def length_of(params: RNN) -> int:
    """How many values the series has; 0 if it is not here."""
    if params.dataset == "waves":
        return params.length
    if params.dataset == "drawn":
        return sum(letter in LETTERS for letter in params.drawing)
    if params.dataset == "own":
        told = own.told(params.own) if params.own else None
        return told["rows"] if told else 0
    return LENGTHS[params.dataset]


def season_of(params: RNN) -> int:
    """The season of a series as far as it is known beforehand, in steps."""
    if params.season:
        return params.season
    if params.dataset == "own":
        return (own.told(params.own) or {}).get("season", 1) if params.own else 1
    if params.dataset == "drawn":
        return called("core.data.series:drawn")(params).season
    return {"waves": params.period, "passengers": 12, "sunspots": 132, "temperatures": 365,
            "noise": 10}[params.dataset]


def lag_of(params: RNN) -> int:
    """From how many steps ago changes are taken; 0 if values are taken as they are."""
    return {"none": 0, "last": 1, "season": season_of(params)}[params.difference]


def idle(params: RNN) -> set[str]:
    """What makes a generated series where another one is learned from, and the bend of a state
    where there is none."""
    made = set() if params.dataset == "waves" else {"length", "period", "trend", "noise", "steps"}
    return made | (set() if params.architecture in RECURRENT else {"activation"})


def outline(params: RNN) -> Outline:
    """The layers with their shapes, and whether there are values enough."""
    window, lag, units = params.window, lag_of(params), params.units
    layers = [Layer("input", "input", (window + lag,), 0)]
    if lag:
        layers.append(Layer("difference", "add", (window,), 0))
    layers += [Layer("scale", "norm", (window,), 0), Layer("sequence", "flatten", (window, 1), 0)]
    layers += _network(params)
    layers.append(Layer("forecast", "dense", (params.horizon,),
                        (_features(params) + 1) * params.horizon))
    if params.shortcut:
        layers += [Layer("shortcut", "dense", (params.horizon,), (window + 1) * params.horizon),
                   Layer("sum", "add", (params.horizon,), 0)]
    layers.append(Layer("unscale", "norm", (params.horizon,), 0))
    if lag:
        layers.append(Layer("restore", "add", (params.horizon,), 0))
    problem, values = _problem(params, units)
    return Outline(tuple(layers), problem, values)


def _problem(params: RNN, units: int) -> tuple[str, dict]:
    if params.dataset == "own" and not length_of(params):
        return GONE if params.own else NO_SERIES, {}
    train, _, _ = split_at(length_of(params), params.fold)
    window = params.window + lag_of(params)
    if train - window - params.horizon + 1 < FEWEST_WINDOWS:
        return TOO_SHORT, {"n": train, "window": window, "horizon": params.horizon}
    return "", {}


def _features(params: RNN) -> int:
    """How many numbers the forecast is made from."""
    recurrent = params.architecture in RECURRENT
    return params.units if recurrent else params.units * params.window


def _network(params: RNN) -> list[Layer]:
    window, units = params.window, params.units
    if params.architecture == "transformer":
        return _transformer(window, units, params.layers)
    layers, size = [], 1
    for number in range(1, params.layers + 1):
        name = f"{params.architecture}{number}"
        if params.architecture == "conv":
            layers.append(Layer(name, "conv", (window, units), (KERNEL * size + 1) * units))
        else:
            shape = (units,) if number == params.layers else (window, units)
            gates = {"rnn": 1, "lstm": 4, "gru": 3}[params.architecture]
            biases = 2 if params.architecture == "gru" else 1  # Keras's GRU has two for each
            layers.append(Layer(name, "dense", shape, gates * units * (size + units + biases)))
        size = units
    if params.architecture == "conv":
        layers.append(Layer("flatten", "flatten", (window * units,), 0))
    return layers


def _transformer(window: int, units: int, count: int) -> list[Layer]:
    shape, width = (window, units), _head(units) * HEADS
    layers = [Layer("embed", "dense", shape, 2 * units), Layer("place", "add", shape, 0)]
    for number in range(1, count + 1):
        layers += [
            Layer(f"attention{number}", "dense", shape,
                  3 * (units + 1) * width + (width + 1) * units),
            Layer(f"added{number}", "add", shape, 0),
            Layer(f"norm{number}", "norm", shape, 2 * units),
            Layer(f"wide{number}", "dense", (window, 2 * units), (units + 1) * 2 * units),
            Layer(f"narrow{number}", "dense", shape, (2 * units + 1) * units),
            Layer(f"sum{number}", "add", shape, 0),
            Layer(f"level{number}", "norm", shape, 2 * units),
        ]
    return [*layers, Layer("flatten", "flatten", (window * units,), 0)]


def _head(units: int) -> int:
    """Channels of one head of attention."""
    return max(units // HEADS, 1)


ARTICLE = {"dataset": "noise", "window": 10, "horizon": 1, "units": 50, "activation": "relu",
           "learning_rate": 0.001, "epochs": 60, "clip": 0.0}

ROOM = Room(
    name="rnn",
    title=N_("Forecasting"),
    sentence=N_("A network reads a series value by value, remembers what matters, and says how it "
                "goes on. You may bend the past and watch the future follow."),
    section="sequences",
    params=RNN,
    trains="keras",
    program="core.models.rnn",
    datasets=DATASETS,
    presets=(
        Preset("lstm", N_("An LSTM"), N_(
            "32 units read 24 values and forecast the next 12."), {}),
        Preset("article", N_("As in the article"), N_(
            "LSTM(50) with ReLU on windows of 10 random numbers. The article never trains it; "
            "here it learns its windows by heart while validation gets no better than the mean: "
            "noise cannot be forecast."), ARTICLE),
        Preset("simple", N_("Simple RNN"), N_(
            "One layer without gates: what it remembers fades from step to step."),
            {"architecture": "rnn", "learning_rate": 0.003}),
        Preset("gru", "GRU", N_("Two gates instead of three, and no cell state of its own."),
               {"architecture": "gru"}),
        Preset("conv", N_("1-D convolution"), N_(
            "Three layers slide along the window, each seeing twice as far apart as the one "
            "before."), {"architecture": "conv", "layers": 3, "learning_rate": 0.002}),
        Preset("transformer", N_("Small Transformer"), N_(
            "Every value of the window looks at every other one, with its place written to it."),
            {"architecture": "transformer", "learning_rate": 0.002}),
        Preset("steps", N_("Sudden steps"), N_(
            "The level jumps six times. Changes from step to step forgive a jump after one step; "
            "values as they are do not."), {"steps": 6, "difference": "last"}),
        Preset("passengers", N_("Airline passengers"), N_(
            "Changes from one year ago, with a linear shortcut: what grows every year stays "
            "within reach."),
            {"dataset": "passengers", "difference": "season", "window": 12, "horizon": 6,
             "units": 16, "shortcut": True, "epochs": 60}),
    ),
    metrics=(
        Metric("rmse", N_("RMSE, one step ahead"), higher_is_better=False),
        Metric("loss", N_("Loss"), higher_is_better=False),
    ),
    tries=frozenset({"series"}),
    answers={
        "forecast": "core.insight.series:forecast",
        "judged": "core.insight.series:judged",
        "memory": "core.insight.memory:memory",
    },
    tools={
        "picture": "core.insight.seriesrivals:picture",
        "rivals": "core.insight.seriesrivals:rivals",
        "unroll": "core.insight.unrolled:unroll",
    },
    snapshot="core.insight.series:snapshot",
    snapshot_title=N_("How its error grows with the distance"),
    snapshot_soon=N_("After the first epoch you see here how far off it is, one step ahead, two "
                     "steps ahead, and so on."),
    frame="core.insight.series:snapshot",
    baseline="core.insight.seriesrivals:measure",
    weights=(
        Weights("waves", N_("Generated waves, trained"), "waves"),
        Weights("passengers", N_("Airline passengers, trained"), "passengers"),
        Weights("sunspots", N_("Sunspots, trained"), "sunspots"),
        Weights("temperatures", N_("Daily temperatures, trained"), "temperatures"),
    ),
    outline=outline,
    idle=idle,
)
