"""The networks on card payments that ship with the app: their settings, training and cards."""

import json
import time
from pathlib import Path

import keras

from benchmarks.table_weights import VERSIONED
from core.data.fraud import stands_for
from core.export import installed
from core.insight.fraud import report
from core.models import fraud
from core.params import to_text
from core.rooms.fraud import ROOM, Fraud
from core.rooms.payments import FEE

WEIGHTS = Path(__file__).parent.parent / "assets" / "weights" / "fraud"
REAL = Fraud(dataset="real", epochs=40)
"""Its L2 is better than none on the validation rows of the five folds (ROC-AUC .985 and .979,
average precision .921 and .920); ``python -m benchmarks fraud`` measures the bars with it."""

NETWORKS = {"synthetic": Fraud(), "real": REAL}
ABOUT = {
    "synthetic": "Finds frauds among payments that a random generator invented "
                 "(`core/data/transactions.py`): no bank, no cardholder. It knows nothing of real "
                 "frauds.",
    "real": "Finds frauds among payments of European cardholders in September 2013: a sample of "
            "«Credit Card Fraud Detection» (Dal Pozzolo, Caelen, Johnson & Bontempi 2015; Database "
            "Contents License), with all 492 frauds and 17,567 of 284,315 normal payments. The "
            "share of frauds is 2.72 %, in the whole set 0.17 %. Not fit for use: two days, twelve "
            "years ago, and nobody outside knows what the columns mean.",
}


def make_all(only: str | None) -> None:
    """Train the networks and write them with their cards. The real one needs the data folder."""
    for name, params in NETWORKS.items():
        if only in (None, name):
            make(name, params)


def make(name: str, params: Fraud) -> None:
    """Train one network and write ``<name>.keras``, its ``.json`` and its ``.md``."""
    data = fraud.load(params)
    model = fraud.build(params, data)
    began = time.monotonic()
    fraud.train(params, model, data)
    seconds = round(time.monotonic() - began, 1)
    metrics = {each: round(value, 4) for each, value in fraud.score(params, model, data).items()}
    context = {"room": ROOM.name, "dataset": params.dataset, "params": to_text(params),
               "classes": list(data.class_names)}
    told = report(model, context)
    metrics |= {"test_ap_at_the_true_share": told["ap_true"],
                f"test_cost_with_a_fee_of_{FEE:g}": round(told["judged"]["cost"], 2),
                "test_cost_of_stopping_nothing": told["test"]["money"]}
    file = WEIGHTS / f"{name}.keras"
    file.parent.mkdir(parents=True, exist_ok=True)
    keras.Model(model.inputs, model.outputs, name=model.name).save(file)  # without the optimizer
    card = {**context, "name": name, "seed": params.seed, "metrics": metrics,
            "command": f"python -m benchmarks.weights fraud --only {name}",
            "parameters": model.count_params(), "training_seconds": seconds,
            "rows": {part: len(y) for part, y in (("train", data.y_train), ("val", data.y_val),
                                                  ("test", data.y_test))},
            "frauds": {part: int(y.sum()) for part, y in (
                ("train", data.y_train), ("val", data.y_val), ("test", data.y_test))},
            "stands_for": round(stands_for(params.dataset, data), 2),
            "versions": {each: number for each in VERSIONED if (number := installed(each))}}
    file.with_suffix(".json").write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n")
    file.with_suffix(".md").write_text(card_text(card, file))
    print(name, json.dumps(metrics), flush=True)


def card_text(card: dict, file: Path) -> str:
    """The card for people."""
    versions = ", ".join(f"{name} {number}" for name, number in card["versions"].items())
    figures = "\n".join(f"| {name} | {value} |" for name, value in card["metrics"].items())
    settings = "\n".join(f"- `{name}`: `{value}`" for name, value in card["params"].items())
    parts = "\n".join(f"| {part} | {count:,} | {card['frauds'][part]} "
                      f"| {card['frauds'][part] / count:.2%} |"
                      for part, count in card["rows"].items())
    return f"""# {ROOM.title}: {card["name"]}

{ABOUT[card["name"]]}

Made by `{card["command"]}` in {card["training_seconds"]} s, seed {card["seed"]}, {versions}.
{card["parameters"]:,} parameters, {file.stat().st_size / 1e6:.2f} MB, without optimizer state.
Trained exactly as the room trains with these settings; measured on the fold kept for the test,
which had no part in training. The split is random and stratified.

| part | payments | frauds | share |
|---|---|---|---|
{parts}

| measured | value |
|---|---|
{figures}

`ap` is average precision. Money is in euros of these test payments, each normal one standing for
{card["stands_for"]}; the threshold is the cheapest one on validation.

The same settings beside simpler methods, on all five folds: `python -m benchmarks fraud`.

Settings:

{settings}
"""
