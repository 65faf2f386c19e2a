"""Digits and scribbles as a hand draws them on the pad: for judging networks on what they get.

Invented shapes, not collected from people: they show that a network reads a pad's clean strokes
in many sizes, places and widths, not how well it reads a certain person.
"""

import math
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageDraw
from scipy.interpolate import make_interp_spline

SIDE = 280  # pixels of the pad

Stroke = list[tuple[float, float]]  # points in a box of 1×1, y downwards


def arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> Stroke:
    """Part of an ellipse; degrees, 0 to the right, clockwise as y points down."""
    angles = np.radians(np.linspace(start, end, 24))
    return [(x + rx * math.cos(a), y + ry * math.sin(a)) for a in angles]


# Several ways to write each digit.
SHAPES: dict[int, list[list[Stroke]]] = {
    0: [[arc(.5, .5, .33, .5, -90, 270)], [arc(.5, .5, .42, .5, -60, 300)]],
    1: [[[(.5, 0), (.5, 1)]], [[(.3, .22), (.55, 0), (.55, 1)]]],
    2: [[[*arc(.5, .28, .36, .28, 190, 395), (.12, 1), (.9, 1)]],
        [[*arc(.48, .3, .38, .3, 200, 380), (.5, .75), (.1, .97), (.5, .95), (.92, 1)]]],
    3: [[arc(.42, .26, .38, .26, 200, 440), arc(.42, .75, .42, .25, 270, 510)],
        [arc(.4, .25, .4, .25, 220, 450) + arc(.4, .74, .45, .26, -80, 140)]],
    4: [[[(.62, 0), (.05, .65), (.95, .65)], [(.68, .3), (.68, 1)]],
        [[(.2, 0), (.15, .5), (.8, .5)], [(.78, .05), (.75, 1)]]],
    5: [[[(.85, 0), (.25, 0), (.18, .42), *arc(.45, .68, .38, .32, 235, 500)]],
        [[(.22, 0), (.18, .45), *arc(.45, .7, .4, .3, 230, 490)], [(.22, 0), (.85, .02)]]],
    6: [[[(.68, 0), (.35, .3), (.16, .66), *arc(.5, .7, .34, .3, 180, 540)]],
        [arc(.75, .6, .62, .6, 250, 180) + arc(.48, .72, .35, .28, 180, 530)]],
    7: [[[(.1, 0), (.9, 0), (.4, 1)]],
        [[(.12, .03), (.88, 0), (.58, .45), (.42, 1)], [(.3, .5), (.8, .48)]]],
    8: [[arc(.5, .25, .3, .25, 90, 450) + arc(.5, .75, .36, .25, -90, 270)],
        [arc(.5, .26, .32, .26, 60, 420), arc(.5, .76, .38, .24, -90, 270)]],
    9: [[[*arc(.5, .3, .34, .3, 0, 360), (.82, .6), (.74, 1)]],
        [arc(.48, .28, .34, .28, 0, 360) + arc(.3, .55, .52, .45, -10, 100)]],
}


def draw(strokes: list[Stroke], *, width: float = 18, size: float = 200,
         centre: tuple[float, float] = (140, 140), turn: float = 0, aspect: float = 0.62,
         ) -> np.ndarray:
    """Strokes on the pad: uint8 (280, 280), bright on black. Lengths in pixels, ``turn`` in
    degrees, ``aspect`` = width of the digit by its height."""
    picture = Image.new("L", (SIDE, SIDE))
    pen = ImageDraw.Draw(picture)
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    for stroke in strokes:
        points = []
        for x, y in stroke:
            x, y = (x - .5) * size * aspect, (y - .5) * size
            points.append((centre[0] + x * cos - y * sin, centre[1] + x * sin + y * cos))
        pen.line(points, fill=255, width=round(width), joint="curve")
        for x, y in points:  # a round pen
            pen.ellipse([x - width / 2, y - width / 2, x + width / 2, y + width / 2], fill=255)
    return np.asarray(picture)


def drawings(count: int, seed: int = 0) -> Iterator[tuple[np.ndarray, int]]:
    """``count`` drawings of each digit with its number: every size, place, width and slant."""
    chance = np.random.default_rng(seed)
    for digit, shapes in SHAPES.items():
        for number in range(count):
            size = chance.uniform(90, 220)
            edge = (size + 40) / 2
            yield draw(
                shapes[number % len(shapes)], size=size, width=size * chance.uniform(0.05, 0.13),
                centre=tuple(chance.uniform(edge, SIDE - edge, 2)), turn=chance.uniform(-10, 10),
                aspect=chance.uniform(0.5, 0.8)), digit


def scribbles(count: int, seed: int = 0) -> Iterator[np.ndarray]:
    """Drawings that are no digits: a pen that wanders, fills an area with zigzags, or strews
    short lines, by turns."""
    chance = np.random.default_rng(seed)
    makers = (_wandering, _zigzag, _strewn)
    for number in range(count):
        yield draw(makers[number % len(makers)](chance), size=chance.uniform(120, 220),
                   width=chance.uniform(8, 20), aspect=chance.uniform(0.8, 1.2))


def _wandering(chance: np.random.Generator) -> list[Stroke]:
    knots = chance.uniform(0, 1, (chance.integers(9, 16), 2))
    smooth = make_interp_spline(np.arange(len(knots)), knots)
    return [[tuple(point) for point in smooth(np.linspace(0, len(knots) - 1, 10 * len(knots)))]]


def _zigzag(chance: np.random.Generator) -> list[Stroke]:
    turns = int(chance.integers(7, 14))
    across = np.linspace(0, 1, turns) + chance.normal(0, 0.03, turns)
    along = np.arange(turns) % 2 + chance.normal(0, 0.08, turns)
    points = list(zip(across, along)) if chance.random() < 0.5 else list(zip(along, across))
    return [points]


def _strewn(chance: np.random.Generator) -> list[Stroke]:
    starts = chance.uniform(0, 1, (int(chance.integers(8, 14)), 2))
    ends = starts + chance.uniform(-0.3, 0.3, starts.shape)
    return [[tuple(start), tuple(end)] for start, end in zip(starts, ends)]
