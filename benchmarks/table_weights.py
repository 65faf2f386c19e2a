"""The networks on tables that ship with the app: their settings, training and cards."""

import json
import time
from pathlib import Path

import keras

from core.export import installed
from core.models import mlp
from core.params import to_text
from core.rooms.mlp import MLP, ROOM

WEIGHTS = Path(__file__).parent.parent / "assets" / "weights" / "mlp"
VERSIONED = ("tensorflow-cpu", "tensorflow", "keras", "numpy", "scikit-learn")
ABOUT = {
    "breast_cancer": "Tells malignant from benign tumours by 30 measures of cell nuclei: Breast "
                     "Cancer Wisconsin (Wolberg, Street & Mangasarian, UCI 1995). No medical "
                     "device: 569 tumours from one hospital. (Data set CC BY 4.0.)",
    "wine": "Tells which of three growers made a wine, by 13 chemical measures: Wine (Aeberhard & "
            "Forina, UCI 1991), 178 wines. (Data set CC BY 4.0.)",
    "digits": "Reads handwritten digits from 64 numbers: Optical Recognition of Handwritten Digits "
              "(Alpaydin & Kaynak, UCI 1998), the 1,797 that come with scikit-learn. (Data set CC "
              "BY 4.0.)",
    "diabetes": "Predicts how far diabetes will have gone a year later from 10 measures: the data "
                "of Efron, Hastie, Johnstone & Tibshirani, “Least angle regression” (2004), 442 "
                "patients. No medical device. (The data set states no licence.)",
}


def make_all(only: str | None) -> None:
    """Train the networks of the room's presets, one a data set, and write them with their cards."""
    for preset in ROOM.presets:
        if preset.name in ABOUT and only in (None, preset.name):
            make(preset.name, ROOM.params(**preset.values))


def make(name: str, params: MLP) -> None:
    """Train one network and write ``<name>.keras``, its ``.json`` and its ``.md``."""
    data = mlp.load(params)
    model = mlp.build(params, data)
    began = time.monotonic()
    mlp.train(params, model, data)
    seconds = round(time.monotonic() - began, 1)
    metrics = {each: round(value, 4) for each, value in mlp.score(params, model, data).items()}
    file = WEIGHTS / f"{name}.keras"
    file.parent.mkdir(parents=True, exist_ok=True)
    keras.Model(model.inputs, model.outputs, name=model.name).save(file)  # without the optimizer
    card = {"room": ROOM.name, "dataset": params.dataset, "params": to_text(params),
            "classes": list(data.class_names) or [data.target], "name": name, "seed": params.seed,
            "metrics": metrics, "command": f"python -m benchmarks.weights mlp --only {name}",
            "parameters": model.count_params(), "training_seconds": seconds,
            "versions": {each: number for each in VERSIONED if (number := installed(each))}}
    file.with_suffix(".json").write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n")
    file.with_suffix(".md").write_text(told(card, file))
    print(name, json.dumps(metrics), flush=True)


def told(card: dict, file: Path) -> str:
    """The card for people."""
    versions = ", ".join(f"{name} {number}" for name, number in card["versions"].items())
    figures = "\n".join(f"| {name} | {value} |" for name, value in card["metrics"].items())
    settings = "\n".join(f"- `{name}`: `{value}`" for name, value in card["params"].items())
    return f"""# {ROOM.title}: {card["name"]}

{ABOUT[card["name"]]}

Made by `{card["command"]}` in {card["training_seconds"]} s, seed {card["seed"]}, {versions}.
{card["parameters"]:,} parameters, {file.stat().st_size / 1e6:.2f} MB, without optimizer state.
Trained exactly as the room trains with these settings; measured on the fold kept for the test.

| measured | value |
|---|---|
{figures}

The same settings beside simpler methods, on all five folds: `python -m benchmarks mlp`.

Settings:

{settings}
"""
