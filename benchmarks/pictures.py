"""The README's screenshots: ``python -m benchmarks.pictures``, with Chromium.

Made from the running museum, so that they can be made again whenever a page changes.
"""

import io
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser import idle, open_page, until
from tests.conftest import CHROMIUM, CHROMIUM_OPTIONS
from tests.journeys.cnn import draw, picture, state, top, train
from tests.server import ROOT, Server

FOLDER = ROOT / "assets" / "pictures"
THREE = [(.3, .25), (.5, .15), (.68, .28), (.5, .47), (.7, .65), (.5, .85), (.3, .75)]


def training(page: Page, address: str) -> None:
    """The room of the convolutional network in the middle of a run."""
    open_page(page, f"{address}/cnn?epochs=20")
    train(page)
    until(lambda: picture(page).locator(".pc-snapshot").inner_text(), 60, "a first epoch")
    until(lambda: int(picture(page).get_attribute("data-updates")) > 60, 60, "some curves")


def trying(page: Page, address: str) -> None:
    """A digit drawn for the shipped network, in the dark theme."""
    open_page(page, f"{address}/cnn")
    draw(page, THREE)
    until(lambda: top(page) == "3", 30, "the three is read")
    page.get_by_role("heading", name="Try it").scroll_into_view_if_needed()
    idle(page)


def main() -> None:
    """Make all pictures."""
    shots: dict[str, tuple[str, Callable]] = {"cnn": ("light", training), "try": ("dark", trying)}
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        server = Server(Path(home)).start()
        program = next(filter(None, map(shutil.which, CHROMIUM)))
        chromium = playwright.chromium.launch(executable_path=program, args=CHROMIUM_OPTIONS)
        try:
            for name, (scheme, act) in shots.items():
                page = chromium.new_page(viewport={"width": 1440, "height": 900},
                                         color_scheme=scheme, locale="en-US")
                act(page, server.address)
                _save(page.screenshot(), FOLDER / f"readme-{name}.png")
                if state(page) == "running":
                    picture(page).locator("[data-do=stop]").click()
        finally:
            server.stop()


def _save(png: bytes, path: Path) -> None:
    """256 colours are enough for a page and a third of the bytes."""
    Image.open(io.BytesIO(png)).convert("RGB").quantize(256).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)} {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
