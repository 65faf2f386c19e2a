"""A visitor in the room of card fraud."""

import re

import pytest
from playwright.sync_api import expect

from core.data.transactions import as_csv, invented
from tests.browser import idle, no_english, open_page, until
from tests.journeys.cnn import picture, state, train
from tests.journeys.test_mlp import module, set_slider
from tests.journeys.upload import bring, refused

pytestmark = pytest.mark.browser

QUICK = "epochs=2&transactions=5000&fraud_rate=0.05&hidden=8:0"


def judged(page) -> int:
    return int(page.locator("[data-module=fraudstream]").get_attribute("data-judged") or 0)


def passing(page):
    """The stream, once some payments have passed."""
    stream = module(page, "fraudstream")
    until(lambda: judged(page) > 20, 60, "payments pass")
    return stream


def pause(page, stream) -> None:
    stream.get_by_role("button", name=re.compile("Pause|暂停")).click()
    until(lambda: stream.get_attribute("data-running") == "false", says="it stands")


def test_payments_pass_before_any_training_and_the_threshold_acts_at_once(server, page):
    open_page(page, f"{server.address}/fraud")
    stream = passing(page)
    set_slider(page, stream.locator("[data-hand=speed]"), 3)
    until(lambda: int(stream.get_attribute("data-caught")) > 3, 60, "frauds are stopped")
    pause(page, stream)
    before = judged(page)
    set_slider(page, stream.locator("[data-hand=threshold]"), 12.25)
    until(lambda: stream.get_by_text("It stops nothing").is_visible(), says="no threshold")
    assert (stream.get_attribute("data-caught"), stream.get_attribute("data-alarms")) == ("0", "0")
    set_slider(page, stream.locator("[data-hand=threshold]"), -12)
    until(lambda: int(stream.get_attribute("data-alarms")) > before / 2, says="it stops everybody")
    assert judged(page) == before, "it stood still"

    report = module(page, "fraudreport")
    everybody = int(report.get_attribute("data-cost"))
    report.get_by_role("button", name="The cheapest on validation").click()
    until(lambda: int(report.get_attribute("data-cost")) < everybody / 2, says="far cheaper")
    assert int(stream.get_attribute("data-alarms")) < before / 2, "the same threshold above"
    assert report.get_by_text("Whoever always says “no fraud” has 99.00%").is_visible()
    found = int(report.get_attribute("data-found"))
    set_slider(page, report.locator("[data-hand=fee]"), 100)
    until(lambda: int(report.get_attribute("data-found")) < found, says="dear alarms, fewer frauds")

    stream.locator(".pc-fraud-note").first.click()
    until(lambda: stream.locator(".pc-table-moved .pc-table-bar").count() > 3, 30, "what moved it")
    stream.get_by_role("button", name="From the beginning").click()
    until(lambda: judged(page) > 0, 30, "it begins again")


def test_in_chinese_nothing_is_left_in_english(server, page):
    open_page(page, f"{server.address}/fraud?lang=zh")
    stream = passing(page)
    until(lambda: stream.locator(".pc-fraud-note").count() > 0, 60, "something happened")
    pause(page, stream)
    stream.locator(".pc-fraud-note").first.click()
    until(lambda: stream.locator(".pc-table-moved .pc-table-bar").count() > 3, 30, "what moved it")
    module(page, "fraudreport")
    module(page, "tableinside")
    page.get_by_role("button", name="全部测量").click()
    page.get_by_role("row", name=re.compile("梯度提升")).wait_for(timeout=90_000)
    idle(page)
    until(lambda: no_english(page) == [], 30, "all of it is Chinese")


def test_train_compare_and_take_home(server, page):
    open_page(page, f"{server.address}/fraud?{QUICK}")
    train(page)
    until(lambda: state(page) == "finished", 90, "finished")
    idle(page)
    expect(picture(page).locator("canvas.pc-suspicion")).to_be_visible(timeout=30_000)
    passing(page)
    page.get_by_role("button", name="Measure all of them").click()
    for name in ("Always “no fraud”", "Logistic regression", "Gradient boosting", "This network"):
        page.get_by_role("row", name=re.compile(name)).wait_for(timeout=90_000)
    with page.expect_download() as download:
        page.get_by_role("button", name="Program (.py)").click()
    assert "def invented(" in download.value.path().read_text()


def test_the_leak_is_measured_by_two_runs(server, page):
    open_page(page, f"{server.address}/fraud?{QUICK}")
    page.get_by_role("button", name="Measure the leak").click()
    page.wait_for_url(re.compile(r"with=[0-9a-f]{12}(,|%2C)[0-9a-f]{12}"), timeout=60_000)
    page.get_by_role("row", name=re.compile("^difference")).wait_for(timeout=150_000)
    assert page.get_by_role("row", name=re.compile(r"^all rows \(a leak\) 0\.\d+")).count() == 1


def test_payments_of_one_s_own_and_a_wrong_file(server, page, problems, tmp_path):
    open_page(page, f"{server.address}/fraud?{QUICK}")
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("Time,V1,Amount\n1,2,3\n")
    refused(page, problems, wrong, "No column says which payments were frauds")
    with page.expect_download() as download:
        page.get_by_role("button", name="Example: payments.csv").click()
    example = download.value.path().read_text()
    assert example.startswith("Time,V1,") and example == as_csv(*invented(3_000, 0.04, 0.5))
    mine = tmp_path / "payments.csv"
    mine.write_text(example)
    bring(page, mine)
    page.get_by_text("3,000 payments with 30 columns; 120 of them are frauds").wait_for(
        timeout=60_000)
    page.wait_for_url(re.compile("dataset=own"))
    idle(page)
    train(page)
    until(lambda: state(page) == "finished", 90, "finished")
    idle(page)
    passing(page)
    page.get_by_role("button", name="Your data (.npz)").wait_for()


def test_on_a_phone_it_fits_and_passes(server, new_page):
    page = new_page(viewport={"width": 390, "height": 844})
    open_page(page, f"{server.address}/fraud")
    passing(page)
    module(page, "fraudreport")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    wide = page.evaluate("""() => [...document.querySelectorAll('[data-module]')]
        .filter(each => each.scrollWidth > each.clientWidth + 1)
        .map(each => each.dataset.module)""")
    assert wide == []
