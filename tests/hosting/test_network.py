"""The museum on the local network and by https."""

import subprocess
from pathlib import Path

import pytest

from benchmarks.room import Peak, journey
from core.ui.address import _local_address
from tests.browser import open_page, until
from tests.hosting.test_addresses import handed_on
from tests.journeys.cnn import LONG, picture, state, stop, train
from tests.server import Server

pytestmark = pytest.mark.browser

COMMUNITY_CLOUD = 2_700  # MB, the least that a free host gives


@pytest.fixture(scope="module")
def lan(tmp_path_factory) -> Server:
    """A server as `make run` starts it: on every address of this machine."""
    server = Server(tmp_path_factory.mktemp("lan"))
    server.host, server.address = "0.0.0.0", f"http://{_local_address()}:{server.port}"
    yield server.start()
    server.stop()


def test_the_whole_journey_fits_into_a_small_host(lan, new_page):
    with Peak(lan.pid) as peak:
        journey(lan.address, new_page())
    assert 300 < peak.megabytes < COMMUNITY_CLOUD, f"{peak.megabytes:.0f} MB"


def test_two_follow_a_run_over_the_local_network(lan, new_page):
    page = new_page()
    open_page(page, f"{lan.address}/cnn?{LONG}")
    run = train(page)
    watchers = [new_page(viewport={"width": 390, "height": 844}) for _ in range(2)]
    for watcher in watchers:
        open_page(watcher, f"{lan.address}/cnn?run={run}")
    for watcher in watchers:
        until(lambda watcher=watcher: int(picture(watcher).get_attribute("data-updates")) >= 5,
              says="curves grow")
    stop(page)
    for watcher in watchers:
        until(lambda watcher=watcher: state(watcher) == "stopped", says="the followers see the end")
    assert handed_on(page) == f"{lan.address}/cnn?run={run}"


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine that it has signed itself, and its key, as in the README."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30",
                    "-keyout", key, "-out", cert, "-subj", "/CN=perceptorium",
                    "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    return cert, key


def test_https_with_a_certificate_of_one_s_own(tmp_path, monkeypatch, new_page):
    cert, key = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))  # so that this test trusts it
    server = Server(tmp_path, STREAMLIT_SERVER_SSL_CERT_FILE=str(cert),
                    STREAMLIT_SERVER_SSL_KEY_FILE=str(key),
                    PERCEPTORIUM_PUBLIC_URL="https://museum.example/")
    server.address = f"https://127.0.0.1:{server.port}"
    try:
        server.start()
        page = new_page(ignore_https_errors=True)
        sockets = []
        page.on("websocket", lambda socket: sockets.append(socket.url))
        open_page(page, f"{server.address}/cnn?{LONG}")
        run = train(page)
        until(lambda: int(picture(page).get_attribute("data-updates")) >= 5, 60, "curves grow")
        assert any(url.startswith(f"wss://127.0.0.1:{server.port}/live/socket") for url in sockets)
        assert all(each["secure"] for each in page.context.cookies()
                   if each["name"] == "perceptorium_visitor")
        assert page.evaluate("isSecureContext")  # so that phones lend their cameras
        stop(page)
        assert handed_on(page) == f"https://museum.example/cnn?run={run}"
        page.context.close()  # before the server, which it would miss
    finally:
        server.stop()
