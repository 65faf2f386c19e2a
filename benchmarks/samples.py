"""The sample pictures of the room of convolution: ``python -m benchmarks.samples``.

Two photographs and a digit that come with scikit-learn (china.jpg by danielbuechele and flower.jpg
by vultilion, CC BY 2.0), drawn shapes, and stripes that get finer to the right.
"""

import numpy as np
from PIL import Image, ImageDraw
from sklearn.datasets import load_digits, load_sample_image

from core.data.samples import FOLDER, SIDE

FINE = 8  # shapes are drawn so many times larger, then made small, so that edges are smooth


def temple() -> Image.Image:
    """The middle square of china.jpg."""
    return square(load_sample_image("china.jpg"), 90, 0)


def flower() -> Image.Image:
    """The blossom of flower.jpg."""
    return square(load_sample_image("flower.jpg"), 110, 0)


def square(photo: np.ndarray, left: int, top: int) -> Image.Image:
    """A square of a photo's whole height, from ``left`` on."""
    side = photo.shape[0] - top
    return Image.fromarray(photo[top:top + side, left:left + side]).resize(
        (SIDE, SIDE), Image.Resampling.LANCZOS)


def digit() -> Image.Image:
    """A handwritten three: 8×8 pixels of 16 grey levels, each now 16×16 pixels large."""
    pixels = np.round(load_digits().images[3] / 16 * 255).astype(np.uint8)
    return Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.NEAREST).convert("RGB")


def shapes() -> Image.Image:
    """A disc, a square, a triangle and a line, each in another colour, on white."""
    large = Image.new("RGB", (SIDE * FINE, SIDE * FINE), "#ffffff")
    pen = ImageDraw.Draw(large)

    def at(*places: float) -> list[float]:
        return [place * SIDE * FINE for place in places]

    pen.ellipse(at(.08, .08, .46, .46), fill="#c62828")
    pen.rectangle(at(.56, .10, .90, .44), fill="#1565c0")
    pen.polygon(at(.27, .54, .48, .92, .06, .92), fill="#2e7d32")
    pen.line(at(.58, .90, .92, .56), fill="#212121", width=int(at(.05)[0]))
    return large.resize((SIDE, SIDE), Image.Resampling.BOX)


def stripes() -> Image.Image:
    """Grey stripes whose frequency grows from left to right: what a kernel lets through."""
    across = np.linspace(0, 1, SIDE * FINE)
    wave = 0.5 + 0.5 * np.cos(2 * np.pi * (2 * across + 14 * across**2))
    row = np.round(wave * 255).astype(np.uint8)
    large = Image.fromarray(np.tile(row, (SIDE * FINE, 1)))
    return large.resize((SIDE, SIDE), Image.Resampling.BOX).convert("RGB")


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for draw in (temple, flower, digit, shapes, stripes):
        draw().save(FOLDER / f"{draw.__name__}.png", optimize=True)
