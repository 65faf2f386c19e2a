"""What a visitor does in the room of the convolutional network."""

import re

from tests.browser import until

LONG = "epochs=100&blocks=8:3:max&dense=16"  # small steps, many of them


def picture(page):
    return page.locator("[data-module=run]")


def state(page) -> str:
    return picture(page).get_attribute("data-state")


def shown(page) -> str:
    """The id of the run that the living picture shows, empty if it shows none."""
    return picture(page).get_attribute("data-run") or ""


def train(page) -> str:
    """Press Train and wait until the run has begun; returns its id."""
    before = shown(page)
    page.get_by_role("button", name="Train", exact=True).click()
    run = until(lambda: {shown(page)} - {"", before}, 30, "a new run is shown").pop()
    until(lambda: state(page) not in ("queued", "starting"), 60, "the run began")
    page.wait_for_url(re.compile(f"run={run}"))
    return run


def press(page, name: str) -> None:
    picture(page).get_by_role("button", name=name, exact=True).click()


def stop(page) -> None:
    press(page, "Stop")
    until(lambda: state(page) == "stopped", 30, "stopped")


def draw(page, *strokes) -> None:
    """Draw on the pad; points in 0..1 of its side."""
    pad = page.locator("canvas.pc-pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    for stroke in strokes:
        points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point, steps=6)
        page.mouse.up()


ONE = [[(.5, .15), (.5, .85)]]
SEVEN = [[(.28, .2), (.72, .2), (.45, .85)]]


def top(page) -> str | None:
    return page.locator("[data-module=tryit]").get_attribute("data-top")
