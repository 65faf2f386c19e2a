"""What runs inside a worker: trainings, and answers beside them.

Every function here is called by the engine through Dask, in a trainer for rooms that train with
Keras and in the light worker for those that train with NumPy. The process holds the models that
are being asked: those in training and a few that were loaded.
"""

import importlib
import json
import os
import sys
import threading
from collections import OrderedDict
from typing import Any

import psutil
from distributed import get_worker
from distributed.diagnostics.plugin import WorkerPlugin

from core.catalogue import ROOMS
from core.catalogue import room as room_called
from core.engine.protocol import KEPT_MODELS, TOPIC, task_key
from core.rooms import called
from core.training.recorder import Recorder
from core.training.session import Session, adapter

ORPHAN_SECONDS = 2.0  # between two looks whether anybody still waits for a training

_sessions: dict[str, Session] = {}
_models: OrderedDict[str, tuple[Any, dict]] = OrderedDict()
_lock = threading.Lock()


HANDOVER = 0.0005
"""Seconds after which a thread of NumPy lets another one go on. With Python's own 5 ms, what four
trainings have to tell would wait until each of them has had its turn."""


NICENESS = 5
"""A NumPy training goes through more epochs than anybody can watch: those who serve and draw what
it does come first."""


class Warm(WorkerPlugin):
    """Loads what a worker needs as soon as it starts, before a visitor waits for it."""

    name = "warm"

    def setup(self, worker) -> None:
        if "train" in worker.state.total_resources:
            threading.Thread(target=_load_tensorflow, daemon=True).start()
        if "numpy" in worker.state.total_resources:
            os.nice(max(0, NICENESS - os.nice(0)))  # a worker may serve several servers in turn
            threading.Thread(target=_load_programs, daemon=True).start()


def _load_tensorflow() -> None:
    import core.insight.vision
    import core.training.keras_recorder  # noqa: F401


def _load_programs() -> None:
    import core.training.numpy_recorder  # noqa: F401

    sys.setswitchinterval(HANDOVER)
    for room in ROOMS:
        if room.trains == "numpy":
            importlib.import_module(room.program)


def train(run_id: str, room_name: str, values: dict) -> dict:
    """Train one run; sends events meanwhile.

    Returns its ``end``, its model, its snapshots, and the bytes of memory that this process holds
    now.
    """
    worker = get_worker()

    def send(event: dict) -> None:
        worker.log_event(TOPIC, json.dumps({"run": run_id, "event": event}))

    room = room_called(room_name)
    session = Session(room, room.params.model_validate(values), Recorder(send))
    over = threading.Event()
    with _lock:
        _sessions[run_id] = session
    threading.Thread(target=_watch, args=(worker, run_id, session, over), daemon=True).start()
    send({"type": "placed", "worker": worker.address})
    try:
        end = session.run()
        trained = session.model is not None and end["state"] != "failed"
        return {"end": end, "model": session.pack() if trained else None,
                "snapshots": session.snapshots, "context": session.context,
                "memory": psutil.Process().memory_info().rss}
    finally:
        over.set()
        with _lock:
            del _sessions[run_id]


def _watch(worker: Any, run_id: str, session: Session, over: threading.Event) -> None:
    """Stop a training whose server is gone: nobody could, and it would keep its place for ever."""
    while not over.wait(ORPHAN_SECONDS):
        task = worker.state.tasks.get(task_key(run_id))
        if task is None or task.state not in ("executing", "long-running"):
            session.recorder.wish("stop")
            return


def control(run_id: str, action: str, values: dict) -> None:
    """Carry a wish to a running training; nothing to do for one that has just ended."""
    with _lock:
        session = _sessions.get(run_id)
    if session:
        session.recorder.wish(action, values)


def answer(ref: str, function: str, inputs: dict, stored: dict | None = None) -> dict:
    """Ask a model. ``{"missing": True}`` if this process does not have it: then ``stored`` (its
    bytes, its snapshot's weights, its context) is to be sent along."""
    model, context = _model(ref, stored)
    if model is None:
        return {"missing": True}
    return {"answer": called(function)(model, context, **inputs)}


def _model(ref: str, stored: dict | None) -> tuple[Any, dict | None]:
    run, _, epoch = ref.partition("@")
    with _lock:
        session = _sessions.get(run.removeprefix("run:"))
    if session and session.model is not None:
        kept = list(session.snapshots)  # a copy: the training adds to it meanwhile
        if not (epoch and kept):
            return session.model, session.context
        nearest = min(kept, key=lambda each: abs(each - int(epoch)))
        # Under the epoch it really is: a later question may find a nearer one.
        return _cached(f"{run}@{nearest}", lambda: _at_epoch(session, nearest))
    with _lock:
        if ref in _models:
            _models.move_to_end(ref)
            return _models[ref]
    return _cached(ref, lambda: _from_store(stored)) if stored else (None, None)


def _cached(ref: str, make: Any) -> tuple[Any, dict]:
    with _lock:
        if ref in _models:
            _models.move_to_end(ref)
            return _models[ref]
    made = make()
    with _lock:
        _models[ref] = made
        while len(_models) > KEPT_MODELS:
            _models.popitem(last=False)
    return made


def _at_epoch(session: Session, epoch: int) -> tuple[Any, dict]:
    """The model of a running training as it was after a kept epoch."""
    kind = adapter(session.room)
    model = kind.copied(session.model)
    kind.unpack_weights(model, session.snapshots[epoch])
    return model, session.context


def _from_store(stored: dict) -> tuple[Any, dict]:
    context = stored["context"]
    room = room_called(context["room"])
    kind = adapter(room)
    model = kind.unpack_model(stored["model"], room, context)
    if stored.get("weights"):
        kind.unpack_weights(model, stored["weights"])
    return model, context
