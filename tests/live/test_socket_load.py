"""A hundred watch one run: each hears every event once, and who does not read harms nobody."""

import asyncio
import gc
import json
import socket
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.websockets import WebSocketDisconnect
from websockets.asyncio.client import connect

from core import engine
from core.engine.run import Run
from core.live import socket as live_socket
from core.live.conversation import Conversation
from core.live.routes import ROUTES
from core.live.visitor import COOKIE, VisitorCookie
from core.settings import settings

RUN, WATCHERS, EVENTS = "a" * 12, 100, 200
AS_STREAMLIT_DOES = {"ws": "websockets-sansio", "ws_per_message_deflate": False}


class OneRun:
    """An engine with one run and no workers."""

    ready = True
    settings = settings()

    def __init__(self):
        self.only = Run(RUN, "cnn", None, "somebody", "")

    def run(self, run_id):
        return self.only if run_id == RUN else None

    def owner(self, run_id):
        return self.only.owner if run_id == RUN else None

    def events(self, run_id, since=0):
        return self.only.events(since)


@pytest.fixture
def only_run():
    stub = OneRun()
    engine.set_current(stub)
    yield stub.only
    engine.set_current(None)


@asynccontextmanager
async def served():
    """The live channel on a port of its own; yields the port."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listening:
        app = Starlette(routes=ROUTES, middleware=[Middleware(VisitorCookie)])
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", **AS_STREAMLIT_DOES))
        serving = asyncio.create_task(server.serve([listening]))
        yield listening.getsockname()[1]
        server.should_exit = True
        await serving


async def follow(port: int, number: int):
    """A visitor's channel on which the run is followed."""
    channel = await connect(f"ws://127.0.0.1:{port}/live/socket", proxy=None,
                            origin=f"http://127.0.0.1:{port}", open_timeout=60,
                            additional_headers={"Cookie": f"{COOKIE}={number:032x}"})
    await channel.send(json.dumps({"id": 1, "op": "follow", "run": RUN}))
    assert "answer" in json.loads(await channel.recv())
    return channel


async def heard(channel) -> list[int]:
    """The numbers of all events until the end."""
    numbers = []
    async for text in channel:
        events = json.loads(text)["events"]
        numbers += [event["seq"] for event in events]
        if events[-1]["type"] == "end":
            return numbers
    return numbers


async def test_a_hundred_watchers_hear_everything_once(only_run):
    async with served() as port:
        idler = await follow(port, WATCHERS)  # never reads again
        channels = await asyncio.gather(*(follow(port, number) for number in range(WATCHERS)))
        listening = [asyncio.create_task(heard(channel)) for channel in channels]
        for number in range(EVENTS):
            only_run.add({"type": "snapshot", "epoch": number, "matrix": [[0] * 10] * 10})
            await asyncio.sleep(0)  # let the watchers hear while it goes on
        only_run.add({"type": "end", "state": "finished", "reason": "done"})
        for numbers in await asyncio.gather(*listening):
            assert numbers == list(range(1, EVENTS + 2))
        for channel in (*channels, idler):
            channel.transport.abort()


def add_large(run: Run, count: int) -> None:
    """Events of some 30 kB, which soon fill what lies between the server and who does not read."""
    for number in range(count):
        run.add({"type": "snapshot", "epoch": number, "matrix": [[0] * 100] * 150})


async def test_who_reads_nothing_is_cut_off_and_the_others_hear_everything(only_run, monkeypatch):
    monkeypatch.setattr(live_socket, "SLOW_READER", 0.5)
    async with served() as port:
        idler = await follow(port, 1)
        reader = await follow(port, 2)
        listening = asyncio.create_task(heard(reader))
        assert len(only_run._listeners) == 2
        added = 0
        while len(only_run._listeners) > 1:  # its page on the server is gone, and all it held
            add_large(only_run, 20)
            added += 20
            await asyncio.sleep(0.05)
        only_run.add({"type": "end", "state": "finished", "reason": "done"})
        assert await listening == list(range(1, added + 2))
        for channel in (idler, reader):
            channel.transport.abort()


class Leaver:
    """The connection of a page that sends one question and is gone before the answer."""

    def __init__(self, error: Exception):
        self.error = error
        self.sent = ['{"id": 1, "op": "unfollow"}']

    async def receive_text(self):
        if self.sent:
            return self.sent.pop()
        await asyncio.Event().wait()

    async def send_text(self, text):
        raise self.error


@pytest.mark.parametrize("error", [WebSocketDisconnect(1006), RuntimeError("close was sent")])
async def test_who_leaves_before_the_answer_ends_without_a_traceback(only_run, caplog, error):
    talk = Conversation(engine.current(), "somebody", "en")
    await asyncio.wait_for(live_socket._Page(Leaver(error), talk).serve(), 20)
    gc.collect()  # asyncio reports an error that nobody looked at only then
    assert not caplog.records


async def test_who_floods_is_told_to_slow_down_and_the_others_hear_everything(only_run):
    async with served() as port:
        flooder, reader = await follow(port, 1), await follow(port, 2)
        listening = asyncio.create_task(heard(reader))
        told = asyncio.create_task(_first_error(flooder))
        for number in range(10 * settings().frames_a_second):
            await flooder.send(json.dumps({"id": number, "op": "follow", "run": RUN}))
            if number % 20 == 0:
                only_run.add({"type": "epoch", "epoch": number})
        assert "too much at once" in await told
        only_run.add({"type": "end", "state": "finished", "reason": "done"})
        assert await listening == list(range(1, 10 * settings().frames_a_second // 20 + 2))
        for channel in (flooder, reader):
            channel.transport.abort()


async def _first_error(channel) -> str:
    async for text in channel:
        if error := json.loads(text).get("error"):
            return error
    return ""
