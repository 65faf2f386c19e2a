"""Presenters' sessions: who leads, where to, and what followers are to see.

A session is known by its code, a few letters in a short link that anybody may have: who has it may
look, and nothing else. To lead, one is the visitor who opened the session with the key of the
settings. Sessions outlive a restart of the server, so that a code on a wall stays true.
"""

import hmac
import json
import logging
import secrets
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from core.errors import VisitorError
from core.i18n import N_
from core.settings import settings

log = logging.getLogger(__name__)

LETTERS = "bcdfghjkmnpqrstvwxz"  # no vowels: no words by chance; none that look like others
LENGTH = 5
KEPT_SECONDS = 24 * 3600  # since a session was last led anywhere
MOST = 50  # sessions at a time; the oldest goes
GUESSES, GUESSES_IN_ALL, GUESS_SECONDS = 5, 40, 60.0  # wrong keys of one visitor, of all


@dataclass(frozen=True)
class Place:
    """Where a presenter is: the page, its link's parameters, and what is looked at there.
    ``epoch`` 0 is the newest one."""

    page: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    run: str = ""
    epoch: int = 0
    layer: str = ""


class Session:
    """One presenter and all who follow. Every method may be called from any thread."""

    def __init__(self, code: str, presenter: str, hidden: frozenset[str] = frozenset()):
        self.code, self.presenter, self.hidden = code, presenter, hidden
        self.place = Place()
        self.moves = 0
        self.over = False
        self.used = time.time()
        self.attending: weakref.WeakSet = weakref.WeakSet()  # conversations
        self._listeners: set[Callable[[], None]] = set()
        self._lock = threading.Lock()

    def go(self, page: str, query: Mapping[str, str]) -> None:
        """The presenter's page is this one now."""
        before = self.place
        same = (before.page, before.run) == (page, query.get("run", ""))
        look = {"epoch": before.epoch, "layer": before.layer} if same else {}
        self._move(Place(page, dict(query), query.get("run", ""), **look))

    def look(self, run: str, **at: Any) -> None:
        """The presenter looks at an ``epoch`` or a ``layer`` of the run on the page."""
        if run == self.place.run:
            self._move(replace(self.place, **at))

    def end(self) -> None:
        """Nobody follows it any longer."""
        self.over = True
        self._tell()

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` after each move. Returns what ends it."""
        with self._lock:
            self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    @property
    def followers(self) -> int:
        """How many visitors have a page here that follows."""
        return len({talk.visitor for talk in list(self.attending)})

    def _move(self, place: Place) -> None:
        self.used = time.time()
        if place != self.place:
            self.place = place
            self._tell()

    def _tell(self) -> None:
        with self._lock:
            self.moves += 1
            listeners = list(self._listeners)
        for listener in listeners:
            listener()


class Sessions:
    """All sessions of this server."""

    def __init__(self, file: Path):
        self._file = file
        self._lock = threading.RLock()
        self._wrong: deque[tuple[float, str]] = deque(maxlen=GUESSES_IN_ALL)
        self._sessions = {each.code: each for each in _read(file)}

    def open(self, visitor: str, key: str) -> Session:
        """A new session led by ``visitor``.

        Raises:
            VisitorError: a wrong key, too many wrong ones, or a server without a key.
        """
        self._check(visitor, key)
        return self._add(Session(self._code(), visitor))

    def get(self, code: str) -> Session | None:
        """The session with this code; ``None`` if it is over."""
        session = self._sessions.get(code)
        if session and time.time() - session.used > KEPT_SECONDS:
            self._drop(session)
            return None
        return session

    def led(self, code: str, visitor: str) -> Session | None:
        """The session with this code if ``visitor`` leads it."""
        session = self.get(code)
        return session if session and visitor and session.presenter == visitor else None

    def hide(self, session: Session, hidden: frozenset[str]) -> None:
        """What followers do not see from their next page on."""
        session.hidden = hidden
        self._write()

    def renew(self, session: Session) -> Session:
        """For the next group: the same presenter and hidden parts, another code, nobody there."""
        self._drop(session)
        return self._add(Session(self._code(), session.presenter, session.hidden))

    def close(self, session: Session) -> None:
        """End it for everybody."""
        self._drop(session)
        self._write()

    def _check(self, visitor: str, key: str) -> None:
        right = settings().presenter_key
        if not right:
            raise VisitorError(N_("This copy of the museum has no presenter’s key. Whoever runs it "
                                  "can set PERCEPTORIUM_PRESENTER_KEY and start it again."))
        with self._lock:
            now = time.monotonic()
            lately = [who for at, who in self._wrong if now - at < GUESS_SECONDS]
            if lately.count(visitor) >= GUESSES or len(lately) >= GUESSES_IN_ALL:
                raise VisitorError(N_("Too many wrong keys. Wait a minute, then try again."))
            if not hmac.compare_digest(key.strip().encode(), right.encode()):
                self._wrong.append((now, visitor))
                raise VisitorError(N_("This is not the presenter’s key. It stands in the settings "
                                      "of whoever runs this museum."))

    def _code(self) -> str:
        while True:
            code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
            if code not in self._sessions:
                return code

    def _add(self, session: Session) -> Session:
        with self._lock:
            for old in sorted(self._sessions.values(), key=lambda each: each.used)[:1 - MOST]:
                self._drop(old)
            self._sessions[session.code] = session
            self._write()
        return session

    def _drop(self, session: Session) -> None:
        self._sessions.pop(session.code, None)
        session.end()

    def _write(self) -> None:
        with self._lock:
            kept = [{"code": each.code, "presenter": each.presenter, "used": each.used,
                     "hidden": sorted(each.hidden), "place": asdict(each.place)}
                    for each in self._sessions.values()]
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text(json.dumps(kept), "utf-8")


def _read(file: Path) -> list[Session]:
    """The sessions of an earlier start. A file that cannot be read costs them, not the start."""
    found = []
    try:
        for each in json.loads(file.read_text("utf-8")) if file.exists() else ():
            session = Session(each["code"], each["presenter"], frozenset(each["hidden"]))
            session.place, session.used = Place(**each["place"]), each["used"]
            found.append(session)
    except (OSError, ValueError, TypeError, KeyError) as error:
        log.warning("the presenters' sessions could not be read: %r", error)
    return found


@cache
def sessions() -> Sessions:
    """The sessions of this process."""
    return Sessions(settings().home / "sessions.json")
