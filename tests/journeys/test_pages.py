"""Every page opens, in every language, at every width, without loading TensorFlow."""

from pathlib import Path

import pytest

from core.catalogue import ROOMS
from tests.browser import no_english, open_page, until

pytestmark = pytest.mark.browser

PATHS = ["", "runs", "workshops", "handout?room=cnn", *(room.name for room in ROOMS)]
PHONE, DESK, WALL = 390, 1440, 1920  # px

OVER = """() => [...document.querySelectorAll('[data-testid=stMain] *')]
    .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
    .filter(each => !each.closest('.pc-strip, pre, .katex'))
    // Streamlit's sliders carry an input for the keyboard that is clipped to one pixel.
    .filter(each => !each.closest('[style*="clip-path: inset(50%)"]'))
    .map(each => `${each.tagName}.${each.className}`).slice(0, 5)"""


def _loaded(pid: int, library: str) -> bool:
    return library in Path(f"/proc/{pid}/maps").read_text()


def test_a_deep_link_is_the_very_first_visit_of_a_fresh_server(own_server, page):
    open_page(page, f"{own_server().address}/cnn?epochs=3")
    assert page.get_by_role("heading", name="Convolutional network").is_visible()
    assert page.get_by_role("button", name="Train", exact=True).is_enabled()


@pytest.mark.parametrize("path", PATHS)
def test_a_page_fits_every_width_and_loads_no_tensorflow(server, new_page, path):
    page = new_page(viewport={"width": WALL, "height": 900})
    open_page(page, f"{server.address}/{path}")
    for width in (WALL, DESK):  # a page must stand that its window is made smaller, too
        page.set_viewport_size({"width": width, "height": 900})
        until(lambda: page.evaluate(OVER) == [], says=f"at {width} px: {page.evaluate(OVER)}")
    page.set_viewport_size({"width": PHONE, "height": 900})
    open_page(page, f"{server.address}/{path}")
    assert page.evaluate(OVER) == []
    assert page.locator(".katex-error").count() == 0, "a formula that cannot be read"
    assert not _loaded(server.pid, "tensorflow")


@pytest.mark.parametrize("path", PATHS)
def test_a_page_in_chinese_has_no_english_left(server, new_page, path):
    page = new_page(locale="zh-CN")
    open_page(page, f"{server.address}/{path}")
    assert no_english(page) == []


def test_what_is_loaded_into_the_server_can_be_seen(server):
    assert _loaded(server.pid, "numpy")


def test_the_language_of_the_link_goes_before_the_browser_s_and_stays(server, new_page):
    page = new_page(locale="zh-CN")
    open_page(page, f"{server.address}/?lang=en")
    assert page.get_by_role("heading", name="Seeing").is_visible()
    page.get_by_role("link", name="Convolutional network").click()
    page.get_by_role("heading", name="Convolutional network").wait_for()
