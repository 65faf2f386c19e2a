"""A hosted copy: under a path that a proxy in front strips."""

import io
import json
import urllib.request

import pytest
from PIL import Image

from benchmarks.follower import enter, follow
from benchmarks.museum import cookie
from tests.browser import idle, open_page, until
from tests.hosting.test_addresses import handed_on
from tests.journeys.cnn import LONG, ONE, draw, picture, state, stop, top, train
from tests.proxy import Proxy

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def proxy(server):
    with Proxy(server.port, prefix="/museum", keeps_host=False) as proxy:
        yield proxy


def digit() -> bytes:
    """A photograph of a one, more or less."""
    image = Image.new("L", (90, 120), 240)
    image.paste(20, (40, 20, 50, 100))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def test_the_server_behind_is_the_museum(proxy):
    with urllib.request.urlopen(f"{proxy.address}/live/health") as answer:
        assert json.load(answer)["status"] == "ok"


def test_a_journey_under_a_prefix(proxy, new_page):
    """Deep link, curves by the socket, a follower, a drawing, an upload, the link for others."""
    page = new_page()
    sockets = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    open_page(page, f"{proxy.address}/cnn?{LONG}")
    run = train(page)
    until(lambda: int(picture(page).get_attribute("data-updates")) >= 5, 60, "curves grow")
    assert any("/museum/live/socket" in url for url in sockets), sockets

    watcher = new_page()
    open_page(watcher, f"{proxy.address}/cnn?run={run}")
    until(lambda: state(watcher) == "running", says="a follower sees it")

    stop(page)
    until(lambda: state(watcher) == "stopped", says="the follower sees the end")
    draw(page, *ONE)
    until(lambda: top(page), says="a drawing is answered")
    page.locator("[data-module=tryit]").get_by_role("tab").nth(1).click()
    page.locator("[data-module=tryit] input[type=file]").set_input_files(
        {"name": "one.png", "mimeType": "image/png", "buffer": digit()})
    page.locator("[data-module=tryit][data-state=answered]").wait_for()

    assert handed_on(page).endswith(f":{proxy.port}/museum/cnn?run={run}")
    page.get_by_role("button", name="简体中文").click()
    idle(page)
    assert "/museum/cnn" in page.url


def test_a_follower_without_a_browser(proxy, page):
    open_page(page, f"{proxy.address}/cnn?{LONG}")
    run = train(page)
    with enter(proxy.address, cookie(page)) as channel:
        events = follow(channel, run)
        assert next(events)["seq"] == 1
        stop(page)
        *_, end = events
    assert end["state"] == "stopped"
