"""A visitor lets a network write, shuffles a sentence, draws, looks into a head, brings a text."""

import re

import pytest

from tests.browser import idle, no_english, open_page, until
from tests.journeys.cnn import SEVEN, draw, state

pytestmark = pytest.mark.browser


def module(page, name):
    found = page.locator(f"[data-module={name}]")
    found.scroll_into_view_if_needed()
    return found


def test_it_writes_and_shows_who_looks_at_whom(server, new_page):
    page = new_page()
    open_page(page, f"{server.address}/transformer")
    writer = module(page, "writer")
    until(lambda: int(writer.get_attribute("data-length") or 0) > 30, 60, "it writes by itself")
    writer.get_by_role("button", name="Begin anew").click()
    writer.locator("[data-wish=temperature]").fill("0")
    writer.locator("textarea").fill("There was a 狐")
    writer.get_by_text("never seen: 狐").wait_for()
    before = writer.locator("textarea").input_value()
    writer.locator(".pc-next-one").first.click()
    until(lambda: len(writer.locator("textarea").input_value()) == len(before) + 1, 10, "one more")

    heads = module(page, "heads")
    until(lambda: heads.get_attribute("data-count") == str(len(before) + 1), 60, "the same text")
    heads.locator(".pc-token").nth(3).click()
    until(lambda: heads.get_attribute("data-row") == "3", 10, "another row")
    heads.locator(".pc-wall-one").nth(5).click()
    until(lambda: (heads.get_attribute("data-layer"), heads.get_attribute("data-head"))
          == ("2", "2"), 30, "another head")
    assert "softmax" in heads.locator(".pc-formula").inner_text()


def test_the_order_of_words_counts_and_a_drawing_is_read(server, new_page):
    page = new_page()
    open_page(page, f"{server.address}/transformer")
    page.get_by_role("radio", name="Judge").click()
    verdict = module(page, "verdict")
    until(lambda: verdict.get_attribute("data-top") == "against", 60, "a verdict")
    verdict.get_by_role("button", name=re.compile("^the plot is dull, but")).click()
    until(lambda: verdict.get_attribute("data-top") == "in favour", 30, "the contrary")
    verdict.get_by_role("button", name="Shuffle the words").click()
    until(lambda: verdict.get_attribute("data-moved"), 30, "judged again")
    page.get_by_role("radio", name="See").click()
    tryit = module(page, "tryit")
    tryit.locator("canvas.pc-pad").wait_for()
    draw(page, *SEVEN)
    until(lambda: tryit.get_attribute("data-top") in list("0123456789"), 60, "an answer")


def test_it_learns_a_pasted_text(server, new_page):
    page = new_page()
    open_page(page, f"{server.address}/transformer")
    box = page.get_by_label("Paste a text")
    box.fill("too short")
    page.get_by_role("button", name="Train on this text").click()
    page.get_by_text("at least 1000 are needed").wait_for()
    box.fill("床前明月光，疑是地上霜。\n举头望明月，低头思故乡。\n" * 50)
    page.get_by_role("button", name="Train on this text").click()
    until(lambda: state(page) == "finished", 180, "trained on the text")
    assert "dataset=own" in page.url
    assert re.search("[一-鿿]", page.locator(".pc-written").inner_text())
    page.goto(page.url + "&lang=zh")
    idle(page)
    assert no_english(page) == []
