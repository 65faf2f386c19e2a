"""A visitor brings pictures to the room of the convolutional network, and looks where it errs."""

import io
import zipfile

import pytest
from PIL import Image

from core.ui.pictures import EXAMPLE
from tests.browser import idle, no_english, open_page, until
from tests.journeys.cnn import picture, state, train

pytestmark = pytest.mark.browser


def module(page, name):
    found = page.locator(f"[data-module={name}]")
    found.scroll_into_view_if_needed()
    return found


def hold(page, place: int, pictures: int) -> None:
    """Hold the button of a class until so many pictures are there in all."""
    collect = module(page, "collect")
    collect.get_by_role("button", name="Hold to take pictures").nth(place).hover()
    page.mouse.down()
    until(lambda: int(collect.get_attribute("data-pictures")) >= pictures, 60, "pictures")
    page.mouse.up()


def test_things_before_the_camera_become_classes_of_a_network(server, page):
    open_page(page, f"{server.address}/cnn")
    collect = module(page, "collect")
    collect.get_by_role("button", name="Open the camera").click()
    button = collect.get_by_role("button", name="Hold to take pictures").first
    until(button.is_enabled, 30, "the camera is open")
    collect.get_by_label("Name of the class").first.fill("Cup / 杯")
    hold(page, 0, 14)
    hold(page, 1, 24)
    assert collect.locator(".pc-class-thumb").count() <= 24, "a page of thumbnails a class"
    with page.expect_download() as download:
        collect.get_by_role("button", name="Save them (.zip)").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.testzip() is None
        assert {name.split("/")[0] for name in archive.namelist()} == {"Cup 杯", "Class 2"}
    collect.get_by_role("button", name="Train on these pictures").click()
    until(lambda: state(page) == "finished", 120, "trained on the features")
    assert "dataset=own" in page.url and "architecture=pretrained" in page.url
    tryit = module(page, "tryit")
    tryit.get_by_role("tab", name="Camera").click()
    until(lambda: tryit.get_attribute("data-top") in ("Cup 杯", "Class 2"), 60, "it answers live")


def test_a_zip_of_folders_trains_a_network_of_its_own(server, page):
    open_page(page, f"{server.address}/cnn")
    files = module(page, "files")
    files.locator("input[type=file]").set_input_files(EXAMPLE)
    page.get_by_text("120 pictures").wait_for(timeout=60_000)
    idle(page)
    train(page)
    until(lambda: state(page) == "finished", 120, "trained")
    wrong = module(page, "mistakes")
    until(lambda: wrong.get_attribute("data-state") == "answered", 60, "its mistakes")
    assert wrong.get_by_text("triangles").first.is_visible()
    page.get_by_role("button", name="Your data (.npz)").wait_for()
    page.get_by_role("button", name="Where it started (cifar10.keras)").wait_for()


def test_a_zip_of_one_folder_is_explained(server, page, problems, tmp_path):
    sheet = io.BytesIO()
    Image.new("RGB", (9, 9)).save(sheet, "PNG")
    file = tmp_path / "one.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("cats/1.png", sheet.getvalue())
    open_page(page, f"{server.address}/cnn")
    module(page, "files").locator("input[type=file]").set_input_files(file)
    page.get_by_text("Two folders of pictures are needed").wait_for()
    problems.clear()  # the server's answer, as the browser notes it


def test_a_cell_of_the_confusion_matrix_opens_its_pictures(server, page):
    open_page(page, f"{server.address}/cnn")
    wrong = module(page, "mistakes")
    until(lambda: wrong.get_attribute("data-state") == "answered", 60, "answered")
    wrong.locator('[data-cell="3,3"]').click()
    wrong.get_by_text("3, called by its name").wait_for()
    assert wrong.locator("figure").count() > 10


def test_a_cell_of_a_run_opens_its_pictures_further_down(server, page):
    open_page(page, f"{server.address}/cnn?epochs=1&blocks=4:3:max&dense=")
    train(page)
    until(lambda: state(page) == "finished", 60, "finished")
    idle(page)
    picture(page).locator('[data-cell="1,1"]').click()
    wrong = page.locator("[data-module=mistakes]")
    wrong.get_by_text("1, called by its name").wait_for(timeout=60_000)


def test_points_of_the_last_hidden_layer_show_their_pictures(server, page):
    open_page(page, f"{server.address}/cnn")
    cloud = module(page, "cloud")
    until(lambda: cloud.get_attribute("data-plane") == "pca", 60, "main directions")
    cloud.locator("canvas.pc-cloud").focus()
    page.keyboard.press("ArrowRight")
    until(lambda: cloud.locator(".pc-cloud-card figcaption").inner_text(), 30, "a picture")
    cloud.get_by_role("button", name="t-SNE").click()
    until(lambda: cloud.get_attribute("data-plane") == "tsne", 120, "t-SNE")


def test_augmentation_is_shown_before_it_is_used(server, page):
    open_page(page, f"{server.address}/cnn?shift=0.2&turn=20")
    shown = module(page, "augment")
    until(lambda: shown.locator("canvas").count() == 36, 60, "four pictures, each nine times")


def test_a_layer_is_opened_at_an_epoch(server, page):
    open_page(page, f"{server.address}/cnn?epochs=3&blocks=4:3:max&dense=")
    train(page)
    until(lambda: state(page) == "finished", 60, "finished")
    idle(page)
    inside = module(page, "inside")
    inside.get_by_role("option", name="Pooling pool1").click()
    inside.locator(".pc-block-name", has_text="pool1").wait_for()
    slider = inside.locator(".pc-inside-epochs input")
    slider.focus()
    page.keyboard.press("Home")
    until(lambda: inside.get_by_text("Epoch 1", exact=True).is_visible(), says="the first epoch")
    until(lambda: picture(page).get_by_text("Epoch 1", exact=True).is_visible(),
          says="the run's own picture goes along")


def test_classes_are_called_by_their_names_in_every_language(server, page):
    open_page(page, f"{server.address}/cnn?dataset=cifar10&lang=zh")
    tryit = module(page, "tryit")
    pad = page.locator("canvas.pc-pad")
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 200, steps=8)
    page.mouse.up()
    until(lambda: tryit.get_attribute("data-top"), 60, "an answer")
    assert no_english(page) == []
