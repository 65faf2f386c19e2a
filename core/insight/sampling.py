"""How a next token is drawn from probabilities: temperature, top-k and top-p. Plain NumPy."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np


class Wish(NamedTuple):
    """How to draw. ``temperature`` 0: always the most probable one; ``top_k`` 0: among all;
    ``top_p`` (Holtzman et al. 2020): among the most probable ones that together have this share."""

    temperature: float = 0.8
    top_k: int = 0
    top_p: float = 1.0
    seed: int = 0

    @classmethod
    def read(cls, text: Mapping[str, str]) -> "Wish":
        """From what a page says; what cannot be read or lies out of bounds is as usual."""
        def number(name: str, usual: float, low: float, high: float) -> float:
            try:
                value = float(text.get(name, usual))
            except ValueError:
                return usual
            return min(max(value, low), high) if value == value else usual

        return cls(number("temperature", 0.8, 0, 2), int(number("top_k", 0, 0, 1000)),
                   number("top_p", 1, 0.01, 1), int(number("seed", 0, 0, 10**9)))


def narrowed(probabilities: np.ndarray, wish: Wish) -> np.ndarray:
    """Probabilities (v,) as they are drawn from: sharpened or flattened, then cut."""
    order = np.argsort(-probabilities, kind="stable")
    if wish.temperature == 0:
        return np.eye(1, len(probabilities), order[0])[0]
    with np.errstate(divide="ignore"):
        logits = np.log(probabilities.astype(np.float64)) / wish.temperature
    shares = np.exp(logits - logits.max())
    shares /= shares.sum()
    kept = np.ones(len(shares), bool)
    if wish.top_k:
        kept[order[wish.top_k:]] = False
    # The one with which the sum reaches the share is the last that stays.
    kept[order[np.cumsum(shares[order]) - shares[order] >= wish.top_p]] = False
    shares = shares * kept
    return shares / shares.sum()


def draw(probabilities: np.ndarray, wish: Wish, random: np.random.Generator) -> int:
    """The number of the token that comes next."""
    return int(random.choice(len(probabilities), p=narrowed(probabilities, wish)))
