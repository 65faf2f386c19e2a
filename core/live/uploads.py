"""Uploads: streamed to the disk and bounded while they arrive, read in the light worker.

Neither this process nor a trainer ever decodes what a stranger sent. What a reader made of it
(plain arrays, or a small picture) stays for a day and for its own visitor only.
"""

import secrets
import shutil
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from core import engine
from core.data.archives import BadUpload, shown
from core.engine import EngineError
from core.i18n import N_
from core.settings import settings

DAY = 24 * 3600  # seconds that an upload stays
PICTURES = 64  # pictures that stay in memory, the newest


@dataclass(frozen=True)
class Kind:
    """``limit`` names the setting with the most bytes; ``reader`` is called with the file's path,
    where to write what it read, and ``options``: the least, the usual and the most of each."""

    limit: str
    reader: str
    options: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    keeps_file: bool = False


KINDS = {
    "picture": Kind("upload_bytes", "core.insight.pictures:decode_file"),
    "archive": Kind("archive_bytes", "core.data.uploads:archive", {"side": (8, 64, 256)}),
    "table": Kind("table_bytes", "core.data.tables:read"),
    "payments": Kind("table_bytes", "core.data.ledgers:read"),
    "series": Kind("text_bytes", "core.data.seriesfiles:read"),
    "pairs": Kind("text_bytes", "core.data.pairfiles:read"),
    "graph": Kind("text_bytes", "core.data.graphfiles:read"),
    "sound": Kind("sound_bytes", "core.data.uploads:sound",
                  {"rate": (4_000, 16_000, 48_000), "seconds": (1, 60, 60)}),
    "recordings": Kind("archive_bytes", "core.data.recordings:archive"),
    "text": Kind("text_bytes", "core.data.writings:read"),
    "keras": Kind("keras_bytes", "core.insight.foreign:describe", keeps_file=True),
    "session": Kind("archive_bytes", "core.store.session:unpack"),
}


@dataclass(frozen=True)
class Uploaded:
    """An upload that was read. ``told`` is what the reader says of it (a picture: the picture
    itself); ``path`` holds what it wrote, and for ``.keras`` ``file`` the file itself."""

    token: str
    kind: str
    name: str
    visitor: str
    at: float
    told: Any
    path: Path
    file: Path


class Uploads:
    """The visitors' uploads of the last day."""

    def __init__(self) -> None:
        self._uploads: dict[str, Uploaded] = {}
        self._arriving: dict[Path, str] = {}
        self._lock = threading.Lock()
        self._sweeper: threading.Timer | None = None

    @property
    def folder(self) -> Path:
        return settings().home / "uploads"

    def clear(self) -> None:
        """At the server's start: what an earlier one left belongs to nobody any more."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def limit(self, kind: str, visitor: str) -> int:
        """The most bytes that this visitor may send now."""
        limits = settings()
        with self._lock:
            own = [each.path for each in self._uploads.values() if each.visitor == visitor]
            own += [path for path, whose in self._arriving.items() if whose == visitor]
        left = min(limits.uploads_a_visitor - sum(map(_stem_size, own)),
                   limits.uploads_in_all - _size(self.folder))
        return min(getattr(limits, KINDS[kind].limit), max(left, 0))

    def begin(self, visitor: str) -> Path:
        """Where a file that is arriving goes. :meth:`finish` or :meth:`abandon` ends it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{secrets.token_urlsafe(12)}.file"
        with self._lock:
            self._arriving[path] = visitor
        return path

    def abandon(self, path: Path) -> None:
        with self._lock:
            self._arriving.pop(path, None)
        _remove(path.with_suffix(""))

    def finish(self, path: Path, kind: str, name: str, visitor: str,
               wishes: Mapping[str, str]) -> Uploaded:
        """Read a file that has arrived.

        Raises:
            VisitorError: what is wrong with the file. Nothing of it is left then.
        """
        out = path.with_suffix(".read")
        try:
            if not path.stat().st_size:
                raise BadUpload(N_("The file is empty. Choose another one."))
            told = self._read(kind, path, out, wishes)
        except BaseException:
            self.abandon(path)
            raise
        if not KINDS[kind].keeps_file:
            path.unlink()
        uploaded = Uploaded(path.stem, kind, shown(name), visitor, time.time(), told, out, path)
        with self._lock:
            self._arriving.pop(path, None)
            self._uploads[uploaded.token] = uploaded
        self._sweep()
        return uploaded

    def get(self, token: str, visitor: str) -> Uploaded | None:
        """An upload of this visitor, as long as it is here."""
        uploaded = self._uploads.get(token)
        return uploaded if uploaded and uploaded.visitor == visitor else None

    def remove(self, token: str) -> None:
        with self._lock:
            uploaded = self._uploads.pop(token, None)
        if uploaded:
            _remove(uploaded.path.with_suffix(""))

    def decode(self, raw: bytes) -> np.ndarray:
        """Decode a picture that came with a message: (h, w, 3) uint8."""
        limits = settings()
        return engine.current().light("core.insight.pictures:decode", raw, limits.upload_bytes,
                                      limits.upload_pixels)

    def picture(self, token: str, visitor: str) -> np.ndarray:
        """A kept picture of this visitor."""
        uploaded = self.get(token, visitor)
        if uploaded is None or uploaded.kind != "picture":
            raise EngineError(N_("This picture is not here any more. Choose it again."))
        return uploaded.told

    def sound(self, token: str, visitor: str) -> np.ndarray:
        """A kept sound of this visitor, float32 in -1..1."""
        uploaded = self.get(token, visitor)
        if uploaded is None or uploaded.kind != "sound":
            raise EngineError(N_("This sound is not here any more. Choose it again."))
        with np.load(uploaded.path, allow_pickle=False) as file:
            return file["sound"]

    def _read(self, kind: str, path: Path, out: Path, wishes: Mapping[str, str]) -> Any:
        limits, reader = settings(), KINDS[kind].reader
        if kind == "picture":
            return engine.current().light(reader, str(path), limits.upload_bytes,
                                          limits.upload_pixels)
        values = [min(max(int(wishes[name]), low), high) if wishes.get(name, "").isdecimal()
                  else usual for name, (low, usual, high) in KINDS[kind].options.items()]
        return engine.current().light(reader, str(path), str(out), *values)

    def _sweep(self) -> None:
        """Remove what is too old, and come back when the next one will be."""
        with self._lock:
            by_age = sorted(self._uploads.values(), key=lambda each: each.at, reverse=True)
        pictures = [each for each in by_age if each.kind == "picture"]
        for each in by_age:
            if time.time() - each.at >= DAY or each in pictures[PICTURES:]:
                self.remove(each.token)
        with self._lock:
            if self._uploads and self._sweeper is None:
                oldest = min(each.at for each in self._uploads.values())
                self._sweeper = threading.Timer(oldest + DAY - time.time() + 1, self._sweep_again)
                self._sweeper.daemon = True
                self._sweeper.start()

    def _sweep_again(self) -> None:
        self._sweeper = None
        self._sweep()


def _remove(stem: Path) -> None:
    for path in (stem.with_suffix(".file"), stem.with_suffix(".read")):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _stem_size(path: Path) -> int:
    return sum(_size(path.with_suffix(suffix)) for suffix in (".file", ".read"))


def _size(path: Path) -> int:
    """Bytes of a file, or of all files in a folder; none if it is not there."""
    if path.is_dir():
        return sum(each.stat().st_size for each in path.rglob("*") if each.is_file())
    return path.stat().st_size if path.exists() else 0


uploads = Uploads()
