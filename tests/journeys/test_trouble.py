"""What goes wrong in the room, and what the visitor reads then: one sentence, nothing lost."""

import os
import signal
from pathlib import Path

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser import idle, open_page, until
from tests.journeys.cnn import LONG, draw, picture, press, state, stop, top, train
from tests.live.pictures import bomb, png

pytestmark = pytest.mark.browser


# Streamlit's own socket, so that a test can say something in the server's place.
STREAM = """window.WebSocket = class extends WebSocket {
  constructor(address, protocols) {
    super(address, protocols);
    if (address.includes('_stcore/stream')) window.stream = this;
  }
}"""
TELL = """bytes => window.stream.dispatchEvent(
  new MessageEvent('message', { data: new Uint8Array(bytes).buffer }))"""


def _alerts(page) -> str:
    return " ".join(page.get_by_test_id("stAlert").all_inner_texts())


def test_a_link_out_of_bounds_or_unknown_is_put_right_and_said(server, page):
    open_page(page, f"{server.address}/cnn?epochs=5000&colour=red&optimizer=magic&blocks=8:3:max")
    said = _alerts(page)
    assert "Epochs = 5000" in said and "100 is used" in said
    assert "“colour”" in said and "Optimizer = magic cannot be read" in said
    assert page.get_by_role("spinbutton", name="Epochs").input_value() == "100"
    assert page.get_by_role("spinbutton", name="Filters").input_value() == "8"


def test_a_network_that_cannot_be_built_is_explained_before_training(server, page):
    open_page(page, f"{server.address}/cnn?blocks=8:3:max,8:3:max,8:3:max,8:3:max")
    assert "Block 4 cannot pool: only 1×1 is left" in _alerts(page)
    assert page.get_by_role("button", name="Train", exact=True).is_disabled()


def test_a_page_that_broke_comes_back_as_it_was(server, page, problems):
    """Streamlit's page breaks when it is told to draw in a place that it does not have; then the
    visitor sees it again at once."""
    page.add_init_script(STREAM)
    open_page(page, f"{server.address}/cnn?{LONG}")
    run = train(page)
    page.evaluate("window.before = true")
    nowhere = ForwardMsg()
    nowhere.metadata.delta_path.extend([0, 99, 0])
    nowhere.delta.new_element.text.body = "in no place"
    page.evaluate(TELL, list(nowhere.SerializeToString()))
    page.wait_for_function("window.before === undefined")
    idle(page)
    assert f"run={run}" in page.url
    until(lambda: state(page) == "running", says="its run goes on")
    stop(page)
    assert problems and all("Bad delta path index 99" in each for each in problems)
    problems.clear()


@pytest.mark.parametrize(("body", "says"), [
    (b"", "empty"),
    (b"I am a text", "no picture"),
    (bomb(), "pixels"),
    (bytes(11_000_000), "too large"),
], ids=["0 bytes", "no picture", "bomb", "huge"])
def test_a_wrong_file_gets_a_sentence_and_the_drawing_stays(server, page, problems, body, says):
    open_page(page, f"{server.address}/cnn")
    draw(page, [(.5, .15), (.5, .85)])
    until(lambda: top(page) == "1", says="the drawing is read")
    page.locator("[data-module=tryit] [data-do=upload]").click()
    page.locator("[data-module=tryit] input[type=file]").set_input_files(
        {"name": "picture.png", "mimeType": "image/png", "buffer": body})
    message = page.locator("[data-module=tryit] .pc-note")
    until(lambda: says in message.inner_text(), 20, f"a sentence with “{says}”")
    page.locator("[data-module=tryit] [data-do=draw]").click()
    until(lambda: top(page) == "1", says="the drawing is still there")
    assert all("/live/upload" in each for each in problems)  # the browser notes refusals
    problems.clear()


def test_an_uploaded_picture_is_answered(server, page):
    open_page(page, f"{server.address}/cnn")
    page.locator("[data-module=tryit] [data-do=upload]").click()
    page.locator("[data-module=tryit] input[type=file]").set_input_files(
        {"name": "one.png", "mimeType": "image/png", "buffer": png(60, 90, stroke=True)})
    until(lambda: top(page) == "1", 20, "the picture is read")


def test_the_camera_is_answered_while_it_runs(server, page):
    open_page(page, f"{server.address}/cnn")
    page.locator("[data-module=tryit] [data-do=camera]").click()
    until(lambda: top(page), 30, "an answer to the camera's picture")


def test_two_visitors_start_at_once_and_both_are_served(server, new_page):
    first, second = new_page(), new_page()
    for page in (first, second):
        open_page(page, f"{server.address}/cnn?{LONG}")
    for page in (first, second):
        page.get_by_role("button", name="Train", exact=True).click()
    until(lambda: {state(first), state(second)} == {"running", "queued"}, 60, "one runs, one waits")
    running, waiting = (first, second) if state(first) == "running" else (second, first)
    assert "number 1 in the queue" in picture(waiting).inner_text()
    stop(running)
    until(lambda: state(waiting) == "running", 60, "the other one's turn")
    stop(waiting)


def test_a_killed_trainer_is_told_and_the_next_run_trains(own_server, page):
    server = own_server()
    open_page(page, f"{server.address}/cnn?{LONG}")
    train(page)
    until(lambda: int(picture(page).get_attribute("data-updates")) >= 3, 60, "it trains")
    os.kill(_trainer(server.pid), signal.SIGKILL)
    until(lambda: state(page) == "lost", 30, "the loss is told")
    assert "a new trainer takes it" in picture(page).inner_text()
    idle(page)
    train(page)
    stop(page)


def _trainer(pid: int) -> int:
    """The descendant of the server that holds TensorFlow."""
    return next(child for child in _descendants(pid)
                if "tensorflow" in Path(f"/proc/{child}/maps").read_text())


def _descendants(pid: int) -> list[int]:
    children = [int(child) for task in Path(f"/proc/{pid}/task").iterdir()
                for child in (task / "children").read_text().split()]
    return [each for child in children for each in (child, *_descendants(child))]


def test_a_download_without_a_network_is_told_and_leaves_nothing(own_server, page):
    nowhere = "http://127.0.0.1:9"
    server = own_server(http_proxy=nowhere, https_proxy=nowhere)
    open_page(page, f"{server.address}/cnn?dataset=mnist&epochs=1")
    page.get_by_role("button", name="Train", exact=True).click()
    until(lambda: state(page) == "failed", 60, "the failure is told")
    assert "MNIST could not be downloaded. Check the network" in picture(page).inner_text()
    assert not [each for each in (server.home / "data").rglob("*") if each.stat().st_size]


def test_the_slider_goes_back_through_the_epochs(server, page):
    open_page(page, f"{server.address}/cnn?epochs=3&blocks=8:3:max")
    train(page)
    until(lambda: state(page) == "finished", 60, "finished")
    slider = picture(page).locator(".pc-past input[type=range]")
    newest = picture(page).locator(".pc-snapshot").inner_text()
    slider.focus()
    page.keyboard.press("Home")
    until(lambda: picture(page).get_by_text("Epoch 1", exact=True).is_visible(), 10, "epoch 1")
    assert picture(page).locator(".pc-snapshot").inner_text() != newest
    press(page, "Latest")
    until(lambda: picture(page).get_by_text("Epoch 3", exact=True).is_visible(), 10, "epoch 3")


def test_train_pressed_in_a_hurry_trains_what_was_chosen_last(server, page):
    open_page(page, f"{server.address}/cnn")
    page.evaluate("""() => {
        const press = text => [...document.querySelectorAll('button')]
            .find(each => each.innerText.trim().endsWith(text)).click();
        press('Too fast');
        press('Train');
    }""")
    until(lambda: state(page) == "failed", 60, "the chosen network broke, not the one before")
    assert "learning_rate=10" in page.url
