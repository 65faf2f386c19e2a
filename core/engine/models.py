"""Trained models by reference, on the server's side: bytes that are sent to a worker on demand.

A reference is ``weights:<name>`` (ships with the app), ``run:<id>`` (a run's last state) or
``run:<id>@<epoch>`` (a kept epoch).
"""

import json
from collections import OrderedDict
from pathlib import Path

from core.catalogue import room as room_called
from core.i18n import N_
from core.store import Store

SHIPPED = Path(__file__).parents[2] / "assets" / "weights"
RECENT = 4
MISSING = N_("This network is not there yet. Train one first.")
FOREIGN = N_("This run came in a zip. Its curves are here, but its network is not opened: a "
             "network file from elsewhere can hold anything.")


class Models:
    """Finds what a reference stands for. The last few finished runs stay in memory, so that they
    can be asked while the store still writes them."""

    def __init__(self, store: Store):
        self._store = store
        self._recent: OrderedDict[str, dict] = OrderedDict()

    def keep(self, run_id: str, result: dict) -> None:
        """Remember what a training returned."""
        self._recent[run_id] = result
        while len(self._recent) > RECENT:
            self._recent.popitem(last=False)

    def load(self, room: str, ref: str) -> dict | None:
        """``{"model": bytes, "weights": bytes | None, "context": dict}`` or ``None``."""
        kind, _, name = ref.partition(":")
        if kind == "weights":
            return _shipped(room, name)
        run_id, _, epoch = name.partition("@")
        result = self._recent.get(run_id)
        if result:
            model, context, kept = result["model"], result["context"], sorted(result["snapshots"])
        else:
            model, context = self._store.model(run_id), self._store.context(run_id)
            kept = self._store.snapshots(run_id)
        if model is None:
            return None
        weights = None
        if epoch and kept:
            nearest = min(kept, key=lambda number: abs(number - int(epoch)))
            weights = (result["snapshots"][nearest] if result
                       else self._store.snapshot(run_id, nearest))
        return {"model": model, "weights": weights, "context": context}

    def missing(self, ref: str) -> str:
        """Why there is no network by a reference (a message)."""
        kept = self._store.run(ref.removeprefix("run:").partition("@")[0])
        return FOREIGN if kept and kept.imported else MISSING


def _shipped(room: str, name: str) -> dict | None:
    if name not in {weights.name for weights in room_called(room).weights}:
        return None
    path = SHIPPED / room / f"{name}.keras"
    card = json.loads(path.with_suffix(".json").read_text("utf-8"))
    return {"model": path.read_bytes(), "weights": None,
            "context": {"room": room, "dataset": card["dataset"], "params": card["params"],
                        "classes": card["classes"], "trust": card.get("trust")}}
