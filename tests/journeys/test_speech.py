"""A visitor speaks to the room of spoken words, teaches it words, and brings files."""

import io
import re
import shutil

import numpy as np
import pytest

from core.data.shipped import shipped
from core.rooms.speech import SPOKEN
from tests.browser import idle, no_english, open_page, until
from tests.conftest import CHROMIUM, CHROMIUM_OPTIONS
from tests.journeys.cnn import state

pytestmark = pytest.mark.browser

RATE = 8000
# Why there is no microphone, and what the page says of it.
MICROPHONE = {
    """navigator.mediaDevices.getUserMedia = () => Promise.reject(
        new DOMException("", "NotAllowedError"))""": "does not allow the microphone",
    """navigator.mediaDevices.getUserMedia = () => Promise.reject(
        new DOMException("", "NotFoundError"))""": "No microphone was found",
    "Object.defineProperty(globalThis, 'isSecureContext', { value: false })":
        "only to pages with https",
}
VOICE = 1060  # number of the recording at which a voice of the test part begins to count


def digits() -> np.ndarray:
    """Ten digits by one synthetic voice, with pauses between them."""
    import soundfile

    said, _ = soundfile.read(shipped(SPOKEN), 10 * RATE, VOICE * RATE, dtype="float32")
    pause = np.zeros(RATE // 2, np.float32)
    return np.concatenate([part for each in said.reshape(10, RATE) for part in (each, pause)])


def wav(sound: np.ndarray) -> bytes:
    import soundfile

    file = io.BytesIO()
    soundfile.write(file, sound, RATE, format="WAV")
    return file.getvalue()


@pytest.fixture(scope="module")
def talking(tmp_path_factory):
    """A browser whose microphone hears the ten digits again and again."""
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
    path = tmp_path_factory.mktemp("sound") / "digits.wav"
    path.write_bytes(wav(digits()))
    return program, [*CHROMIUM_OPTIONS, f"--use-file-for-fake-audio-capture={path}"]


@pytest.fixture
def page(browser, talking):
    """A page at a desk with a microphone that hears digits."""
    program, options = talking
    chromium = browser.browser_type.launch(executable_path=program, args=options)
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-US",
                                   permissions=["microphone"])
    yield context.new_page()
    chromium.close()


def module(page, name):
    found = page.locator(f"[data-module={name}]")
    found.scroll_into_view_if_needed()
    return found


def test_it_hears_examples_and_the_microphone_and_learns_words(server, page):
    open_page(page, f"{server.address}/speech")
    hear = module(page, "hear")
    hear.get_by_role("button", name="Hear the digit 7").click()
    until(lambda: hear.get_attribute("data-top") in list("0123456789"), 60, "an answer")

    spectra = module(page, "spectra")
    until(lambda: int(spectra.get_attribute("data-frames") or 0) == 101, 60, "pictures")
    spectra.get_by_role("slider").nth(1).fill("20")
    until(lambda: int(spectra.get_attribute("data-frames")) == 51, 30, "half as many frames")
    spectra.locator("[data-picture=mel] button").click()
    until(lambda: spectra.get_attribute("data-rebuilt") == "mel", 60, "sound of a picture")

    hear.get_by_role("tab", name="Live").click()
    hear.get_by_role("button", name="Start listening").click()
    until(lambda: hear.locator(".pc-heard li").count() >= 2, 60, "words from the microphone")
    hear.get_by_role("button", name="Stop").click()

    teach = module(page, "teach")
    for place, name in enumerate(("Uno / 一", "Due / 二")):
        teach.get_by_label("The word").nth(place).fill(name)
        for _ in range(3):
            before = int(teach.get_attribute("data-recordings"))
            teach.locator("[data-do=mic]").nth(place).click()
            until(lambda: int(teach.get_attribute("data-recordings")) > before,  # noqa: B023
                  60, "a recording")
    teach.get_by_role("button", name="Train on these words").click()
    until(lambda: state(page) == "finished", 120, "trained on the features")
    assert "dataset=own" in page.url and "architecture=pretrained" in page.url
    hear.get_by_role("tab", name="Examples").click()
    hear.get_by_role("button", name="Hear the digit 1").click()
    until(lambda: hear.get_attribute("data-top") in ("Uno 一", "Due 二"), 60, "the new network")
    page.goto(page.url + "&lang=zh")
    idle(page)
    assert no_english(page) == []


def test_it_trains_on_a_zip_and_says_what_is_wrong_with_a_file(server, new_page, problems):
    from core.ui.speech import EXAMPLE

    page = new_page()
    open_page(page, f"{server.address}/speech?epochs=2&layers=2")
    hear = module(page, "hear")
    hear.get_by_role("tab", name="File").click()
    files = {"a.wav": (b"", "empty"), "b.wav": (b"no sound at all", "no sound that can be read"),
             "c.m4a": (b"\0\0\0 ftypM4A ", "no sound that can be read")}
    for name, (content, says) in files.items():
        hear.locator("input[type=file]").set_input_files(
            {"name": name, "mimeType": "audio/wav", "buffer": content})
        hear.get_by_text(re.compile(says)).first.wait_for()
    hear.locator("input[type=file]").set_input_files(
        {"name": "d.wav", "mimeType": "audio/wav", "buffer": wav(digits())})
    hear.get_by_text("longer than 10 seconds").wait_for()
    until(lambda: hear.get_attribute("data-top") is not None, 60, "an answer")
    hear.get_by_role("tab", name="Record").click()
    for why, says in MICROPHONE.items():
        page.evaluate(f"() => {{ {why} }}")  # what an expression gives would be called
        hear.get_by_role("button", name="Record a word").click()
        hear.get_by_text(says).wait_for()

    problems.clear()  # the browser notes each file that the server refused

    page.locator("[data-module=files] input").first.set_input_files(EXAMPLE)
    page.get_by_text("24 recordings").wait_for()
    page.get_by_role("button", name="Train", exact=True).click()
    until(lambda: state(page) == "finished", 120, "trained")
    until(lambda: hear.get_attribute("data-state") is not None, 30, "ready")
