"""The recorder's adapter for programs that train with NumPy alone.

Such a program's model is an object whose ``weights`` is a dict of arrays; live hyperparameters
are attributes of it. Its ``train`` calls, for each callback, ``begin`` once, ``batch`` after each
step and ``epoch`` after each epoch.

Small networks go through hundreds of epochs a second: more than anybody can watch or keep. Of
these, :data:`EPOCHS_A_SECOND` are told, the last one always, and in between the room's living
picture, which nobody keeps.
"""

import copy
import importlib
import io
import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from core.params import from_text
from core.rooms import Room
from core.training.recorder import KEPT_EPOCHS, Recorder, Stop

EPOCHS_A_SECOND = 5
FRAMES_A_SECOND = 30


class NumpyRecorder:
    """Reports a training loop to a :class:`Recorder` and obeys it between two steps.

    Where the run is to end, ``batch`` or ``epoch`` raises :class:`Stop` through the program's
    ``train``. ``snapshots`` holds the weights of at most :data:`KEPT_EPOCHS` epochs.
    """

    def __init__(self, recorder: Recorder, facts: dict, picture: Callable[[Any], dict]):
        self.recorder = recorder
        self.facts = facts
        self.picture = picture
        self.stop: Stop | None = None
        self.snapshots: dict[int, bytes] = {}

    def begin(self, model: Any, epochs: int, steps_per_epoch: int) -> None:
        """The loop is about to start."""
        self.model, self.epochs, self.done = model, epochs, 0
        self._last_told = self._last_frame = 0.0
        rate = getattr(model, "learning_rate", None)
        self.recorder.begin(
            epochs=epochs, steps_per_epoch=steps_per_epoch,
            parameters=sum(weight.size for weight in model.weights.values()),
            **({} if rate is None else {"learning_rate": float(rate)}), **self.facts)
        self._epoch_began = time.monotonic()

    def batch(self, **values: float) -> None:
        """A step is done; ``values`` are its own figures. Raises :class:`Stop`."""
        now = time.monotonic()
        if now - self._last_frame >= 1 / FRAMES_A_SECOND:
            self._last_frame = now
            self.recorder.send("frame", step=self.recorder.step + 1, **self.picture(self.model))
        self._take(self.recorder.batch(values))

    def epoch(self, **values: float) -> None:
        """An epoch is done, its validation too. Raises :class:`Stop`."""
        self.done += 1
        if self.done % math.ceil(self.epochs / KEPT_EPOCHS) == 0 or self.done == self.epochs:
            self.snapshots[self.done] = pack_weights(self.model)
        now = time.monotonic()
        if self.done == self.epochs or now - self._last_told >= 1 / EPOCHS_A_SECOND:
            self._last_told = now
            self.recorder.epoch(self.done, values, now - self._epoch_began)
            self.recorder.send("snapshot", epoch=self.done, **self.picture(self.model))
        self._take(self.recorder.end_of_epoch())
        self._epoch_began = time.monotonic()

    def _take(self, live: dict[str, Any]) -> None:
        for name, value in live.items():
            setattr(self.model, name, value)
            self._last_frame = 0.0  # what was changed by hand is seen after the next step


def pack_weights(model: Any) -> bytes:
    """The arrays of a model as one npz file."""
    file = io.BytesIO()
    np.savez(file, **model.weights)
    return file.getvalue()


def unpack_weights(model: Any, packed: bytes) -> None:
    """Put packed arrays into a model of the same shape."""
    with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
        model.weights = {name: arrays[name] for name in arrays.files}


pack_model = pack_weights  # the program builds all the rest anew


def unpack_model(packed: bytes, room: Room, context: dict) -> Any:
    """A model that this app saved itself: built as it was, with the weights it had."""
    program = importlib.import_module(room.program)
    params, _ = from_text(room.params, context["params"])
    model = program.build(params, program.load(params))
    unpack_weights(model, packed)
    return model


def copied(model: Any) -> Any:
    """A model of the same shape, independent of this one."""
    return copy.deepcopy(model)


callback = NumpyRecorder
