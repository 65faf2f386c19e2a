"""Visitors who send what nobody should, and many of them at once."""

import json
import random
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlencode

from hypothesis import strategies as st
from playwright.sync_api import Browser
from streamlit.testing.v1 import AppTest
from websockets.exceptions import ConnectionClosed

from benchmarks.breaking import SHORT, no_traceback
from benchmarks.follower import enter
from benchmarks.museum import visitor
from core.catalogue import ROOMS
from core.live.visitor import COOKIE
from core.params import knobs
from core.settings import settings
from tests.browser import open_page, until
from tests.journeys.cnn import state
from tests.server import ROOT, Server

TOKEN = "0123456789abcdef" * 2
PNG = (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x02\x08\0\0\0\0W\xddR\xf8\0\0\0\x0e"
       b"IDATx\x9cc```\xf8\xcf\0\0\x03\x01\x01\0\xc9\xfe\x92\xef\0\0\0\0IEND\xaeB`\x82")

# Values that links carry, and worse.
VALUES = (st.text(max_size=30) | st.integers().map(str) | st.floats().map(str)
          | st.sampled_from(["", "0", "-1", "1e999", "nan", "true", "adam", "digits", "mnist",
                             "32:3:max:true:0.25,64:3", ":::::", "1:" * 400, "𝟙", "\x00"]))


def links() -> st.SearchStrategy[tuple[str, dict[str, str]]]:
    """A room and a query string for it: its hyperparameters, and anything else."""
    def of(room) -> st.SearchStrategy:
        names = [each.name for each in knobs(room.params)] + ["lang", "present", "run"]
        return st.tuples(st.just(room.name), st.dictionaries(
            st.sampled_from(names) | st.text(min_size=1, max_size=10), VALUES, max_size=5))
    return st.one_of(*map(of, ROOMS))


def link_opened(room: str, query: dict[str, str]) -> None:
    """In this process, without a browser: the page's script runs through."""
    page = AppTest.from_file(str(ROOT / "pages" / f"{room}.py"), default_timeout=60)
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception, f"/{room}?{urlencode(query)}: {page.exception[0].message[:80]}"
    assert page.title, f"/{room}?{urlencode(query)} is empty"


def link_visited(server: Server, browser: Browser, room: str, query: dict[str, str]) -> None:
    """In a browser."""
    page = visitor(browser)
    open_page(page, f"{server.address}/{room}?{urlencode(query)}")
    no_traceback(page)
    assert page.get_by_role("heading", level=1).is_visible()
    page.context.close()


def garbage_frame(server: Server, chance: random.Random) -> None:
    """Something that is no message. The channel may close; a new one is answered at once."""
    frame = chance.choice(FRAMES)(chance)
    with enter(server.address, TOKEN) as channel, suppress(ConnectionClosed):
        channel.send(frame)
        channel.send(json.dumps({"id": 6, "op": "unfollow"}))
        while json.loads(channel.recv(20)).get("id") != 6:
            pass
    with enter(server.address, TOKEN) as channel:
        channel.send(json.dumps({"id": 7, "op": "unfollow"}))
        assert json.loads(channel.recv(20)) == {"id": 7, "answer": {}}


FRAMES: list[Callable[[random.Random], str | bytes]] = [
    lambda chance: chance.randbytes(chance.randrange(1, 2_000)),
    lambda chance: chance.randbytes(1_000).decode("latin-1"),
    lambda chance: "x" * (settings().frame_bytes + chance.randrange(1, 1_000_000)),
    lambda chance: "[" * 100_000,
    lambda chance: json.dumps({"id": chance.choice([None, 1e300, "x", [], 10**400]), "op": "ask"}),
    lambda chance: json.dumps({"id": 1, "op": chance.choice(["follow", "control", "__init__", 7]),
                               "run": chance.randbytes(6).hex(), "since": 10**30}),
    lambda chance: '{"id": 1, "op": "follow", "run": "' + "a" * chance.randrange(99),
]


def garbage_uploaded(server: Server, chance: random.Random) -> None:
    """Bytes that are no picture, or one that was damaged: a sentence, or it is read after all."""
    body = bytearray(PNG if chance.random() < 0.5 else chance.randbytes(chance.randrange(5_000)))
    for _ in range(chance.randrange(1, 6)):
        if body:
            body[chance.randrange(len(body))] = chance.randrange(256)
    request = urllib.request.Request(
        f"{server.address}/live/upload?kind=picture", bytes(body), method="POST",
        headers={"Cookie": f"{COOKIE}={TOKEN}", "Origin": server.address})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert "upload" in json.load(answer)
    except urllib.error.HTTPError as answer:
        if answer.code not in (413, 422) or not json.load(answer)["error"].endswith("."):
            raise


def crowd(server: Server, browser: Browser, count: int) -> None:
    """Everybody presses Train in the same moment. Every run is made, and trains to its end."""
    pages = [visitor(browser) for _ in range(count)]
    for page in pages:
        open_page(page, f"{server.address}/cnn?{SHORT}")
    moment = max(page.evaluate("Date.now() + 2000") for page in pages)
    for page in pages:
        page.evaluate("""moment => setTimeout(
            () => document.querySelector('.st-key-cnn-train button').click(),
            moment - Date.now())""", moment)
    for page in pages:
        page.wait_for_url(lambda url: "run=" in url, timeout=60_000)
    assert len({page.url for page in pages}) == count, "two visitors share a run"
    for page in pages:
        until(lambda page=page: state(page) == "finished", 300, "every run finishes")
        no_traceback(page)
        page.context.close()
