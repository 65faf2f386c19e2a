"""A visitor in the room of the network from scratch, and what its browser modules compute."""

from pathlib import Path

import numpy as np
import pytest

from core.catalogue import ROOMS
from core.models import neuron
from core.rooms.neuron import FEATURES, Hidden, Neuron
from tests.browser import idle, no_english, open_page, until
from tests.journeys.cnn import picture, press, state, train

pytestmark = pytest.mark.browser
opened = pytest.mark.skipif("neuron" not in {room.name for room in ROOMS},
                            reason="the room is not in the catalogue yet")

COMPONENTS = Path(__file__).parents[2] / "assets" / "components"
MODULES = ["kit.js", "live.js", "plane-math.js", "plane-net.js", "plane-surface.js",
           "plane-steps.js", "plane-cut.js"]
EVERY_BEND = tuple(Hidden(neurons=5, activation=name) for name in (
    "tanh", "relu", "leaky_relu", "sigmoid", "gelu", "linear"))


@pytest.fixture
def modules(page):
    """A blank page that knows the modules' classes and functions."""
    page.set_content("<section></section>")
    for name in MODULES:
        page.add_script_tag(content=(COMPONENTS / name).read_text("utf-8"))
    return page.evaluate


@pytest.mark.parametrize("dataset", ["spiral", "hills"])
def test_the_browser_computes_what_numpy_computes(modules, dataset):
    """Answers, loss and gradient with all features and every activation."""
    params = Neuron(dataset=dataset, hidden=EVERY_BEND, **dict.fromkeys(FEATURES, True))
    data = neuron.load(params)
    network = neuron.build(params, data)
    network.theta += 0.1
    x, y = data.x_train[:60], data.y_train[:60]
    sums, values = neuron.forward(network, neuron.features(params, x))
    told = modules("""({ points, targets, ...given }) => {
        const net = new Net(given);
        const result = net.forward(net.inputs(points), points.length);
        const { gradient } = net.backward(result, targets);
        return { answers: [...result.values.at(-1)], gradient: [...gradient],
                 loss: net.loss(result, targets) };
    }""", {"features": list(FEATURES), "sizes": network.sizes, "bends": network.bends,
           "theta": network.theta.tolist(), "points": x.tolist(), "targets": y[:, 0].tolist()})
    assert np.allclose(told["answers"], values[-1][:, 0], atol=1e-5)
    assert np.allclose(told["gradient"], neuron.backward(network, sums, values, y), atol=1e-5)
    assert told["loss"] == pytest.approx(neuron.loss(network, sums[-1], y), abs=1e-5)


def test_the_steps_end_in_the_gradient_that_is_used(modules):
    lines = modules("""() => {
        const net = new Net({ features: ["x1"], sizes: [1, 1, 1], bends: ["tanh", "sigmoid"],
                              theta: [0.5, 0.1, -1, 0.2] });
        return walkThrough(net, [2, 0, 1], 0.1).map(({ kind, lines }) => [kind, lines.at(-1)[1]]);
    }""")
    a1 = np.tanh(1.1)
    p = 1 / (1 + np.exp(a1 - 0.2))
    delta = (p - 1) * -1 * (1 - a1**2)
    assert [kind for kind, _ in lines] == ["inputs", "forward", "forward", "loss", "delta",
                                           "update", "delta", "update"]
    assert lines[3][1].endswith(f"{-np.log(p):.3f}")
    assert lines[6][1].endswith(f"= {delta:.3f}".replace("-", "−"))


def test_bins_hold_every_value(modules):
    told = modules("() => histogram([0, 1, 1, 2, 10], 5)")
    assert told == {"low": 0, "high": 10, "counts": [3, 1, 0, 0, 1]}


def plane(page):
    return page.locator("[data-module=plane]")


def change(page, name: str) -> None:
    """Press a button of the drawing and wait until another network is there."""
    before = plane(page).get_attribute("data-net")
    plane(page).get_by_role("button", name=name, exact=True).click()
    until(lambda: plane(page).get_attribute("data-net") != before, 60, name)
    idle(page)


def set_output_bias(page, value: str) -> None:
    net = plane(page).locator("canvas.pc-net")
    box = net.bounding_box()
    # The output neuron stands at the right, in the middle of its column.
    net.click(position={"x": box["width"] - 26, "y": 40 + (box["height"] - 40) / 2})
    number = plane(page).get_by_label("bias")
    number.fill(value)
    number.press("Enter")


@opened
def test_build_train_ask_and_start_over(server, page):
    """Change the network in the drawing, train, pause, ask a place, look inside, in Chinese."""
    open_page(page, f"{server.address}/neuron?epochs=20000")
    change(page, "Add a hidden layer")
    change(page, "Add a neuron to layer 3")
    change(page, "x₁²")
    change(page, "x₂²")
    assert plane(page).get_attribute("data-net") == "x1,x2,x1_squared,x2_squared 4-4-2-3-1"
    train(page)
    assert "hidden=4%3Atanh%3A0%2C2%3Atanh%3A0%2C3%3Atanh%3A0" in page.url
    until(lambda: float(plane(page).get_attribute("data-loss")) < 0.05, 60, "the loss falls")
    press(page, "Pause")
    until(lambda: state(page) == "paused", says="paused")
    surface = plane(page).locator("canvas.pc-surface")
    box = surface.bounding_box()
    surface.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    until(lambda: "blue" in plane(page).locator(".pc-answer").inner_text(), says="an answer")
    press(page, "Stop")
    until(lambda: state(page) == "stopped", says="stopped")
    idle(page)
    inside = page.locator("[data-module=planeinside]")
    inside.get_by_role("button", name="Next step").click()
    assert inside.get_attribute("data-step") == "1"
    page.get_by_role("button", name="Reset").click()
    idle(page)
    until(lambda: float(plane(page).get_attribute("data-loss")) > 0.3, says="the first weights")
    page.get_by_role("button", name="简体中文").click()
    page.get_by_role("heading", name="从零开始的神经网络").wait_for()
    idle(page)
    assert no_english(page) == []


@opened
def test_clicks_in_quick_succession_all_count(server, page):
    open_page(page, f"{server.address}/neuron")
    for name in ("Add a neuron to layer 1", "Add a neuron to layer 1", "x₁·x₂",
                 "Add a hidden layer", "Add a neuron to layer 2"):
        plane(page).get_by_role("button", name=name, exact=True).click(no_wait_after=True)
    page.wait_for_url(lambda url: "hidden=6%3Atanh%3A0%2C3%3Atanh%3A0%2C2" in url)
    until(lambda: plane(page).get_attribute("data-net") == "x1,x2,x1_x2 3-6-3-2-1", 30, "drawn")


@opened
def test_points_are_drawn_and_learned_from(server, page):
    open_page(page, f"{server.address}/neuron?dataset=empty&epochs=300")
    page.get_by_text("only 0 points").wait_for()
    surface = plane(page).locator("canvas.pc-surface")
    for mode, x, said in (("bright", 0.3, "true"), ("dark", 0.7, "false")):
        plane(page).locator(f"[data-mode={mode}]").click()
        side = surface.bounding_box()["width"]
        for y in (0.2, 0.35, 0.5, 0.65, 0.8):
            surface.click(position={"x": x * side, "y": y * side})
        page.wait_for_url(lambda url, said=said: url.count(said) == 5)
        idle(page)
    train(page)
    until(lambda: state(page) == "finished", 60, "finished")
    assert picture(page).locator(".pc-figure.pc-first dd").inner_text() == "100.0%"


@opened
def test_a_number_is_set_by_hand(server, page):
    open_page(page, f"{server.address}/neuron")
    before = plane(page).get_attribute("data-loss")
    set_output_bias(page, "2.5")
    page.wait_for_url(lambda url: "edits=" in url)
    idle(page)
    until(lambda: plane(page).get_attribute("data-loss") != before, says="another surface")


@opened
def test_a_number_is_set_by_hand_while_it_trains(server, page):
    open_page(page, f"{server.address}/neuron?epochs=20000")
    train(page)
    until(lambda: float(plane(page).get_attribute("data-loss")) < 0.1, 60, "the loss falls")
    plane(page).get_by_role("button", name="Pause").click()
    until(lambda: state(page) == "paused", says="paused")
    set_output_bias(page, "4")
    plane(page).get_by_role("button", name="One batch").click()
    page.wait_for_function("""() => {
        const bias = __perceptorium.plane.net.theta.at(-1);
        return bias !== 4 && Math.abs(bias - 4) < 0.5;
    }""")
    press(page, "Stop")
    until(lambda: state(page) == "stopped", says="stopped")
    idle(page)
    page.get_by_text("Read the program").click()
    page.get_by_text("[[24, 4.0]]").wait_for()


RINGS = "width,height,depth,kind\n" + "".join(
    f"{radius * np.cos(angle):.3f},{100 + radius * np.sin(angle):.3f},{angle:.2f},{kind}\n"
    for radius, kind in ((1.0, "inner"), (3.0, "outer")) for angle in np.arange(0, 6.2, 0.1))


@opened
def test_an_own_table_is_learned_from(server, page):
    """Upload it, move the plane through its third column, choose another target, train."""
    open_page(page, f"{server.address}/neuron?dataset=own&epochs=300&learning_rate=0.1")
    page.get_by_text("There is no table yet").wait_for()
    page.locator("[data-module=files] input[type=file]").set_input_files(
        {"name": "rings.csv", "mimeType": "text/csv", "buffer": RINGS.encode()})
    page.wait_for_url(lambda url: "own=" in url)
    idle(page)
    assert plane(page).get_attribute("data-net") == "x1,x2,column2 3-4-2-1"
    assert "width" in plane(page).locator(".pc-axes").inner_text()
    before = page.evaluate("[...__perceptorium.plane.net.overPlane(2).at(-1)]")
    plane(page).locator(".pc-cut-slider input").fill("3")
    until(lambda: page.evaluate("[...__perceptorium.plane.net.overPlane(2).at(-1)]") != before,
          says="the plane lies elsewhere")
    train(page)
    until(lambda: state(page) == "finished", 60, "finished")
    idle(page)
    assert float(picture(page).locator(".pc-figure.pc-first dd").inner_text()[:-1]) > 85
    page.get_by_role("button", name="Your data (.npz)").wait_for()
