"""The list of runs: found, compared, pinned, saved as a zip and brought back by somebody else."""

import re

import pytest

from tests.browser import idle, open_page, until
from tests.journeys.cnn import state, train
from tests.server import Server

pytestmark = pytest.mark.browser

SHORT = "epochs=1&blocks=4:3:max&dense=8&batch_size=64"


@pytest.fixture(scope="module")
def museum(tmp_path_factory):
    """A server whose list holds only what these tests put there."""
    server = Server(tmp_path_factory.mktemp("runs")).start()
    yield server
    server.stop()


@pytest.fixture
def two_runs(museum, page) -> list[str]:
    """The ids of two finished runs of one visitor that differ in one hyperparameter."""
    ids = []
    for rate in ("0.002", "0.0005"):
        open_page(page, f"{museum.address}/cnn?{SHORT}&learning_rate={rate}")
        ids.append(train(page))
        until(lambda: state(page) == "finished", 90, "finished")
        page.get_by_text("Program (.py)").wait_for()  # it is written down
        page.goto("about:blank")
    return ids


def rows(page):
    return page.locator("[class*='st-key-run-']")


def test_runs_are_found_compared_pinned_saved_and_brought_back(museum, page, two_runs, new_page,
                                                              tmp_path):
    open_page(page, f"{museum.address}/runs")
    assert rows(page).count() == 2

    page.get_by_label("Find").fill("0.0005")
    page.get_by_label("Find").press("Enter")
    until(lambda: rows(page).count() == 1, 30, "only the run with that rate")
    assert two_runs[1] in page.locator(".pc-run-name").get_attribute("href")
    page.get_by_label("Find").fill("")
    page.get_by_label("Find").press("Enter")
    until(lambda: rows(page).count() == 2, 30, "all runs")

    for name in page.locator(".pc-run-name").all_inner_texts():
        page.get_by_role("checkbox", name=re.compile(f"Compare .*{name[:4]}")).check(force=True)
        idle(page)
    differing = page.locator(".pc-differences")
    differing.wait_for()
    assert "Learning rate" in differing.inner_text() and "Filters" not in differing.inner_text()
    until(lambda: page.locator(".js-plotly-plot").count() == 2, 30, "accuracy and loss")

    rows(page).first.get_by_role("button", name="⋯").click()
    page.get_by_role("button", name="Pin", exact=True).click()
    page.locator(".pc-mark", has_text="pinned").wait_for()

    with page.expect_download() as coming:
        page.get_by_role("link", name="Save my runs").click()
    saved = tmp_path / "session.zip"
    coming.value.save_as(saved)

    page.keyboard.press("Escape")
    for _ in two_runs:
        idle(page)
        rows(page).first.get_by_role("button", name="⋯").click()
        page.get_by_role("button", name="Delete for good").click()
    page.get_by_text("No run yet").wait_for()

    other = new_page()
    open_page(other, f"{museum.address}/runs")
    other.locator("input[type=file]").set_input_files(saved)
    other.get_by_text("2 runs were brought back").wait_for()
    until(lambda: rows(other).count() == 2, 30, "both runs, now somebody else's")
    assert other.locator(".pc-mark", has_text="imported").count() == 2
    other.locator(".pc-run-name").first.click()
    other.wait_for_url(re.compile("/cnn.*run="))
    idle(other)
    until(lambda: state(other) == "finished", 60, "its curves are back")
