"""A trainer, the server or the network is gone."""

import os
import signal
import time
from collections.abc import Iterator

from playwright.sync_api import Browser

from benchmarks.breaking import SHORT, in_order, no_traceback
from benchmarks.follower import enter, follow, follow_on
from benchmarks.museum import cookie, trainers, visitor, warm
from tests.browser import open_page, until
from tests.journeys.cnn import LONG, picture, state, stop, train
from tests.proxy import Proxy
from tests.server import Server

# All numbers of events that a page's live channel received.
LISTEN = """
window.heard = new Set();
const Real = WebSocket;
window.WebSocket = class extends Real {
  constructor(url, ...rest) {
    super(url, ...rest);
    if (String(url).includes('/live/socket')) this.addEventListener('message', ({ data }) => {
      for (const { seq } of JSON.parse(data).events ?? []) heard.add(seq);
    });
  }
};"""
HEARD = "() => [...heard].sort((a, b) => a - b)"
# The steps of the points in the first curve.
POINTS = "() => [...document.querySelector('[data-module=run] .js-plotly-plot')?.data[0].x ?? []]"


def trainer_killed(server: Server, browser: Browser) -> None:
    """In mid-epoch. The run says so with all its events, and the next one trains."""
    warm(server)
    page = visitor(browser)
    open_page(page, f"{server.address}/cnn?{LONG}")
    run = train(page)
    with enter(server.address, cookie(page)) as channel:
        events = follow(channel, run)
        seen = _until_epoch(events, 2)
        for trainer in trainers(server.pid):
            os.kill(trainer, signal.SIGKILL)
        seen += events
    in_order([event["seq"] for event in seen])
    assert seen[-1]["state"] == "lost", f"the run ended as {seen[-1]['state']}"
    until(lambda: state(page) == "lost", says="the page says that the run is lost")
    no_traceback(page)
    open_page(page, f"{server.address}/cnn?{SHORT}")
    train(page)
    until(lambda: state(page) == "finished", 120, "the next run trains")
    page.context.close()


def server_killed(server: Server, browser: Browser) -> None:
    """In mid-run, with all workers. After a restart the run is there, lost, with its curves."""
    page = visitor(browser)
    open_page(page, f"{server.address}/cnn?{LONG}")
    run, token = train(page), cookie(page)
    with enter(server.address, token) as channel:
        seen = _until_epoch(follow(channel, run), 3)
    server.kill()
    server.start()
    with enter(server.address, token) as channel:
        kept = list(follow(channel, run))
    in_order([event["seq"] for event in kept])
    assert kept[: len(seen)] == seen, f"{len(seen)} events were seen, {len(kept) - 1} are kept"
    assert kept[-1]["state"] == "lost", f"the run is {kept[-1]['state']}"
    open_page(page, f"{server.address}/cnn?run={run}")
    until(lambda: state(page) == "lost", says="the page says that the run is lost")
    until(lambda: page.evaluate(POINTS), says="its curve is drawn")
    no_traceback(page)
    page.context.close()


def network_gone(server: Server, browser: Browser, seconds: float = 10) -> None:
    """Between server and visitors, in mid-run: a page and a bare follower miss nothing."""
    with Proxy(server.port) as proxy:
        page = visitor(browser)
        page.add_init_script(LISTEN)
        open_page(page, f"{proxy.address}/cnn?{LONG}")
        run = train(page)
        events = follow_on(proxy.address, cookie(page), run)
        seen = _until_epoch(events, 2)
        proxy.cut()
        time.sleep(seconds)  # this is the fault itself
        proxy.restore()
        before = len(page.evaluate(HEARD))
        until(lambda: len(page.evaluate(HEARD)) > before, 60, "the page hears again")
        no_traceback(page)
        if state(page) == "running":
            stop(page)
        seen += events
        in_order([event["seq"] for event in seen])
        until(lambda: picture(page).get_attribute("data-seq") == str(seen[-1]["seq"]), 30,
              "the page has seen the end")
        in_order(page.evaluate(HEARD))
        steps = until(lambda: page.evaluate(POINTS), says="its curve is drawn")
        assert sorted(set(steps)) == steps, "a point of the curve is doubled"
        page.context.close()


def _until_epoch(events: Iterator[dict], epoch: int) -> list[dict]:
    """The events until the first batch after this many epochs."""
    seen = []
    for event in events:
        seen.append(event)
        if event["type"] == "batch" and event["epoch"] > epoch:
            return seen
    raise AssertionError(f"the run ended before epoch {epoch}: {seen[-1]}")
