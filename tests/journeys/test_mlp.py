"""A visitor in the room of the network on tables."""

import re

import pytest

from tests.browser import idle, no_english, open_page, until
from tests.journeys.cnn import picture, state, stop, train
from tests.journeys.upload import bring, refused

pytestmark = pytest.mark.browser

QUICK = "epochs=3&hidden=8:0"
OWN = "id;height;garden;sold\n" + "\n".join(
    f"{row + 1};{row % 30 + 0.5};{'' if row % 8 == 0 else 'yes' if row % 3 else 'no'};"
    f"{'fast' if row % 30 > 14 else 'slow'}" for row in range(120)) + "\n"


def module(page, name: str):
    """A module, looked at, once it has an answer."""
    found = page.locator(f"[data-module={name}]")
    found.scroll_into_view_if_needed()
    until(lambda: found.get_attribute("data-state") == "answered", 60, f"{name} has its answer")
    return found


def set_slider(page, slider, value: float) -> None:
    slider.evaluate("""(input, value) => {
        input.value = value;
        input.dispatchEvent(new Event("input", { bubbles: true }));
    }""", value)


def test_try_a_row_and_read_the_report_before_any_training(server, page):
    open_page(page, f"{server.address}/mlp")
    row = module(page, "tabletry")
    assert row.get_attribute("data-answer") in ("malignant", "benign")
    row.get_by_role("button", name="the usual row").click()
    until(lambda: row.get_attribute("data-answer") == "benign", 30, "the usual tumour is benign")
    for name in ("worst radius", "worst area", "worst concave points", "area error",
                 "worst perimeter", "worst texture", "mean concavity", "radius error"):
        slider = row.get_by_label(name, exact=True)
        set_slider(page, slider, float(slider.get_attribute("max")))
    until(lambda: row.get_attribute("data-answer") == "malignant", 30, "moved by the sliders")
    # The first slider alone may turn the answer: the part of the others comes with the next one.
    until(lambda: row.locator(".pc-table-moved .pc-for").count() >= 3, 30, "what moved it")

    report = module(page, "tablereport")
    before = int(report.get_attribute("data-found"))
    set_slider(page, report.locator("input[type=range]"), 0.01)
    until(lambda: int(report.get_attribute("data-found")) >= before, says="a lower threshold")
    assert report.locator(".pc-table-counts td").count() == 5
    report.get_by_role("combobox").select_option("benign")
    until(lambda: report.get_by_text("is benign").count(), 30, "the other class")

    inside = module(page, "tableinside")
    second = inside.get_by_role("option").nth(1)
    name = second.locator("span").first.inner_text()
    second.click()
    until(lambda: inside.get_attribute("data-column") == name, 30, "the chosen column")
    page.get_by_role("button", name="简体中文").click()
    idle(page)
    module(page, "tabletry")
    assert no_english(page) == []


def test_train_measure_and_take_home(server, page):
    open_page(page, f"{server.address}/mlp?{QUICK}")
    train(page)
    until(lambda: state(page) == "finished", 60, "finished")
    idle(page)
    assert picture(page).locator(".pc-cell").count() == 4
    page.get_by_role("button", name="Measure simpler methods").click()
    page.get_by_role("row", name=re.compile("Gradient boosting")).wait_for(timeout=60_000)
    page.get_by_role("row", name=re.compile("Logistic regression")).wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Program (.py)").click()
    assert "load_breast_cancer" in download.value.path().read_text()


def test_cross_validation_fills_the_table(server, page):
    open_page(page, f"{server.address}/mlp?{QUICK}&dataset=wine")
    page.get_by_role("button", name="Cross-validate all of them").click()
    row = page.get_by_role("row", name=re.compile("This network"))
    until(lambda: "5 / 5" in row.inner_text(), 180, "five folds are trained")
    page.get_by_text(re.compile("win|as good as")).first.wait_for(timeout=30_000)


def test_a_table_of_one_s_own(server, page, tmp_path):
    """Upload, correct a type, choose another target, train, try a row."""
    file = tmp_path / "houses.csv"
    file.write_text(OWN, "utf-8")
    open_page(page, f"{server.address}/mlp?{QUICK}")
    bring(page, file)
    page.get_by_text("120 rows and 4 columns, separated by semicolons").wait_for(timeout=60_000)
    page.wait_for_url(lambda url: "columns=-ncc" in url and "target=3" in url)
    idle(page)
    train(page)
    until(lambda: state(page) == "finished", 60, "finished")
    idle(page)
    row = module(page, "tabletry")
    assert row.get_attribute("data-answer") in ("fast", "slow")
    assert row.get_by_label("garden", exact=True).locator("option").all_inner_texts() == [
        "no", "yes"]
    page.get_by_role("button", name="Your data (.npz)").wait_for()


@pytest.mark.parametrize(("content", "sentence"), [
    (b"", "empty"), (b"\x00\xff" * 300, "no text that can be read"),
    (b"a,b\n", "no rows below its heading")])
def test_a_bad_table_is_refused_in_a_sentence(server, page, problems, tmp_path, content, sentence):
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    open_page(page, f"{server.address}/mlp")
    refused(page, problems, file, sentence)


def test_values_instead_of_classes_and_a_refresh_in_mid_run(server, page):
    open_page(page, f"{server.address}/mlp?dataset=diabetes&epochs=500&hidden=8:0")
    train(page)
    until(lambda: picture(page).locator("canvas.pc-scatter").count() > 0, 60, "an epoch is done")
    page.reload()
    idle(page)
    until(lambda: state(page) == "running", 30, "the run goes on after a refresh")
    stop(page)
    idle(page)
    report = module(page, "tablereport")
    assert float(report.get_attribute("data-found")) > 0
    assert report.get_by_text("Without any network").is_visible()
