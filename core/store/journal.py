"""Events on the disk: a file of lines for each run in progress, gzip for one that has ended.

A line is written in one piece the moment its event happens, so a killed server loses nothing
that was seen. The journal of a run is there exactly as long as the run has not ended.
"""

import gzip
import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any


class Journal:
    """The journals in one folder; a run's is ``<run id>.jsonl``."""

    def __init__(self, folder: Path):
        self._folder = folder

    def append(self, run_id: str, event: dict) -> None:
        """Add one event at the end. The system has it when this returns."""
        self._folder.mkdir(parents=True, exist_ok=True)
        # Unbuffered and in append mode: one line is one write, threads need no lock.
        with self._path(run_id).open("ab", buffering=0) as file:
            file.write(_line(event))

    def read(self, run_id: str) -> list[dict]:
        """All events in order; none if there is no journal."""
        try:
            return _events(self._path(run_id).read_bytes())
        except FileNotFoundError:
            return []

    def runs(self) -> list[str]:
        """Ids of the runs that have a journal."""
        return sorted(path.stem for path in self._folder.glob("*.jsonl"))

    def remove(self, run_id: str) -> None:
        self._path(run_id).unlink(missing_ok=True)

    def _path(self, run_id: str) -> Path:
        return self._folder / f"{run_id}.jsonl"


def pack(events: Iterable[dict]) -> bytes:
    """Events as gzip: one JSON object a line."""
    return gzip.compress(b"".join(map(_line, events)), compresslevel=6, mtime=0)


def unpack(packed: bytes) -> list[dict]:
    """What :func:`pack` packed."""
    return _events(gzip.decompress(packed))


def to_json(value: Any) -> str:
    """Valid JSON: numbers that JSON does not know (NaN, infinity) become null."""
    try:
        return json.dumps(value, allow_nan=False)
    except ValueError:
        return json.dumps(_without_nan(value), allow_nan=False)


def _line(event: dict) -> bytes:
    return to_json(event).encode() + b"\n"


def _events(lines: bytes) -> list[dict]:
    # A server that dies while it writes (a full disk, no power) leaves its last line unfinished.
    return [json.loads(line) for line in lines.split(b"\n")[:-1]]


def _without_nan(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(item) for item in value]
    return value
