"""One training from its hyperparameters to its final figures, wherever it runs.

A worker and the command line call the same function; they differ in where the events go. This
module loads TensorFlow only for a room that trains with Keras.
"""

import importlib
import logging
import time
from dataclasses import dataclass, field
from lzma import LZMAError
from pickle import UnpicklingError
from types import ModuleType
from typing import Any
from zipfile import BadZipFile

from core.data import sources
from core.errors import VisitorError
from core.i18n import N_
from core.params import Params, to_text
from core.rooms import Room, called
from core.training.recorder import Recorder, Stop

log = logging.getLogger(__name__)

PROGRESS_SECONDS = 0.25  # between two reports of a download
UNREADABLE = (OSError, EOFError, ValueError, KeyError, BadZipFile, LZMAError, UnpicklingError)
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
    model: Any = None
    context: dict[str, Any] = field(default_factory=dict)
    snapshots: dict[int, bytes] = field(default_factory=dict)
    _told: float = 0.0

    def run(self) -> dict:
        """Train to the end. Returns the fields of the run's ``end`` event.

        Raises what the room's program raises; a stop by the visitor or by the NaN guard is no
        error and is told in the result.
        """
        program = importlib.import_module(self.room.program)
        sources.listener.set(self._download)
        try:
            data = program.load(self.params)
        except Stop as stop:
            return _end(stop)
        except UNREADABLE as error:
            log.exception("the data of %s cannot be read", self.room.name)
            raise VisitorError(N_("The files of this data set on the server are damaged or of "
                                  "another kind. Choose another data set, or tell whoever runs "
                                  "this copy of the museum.")) from error
        model = program.build(self.params, data)
        self.context.update(room=self.room.name, dataset=getattr(self.params, "dataset", ""),
                            params=to_text(self.params), classes=list(data.class_names))
        self.model = model
        picture = called(self.room.snapshot)
        callback = adapter(self.room).callback(
            self.recorder, {"classes": list(data.class_names), "room": self.room.name,
                            "params": to_text(self.params)},
            picture=lambda trained: picture(trained, data),
            **({"frame": lambda trained: called(self.room.frame)(trained, data)}
               if self.room.frame else {}))
        self.snapshots = callback.snapshots
        self.recorder.send("state", state="running", step=0)
        try:
            program.train(self.params, model, data, [callback])
        except Stop as stop:  # a NumPy loop is left this way; Keras comes back by itself
            callback.stop = stop
        if callback.stop and callback.stop.state == "failed":
            return {**_end(callback.stop), **self._smaller_steps()}
        metrics = program.score(self.params, model, data)
        early = self.recorder.step < self.recorder.steps
        end = (_end(callback.stop) if callback.stop else
               {"state": "finished", "reason": "early" if early else "done"})
        return {**end, "metrics": metrics,
                "steps_per_second": round(self.recorder.steps_per_second, 2)}

    def pack(self) -> bytes:
        """The trained model as bytes."""
        return adapter(self.room).pack_model(self.model)

    def _download(self, name: str, done: int, total: int) -> None:
        """Tell of a download, a few times a second. Raises :class:`Stop` if it is not wanted."""
        if self.recorder.stopped:
            raise Stop("stopped", "unstarted")
        now = time.monotonic()
        if done < total and now - self._told < PROGRESS_SECONDS:
            return
        self._told = now
        self.recorder.send("progress", name=name, done=done, total=total)

    def _smaller_steps(self) -> dict:
        """What to change after a loss that is no number: a learning rate that is a tenth of the
        one that broke, and at most :data:`USUAL_RATE`."""
        rate = getattr(self.params, "learning_rate", None)
        return {"suggestion": {"learning_rate": min(rate / 10, USUAL_RATE)}} if rate else {}


def _end(stop: Stop) -> dict:
    return {"state": stop.state, "reason": stop.reason, **stop.values}


def adapter(room: Room) -> ModuleType:
    """What knows this room's kind of model: ``callback``, ``pack_model``, ``unpack_model``,
    ``unpack_weights`` and ``copied``. Only that of Keras rooms loads TensorFlow."""
    return importlib.import_module(f"core.training.{room.trains}_recorder")
