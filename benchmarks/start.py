"""How long from the start of the server to a page that can be used."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.figures import Figure, alternated, ratio
from benchmarks.museum import chromium, visitor
from tests.browser import IDLE
from tests.server import ROOT

QUIET = {"STREAMLIT_SERVER_HEADLESS": "true", "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false"}


def measure() -> list[Figure]:
    """Against ``streamlit hello``, the smallest app that Streamlit itself shows."""
    with chromium() as browser:
        pairs = alternated(lambda: seconds(browser, ["run", str(ROOT / "app.py")], ROOT),
                           lambda: seconds(browser, ["hello"], Path(tempfile.gettempdir())))
    ours, theirs = zip(*pairs)
    return [Figure("Server start to first page usable", list(ours), "s"),
            Figure("… of `streamlit hello`, started the same way", list(theirs), "s"),
            ratio("… ratio", pairs, ("≤", 2))]


def seconds(browser: Browser, command: list[str], folder: Path) -> float:
    """From the start of the process until Chromium shows the finished page."""
    port = _free_port()
    page = visitor(browser)
    with tempfile.TemporaryDirectory() as home:
        began = time.perf_counter()
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", *command, "--server.port", str(port),
             "--server.address", "127.0.0.1"], cwd=folder, start_new_session=True,
            env={**os.environ, **QUIET, "PERCEPTORIUM_HOME": home},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait_for(port, server)
            page.goto(f"http://127.0.0.1:{port}/")
            page.wait_for_function(IDLE, timeout=60_000)
            return time.perf_counter() - began
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
            page.context.close()


def _wait_for(port: int, server: subprocess.Popen) -> None:
    while server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    raise RuntimeError(f"the server ended with {server.returncode}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
