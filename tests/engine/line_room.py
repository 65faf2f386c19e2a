"""A room that trains with NumPy alone: a straight line through points. Only tests know it."""

from types import SimpleNamespace

import numpy as np

from core import catalogue
from core.params import Params, knob
from core.rooms import Metric, Room


class Line(Params):
    learning_rate: float = knob(0.1, ge=0.001, le=10.0, live=True, title="", says="")
    epochs: int = knob(20, ge=1, le=1_000_000, title="", says="")
    seed: int = knob(1, ge=0, le=99, title="", says="")


ROOM = Room(name="line", title="Line", sentence="", section="seeing", params=Line, trains="numpy",
            program="tests.engine.line_room", metrics=(Metric("loss", "Loss", False),),
            answers={"value": "tests.engine.line_room:value"},
            snapshot="tests.engine.line_room:snapshot")


def install() -> None:
    """Put the room into this process's catalogue."""
    if ROOM.name not in {room.name for room in catalogue.ROOMS}:
        catalogue.ROOMS = (*catalogue.ROOMS, ROOM)


def load(params):
    x = np.linspace(-1, 1, 64)
    return SimpleNamespace(x=x, y=2 * x + 1, class_names=())


def build(params, data):
    random = np.random.default_rng(params.seed)
    return SimpleNamespace(weights={"line": random.normal(size=2)},
                           learning_rate=params.learning_rate)


def train(params, model, data, callbacks=()):
    for callback in callbacks:
        callback.begin(model, params.epochs, 1)
    for _ in range(params.epochs):
        slope, height = model.weights["line"]
        error = slope * data.x + height - data.y
        gradient = 2 * np.array([(error * data.x).mean(), error.mean()])
        model.weights["line"] = model.weights["line"] - model.learning_rate * gradient
        loss = float((error**2).mean())
        for callback in callbacks:
            callback.batch(loss=loss)
            callback.epoch(loss=loss, val_loss=loss)


def score(params, model, data):
    slope, height = model.weights["line"]
    return {"test_loss": float(((slope * data.x + height - data.y)**2).mean())}


def snapshot(model, data):
    return {"kind": "line", "weights": model.weights["line"].tolist()}


def value(model, context, *, index=0):
    """The line's height at ``index``."""
    slope, height = model.weights["line"]
    return {"y": float(slope * index + height), "room": context["room"]}
