"""A visitor in the room of graph neural networks."""

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.browser import idle, no_english, open_page, until
from tests.journeys.cnn import picture, state, stop, train
from tests.journeys.upload import bring, refused

pytestmark = pytest.mark.browser

OWN = "source,target,class\n" + "\n".join(
    [f"a{i},a{j}," for i in range(6) for j in range(i)]
    + [f"b{i},b{j}," for i in range(6) for j in range(i)] + ["a0,b0,"]
    + [f"a{i},,red" for i in range(5)] + [f"b{i},,blue" for i in range(5)]) + "\n"
# The colours of a canvas, the most frequent ones first.
COLOURS = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) sum = (sum * 31 + data[i] + 7 * data[i + 2]) % 1e9;
  return sum;
}"""


def graph(page):
    return page.locator("[data-module=graph]")


def answered(page) -> None:
    until(lambda: graph(page).get_attribute("data-state") == "answered", 60, "the graph speaks")


def right(page) -> int:
    return int(graph(page).get_attribute("data-right") or -1)


def spot(page, node: int) -> dict:
    """Where a node stands, in pixels of the canvas: as it was laid out for the page."""
    canvas = graph(page).locator("canvas").first
    x, y = page.evaluate(
        "(node) => [...__perceptorium.places.values()].at(-1)[node]", node)
    size = canvas.evaluate("(c) => [c.clientWidth, c.clientHeight]")
    return {axis: 18 + (value + 1) / 2 * (side - 36)
            for axis, value, side in zip("xy", (x, y), size)}


def click(page, node: int) -> None:
    graph(page).locator("canvas").first.click(position=spot(page, node))


def test_look_change_an_edge_and_compute_by_hand_before_any_training(server, page):
    open_page(page, f"{server.address}/gnn")
    answered(page)
    assert right(page) >= 30
    click(page, 8)
    until(lambda: graph(page).get_attribute("data-node") == "8", says="member 9 is chosen")
    expect(graph(page).locator(".pc-graph-says")).to_contain_text(
        "Node 9", timeout=30_000)
    step = page.locator("[data-module=nodestep]")
    step.scroll_into_view_if_needed()
    until(lambda: step.get_attribute("data-node") == "8", 30, "its step by hand")
    expect(step).to_contain_text("1/√(6·18)", timeout=30_000)
    step.get_by_role("button", name="Layer 2").click()
    until(lambda: step.get_attribute("data-layer") == "2", 30, "the other layer")

    graph(page).get_by_role("button", name="Join or part two nodes").click()
    for node in (8, 33):  # member 9 has never met the officer
        click(page, node)
    until(lambda: graph(page).get_attribute("data-edits") == "1", says="the edge is gone")
    step.get_by_role("button", name="Layer 1").click()
    expect(step).to_contain_text("1/√(5·", timeout=60_000)  # it hears one less
    graph(page).get_by_role("button", name="Undo my edges").click()
    until(lambda: graph(page).get_attribute("data-edits") == "0", says="as it was")

    page.get_by_role("button", name="简体中文").click()
    idle(page)
    until(lambda: no_english(page) == [], 30, "all of it is Chinese")


def test_the_graph_colours_while_it_trains(server, page):
    open_page(page, f"{server.address}/gnn?epochs=60")
    answered(page)
    train(page)
    until(lambda: int(graph(page).get_attribute("data-epoch") or 0) >= 1, 60, "a first epoch")
    until(lambda: state(page) == "finished", 90, "finished")
    idle(page)
    until(lambda: graph(page).get_attribute("data-epoch") == "60", 30, "the last epoch")
    assert right(page) >= 28
    canvas = graph(page).locator("canvas").first
    before, places = canvas.evaluate(COLOURS), spot(page, 5)
    slider = picture(page).locator(".pc-epochs input[type=range]")
    slider.evaluate("(input) => { input.value = 1;"
                    " input.dispatchEvent(new Event('input', { bubbles: true })); }")
    until(lambda: graph(page).get_attribute("data-epoch") == "1", 30, "the first epoch")
    until(lambda: canvas.evaluate(COLOURS) != before, 30, "other colours")
    assert spot(page, 5) == places, "the layout stays"

    box = canvas.bounding_box()
    page.mouse.move(box["x"] + places["x"], box["y"] + places["y"])
    page.mouse.down()
    page.mouse.move(box["x"] + places["x"] + 60, box["y"] + places["y"] + 40, steps=5)
    page.mouse.up()
    assert graph(page).get_attribute("data-dragged") == "5"
    assert spot(page, 5)["x"] == pytest.approx(places["x"] + 60, abs=2)

    page.get_by_role("button", name="Measure simpler methods").click()
    page.get_by_text("Label propagation (no features)").wait_for()
    page.get_by_role("button", name="Measure over 8 layers").click()
    page.locator("[data-module=smoothing] .main-svg").first.wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Program (.py)").click()
    text = download.value.path().read_text()
    assert "class GraphConvolution" in text and "GraphAttention" not in text


def test_a_graph_of_one_s_own(server, page, tmp_path):
    file = tmp_path / "friends.csv"
    file.write_text(OWN)
    open_page(page, f"{server.address}/gnn?epochs=30")
    bring(page, file)
    page.get_by_text("12 nodes, 31 edges").wait_for(timeout=60_000)
    idle(page)
    until(lambda: graph(page).get_attribute("data-state") == "untrained", 30, "the new graph")
    train(page)
    until(lambda: state(page) == "finished", 90, "finished")
    idle(page)
    until(lambda: right(page) == 8, 30, "two circles of friends are easy")
    page.get_by_role("button", name="Your data (.npz)").wait_for()


def test_a_graph_drawn_by_hand(server, page):
    open_page(page, f"{server.address}/gnn?epochs=20")
    page.get_by_text("Or draw one").click()
    pad = page.locator("[data-module=graphpad]")
    canvas = pad.locator("canvas")
    canvas.scroll_into_view_if_needed()
    spots = [{"x": 60 + 60 * node, "y": 80 if node % 2 else 140} for node in range(8)]
    for node, spot_ in enumerate(spots):
        if node == 4:
            pad.get_by_role("button", name="B", exact=True).click()
        canvas.click(position=spot_)
    until(lambda: pad.get_attribute("data-nodes") == "8", says="eight nodes")
    for a, b in pairwise(spots):
        canvas.click(position=a)
        canvas.click(position=b)
    until(lambda: pad.get_attribute("data-edges") == "7", says="a chain")
    pad.get_by_role("button", name="Use this graph").click()
    page.get_by_text("8 nodes, 7 edges").wait_for(timeout=30_000)
    idle(page)
    train(page)
    until(lambda: state(page) == "finished", 90, "finished")
    until(lambda: right(page) >= 3, 30, "it answers")


def test_hidden_edges_and_molecules(server, page):
    open_page(page, f"{server.address}/gnn?dataset=novel&task=links&units=32")
    answered(page)  # by the network that ships
    expect(graph(page).locator(".pc-graph-count")).to_contain_text(
        "hidden pairs right", timeout=30_000)
    assert right(page) >= 100, "of 150"
    click(page, 0)
    step = page.locator("[data-module=nodestep]")
    step.scroll_into_view_if_needed()
    expect(step.locator(".pc-chances li")).to_have_count(6, timeout=60_000)

    open_page(page, f"{server.address}/gnn?dataset=molecules&layer=gin&dropout=0&epochs=40")
    expect(graph(page).locator(".pc-graph-count")).to_contain_text(
        "40 of 40 other molecules", timeout=60_000)
    train(page)  # the network that ships has learned from the same ones
    until(lambda: state(page) == "finished", 120, "finished")
    until(lambda: graph(page).get_attribute("data-epoch") == "40", 30, "the last epoch")
    assert right(page) >= 32, "of forty"
    page.get_by_role("button", name="Measure simpler methods").click()
    page.get_by_text("Counting bonds").wait_for(timeout=60_000)


@pytest.mark.parametrize(("content", "sentence"), [
    ("hello", "no graph in this file"), ("a,b\nb,c\n", "between two and 12 classes"),
    ("<!DOCTYPE a []><graphml/>", "DOCTYPE")])
def test_a_bad_graph_is_refused_in_a_sentence(server, page, problems, tmp_path, content, sentence):
    file = tmp_path / "bad.graphml"
    file.write_text(content)
    open_page(page, f"{server.address}/gnn")
    refused(page, problems, file, sentence)


def test_on_a_phone_and_a_refresh_in_mid_run(server, new_page):
    page = new_page(viewport={"width": 390, "height": 844})
    open_page(page, f"{server.address}/gnn?epochs=1000&dataset=blocks&labels=3")
    train(page)
    until(lambda: int(graph(page).get_attribute("data-epoch") or 0) >= 2, 60, "epochs pass")
    page.reload()
    idle(page)
    until(lambda: state(page) == "running", 30, "the run goes on after a refresh")
    answered(page)
    wide = "() => document.documentElement.scrollWidth - innerWidth"
    assert page.evaluate(wide) <= 0
    stop(page)
