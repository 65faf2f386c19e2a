"""What pictures become before a network sees them, and what one sees inside the network."""

import base64
import io
import json
import struct
import subprocess
import sys
import threading
import time
import zlib
from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image

from benchmarks.strokes import SHAPES, draw, drawings
from core.catalogue import room
from core.data import sources
from core.data.images import DATA_SETS, digits
from core.insight import baseline, ink, vision
from core.insight.pictures import BadPicture, decode
from core.models import cnn
from core.params import to_text
from core.rooms.cnn import CNN, Block, Dense

ROOM = room("cnn")
ROOT = Path(__file__).parent.parent
LIMITS = {"max_bytes": 1_000_000, "max_pixels": 4_000_000}
CONTEXT = {"room": "cnn", "dataset": "digits", "params": to_text(CNN()),
           "classes": list("0123456789")}


# Reading strangers' files


def saved(picture: Image.Image, kind: str, **options) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


HALVES = np.zeros((20, 40, 3), np.uint8)  # left half red, right half blue
HALVES[:, :20, 0] = HALVES[:, 20:, 2] = 255


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"])
def test_usual_formats_are_read(kind):
    image = decode(saved(Image.fromarray(HALVES), kind), **LIMITS)
    assert image.shape == (20, 40, 3)
    assert image.dtype == np.uint8
    assert image[10, 5, 0] > 200 > 50 > image[10, 5, 2]


def test_a_photo_is_turned_as_the_camera_was_held():
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right
    image = decode(saved(Image.fromarray(HALVES), "JPEG", exif=exif), **LIMITS)
    assert image.shape == (40, 20, 3)
    assert image[5, 10, 0] > 200


def test_a_large_photo_becomes_small():
    assert decode(saved(Image.new("RGB", (2000, 1000)), "JPEG"), **LIMITS).shape == (256, 512, 3)


def test_transparent_is_white_and_an_animation_its_first_frame():
    assert decode(saved(Image.new("RGBA", (5, 5)), "PNG"), **LIMITS).min() == 255
    frames = [Image.new("RGB", (5, 5), colour) for colour in ("red", "blue")]
    film = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert decode(film, **LIMITS)[0, 0].tolist() == [255, 0, 0]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "I", "F", "YCbCr"])
def test_every_kind_of_pixel(mode):
    kind = "JPEG" if mode in ("CMYK", "YCbCr") else "TIFF" if mode in ("F", "I") else "PNG"
    assert decode(saved(Image.new(mode, (6, 4)), kind), **LIMITS).shape == (4, 6, 3)


def png_that_says(width: int, height: int) -> bytes:
    """A PNG with a true header and hardly any pixels."""
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(
            ">I", zlib.crc32(kind + body))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0,
                                                              0, 0))
            + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b""))


NOISE = np.random.default_rng(0).integers(0, 255, (50, 50, 3), np.uint8)
PNG = saved(Image.fromarray(NOISE), "PNG")


@pytest.mark.parametrize(("raw", "sentence"), [
    (b"", "The file is empty"),
    (b"%PDF-1.4 nothing", "no picture that can be read here"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture that can be read here"),
    (bytes(1_000_001), "The file has 1 MB; at most 1 MB"),
    (png_that_says(3000, 2000), "3000×2000 pixels; at most 4 million"),
    (png_that_says(60_000, 60_000), "too many pixels|60000×60000 pixels"),
    (PNG[:len(PNG) // 2], "damaged or only half there"),
    (png_that_says(100, 100), "damaged or only half there"),
])
def test_a_bad_file_is_one_clear_sentence(raw, sentence):
    began = time.monotonic()
    with pytest.raises(BadPicture, match=sentence):
        decode(raw, **LIMITS)
    assert time.monotonic() - began < 1


JPEG, GIF, WEBP, TIFF = (saved(Image.fromarray(HALVES), kind)
                         for kind in ("JPEG", "GIF", "WEBP", "TIFF"))


@given(some.binary(max_size=300) | some.builds(
    lambda raw, cut, at, noise: (raw[:at % len(raw)] + noise + raw[at % len(raw):])[:cut],
    some.sampled_from([PNG, JPEG, GIF, WEBP, TIFF]), some.integers(0, 3000),
    some.integers(0, 3000), some.binary(max_size=8)))
@settings(max_examples=300)
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
def test_no_bytes_do_anything_else(raw):
    try:
        image = decode(raw, **LIMITS)
    except BadPicture:
        return
    assert image.dtype == np.uint8
    assert image.ndim == 3
    assert max(image.shape) <= 512


# From a picture to what the network was trained on


def test_a_drawing_is_centred_as_mnist_is():
    placed, is_blank = ink.prepare(draw(SHAPES[8][0], centre=(70, 190), size=90), "drawing",
                                   (28, 28, 1))
    assert not is_blank
    assert placed.shape == (28, 28, 1)
    rows, columns = np.nonzero(placed[..., 0] > 0.1)
    assert np.ptp(rows) + 1 == 20
    assert np.allclose([rows.mean(), columns.mean()], 14, atol=1)


def test_a_drawing_becomes_as_the_small_digits_are():
    placed, _ = ink.prepare(draw(SHAPES[0][0], width=8), "drawing", (8, 8, 1))
    assert placed[0].max() > 0.5  # filled from top …
    assert placed[-1].max() > 0.5  # … to bottom
    assert placed[:, [0, 7]].max() < 0.3
    theirs = digits()
    zeros = theirs.x_train[theirs.y_train == 0].mean(axis=0)
    assert np.abs(placed - zeros).mean() < 0.15


@pytest.mark.parametrize("kind", ["drawing", "photo"])
@pytest.mark.parametrize("grey", [0, 255])
def test_nothing_drawn_is_blank(kind, grey):
    image = np.full((280, 280), grey, np.uint8)
    if (kind, grey) == ("drawing", 255):
        return  # a pad that is full of ink is a drawing
    placed, is_blank = ink.prepare(image, kind, (28, 28, 1))
    assert is_blank
    assert not placed.any()


def photo_of(drawing: np.ndarray, seed: int = 0) -> np.ndarray:
    """A pen's drawing on paper: grey ink, a shadow across the page, grain. uint8 (h, w, 3)."""
    chance = np.random.default_rng(seed)
    height, width = drawing.shape
    light = 0.9 - 0.35 * np.linspace(0, 1, width)[None] - 0.1 * np.linspace(0, 1, height)[:, None]
    grey = light * (1 - 0.7 * drawing / 255) + chance.normal(0, 0.02, drawing.shape)
    return (np.clip(grey, 0, 1)[..., None] * [255, 250, 235]).astype(np.uint8)


def test_empty_paper_in_bad_light_is_blank():
    assert ink.prepare(photo_of(np.zeros((300, 400))), "photo", (28, 28, 1))[1]


@pytest.mark.parametrize("invert", [False, True])
def test_a_photo_gives_what_the_drawing_gives(invert):
    drawing = draw(SHAPES[3][0], width=16)
    photo = photo_of(drawing)
    from_photo, is_blank = ink.prepare(255 - photo if invert else photo, "photo", (28, 28, 1))
    from_drawing, _ = ink.prepare(drawing, "drawing", (28, 28, 1))
    assert not is_blank
    moved = [np.roll(from_photo, (down, right), (0, 1)) for down in (-1, 0, 1)
             for right in (-1, 0, 1)]  # grain at the rim may move it by a pixel
    assert min(np.abs(each - from_drawing).mean() for each in moved) < 0.03


# The networks that ship


@pytest.fixture(scope="module", params=ROOM.weights, ids=lambda weights: weights.name)
def shipped(request) -> tuple[keras.Model, dict]:
    return opened(request.param.name)


@pytest.fixture(scope="module", params=["digits", "mnist"])
def reader(request) -> tuple[keras.Model, dict]:
    """A shipped network that reads digits."""
    return opened(request.param)


def opened(name: str) -> tuple[keras.Model, dict]:
    """A shipped network and its card."""
    path = ROOT / "assets" / "weights" / "cnn" / f"{name}.keras"
    return (keras.models.load_model(path, compile=False),
            json.loads(path.with_suffix(".json").read_text("utf-8")))


def test_they_are_as_good_as_their_cards_say(shipped):
    model, card = shipped
    bars = {"digits": 0.98, "mnist": 0.994, "fashion": 0.935, "cifar10": 0.89}
    assert card["metrics"]["test_accuracy"] >= bars[card["dataset"]]
    if card["dataset"] == "digits":
        data = digits()
        right = model.predict(data.x_test, verbose=0).argmax(axis=1) == data.y_test
        assert right.mean() == pytest.approx(card["metrics"]["test_accuracy"], abs=0.003)


@pytest.mark.data
@pytest.mark.parametrize("name", ["mnist", "fashion", "cifar10"])
def test_on_real_pictures_they_are_as_their_cards_say(name, data_folder, tmp_path, monkeypatch):
    folders = SimpleNamespace(data=data_folder, cache=tmp_path)
    monkeypatch.setattr(sources, "settings", lambda: folders)
    model, card = opened(name)
    data = DATA_SETS[name]()
    right = (model.predict(data.x_test, 500, verbose=0).argmax(axis=1) == data.y_test).mean()
    assert right == pytest.approx(card["metrics"]["test_accuracy"], abs=0.0005)


def test_they_read_what_is_drawn(reader):
    model, card = reader
    right = [np.argmax(vision.classify(model, card, image=image, kind="drawing")["probabilities"])
             == digit for image, digit in drawings(10, seed=1)]
    assert np.mean(right) >= {"digits": 0.9, "mnist": 0.97}[card["dataset"]]


def test_they_read_photos(reader):
    model, card = reader
    right = [np.argmax(vision.classify(model, card, image=photo_of(image, number), kind="photo")[
        "probabilities"]) == digit for number, (image, digit) in enumerate(drawings(6, seed=2))]
    assert np.mean(right) >= 0.9


# Looking inside


@pytest.fixture(scope="module")
def model() -> keras.Model:
    params = CNN(epochs=1, blocks=(Block(filters=40, batch_norm=True, dropout=0.1),),
                 dense=(Dense(units=16),))
    data = digits()
    trained = cnn.build(params, data)
    cnn.train(params, trained, data)
    return trained


def unpacked(packed: dict, count: int = 1) -> np.ndarray:
    values = np.frombuffer(base64.b64decode(packed["data"]), np.uint8)
    return values.reshape(count, packed["height"], packed["width"])


def test_maps_are_what_the_layers_put_out(model):
    answer = json.loads(json.dumps(vision.maps(model, CONTEXT, index=5)))
    data = digits()
    assert answer["label"] == str(data.y_test[5])
    picture = np.round(data.x_test[5:6] * 255) / 255
    assert np.array_equal(unpacked(answer["input"])[0], np.round(picture[0, ..., 0] * 255))
    conv = next(layer for layer in answer["layers"] if layer["name"] == "conv1")
    assert (conv["kind"], conv["shape"], conv["count"]) == ("conv", [8, 8, 40], 32)
    kernel, bias = (np.asarray(each) for each in model.get_layer("conv1").weights)
    padded = np.pad(picture[0, ..., 0], 1)
    by_hand = sum(padded[dy:dy + 8, dx:dx + 8, None] * kernel[dy, dx, 0]
                  for dy in range(3) for dx in range(3)) + bias
    assert conv["low"] == pytest.approx(by_hand.min(), abs=1e-4)
    scaled = (by_hand - by_hand.min()) / np.ptp(by_hand) * 255
    assert np.abs(unpacked(conv, 32) - np.moveaxis(scaled, -1, 0)[:32]).max() <= 1
    assert answer["probabilities"] == pytest.approx(
        model.predict(picture, verbose=0)[0], abs=1e-4)
    last = answer["layers"][-1]
    assert (last["kind"], last["width"], last["height"], last["count"]) == ("dense", 10, 1, 1)


def test_every_answer_is_json(model):
    image = draw(SHAPES[4][0])
    for answer in (
        vision.classify(model, CONTEXT, image=image, kind="drawing"),
        vision.classify(model, CONTEXT, image=photo_of(image), kind="photo"),
        vision.maps(model, CONTEXT, image=image), vision.samples(model, CONTEXT, count=7),
        vision.kernels(model, CONTEXT), vision.snapshot(model, digits()),
    ):
        json.dumps(answer, allow_nan=False)


def test_samples_are_the_test_split(model):
    answer = vision.samples(model, CONTEXT, count=7)
    data = digits()
    assert [each["label"] for each in answer["images"]] == [str(y) for y in data.y_test[:7]]
    assert np.array_equal(unpacked(answer["sheet"])[0].reshape(7, 8, 8),
                          np.round(data.x_test[:7, ..., 0] * 255))


def test_kernels_of_the_first_convolution(model):
    answer = vision.kernels(model, CONTEXT)
    assert (answer["layer"], answer["width"], answer["height"], answer["count"]) == (
        "conv1", 3, 3, 32)
    flat = cnn.build(CNN(blocks=()), digits())
    assert vision.kernels(flat, CONTEXT)["layer"] is None


def test_the_snapshot_counts_what_it_confuses(model):
    data = digits()
    matrix = np.array(vision.snapshot(model, data)["matrix"])
    assert matrix.sum(axis=1).tolist() == np.bincount(data.y_val).tolist()
    right = model.predict(data.x_val, verbose=0).argmax(axis=1) == data.y_val
    assert np.trace(matrix) == right.sum()


def test_a_broken_network_still_answers():
    broken = cnn.build(CNN(blocks=(), dense=()), digits())
    broken.set_weights([weight * np.nan for weight in broken.get_weights()])
    json.dumps(vision.maps(broken, CONTEXT, index=0), allow_nan=False)


def test_an_answer_is_fast(model):
    image = draw(SHAPES[2][0])
    vision.classify(model, CONTEXT, image=image, kind="drawing")
    times = []
    for _ in range(21):
        began = time.perf_counter()
        vision.classify(model, CONTEXT, image=image, kind="drawing")
        times.append(time.perf_counter() - began)
    assert np.median(times) < 0.02


def test_many_ask_at_once(model):
    image = draw(SHAPES[2][0])
    expected = vision.classify(model, CONTEXT, image=image, kind="drawing")
    other = keras.models.clone_model(model)
    other.set_weights(model.get_weights())
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(
        vision.classify(other, CONTEXT, image=image, kind="drawing"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [expected] * 8


# The baseline


def test_the_baseline_is_measured_on_the_same_split():
    told = baseline.logistic_regression(CNN())
    assert told["rows"] == 1197
    assert 0.94 < told["metrics"]["test_accuracy"] < 0.99
    assert told["seconds"] < 20
    code = ("import sys; from core.insight.baseline import logistic_regression as f; "
            "from core.rooms.cnn import CNN; f(CNN()); sys.exit('tensorflow' in sys.modules)")
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
