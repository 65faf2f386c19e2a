"""Points of the plane that a generator learns to make.

The shapes are those of GAN Lab (Kahng et al. 2019) and of the literature on mode collapse
(Metz et al. 2017); every coordinate lies in about -1..1. A point's class is the piece of the
shape to which it belongs, so that one can tell which pieces a generator leaves out.
"""

import numpy as np

from core.data.splits import Splits
from core.errors import VisitorError
from core.i18n import N_
from core.layers import seed_of

COUNTS = (20_000, 1_000, 2_000)  # points for training, validation and the test
SPREAD = 0.03  # standard deviation of the points around a drawn one
FEWEST = 8  # points that one must draw at least

TOO_FEW = N_("Only {count} points are drawn. Draw at least {fewest} into the plane, or choose "
             "another distribution.")


def line(rng, count):
    """A slanted line, its class the tenth of it: points (n, 2), classes (n,)."""
    place = rng.uniform(0, 1, count)
    x = np.stack([1.6 * place - 0.8, 1.0 * place - 0.5], axis=1)
    return x + rng.normal(0, 0.02, x.shape), (10 * place).astype(np.int64)


def ring(rng, count):
    """A ring, its class one of twelve sectors."""
    angle = rng.uniform(0, 2 * np.pi, count)
    x = 0.75 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return x + rng.normal(0, 0.02, x.shape), (12 * angle / (2 * np.pi)).astype(np.int64)


def eight(rng, count):
    """Eight Gaussians on a ring, its class the Gaussian."""
    y = rng.integers(8, size=count)
    angle = y * np.pi / 4
    x = 0.8 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return x + rng.normal(0, 0.03, x.shape), y


def grid(rng, count):
    """Twenty-five Gaussians in a square."""
    y = rng.integers(25, size=count)
    x = 0.4 * np.stack([y % 5 - 2.0, y // 5 - 2.0], axis=1)
    return x + rng.normal(0, 0.02, x.shape), y


def around(rng, count, points):
    """Around points (m, 2) that the visitor drew; the class is the part of the plane."""
    chosen = points[rng.integers(len(points), size=count)]
    parts = np.floor((points + 1) * 2.5).astype(np.int64)  # a plane of five by five parts
    _, part = np.unique(parts, axis=0, return_inverse=True)
    index = np.argmin(((chosen[:, None] - points[None])**2).sum(axis=2), axis=1)
    return chosen + rng.normal(0, SPREAD, chosen.shape), part.reshape(-1)[index]


def split(seed, draw):
    """The three splits of a shape from which ``draw(rng, count)`` takes points."""
    parts = []
    for name, count in zip(("train", "val", "test"), COUNTS):
        x, y = draw(np.random.default_rng(seed_of(seed, name)), count)
        parts += [x.astype(np.float32), y.astype(np.int64)]
    classes = max(int(y.max()) for y in parts[1::2]) + 1
    return Splits(*parts, tuple(str(number + 1) for number in range(classes)))


def drawn(params):
    """Where the visitor drew.

    Raises:
        VisitorError: there are too few points.
    """
    points = np.array([[point.x1, point.x2] for point in params.drawn])
    if len(points) < FEWEST:
        raise VisitorError(TOO_FEW, {"count": len(points), "fewest": FEWEST})
    return split(params.seed, lambda rng, count: around(rng, count, points))


SHAPES = {"line": line, "ring": ring, "eight": eight, "grid": grid}


def points_of(params):
    """The points of any of the shapes, or of what was drawn. Raises as :func:`drawn`."""
    shape = SHAPES.get(params.dataset)
    return split(params.seed, shape) if shape else drawn(params)
