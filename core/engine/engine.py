"""The engine: starts runs, carries wishes to them and events from them, asks models.

One lives in the server's process. Training happens in Dask workers; this process only keeps
books, so it stays small and answers at once. All methods may be called from any thread.
"""

import functools
import json
import logging
import re
import secrets
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from dask.utils import parse_bytes
from distributed import Future

from core.catalogue import room as room_called
from core.engine import trainer
from core.engine.cluster import Cluster
from core.engine.errors import EngineError, broken_end
from core.engine.estimate import Speeds, waits
from core.engine.keeper import Keeper
from core.engine.lane import Lane
from core.engine.models import Models
from core.engine.protocol import FINAL, TOPIC, task_key
from core.engine.questions import Questions
from core.engine.renewal import Renewal
from core.engine.run import Run
from core.engine.wishes import live_values
from core.i18n import N_
from core.params import Params
from core.settings import Settings
from core.store import Store

log = logging.getLogger(__name__)

ACTIONS = frozenset({"pause", "resume", "step", "step_epoch", "stop", "set"})
RECOVERY_SECONDS = 60  # how long a question about an older run waits for that after a start
KEPT_RUNS = 30  # finished runs whose events stay in memory
LOOK_SECONDS = 1.0  # between two looks at the workers and the queue
REFRESH_SECONDS = 2.0  # a waiting run hears of a changed estimate at most that often
PATIENCE = 20.0  # seconds that a question waits for the engine to start
REF = re.compile(r"(weights:\w{1,60}|run:[0-9a-f]{12}(@\d{1,6})?)", re.ASCII)
NOTHING = {"model": None, "snapshots": {}, "context": {}}


class Engine:
    """Queue, runs in progress and the way to the workers."""

    def __init__(self, settings: Settings, store: Store):
        self.settings = settings
        self.store = store
        self.models = Models(store)
        self._keeper = Keeper()
        self._recovered = threading.Event()
        self._keeper.do(self._recover)  # before anything else is written: a new run is not lost
        self._runs: dict[str, Run] = {}
        self._lanes = {"keras": Lane("train", settings.runs_a_visitor),
                       "numpy": Lane("numpy", settings.runs_a_visitor)}
        self._lock = threading.RLock()
        self._ready = threading.Event()
        self._closing = threading.Event()
        self._cluster: Cluster | None = None
        self._speeds = Speeds()
        self._renewal = Renewal(parse_bytes(settings.trainer_grown))
        self._questions = Questions(self.models, self._renewal, self._workers)
        self._errands = ThreadPoolExecutor(4, thread_name_prefix="errand")

    # Life

    def open(self) -> None:
        """Start the workers, or find them. Takes a second; meanwhile pages are served already.
        A scheduler that does not answer is tried again until the engine is closed."""
        while not self._closing.is_set():
            try:
                cluster = Cluster(self.settings)
                break
            except OSError as error:
                log.warning("no scheduler at %s: %s", self.settings.scheduler, error)
                self._closing.wait(LOOK_SECONDS)
        else:
            return
        with self._lock:
            if self._closing.is_set():
                cluster.close()
                return
            self._cluster = cluster
            cluster.client.subscribe_topic(TOPIC, self._heard)
            self._ready.set()
            self._dispatch()
        threading.Thread(target=self._look, name="engine-look", daemon=True).start()

    def close(self) -> None:
        """End everything; runs in progress are found as lost at the next start."""
        with self._lock:
            self._closing.set()
            self._ready.clear()
        self._errands.shutdown(wait=False, cancel_futures=True)
        self._keeper.close()
        if self._cluster:
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
        return self.start_series(room_name, [params], visitor, [name])[0]

    def start_series(self, room_name: str, series: Sequence[Params], visitor: str,
                     names: Sequence[str]) -> list[str]:
        """Queue several runs that take one waiting place together. Between them, other visitors
        have their turns. Returns their ids. Raises as :meth:`start`."""
        lane = self._lane(room_name)
        called = secrets.token_hex(6)
        with self._lock:
            if lane.queue.waiting(visitor) >= self.settings.waiting_a_visitor:
                raise EngineError(N_("You have {count} runs waiting already. Let one of them "
                                     "train, or stop it, before you add another."),
                                  {"count": lane.queue.waiting(visitor)})
            ids = [self._enter(lane, Run(secrets.token_hex(6), room_name, params, visitor, name),
                               called) for params, name in zip(series, names)]
            self._dispatch()
            self._tell_places()
            self._forget_old()
        return ids

    def control(self, run_id: str, visitor: str, action: str, values: dict | None = None) -> None:
        """Pause, resume, step, step_epoch, stop, or only set live hyperparameters. What is wished
        before the run has a worker waits for it.

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
        values = live_values(run.params, values or {})
        with self._lock:
            if action == "stop" and self._lane(run.room).queue.remove(run_id):
                self._end(run, {"state": "stopped", "reason": "unstarted"})
                self._tell_places()
                return
        run.wishes.append((action, values))
        self._deliver(run)

    def run(self, run_id: str) -> Run | None:
        """The run if this server has it in memory (any in progress, some that ended)."""
        return self._runs.get(run_id)

    def events(self, run_id: str, since: int = 0) -> list[dict]:
        """Events of any run, in progress or kept, after number ``since``."""
        run = self._runs.get(run_id)
        if run is not None:
            return run.events(since)
        return [event for event in self._kept().events(run_id) if event["seq"] > since]

    def owner(self, run_id: str) -> str | None:
        """Whose run it is; ``None`` if nobody knows it."""
        if run := self._runs.get(run_id):
            return run.owner
        kept = self._kept().run(run_id)
        return kept.owner if kept else None

    def in_progress(self) -> list[Run]:
        """Runs that train or wait, those in training first, then in the order of the queue."""
        with self._lock:
            training = [run for lane in self._lanes.values() for run, _ in lane.training.values()]
            waiting = [self._runs[run_id] for lane in self._lanes.values()
                       for run_id in lane.queue.order()]
            return [*training, *waiting]

    def forget(self, run_id: str) -> None:
        """A run was deleted."""
        with self._lock:
            if run_id in self._runs and self._runs[run_id].state in FINAL:
                del self._runs[run_id]

    # Questions

    def ask(self, room_name: str, ref: str, what: str, inputs: dict, seconds: float = 20) -> dict:
        """Ask a model (``run:<id>``, ``run:<id>@<epoch>``, ``weights:<name>``) one of the questions
        that its room declares.

        Raises:
            EngineError: no such room, model or question, or no answer in time.
        """
        try:
            room = room_called(room_name)
            function = room.answers[what]
        except KeyError:
            raise EngineError(N_("This room cannot answer that.")) from None
        if not REF.fullmatch(ref):
            raise EngineError(N_("This network is not there yet. Train one first."))
        run = self._runs.get(ref.removeprefix("run:").partition("@")[0])
        worker = run.worker if run and run.state not in FINAL else ""
        return self._questions.ask(room, ref, function, inputs, worker, seconds)

    def light(self, function: str, *args: Any, seconds: float = 120) -> Any:
        """Call ``"module:function"`` in the light worker. Raises what the function raises."""
        return self._questions.light(function, *args, seconds=seconds)

    def baseline(self, room_name: str, params: Params) -> dict:
        """A simple method on the same split; measured once for each data set."""
        return self._questions.baseline(room_called(room_name), params)

    def _workers(self) -> Cluster:
        if not self._ready.wait(PATIENCE):
            raise EngineError(N_("The engine is still starting. Try again in a moment."))
        return self._cluster

    # What happens by itself

    def _recover(self) -> None:
        try:
            self.store.recover()
        finally:
            self._recovered.set()

    def _kept(self) -> Store:
        """The store, once the runs that an earlier server left in progress have their end there:
        whoever followed one of them before would wait for an end that nobody tells."""
        self._recovered.wait(RECOVERY_SECONDS)
        return self.store

    def _lane(self, room_name: str) -> Lane:
        return self._lanes[room_called(room_name).trains]

    def _enter(self, lane: Lane, run: Run, series: str) -> str:
        """A new run: in the store first, then in the queue. Holds the lock."""
        self._keeper.do(self.store.create, run.run_id, room=run.room, params=run.params,
                        owner=run.owner, name=run.name)
        run.keep = functools.partial(self._keep, run)
        self._runs[run.run_id] = run
        lane.queue.add(run.run_id, run.owner, series)
        return run.run_id

    def _dispatch(self) -> None:
        """Give free places their next runs. Holds the lock."""
        while self.ready:
            given = [self._give(lane) for lane in self._lanes.values()]
            if not any(given):
                return

    def _give(self, lane: Lane) -> bool:
        """Give one place of a lane its next run; ``False`` if there is no place or no run."""
        away = self._renewal.renewing() if lane.resource == "train" else set()
        places = self._cluster.places[lane.resource] - len(away)
        run_id = lane.next() if len(lane.training) < places else None
        if run_id is None:
            return False
        run = self._runs[run_id]
        run.add({"type": "state", "state": "starting"})
        workers = self._cluster.workers(lane.resource) - away if away else None
        future = self._cluster.client.submit(
            trainer.train, run_id, run.room, run.params.model_dump(), pure=False,
            key=task_key(run_id), resources={lane.resource: 1}, workers=workers)
        lane.training[run_id] = run, future
        future.add_done_callback(lambda future: self._done(lane, run, future))
        return True

    def _tell_places(self) -> None:
        """Tell waiting runs their places and how long it will take. Holds the lock."""
        for lane in self._lanes.values():
            queued = [self._runs[run_id] for run_id in lane.queue.order()]
            places = self._cluster.places[lane.resource] if self._cluster else 0
            busy = [self._speeds.left(run) for run, _ in lane.training.values()]
            ahead = waits(busy, [self._speeds.seconds(run) for run in queued], places)
            for place, (run, seconds) in enumerate(zip(queued, ahead), start=1):
                self._tell_place(run, place, None if seconds is None else round(seconds))

    def _tell_place(self, run: Run, place: int, seconds: int | None) -> None:
        last = run.last("state") or {}
        soon = time.time() - last.get("at", 0) < REFRESH_SECONDS
        if last.get("place") == place and (soon or last.get("ahead_seconds") == seconds):
            return
        known = {} if seconds is None else {"ahead_seconds": seconds}
        run.add({"type": "state", "state": "queued", "place": place, **known})

    def _look(self) -> None:
        """Every second: which workers are there, who may be renewed, who waits how long."""
        while not self._closing.wait(LOOK_SECONDS):
            try:
                self._cluster.look()
                with self._lock:
                    for lane in self._lanes.values():
                        for run, _ in lane.training.values():
                            self._speeds.learn(run)
                    self._renew()
                    self._dispatch()
                    self._tell_places()
            except Exception as error:  # a scheduler that is away now may be back in a second
                log.warning("the workers could not be looked at: %r", error)

    def _heard(self, message: tuple[float, str]) -> None:
        """An event from a worker arrived (in Dask's own thread: be quick)."""
        told = json.loads(message[1])
        run_id, event = told["run"], told["event"]
        run = self._runs.get(run_id)
        if run is None or self._closing.is_set():
            return
        if event["type"] == "placed":
            run.worker = event["worker"]
            self._errands.submit(self._deliver, run)
            return
        run.add(event)
        if event["type"] == "epoch":
            self._keeper.do(self.store.metrics, run_id, event["epoch"], event["step"],
                            event["values"])

    def _deliver(self, run: Run) -> None:
        """Carry a run's wishes to its worker, one after another."""
        with run.delivery:
            while run.worker and run.wishes and run.state not in FINAL:
                action, values = run.wishes.popleft()
                self._cluster.client.run(trainer.control, run.run_id, action, values,
                                         workers=[run.worker], on_error="ignore")

    def _done(self, lane: Lane, run: Run, future: Future) -> None:
        """A training is over, one way or another. Its events have all come before: worker,
        scheduler and client keep them in one order with the result."""
        if self._closing.is_set():
            return
        try:
            result = future.result()
        except Exception as error:  # what a program can raise is not ours to list
            log.warning("run %s ended by %r", run.run_id, error)
            result = {"end": broken_end(error), **NOTHING}
        self._speeds.learn(run)
        self.models.keep(run.run_id, result)
        with self._lock:
            lane.training.pop(run.run_id, None)
            self._end(run, result["end"], result)
            if lane.resource == "train":
                self._renewal.measured(run.worker, result.get("memory", 0))
                self._renew()
            self._dispatch()
            self._tell_places()

    def _renew(self) -> None:
        """Renew what has grown and is idle. Holds the lock."""
        for address in self._renewal.take(self._lanes["keras"].workers):
            log.info("trainer %s has grown and is renewed", address)
            self._errands.submit(self._renewed, address)

    def _renewed(self, address: str) -> None:
        try:
            self._cluster.renew(address)
        except Exception as error:  # it was lost by itself meanwhile
            log.warning("trainer %s could not be renewed: %r", address, error)
        self._renewal.done(address)
        with self._lock:
            self._dispatch()

    def _end(self, run: Run, end: dict, result: dict = NOTHING) -> None:
        run.add({"type": "end", **end})
        self._keeper.do(self.store.finish, run.run_id, state=end["state"],
                        metrics=end.get("metrics", {}), events=run.events(),
                        model=result["model"], snapshots=result["snapshots"],
                        context=result["context"])

    def _keep(self, run: Run, event: dict) -> None:
        """Journal an event before anybody sees it: whatever MLflow has to write meanwhile, a server
        that is killed has lost nothing that was seen. That a run waits is written once, not each
        time it moves up."""
        if event.get("state") == "queued" and event["seq"] > 1:
            return
        try:
            self._kept().journal(run.run_id, event)
        except OSError:  # a full disk: the run goes on, it is only not kept
            log.exception("an event of %s could not be journaled", run.run_id)
        if event["type"] == "state":
            self._keeper.do(self.store.state, run.run_id, event["state"])

    def _forget_old(self) -> None:
        ended = [run_id for run_id, run in self._runs.items() if run.state in FINAL]
        for run_id in ended[:-KEPT_RUNS]:
            del self._runs[run_id]
