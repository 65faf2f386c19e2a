"""A running museum and a browser to visit it, for benchmarks and fault runs."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from core.live.visitor import COOKIE
from tests.browser import until
from tests.conftest import CHROMIUM, CHROMIUM_OPTIONS, PATIENCE
from tests.server import Server


@contextmanager
def museum(**env: str) -> Iterator[Server]:
    """A server with a new home."""
    with tempfile.TemporaryDirectory(prefix="perceptorium-") as folder:
        server = Server(Path(folder), **env).start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser."""
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        raise SystemExit("no Chromium on this machine (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


def visitor(browser: Browser) -> Page:
    """A page of a new visitor."""
    page = browser.new_context(viewport={"width": 1440, "height": 900},
                               locale="en-US").new_page()
    page.set_default_timeout(PATIENCE)
    return page


def cookie(page: Page) -> str:
    """The key to the visitor's runs."""
    return next(each["value"] for each in page.context.cookies() if each["name"] == COOKIE)


def warm(server: Server) -> None:
    """Wait until the trainer has loaded TensorFlow."""
    until(lambda: trainers(server.pid), 120, "a trainer with TensorFlow")


def trainers(pid: int) -> list[int]:
    """The processes under ``pid`` that have loaded TensorFlow."""
    return [each for each in family(pid) if "tensorflow" in _text(f"/proc/{each}/maps")]


def family(pid: int) -> list[int]:
    """A process and all that it started, and they in turn."""
    children = [int(child) for task in Path(f"/proc/{pid}/task").glob("*")
                for child in _text(task / "children").split()]
    return [pid, *(each for child in children for each in family(child))]


def memory(pid: int) -> float:
    """What a process and all it started take of the memory, MB.

    Each process counts with its own pages; libraries that several of them have open count once.
    (The kernel's PSS would be smaller while other programs on the machine use the same libraries.)
    """
    own, files = 0, Counter()
    for each in family(pid):
        kept = _pages(each)
        own += kept.pop("", 0)
        for name, size in kept.items():
            files[name] = max(files[name], size)
    return (own + files.total()) * 1024 / 1e6


def _pages(pid: int) -> Counter[str]:
    """A process's resident memory, kB, by the file it comes from; "" has what is its own."""
    found, name = Counter(), ""
    for line in _text(f"/proc/{pid}/smaps").splitlines():
        words = line.split(maxsplit=5)
        if not words[0].endswith(":"):
            name = words[5] if len(words) > 5 and words[5].startswith("/") else ""
        elif words[0] == "Rss:":
            found[name] += int(words[1])
        elif words[0] == "Anonymous:" and name:  # pages of a file that the process has changed
            found[name] -= int(words[1])
            found[""] += int(words[1])
    return found


def _text(path: str | Path) -> str:
    try:
        return Path(path).read_text()
    except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
        return ""
