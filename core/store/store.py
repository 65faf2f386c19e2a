"""Runs are kept here: in MLflow, with a journal of events for those in progress."""

import json
import logging
import os
import re
import threading
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from typing import TYPE_CHECKING

from core.params import Params, to_text
from core.store import journal
from core.store.kept import Kept, clean_name

if TYPE_CHECKING:
    from core.store.tracking import Tracking

log = logging.getLogger(__name__)

IN_PROGRESS = frozenset({"queued", "starting", "running", "paused"})
RUN_ID = re.compile(r"[0-9a-f]{12}")
VERSIONED = ("tensorflow", "tensorflow-cpu", "keras", "numpy", "scikit-learn")
EVENTS, MODEL, CONTEXT, SNAPSHOTS = "events.jsonl.gz", "model.keras", "context.json", "snapshots"


class Store:
    """What is kept, in ``home`` or where ``MLFLOW_TRACKING_URI`` says. Any thread may call.

    The first call of anything but :meth:`journal` opens MLflow, which takes one to four seconds:
    call :meth:`recover` in a thread of its own when the server starts. Writing methods raise
    ``KeyError`` for a run that is not there; reading ones return nothing.
    """

    def __init__(self, home: Path):
        self._home = home.resolve()
        self._journal = journal.Journal(self._home / "journal")
        self._opening = threading.Lock()
        self._opened: Tracking | None = None

    # Writing

    def create(self, run_id: str, *, room: str, params: Params, owner: str, name: str = "") -> None:
        """A new run, queued. ``run_id``: 12 hexadecimal digits."""
        if not RUN_ID.fullmatch(run_id):
            raise ValueError(f"not a run id: {run_id!r}")
        self._runs().create(Kept(
            run_id, clean_name(name) or run_id, room, to_text(params), getattr(params, "seed", 0),
            owner, "queued", "", time.time(), None, {}, _versions()))

    def journal(self, run_id: str, event: dict) -> None:
        """Keep one event of a run in progress, at once. A ``state`` event changes its state."""
        self._journal.append(run_id, event)
        if event["type"] == "state":
            self._runs().set_state(run_id, event["state"])

    def metrics(self, run_id: str, epoch: int, step: int, values: dict[str, float | None]) -> None:
        """The metrics of an epoch, measured at ``step``; ``None`` is kept as NaN."""
        self._runs().metrics(run_id, step, {"epoch": epoch, **_numbers(values)})

    def finish(self, run_id: str, *, state: str, metrics: dict[str, float | None],
               events: list[dict], model: bytes | None, snapshots: dict[int, bytes],
               context: dict) -> None:
        """A run has ended: keep all its events, its network and the snapshots of its epochs."""
        files = {EVENTS: journal.pack(events), CONTEXT: journal.to_json(context).encode()}
        if model is not None:
            files[MODEL] = model
        files |= {_snapshot(epoch): content for epoch, content in snapshots.items()}
        self._runs().put(run_id, files)
        last_step = max((event.get("step", 0) for event in events), default=0)
        self._runs().metrics(run_id, last_step, _numbers(metrics))
        self._end(run_id, state, events)

    def recover(self) -> list[str]:
        """After a start: runs whose server died are lost, with all events that were seen.

        Returns their ids. A run has a journal as long as it has not ended.
        """
        self._runs()  # opened now, not at the first visitor's expense
        lost = []
        for run_id in self._journal.runs():
            kept = self.run(run_id)
            if kept is None:
                log.warning("the journal of %s belongs to no run and is removed", run_id)
                self._journal.remove(run_id)
            elif kept.state in IN_PROGRESS:
                self._lose(kept)
                lost.append(run_id)
            else:
                self._journal.remove(run_id)
        return lost

    def rename(self, run_id: str, name: str) -> None:
        """Another name; one without a visible character changes nothing."""
        if name := clean_name(name):
            self._runs().rename(run_id, name)

    def delete(self, run_id: str) -> None:
        """Remove a run with everything that was kept of it. Whose it is, the caller asks."""
        self._journal.remove(run_id)
        self._runs().delete(run_id)

    # Reading

    def runs(self, *, room: str | None = None, owner: str | None = None,
             limit: int = 200) -> list[Kept]:
        """Runs, newest first."""
        return self._runs().search({"room": room, "owner": owner}, limit)

    def run(self, run_id: str) -> Kept | None:
        """One run."""
        return self._runs().run(run_id) if RUN_ID.fullmatch(run_id) else None

    def events(self, run_id: str) -> list[dict]:
        """All events of a run in their order, those of one in progress too."""
        packed = self._file(run_id, EVENTS)
        if packed is not None:
            return journal.unpack(packed)
        return self._journal.read(run_id) if RUN_ID.fullmatch(run_id) else []

    def model(self, run_id: str) -> bytes | None:
        """The trained network as a ``.keras`` file (or what the room keeps in its place)."""
        return self._file(run_id, MODEL)

    def context(self, run_id: str) -> dict | None:
        """What the room's answers need to know about the network."""
        packed = self._file(run_id, CONTEXT)
        return None if packed is None else json.loads(packed)

    def snapshots(self, run_id: str) -> list[int]:
        """The epochs of which the weights are kept, in their order."""
        if not RUN_ID.fullmatch(run_id):
            return []
        return sorted(int(Path(path).stem) for path in self._runs().files(run_id, SNAPSHOTS))

    def snapshot(self, run_id: str, epoch: int) -> bytes | None:
        """The weights after an epoch."""
        return self._file(run_id, _snapshot(epoch))

    # In between

    def _runs(self) -> "Tracking":
        """Runs in MLflow, opened when they are first needed."""
        with self._opening:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def _open(self) -> "Tracking":
        # Here, not above: MLflow takes a second to import, and the first page shall not wait.
        from core.store import database
        from core.store.tracking import Tracking

        uri = os.environ.get("MLFLOW_TRACKING_URI")
        client = (database.connect(uri) if uri
                  else database.connect_file(self._home / "mlflow.db"))
        return Tracking(client, self._home / "artifacts")

    def _file(self, run_id: str, name: str) -> bytes | None:
        return self._runs().get(run_id, name) if RUN_ID.fullmatch(run_id) else None

    def _lose(self, kept: Kept) -> None:
        events = self._journal.read(kept.run_id)
        # The server may have died after the run's end, while it was being kept.
        if not events or events[-1]["type"] != "end":
            events.append(_lost(events, kept.started))
        self._runs().put(kept.run_id, {EVENTS: journal.pack(events)})
        self._end(kept.run_id, events[-1]["state"], events)

    def _end(self, run_id: str, state: str, events: list[dict]) -> None:
        last = events[-1] if events else {}
        self._runs().end(run_id, state, last.get("reason", ""), last.get("at", time.time()))
        self._journal.remove(run_id)


def _lost(events: list[dict], started: float) -> dict:
    """The ``end`` that a dead server could not send, at the run's last sign of life."""
    last = events[-1] if events else {}
    return {"type": "end", "seq": last.get("seq", 0) + 1, "at": last.get("at", started),
            "state": "lost", "reason": "server"}


def _numbers(values: dict[str, float | None]) -> dict[str, float]:
    return {name: float("nan") if value is None else value for name, value in values.items()}


def _snapshot(epoch: int) -> str:
    return f"{SNAPSHOTS}/{epoch:03d}.npz"


def _versions() -> dict[str, str]:
    """Versions of what the numbers hang on, read without importing any of it."""
    versions = {"python": python_version()}
    for name in VERSIONED:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions
