"""One training from its hyperparameters to its final figures, wherever it runs.

The trainer worker and the command line call the same function; they differ in where the
events go.
"""

import importlib
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras

from core.data import sources
from core.params import Params, to_text
from core.rooms import Room, called
from core.training.keras_recorder import KerasRecorder
from core.training.recorder import Recorder, Stop

USUAL_RATE = 0.01  # with it, plain SGD trains most small networks


@dataclass
class Session:
    """A training under way and, afterwards, what it left.

    ``model`` is there as soon as it is built, so that it can be asked while it learns;
    ``snapshots`` maps an epoch to its packed weights.
    """

    room: Room
    params: Params
    recorder: Recorder
    model: keras.Model | None = None
    context: dict[str, Any] = field(default_factory=dict)
    snapshots: dict[int, bytes] = field(default_factory=dict)

    def run(self) -> dict:
        """Train to the end. Returns the fields of the run's ``end`` event.

        Raises what the room's program raises; a stop by the visitor or by the NaN guard is no
        error and is told in the result.
        """
        program = importlib.import_module(self.room.program)
        sources.listener.set(self._download)
        data = program.load(self.params)
        model = program.build(self.params, data)
        self.context.update(room=self.room.name, dataset=getattr(self.params, "dataset", ""),
                            params=to_text(self.params), classes=list(data.class_names))
        self.model = model
        picture = called(self.room.snapshot)
        callback = KerasRecorder(
            self.recorder, {"classes": list(data.class_names), "room": self.room.name,
                            "params": to_text(self.params)},
            picture=lambda trained: picture(trained, data))
        self.snapshots = callback.snapshots
        self.recorder.send("state", state="running", step=0)
        program.train(self.params, model, data, [callback])
        if callback.stop and callback.stop.state == "failed":
            return {**_end(callback.stop), **self._smaller_steps()}
        metrics = program.score(self.params, model, data)
        end = _end(callback.stop) if callback.stop else {"state": "finished", "reason": "done"}
        return {**end, "metrics": metrics,
                "steps_per_second": round(self.recorder.steps_per_second, 2)}

    def _download(self, name: str, done: int, total: int) -> None:
        self.recorder.send("progress", name=name, done=done, total=total)

    def _smaller_steps(self) -> dict:
        """What to change after a loss that is no number: a learning rate that is a tenth of the
        one that broke, and at most :data:`USUAL_RATE`."""
        rate = getattr(self.params, "learning_rate", None)
        return {"suggestion": {"learning_rate": min(rate / 10, USUAL_RATE)}} if rate else {}


def _end(stop: Stop) -> dict:
    return {"state": stop.state, "reason": stop.reason, **stop.values}


def pack_model(model: keras.Model) -> bytes:
    """The model as the bytes of a ``.keras`` file, without the optimizer's state."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path, include_optimizer=False)
        return path.read_bytes()


def unpack_model(packed: bytes) -> keras.Model:
    """A model that this app saved itself, ready to be asked."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        path.write_bytes(packed)
        return keras.models.load_model(path, compile=False)
