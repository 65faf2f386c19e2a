"""How long after the kill of a trainer the next run trains."""

import os
import signal
import time

from benchmarks.figures import PAIRS, Figure
from benchmarks.follower import enter, follow
from benchmarks.museum import chromium, cookie, museum, trainers, visitor, warm
from tests.browser import idle, open_page, until
from tests.journeys.cnn import LONG, state, stop, train


def measure() -> list[Figure]:
    """From the kill in mid-run, with Train pressed as soon as the page says that the run is lost,
    to the next run's first batch on a new trainer."""
    with museum() as server, chromium() as browser:
        warm(server)
        page = visitor(browser)
        open_page(page, f"{server.address}/cnn?{LONG}")
        seconds = []
        while len(seconds) < PAIRS:
            train(page)
            for trainer in trainers(server.pid):
                os.kill(trainer, signal.SIGKILL)
            killed = time.monotonic()
            until(lambda: state(page) == "lost", 60, "the page says that the run is lost")
            idle(page)
            run = train(page)
            with enter(server.address, cookie(page)) as channel:
                next(event for event in follow(channel, run) if event["type"] == "batch")
            seconds.append(time.monotonic() - killed)
            print(f"  {len(seconds)} of {PAIRS}: {seconds[-1]:.1f} s "
                  f"(load {os.getloadavg()[0]:.1f})", flush=True)
            stop(page)
            idle(page)
    return [Figure("Kill of a trainer to the next run's first batch", seconds, "s", ("≤", 8), 1)]
