"""A visitor's own data: the arrays into which an upload was read, kept under their hash.

A run names its data by the hyperparameter :data:`PARAMETER`; so the link, the list of runs and
the take-home program lead back to the very same arrays. A worker opens nothing but these files.
"""

import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import VisitorError
from core.i18n import N_
from core.settings import settings

PARAMETER = "own"  # the hyperparameter that holds the name
NAME = re.compile(r"[0-9a-f]{16}")
DAY = 24 * 3600  # seconds that data stay which no run uses

GONE = N_("Your own data is not here any more. Upload it again.")


def keep(path: Path, told: dict[str, Any]) -> str:
    """Keep an array file (``.npz``) with what its reader told of it; returns its name.

    ``told`` is part of what is hashed: the same numbers under other class names are other data.
    """
    words = json.dumps(told, ensure_ascii=False, sort_keys=True)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    digest.update(words.encode())
    name = digest.hexdigest()[:16]
    _folder().mkdir(parents=True, exist_ok=True)
    _put(name, ".json", lambda part: part.write_text(words, "utf-8"))
    _put(name, ".npz", lambda part: shutil.copyfile(path, part))
    return name


def arrays(name: str) -> dict[str, np.ndarray]:
    """The arrays by their names.

    Raises:
        VisitorError: they are not here (any more).
    """
    with np.load(_file(name), allow_pickle=False) as file:
        return {key: file[key] for key in file.files}


def told(name: str) -> dict[str, Any] | None:
    """What the reader told of the data; ``None`` if they are not here."""
    try:
        return json.loads(_file(name).with_suffix(".json").read_text("utf-8"))
    except VisitorError:
        return None


def content(name: str) -> bytes:
    """The array file itself, to take home."""
    return _file(name).read_bytes()


def sweep(used: Collection[str]) -> None:
    """Remove what no run uses and nobody has touched for a day."""
    for path in _folder().glob("*.npz"):
        if path.stem not in used and time.time() - path.stat().st_mtime > DAY:
            path.unlink(missing_ok=True)
            path.with_suffix(".json").unlink(missing_ok=True)


def _folder() -> Path:
    return settings().home / "own"


def _file(name: str) -> Path:
    path = _folder() / f"{name}.npz"
    if not NAME.fullmatch(name) or not path.is_file():
        raise VisitorError(GONE)
    return path


def _put(name: str, suffix: str, write: Callable[[Path], Any]) -> None:
    """Write a file by one rename, so that a worker never reads half of it."""
    part = _folder() / f".{name}{suffix}.{os.getpid()}.part"
    write(part)
    os.replace(part, _folder() / f"{name}{suffix}")
