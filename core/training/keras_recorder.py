"""The recorder's adapter for Keras: a callback."""

import importlib
import io
import math
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np

from core.rooms import Room
from core.training.recorder import KEPT_EPOCHS, Recorder, Stop

FRAMES_A_SECOND = 30
FRAME_REST = 5  # a frame that is dear to draw comes more seldom: training needs the time


class KerasRecorder(keras.callbacks.Callback):
    """Reports a ``fit`` to a :class:`Recorder` and obeys it between two batches.

    ``picture`` makes a room's own picture of the model after each epoch (a JSON-able dict);
    ``frame`` one that is told many times a second and kept by nobody. Live hyperparameters are
    attributes of the model, where it has them, else of its optimizer.
    After the run, ``stop`` says why it ended early (``None`` if it did not) and ``snapshots``
    holds the weights of at most :data:`KEPT_EPOCHS` epochs, evenly spread, the last included.
    """

    def __init__(self, recorder: Recorder, facts: dict, picture: Callable[[keras.Model], dict],
                 frame: Callable[[keras.Model], dict] | None = None):
        super().__init__()
        self.recorder = recorder
        self.facts = facts
        self.picture = picture
        self.frame = frame
        self._next_frame = self._frame_took = 0.0
        self.stop: Stop | None = None
        self.snapshots: dict[int, bytes] = {}

    def on_train_begin(self, logs=None):
        self.recorder.begin(
            epochs=self.params["epochs"], steps_per_epoch=self.params["steps"],
            parameters=self.model.count_params(),
            learning_rate=float(self.model.optimizer.learning_rate), **self.facts)
        # Left to the first step, making these variables has TensorFlow trace that step twice.
        self.model.optimizer.build(self.model.trainable_variables)

    def on_epoch_begin(self, epoch, logs=None):
        self._means: dict[str, float] = {}
        self._epoch_began = time.monotonic()

    def on_train_batch_end(self, batch, logs=None):
        if self.frame and time.monotonic() >= self._next_frame:
            self._send_frame()
        self._obeying(lambda: self.recorder.batch(self._own_values(batch + 1, logs)))

    def on_epoch_end(self, epoch, logs=None):
        number = epoch + 1
        self.recorder.epoch(number, logs, time.monotonic() - self._epoch_began)
        keep = number % math.ceil(self.params["epochs"] / KEPT_EPOCHS) == 0
        if keep or number == self.params["epochs"] or self.model.stop_training:
            self.snapshots[number] = pack_weights(self.model)
        self.recorder.send("snapshot", epoch=number, **self.picture(self.model))
        if not self.stop:
            self._obeying(self.recorder.end_of_epoch)

    def _send_frame(self) -> None:
        began = time.monotonic()
        self.recorder.send("frame", step=self.recorder.step + 1, **self.frame(self.model))
        # One slow frame is no reason to rest, as the first one, which traces its graph; two are.
        before, self._frame_took = self._frame_took, time.monotonic() - began
        took = min(before, self._frame_took)
        # From when it was due: steps of a batch would else make each frame a little late.
        due = max(self._next_frame, began - 1 / FRAMES_A_SECOND)
        self._next_frame = max(due + 1 / FRAMES_A_SECOND, began + (1 + FRAME_REST) * took)

    def _own_values(self, count: int, means: dict[str, float]) -> dict[str, float]:
        """A batch's own figures. Keras reports the mean m_k over the epoch's first k batches;
        the k-th batch alone is k·m_k - (k-1)·m_{k-1}."""
        values = {name: count * mean - (count - 1) * self._means.get(name, 0.0)
                  for name, mean in means.items()}
        self._means = dict(means)
        return values

    def _obeying(self, report: Callable[[], dict[str, float]]) -> None:
        if self.stop:
            return
        try:
            for name, value in report().items():
                setattr(self.model if hasattr(self.model, name) else self.model.optimizer,
                        name, value)
                self._next_frame = 0.0  # what was changed by hand is seen after the next step
        except Stop as stop:
            self.stop = stop
            self.model.stop_training = True


def pack_weights(model: keras.Model) -> bytes:
    """All weights of a model as one npz file, half precision: a snapshot is to be looked at. What
    is too large for that, as where a run diverges, becomes the largest number there is."""
    file, most = io.BytesIO(), np.finfo(np.float16).max
    np.savez(file, *(weight.clip(-most, most).astype(np.float16)
                     for weight in model.get_weights()))
    return file.getvalue()


def unpack_weights(model: keras.Model, packed: bytes) -> None:
    """Put the weights of a snapshot into a model of the same shape."""
    with np.load(io.BytesIO(packed)) as arrays:
        model.set_weights([arrays[name].astype(np.float32) for name in arrays.files])


def pack_model(model: keras.Model) -> bytes:
    """The model as the bytes of a ``.keras`` file, without the optimizer and its state.

    Keras heeds ``include_optimizer=False`` only for older formats, so what is saved is a second
    model over the same layers that was never compiled.
    """
    if getattr(model, "inputs", None):
        model = keras.Model(model.inputs, model.outputs, name=model.name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        return path.read_bytes()


def unpack_model(packed: bytes, room: Room, context: dict) -> keras.Model:
    """A model that this app saved itself, ready to be asked."""
    importlib.import_module(room.program)  # a room may have layers of its own
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        path.write_bytes(packed)
        return keras.models.load_model(path, compile=False)


def copied(model: keras.Model) -> keras.Model:
    """A model of the same shape, independent of this one."""
    return keras.models.clone_model(model)


callback = KerasRecorder
