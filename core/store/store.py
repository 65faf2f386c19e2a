"""Runs are kept here: in MLflow, with a journal of events for those in progress."""

import json
import logging
import math
import os
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from typing import TYPE_CHECKING

from core import own
from core.params import Params, to_text
from core.settings import settings
from core.store import journal
from core.store.kept import IN_PROGRESS, Kept, clean_name
from core.store.retention import surplus

if TYPE_CHECKING:
    from core.store.tracking import Row, Tracking

log = logging.getLogger(__name__)

RUN_ID = re.compile(r"[0-9a-f]{12}")
VERSIONED = ("tensorflow", "tensorflow-cpu", "keras", "numpy", "scikit-learn")
EVENTS, MODEL, CONTEXT, SNAPSHOTS = "events.jsonl.gz", "model.keras", "context.json", "snapshots"
FOREIGN = "foreign"
ALL = 50_000  # runs: as many as MLflow lists at once
GATHER_SECONDS = 2  # for MLflow a write costs as much as two steps of a training, however small
FRESH = 5  # seconds for which a list is remembered: reading hundreds of runs takes half a second


class Store:
    """What is kept, in ``home`` or where ``MLFLOW_TRACKING_URI`` says. Any thread may call.

    The first call of anything but :meth:`journal` opens MLflow, which takes one to four seconds:
    call :meth:`recover` in a thread of its own when the server starts. Writing methods raise
    ``KeyError`` for a run that is not there; reading ones return nothing.

    At most ``most_runs`` and ``most_bytes`` are kept (else as the settings say): whenever a run
    ends, the oldest go, but none that is pinned or in progress.
    """

    def __init__(self, home: Path, most_runs: int | None = None, most_bytes: int | None = None):
        self._home = home.resolve()
        self._most_runs = most_runs or settings().kept_runs
        self._most_bytes = most_bytes or settings().kept_bytes
        self._journal = journal.Journal(self._home / "journal")
        self._opening = threading.Lock()
        self._opened: Tracking | None = None
        self._listing = threading.Lock()
        self._listed: dict[tuple, tuple[float, list[Kept]]] = {}  # when read, and what
        self._changes = 0
        self._gathering = threading.Lock()
        self._gathered: dict[str, list[Row]] = {}
        self._written: dict[str, float] = {}  # when, on the clock that never goes back

    # Writing

    def create(self, run_id: str, *, room: str, params: Params, owner: str, name: str = "") -> None:
        """A new run, queued. ``run_id``: 12 hexadecimal digits."""
        if not RUN_ID.fullmatch(run_id):
            raise ValueError(f"not a run id: {run_id!r}")
        with self._changing() as runs:
            runs.create(Kept(
                run_id, clean_name(name) or run_id, room, to_text(params),
                getattr(params, "seed", 0), owner, "queued", "", time.time(), None, {},
                _versions()))

    def journal(self, run_id: str, event: dict) -> None:
        """Keep one event of a run in progress, at once; MLflow is not asked."""
        self._journal.append(run_id, event)

    def state(self, run_id: str, state: str) -> None:
        """A run in progress has another state now."""
        with self._changing() as runs:
            runs.set_state(run_id, state)

    def metrics(self, run_id: str, epoch: int, step: int, values: dict[str, float | None]) -> None:
        """The metrics of an epoch, measured at ``step``; ``None`` is kept as NaN.

        Epochs that follow within :data:`GATHER_SECONDS` are written together."""
        now = time.monotonic()
        with self._gathering:
            row = step, time.time(), {"epoch": epoch, **_numbers(values)}
            self._gathered.setdefault(run_id, []).append(row)
            soon = now - self._written.get(run_id, -math.inf) < GATHER_SECONDS
        if not soon:
            self._write_gathered(run_id)

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
        self._write_gathered(run_id)
        self._runs().metrics(run_id, [(last_step, time.time(), _numbers(metrics))])
        self._end(run_id, state, events)
        self._make_room()

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
            with self._changing() as runs:
                runs.rename(run_id, name)

    def pin(self, run_id: str, pinned: bool) -> None:
        """Whether a run stays however many come after it. Whose it is, the caller asks."""
        with self._changing() as runs:
            runs.pin(run_id, pinned)

    def delete(self, run_id: str) -> None:
        """Remove a run with everything that was kept of it. Whose it is, the caller asks."""
        self._journal.remove(run_id)
        self._forget_gathered(run_id)
        with self._changing() as runs:
            runs.delete(run_id)

    def restore(self, kept: Kept, files: Mapping[str, bytes]) -> None:
        """Keep a run that came in a zip and has ended. ``files`` by the names that they have here;
        all but its events are put aside, where nothing that opens networks looks for them."""
        aside = {name if name == EVENTS else f"{FOREIGN}/{name}": content
                 for name, content in files.items()}
        with self._changing() as runs:
            runs.create(replace(kept, imported=True))
            runs.put(kept.run_id, aside)
            runs.metrics(kept.run_id, [(0, time.time(), kept.metrics)])
            runs.end(kept.run_id, kept.state, kept.reason, kept.ended or kept.started)

    # Reading

    def runs(self, *, room: str | None = None, owner: str | None = None,
             limit: int = 200) -> list[Kept]:
        """Runs, newest first."""
        asked = room, owner, limit
        at, listed = self._listed.get(asked, (0, []))
        if time.monotonic() - at > FRESH:
            at, changes = time.monotonic(), self._changes
            listed = self._runs().search({"room": room, "owner": owner}, limit)
            with self._listing:
                if changes == self._changes:
                    self._listed[asked] = at, listed
        return listed

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

    def files(self, run_id: str) -> dict[str, bytes]:
        """All files of a run by their names, those of an imported one too."""
        runs, files = self._runs(), {}
        for folder in ("", FOREIGN):
            for path in (*runs.files(run_id, folder),
                         *runs.files(run_id, f"{folder}/{SNAPSHOTS}".lstrip("/"))):
                files[path.removeprefix(f"{FOREIGN}/")] = runs.get(run_id, path)
        return files

    def foreign_model(self, run_id: str) -> bytes | None:
        """The network of an imported run, to be handed out and never to be opened here."""
        return self._file(run_id, f"{FOREIGN}/{MODEL}")

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

    @contextmanager
    def _changing(self) -> Iterator["Tracking"]:
        """The same for whoever changes something: afterwards, lists are read anew."""
        try:
            yield self._runs()
        finally:
            with self._listing:
                self._changes += 1
                self._listed.clear()

    def _write_gathered(self, run_id: str) -> None:
        with self._gathering:
            rows = self._gathered.pop(run_id, [])
            self._written[run_id] = time.monotonic()
        if rows:
            with self._changing() as runs:
                runs.metrics(run_id, rows)

    def _forget_gathered(self, run_id: str) -> None:
        with self._gathering:
            self._gathered.pop(run_id, None)
            self._written.pop(run_id, None)

    def _make_room(self) -> None:
        """Remove what is too much. Somebody may look at it just then: that finds nothing."""
        for run_id in surplus(self.runs(limit=ALL), self._most_runs, self._most_bytes):
            log.info("run %s is removed: more are kept than the settings allow", run_id)
            self.delete(run_id)
        own.sweep({run.params.get(own.PARAMETER) for run in self.runs(limit=ALL)})

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
        for event in [each for each in events if each["type"] == "epoch"][-1:]:
            self.metrics(kept.run_id, event["epoch"], event["step"], event["values"])
        self._end(kept.run_id, events[-1]["state"], events)

    def _end(self, run_id: str, state: str, events: list[dict]) -> None:
        last = events[-1] if events else {}
        with self._changing() as runs:
            runs.end(run_id, state, last.get("reason", ""), last.get("at", time.time()))
        self._journal.remove(run_id)
        self._forget_gathered(run_id)


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
