"""Files that do not ship with the app: found where they lie, else downloaded once.

A file is looked for in the data folder (``PERCEPTORIUM_DATA``), then among earlier downloads; only
then is it fetched, from one mirror after the other, checked against its SHA-256 and put in its
place by one rename, so that nobody ever sees half a file. What a broken connection left goes on
where it stopped, if the server allows. A file is fetched once at a time, whoever asks for it.
"""

import fcntl
import hashlib
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
MOST_MORE = 2  # times as many bytes as expected are read of what is packed anew
PARTIAL = 206  # the HTTP status of an answer that goes on where one asked it to
LOOK_AGAIN = 0.2  # seconds between two looks at somebody else's download

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
    """A file at a pinned address. ``accepted``: paths in the data folder that hold the same;
    ``mirrors``: other addresses of the same file, tried in their order. ``digest``: for archives
    that their server packs anew now and then, of about ``bytes``: gives the SHA-256 of what is in
    one, whatever its own is; raises whatever it likes if that cannot be read."""

    name: str
    accepted: tuple[str, ...]
    url: str
    bytes: int
    sha256: str
    mirrors: tuple[str, ...] = ()
    digest: Callable[[Path], str] | None = None


def fetch(source: Source, progress: Progress | None = None) -> Path:
    """The path of the source's file, downloaded if it is nowhere on this machine.

    Raises:
        DownloadError: no network, half a file, or not the file that was expected.
    """
    return here(source) or _download(source, _target(source), progress or listener.get())


def here(source: Source) -> Path | None:
    """Where the source's file lies on this machine; ``None``: it would have to be downloaded."""
    target = _target(source)
    return found(*source.accepted) or (target if target.is_file() else None)


def found(*paths: str) -> Path | None:
    """The first of these files that lies in the data folder; ``None`` if there is none."""
    folder = settings().data
    return next((folder / path for path in paths if (folder / path).is_file()),
                None) if folder else None


def _target(source: Source) -> Path:
    return settings().cache / Path(source.url).name


def _download(source: Source, target: Path, progress: Progress) -> Path:
    """Fetch the file, or wait while somebody else does and tell of theirs."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    progress(source.name, 0, source.bytes)
    with _alone(target, lambda: progress(source.name, _size(part), source.bytes)):
        if not target.is_file():
            _from_mirrors(source, part, progress)
            os.replace(part, target)
    return target


def _from_mirrors(source: Source, part: Path, progress: Progress) -> None:
    """Fill ``part`` from the first address that gives the whole and right file.

    Raises the last address's error.
    """
    addresses = [source.url, *source.mirrors]
    if part.exists():  # of an earlier attempt, and perhaps not what it should be
        addresses = [source.url, *addresses]
    failure = None
    for address in addresses:
        try:
            _copy(source, address, part, progress)
            _check(source, part)
            return
        except DownloadError as error:
            failure = error
    raise failure


def _copy(source: Source, address: str, part: Path, progress: Progress) -> None:
    """Append what the address answers to ``part``. If that breaks off, or the visitor stops it,
    the part stays only where the next attempt can go on from it."""
    resumable, ended, problem = part.exists(), False, None
    try:
        with _ask(address, _size(part)) as answer:
            if answer.status != PARTIAL:
                part.unlink(missing_ok=True)
            resumable = (answer.status == PARTIAL
                         or answer.headers.get("Accept-Ranges") == "bytes")
            _append(source, answer, part, progress)
            ended = True
    except (OSError, HTTPException) as error:
        resumable = resumable and not isinstance(error, urllib.error.HTTPError)
        problem = error
    finally:
        done = _size(part)
        whole = ended if source.digest else done >= source.bytes
        if not whole and not resumable:
            part.unlink(missing_ok=True)
    if not whole:
        raise DownloadError(HALF_A_FILE if done else NO_NETWORK, {
            "name": source.name, "done": done, "total": source.bytes}) from problem


def _ask(address: str, since: int):
    """Open an address, from byte ``since`` on if the server allows."""
    headers = {"Range": f"bytes={since}-"} if since else {}
    return urllib.request.urlopen(urllib.request.Request(address, headers=headers),
                                  timeout=PATIENCE)


def _append(source: Source, answer: BinaryIO, part: Path, progress: Progress) -> None:
    done = _size(part)
    with part.open("ab") as file:
        most = source.bytes * (MOST_MORE if source.digest else 1)
        while done <= most and (chunk := answer.read(CHUNK)):
            file.write(chunk)
            done += len(chunk)
            progress(source.name, done, source.bytes)


def _check(source: Source, part: Path) -> None:
    try:
        right = _digest(source, part) == source.sha256
    except Exception:  # whatever the reader of an archive does to one that is broken
        right = False
    if not right:
        part.unlink()
        raise DownloadError(OTHER_FILE, {"name": source.name})


def _digest(source: Source, path: Path) -> str:
    if source.digest:
        return source.digest(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


@contextmanager
def _alone(target: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Only one thread or process at a time is in here for a file; the others call ``waiting``
    now and then. A killed one's lock is the system's to release."""
    path = target.with_name(f".{target.name}.lock")
    with _locked(path, waiting):
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def _locked(path: Path, waiting: Callable[[], None]) -> BinaryIO:
    """The lock file, open and locked."""
    while True:
        file = path.open("ab")
        try:
            while not _lock(file):
                waiting()
                time.sleep(LOOK_AGAIN)
            # Whoever had it has removed it: a lock on a file without a name locks nobody out.
            if _is_at(file, path):
                return file
        except BaseException:
            file.close()
            raise
        file.close()


def _lock(file: BinaryIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_at(file: BinaryIO, path: Path) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False
