"""The WebSocket of a page: events out, questions in, answers back.

It takes connections that carry the visitor's cookie (the middleware has turned away those of
other sites), and bounds the size and the
rate of what comes in. A browser that does not read is cut off without harm to others.
"""

import asyncio
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from core import engine, i18n
from core.i18n import N_, t
from core.live.conversation import Conversation
from core.live.visitor import COOKIE, owner
from core.settings import settings

PAUSE = 0.03  # between two bundles of events to a page, seconds: moving pictures need 20 a second
SLOW_READER = 10.0  # a message that cannot be sent within this time ends the connection, seconds
POLICY, TOO_BIG = 1008, 1009


async def socket(websocket: WebSocket) -> None:
    """Serve one page until it goes."""
    visitor = owner(websocket.cookies.get(COOKIE))
    if not visitor:
        await websocket.close(POLICY)
        return
    await websocket.accept()
    language = websocket.query_params.get("lang", "")
    talk = Conversation(engine.current(), visitor, i18n.choose(language, None, None))
    await _Page(websocket, talk).serve()


# Threads of their own: questions that wait for a model must not hold up news, wishes or pages.
_ANSWERS = ThreadPoolExecutor(16, thread_name_prefix="answers")
_NEWS = ThreadPoolExecutor(8, thread_name_prefix="news")


def _text(message: dict) -> str:
    return json.dumps(message, separators=(",", ":"))


async def _in(pool: ThreadPoolExecutor, function: Callable, *args: Any) -> Any:
    return await asyncio.get_running_loop().run_in_executor(pool, function, *args)


class _Page:
    def __init__(self, websocket: WebSocket, talk: Conversation):
        self.websocket = websocket
        self.talk = talk
        self.sending = asyncio.Lock()
        self.something_new = asyncio.Event()
        self.lost = asyncio.Event()
        self.busy = asyncio.Semaphore(2)  # questions in flight
        self.allowance = float(settings().frames_a_second)
        self.last_message = time.monotonic()
        self.answers: set[asyncio.Task] = set()
        self.ends: list = []

    async def serve(self) -> None:
        """Read until the page goes, or does not read what it is sent, while another task sends
        what is new."""
        tasks = [asyncio.create_task(each) for each in (self._hear(), self._tell(),
                                                        self.lost.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (*tasks, *self.answers):
                task.cancel()
            self._unlisten()
            self.talk.close()

    async def _hear(self) -> None:
        try:
            while True:
                text = await self.websocket.receive_text()
                if len(text) > settings().frame_bytes:
                    await self.websocket.close(TOO_BIG)
                    return
                if not self._within_rate():
                    await self._send(_text({"id": 0, "error": self._slow_down()}))
                    continue
                task = asyncio.create_task(self._answer(text))
                self.answers.add(task)
                task.add_done_callback(self.answers.discard)
        except (WebSocketDisconnect, RuntimeError, KeyError):
            pass  # the page has gone, or sent bytes where text is spoken

    async def _answer(self, text: str) -> None:
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):  # a hundred thousand brackets are no message either
            message = None
        op = message.get("op") if isinstance(message, dict) else None
        async with self.busy if op == "ask" else nullcontext():
            reply = await _in(_ANSWERS if op == "ask" else _NEWS, self.talk.hear, message)
        await self._send(_text(reply))
        if op in ("follow", "unfollow", "attend"):
            self._listen()

    async def _tell(self) -> None:
        """Send the news of the followed runs as they come."""
        while True:
            await self.something_new.wait()
            self.something_new.clear()
            for text in await self._news():
                await self._send(text)
            await asyncio.sleep(PAUSE)

    async def _news(self) -> list[str]:
        """At once where that only looks into memory: a thread for each page would cost more."""
        return self.talk.texts() if self.talk.at_hand else await _in(_NEWS, self.talk.texts)

    def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        self._unlisten()
        self.ends = self.talk.listen(
            lambda: loop.call_soon_threadsafe(self.something_new.set))
        self.something_new.set()

    def _unlisten(self) -> None:
        for end in self.ends:
            end()

    async def _send(self, text: str) -> None:
        async with self.sending:
            try:
                async with asyncio.timeout(SLOW_READER):
                    await self.websocket.send_text(text)
            except (TimeoutError, WebSocketDisconnect, RuntimeError):
                # It does not read, has gone or was told to go: no good-bye would be heard.
                self.lost.set()

    def _within_rate(self) -> bool:
        """A bucket that fills with ``frames_a_second``: short bursts pass, floods do not."""
        now = time.monotonic()
        full = float(settings().frames_a_second)
        self.allowance = min(full, self.allowance + (now - self.last_message) * full)
        self.last_message = now
        if self.allowance < 1:
            return False
        self.allowance -= 1
        return True

    def _slow_down(self) -> str:
        i18n.use(self.talk.language)
        return t(N_("This page sends too much at once. It goes on in a moment."))
