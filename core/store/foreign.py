"""Runs that a stranger's zip describes: every value is checked before a page may show it."""

import json
import math
import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.catalogue import ROOMS, room
from core.params import from_text, to_text
from core.store.kept import Kept, clean_name

STATES = Literal["finished", "stopped", "failed", "lost"]
REASONS = frozenset({"done", "visitor", "unstarted", "not_a_number", "killed", "server", "error"})
MOST_ROWS = 1_000  # of a list that was changed in mid-run
TYPES = frozenset({"begin", "batch", "epoch", "snapshot", "change", "state", "progress", "end"})
NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")
MOST_EVENTS = 200_000
LONGEST_ERROR = 300  # characters


class SavedRun(BaseModel):
    """A run as it lies in the zip, beside its files."""

    model_config = ConfigDict(extra="ignore")

    run_id: str = Field(pattern=r"^[0-9a-f]{12}$")
    name: str = Field(max_length=1000)
    room: Literal[tuple(each.name for each in ROOMS)]
    params: dict[str, str] = Field(max_length=200)
    seed: int = Field(ge=-2**63, lt=2**63)
    state: STATES
    reason: str = Field(max_length=40)
    started: float = Field(ge=0, lt=1e11, allow_inf_nan=False)
    ended: float | None = Field(ge=0, lt=1e11, allow_inf_nan=False)
    metrics: dict[str, float | None] = Field(max_length=200)
    versions: dict[str, str] = Field(max_length=50)

    @classmethod
    def of(cls, kept: Kept) -> "SavedRun":
        """What is written of a run."""
        return cls(**{name: getattr(kept, name) for name in cls.model_fields})

    def kept(self, run_id: str, owner: str, now: float) -> Kept:
        """The run as this museum keeps it: its hyperparameters within their bounds."""
        params = to_text(from_text(room(self.room).params, self.params)[0])
        metrics = {name: math.nan if value is None else value
                   for name, value in self.metrics.items() if NAME.fullmatch(name)}
        versions = {name: version[:40] for name, version in self.versions.items()
                    if len(name) <= 40}
        return Kept(run_id, clean_name(self.name) or run_id, self.room, params, self.seed, owner,
                    self.state, self.reason, min(self.started, now),
                    None if self.ended is None else min(self.ended, now), metrics, versions)


def clean_events(lines: bytes, state: str) -> list[dict]:
    """The events of a run that are what they should be, numbered anew, with its end at the end.

    What has a number where a number belongs stays. Words come from our own lists: an end's
    sentence is a format string, and a stranger's must never become one.
    """
    events = []
    for line in lines.splitlines()[:MOST_EVENTS]:
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(event, dict) and _is_sound(event):
            events.append(event)
    ends = [event for event in events if event["type"] == "end"]
    events = [event for event in events if event["type"] != "end"]
    events.append(_end(ends[-1] if ends else {}, state, events))
    return [{**event, "seq": number} for number, event in enumerate(events, start=1)]


def _is_sound(event: dict[str, Any]) -> bool:
    kind = event.get("type")
    if kind not in TYPES or not _number(event.get("at")):
        return False
    if kind in ("batch", "epoch", "change") and not _whole(event.get("step")):
        return False
    if kind == "epoch" and not (_whole(event.get("epoch")) and _number(event.get("seconds"))):
        return False
    if kind in ("batch", "epoch"):
        return _figures(event.get("values"))
    if kind == "change":
        value = event.get("value")
        return _is_name(event.get("name")) and (_number(value) or _rows(value))
    return True


def _end(told: dict, state: str, events: list[dict]) -> dict:
    reason = told.get("reason")
    if not (isinstance(reason, str) and reason in REASONS):
        reason = "error"
    end = {"type": "end", "at": told.get("at", events[-1]["at"] if events else 0.0),
           "state": state, "reason": reason}
    if _whole(told.get("step")):
        end["step"] = told["step"]
    elif end["reason"] in ("visitor", "not_a_number"):
        end["step"] = max((event.get("step", 0) for event in events
                           if _whole(event.get("step"))), default=0)
    if end["reason"] == "error":
        end["error"] = str(told.get("error", ""))[:LONGEST_ERROR]
    if _figures(told.get("metrics")):
        end["metrics"] = {name: value for name, value in told["metrics"].items()
                          if value is not None}
    return end


def _figures(values: Any) -> bool:
    return isinstance(values, dict) and len(values) <= 200 and all(
        _is_name(name) and (value is None or _number(value)) for name, value in values.items())


def _is_name(name: Any) -> bool:
    return isinstance(name, str) and NAME.fullmatch(name) is not None


def _number(value: Any) -> bool:
    if isinstance(value, int):
        return not isinstance(value, bool) and abs(value) < 2**63
    return isinstance(value, float) and math.isfinite(value)


def _rows(value: Any) -> bool:
    """Whether it is a change of a list: each item as its fields, all of them numbers."""
    return isinstance(value, list) and len(value) <= MOST_ROWS and all(
        isinstance(row, list) and len(row) <= MOST_ROWS and all(map(_number, row))
        for row in value)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53
