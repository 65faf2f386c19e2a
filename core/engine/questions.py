"""Questions to models and other short jobs of the workers."""

from collections.abc import Callable
from typing import Any

from distributed import Future, KilledWorker
from distributed.utils import TimeoutError as DaskTimeout

from core import own
from core.engine import trainer
from core.engine.cluster import Cluster
from core.engine.errors import EngineError
from core.engine.models import Models
from core.engine.renewal import Renewal
from core.i18n import N_
from core.params import Params
from core.rooms import Room, called

FIRST = 10  # priority: answers go before anything else that a worker might do


class Questions:
    """``cluster``: gives the workers as soon as they are there, or raises."""

    def __init__(self, models: Models, renewal: Renewal, cluster: Callable[[], Cluster]):
        self._models = models
        self._renewal = renewal
        self._cluster = cluster
        self._baselines: dict[tuple[str, ...], dict] = {}

    def ask(self, room: Room, ref: str, function: str, inputs: dict, worker: str,
            seconds: float) -> dict:
        """Ask a model with one of the room's functions; ``worker``: where it trains, if it does.

        Raises:
            EngineError: no such model, or no answer in time.
        """
        reply = self._put(room, ref, function, inputs, None, worker, seconds)
        if reply.get("missing"):
            stored = self._models.load(room.name, ref)
            if stored is None:
                raise EngineError(self._models.missing(ref))
            reply = self._put(room, ref, function, inputs, stored, "", seconds)
        return reply["answer"]

    def light(self, function: str, *args: Any, seconds: float = 120) -> Any:
        """Call ``"module:function"`` in the light worker. Raises what the function raises."""
        return self._result(self._submit(_call, function, *args, resources={"light": 1}), seconds)

    def baseline(self, room: Room, params: Params) -> dict:
        """A simple method on the same split; measured once for each data set."""
        key = room.name, *(getattr(params, name, "") for name in ("dataset", own.PARAMETER))
        if key not in self._baselines:
            self._baselines[key] = self.light(room.baseline, params)
        return self._baselines[key]

    def _put(self, room: Room, ref: str, function: str, inputs: dict, stored: dict | None,
             worker: str, seconds: float) -> dict:
        resource = "light" if room.trains == "numpy" else "ask"
        with self._renewal.answering(seconds):
            future = self._submit(trainer.answer, ref, function, inputs, stored,
                                  resources={resource: 1}, workers=[worker] if worker else None,
                                  priority=FIRST)
            return self._result(future, seconds)

    def _submit(self, function: Callable, *args: Any, **options: Any) -> Future:
        return self._cluster().client.submit(function, *args, pure=False, **options)

    def _result(self, future: Future, seconds: float) -> Any:
        try:
            return future.result(timeout=seconds)
        except (DaskTimeout, TimeoutError) as error:
            future.cancel()
            raise EngineError(N_("No answer came in time. Try again.")) from error
        except KilledWorker as error:
            raise EngineError(N_("The worker that was to answer was lost. Try again.")) from error


def _call(function: str, *args: Any) -> Any:
    return called(function)(*args)
