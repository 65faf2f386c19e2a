"""What pages are told of a run, written once for all that hear the same.

A hundred followers of one run get the same events at the same time. Their text is made for the
first of them and kept for the others.
"""

import json
import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property

from core import i18n
from core.engine import Engine, end_says

KEPT = 64  # bundles
LARGEST = 400  # events of a bundle that is kept: longer ones go to somebody who has just come


@dataclass(frozen=True)
class Bundle:
    """Events of a run in one language, oldest first."""

    events: tuple[dict, ...]

    @cached_property
    def text(self) -> str:
        """As JSON."""
        return json.dumps(self.events, separators=(",", ":"))


@dataclass(frozen=True)
class News:
    """What one page is told of one run."""

    run: str
    mine: bool
    bundle: Bundle

    def message(self) -> dict:
        return {"run": self.run, "mine": self.mine, "events": list(self.bundle.events)}

    def text(self) -> str:
        """The message as JSON; the events are those of everybody."""
        return (f'{{"run":"{self.run}","mine":{"true" if self.mine else "false"},'
                f'"events":{self.bundle.text}}}')


_kept: OrderedDict[tuple, Bundle] = OrderedDict()
_lock = threading.Lock()


def bundle(engine: Engine, run_id: str, since: int) -> Bundle | None:
    """The events of a run after number ``since`` in the current language, if there are any."""
    events = engine.events(run_id, since)
    if not events:
        return None
    if len(events) > LARGEST:
        return _localised(events)
    name = (run_id, since, events[-1]["seq"], events[-1]["at"], i18n.language())
    with _lock:
        if name not in _kept:
            _kept[name] = _localised(events)
            if len(_kept) > KEPT:
                _kept.popitem(last=False)
        return _kept[name]


def _localised(events: list[dict]) -> Bundle:
    """Events as a page shows them: the end in the visitor's language."""
    return Bundle(tuple({**event, "says": end_says(event)} if event["type"] == "end" else event
                        for event in events))
