"""Networks that were trained exactly as their room trains, and the cards that ship with them."""

import json
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import keras

from core.export import installed
from core.params import Params, to_text
from core.rooms import Room

WEIGHTS = Path(__file__).parent.parent / "assets" / "weights"
VERSIONED = ("tensorflow-cpu", "tensorflow", "keras", "numpy", "scikit-learn")


def trained(program: ModuleType, params: Params) -> tuple[Any, keras.Model, dict[str, Any]]:
    """The data, the network, and what its card says of the training."""
    data = program.load(params)
    model = program.build(params, data)
    began = time.monotonic()
    program.train(params, model, data)
    seconds = round(time.monotonic() - began, 1)
    metrics = {name: round(value, 4) for name, value in program.score(params, model, data).items()}
    return data, model, {"metrics": metrics, "training_seconds": seconds}


def write(room: Room, name: str, params: Params, model: keras.Model, facts: dict[str, Any],
          about: str, measured: str, more: str) -> None:
    """``<name>.keras`` without optimizer state, and its card for the app (``.json``) and for people
    (``.md``, see :func:`text`). ``facts``: what was measured, and the ``classes``."""
    file = WEIGHTS / room.name / f"{name}.keras"
    file.parent.mkdir(parents=True, exist_ok=True)
    keras.Model(model.inputs, model.outputs, name=model.name).save(file)
    command = f"python -m benchmarks.weights {room.name} --only {name}"
    card = {"room": room.name, "dataset": params.dataset, "params": to_text(params), "name": name,
            "seed": params.seed, "command": command, "parameters": model.count_params(),
            "versions": versions(), **facts}
    save(card, file, text(room, card, file, about, measured, more))
    print(name, json.dumps(card["metrics"]), flush=True)


def versions() -> dict[str, str]:
    """The packages that a network's figures hang on."""
    return {each: number for each in VERSIONED if (number := installed(each))}


def save(card: dict[str, Any], file: Path, told: str) -> None:
    """Both cards, beside the network."""
    file.with_suffix(".json").write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n")
    file.with_suffix(".md").write_text(told)


def settings(card: dict[str, Any]) -> str:
    """The hyperparameters as a list."""
    return "\n".join(f"- `{name}`: `{value}`" for name, value in card["params"].items())


def made(card: dict[str, Any], file: Path) -> str:
    """Where the network comes from and how large it is."""
    names = ", ".join(f"{name} {number}" for name, number in card["versions"].items())
    return (f"Made by `{card['command']}` in {card['training_seconds']} s, seed {card['seed']}, "
            f"{names}.\n{card['parameters']:,} parameters, {file.stat().st_size / 1e6:.2f} MB, "
            "without optimizer state.")


def text(room: Room, card: dict[str, Any], file: Path, about: str, measured: str,
         more: str) -> str:
    """The card for people. ``about``: what the network does, and the data; ``measured``: how;
    ``more``: what is to be known of the figures."""
    figures = "\n".join(f"| {name} | {value} |" for name, value in card["metrics"].items())
    return f"""# {room.title}: {card["name"]}

{about}

{made(card, file)}
{measured}

| measured | value |
|---|---|
{figures}

{more}

Settings:

{settings(card)}
"""
