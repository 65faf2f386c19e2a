"""How much memory the museum takes while a visitor does all there is to do in a room."""

import threading

from benchmarks.figures import Figure
from benchmarks.museum import chromium, family, memory, museum, trainers, visitor
from tests.browser import idle, open_page, until
from tests.journeys.cnn import ONE, draw, picture, state, top, train


def measure() -> list[Figure]:
    """Server and workers together; what they share counts once."""
    with museum() as server, chromium() as browser, Peak(server.pid) as peak:
        journey(server.address, visitor(browser))
        after = memory(server.pid)
        trainer = sum(map(memory, trainers(server.pid)))
        print(f"  {len(family(server.pid))} processes", flush=True)
    return [Figure("Memory of server and workers after the journey through /cnn", [after / 1000],
                   "GB", ("≤", 1.5)),
            Figure("… of the trainer alone", [trainer / 1000], "GB"),
            Figure("… at its peak during the journey", [peak.megabytes / 1000], "GB")]


def journey(address: str, page) -> None:
    """Train the network as the page opens, draw, look inside, compare, take home."""
    open_page(page, f"{address}/cnn")
    train(page)
    until(lambda: state(page) == "finished", 180, "finished")
    idle(page)
    draw(page, *ONE)
    until(lambda: top(page) == "1", 60, "the drawn one is read")
    inside = page.locator("[data-module=inside]")
    inside.scroll_into_view_if_needed()
    until(lambda: inside.locator(".pc-node").count() >= 8, 60, "layers")
    page.get_by_role("button", name="Measure logistic regression").click()
    page.get_by_text("Logistic regression").first.wait_for()
    until(lambda: page.locator("[data-testid=stMetric]").count() >= 2, 60, "the comparison")
    with page.expect_download() as download:
        page.get_by_role("button", name="Network (.keras)").click()
    assert download.value.path().stat().st_size > 10_000
    assert picture(page).is_visible()


class Peak:
    """The most memory that a server and its workers took meanwhile, looked at every second."""

    def __init__(self, pid: int) -> None:
        self.pid, self.megabytes = pid, 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Peak":
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(1):
            self.megabytes = max(self.megabytes, memory(self.pid))
