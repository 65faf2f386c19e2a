"""Fixtures of all tests: a home of one's own, a running server, a browser."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.server import ROOT, Server

PATIENCE = 60_000  # ms for an element to appear, see tests.browser.STANDSTILL
ARTIFACTS = ROOT / "tests" / "artifacts"
DATA = Path(os.environ.get("PERCEPTORIUM_TEST_DATA", ROOT.parent / "shared" / "data"))

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
]

# How fast something is, no test asserts: a machine may be busy with other things.
settings.register_profile("museum", deadline=None)
settings.load_profile("museum")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys go last: Playwright's event loop stays, and asynchronous tests need their own."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("data") and not DATA.is_dir():
        pytest.skip("the real data sets are not here: name their folder in PERCEPTORIUM_TEST_DATA")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """Leave the outcome on the test, where fixtures find it when they close."""
    report = yield
    item.failed = getattr(item, "failed", False) or report.failed
    return report


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new, empty PERCEPTORIUM_HOME for this test."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("PERCEPTORIUM_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of the real data sets, for tests marked `data`."""
    return DATA


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One running museum for all tests that only visit it."""
    server = Server(tmp_path_factory.mktemp("museum")).start()
    yield server
    server.stop()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Makes servers that a test may stop, kill and restart; keywords are their environment."""
    servers = []

    def start(**env: str) -> Server:
        folder = tmp_path / f"museum-{len(servers)}"
        folder.mkdir()
        servers.append(Server(folder, **env))
        return servers[-1].start()

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def browser():
    """Chromium, headless, with a camera and a microphone that show a test picture and beep."""
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        missing = "no Chromium on this machine (Debian: apt install chromium)"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=CHROMIUM_OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture
def problems() -> list[str]:
    """Errors that pages reported; a test that expects some clears the list before it ends."""
    return []


@pytest.fixture
def new_page(browser, problems: list[str], request: pytest.FixtureRequest):
    """Makes pages, each of a visitor of its own; keywords go to `browser.new_context`.

    A failed test leaves a picture of every page in tests/artifacts.
    """
    pages = []

    def make(**options):
        options = {"viewport": {"width": 1440, "height": 900}, "locale": "en-US",
                   "permissions": ["camera", "microphone"], **options}
        page = browser.new_context(**options).new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: _note(message, problems))
        page.on("pageerror", lambda error: problems.append(f"uncaught: {error}"))
        pages.append(page)
        return page

    yield make
    failed = getattr(request.node, "failed", False) or problems
    for number, page in enumerate(pages):
        if failed and not page.is_closed():
            name = re.sub(r"\W+", "-", request.node.nodeid).strip("-")
            page.screenshot(path=ARTIFACTS / f"{name}-{number}.png")
        page.context.close()
    assert not problems, "the browser reported:\n" + "\n".join(problems)


@pytest.fixture
def page(new_page):
    """A page of a visitor at a desk: 1440×900, English."""
    return new_page()


# Under a deep link Streamlit's page looks for its server here first, then one step up.
PROBES = re.compile(r"/\w+/_stcore/(health|host-config)$")
# It looks whether a download is there, also when the page has just been drawn without it: what a
# visitor downloads is tested by downloading it.
DOWNLOADS = re.compile(r"/media/\w+\.\w+$|Download Button source error - 404")


def _note(message, problems: list[str]) -> None:
    url = message.location.get("url", "")
    known = PROBES.search(url) or DOWNLOADS.search(url) or DOWNLOADS.search(message.text)
    if message.type == "error" and not (known and "404" in message.text):
        problems.append(f"console: {message.text} ({url})")
