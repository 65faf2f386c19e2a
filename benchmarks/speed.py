"""How much of Keras's own speed is left when a run is recorded and followed."""

import os
import subprocess
import sys

from benchmarks.figures import Figure, alternated, ratio
from benchmarks.follower import enter, follow
from benchmarks.museum import chromium, cookie, museum, visitor, warm
from core.engine.cluster import environment
from core.params import from_text, to_text
from core.rooms.cnn import CNN
from tests.browser import open_page
from tests.journeys.cnn import train
from tests.server import ROOT

EPOCHS = 60  # 4,500 steps

# The same program without recorder, worker, server and follower.
BARE = """
import sys, time
from core.models import cnn
from core.params import from_text
from core.rooms.cnn import CNN
params, _ = from_text(CNN, dict(each.split("=", 1) for each in sys.argv[1:]))
data = cnn.load(params)
model = cnn.build(params, data)
began = time.time()
cnn.train(params, model, data)
print(int(model.optimizer.iterations) / (time.time() - began))
"""


def measure() -> list[Figure]:
    """The first room as it opens, for more epochs; the clock runs over all of ``fit``."""
    params, _ = from_text(CNN, {"epochs": str(EPOCHS)})
    with museum() as server, chromium() as browser:
        warm(server)
        pairs = alternated(lambda: followed(server, browser), lambda: bare(params))
    ours, theirs = zip(*pairs)
    return [Figure("Steps per second of a run with one follower", list(ours), digits=0),
            Figure("… of the bare Keras script", list(theirs), digits=0),
            ratio("… ratio", pairs, ("≥", 0.95))]


def followed(server, browser) -> float:
    """Steps per second of a run that a visitor started and a WebSocket client follows.

    The page is closed at once: what a browser draws is not the server's work."""
    page = visitor(browser)
    open_page(page, f"{server.address}/cnn?epochs={EPOCHS}")
    run, token = train(page), cookie(page)
    page.context.close()
    with enter(server.address, token) as channel:
        events = list(follow(channel, run))
    began = next(each["at"] for each in events if each.get("state") == "running")
    last = [each for each in events if each["type"] == "snapshot"][-1]
    steps = next(each["steps"] for each in events if each["type"] == "begin")
    return steps / (last["at"] - began)


def bare(params: CNN) -> float:
    """Steps per second of ``fit`` without callbacks, with the environment of a trainer."""
    given = [f"{name}={text}" for name, text in to_text(params).items()]
    done = subprocess.run([sys.executable, "-c", BARE, *given], cwd=ROOT, check=True,
                          env={**os.environ, **environment()}, stderr=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True)
    return float(done.stdout)
