"""The engine: starts runs, carries wishes to them and events from them, asks models.

One lives in the server's process. Training happens in Dask workers; this process only keeps
books, so it stays small and answers at once. All methods may be called from any thread.
"""

import json
import logging
import secrets
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from distributed import Client, Future, KilledWorker
from distributed.utils import TimeoutError as DaskTimeout

from core.catalogue import room as room_called
from core.engine import cluster, trainer
from core.engine.errors import EngineError, broken_end
from core.engine.models import Models
from core.engine.protocol import FINAL, TOPIC
from core.engine.queue import FairQueue
from core.engine.run import Run
from core.i18n import N_
from core.params import Params, from_text, knobs
from core.rooms import called
from core.settings import Settings
from core.store import Store

log = logging.getLogger(__name__)

ACTIONS = frozenset({"pause", "resume", "step", "step_epoch", "stop", "set"})
KEPT_RUNS = 30  # finished runs whose events stay in memory


class Engine:
    """Queue, runs in progress and the way to the workers."""

    def __init__(self, settings: Settings, store: Store):
        self.settings = settings
        self.store = store
        self.models = Models(store)
        self._runs: dict[str, Run] = {}
        self._queue = FairQueue(settings.runs_a_visitor)
        self._training: dict[str, Future] = {}
        self._lock = threading.RLock()
        self._ready = threading.Event()
        self._client: Client | None = None
        self._keeper = _Keeper()
        self._baselines: dict[tuple[str, str], dict] = {}

    # Life

    def open(self) -> None:
        """Start the workers and the store. Takes a second; meanwhile pages are served already."""
        self.store.recover()
        self._cluster, self._client = cluster.start(self.settings)
        self._client.subscribe_topic(TOPIC, self._heard)
        self._ready.set()
        with self._lock:
            self._dispatch()

    def close(self) -> None:
        """End everything; runs in progress are found as lost at the next start."""
        self._ready.clear()
        self._keeper.close()
        if self._client:
            self._client.close()
            self._cluster.close()

    @property
    def ready(self) -> bool:
        return self._ready.is_set()

    # Runs

    def start(self, room_name: str, params: Params, visitor: str, name: str = "") -> str:
        """Queue a run of ``visitor`` and return its id.

        Raises:
            EngineError: the visitor has as many runs waiting as one may have.
        """
        with self._lock:
            if self._queue.waiting(visitor) >= self.settings.waiting_a_visitor:
                raise EngineError(N_("You have {count} runs waiting already. Let one of them "
                                     "train, or stop it, before you add another."),
                                  {"count": self._queue.waiting(visitor)})
            run = Run(secrets.token_hex(6), room_name, params, visitor, name)
            self._runs[run.run_id] = run
            self._queue.add(run.run_id, visitor)
        self._keeper.do(self.store.create, run.run_id, room=room_name, params=params, owner=visitor,
                        name=name)
        with self._lock:
            self._dispatch()
            self._tell_places()
            self._forget_old()
        return run.run_id

    def control(self, run_id: str, visitor: str, action: str, values: dict | None = None) -> None:
        """Pause, resume, step, step_epoch, stop, or only set live hyperparameters.

        Raises:
            EngineError: no such run in progress, not the visitor's own, or an impossible wish.
        """
        run = self._runs.get(run_id)
        if run is None or run.state in FINAL:
            raise EngineError(N_("This run has ended."))
        if run.owner != visitor:
            raise EngineError(N_("You are watching somebody else's run; only they can control it."))
        if action not in ACTIONS:
            raise EngineError(N_("A run cannot be told to {action}."), {"action": action})
        values = _live_values(run.params, values or {})
        with self._lock:
            if self._queue.remove(run_id):
                if action == "stop":
                    self._end(run, {"state": "stopped", "reason": "unstarted"})
                    self._tell_places()
                else:
                    self._queue.add(run_id, visitor)
                return
        workers = [run.worker] if run.worker else None
        self._client.run(trainer.control, run_id, action, values, workers=workers,
                         on_error="ignore")

    def run(self, run_id: str) -> Run | None:
        """The run if this server has it in memory (any in progress, some that ended)."""
        return self._runs.get(run_id)

    def events(self, run_id: str, since: int = 0) -> list[dict]:
        """Events of any run, in progress or kept, after number ``since``."""
        run = self._runs.get(run_id)
        if run is not None:
            return run.events(since)
        return [event for event in self.store.events(run_id) if event["seq"] > since]

    def owner(self, run_id: str) -> str | None:
        """Whose run it is; ``None`` if nobody knows it."""
        if run := self._runs.get(run_id):
            return run.owner
        kept = self.store.run(run_id)
        return kept.owner if kept else None

    def in_progress(self) -> list[Run]:
        """Runs that train or wait, those in training first, then in the order of the queue."""
        with self._lock:
            order = [*self._training, *self._queue.order()]
            return [self._runs[run_id] for run_id in order]

    def forget(self, run_id: str) -> None:
        """A run was deleted."""
        with self._lock:
            self._runs.pop(run_id, None)

    # Questions

    def ask(self, room_name: str, ref: str, what: str, inputs: dict, seconds: float = 20) -> dict:
        """Ask a model (``run:<id>``, ``run:<id>@<epoch>``, ``weights:<name>``) one of the questions
        that its room declares.

        Raises:
            EngineError: no such model or question, or no answer in time.
        """
        function = room_called(room_name).answers.get(what)
        if function is None:
            raise EngineError(N_("This room cannot answer that."))
        run = self._runs.get(ref.removeprefix("run:").partition("@")[0])
        address = [run.worker] if run and run.worker and run.state not in FINAL else None
        reply = self._ask(ref, function, inputs, None, address, seconds)
        if reply.get("missing"):
            stored = self.models.load(room_name, ref)
            if stored is None:
                raise EngineError(N_("This network is not there yet. Train one first."))
            reply = self._ask(ref, function, inputs, stored, None, seconds)
        return reply["answer"]

    def light(self, function: str, *args: Any, seconds: float = 120) -> Any:
        """Call ``"module:function"`` in the light worker. Raises what the function raises."""
        return self._result(self._submit(_call, function, *args, resources={"light": 1}), seconds)

    def baseline(self, room_name: str, params: Params) -> dict:
        """A simple method on the same split; measured once for each data set."""
        key = room_name, getattr(params, "dataset", "")
        if key not in self._baselines:
            self._baselines[key] = self.light(room_called(room_name).baseline, params)
        return self._baselines[key]

    def _ask(self, ref: str, function: str, inputs: dict, stored: dict | None,
             address: list[str] | None, seconds: float) -> dict:
        future = self._submit(trainer.answer, ref, function, inputs, stored,
                              resources={"ask": 1}, workers=address, priority=10)
        return self._result(future, seconds)

    def _submit(self, function: Callable, *args: Any, **options: Any) -> Future:
        if not self._ready.wait(20):
            raise EngineError(N_("The engine is still starting. Try again in a moment."))
        return self._client.submit(function, *args, pure=False, **options)

    def _result(self, future: Future, seconds: float) -> Any:
        try:
            return future.result(timeout=seconds)
        except (DaskTimeout, TimeoutError) as error:
            future.cancel()
            raise EngineError(N_("No answer came in time. Try again.")) from error
        except KilledWorker as error:
            raise EngineError(N_("The worker that was to answer was lost. Try again.")) from error

    # What happens by itself

    def _dispatch(self) -> None:
        """Give free trainers their next runs. Holds the lock."""
        while self.ready and len(self._training) < self.settings.trainers:
            running = Counter(self._runs[run_id].owner for run_id in self._training)
            run_id = self._queue.pop(running)
            if run_id is None:
                return
            run = self._runs[run_id]
            self._add(run, {"type": "state", "state": "starting"})
            future = self._client.submit(
                trainer.train, run_id, run.room, run.params.model_dump(), pure=False,
                key=f"train-{run_id}", resources={"train": 1})
            self._training[run_id] = future
            future.add_done_callback(lambda future, run=run: self._done(run, future))

    def _tell_places(self) -> None:
        for place, run_id in enumerate(self._queue.order(), start=1):
            run = self._runs[run_id]
            last = run.last("state")
            if not last or last.get("place") != place:
                self._add(run, {"type": "state", "state": "queued", "place": place})

    def _heard(self, message: tuple[float, str]) -> None:
        """An event from a worker arrived (in Dask's own thread: be quick)."""
        told = json.loads(message[1])
        run_id, event = told["run"], told["event"]
        run = self._runs.get(run_id)
        if run is None:
            return
        if event["type"] == "placed":
            run.worker = event["worker"]
            return
        self._add(run, event)
        if event["type"] == "epoch":
            self._keeper.do(self.store.metrics, run_id, event["epoch"], event["step"],
                            event["values"])

    def _done(self, run: Run, future: Future) -> None:
        """A training is over, one way or another."""
        try:
            result = future.result()
        except Exception as error:  # what a program can raise is not ours to list
            log.warning("run %s ended by %r", run.run_id, error)
            result = {"end": broken_end(error), "model": None, "snapshots": {}, "context": {}}
        self.models.keep(run.run_id, result)
        self._end(run, result["end"], result)
        with self._lock:
            self._training.pop(run.run_id, None)
            self._dispatch()
            self._tell_places()

    def _end(self, run: Run, end: dict, result: dict | None = None) -> None:
        result = result or {"model": None, "snapshots": {}, "context": {}}
        self._add(run, {"type": "end", **end})
        self._keeper.do(self.store.finish, run.run_id, state=end["state"],
                        metrics=end.get("metrics", {}), events=run.events(),
                        model=result["model"], snapshots=result["snapshots"],
                        context=result["context"])

    def _add(self, run: Run, event: dict) -> None:
        if numbered := run.add(event):
            self._keeper.do(self.store.journal, run.run_id, numbered)

    def _forget_old(self) -> None:
        over = [run_id for run_id, run in self._runs.items() if run.state in FINAL]
        for run_id in over[:-KEPT_RUNS]:
            del self._runs[run_id]


def _call(function: str, *args: Any) -> Any:
    return called(function)(*args)


def _live_values(params: Params, values: dict) -> dict[str, float]:
    """Only live hyperparameters, inside their bounds."""
    live = {each.name for each in knobs(type(params)) if each.live}
    asked = {name: str(value) for name, value in values.items() if name in live}
    read, _ = from_text(type(params), asked)
    return {name: getattr(read, name) for name in asked}


class _Keeper:
    """One thread that writes to the store in order, so that nobody waits for the disk."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="keeper")

    def do(self, function: Callable, *args: Any, **kwargs: Any) -> None:
        def careful() -> None:
            try:
                function(*args, **kwargs)
            except Exception:
                log.exception("%s could not be kept", args[0])

        self._pool.submit(careful)

    def close(self) -> None:
        self._pool.shutdown(wait=True)
