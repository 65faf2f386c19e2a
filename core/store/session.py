"""A visitor's runs as a zip, and back.

The zip holds a folder a run: ``run.json`` (what the list shows) and the files that are kept of
it. What comes back was in strangers' hands: it is read in a worker, member by member, every value
is checked there, and what is left lies in a folder of plain files for the server.
"""

import gzip
import io
import re
import secrets
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from core.catalogue import ROOMS
from core.data.archives import BadUpload, members
from core.i18n import N_
from core.store import journal
from core.store.foreign import SavedRun, clean_events
from core.store.kept import IN_PROGRESS
from core.store.store import CONTEXT, EVENTS, MODEL, RUN_ID, SNAPSHOTS, Store

RUN = "run.json"
SNAPSHOT = re.compile(rf"{SNAPSHOTS}/\d{{3,5}}\.npz")
MOST_RUNS = 200  # in one zip
MOST_FILES = 20_000
MOST_UNPACKED = 1_000_000_000  # bytes
MOST_EVENT_BYTES = 50_000_000  # of one run, unpacked


def export(store: Store, owner: str) -> Iterator[bytes]:
    """The zip of a visitor's runs that have ended, piece by piece: it lies nowhere as a whole."""
    pipe, rooms = _Pipe(), {each.name for each in ROOMS}
    with zipfile.ZipFile(pipe, "w") as archive:  # what is inside is compressed already
        for kept in store.runs(owner=owner, limit=MOST_RUNS):
            if kept.state in IN_PROGRESS or kept.room not in rooms:
                continue
            archive.writestr(f"{kept.run_id}/{RUN}", SavedRun.of(kept).model_dump_json())
            for name, content in store.files(kept.run_id).items():
                archive.writestr(f"{kept.run_id}/{name}", content)
                yield pipe.taken()
    yield pipe.taken()


def unpack(file: str, folder: str) -> int:
    """In a worker: a zip's runs as files below ``folder``. Returns how many there are.

    Raises:
        BadUpload: no zip, damaged, too large, names that lead away, or no run in it.
    """
    runs = {}
    for name, content in members(Path(file), MOST_FILES, MOST_UNPACKED):
        run_id, _, inner = name.partition("/")
        if not RUN_ID.fullmatch(run_id) or not _is_ours(inner):
            continue
        if inner == RUN:
            runs[run_id] = _read_run(run_id, content)
        path = Path(folder, run_id, inner)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    if not runs:
        raise BadUpload(N_("This zip holds no runs of this museum. Choose one that was saved on "
                           "this page."))
    if len(runs) > MOST_RUNS:
        raise BadUpload(N_("This zip holds {count} runs; at most {limit} are taken."),
                        {"count": len(runs), "limit": MOST_RUNS})
    for run_id, saved in runs.items():
        _write_events(Path(folder, run_id, EVENTS), saved)
    return len(runs)


def restore(store: Store, folder: Path, owner: str) -> tuple[int, int]:
    """Keep the unpacked runs as ``owner``'s. Returns how many are new, and how many of the
    visitor's own were here already. A number that is somebody else's here is replaced."""
    new = known = 0
    for path in sorted(folder.glob(f"*/{RUN}")):
        saved = SavedRun.model_validate_json(path.read_bytes())
        here = store.run(saved.run_id)
        if here and here.owner == owner:
            known += 1
            continue
        run_id = secrets.token_hex(6) if here else saved.run_id
        files = {each.relative_to(path.parent).as_posix(): each.read_bytes()
                 for each in path.parent.rglob("*") if each.is_file() and each != path}
        store.restore(saved.kept(run_id, owner, time.time()), files)
        new += 1
    return new, known


def _is_ours(name: str) -> bool:
    return name in (RUN, EVENTS, MODEL, CONTEXT) or SNAPSHOT.fullmatch(name) is not None


def _read_run(run_id: str, content: bytes) -> SavedRun:
    try:
        saved = SavedRun.model_validate_json(content)
    except ValidationError as error:
        raise BadUpload(N_("The run {run_id} in this zip cannot be read."),
                        {"run_id": run_id}) from error
    if saved.run_id != run_id:
        raise BadUpload(N_("The run {run_id} in this zip cannot be read."), {"run_id": run_id})
    return saved


def _write_events(path: Path, saved: SavedRun) -> None:
    """Only what could be checked, in place of what came."""
    lines = b""
    if path.exists():
        try:
            with gzip.open(io.BytesIO(path.read_bytes())) as file:
                lines = file.read(MOST_EVENT_BYTES)
        except (OSError, EOFError, zlib.error):
            lines = b""
    path.write_bytes(journal.pack(clean_events(lines, saved.state)))


class _Pipe(io.RawIOBase):
    """A file that only takes: what was written is taken out at the other end."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:
        self._waiting.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """All that was written since the last call."""
        taken, self._waiting = b"".join(self._waiting), []
        return taken
