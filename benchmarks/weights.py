"""Train the networks that ship with the app: ``python -m benchmarks.weights cnn [--only mnist]``.

Writes ``assets/weights/<room>/<name>.keras`` (without the optimizer's state) and its card, for
people (``.md``) and for the app (``.json``). Data sets are read from ``PERCEPTORIUM_DATA`` or
downloaded. With ``--measure`` the network that lies there is measured again, not trained. On two
cores the small digits take a minute, MNIST a quarter of an hour, CIFAR-10 three.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

import keras
import numpy as np
from PIL import Image

from benchmarks import (
    cards,
    fraud_weights,
    gan_weights,
    graph_weights,
    series_weights,
    speech_weights,
    table_weights,
    transformer_weights,
    translate_weights,
)
from benchmarks.recipes import RECIPES, Recipe, train
from benchmarks.strokes import drawings, scribbles
from core.catalogue import room as room_called
from core.data.images import DATA_SETS
from core.insight import trust
from core.insight.vision import classify
from core.models import cnn
from core.params import to_text

DRAWN = 100  # drawings of each digit that the card tells of
SCRIBBLED = 300
DIGITS = ("digits", "mnist")
# Trained as their rooms train, so there are no recipes.
AS_IN_THE_ROOM = {"mlp": table_weights.make_all, "fraud": fraud_weights.make_all,
                  "gnn": graph_weights.make_all, "speech": speech_weights.make_all,
                  "gan": gan_weights.make_all, "rnn": series_weights.make_all,
                  "transformer": transformer_weights.make_all,
                  "translate": translate_weights.make_all}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("room", choices=[*sorted(RECIPES), *AS_IN_THE_ROOM])
    parser.add_argument("--only", help="one network of the room")
    parser.add_argument("--measure", action="store_true", help="do not train, only measure again")
    chosen = parser.parse_args()
    if chosen.room in AS_IN_THE_ROOM:
        AS_IN_THE_ROOM[chosen.room](chosen.only)
        return
    for name, recipe in RECIPES[chosen.room].items():
        if chosen.only in (None, name):
            make(chosen.room, name, recipe, chosen.measure)


def make(room: str, name: str, recipe: Recipe, measure_only: bool) -> None:
    """Train one network or load it, measure it and write its files."""
    data = cnn.load(recipe.params)
    file = cards.WEIGHTS / room / f"{name}.keras"
    if measure_only:
        model = keras.models.load_model(file, compile=False)
        old = json.loads(file.with_suffix(".json").read_text("utf-8"))
        history = {each: old[each] for each in ("training_seconds", "versions")}
    else:
        model, history = trained(recipe, data, file)
    context = {"room": room, "dataset": name, "params": to_text(recipe.params),
               "classes": list(data.class_names)}
    known = trust.fit(model, data)
    card = {**context, "name": name, "seed": recipe.params.seed,
            "metrics": measured(model, {**context, "trust": known}, data),
            "command": f"python -m benchmarks.weights {room} --only {name}",
            "parameters": model.count_params(), **history, "trust": known}
    cards.save(card, file, told(card, recipe, file))
    print(json.dumps(card["metrics"]))


def trained(recipe: Recipe, data: cnn.Data, file: Path) -> tuple[keras.Model, dict[str, Any]]:
    """A new network, saved, and how it came about."""
    model = cnn.build(recipe.params, data)
    began = time.monotonic()
    train(recipe, model, data)
    seconds = time.monotonic() - began
    file.parent.mkdir(parents=True, exist_ok=True)
    bare = keras.Model(model.inputs, model.outputs, name=model.name)  # has no optimizer to save
    bare.save(file)
    return bare, {"training_seconds": round(seconds), "versions": cards.versions()}


def measured(model: keras.Model, context: dict[str, Any], data: cnn.Data) -> dict[str, float]:
    """Accuracy, how well probabilities are calibrated, and which strangers are taken for known."""
    figures = {}
    for split, x, y in (("val", data.x_val, data.y_val), ("test", data.x_test, data.y_test)):
        features, said = trust.seen(model, x)
        figures |= {f"{split}_accuracy": np.mean(said.argmax(axis=1) == y),
                    f"{split}_loss": trust.surprise(said, y)}
    judged, unknown = trust.judge(context["trust"], features, said)
    figures |= {"test_loss_calibrated": trust.surprise(judged, y),
                "calibration_error_before": trust.calibration_error(said, y),
                "calibration_error": trust.calibration_error(judged, y),
                "test_known": 1 - unknown.mean(),
                "strangers_known": 1 - strange(model, context).mean()}
    if context["dataset"] in DIGITS:
        answers = [(classify(model, context, image=image, kind="drawing"), digit)
                   for image, digit in drawings(DRAWN)]
        figures["drawn_accuracy"] = np.mean([np.argmax(answer["probabilities"]) == digit
                                             for answer, digit in answers])
        figures["drawn_known"] = np.mean([not answer["unknown"] for answer, _ in answers])
        figures["scribbles_known"] = np.mean([
            not classify(model, context, image=image, kind="drawing")["unknown"]
            for image in scribbles(SCRIBBLED)])
    return {name: round(float(value), 4) for name, value in figures.items()}


def strange(model: keras.Model, context: dict[str, Any]) -> np.ndarray:
    """Which test pictures of another data set, fitted to the network, are unknown to it."""
    other = DATA_SETS[stranger(context["dataset"])]().x_test
    height, width, channels = model.input_shape[1:]
    fitted = np.stack([np.asarray(Image.fromarray(picture[..., 0]).resize(
        (width, height), Image.Resampling.BILINEAR)) for picture in other])
    features, said = trust.seen(model, np.repeat(fitted[..., None], channels, axis=3))
    return trust.judge(context["trust"], features, said)[1]


def stranger(dataset: str) -> str:
    """The data set whose pictures a network should not know."""
    return "mnist" if dataset == "fashion" else "fashion"


def told(card: dict[str, Any], recipe: Recipe, file: Path) -> str:
    """The card for people."""
    metrics, title = card["metrics"], room_called(card["room"]).title
    return f"""# {title}: {card["name"]}

{recipe.about} ({recipe.licence}.)

{cards.made(card, file)}
{how(recipe)}

| measured on | accuracy | loss | loss, calibrated |
|---|---|---|---|
| test split | {metrics["test_accuracy"]:.2%} | {metrics["test_loss"]:.4f} \
| {metrics["test_loss_calibrated"]:.4f} |
| validation split | {metrics["val_accuracy"]:.2%} | {metrics["val_loss"]:.4f} | |

Calibration: scores are divided by {card["trust"]["temperature"]}, found on the validation split;
the expected calibration error on the test split goes from \
{metrics["calibration_error_before"]:.2%} to {metrics["calibration_error"]:.2%}.

«I don't know»: the threshold lets {trust.ACCEPTED:.0%} of the validation split pass as known.

| pictures | taken for known |
|---|---|
| test split | {metrics["test_known"]:.1%} |
| test split of {stranger(card["dataset"])}, which it never saw | {metrics["strangers_known"]:.1%} |
{on_the_pad(metrics)}
Settings:

{cards.settings(card)}
"""


def how(recipe: Recipe) -> str:
    """How it was trained, in words."""
    if not recipe.cycles:
        return """Trained on the training split only, each picture distorted anew (turned by up to
12°, scaled, sheared, shifted, its strokes changed), with a learning rate that falls along a
cosine."""
    cycles = "; then ".join(
        f"up to {highest} over " + ", ".join(f"{epochs} epochs with a side of {side} pixels"
                                             for side, epochs in phases)
        for highest, phases in recipe.cycles)
    return f"""Trained on the training split only, each picture mirrored, shifted and with a square
cut out anew, labels smoothed, mostly in bfloat16. The learning rate rises and falls in a line:
{cycles}."""


def on_the_pad(metrics: dict[str, float]) -> str:
    """What the card says of drawings, for networks that read digits."""
    if "drawn_known" not in metrics:
        return ""
    return f"""| {DRAWN * 10:,} drawn digits (`benchmarks/strokes.py`) \
| {metrics["drawn_known"]:.1%} |
| {SCRIBBLED} scribbles (likewise) | {metrics["scribbles_known"]:.1%} |

Of the drawn digits it reads {metrics["drawn_accuracy"]:.1%} rightly. They are invented strokes in
many sizes, places and widths: they show that the network reads what a pad gives, not how it reads
you. A letter, a face, or several digits side by side may still be taken for a digit.
"""


if __name__ == "__main__":
    main()
