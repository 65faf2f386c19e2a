"""What a browser may say on the live channel and what it is answered.

One conversation belongs to one page of one visitor. The WebSocket and the polling fallback both
speak through it, so that a blocked socket changes the speed and nothing else.
"""

import base64
import binascii
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core import i18n
from core.catalogue import ROOMS
from core.engine import Engine, EngineError
from core.errors import VisitorError
from core.i18n import N_, t
from core.live.news import News, bundle
from core.live.sessions import LENGTH, LETTERS, sessions
from core.live.uploads import uploads

log = logging.getLogger(__name__)

MAX_SIDE = 512
MAX_FOLLOWED = 8
MAX_COLUMNS = 500  # of a table
MOST_VALUES = 80_000  # of a sound: ten seconds
LARGEST = 1e30  # number in a row
# What a question may say in numbers, and in words.
NUMBERS = ("index", "count", "start", "label", "called", "window", "hop")
NAMES = ("layer", "of")
SHARES = ("penalty",)  # and in fractions
MOST_LETTERS = 2_000  # of a text


class Said(BaseModel):
    """A message from a browser."""

    model_config = ConfigDict(extra="forbid")

    id: int
    op: Literal["follow", "unfollow", "control", "ask", "attend", "look"]
    run: str = Field("", pattern=r"^[0-9a-f]{0,32}$")
    since: int = Field(0, ge=0)
    action: str = Field("", max_length=20)
    values: dict[str, float | str] = Field(default_factory=dict, max_length=20)
    room: str = Field("", max_length=40)
    model: str = Field("", max_length=80)
    what: str = Field("", max_length=40)
    input: dict[str, Any] = Field(default_factory=dict, max_length=12)
    session: str = Field("", pattern=rf"^([{LETTERS}]{{{LENGTH}}})?$")
    epoch: int | None = Field(None, ge=0, le=1_000_000)
    layer: str | None = Field(None, max_length=60)


class Conversation:
    """The server's side of one page."""

    def __init__(self, engine: Engine, visitor: str, language: str):
        self.engine = engine
        self.visitor = visitor
        self.language = language
        self._seen: dict[str, int] = {}  # followed run → number of the last event that was sent
        self._attends = ""  # code of the session that this page follows
        self._moves: int | None = None  # of that session, as many as were told

    def hear(self, message: Any) -> dict | None:
        """Do what a message asks. Returns the reply, an ``error`` sentence included."""
        i18n.use(self.language)
        try:
            said = Said.model_validate(message)
        except ValidationError:
            number = message.get("id") if isinstance(message, dict) else None
            return {"id": number if isinstance(number, int) else 0,
                    "error": t(N_("The page sent something that the server does not understand. "
                                  "Reload it."))}
        try:
            return getattr(self, f"_{said.op}")(said)
        except VisitorError as error:
            return {"id": said.id, "error": error.says()}
        except Exception:
            log.exception("%s could not be done", said.op)
            return {"id": said.id, "error": t(N_("That did not work. Try again."))}

    def news(self) -> list[dict]:
        """Events of the followed runs since the last call, one message a run, and where the
        presenter is if that has changed."""
        return [*self._presenter(), *(each.message() for each in self._news())]

    def texts(self) -> list[str]:
        """The news as JSON; what many pages hear is written only once for all."""
        return [*map(json.dumps, self._presenter()), *(each.text() for each in self._news())]

    @property
    def at_hand(self) -> bool:
        """Whether news can be told at once: nothing has to be read from the disk."""
        return all(self.engine.run(run_id) for run_id in self._seen)

    def listen(self, listener: Callable[[], None]) -> list[Callable[[], None]]:
        """Have ``listener`` called whenever a followed run or session has news. Returns what ends
        that."""
        runs = filter(None, (self.engine.run(run_id) for run_id in self._seen))
        session = sessions().get(self._attends)
        return [each.listen(listener) for each in (*runs, *([session] if session else ()))]

    def close(self) -> None:
        """The page has gone."""
        if session := sessions().get(self._attends):
            session.attending.discard(self)

    def _news(self) -> Iterator[News]:
        i18n.use(self.language)
        for run_id, seen in list(self._seen.items()):
            told = bundle(self.engine, run_id, seen)
            if told is None:
                continue
            if run_id in self._seen:  # else the page has turned away from it meanwhile
                self._seen[run_id] = told.events[-1]["seq"]
            yield News(run_id, self._mine(run_id), told)
            if told.events[-1]["type"] == "end":
                self._seen.pop(run_id, None)

    def _presenter(self) -> Iterator[dict]:
        if not self._attends:
            return
        session = sessions().get(self._attends)
        if session is None:
            yield {"session": self._attends, "over": True}
            self._attends = ""
        elif session.moves != self._moves:
            self._moves = session.moves
            yield {"session": session.code, "place": asdict(session.place)}

    def _follow(self, said: Said) -> dict:
        if len(self._seen) >= MAX_FOLLOWED and said.run not in self._seen:
            raise EngineError(N_("This page follows too many runs. Close some of them."))
        if self.engine.owner(said.run) is None:
            raise EngineError(N_("This run does not exist any more."))
        self._seen[said.run] = said.since
        return {"id": said.id, "answer": {"mine": self._mine(said.run)}}

    def _unfollow(self, said: Said) -> dict:
        self._seen.pop(said.run, None)
        return {"id": said.id, "answer": {}}

    def _control(self, said: Said) -> dict:
        self.engine.control(said.run, self.visitor, said.action, said.values)
        return {"id": said.id, "answer": {}}

    def _ask(self, said: Said) -> dict:
        inputs = self._inputs(said.input)
        if tool := _tool(said.room, said.what):
            return {"id": said.id, "answer": self.engine.light(tool, inputs)}
        return {"id": said.id, "answer": self.engine.ask(said.room, said.model, said.what, inputs)}

    def _attend(self, said: Said) -> dict:
        """Hear where the presenter of a session is, from now on."""
        self.close()
        self._attends, self._moves = said.session, None
        if session := sessions().get(said.session):
            session.attending.add(self)
        return {"id": said.id, "answer": {}}

    def _look(self, said: Said) -> dict:
        """The presenter looks at an epoch or a layer, and so do the followers who want to."""
        session = sessions().led(said.session, self.visitor)
        if session is None:
            raise EngineError(N_("Only the presenter leads this session."))
        at = {"epoch": said.epoch, "layer": said.layer}
        session.look(said.run, **{name: value for name, value in at.items() if value is not None})
        return {"id": said.id, "answer": {}}

    def _mine(self, run_id: str) -> bool:
        return bool(self.visitor) and self.engine.owner(run_id) == self.visitor

    def _inputs(self, given: dict[str, Any]) -> dict[str, Any]:
        """Turn what a browser sends into what an answer takes: pictures become arrays."""
        inputs = {name: given[name] for name in NUMBERS if isinstance(given.get(name), int)}
        inputs |= {name: given[name] for name in NAMES if isinstance(given.get(name), str)}
        inputs |= {name: float(given[name]) for name in SHARES
                   if isinstance(given.get(name), int | float) and abs(given[name]) < LARGEST}
        if isinstance(given.get("text"), str):
            inputs["text"] = given["text"][:MOST_LETTERS]
        if isinstance(given.get("params"), dict):  # as in a link: whoever reads them checks them
            inputs["params"] = {str(name): str(text) for name, text in given["params"].items()}
        if "row" in given:
            return {**inputs, "row": _row(given["row"])}
        if "sound" in given:
            return {**inputs, "sound": _sound(given["sound"])}
        if "heard" in given:
            return {**inputs, "sound": uploads.sound(str(given["heard"]), self.visitor)}
        if "upload" in given:
            image = uploads.picture(str(given["upload"]), self.visitor)
            return {**inputs, "image": image, "kind": "photo"}
        if "file" in given:
            image = uploads.decode(_bytes(given["file"]))
            return {**inputs, "image": image, "kind": "photo"}
        if "pixels" in given or "rgb" in given:
            kind = "drawing" if given.get("kind") == "drawing" else "photo"
            return {**inputs, "image": _pixels(given), "kind": kind}
        return inputs


def _tool(name: str, what: str) -> str | None:
    """What answers without a model, if the room declares it."""
    return next((each.tools.get(what) for each in ROOMS if each.name == name), None)


def _sound(text: Any) -> np.ndarray:
    """Sound that a page sent, int16 at 8,000 values a second: float32 in -1..1."""
    try:
        raw = _bytes(text)
    except EngineError:
        raw = b""
    if not 0 < len(raw) <= 2 * MOST_VALUES or len(raw) % 2:
        raise EngineError(N_("The sound did not arrive whole, or it is longer than ten seconds. "
                             "Try again."))
    return np.frombuffer(raw, "<i2").astype(np.float32) / 32768


def _row(values: Any) -> list[float | None]:
    """A row of a table: numbers, ``None`` where one is missing."""
    if not isinstance(values, list) or len(values) > MAX_COLUMNS:
        raise EngineError(N_("The row did not arrive whole. Try again."))
    return [float(value) if isinstance(value, int | float) and abs(value) < LARGEST else None
            for value in values]


def _pixels(given: dict[str, Any]) -> np.ndarray:
    """Raw pixels that a page's canvas sent: grey (h, w) or colour (h, w, 3), uint8."""
    width, height = given.get("width"), given.get("height")
    channels = 3 if "rgb" in given else 1
    raw = _bytes(given["rgb" if channels == 3 else "pixels"])
    sides_fit = all(isinstance(side, int) and 1 <= side <= MAX_SIDE for side in (width, height))
    if not sides_fit or len(raw) != width * height * channels:
        raise EngineError(N_("The picture did not arrive whole. Try again."))
    array = np.frombuffer(raw, np.uint8)
    return array.reshape((height, width, 3) if channels == 3 else (height, width))


def _bytes(text: Any) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError, ValueError) as error:
        raise EngineError(N_("The picture did not arrive whole. Try again.")) from error
