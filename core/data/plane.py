"""Points on the plane: what a small network can learn while one watches.

The shapes are those of TensorFlow Playground (Smilkov et al. 2017) and scikit-learn's two moons.
Every coordinate lies in -6..6. A class is 0 or 1, a value to be predicted lies in -1..1.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from core.data.splits import Splits
from core.errors import VisitorError
from core.i18n import N_
from core.layers import seed_of
from core.own import arrays

RADIUS = 5.0
EDGE = 6.0  # the plane reaches from -EDGE to EDGE
HUGE = 1e100  # a larger number in a table counts as missing: sums of such overflow
FEWEST = 8

TOO_FEW = N_("There are only {count} points on the plane. Draw at least {fewest}, or choose a data "
             "set.")
TWO_COLUMNS = N_("Two columns with numbers are needed for the plane. Choose them, or bring another "
                 "table.")
ONE_CLASS = N_("All points have the same colour, so there is nothing to tell apart. Draw points of "
               "the other colour, too.")


class Data(Splits):
    """Points on the plane.

    ``x_*``: float64 (n, k), the plane's two coordinates and, for a table, its other columns;
    ``y_*``: float64 (n, 1).
    """


def circle(rng: np.random.Generator, count: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """A disc within a ring."""
    inside = np.arange(count) < count // 2
    radius = RADIUS * np.where(inside, rng.uniform(0, 0.5, count), rng.uniform(0.7, 1, count))
    angle = rng.uniform(0, 2 * np.pi, count)
    x = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)
    seen = x + noise * rng.uniform(-RADIUS, RADIUS, x.shape)
    return x, (np.hypot(*seen.T) < RADIUS / 2).astype(float)


def xor(rng: np.random.Generator, count: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Four quarters, opposite ones alike: no straight line parts them."""
    x = rng.uniform(-RADIUS, RADIUS, (count, 2))
    x += np.where(x > 0, 0.3, -0.3)  # a gap along the axes
    seen = x + noise * rng.uniform(-RADIUS, RADIUS, x.shape)
    return x, (seen[:, 0] * seen[:, 1] >= 0).astype(float)


def gaussians(rng: np.random.Generator, count: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Two clouds; more noise makes them wider."""
    y = (np.arange(count) < count // 2).astype(float)
    x = rng.normal(np.where(y, 2.0, -2.0)[:, None], np.sqrt(0.5 + 7 * noise), (count, 2))
    return np.clip(x, -EDGE, EDGE), y


def spiral(rng: np.random.Generator, count: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Two arms, wound into each other."""
    half = count // 2
    way = np.tile(np.arange(half) / half, 2)
    y = np.repeat([1.0, 0.0], half)
    angle = 1.75 * 2 * np.pi * way + np.where(y, 0, np.pi)
    x = RADIUS * way[:, None] * np.stack([np.sin(angle), np.cos(angle)], axis=1)
    return x + noise * rng.uniform(-1, 1, x.shape), y


def moons(rng: np.random.Generator, count: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Two half-moons that reach into each other."""
    half = count // 2
    angle = rng.uniform(0, np.pi, 2 * half)
    y = np.repeat([1.0, 0.0], half)
    side = np.where(y, 1.0, -1.0)
    x = np.stack([3 * side * np.cos(angle) - 1.5 * side, 3 * side * np.sin(angle) - 0.75 * side],
                 axis=1)
    return np.clip(x + 3 * noise * rng.normal(size=x.shape), -EDGE, EDGE), y


def slope(rng: np.random.Generator, count: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """A value that rises evenly from one corner to the other."""
    x = rng.uniform(-EDGE, EDGE, (count, 2))
    seen = x + noise * rng.uniform(-RADIUS, RADIUS, x.shape)
    return x, np.clip(seen.sum(axis=1) / 10, -1, 1)


def hills(rng: np.random.Generator, count: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Three hills and three hollows, side by side."""
    x = rng.uniform(-EDGE, EDGE, (count, 2))
    seen = x + noise * rng.uniform(-1, 1, x.shape)
    centres = np.array([[-4, 2.5], [0, 2.5], [4, 2.5], [-4, -2.5], [0, -2.5], [4, -2.5]])
    signs = np.array([1, -1, 1, -1, 1, -1])
    near = np.linalg.norm(seen[:, None] - centres, axis=2)  # (n, 6)
    heights = signs * np.clip(1 - near / 2, 0, 1)
    return x, heights[np.arange(count), np.abs(heights).argmax(axis=1)]


def empty(rng: np.random.Generator, count: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """No points but those that the visitor draws."""
    return np.zeros((0, 2)), np.zeros(0)


PLANES = {"circle": circle, "xor": xor, "gaussians": gaussians, "spiral": spiral, "moons": moons,
          "slope": slope, "hills": hills, "empty": empty}
VALUES = frozenset({"slope", "hills"})  # here a value is predicted, elsewhere a class


def is_class(dataset: str) -> bool:
    """Whether the data set asks for a class rather than for a value."""
    return dataset not in VALUES


def from_own(rng: np.random.Generator, name: str, places: Sequence[int], target: int, tells: str,
             blue: float, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Points of the visitor's own table, by the name under which it is kept; :func:`from_table`."""
    return from_table(rng, arrays(name), places, target, tells, blue, count)


def from_table(rng: np.random.Generator, table: Mapping[str, np.ndarray], places: Sequence[int],
               target: int, tells: str, blue: float, count: int) -> tuple[np.ndarray, np.ndarray]:
    """At most ``count`` random rows of a table as points (n, k), and what they say (n,).

    ``table``: ``column_0`` … (rows,) as :mod:`core.data.tables` writes them. ``places``: the
    columns that become x; the first two are those of the plane. ``tells``: the ``target`` is a
    ``"value"``, becoming -1..1, or a class, 1 where it is ``blue``; of a ``"word"``, -1 means that
    it is missing. Rows in which something is missing are left out.

    Raises:
        VisitorError: the table does not have such columns.
    """
    names = [f"column_{place}" for place in (*places, target)]
    if len(places) < 2 or not table.keys() >= set(names):
        raise VisitorError(TWO_COLUMNS)
    values = np.stack([table[name] for name in names], axis=1)
    whole = (np.abs(values) < HUGE).all(axis=1)
    if tells == "word":
        whole &= values[:, -1] >= 0
    chosen = rng.permutation(np.flatnonzero(whole))[:count]
    x = np.stack([scaled(table[name])[chosen] for name in names[:-1]], axis=1)
    if tells != "value":
        same = np.isclose(values[chosen, -1], blue, rtol=5e-6, atol=0)  # blue has six digits
        return x, same.astype(float)
    low, high = reach(values[:, -1])
    return x, 2 * (values[chosen, -1] - low) / (high - low) - 1


def scaled(column: np.ndarray) -> np.ndarray:
    """A column in the plane's units; what is further from the middle than three standard
    deviations is put on the edge."""
    middle, unit = scale(column)
    return np.clip((column - middle) / unit, -EDGE, EDGE)


def scale(column: np.ndarray) -> tuple[float, float]:
    """The middle of the plane in a column's own units, and how much one unit of the plane is."""
    known = column[np.abs(column) < HUGE]
    return (float(known.mean()), float(known.std()) / 2 or 1.0) if len(known) else (0.0, 1.0)


def reach(column: np.ndarray) -> tuple[float, float]:
    """The least and the largest value of a column; never the same."""
    known = column[np.abs(column) < HUGE]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    return low, high if high > low else low + 1.0


def random_for(seed: int, what: str) -> np.random.Generator:
    """The random numbers for one thing of a run, whatever else draws any."""
    return np.random.default_rng(seed_of(seed, what))


def with_drawn(x: np.ndarray, y: np.ndarray, drawn: Sequence, classes: bool):
    """The points of a data set, and those that the visitor drew (each ``x1``, ``x2``,
    ``bright``: class 1 or value 1, else class 0 or value -1)."""
    if not drawn:
        return x, y
    more = np.zeros((len(drawn), x.shape[1]))  # in the middle of a table's other columns
    more[:, :2] = [[point.x1, point.x2] for point in drawn]
    low = 0.0 if classes else -1.0
    values = np.array([1.0 if point.bright else low for point in drawn])
    return np.concatenate([x, more]), np.concatenate([y, values])


def split(x: np.ndarray, y: np.ndarray, share: float, seed: int, classes: bool) -> Data:
    """A random part of the points for training, the rest in halves for validation and test.

    Raises:
        VisitorError: too few points, or points of one class only.
    """
    if len(x) < FEWEST:
        raise VisitorError(TOO_FEW, {"count": len(x), "fewest": FEWEST})
    if classes and len(np.unique(y)) < 2:
        raise VisitorError(ONE_CLASS)
    order = random_for(seed, "split").permutation(len(x))
    first = min(max(round(share * len(x)), 2), len(x) - 4)
    second = first + (len(x) - first) // 2
    parts = np.split(order, [first, second])
    arrays = [array for part in parts for array in (x[part], y[part, None])]
    return Data(*arrays, class_names=("0", "1") if classes else ())
