"""A visitor in the room of the generators, in a real browser."""

import pytest

from tests.browser import idle, no_english, open_page, until
from tests.journeys.cnn import picture, state, stop, train

pytestmark = pytest.mark.browser


def sampler(page):
    return page.locator("[data-module=sampler]")


def lab(page):
    return page.locator("[data-module=lab]")


def shown(page, what: str) -> None:
    until(lambda: sampler(page).get_attribute("data-shown") == what, 60, what)


def test_what_one_asks_for_is_made(server, page):
    open_page(page, f"{server.address}/gan")
    shown(page, "write 4×24")
    sampler(page).get_by_label("Type a number").fill("31415")
    shown(page, "write 5×24")
    with page.expect_download() as download:
        sampler(page).get_by_role("button", name="Save as GIF").click()
    assert download.value.path().read_bytes().startswith(b"GIF89a")

    sampler(page).get_by_role("tab", name="Samples").click()
    shown(page, "samples 24×1")
    before = sampler(page).get_attribute("data-answers")
    slider = sampler(page).locator("[data-wish=seed]")
    slider.focus()
    slider.press("ArrowRight")
    until(lambda: sampler(page).get_attribute("data-answers") != before, 30, "another seed")
    with page.expect_download() as download:
        sampler(page).get_by_role("button", name="Save as PNG").click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    sampler(page).get_by_role("button", name="Clothes (Fashion-MNIST)").click()
    until(lambda: sampler(page).get_by_role("tab").count() == 3, 30, "clothes are no numbers")
    for tab, what in (("Walk", "walk 1×24"), ("Two directions", "grid 81×1")):
        sampler(page).get_by_role("tab", name=tab).click()
        shown(page, what)
    page.get_by_role("button", name="简体中文").click()
    page.get_by_role("heading", name="课程").wait_for()
    idle(page)
    assert no_english(page) == []


def test_the_game_on_the_plane_step_by_step(server, page):
    open_page(page, f"{server.address}/gan")
    page.get_by_role("button", name="Eight Gaussians, WGAN-GP").click()
    idle(page)
    run = train(page)
    until(lambda: int(lab(page).get_attribute("data-updates")) >= 20, 60, "it moves")
    until(lambda: page.locator(".pc-epochs input[type=range]").is_enabled(), 60, "two epochs")
    lab(page).locator("[data-do=pause]").click()
    until(lambda: state(page) == "paused", 30, "paused")
    for name in ("step_d", "step_g"):
        before = picture(page).get_attribute("data-seq")
        lab(page).locator(f"[data-do={name}]").click()
        until(lambda before=before: picture(page).get_attribute("data-seq") != before
              and state(page) == "paused", 30, f"one {name}")
    page.reload()
    idle(page)
    until(lambda: state(page) == "paused", 30, "the run is found again after a refresh")
    assert run in page.url
    lab(page).locator("[data-do=resume]").click()
    until(lambda: state(page) == "running", 30, "on")
    stop(page)
    idle(page)
    page.get_by_role("button", name="Measure a simple generator and the floor").click()
    page.get_by_text("Mixture of 8 Gaussians").wait_for()
    page.get_by_role("button", name="简体中文").click()
    page.get_by_role("heading", name="课程").wait_for()
    idle(page)
    assert no_english(page) == []


def test_digits_from_training_to_the_film(server, page, problems, tmp_path):
    open_page(page, f"{server.address}/gan?epochs=3&filters=16")
    train(page)
    until(lambda: state(page) == "finished", 90, "finished")
    idle(page)
    picture(page).locator("img.pc-made-sheet").wait_for()
    until(lambda: (sampler(page).get_attribute("data-network") or "").startswith("run:"), 60,
          "the network of this run is chosen")
    shown(page, "write 4×24")
    sampler(page).get_by_role("tab", name="Samples").click()
    shown(page, "samples 24×1")
    sampler(page).locator("canvas").first.click(position={"x": 20, "y": 20})
    until(lambda: sampler(page).get_attribute("data-nearest") == "0", 60, "its neighbours")
    page.get_by_role("button", name="Make a film of this training").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Film of the training (.gif)").click()
    assert download.value.path().read_bytes().startswith(b"GIF89a")
    with page.expect_download() as download:
        page.get_by_role("button", name="Program (.py)").click()
    assert "class GAN" in download.value.path().read_text()

    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"no zip")
    page.locator("[data-module=files] input[type=file]").set_input_files(bad)
    page.locator("[data-module=files]").get_by_text("zip").last.wait_for()
    until(lambda: problems, 30, "refused")
    assert all("422" in each for each in problems)
    problems.clear()
