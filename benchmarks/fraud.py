"""The network on card fraud beside simpler methods, on the real payments: ``python -m benchmarks
fraud`` with the data folder in ``PERCEPTORIUM_DATA``. Bars, on the mean of five stratified folds:
ROC-AUC at least .975, average precision within .01 of gradient boosting."""

import statistics

from benchmarks.figures import Figure
from core.data.tabular import FOLDS
from core.rooms.fraud import ROOM, Dense, Fraud


def measure() -> list[Figure]:
    """Mean of five folds, with their spread; every method learns from the same rows of each."""
    from benchmarks.fraud_weights import REAL  # here: other measures shall not load TensorFlow

    article = next(each for each in ROOM.presets if each.name == "article").values
    networks = {
        "the network": REAL,
        "autoencoder": Fraud(dataset="real", architecture="autoencoder", hidden=(Dense(units=24),),
                             code=8, l2=0.0),
        "as in the article": Fraud(dataset="real", **article),
        "as in the article, without the leak": Fraud(dataset="real",
                                                     **{**article, "scaler": "train"}),
    }
    rows: dict[str, list[dict]] = {}
    for fold in range(1, FOLDS + 1):
        for name, params in networks.items():
            rows.setdefault(name, []).append(trained(params.model_copy(update={"fold": fold})))
        for each in simple(Fraud(dataset="real", fold=fold)):
            rows.setdefault(each["name"], []).append(each["metrics"])
        print(f"  fold {fold} of {FOLDS}", flush=True)
    for name, folds in rows.items():
        print(f"  {name}: " + "; ".join(
            f"{what} {mean(folds, what):.4f} ± "
            f"{statistics.stdev(each[f'test_{what}'] for each in folds):.4f}"
            for what in ("auc", "ap", "accuracy")), flush=True)
    figures = [Figure(f"{title}, {name}, mean of {FOLDS} folds", [mean(folds, what)], digits=4,
                      goal=("≥", 0.975) if (name, what) == ("the network", "auc") else None)
               for what, title in (("auc", "ROC-AUC"), ("ap", "average precision"))
               for name, folds in rows.items()]
    figures.append(Figure("… average precision of gradient boosting minus the network's",
                          [mean(rows["Gradient boosting"], "ap") - mean(rows["the network"], "ap")],
                          digits=4, goal=("≤", 0.01)))
    leaks = [leaky["test_ap"] - clean["test_ap"] for leaky, clean in zip(
        rows["as in the article"], rows["as in the article, without the leak"])]
    print(f"  the leak, in average precision: {statistics.mean(leaks):+.5f} "
          f"{[round(each, 5) for each in leaks]}", flush=True)
    figures.append(Figure("average precision that the article's leak adds", [
        statistics.mean(leaks)], digits=5))
    return figures


def mean(folds: list[dict], what: str) -> float:
    return statistics.mean(each[f"test_{what}"] for each in folds)


def trained(params: Fraud) -> dict:
    """What a network measures on the test rows of its fold."""
    from core.models import fraud

    data = fraud.load(params)
    model = fraud.build(params, data)
    fraud.train(params, model, data)
    return fraud.score(params, model, data)


def simple(params: Fraud) -> list[dict]:
    """The simpler methods on the same fold."""
    from core.insight import fraudrivals

    return fraudrivals.measure(params)["methods"]
