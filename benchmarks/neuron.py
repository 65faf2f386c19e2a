"""How fast the network from scratch trains while it is watched: ``python -m benchmarks neuron``.

The bars are tensorflow/playground's, measured in headless Chromium on two cores: 51 epochs a second
with its default network and 11 with six layers of eight on the spiral, each with a redraw.
"""

import os
import tempfile
import time
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.museum import chromium, museum, visitor
from core.engine import Engine
from core.rooms.neuron import Neuron
from core.settings import Settings
from core.store import Store
from tests.browser import open_page, until
from tests.journeys.cnn import train

SECONDS = 2.0  # of each measurement
TIMES = 7
STEPS_PER_EPOCH = 25  # 250 training points in batches of 10

DEFAULT = "epochs=20000"
DEEP = ("epochs=20000&dataset=spiral&hidden=" + ",".join(["8"] * 6)
        + "&optimizer=adam&learning_rate=0.005")


def measure() -> list[Figure]:
    """Epochs a second and drawn surfaces a second, alone and with four visitors; the start."""
    figures = [Figure("Start of a run: from its place in the queue to its first batch", starts(),
                      "ms", ("≤", 200), digits=0)]
    with museum() as server, chromium() as browser:
        figures += watched(server, browser, DEFAULT, "4–2 on the circle", 51)
        figures += watched(server, browser, DEEP, "six layers of eight on the spiral", 44)
        four = [begin(server, browser, DEFAULT) for _ in range(4)]
        rates = [rate for _ in range(TIMES) for rate in together(four)]
        figures.append(Figure("Surfaces a second, each of four visitors", [
            updates for _, updates in rates], digits=1, goal=("≥", 10)))
        figures.append(Figure("… the slowest of the four, median over time", [
            min(updates for _, updates in rates[at:at + 4]) for at in range(0, len(rates), 4)],
            digits=1, goal=("≥", 10)))
    return figures


def starts() -> list[float]:
    """Milliseconds of several starts, the first one in a fresh worker."""
    with tempfile.TemporaryDirectory(prefix="perceptorium-") as folder:
        engine = Engine(Settings(home=Path(folder)), Store(Path(folder)))
        engine.open()
        try:
            return [start(engine) for _ in range(TIMES)]
        finally:
            engine.close()


def start(engine: Engine) -> float:
    run_id = engine.start("neuron", Neuron(epochs=1), "me")
    until(lambda: engine.events(run_id)[-1]["type"] == "end", 60, "a short run")
    begin = next(event for event in engine.events(run_id) if event["type"] == "begin")
    return 1000 * (begin["at"] - engine.run(run_id).started)


def watched(server, browser, link: str, name: str, bar: int) -> list[Figure]:
    """One visitor alone."""
    page = begin(server, browser, link)
    rates = [together([page])[0] for _ in range(TIMES)]
    print(f"  {name}: {rates} (load {os.getloadavg()[0]:.1f})", flush=True)
    end(page)
    return [Figure(f"Epochs a second, {name}", [epochs for epochs, _ in rates], digits=0,
                   goal=("≥", bar)),
            Figure(f"Surfaces a second, {name}", [updates for _, updates in rates], digits=1,
                   goal=("≥", 20))]


def begin(server, browser, link: str):
    """A visitor's page with a run under way."""
    page = visitor(browser)
    open_page(page, f"{server.address}/neuron?{link}")
    train(page)
    until(lambda: seen(page)[1] > 100, 60, "the network is trained and drawn")
    return page


def end(page) -> None:
    """Stop the run and close the page."""
    page.locator("[data-module=run]").get_by_role("button", name="Stop", exact=True).click()
    page.context.close()


def together(pages: list) -> list[tuple[float, float]]:
    """(epochs, surfaces) a second of each page over the same time."""
    before = [(time.monotonic(), *seen(page)) for page in pages]
    pages[0].wait_for_timeout(SECONDS * 1000)
    after = [(time.monotonic(), *seen(page)) for page in pages]
    return [((step - first) / STEPS_PER_EPOCH / (then - now), (drawn - known) / (then - now))
            for (now, known, first), (then, drawn, step) in zip(before, after)]


def seen(page) -> tuple[int, int]:
    """How often the surface was drawn with new weights, and after how many steps they were."""
    return tuple(page.locator("[data-module=plane]").evaluate(
        "(root) => [Number(root.dataset.updates), Number(root.dataset.trained)]"))
