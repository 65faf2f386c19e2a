"""Files that do not ship with the app: found where they lie, else downloaded once.

A file is looked for in the data folder (``PERCEPTORIUM_DATA``), then among earlier downloads; only
then is it fetched, checked against its SHA-256 and put in its place by one rename, so that
nobody ever sees half a file.
"""

import hashlib
import os
import tempfile
import urllib.request
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import BinaryIO

from core.errors import VisitorError
from core.i18n import N_
from core.settings import settings

CHUNK = 1 << 16  # bytes between two reports of progress
PATIENCE = 30  # seconds without an answer

NO_NETWORK = N_("{name} could not be downloaded. Check the network and try again, or choose a data "
                "set that ships with the app.")
HALF_A_FILE = N_("The download of {name} ended early: {done} of {total} bytes. Try again.")
OTHER_FILE = N_("The download of {name} is not the file that was expected, so it was thrown away. "
                "Try again later.")

Progress = Callable[[str, int, int], None]  # name, bytes so far, bytes in all

# Who hears of a download in this context; a training sets it, so that its watchers see progress.
listener: ContextVar[Progress] = ContextVar("listener", default=lambda name, done, total: None)


class DownloadError(VisitorError):
    """A file could not be fetched."""


@dataclass(frozen=True)
class Source:
    """A file at a pinned address. ``accepted``: paths in the data folder that hold the same."""

    name: str
    accepted: tuple[str, ...]
    url: str
    bytes: int
    sha256: str


def fetch(source: Source, progress: Progress | None = None) -> Path:
    """The path of the source's file, downloaded if it is nowhere on this machine.

    Raises:
        DownloadError: no network, half a file, or not the file that was expected.
    """
    path = found(*source.accepted)
    if path:
        return path
    target = settings().cache / Path(source.url).name
    if not target.is_file():
        _download(source, target, progress or listener.get())
    return target


def found(*paths: str) -> Path | None:
    """The first of these files that lies in the data folder; ``None`` if there is none."""
    folder = settings().data
    return next((folder / path for path in paths if (folder / path).is_file()),
                None) if folder else None


def _download(source: Source, target: Path, progress: Progress) -> None:
    """Into a file of this caller's own, renamed when it is whole: two callers cannot clash."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            found = _copy(source, file, progress)
        if found != source.sha256:
            raise DownloadError(OTHER_FILE, {"name": source.name})
        os.replace(name, target)
    finally:
        Path(name).unlink(missing_ok=True)


def _copy(source: Source, file: BinaryIO, progress: Progress) -> str:
    """Write what the address answers into ``file``; returns its SHA-256."""
    digest, done = hashlib.sha256(), 0
    progress(source.name, 0, source.bytes)
    try:
        with urllib.request.urlopen(source.url, timeout=PATIENCE) as answer:
            while done <= source.bytes and (chunk := answer.read(CHUNK)):
                file.write(chunk)
                digest.update(chunk)
                done += len(chunk)
                progress(source.name, done, source.bytes)
    except (OSError, HTTPException) as error:
        if not done:
            raise DownloadError(NO_NETWORK, {"name": source.name}) from error
    if done < source.bytes:
        raise DownloadError(HALF_A_FILE, {"name": source.name, "done": done,
                                          "total": source.bytes})
    return digest.hexdigest()
