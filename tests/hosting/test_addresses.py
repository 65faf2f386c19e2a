"""The address that a visitor hands on: the public one, or the local network's, never localhost."""

import cv2
import numpy as np
import pytest

from core.ui import address
from tests.browser import idle, open_page
from tests.journeys.cnn import LONG, stop, train


@pytest.mark.parametrize(("page", "others"), [
    ("http://localhost:8501/cnn", "http://192.0.2.7:8501"),
    ("http://127.0.0.1:8501/", "http://192.0.2.7:8501"),
    ("http://127.8.9.1/cnn", "http://192.0.2.7"),
    ("http://[::1]:8501/cnn", "http://192.0.2.7:8501"),
    ("http://0.0.0.0:8501/cnn", "http://192.0.2.7:8501"),
    ("http://museum.localhost:8501/cnn", "http://192.0.2.7:8501"),
    ("http://192.0.2.9:8501/cnn", "http://192.0.2.9:8501"),
    ("http://[fd00::2]:8501/cnn", "http://[fd00::2]:8501"),
    ("https://museum.example/a/b/cnn", "https://museum.example/a/b"),
])
def test_the_address_for_others_is_one_that_they_can_open(monkeypatch, page, others):
    monkeypatch.setattr(address, "_local_address", lambda: "192.0.2.7")
    assert address.for_others(page, "cnn") == others


def test_home_behind_a_path_keeps_the_path():
    assert address.for_others("https://museum.example/a/b/", "") == "https://museum.example/a/b"
    assert address.for_others("https://museum.example/a/b", "") == "https://museum.example/a/b"


def handed_on(page) -> str:
    """The link under «Take it home»; fails if the QR code says another one."""
    idle(page)
    code = page.get_by_alt_text("QR code of the link").get_attribute("src")
    link = page.locator("[data-testid=stCode]", has_text="?run=").inner_text().strip()
    camera = page.context.new_page()
    camera.set_content(f'<img width="400" src="{code}">')
    picture = cv2.imdecode(np.frombuffer(camera.screenshot(), np.uint8), cv2.IMREAD_COLOR)
    camera.close()
    assert cv2.QRCodeDetector().detectAndDecode(picture)[0] == link
    return link


@pytest.mark.browser
def test_a_page_opened_at_localhost_hands_on_the_local_network_s_address(server, page):
    open_page(page, f"{server.address.replace('127.0.0.1', 'localhost')}/cnn?{LONG}")
    run = train(page)
    stop(page)
    base = f"http://{address._local_address()}:{server.port}"
    assert handed_on(page) == f"{base}/cnn?run={run}"
