"""Networks on three real series beside simpler methods: ``python -m benchmarks rnn`` with the data
folder in ``PERCEPTORIUM_DATA`` (else they are downloaded). Bars, on the last fifth of each series,
one step ahead, mean of three seeds: RMSE at most 1.02 times that of the best simpler method on
sunspots and on temperatures, below that of the seasonal naive forecast on airline passengers."""

import statistics

from benchmarks.figures import Figure
from core.rooms.rnn import ARCHITECTURES, RNN

SEEDS = (1, 2, 3)
SERIES = {
    "passengers": RNN(dataset="passengers", difference="season", window=12, horizon=1, units=16,
                      shortcut=True, epochs=60, patience=10, learning_rate=0.001),
    "sunspots": RNN(dataset="sunspots", window=36, horizon=1, units=16, shortcut=True, epochs=8,
                    patience=2, learning_rate=0.001, batch_size=64),
    "temperatures": RNN(dataset="temperatures", window=18, horizon=1, units=16, shortcut=True,
                        epochs=8, patience=2, learning_rate=0.001, batch_size=64),
}
"""The settings of the room's network on each series: an LSTM with a linear shortcut."""

BARE = {"shortcut": False, "learning_rate": 0.005, "epochs": 15, "patience": 4}
"""What is changed for the LSTM alone, without the linear shortcut."""

SEASONAL = "Seasonal naive: as one season ago"


def measure() -> list[Figure]:
    """RMSE on the test, one step ahead: five architectures with a linear shortcut and an LSTM
    without, three seeds each, and the simpler methods."""
    from core.insight import seriesrivals

    figures = []
    for name, params in SERIES.items():
        simple = {each["name"]: each["metrics"]["test_rmse"]
                  for each in seriesrivals.measure(params)["methods"]}
        rows = {title: [value] for title, value in simple.items()}
        networks = {f"{title}, with the linear shortcut": {"architecture": kind}
                    for kind, title in ARCHITECTURES.items()} | {"LSTM, alone": BARE}
        for title, changes in networks.items():
            rows[title] = [trained(params.model_copy(update=changes), seed) for seed in SEEDS]
            print(f"  {name}, {title}: {statistics.mean(rows[title]):.3f}", flush=True)
        ours = statistics.mean(rows["LSTM, with the linear shortcut"])
        ranked = sorted(rows.items(), key=lambda row: statistics.mean(row[1]))
        figures += [Figure(f"{name}, {title}" + (f", mean of {len(SEEDS)} seeds"
                                                 if len(values) > 1 else ""),
                           [statistics.mean(values)], digits=3) for title, values in ranked]
        if name == "passengers":
            figures.append(Figure(f"… {name}: the LSTM's share of seasonal naive",
                                  [ours / simple[SEASONAL]], digits=3, goal=("≤", 1.0)))
        else:
            figures.append(Figure(f"… {name}: the LSTM's share of the best simpler method",
                                  [ours / min(simple.values())], digits=3, goal=("≤", 1.02)))
    return figures


def trained(params: RNN, seed: int) -> float:
    """What one training measures on the test."""
    from core.models import rnn

    params = params.model_copy(update={"seed": seed})
    data = rnn.load(params)
    model = rnn.build(params, data)
    rnn.train(params, model, data)
    return rnn.score(params, model, data)["test_rmse"]
