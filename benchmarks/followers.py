"""A hundred followers and ten open pages: how late events come, what it costs the training.

Followers are WebSocket clients, as phones are to the server. An open page is one, too: it speaks
Streamlit's own protocol and draws nothing, because what a browser draws is not the server's work.
They run on the same cores as the museum, in a process of their own.
"""

import asyncio
import json
import multiprocessing
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.asyncio.client import connect

from benchmarks.figures import Figure, alternated
from benchmarks.follower import enter, follow
from benchmarks.museum import chromium, cookie, museum, visitor, warm
from core.live.visitor import COOKIE
from tests.browser import open_page
from tests.journeys.cnn import train

FOLLOWERS, PAGES = 100, 10
EPOCHS = 30  # 2,250 steps
ENDS = 10  # seconds after a run's end in which its last events must have come


@dataclass
class Heard:
    """What one follower heard: numbers of events, and how many seconds after they happened."""

    numbers: list[int] = field(default_factory=list)
    late: list[float] = field(default_factory=list)


def measure() -> list[Figure]:
    """One run with a single follower, and the same with a hundred and ten open pages, in turn."""
    crowds, singles = [], []

    def alone() -> float:
        singles.append(crowded(server, browser, 1, 0))
        return singles[-1].speed

    def together() -> float:
        crowds.append(crowded(server, browser, FOLLOWERS, PAGES))
        print(f"  {crowds[-1]}", flush=True)
        return crowds[-1].speed

    with museum() as server, chromium() as browser:
        warm(server)
        alone()  # the first run of a trainer is slower
        pairs = alternated(together, alone)
    slowed = [100 * (1 - ours / theirs) for ours, theirs in pairs]
    return [Figure(f"Delay of an event at {FOLLOWERS} followers and {PAGES} pages, p95",
                   [each.late for each in crowds], "ms", ("≤", 250), 0),
            Figure("… events that a follower missed", [each.missed for each in crowds],
                   goal=("≤", 0), digits=0),
            Figure("… training slowed by", slowed, "%", ("≤", 15), 1),
            Figure("… memory of the server's process", [each.size for each in crowds], "MB",
                   ("≤", 450), 0),
            Figure("… its share of one core", [each.busy for each in crowds], "%", digits=1),
            Figure("… its share of one core with one follower", [each.busy for each in singles],
                   "%", digits=1)]


@dataclass(frozen=True)
class Crowd:
    """A run that many watched: steps per second, 95 of 100 events within ``late`` ms, events
    missed, the server's memory in MB and its share of one core in percent."""

    speed: float
    late: float
    missed: int
    size: float
    busy: float

    def __str__(self) -> str:
        return (f"p95 {self.late:.0f} ms, missed {self.missed}, server {self.size:.0f} MB and "
                f"{self.busy:.1f} % of a core")


def crowded(server, browser, followers: int, pages: int) -> Crowd:
    """Train while so many watch."""
    page, process = visitor(browser), psutil.Process(server.pid)
    open_page(page, f"{server.address}/cnn?epochs={EPOCHS}")
    # In a process of its own: the crowd's work must not hold up the one who measures.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as elsewhere:
        run, token = train(page), cookie(page)
        page.context.close()
        crowd = elsewhere.submit(watch, server.address, run, followers, pages)
        with enter(server.address, token) as channel:
            told = follow(channel, run)
            events = [next(told)]
            before, began = sum(process.cpu_times()[:2]), time.time()
            events += told
            busy = (sum(process.cpu_times()[:2]) - before) / (time.time() - began)
        heard = crowd.result(120)
    return Crowd(speed(events), 1000 * p95(heard), gaps(heard),
                 process.memory_info().rss / 1e6, 100 * busy)


def speed(events: list[dict]) -> float:
    """Steps per second of the later half, in which all who watch were there."""
    epochs = [event for event in events if event["type"] == "epoch"]
    half, last = epochs[len(epochs) // 2], epochs[-1]
    return (last["step"] - half["step"]) / (last["at"] - half["at"])


def watch(address: str, run: str, followers: int, pages: int) -> list[Heard]:
    """Follow a run to its end, so many times, with so many open pages beside."""
    return asyncio.run(_watch(address, run, followers, pages))


async def _watch(address: str, run: str, followers: int, pages: int) -> list[Heard]:
    async with AsyncExitStack() as stack:
        for number in range(pages):
            await stack.enter_async_context(_page(address, f"cnn?run={run}", number))
        return await asyncio.gather(*(_follow(address, run, number)
                                      for number in range(followers)))


async def _follow(address: str, run: str, number: int) -> Heard:
    heard = Heard()
    async with _socket(address, "live/socket", number) as channel:
        joined = time.time()
        await channel.send(json.dumps({"id": 1, "op": "follow", "run": run}))
        async for text in channel:
            now = time.time()
            events = json.loads(text).get("events", ())
            heard.numbers += [event["seq"] for event in events]
            heard.late += [now - event["at"] for event in events if event["at"] > joined]
            if events and events[-1]["type"] == "end":
                break
    return heard


@asynccontextmanager
async def _page(address: str, path: str, number: int):
    """A page that is open in a browser: its session on the server runs and hears what it shows."""
    page, _, query = path.partition("?")
    async with _socket(address, "_stcore/stream", number) as channel:
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = page
        await channel.send(message.SerializeToString())
        reading = asyncio.create_task(_read(channel))
        follower = asyncio.create_task(_follow(address, query.removeprefix("run="), 1000 + number))
        yield
        reading.cancel()
        await asyncio.wait([follower], timeout=ENDS)


async def _read(channel) -> None:
    async for _ in channel:
        pass


def _socket(address: str, path: str, number: int):
    host = urlsplit(address).netloc
    return connect(f"ws://{host}/{path}", origin=address, proxy=None, max_size=None,
                   open_timeout=60, subprotocols=["streamlit"] if "stream" in path else None,
                   additional_headers={"Cookie": f"{COOKIE}={number:032x}"})


def p95(heard: list[Heard]) -> float:
    """Seconds within which 95 of 100 events came to a follower."""
    return statistics.quantiles([late for each in heard for late in each.late], n=20)[-1]


def gaps(heard: list[Heard]) -> int:
    """How many events followers did not hear that another one did, or heard twice."""
    told = set().union(*(each.numbers for each in heard))
    return sum(len(told ^ set(each.numbers)) + len(each.numbers) - len(set(each.numbers))
               for each in heard)
