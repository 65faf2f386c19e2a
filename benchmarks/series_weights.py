"""The networks on series that ship with the app: their settings, training and cards."""

from benchmarks import cards
from benchmarks.series import SERIES
from core.insight.series import judged
from core.insight.seriesrivals import measure
from core.models import rnn
from core.params import to_text
from core.rooms.rnn import RNN, ROOM

NETWORKS = {
    "waves": RNN(),
    "passengers": SERIES["passengers"].model_copy(update={"horizon": 12}),
    "sunspots": SERIES["sunspots"].model_copy(update={"horizon": 12}),
    "temperatures": SERIES["temperatures"].model_copy(update={"horizon": 7}),
}
"""The generated waves with the room's defaults; the real series with the settings of the bars, but
for the steps ahead."""

ABOUT = {
    "waves": "Forecasts a series from a random generator (`core/data/series.py`): a wave with an "
             "overtone, a trend and noise. It knows nothing of the world.",
    "passengers": "Forecasts the monthly passengers of international flights, 1949 to 1960, in "
                  "thousands (Box & Jenkins 1976). The file states no licence.",
    "sunspots": "Forecasts monthly sunspot numbers, 1749 to 1983. The file states no licence.",
    "temperatures": "Forecasts the lowest temperature of each day in Melbourne, 1981 to 1990, in "
                    "°C. The file states no licence.",
}


def make_all(only: str | None) -> None:
    """Train the networks and write them with their cards. The real series come from the data folder
    or are downloaded."""
    for name, params in NETWORKS.items():
        if only in (None, name):
            make(name, params)


def make(name: str, params: RNN) -> None:
    """Train one network and write it with its card."""
    data, model, facts = cards.trained(rnn, params)
    told = judged(model, {"room": ROOM.name, "dataset": params.dataset, "params": to_text(params)})
    facts["metrics"] |= {"test_mae": round(told["test_mae"], 4),
                         "test_within_the_band_of_90_percent": round(told["coverage"], 4)}
    facts["classes"] = ["value"]
    facts["values"] = [data.ends[0], data.ends[1] - data.ends[0], data.ends[2] - data.ends[1]]
    facts["beside"] = {each["name"]: round(each["metrics"]["test_rmse"], 4)
                       for each in measure(params)["methods"]}
    cards.write(ROOM, name, params, model, facts, ABOUT[name], measured(facts), more(facts))


def measured(card: dict) -> str:
    """How it was measured."""
    train, val, test = card["values"]
    return f"""\
Trained exactly as the room trains with these settings, on the first {train:,} values; validated on
the next {val:,}; measured on the last {test:,}, one step ahead, with the true past before each."""


def more(card: dict) -> str:
    """Simpler methods on the same values."""
    rows = "\n".join(f"| {name} | {value} |" for name, value in card["beside"].items())
    return f"""\
`rmse` and `mae` are in the series' own unit. On the same values:

| method | RMSE, one step ahead |
|---|---|
{rows}

Three seeds each, beside the same methods: `python -m benchmarks rnn`."""
