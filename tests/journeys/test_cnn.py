"""A visitor in the room of the convolutional network, in a real browser."""

import re

import pytest

from tests.browser import idle, no_english, open_page, until
from tests.journeys.cnn import LONG, ONE, SEVEN, draw, picture, press, state, stop, top, train

pytestmark = pytest.mark.browser


def test_the_main_job_from_the_first_click_to_the_second_life(own_server, new_page, problems):
    """Train, watch, pause, refresh, be watched, draw, switch language, restart the server."""
    server = own_server()
    page = new_page()
    open_page(page, f"{server.address}/cnn")
    run = train(page)
    until(lambda: int(picture(page).get_attribute("data-updates")) >= 5, 60, "five updates")

    press(page, "Pause")
    until(lambda: state(page) == "paused", says="paused")
    before = picture(page).get_attribute("data-seq")
    page.reload()
    idle(page)
    until(lambda: state(page) == "paused", says="the run is found again after a refresh")
    assert int(picture(page).get_attribute("data-seq")) >= int(before)

    watcher = new_page()
    open_page(watcher, f"{server.address}/cnn?run={run}")
    until(lambda: state(watcher) == "paused", says="a second visitor sees the run")
    assert picture(watcher).get_by_text("You are watching").is_visible()
    assert not picture(watcher).get_by_role("button", name="Stop", exact=True).is_visible()

    press(page, "Continue")
    until(lambda: state(page) == "finished", 90, "finished")
    until(lambda: state(watcher) == "finished", 15, "the watcher sees the end")
    accuracy = picture(page).locator(".pc-figure.pc-first dd").inner_text()
    assert float(accuracy.strip("%")) >= 97, accuracy

    draw(page, *ONE)
    until(lambda: top(page) == "1", says="the drawn one is read")
    page.get_by_role("button", name="Clear").click()
    draw(page, *SEVEN)
    until(lambda: top(page) == "7", says="the drawn seven is read")

    page.get_by_role("button", name="简体中文").click()
    idle(page)
    assert no_english(page) == []

    server.restart()
    reader = new_page()
    open_page(reader, f"{server.address}/runs")
    reader.locator(f'a[href*="{run}"]').first.wait_for()
    open_page(reader, f"{server.address}/cnn?run={run}")
    until(lambda: state(reader) == "finished", says="the run is there after a restart")
    draw(reader, *ONE)
    until(lambda: top(reader) == "1", 60, "its kept network still reads")
    until(lambda: state(page) == "finished", 60, "the page that stayed open finds the server again")
    problems.clear()  # what that page said while the server was away


def test_a_stopped_run_keeps_its_network_and_can_be_taken_home(server, page):
    open_page(page, f"{server.address}/cnn?{LONG}")
    train(page)
    until(lambda: picture(page).locator(".pc-past input").count() > 0, 60, "an epoch is done")
    stop(page)
    idle(page)
    for name in ("Program (.py)", "Network (.keras)", "Figures (.csv)"):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        assert download.value.path().stat().st_size > 100
    assert page.get_by_alt_text("QR code of the link").is_visible()


def test_one_batch_and_one_epoch(server, page):
    open_page(page, f"{server.address}/cnn?{LONG}")
    train(page)
    press(page, "Pause")
    until(lambda: state(page) == "paused", says="paused")
    seq = int(picture(page).get_attribute("data-seq"))
    press(page, "One batch")
    until(lambda: int(picture(page).get_attribute("data-seq")) >= seq + 2
          and state(page) == "paused", says="one batch went by")
    stop(page)


def test_a_broken_run_explains_itself_and_offers_a_better_one(server, page):
    open_page(page, f"{server.address}/cnn")
    page.get_by_role("button", name="Too fast").click()
    idle(page)
    first = train(page)
    until(lambda: state(page) == "failed", 60, "the loss broke")
    assert picture(page).get_by_text("smaller learning rate").is_visible()
    picture(page).get_by_role("button", name=re.compile("Train again")).click()
    page.wait_for_url(lambda url: "run=" in url and first not in url)
    until(lambda: state(page) == "running", 60, "the better run trains")
    stop(page)


def test_curves_come_by_polling_where_sockets_are_blocked(server, new_page, problems):
    page = new_page()
    page.add_init_script("""
        const Real = WebSocket;
        window.WebSocket = class extends Real {
          constructor(url, ...rest) {
            const blocked = String(url).includes('/live/socket');
            super(blocked ? 'ws://127.0.0.1:65000/blocked' : url, ...rest);
          }
        };""")
    open_page(page, f"{server.address}/cnn?{LONG}")
    train(page)
    until(lambda: int(picture(page).get_attribute("data-updates")) >= 5, 60, "updates by polling")
    draw(page, *ONE)
    until(lambda: top(page), 30, "answers by polling")
    press(page, "Stop")
    until(lambda: state(page) == "stopped", 30, "wishes by polling")
    assert all("blocked" in each for each in problems)
    problems.clear()


def test_shipped_weights_read_a_digit_before_any_training(server, page):
    open_page(page, f"{server.address}/cnn")
    draw(page, *SEVEN)
    until(lambda: top(page) == "7", says="the seven is read")


def test_look_inside_shows_every_layer(server, page):
    open_page(page, f"{server.address}/cnn")
    inside = page.locator("[data-module=inside]")
    inside.scroll_into_view_if_needed()
    until(lambda: inside.locator(".pc-node").count() >= 8, 30, "layers")
    for name in ("conv1", "conv2", "classes"):
        assert inside.get_by_text(name, exact=True).first.is_visible()
    until(lambda: inside.locator(".pc-block").count() == 2, 30, "kernels and maps")
    inside.get_by_role("option", name="Dense classes").click()
    until(lambda: inside.locator(".pc-units span").count() == 10, 30, "its units have names")


def test_a_deleted_run_is_gone(server, page):
    open_page(page, f"{server.address}/cnn?{LONG}")
    run = train(page)
    stop(page)
    open_page(page, f"{server.address}/runs")
    row = page.locator(f".st-key-run-{run}")
    row.get_by_role("button", name="⋯").click()
    page.get_by_label("Name", exact=True).fill("My first run")
    page.get_by_role("button", name="Rename").click()
    row.get_by_role("link", name="My first run").wait_for()
    if not page.get_by_role("button", name="Delete for good").is_visible():
        row.get_by_role("button", name="⋯").click()
    page.get_by_role("button", name="Delete for good").click()
    row.wait_for(state="detached")
    open_page(page, f"{server.address}/cnn?run={run}")
    page.get_by_text("does not exist here any more").wait_for()
