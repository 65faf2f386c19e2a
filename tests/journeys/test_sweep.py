"""A visitor waits, leaves the queue, and repeats a run with one change."""

import re

import pytest

from tests.browser import idle, open_page, until
from tests.journeys.cnn import LONG, picture, press, state, stop, train

pytestmark = pytest.mark.browser

SHORT = "epochs=2&blocks=4:3:max&dense=8&batch_size=64"


def test_a_waiting_visitor_sees_the_place_and_may_leave(server, new_page):
    first, second = new_page(), new_page()
    open_page(first, f"{server.address}/cnn?{LONG}")
    train(first)
    open_page(second, f"{server.address}/cnn?{LONG}")
    second.get_by_role("button", name="Train", exact=True).click()
    until(lambda: state(second) == "queued", 30, "it waits")
    until(lambda: re.search(r"number 1 in the queue, about \S+", picture(second).inner_text()),
          30, "its place, and how long it takes")
    assert not picture(second).get_by_role("button", name="Pause", exact=True).is_visible()
    press(second, "Leave the queue")
    until(lambda: state(second) == "stopped", 30, "it has left")
    assert picture(second).get_by_text("Taken out of the queue").is_visible()
    stop(first)


def test_again_with_other_values_in_one_chart(server, page):
    open_page(page, f"{server.address}/cnn?{SHORT}")
    first = train(page)
    until(lambda: state(page) == "finished", 90, "finished")
    page.get_by_text("Change one thing").wait_for()
    values = page.get_by_label("Other values, separated by commas")
    values.fill("0.0005, 50")
    values.press("Tab")
    idle(page)
    page.get_by_role("button", name="Train again", exact=True).click()
    page.get_by_text("“50” cannot be used here").wait_for()
    values.fill("0.0005, 0.01")
    values.press("Tab")
    idle(page)
    page.get_by_role("button", name="Train again", exact=True).click()
    page.wait_for_url(lambda url: f"with={first}" in url)
    page.get_by_text(re.compile("^Learning rate · best: ")).wait_for(timeout=90_000)
    named = page.locator(".js-plotly-plot .annotation-text", has_text="0.0005")
    # Charts of the last poll may still stand beside those of the whole page for a moment.
    until(lambda: named.count() == 2, 30, "the curve is named once in each of two charts")
    page.reload()
    idle(page)
    page.get_by_text(re.compile("^Learning rate · best: ")).wait_for()
