"""What a page may ask of a generator, read from text."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

KINDS = ("samples", "write", "walk", "grid")
FRAMES = 24  # of a film
STOPS = 3  # points of the noise that a film of written digits goes round
MANY, MESH = 24, 9  # pictures of a sheet; places on each side of a grid
LONGEST = 8  # digits that are written


@dataclass(frozen=True)
class Wish:
    """``kind``: one of :data:`KINDS`; ``start`` and ``end``: seeds of the noise; ``truncation``:
    what the noise is shrunk to; ``label``: the class, -1 for each in turn; ``digits``: the classes
    that are written; ``moves``: all frames of a film, not only the first; ``gif``: as a GIF."""

    kind: str
    start: int
    end: int
    truncation: float
    label: int
    digits: tuple[int, ...]
    classes: int
    moves: bool
    gif: bool

    @classmethod
    def read(cls, said: Mapping[str, str], classes: int) -> "Wish":
        """What is missing or cannot be used becomes something sensible."""
        kind = said.get("kind") if said.get("kind") in KINDS else "samples"
        text = [int(sign) for sign in said.get("text", "") if sign in "0123456789"][:LONGEST]
        digits = tuple(digit for digit in text if digit < classes)
        film = kind in ("write", "walk") and said.get("moves") == "true"
        return cls(kind, _whole(said.get("seed"), 1, 999_999), _whole(said.get("end"), 2, 999_999),
                   _part(said.get("truncation")), _whole(said.get("label"), -1, classes - 1),
                   digits or (0,), max(classes, 1), film, film and said.get("gif") == "true")

    def noise(self, latent: int) -> tuple[np.ndarray, np.ndarray, int]:
        """Noise (frames · count, latent), the class of each (frames · count,), and in how many
        columns the pictures of a frame stand."""
        z, label, columns = getattr(self, f"_{self.kind}")(latent)
        return (self.truncation * z).astype(np.float32), label.astype(np.int32), columns

    def _samples(self, latent: int):
        label = np.arange(MANY) % self.classes if self.label < 0 else np.full(MANY, self.label)
        return drawn(self.start, MANY, latent), label, 8

    def _write(self, latent: int):
        """Each digit goes round through noise of its own and comes back."""
        stops = [drawn(self.start + stop, len(self.digits), latent) for stop in range(STOPS)]
        frames = FRAMES if self.moves else 1
        z = [between(stops[int(at)], stops[(int(at) + 1) % STOPS], at - int(at))
             for at in np.arange(frames) * STOPS / FRAMES]
        return np.concatenate(z), np.tile(self.digits, frames), len(self.digits)

    def _walk(self, latent: int):
        """From one point to another, one step for each frame; the strip shows every step."""
        a, b = (drawn(seed, 1, latent) for seed in (self.start, self.end))
        z = np.concatenate([between(a, b, share) for share in np.linspace(0, 1, FRAMES)])
        frames = FRAMES if self.moves else 1
        return z[:FRAMES if self.moves else 1], np.full(frames, max(self.label, 0)), 1

    def _grid(self, latent: int):
        """Around a point, along two directions at right angles."""
        at, *ways = drawn(self.start, 3, latent)
        u = ways[0] / np.linalg.norm(ways[0])
        v = ways[1] - (ways[1] @ u) * u
        v /= max(np.linalg.norm(v), 1e-9)
        steps = np.linspace(-1, 1, MESH) * np.sqrt(latent)
        z = [at + right * u + up * v for up in steps[::-1] for right in steps]
        return np.stack(z), np.full(MESH * MESH, max(self.label, 0)), MESH


def drawn(seed: int, count: int, latent: int) -> np.ndarray:
    """Noise (count, latent) that a seed stands for."""
    return np.random.default_rng(seed).standard_normal((count, latent))


def between(a: np.ndarray, b: np.ndarray, share: float) -> np.ndarray:
    """Part of the way from a to b (n, k) along a great circle: noise of many numbers lies on a
    sphere, and a straight line would cut through its empty inside (White 2016)."""
    length_a, length_b = (np.linalg.norm(each, axis=1, keepdims=True) for each in (a, b))
    cosine = ((a / length_a) * (b / length_b)).sum(axis=1, keepdims=True)
    angle = np.arccos(np.clip(cosine, -1, 1))
    flat = angle < 1e-6
    sine = np.where(flat, 1.0, np.sin(angle))
    first = np.where(flat, 1 - share, np.sin((1 - share) * angle) / sine)
    second = np.where(flat, share, np.sin(share * angle) / sine)
    return first * a + second * b


def _whole(text: str | None, otherwise: int, most: int) -> int:
    try:
        return min(max(int(text or ""), min(otherwise, 0)), most)
    except ValueError:
        return otherwise


def _part(text: str | None) -> float:
    try:
        value = float(text or "")
    except ValueError:
        return 1.0
    return min(max(value, 0.0), 2.0) if value == value else 1.0
