"""The arithmetic of convolution: NumPy, TensorFlow and the browser agree; errors explain."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import i18n
from core.data.samples import SIDE, sample, shrink
from core.insight.convolution import (
    Window,
    conv2d,
    output_size,
    pool,
    receptive_field,
    relu,
)
from core.params import changed, from_text
from core.rooms.convolution import KERNELS, ROOM, BadKernel, Convolution, parse
from core.ui.convolution import DoesNotFit, check, formula, program, weights

COMPONENTS = Path(__file__).parents[2] / "assets" / "components"
CLOSE = 1e-5

few = settings(max_examples=40, derandomize=True,
               suppress_health_check=[HealthCheck.function_scoped_fixture])
sides = st.integers(1, 13)
windows_given = st.fixed_dictionaries({
    "stride": st.integers(1, 4), "dilation": st.integers(1, 4),
    "padding": st.sampled_from(["valid", "same", "full"])})
pools = st.fixed_dictionaries({
    "size": st.integers(2, 4), "kind": st.sampled_from(["max", "average"]),
    "padding": st.sampled_from(["valid", "same"])})


def example(height, width, rows, columns, channels, filters=1):
    """A picture 0…1 and a kernel −1…1, always the same for the same sizes."""
    random = np.random.default_rng([height, width, rows, columns, channels, filters])
    return (random.random((height, width, channels)),
            random.uniform(-1, 1, (rows, columns, channels, filters)))


def fits(x, kernel, window):
    return all(output_size(length, Window(size, **window)) > 0
               for length, size in zip(x.shape, kernel.shape[:2]))


# NumPy and TensorFlow

@few
@given(sides, sides, st.integers(1, 7), st.integers(1, 7), st.integers(1, 3), st.integers(1, 4),
       windows_given)
def test_numpy_convolves_as_tensorflow_does(height, width, rows, columns, channels, filters,
                                            window):
    import tensorflow as tf

    x, kernel = example(height, width, rows, columns, channels, filters)
    if not fits(x, kernel, window):
        with pytest.raises(ValueError, match="does not fit"):
            conv2d(x, kernel, **window)
        return
    span = [window["dilation"] * (size - 1) for size in (rows, columns)]
    padding = ([[0, 0], [span[0]] * 2, [span[1]] * 2, [0, 0]] if window["padding"] == "full"
               else window["padding"].upper())
    bias = np.linspace(-1, 1, filters)
    told = tf.nn.conv2d(x[None].astype(np.float32), kernel.astype(np.float32),
                        window["stride"], padding, dilations=window["dilation"])[0] + bias
    assert conv2d(x, kernel, bias, **window).shape == told.shape
    np.testing.assert_allclose(conv2d(x, kernel, bias, **window), told, atol=CLOSE, rtol=0)


@few
@given(sides, sides, st.integers(1, 3), pools)
def test_numpy_pools_as_tensorflow_does(height, width, channels, pooling):
    import tensorflow as tf

    x = example(height, width, 1, 1, channels)[0] - 0.5
    size, kind, padding = pooling["size"], pooling["kind"], pooling["padding"]
    if padding == "valid" and min(height, width) < size:
        with pytest.raises(ValueError, match="does not fit"):
            pool(x, size, kind, padding)
        return
    function = tf.nn.max_pool2d if kind == "max" else tf.nn.avg_pool2d
    told = function(x[None].astype(np.float32), size, size, padding.upper())[0]
    np.testing.assert_allclose(pool(x, size, kind, padding), told, atol=CLOSE, rtol=0)


def test_relu_is_tensorflow_s():
    import tensorflow as tf

    x = np.linspace(-2, 2, 9)
    np.testing.assert_allclose(relu(x), tf.nn.relu(x), atol=CLOSE)


def test_a_receptive_field_is_where_the_gradient_is_not_zero():
    """Two layers with padding and stride: what the formulas say, and what changes the output."""
    layers = [Window(3, 2, 1, "same"), Window(3, 1, 2, "valid")]
    kernel = np.ones((3, 3, 1, 1))

    def network(x):
        return conv2d(conv2d(x, kernel, stride=2, padding="same"), kernel, dilation=2)

    length = 16
    field = receptive_field(length, layers)
    blank = network(np.zeros((length, length, 1)))
    changes = []
    for row in range(length):
        x = np.zeros((length, length, 1))
        x[row] = 1
        changes.append(not np.array_equal(network(x)[1], blank[1]))
    seen = np.flatnonzero(changes)
    start = field.start + field.jump  # of output row 1
    assert (field.size, field.jump) == (11, 2)
    assert (seen[0], seen[-1]) == (start, min(start + field.size, length) - 1)


# The browser

@pytest.fixture(scope="module")
def in_browser(browser):
    """Functions of the browser module, called with one argument."""
    page = browser.new_page()
    page.add_script_tag(content=(COMPONENTS / "convolve.js").read_text("utf-8"))
    yield page.evaluate
    page.close()


@pytest.mark.browser
@few
@given(sides, sides, st.integers(1, 7), st.integers(1, 7), st.integers(1, 3), windows_given)
def test_the_browser_convolves_as_numpy_does(in_browser, height, width, rows, columns, channels,
                                             window):
    x, kernel = example(height, width, rows, columns, channels)
    if not fits(x, kernel, window):
        return
    told = in_browser("""([height, width, channels, values, kernel, window]) => {
        const map = { height, width, channels, values: Float64Array.from(values) };
        const output = conv2d(map, kernel, window);
        return [output.height, output.width, [...output.values]];
    }""", [height, width, channels, x.ravel().tolist(),
           np.moveaxis(kernel[..., 0], -1, 0).tolist(), window])
    here = conv2d(x, kernel, **window)[..., 0]
    assert tuple(told[:2]) == here.shape
    np.testing.assert_allclose(np.reshape(told[2], here.shape), here, atol=CLOSE, rtol=0)


@pytest.mark.browser
@few
@given(sides, sides, pools)
def test_the_browser_pools_as_numpy_does(in_browser, height, width, pooling):
    x = example(height, width, 1, 1, 1)[0] - 0.5
    if pooling["padding"] == "valid" and min(height, width) < pooling["size"]:
        return
    told = in_browser("""([height, width, values, { size, kind, padding }]) => {
        const map = { height, width, channels: 1, values: Float64Array.from(values) };
        const output = pool(map, size, kind, padding);
        return [output.height, output.width, [...output.values]];
    }""", [height, width, x.ravel().tolist(), pooling])
    here = pool(x, **pooling)[..., 0]
    assert tuple(told[:2]) == here.shape
    np.testing.assert_allclose(np.reshape(told[2], here.shape), here, atol=CLOSE, rtol=0)


@pytest.mark.browser
@few
@given(st.integers(1, 40), windows_given, st.integers(1, 7), st.integers(0, 60))
def test_the_browser_sees_back_as_the_formulas_say(in_browser, length, window, size, index):
    layer = Window(size, **window)
    if output_size(length, layer) < 1:
        return
    first, last = in_browser("""([length, window, index]) => {
        const at = taps(length, window, index);
        return [at[0], at.at(-1)];
    }""", [length, layer._asdict(), index])
    field = receptive_field(length, [layer])
    assert first == field.start + index * field.jump
    assert last - first + 1 == field.size


@pytest.mark.browser
@pytest.mark.parametrize(("side", "channels"), [(8, 3), (64, 1)])
def test_the_browser_makes_pictures_small_to_the_very_same_pixels(in_browser, side, channels):
    picture = sample("flower")
    told = in_browser("""([bytes, from, side, channels]) =>
        [...shrink(Uint8Array.from(bytes), from, side, channels)]""",
        [picture.ravel().tolist(), SIDE, side, channels])
    assert told == shrink(picture, side, channels).ravel().tolist()


# What visitors type

@pytest.mark.parametrize(("text", "channels", "part"), [
    ("", 1, "empty"),
    ("1 2; 3", 1, "Row 2"),
    ("1 a", 1, "“a”"),
    ("1 nan", 1, "out of bounds"),
    ("1 1e9", 1, "out of bounds"),
    ("1 2 3 4 5 6 7 8", 1, "1×8"),
    ("1 | 2", 3, "2 matrices"),
    ("1 | 2 | 3", 1, "3 matrices"),
    ("1 | 2 3 | 4", 3, "differ in size"),
])
def test_a_kernel_that_cannot_be_used_is_told_in_one_sentence(text, channels, part):
    with pytest.raises(BadKernel) as error:
        parse(text, channels)
    assert part in error.value.says()
    i18n.use("zh")
    try:
        assert error.value.says() != str(error.value)
    finally:
        i18n.use("en")


@pytest.mark.parametrize(("text", "matrix"), [
    ("1 0; 0 −1", ((1, 0), (0, -1))), ("1,2,3", ((1, 2, 3),)), (" .5 ; ", ((0.5,),)),
])
def test_a_kernel_is_read_as_people_type_it(text, matrix):
    assert parse(text, 3) == (matrix,) * 3


@pytest.mark.parametrize("text", KERNELS)
def test_kernels_by_name_can_be_used_and_linked(text):
    channels = 3 if "|" in text else 1
    assert len(parse(text, channels)) == channels
    params = Convolution(kernel=text, channels=channels)
    assert from_text(Convolution, changed(params)) == (params, [])


def test_a_window_that_does_not_fit_is_explained_with_the_formula():
    params = Convolution(side=8, dilation=4)
    with pytest.raises(DoesNotFit, match=r"⌊\(8 \+ 0 − 9\) / 1⌋ \+ 1 = 0"):
        check(params, parse(params.kernel, 1))


@pytest.mark.parametrize("preset", ROOM.presets, ids=lambda preset: preset.name)
def test_every_preset_fits_but_the_one_that_shows_what_does_not(preset):
    params = Convolution(**preset.values)
    kernel = parse(params.kernel, params.channels)
    if preset.name == "too_large":
        with pytest.raises(DoesNotFit):
            check(params, kernel)
    else:
        check(params, kernel)


def test_the_formula_says_the_size_that_comes_out():
    params = Convolution(kernel="1 2 3", stride=2, padding="same")
    assert formula(params, parse(params.kernel, 1)) == (
        "⌊(64 + 0 − 1) / 2⌋ + 1 = 32 · ⌊(64 + 1 − 3) / 2⌋ + 1 = 32")


# What is taken home

def test_the_program_prints_the_very_output(tmp_path):
    params = Convolution(picture="shapes", side=16, channels=3, kernel="1 0 -1 | 2 0 0 | 0 1 0.25",
                         stride=2, padding="same", pool="average", pool_padding="same")
    kernel = parse(params.kernel, 3)
    small = shrink(sample("shapes"), 16, 3)
    path = tmp_path / "convolution.py"
    path.write_text(program(params, kernel, small), "utf-8")
    done = subprocess.run([sys.executable, "-I", path], capture_output=True, text=True,
                          check=True, timeout=60)
    output = conv2d(small / 255, weights(kernel), stride=2, padding="same")
    told = [np.loadtxt(part.splitlines()[1:]) for part in done.stdout.split("# ")[1:]]
    np.testing.assert_allclose(told[0], output[..., 0], atol=CLOSE)
    np.testing.assert_allclose(told[1], pool(relu(output), 2, "average", "same")[..., 0],
                               atol=CLOSE)
