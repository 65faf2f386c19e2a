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

PAUSE = 0.03  # between two bundles of events, seconds
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


async def _in(pool: ThreadPoolExecutor, function: Callable, *args: Any) -> Any:
    return await asyncio.get_running_loop().run_in_executor(pool, function, *args)


class _Page:
    def __init__(self, websocket: WebSocket, talk: Conversation):
        self.websocket = websocket
        self.talk = talk
        self.sending = asyncio.Lock()
        self.something_new = asyncio.Event()
        self.busy = asyncio.Semaphore(2)  # questions in flight
        self.allowance = float(settings().frames_a_second)
        self.last_message = time.monotonic()
        self.ends: list = []

    async def serve(self) -> None:
        """Read until the page goes, while another task sends what is new."""
        teller = asyncio.create_task(self._tell())
        answers: set[asyncio.Task] = set()
        try:
            while True:
                text = await self.websocket.receive_text()
                if len(text) > settings().frame_bytes:
                    await self.websocket.close(TOO_BIG)
                    return
                if not self._within_rate():
                    await self._send({"id": 0, "error": self._slow_down()})
                    continue
                task = asyncio.create_task(self._answer(text))
                answers.add(task)
                task.add_done_callback(answers.discard)
        except (WebSocketDisconnect, RuntimeError, KeyError):
            pass  # the page has gone, or sent bytes where text is spoken
        finally:
            teller.cancel()
            for task in answers:
                task.cancel()
            self._unlisten()

    async def _answer(self, text: str) -> None:
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):  # a hundred thousand brackets are no message either
            message = None
        asks = isinstance(message, dict) and message.get("op") == "ask"
        async with self.busy if asks else nullcontext():
            reply = await _in(_ANSWERS if asks else _NEWS, self.talk.hear, message)
        await self._send(reply)
        if isinstance(message, dict) and message.get("op") in ("follow", "unfollow"):
            self._listen()

    async def _tell(self) -> None:
        """Send the news of the followed runs as they come, at most 33 bundles a second."""
        while True:
            await self.something_new.wait()
            self.something_new.clear()
            for message in await _in(_NEWS, self.talk.news):
                await self._send(message)
            await asyncio.sleep(PAUSE)

    def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        self._unlisten()
        self.ends = self.talk.listen(
            lambda: loop.call_soon_threadsafe(self.something_new.set))
        self.something_new.set()

    def _unlisten(self) -> None:
        for end in self.ends:
            end()

    async def _send(self, message: dict) -> None:
        async with self.sending:
            try:
                await asyncio.wait_for(
                    self.websocket.send_text(json.dumps(message, separators=(",", ":"))),
                    SLOW_READER)
            except TimeoutError:
                await self.websocket.close(POLICY)

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
