"""Break things on purpose and count what survives: ``python -m benchmarks.faults [name …]``.

Survived means: no event missed or doubled, no run lost that could be kept, what comes next
works, and no visitor saw a traceback.
"""

import argparse
import random
import tempfile
from collections.abc import Callable
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from playwright.sync_api import Browser
from playwright.sync_api import Error as BrowserError

from benchmarks.breaking import machines, strangers
from benchmarks.figures import machine
from benchmarks.museum import chromium, museum
from core import engine
from core.engine import Engine
from core.settings import Settings
from core.store import Store
from core.ui import visit
from tests.server import Server

VISITED = 50  # of the generated links, every so many-th is opened in a browser too
CROWD = 20
TRACEBACK = "Traceback (most recent call last)"


def main() -> None:
    faults = {
        "trainer": ("trainer killed in mid-epoch", 3, _repeated(machines.trainer_killed)),
        "server": ("server killed in mid-run and restarted", 3, _repeated(machines.server_killed)),
        "network": ("network gone for 10 s in mid-run", 3, _repeated(machines.network_gone)),
        "frames": ("garbage and oversized frames", 1_000, _random(strangers.garbage_frame)),
        "uploads": ("garbage uploads", 1_000, _random(strangers.garbage_uploaded)),
        "links": (f"generated links, one in {VISITED} in Chromium too", 1_000, _links),
        "crowd": ("visitors press Train within a second", CROWD, _crowd),
    }
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*faults, []], metavar="name",
                        help=f"of {', '.join(faults)}; all by default")
    rows = ["| Fault | Tried | Survived | Lost |", "|---|---|---|---|"]
    for name in parser.parse_args().names or faults:
        told, tries, inflict = faults[name]
        with museum() as server, chromium() as browser:
            lost = inflict(server, browser, tries)
            if TRACEBACK in server.log:
                lost.append("a traceback in the server's log")
                print(server.log[server.log.index(TRACEBACK):][:3_000])
        says = "; ".join(sorted(set(lost))[:3]) or "nothing"
        rows.append(f"| {told} | {tries:,} | {tries - len(lost):,} | {says} |")
        print(rows[-1], flush=True)
    print("\n".join(["", machine(), "", *rows]))
    raise SystemExit(not all(row.endswith("| nothing |") for row in rows[2:]))


def _attempt(fault: Callable[[], None]) -> list[str]:
    """What was lost in one try: a sentence, or nothing."""
    try:
        fault()
    except (AssertionError, BrowserError, TimeoutError, OSError) as error:
        return [str(error).partition("\n")[0] or type(error).__name__]
    return []


def _repeated(fault: Callable[[Server, Browser], None]) -> Callable:
    return lambda server, browser, tries: [
        each for _ in range(tries) for each in _attempt(lambda: fault(server, browser))]


def _random(fault: Callable[[Server, random.Random], None]) -> Callable:
    return lambda server, browser, tries: [
        each for number in range(tries)
        for each in _attempt(lambda number=number: fault(server, random.Random(number)))]


def _crowd(server: Server, browser: Browser, tries: int) -> list[str]:
    return _attempt(lambda: strangers.crowd(server, browser, tries))


def _links(server: Server, browser: Browser, tries: int) -> list[str]:
    lost, tried = [], 0

    @trying(max_examples=tries, deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck))
    @given(strangers.links())
    def open_each(link: tuple[str, dict[str, str]]) -> None:
        nonlocal tried
        tried += 1
        lost.extend(_attempt(partial(strangers.link_opened, *link)))
        if tried % VISITED == 0:
            lost.extend(_attempt(partial(strangers.link_visited, server, browser, *link)))

    with pages_without_server():
        open_each()
    return lost


@contextmanager
def pages_without_server():
    """Pages can run in this process: an engine without workers, a visitor without a cookie."""
    with tempfile.TemporaryDirectory() as home:
        engine.set_current(Engine(Settings(home=Path(home)), Store(Path(home))))
        visitor, visit.visitor = visit.visitor, lambda: "somebody"
        try:
            yield
        finally:
            visit.visitor = visitor
            engine.set_current(None)


if __name__ == "__main__":
    main()
