"""Every page opens, in every language, at every width, without loading TensorFlow."""

from pathlib import Path

import pytest

from core.catalogue import ROOMS
from tests.browser import no_english, open_page

pytestmark = pytest.mark.browser

PATHS = ["", "runs", "workshops", "handout?room=cnn", *(room.name for room in ROOMS)]
WIDTHS = [390, 1440, 1920]


def _loaded(pid: int, library: str) -> bool:
    return library in Path(f"/proc/{pid}/maps").read_text()


def test_a_deep_link_is_the_very_first_visit_of_a_fresh_server(own_server, page):
    open_page(page, f"{own_server().address}/cnn?epochs=3")
    assert page.get_by_role("heading", name="Convolutional network").is_visible()
    assert page.get_by_role("button", name="Train", exact=True).is_enabled()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_overflows_the_page(server, new_page, path, width):
    page = new_page(viewport={"width": width, "height": 900})
    open_page(page, f"{server.address}/{path}")
    over = page.evaluate("""() => [...document.querySelectorAll('[data-testid=stMain] *')]
        .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
        .filter(each => !each.closest('.pc-strip, pre, .katex'))
        // Streamlit's sliders carry an input for the keyboard that is clipped to one pixel.
        .filter(each => !each.closest('[style*="clip-path: inset(50%)"]'))
        .map(each => `${each.tagName}.${each.className}`).slice(0, 5)""")
    assert over == []


@pytest.mark.parametrize("path", PATHS)
def test_a_page_in_chinese_has_no_english_left(server, new_page, path):
    page = new_page(locale="zh-CN")
    open_page(page, f"{server.address}/{path}")
    assert no_english(page) == []


def test_the_language_of_the_link_goes_before_the_browser_s_and_stays(server, new_page):
    page = new_page(locale="zh-CN")
    open_page(page, f"{server.address}/?lang=en")
    assert page.get_by_role("heading", name="Seeing").is_visible()
    page.get_by_role("link", name="Convolutional network").click()
    page.get_by_role("heading", name="Convolutional network").wait_for()


def test_no_page_loads_tensorflow_into_the_server(server, page):
    for path in PATHS:
        open_page(page, f"{server.address}/{path}")
    assert not _loaded(server.pid, "tensorflow")
    assert _loaded(server.pid, "numpy"), "the check itself can see what is loaded"
