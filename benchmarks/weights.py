"""Train the networks that ship with the app: ``python -m benchmarks.weights cnn [--only mnist]``.

Writes ``assets/weights/<room>/<name>.keras`` (without the optimizer's state) and its card, for
people (``.md``) and for the app (``.json``). MNIST is read from ``PERCEPTORIUM_DATA`` or
downloaded; it takes a quarter of an hour on two cores, the small digits a minute.
"""

import argparse
import json
import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from benchmarks.strokes import drawings
from core.catalogue import room as room_called
from core.export import installed
from core.insight.vision import classify
from core.layers import seed_of
from core.models import cnn
from core.params import to_text
from core.rooms.cnn import CNN, Block, Dense

WEIGHTS = Path(__file__).parent.parent / "assets" / "weights"
VERSIONED = ("tensorflow-cpu", "tensorflow", "keras", "numpy")
DRAWN = 100  # drawings of each digit that the card tells of


@dataclass(frozen=True)
class Recipe:
    """How one network is trained; ``about`` and ``licence`` stand in its card."""

    params: CNN
    about: str
    licence: str


RECIPES = {
    "cnn": {
        "digits": Recipe(
            CNN(dataset="digits", epochs=60, batch_size=32, learning_rate=0.002,
                blocks=(Block(filters=32, batch_norm=True, pool="none"),
                        Block(filters=48, batch_norm=True, dropout=0.2),
                        Block(filters=64, batch_norm=True, dropout=0.2)),
                dense=(Dense(units=64, dropout=0.2),)),
            "Reads handwritten digits of 8×8 pixels: Optical Recognition of Handwritten Digits "
            "(Alpaydin & Kaynak, UCI 1998), the 1,797 that come with scikit-learn.",
            "data set CC BY 4.0"),
        "mnist": Recipe(
            CNN(dataset="mnist", epochs=12, batch_size=64, learning_rate=0.002,
                blocks=(Block(filters=24, kernel=5, batch_norm=True),
                        Block(filters=48, batch_norm=True, pool="none"),
                        Block(filters=64, batch_norm=True, dropout=0.1),
                        Block(filters=96, batch_norm=True, dropout=0.2)),
                dense=(Dense(units=128, dropout=0.3),)),
            "Reads handwritten digits of 28×28 pixels: MNIST (LeCun, Cortes & Burges 1998), "
            "70,000 digits of American students and census takers.",
            "data set CC BY-SA 3.0"),
    },
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("room", choices=sorted(RECIPES))
    parser.add_argument("--only", help="one network of the room")
    chosen = parser.parse_args()
    for name, recipe in RECIPES[chosen.room].items():
        if chosen.only in (None, name):
            make(chosen.room, name, recipe)


def make(room: str, name: str, recipe: Recipe) -> None:
    """Train one network, measure it and write its three files."""
    data = cnn.load(recipe.params)
    model = cnn.build(recipe.params, data)
    began = time.monotonic()
    train(recipe.params, model, data)
    seconds = time.monotonic() - began
    folder = WEIGHTS / room
    folder.mkdir(parents=True, exist_ok=True)
    bare = keras.Model(model.inputs, model.outputs, name=model.name)  # has no optimizer to save
    bare.save(folder / f"{name}.keras")
    context = {"room": room, "dataset": name, "params": to_text(recipe.params),
               "classes": list(data.class_names)}
    metrics = {metric: round(value, 4) for metric, value in
               {**cnn.score(recipe.params, model, data),
                "drawn_accuracy": drawn_accuracy(model, context)}.items()}
    card = {**context, "name": name, "seed": recipe.params.seed, "metrics": metrics,
            "command": f"python -m benchmarks.weights {room} --only {name}",
            "parameters": model.count_params(), "training_seconds": round(seconds),
            "versions": {each: number for each in VERSIONED if (number := installed(each))}}
    (folder / f"{name}.json").write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n")
    (folder / f"{name}.md").write_text(told(card, recipe, folder / f"{name}.keras"))
    print(json.dumps(metrics))


def train(params: CNN, model: keras.Model, data: cnn.Data) -> None:
    """As in the room, but on distorted pictures, with a rate that falls along a cosine."""
    x = tf.constant(data.x_train)
    numbers = tf.data.Dataset.range(len(data.x_train))
    numbers = numbers.shuffle(len(data.x_train), seed=seed_of(params.seed, "order"))
    steps = tf.data.Dataset.counter()
    batches = tf.data.Dataset.zip(numbers.batch(params.batch_size), steps).map(
        lambda rows, step: (distorted(tf.gather(x, rows), tf.gather(rows, 0) * 100_003 + step,
                                      params.seed), tf.gather(data.y_train, rows)),
        num_parallel_calls=2).prefetch(2)
    falling = keras.callbacks.LearningRateScheduler(
        lambda epoch: params.learning_rate * 0.5 * (1 + math.cos(math.pi * epoch / params.epochs)))
    model.fit(batches, epochs=params.epochs, validation_data=(data.x_val, data.y_val),
              validation_batch_size=256, callbacks=[falling, cnn.Report()], verbose=0,
              shuffle=False)


def distorted(pictures: tf.Tensor, number: tf.Tensor, seed: int) -> tf.Tensor:
    """Turned by up to 12°, scaled by 12 %, sheared, shifted by 8 % of the side, and some with
    thicker or thinner strokes: (n, h, w, c) → the same. ``number`` and ``seed`` decide how."""
    count, height, width = tf.shape(pictures)[0], *pictures.shape[1:3]
    turn, wide, high, shear, right, down, pen = tf.unstack(tf.random.stateless_uniform(
        (7, count), [seed, number], -1, 1))
    turn, wide, high, shear = turn * 0.21, 1 + 0.12 * wide, 1 + 0.12 * high, 0.15 * shear
    a, b = tf.cos(turn) * wide, (tf.sin(turn) + shear) * wide
    d, e = -tf.sin(turn) * high, tf.cos(turn) * high
    cx, cy = (width - 1) / 2, (height - 1) / 2
    c = cx - a * cx - b * cy + right * 0.08 * width
    f = cy - d * cx - e * cy + down * 0.08 * height
    zero = tf.zeros(count)
    moved = tf.raw_ops.ImageProjectiveTransformV3(
        images=pictures, transforms=tf.stack([a, b, c, d, e, f, zero, zero], axis=1),
        output_shape=[height, width], fill_value=0.0, interpolation="BILINEAR",
        fill_mode="CONSTANT")
    pen = pen[:, None, None, None]
    thick = tf.nn.max_pool2d(moved, 2, 1, "SAME")
    thin = -tf.nn.max_pool2d(-moved, 2, 1, "SAME")
    return tf.where(pen > 0.75, thick, tf.where(pen < -0.9, thin, moved)) if height > 8 else (
        tf.clip_by_value(moved * (1 + 0.2 * pen), 0, 1))


def drawn_accuracy(model: keras.Model, context: dict[str, Any]) -> float:
    """The share of drawings, as a pad gives them, that the network reads rightly."""
    right = [np.argmax(classify(model, context, image=image, kind="drawing")["probabilities"])
             == digit for image, digit in drawings(DRAWN)]
    return float(np.mean(right))


def told(card: dict[str, Any], recipe: Recipe, file: Path) -> str:
    """The card for people."""
    metrics, title = card["metrics"], room_called(card["room"]).title
    versions = ", ".join(f"{name} {number}" for name, number in card["versions"].items())
    settings = "\n".join(f"- `{name}`: `{value}`" for name, value in card["params"].items())
    return f"""# {title}: {card["name"]}

{recipe.about} ({recipe.licence}.)

Made by `{card["command"]}` in {card["training_seconds"]} s, seed {card["seed"]}, {versions}.
{card["parameters"]:,} parameters, {file.stat().st_size / 1e6:.2f} MB, without optimizer state.
Trained on the training split only, each picture distorted anew (turned by up to 12°, scaled,
sheared, shifted, its strokes changed), with a learning rate that falls along a cosine.

| measured on | accuracy | loss |
|---|---|---|
| test split | {metrics["test_accuracy"]:.2%} | {metrics["test_loss"]:.4f} |
| validation split | {metrics["val_accuracy"]:.2%} | {metrics["val_loss"]:.4f} |
| {DRAWN * 10:,} drawings (`benchmarks/strokes.py`) | {metrics["drawn_accuracy"]:.2%} | |

The drawings are invented strokes in many sizes, places and widths: they show that the network
reads what a pad gives, not how it reads you. It always answers with a digit, also where there is
none: a letter, a face, or several digits side by side.

Settings:

{settings}
"""


if __name__ == "__main__":
    main()
