"""What runs inside a trainer worker: one training, and answers beside it.

Every function here is called by the engine through Dask. The process holds the models that are
being asked: those in training and a few that were loaded.
"""

import json
import threading
from collections import OrderedDict
from typing import Any

from distributed import get_worker
from distributed.diagnostics.plugin import WorkerPlugin

from core.catalogue import room as room_called
from core.engine.protocol import KEPT_MODELS, TOPIC
from core.rooms import called

_sessions: dict[str, Any] = {}
_wishes: dict[str, list[tuple[str, dict]]] = {}
_models: OrderedDict[str, tuple[Any, dict]] = OrderedDict()
_lock = threading.Lock()


class Warm(WorkerPlugin):
    """Loads TensorFlow as soon as a trainer starts, before a visitor needs it."""

    name = "warm"

    def setup(self, worker) -> None:
        if "train" in worker.state.total_resources:
            threading.Thread(target=_load_tensorflow, daemon=True).start()


def _load_tensorflow() -> None:
    import core.insight.vision
    import core.training.session  # noqa: F401


def train(run_id: str, room_name: str, values: dict) -> dict:
    """Train one run. Returns its ``end``, its model and its snapshots; sends events meanwhile."""
    from core.training.recorder import Recorder
    from core.training.session import Session, pack_model

    worker = get_worker()

    def send(event: dict) -> None:
        worker.log_event(TOPIC, json.dumps({"run": run_id, "event": event}))

    room = room_called(room_name)
    session = Session(room, room.params.model_validate(values), Recorder(send))
    with _lock:
        _sessions[run_id] = session
        for action, live in _wishes.pop(run_id, []):
            session.recorder.wish(action, live)
    send({"type": "placed", "worker": worker.address})
    try:
        end = session.run()
        model = pack_model(session.model) if end["state"] != "failed" else None
        return {"end": end, "model": model, "snapshots": session.snapshots,
                "context": session.context}
    finally:
        with _lock:
            del _sessions[run_id]


def control(run_id: str, action: str, values: dict) -> None:
    """Carry a wish to a running training, or keep it for one that is about to begin."""
    with _lock:
        if run_id in _sessions:
            _sessions[run_id].recorder.wish(action, values)
        else:
            _wishes.setdefault(run_id, []).append((action, values))


def answer(ref: str, function: str, inputs: dict, stored: dict | None = None) -> dict:
    """Ask a model. ``{"missing": True}`` if this process does not have it: then ``stored`` (its
    bytes, its snapshot's weights, its context) is to be sent along."""
    model, context = _model(ref, stored)
    if model is None:
        return {"missing": True}
    return {"answer": called(function)(model, context, **inputs)}


def _model(ref: str, stored: dict | None) -> tuple[Any, dict | None]:
    with _lock:
        if ref in _models:
            _models.move_to_end(ref)
            return _models[ref]
        session = _sessions.get(ref.removeprefix("run:").partition("@")[0])
    if session and session.model is not None and "@" not in ref:
        return session.model, session.context
    if session and session.model is not None:
        loaded = _at_epoch(session, int(ref.partition("@")[2]))
    elif stored:
        loaded = _from_store(stored)
    else:
        return None, None
    with _lock:
        _models[ref] = loaded
        while len(_models) > KEPT_MODELS:
            _models.popitem(last=False)
    return loaded


def _at_epoch(session: Any, epoch: int) -> tuple[Any, dict]:
    """The model of a running training as it was at the kept epoch nearest to ``epoch``."""
    import keras

    from core.training.keras_recorder import unpack_weights

    model = keras.models.clone_model(session.model)
    if session.snapshots:
        nearest = min(session.snapshots, key=lambda kept: abs(kept - epoch))
        unpack_weights(model, session.snapshots[nearest])
    return model, session.context


def _from_store(stored: dict) -> tuple[Any, dict]:
    from core.training.keras_recorder import unpack_weights
    from core.training.session import unpack_model

    model = unpack_model(stored["model"])
    if stored.get("weights"):
        unpack_weights(model, stored["weights"])
    return model, stored["context"]
