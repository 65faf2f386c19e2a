"""Convolution and pooling: arithmetic that one can touch. Nothing is trained here."""

from typing import Literal

from core.errors import VisitorError
from core.i18n import N_
from core.params import Params, knob
from core.rooms import DETAILS, Preset, Room

PICTURE, WINDOW, AFTER = N_("Picture"), N_("Window"), N_("After it")
MOST_ROWS = 7  # of a kernel, and columns
LARGEST = 1000  # a weight's absolute value

KERNELS = {
    "0 0 0; 0 1 0; 0 0 0": N_("Identity"),
    "1 0 -1; 2 0 -2; 1 0 -1": N_("Sobel: upright edges"),
    "1 2 1; 0 0 0; -1 -2 -1": N_("Sobel: level edges"),
    "0 1 0; 1 -4 1; 0 1 0": N_("Laplace: all edges"),
    "0 -1 0; -1 5 -1; 0 -1 0": N_("Sharpen"),
    "0.11 0.11 0.11; 0.11 0.11 0.11; 0.11 0.11 0.11": N_("Blur"),
    "0.06 0.12 0.06; 0.12 0.25 0.12; 0.06 0.12 0.06": N_("Gaussian blur"),
    "-2 -1 0; -1 1 1; 0 1 2": N_("Emboss"),
    "0 0 0; 0 0 1; 0 0 0": N_("Shift"),
    "0 0 0; 0 1 0; 0 0 0 | 0 0 0; 0 -1 0; 0 0 0 | 0 0 0; 0 0 0; 0 0 0": N_("Red minus green"),
}
SOBEL = "1 0 -1; 2 0 -2; 1 0 -1"

Matrix = tuple[tuple[float, ...], ...]


class BadKernel(VisitorError):
    """A kernel that was typed in and cannot be used."""


class Convolution(Params):
    """One picture, one window that slides over it, and what comes after."""

    picture: Literal["temple", "flower", "digit", "shapes", "stripes"] = knob(
        "temple", group=PICTURE, title=N_("Picture"),
        says=N_("What the window slides over. Your own picture goes in on the left."),
        choices={"temple": N_("Temple"), "flower": N_("Flower"), "digit": N_("Handwritten 3"),
                 "shapes": N_("Shapes"), "stripes": N_("Stripes")})
    side: Literal[8, 16, 32, 64, 128] = knob(64, group=PICTURE, title=N_("Side"), says=N_(
        "The picture’s width and height in pixels. With few pixels you can read every number."))
    channels: Literal[1, 3] = knob(1, group=PICTURE, title=N_("Channels"), says=N_(
        "Grey, or red, green and blue, whose products are all added up."),
        choices={1: N_("1: grey"), 3: N_("3: colour")})
    kernel: str = knob(SOBEL, max_length=700, group=WINDOW, title=N_("Kernel weights"), says=N_(
        "The weights, row by row: a semicolon ends a row. With three channels, | separates three "
        "matrices; one alone serves all channels."))
    stride: int = knob(1, ge=1, le=4, group=WINDOW, title=N_("Stride"), says=N_(
        "How many pixels the window moves at a time."))
    padding: Literal["valid", "same", "full"] = knob(
        "valid", group=WINDOW, title=N_("Padding"),
        says=N_("Zeros around the picture: none; so many that stride 1 keeps the size; or so many "
                "that every overlap counts."),
        choices={"valid": N_("none (valid)"), "same": N_("keep the size (same)"),
                 "full": N_("every overlap (full)")})
    dilation: int = knob(1, ge=1, le=4, group=WINDOW, title=N_("Dilation"), says=N_(
        "How far apart the window’s pixels lie: it sees farther with the same number of weights."))
    relu: bool = knob(True, group=AFTER, title=N_("ReLU"), says=N_(
        "Sets what is negative to 0. Without it, two convolutions are no more than one."))
    pool: Literal["max", "average", "none"] = knob("max", group=AFTER, title=N_("Pooling"), says=N_(
        "How a square of neighbouring values becomes one."),
        choices={"max": N_("maximum"), "average": N_("average"), "none": N_("none")})
    pool_size: int = knob(2, ge=2, le=4, group=AFTER, title=N_("Pooling window"), says=N_(
        "The side of the square, and how far it moves."))
    pool_padding: Literal["valid", "same"] = knob(
        "valid", group=DETAILS, title=N_("Edge of pooling"),
        says=N_("What becomes of a last row that fills no square: dropped, or pooled alone."),
        choices={"valid": N_("drop it (valid)"), "same": N_("keep it (same)")})
    flatten: int = knob(0, ge=0, le=65_536, group=DETAILS, title=N_("Reshape to rows of"), says=N_(
        "What the small network at the bottom does with its last map: 0 makes one row of all "
        "values, which is right; the article writes 16."))


def parse(text: str, channels: int) -> tuple[Matrix, ...]:
    """A kernel as it is typed: one matrix for each channel of the picture.

    Raises:
        BadKernel: with one sentence that says what is wrong.
    """
    matrices = tuple(_matrix(part) for part in text.split("|"))
    if len({(len(each), len(each[0])) for each in matrices}) > 1:
        raise BadKernel(N_("The matrices of the kernel differ in size. Give each as many rows and "
                           "columns as the first."))
    if len(matrices) == 1:
        return matrices * channels
    if len(matrices) != channels:
        raise BadKernel(N_("The kernel has {count} matrices and the picture {channels} channels: "
                           "type one matrix, or set the channels to 3 and type three."),
                        {"count": len(matrices), "channels": channels})
    return matrices


def _matrix(text: str) -> Matrix:
    rows = tuple(_row(part) for part in text.strip().strip(";").split(";"))
    if not rows[0]:
        raise BadKernel(N_("The kernel is empty. Type numbers such as 1 0 -1; 2 0 -2; 1 0 -1."))
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            raise BadKernel(N_("Row {row} of the kernel has {count} numbers, but the first has "
                               "{first}: give every row as many."),
                            {"row": number, "count": len(row), "first": len(rows[0])})
    if max(len(rows), len(rows[0])) > MOST_ROWS:
        raise BadKernel(N_("The kernel has {rows}×{columns} numbers; at most 7×7 are taken."),
                        {"rows": len(rows), "columns": len(rows[0])})
    return rows


def _row(text: str) -> tuple[float, ...]:
    return tuple(_weight(word) for word in text.replace(",", " ").split())


def _weight(word: str) -> float:
    try:
        value = float(word.replace("−", "-"))
    except ValueError:
        raise BadKernel(N_("“{word}” in the kernel is no number. Type numbers such as 1, -2 or "
                           "0.5."), {"word": word[:20]}) from None
    if not abs(value) <= LARGEST:
        raise BadKernel(N_("“{word}” in the kernel is out of bounds: weights lie between -1000 "
                           "and 1000."), {"word": word[:20]})
    return value


ROOM = Room(
    name="convolution",
    title=N_("Convolution and pooling"),
    sentence=N_("A small window slides over a picture, multiplies and adds: touch every number."),
    section="foundations",
    params=Convolution,
    trains=None,
    program="core.insight.convolution",
    presets=(
        Preset("edges", N_("Edges"), N_(
            "Sobel’s kernel finds upright edges; ReLU keeps one side of each, pooling thickens "
            "it."), {}),
        Preset("digit", N_("Every number"), N_(
            "Eight by eight pixels: small enough to read and recompute each value."),
            {"picture": "digit", "side": 8, "kernel": "1 1 1; 0 0 0; -1 -1 -1",
             "padding": "same"}),
        Preset("colour", N_("Three channels"), N_(
            "Red minus green: one matrix for each colour, one sum."),
            {"picture": "flower", "channels": 3, "padding": "same",
             "kernel": "0 0 0; 0 1 0; 0 0 0 | 0 0 0; 0 -1 0; 0 0 0 | 0 0 0; 0 0 0; 0 0 0"}),
        Preset("far", N_("Seeing farther"), N_(
            "Dilation 3 spreads nine weights over 7×7 pixels."),
            {"picture": "stripes", "dilation": 3, "padding": "same"}),
        Preset("too_large", N_("Too large"), N_(
            "A window that does not fit: the page explains why, with the formula."),
            {"picture": "digit", "side": 8, "dilation": 4}),
        Preset("article_002", N_("As in article 002"), N_(
            "§4.2: padding SAME, 2×2 max pooling, twice, no ReLU, then rows of 16, which fits "
            "only one size of picture. The correction flattens each picture to one row."),
            {"padding": "same", "pool_padding": "same", "relu": False, "flatten": 16}),
    ),
)
