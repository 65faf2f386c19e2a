"""What is pinned can be installed where the museum is hosted."""

import socket
import subprocess
import sys
from urllib.parse import urlparse

import pytest

from tests.server import ROOT


def _index() -> str:
    """Where pip looks for packages."""
    told = subprocess.run([sys.executable, "-m", "pip", "config", "get", "global.index-url"],
                          capture_output=True, text=True).stdout.strip()
    return told or "https://pypi.org/simple"


@pytest.fixture(scope="module")
def index() -> None:
    """Skips, and says so, where no package index can be reached."""
    url = urlparse(_index())
    try:
        if url.hostname:
            socket.create_connection((url.hostname, url.port or 443), timeout=5).close()
    except OSError:
        pytest.skip(f"no package index here: {url.hostname} cannot be reached")


@pytest.fixture(scope="module")
def dry_runs(index, tmp_path_factory):
    """Both at once: they mostly wait for the index."""
    return {python: subprocess.Popen(
        [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--ignore-installed",
         "--disable-pip-version-check", "--only-binary=:all:", "--python-version", python,
         "--target", tmp_path_factory.mktemp("dry"), "-r", ROOT / "requirements.txt"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for python in ("3.12", "3.13")}


@pytest.mark.parametrize("python", ["3.12", "3.13"])
def test_the_pinned_packages_can_be_installed_together(dry_runs, python):
    _, said = dry_runs[python].communicate(timeout=280)
    assert dry_runs[python].returncode == 0, said[-2000:]
