"""A visitor in the room of forecasting."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import idle, no_english, open_page, until
from tests.journeys.cnn import picture, state, train
from tests.journeys.test_mlp import module, set_slider
from tests.journeys.upload import bring, refused

pytestmark = pytest.mark.browser

QUICK = "epochs=3&length=160&window=12&horizon=4&period=12&units=8"


def following(page, act) -> str:
    """Do something to the past, and wait for the future that follows."""
    pad = page.locator("[data-module=seriespad]")
    before = int(pad.get_attribute("data-answers"))
    act()
    until(lambda: int(pad.get_attribute("data-answers")) > before, 30, "another future")
    return pad.get_attribute("data-next")


def test_the_past_is_bent_by_hand_and_the_future_follows_before_any_training(server, page):
    open_page(page, f"{server.address}/rnn")
    pad = module(page, "seriespad")
    usual = pad.get_attribute("data-next")
    canvas = pad.locator("canvas")
    box = canvas.bounding_box()

    def draw():
        page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.4 * box["height"])
        page.mouse.down()
        page.mouse.move(box["x"] + 0.76 * box["width"], box["y"] + 0.15 * box["height"], steps=4)
        page.mouse.up()

    assert following(page, draw) != usual
    following(page, lambda: pad.get_by_role("button", name="As it was").click())
    until(lambda: pad.get_attribute("data-next") == usual, 30, "as it was")
    canvas.focus()
    assert following(page, lambda: page.keyboard.press("ArrowUp")) != usual
    following(page, lambda: set_slider(page, pad.locator("[data-hand=start]"), 500))
    assert pad.get_by_text("Standing 100 steps before the end").is_visible()

    rivals = module(page, "seriesrivals")
    until(lambda: rivals.get_attribute("data-rows") == "5", 30, "four simple methods, one network")
    inside = module(page, "memory")
    assert inside.get_attribute("data-kind") == "lstm"
    assert float(inside.get_attribute("data-apart")) < 1e-5


def test_a_gradient_explodes_and_the_loop_of_the_article_hears_nothing(server, page):
    open_page(page, f"{server.address}/rnn")
    unroll = page.locator("[data-module=unroll]")
    unroll.scroll_into_view_if_needed()
    until(lambda: float(unroll.get_attribute("data-rnn") or 1) < 0.01, 30, "it vanishes")
    unroll.get_by_role("button", name="Without tanh").click()
    set_slider(page, unroll.locator("[data-hand=strength]"), 1.3)
    until(lambda: float(unroll.get_attribute("data-rnn")) > 1e6, 30, "it explodes")
    unroll.get_by_role("button", name="The loop of article 002").click()
    unroll.get_by_text("never reads x").wait_for()
    states = unroll.get_attribute("data-states")
    unroll.get_by_role("button", name="Read other values").click()
    unroll.locator("s").first.get_by_text("-0.5").wait_for()
    assert unroll.get_attribute("data-states") == states


def test_train_look_back_compare_and_take_home(server, page):
    open_page(page, f"{server.address}/rnn?{QUICK}")
    train(page)
    until(lambda: state(page) == "finished", 90, "finished")
    idle(page)
    view = page.locator("[data-module=seriesview]")
    until(lambda: view.get_attribute("data-epoch") == "3", 30, "the forecasts of the last epoch")
    expect(picture(page).locator("canvas.pc-suspicion")).to_be_visible(timeout=30_000)
    set_slider(page, picture(page).locator("input[type=range]").last, 1)
    until(lambda: view.get_attribute("data-epoch") == "1", 30, "the forecasts of the first epoch")
    rivals = module(page, "seriesrivals")
    until(lambda: rivals.get_by_text("LSTM (this network)").is_visible(), 30, "it is in the table")
    with page.expect_download() as download:
        page.get_by_role("button", name="Program (.py)").click()
    assert "def waves(" in download.value.path().read_text()


def test_it_walks_forward_in_four_parts(server, page):
    open_page(page, f"{server.address}/rnn?{QUICK.replace('160', '200')}&epochs=1")
    page.get_by_role("button", name="Walk forward through the series").click()
    page.wait_for_url(re.compile(r"with=[0-9a-f]{12}((,|%2C)[0-9a-f]{12}){3}"), timeout=60_000)
    row = page.get_by_role("row", name=re.compile(r"^this network( [\d.]+){5}"))
    row.wait_for(timeout=150_000)
    assert page.get_by_role("row", name=re.compile(r"^Linear autoregression( [\d.]+){5}")).count()


def test_a_line_is_drawn_and_learned(server, page):
    open_page(page, f"{server.address}/rnn?{QUICK}")
    sheet = page.locator("[data-module=seriesdraw]")
    sheet.scroll_into_view_if_needed()
    box = sheet.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 0.1 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.8 * box["height"], steps=8)
    page.mouse.up()
    sheet.get_by_role("button", name="Learn this line").click()
    until(lambda: state(page) == "finished", 90, "it has learned the line")
    assert "dataset=drawn" in page.url


def test_a_series_of_one_s_own_and_a_wrong_file(server, page, problems, tmp_path):
    open_page(page, f"{server.address}/rnn?{QUICK}")
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("date,value\n2024-01-01,5\n")
    refused(page, problems, wrong, "No column of this file holds numbers that change")
    with page.expect_download() as download:
        page.get_by_role("button", name="Example: series.csv").click()
    mine = tmp_path / "series.csv"
    mine.write_text(download.value.path().read_text())
    bring(page, mine)
    page.get_by_text("730 values, days.").wait_for(timeout=60_000)
    page.get_by_text("6 gaps were filled").wait_for()
    page.wait_for_url(re.compile("dataset=own"))
    idle(page)
    train(page)
    until(lambda: state(page) == "finished", 90, "finished")
    page.get_by_role("button", name="Your data (.npz)").wait_for()


def test_in_chinese_nothing_is_left_in_english(server, page):
    open_page(page, f"{server.address}/rnn?lang=zh")
    for name in ("seriespad", "seriesrivals", "memory"):
        module(page, name)
    page.locator("[data-module=unroll]").get_by_text("往回六十步").wait_for()
    idle(page)
    until(lambda: no_english(page) == [], 30, "all of it is Chinese")


def test_on_a_phone_it_fits(server, new_page):
    page = new_page(viewport={"width": 390, "height": 844})
    open_page(page, f"{server.address}/rnn")
    for name in ("seriespad", "seriesrivals", "memory"):
        module(page, name)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    wide = page.evaluate("""() => [...document.querySelectorAll('[data-module]')]
        .filter(each => each.scrollWidth > each.clientWidth + 1)
        .map(each => each.dataset.module)""")
    assert wide == []
