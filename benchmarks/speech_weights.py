"""The networks that ship for spoken words: their settings, training and cards."""

import json
import time
from itertools import product
from pathlib import Path

import keras
import numpy as np

from benchmarks.spoken import spoken
from core.data import speech as sets
from core.data.sound import centred, pictures, whole
from core.export import installed
from core.insight import trust
from core.layers.report import Report
from core.models import speech
from core.params import to_text
from core.rooms.speech import FSDD, ROOM, Speech

WEIGHTS = Path(__file__).parent.parent / "assets" / "weights" / "speech"
VERSIONED = ("tensorflow-cpu", "tensorflow", "keras", "numpy")
SHIPPED = {
    "fsdd": (FSDD, "Recognizes English digits said by people: Free Spoken Digits (Jackson et al. "
             "2018, CC BY-SA 4.0), takes 5–44 of six people; validated on takes 45–49, measured on "
             "takes 0–4, the data set’s own test split."),
    "spoken": (Speech(), "Recognizes English digits. It has heard synthetic voices only: espeak-ng "
               "in 72 voices (`python -m benchmarks.spoken`), measured on 24 others."),
}
OTHERS = ("hello", "stop", "yes", "left", "banana", "house", "music", "water", "window", "please")
VOICES = ("en-us+m3", "en-gb+f2", "en-gb-scotland+klatt2", "en-029+Alex")


def make_all(only: str | None) -> None:
    """Train the networks and write them with their cards."""
    for name, (params, about) in SHIPPED.items():
        if only in (None, name):
            make(name, params, about)


def make(name: str, params: Speech, about: str) -> None:
    """Train one network and write ``<name>.keras``, its ``.json`` and its ``.md``."""
    data = speech.load(params)
    model = speech.build(params, data)
    began = time.monotonic()
    speech.train(params, model, data, [Report()])
    seconds = round(time.monotonic() - began, 1)
    known = trust.fit(model, data)
    metrics = {**speech.score(params, model, data), **beyond(name, model, data, known)}
    file = WEIGHTS / f"{name}.keras"
    file.parent.mkdir(parents=True, exist_ok=True)
    keras.Model(model.inputs, model.outputs, name=model.name).save(file)  # without the optimizer
    card = {"room": ROOM.name, "dataset": params.dataset, "params": to_text(params),
            "classes": list(data.class_names), "name": name, "seed": params.seed,
            "metrics": {each: round(float(value), 4) for each, value in metrics.items()},
            "command": f"python -m benchmarks.weights speech --only {name}",
            "parameters": model.count_params(), "training_seconds": seconds,
            "versions": {each: number for each in VERSIONED if (number := installed(each))},
            "trust": known}
    file.with_suffix(".json").write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n")
    file.with_suffix(".md").write_text(told(card, about, file))
    print(name, json.dumps(card["metrics"]), flush=True)


def beyond(name: str, model: keras.Model, data: sets.Data, known: dict) -> dict[str, float]:
    """On voices of the other kind, on the test split and on words that are no digits."""
    other = sets.DATA_SETS["fsdd" if name == "spoken" else "spoken"]()
    said = model.predict(other.x_test, verbose=0)
    figures = {"other_voices_accuracy": np.mean(said.argmax(axis=1) == other.y_test)}
    strange = pictures(np.stack([whole(centred(spoken(word, voice)))
                                 for word, voice in product(OTHERS, VOICES)]))
    for title, x in (("test", data.x_test), ("other_words", strange)):
        _, unknown = trust.judge(known, *trust.seen(model, x))
        figures[f"{title}_known"] = 1 - unknown.mean()
    return figures


def told(card: dict, about: str, file: Path) -> str:
    """The card for people."""
    versions = ", ".join(f"{name} {number}" for name, number in card["versions"].items())
    figures = "\n".join(f"| {name} | {value} |" for name, value in card["metrics"].items())
    settings = "\n".join(f"- `{name}`: `{value}`" for name, value in card["params"].items())
    other = "real" if card["name"] == "spoken" else "synthetic"
    return f"""# {ROOM.title}: {card["name"]}

{about}

Made by `{card["command"]}` in {card["training_seconds"]} s, seed {card["seed"]}, {versions}.
{card["parameters"]:,} parameters, {file.stat().st_size / 1e6:.2f} MB, without optimizer state.
Trained exactly as the room trains with these settings.

| measured | value |
|---|---|
{figures}

`other_voices`: the test split of the {other} voices, which it has never heard. `known`: what is not
answered with «I don't know»; the limit lets {trust.ACCEPTED:.0%} of the validation split pass.
`other_words`: {len(OTHERS)} words that are no digits, by {len(VOICES)} synthetic voices.

Leave one speaker out, several architectures: `python -m benchmarks.speech`.

Settings:

{settings}
"""
