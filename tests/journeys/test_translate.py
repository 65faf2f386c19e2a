"""A visitor translates, watches beginnings compete, trains, and brings another language."""

import pytest

from tests.browser import idle, no_english, open_page, until
from tests.journeys.cnn import state

pytestmark = pytest.mark.browser

SHORT = "width=16&inner=16&heads=2&epochs=1"


def module(page, name):
    found = page.locator(f"[data-module={name}]")
    found.scroll_into_view_if_needed()
    return found


def test_it_translates_and_shows_where_it_looked(server, new_page):
    page = new_page()
    open_page(page, f"{server.address}/translate")
    said = module(page, "translate")
    until(lambda: said.get_attribute("data-text"), 60, "the first example is translated")
    page.evaluate("""() => {
        speechSynthesis.speak = (says) => { globalThis.said = [says.text, says.lang]; };
    }""")
    said.get_by_label("Type a sentence").fill("I have a zebra.")
    said.get_by_text("has never learned: zebra").wait_for()
    said.get_by_role("button", name="I have a dog.").click()
    until(lambda: "狗" in (said.get_attribute("data-text") or ""), 60, "a dog")
    rows = len(said.get_attribute("data-text")) + 1
    until(lambda: said.locator(".pc-attention tbody tr").count() == rows, 30, "the matrix")
    said.get_by_role("button", name="layer 1, head 2").click()
    assert said.locator(".pc-attention tbody tr").count() == rows
    said.get_by_role("button", name="Read aloud").last.click()
    assert page.evaluate("globalThis.said") == [said.get_attribute("data-text"), "zh-CN"]

    beams = module(page, "beams")
    until(lambda: beams.locator(".pc-ended li").count() == 4, 30, "four whole sentences")
    assert beams.locator(".pc-steps .pc-wins").count() == rows
    said.get_by_role("slider", name="Beginnings that compete").fill("1")
    until(lambda: beams.locator(".pc-ended li").count() == 1, 30, "greedy")


def test_it_trains_on_the_visitor_s_languages(server, new_page, problems):
    from core.ui.translate import EXAMPLE

    page = new_page()
    open_page(page, f"{server.address}/translate?{SHORT}")
    page.locator("[data-module=files] input").first.set_input_files(
        {"name": "few.tsv", "mimeType": "text/plain", "buffer": b"one\teins\n"})
    page.get_by_text("1 pairs of sentences were found").first.wait_for()
    problems.clear()  # the browser says that the file was refused, too
    page.locator("[data-module=files] input").first.set_input_files(EXAMPLE)
    page.get_by_text("300 pairs").first.wait_for()
    page.get_by_role("button", name="Train", exact=True).click()
    until(lambda: state(page) == "finished", 120, "trained")
    run = module(page, "run")
    until(lambda: run.locator(".pc-translation").count() == 4, 30, "four sentences")
    said = module(page, "translate")
    said.get_by_text("Deutsch").first.wait_for()
    until(lambda: said.get_attribute("data-state") == "answered", 60, "an answer")
    page.goto(page.url + "&lang=zh")
    idle(page)
    assert no_english(page) == []
