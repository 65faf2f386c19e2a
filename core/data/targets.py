"""What a generator learns to make, by name: pictures, or points of the plane."""

from core.data.images import cifar10, digits, fashion, mnist, own_pictures
from core.data.scatter import drawn, eight, grid, line, ring, split


def on_line(params):
    return split(params.seed, line)


def on_ring(params):
    return split(params.seed, ring)


def in_eight(params):
    return split(params.seed, eight)


def in_grid(params):
    return split(params.seed, grid)


def as_drawn(params):
    return drawn(params)


def of_digits(params):
    return digits()


def of_mnist(params):
    return mnist()


def of_fashion(params):
    return fashion()


def of_cifar10(params):
    return cifar10()


def own_target(name):
    """The visitor's own pictures."""
    return own_pictures(name)


TARGETS = {"digits": of_digits, "mnist": of_mnist, "fashion": of_fashion, "cifar10": of_cifar10,
           "line": on_line, "ring": on_ring, "eight": in_eight, "grid": in_grid,
           "drawn": as_drawn}
