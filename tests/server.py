"""The museum in a process of its own, as a visitor meets it."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parent.parent


class Server:
    """`streamlit run app.py` on a free port.

    A restart keeps the port, so that an open page finds the server again, and the home, so that
    what was kept is found again. ``env`` may be changed between two starts, and before the first
    ``host``, on which it listens, and ``address``, at which it is visited.
    """

    def __init__(self, home: Path, app: Path = ROOT / "app.py", **env: str) -> None:
        self.home, self.app, self.env = home, app, env
        self.port = _free_port()
        self.host = "127.0.0.1"
        self.address = f"http://127.0.0.1:{self.port}"
        self.log_file = home / "server.log"
        self._process: subprocess.Popen | None = None

    @property
    def log(self) -> str:
        """Everything the server has printed so far, over all its starts."""
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    @property
    def pid(self) -> int:
        """The server's own process; its workers are its children."""
        return self._process.pid

    def start(self, seconds: float = 90) -> "Server":
        """Start the server and wait until it can be visited."""
        env = {**os.environ, "PYTHONUNBUFFERED": "1", "PERCEPTORIUM_HOME": str(self.home),
               **self.env}
        command = [sys.executable, "-m", "streamlit", "run", str(self.app),
                   "--server.port", str(self.port), "--server.address", self.host]
        with self.log_file.open("ab") as log:
            # A session of its own: its workers are in its process group and end with it.
            self._process = subprocess.Popen(command, cwd=self.app.parent, env=env, stdout=log,
                                             stderr=log, stdin=subprocess.DEVNULL,
                                             start_new_session=True)
        end = time.monotonic() + seconds
        while not self.healthy():
            code = self._process.poll()
            if code is not None or time.monotonic() > end:
                self.kill()
                how = "did not come up" if code is None else f"ended with {code}"
                raise RuntimeError(f"the server {how}:\n{self.log[-4000:]}")
            time.sleep(0.2)
        return self

    def healthy(self) -> bool:
        """Whether the health route answers; Streamlit answers unknown paths with its own page."""
        try:
            with urllib.request.urlopen(f"{self.address}/live/health", timeout=5) as answer:
                return json.load(answer)["status"] == "ok"
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
            return False

    def stop(self, seconds: float = 20) -> None:
        """End as by Ctrl-C, so that the server can put away what it has; then end the rest."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        self.kill()

    def kill(self) -> None:
        """End at once with all workers, as by a power cut."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def restart(self) -> "Server":
        """End properly and start again with the same home and port."""
        self.stop()
        return self.start()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
