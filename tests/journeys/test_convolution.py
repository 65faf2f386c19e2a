"""A visitor in the room of convolution, in a real browser."""

import io
import re

import numpy as np
import pytest
from PIL import Image

from core.data.samples import sample, shrink
from core.insight.convolution import conv2d, pool, relu
from tests.browser import idle, no_english, open_page, until

pytestmark = pytest.mark.browser

KERNEL = "1 0 -1; 2 0 -2; 1 0 -1"
SOBEL = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]], float)


def stage(page):
    return page.locator("[data-module=convolution]")


def board(page, name: str):
    return page.locator(f"canvas[data-board={name}]")


def point(page, name: str, row: int, column: int, size: int) -> None:
    """Hover over a cell of a board of size × size cells."""
    canvas = board(page, name)
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    canvas.hover(position={"x": (column + 0.5) * box["width"] / size,
                           "y": (row + 0.5) * box["height"] / size})


def total(page) -> float:
    return float(page.locator(".pc-products-panel .pc-sum").get_attribute("data-sum"))


def output(name: str, side: int, kernel=SOBEL, **window) -> np.ndarray:
    picture = shrink(sample(name), side, 1) / 255
    return conv2d(picture, np.asarray(kernel)[..., None, None], **window)[..., 0]


def test_a_window_is_touched_slid_changed_and_taken_home(server, page):
    open_page(page, f"{server.address}/convolution")
    told = output("temple", 64)
    point(page, "output", 10, 20, 62)
    until(lambda: stage(page).get_attribute("data-place") == "10,20", says="the cell is pointed at")
    assert total(page) == pytest.approx(told[10, 20], abs=1e-5)

    stage(page).get_by_role("button", name="One step").click()
    assert stage(page).get_attribute("data-place") == "10,21"
    assert total(page) == pytest.approx(told[10, 21], abs=1e-5)
    page.get_by_role("button", name="Slide").click()
    until(lambda: stage(page).get_attribute("data-place") not in ("10,21", None), says="it slides")
    stage(page).get_by_role("button", name="Pause").click()

    point(page, "pool-output", 3, 5, 31)
    value = page.locator(".pc-pool-middle output").get_attribute("data-value")
    assert float(value) == pytest.approx(pool(relu(told)[..., None], 2)[3, 5, 0], abs=1e-5)

    point(page, "field-6", 7, 7, 14)
    until(lambda: page.locator("[data-field='10×10']").count() == 1, says="the receptive field")

    page.locator("[data-weight='4']").fill("5")
    page.locator("[data-weight='4']").press("Tab")
    page.wait_for_url(re.compile(r"kernel=1\+0\+-1%3B\+2\+5\+-2"))
    idle(page)
    changed = SOBEL.copy()
    changed[1, 1] = 5
    point(page, "output", 30, 9, 62)
    until(lambda: abs(total(page) - output("temple", 64, changed)[30, 9]) < 1e-5, says="its sum")

    reader = page.context.new_page()
    open_page(reader, page.url)
    assert reader.locator("[data-weight='4']").input_value() == "5"
    with page.expect_download() as download:
        page.get_by_role("button", name="Program (.py)").click()
    assert "[2.0, 5.0, -2.0]" in download.value.path().read_text("utf-8")
    assert page.get_by_alt_text("QR code of the link").is_visible()

    page.get_by_role("button", name="简体中文").click()
    idle(page)
    assert no_english(page) == []


def test_what_does_not_fit_or_cannot_be_read_is_explained(server, page):
    open_page(page, f"{server.address}/convolution")
    page.get_by_role("button", name="Too large").click()
    page.get_by_text("⌊(8 + 0 − 9) / 1⌋ + 1 = 0").wait_for()
    page.get_by_label("Kernel weights", exact=True).fill("1 2; x 4")
    page.get_by_label("Kernel weights", exact=True).press("Enter")
    page.get_by_text("“x” in the kernel is no number").wait_for()
    page.get_by_role("button", name="As in article 002").click()
    page.get_by_text("gives 16 answers for one picture").wait_for()


def test_own_pictures_go_under_the_window_too(server, page, problems):
    open_page(page, f"{server.address}/convolution?kernel=1&side=8&relu=false")
    file = io.BytesIO()
    Image.new("RGB", (300, 200), (255, 0, 0)).save(file, "PNG")
    stage(page).get_by_role("button", name="Upload").click()
    chooser = page.locator("input[type=file]")
    chooser.set_input_files({"name": "red.png", "mimeType": "image/png", "buffer": file.getvalue()})
    until(lambda: abs(total(page) - 76 / 255) < 1e-5, says="the red picture is under the window")
    page.get_by_text("Your own picture stays with you").wait_for()
    chooser.set_input_files({"name": "no.png", "mimeType": "image/png", "buffer": b"no picture"})
    page.get_by_text("no picture that your browser can read").wait_for()
    stage(page).get_by_role("button", name="Camera").click()
    until(lambda: abs(total(page) - 76 / 255) > 1e-5, says="the camera's picture")
    page.get_by_role("button", name="Stripes").click()
    until(lambda: abs(total(page) - shrink(sample("stripes"), 8, 1)[3, 2, 0] / 255) < 1e-5,
          says="a sample again")
    problems.clear()  # none expected; a damaged picture may be told by the browser itself


def test_a_learned_kernel_is_typed_in(server, page):
    open_page(page, f"{server.address}/convolution")
    page.locator("summary", has_text="Kernels that a network").click()
    page.get_by_role("button", name="Learned kernel 1", exact=True).click(timeout=60_000)
    page.wait_for_url(re.compile("kernel="))
    idle(page)
    assert page.get_by_label("Kernel weights", exact=True).input_value() != KERNEL
