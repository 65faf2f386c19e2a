"""The graph networks that ship with the app: their settings, training and cards."""

import json
import time
from pathlib import Path

import keras

from core.export import installed
from core.insight.graphs import others
from core.models import gnn
from core.params import to_text
from core.rooms.gnn import GNN, ROOM

WEIGHTS = Path(__file__).parent.parent / "assets" / "weights" / "gnn"
VERSIONED = ("tensorflow-cpu", "tensorflow", "keras", "numpy")
ABOUT = {
    "karate": "Tells whom the members of a karate club followed when it split, from one known "
              "member on each side and who met whom: Zachary, “An information flow model for "
              "conflict and fission in small groups” (1977), 34 members, 78 edges.",
    "links": "Finds hidden edges between 77 characters of “Les Misérables”: who shares chapters "
             "with whom, as counted by Knuth (“The Stanford GraphBase”, 1993). Three tenths of the "
             "254 edges are hidden.",
    "molecules": "Tells which molecule-like graphs have a nitro group. All 80 come from the "
                 "random generator in core/data/molecules.py; nothing in them is chemistry.",
    "cora": "Tells the topic of papers on machine learning from their words and citations: Cora, "
            "split of Planetoid (Yang, Cohen & Salakhutdinov 2016), 2,708 papers of which 140 are "
            "known. (Repository of the split: MIT licence.)",
}


def make_all(only: str | None) -> None:
    """Train the networks of the room's presets, one a data set, and write them with their cards."""
    for preset in ROOM.presets:
        if preset.name in ABOUT and only in (None, preset.name):
            make(preset.name, ROOM.params(**preset.values))


def make(name: str, params: GNN) -> None:
    """Train one network and write ``<name>.keras``, its ``.json`` and its ``.md``."""
    data = gnn.load(params)
    model = gnn.build(params, data)
    began = time.monotonic()
    gnn.train(params, model, data)
    seconds = round(time.monotonic() - began, 1)
    metrics = {each: round(value, 4) for each, value in gnn.score(params, model, data).items()}
    metrics["others_accuracy"] = round(others(model, data), 4)
    file = WEIGHTS / f"{name}.keras"
    file.parent.mkdir(parents=True, exist_ok=True)
    keras.Model(model.inputs, model.outputs, name=model.name).save(file)  # without the optimizer
    card = {"room": ROOM.name, "dataset": params.dataset, "params": to_text(params),
            "classes": list(data.class_names), "name": name, "seed": params.seed,
            "metrics": metrics, "command": f"python -m benchmarks.weights gnn --only {name}",
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
Trained exactly as the room trains with these settings. `others`: all nodes, pairs or
molecules that it was not told.

| measured | value |
|---|---|
{figures}

The same settings over several seeds, beside simpler methods: `python -m benchmarks gnn`.

Settings:

{settings}
"""
