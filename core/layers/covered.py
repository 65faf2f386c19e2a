"""Whether a generator makes all there is, or only what passes most easily."""

import numpy as np

SEEN = 0.2  # a class is covered if it gets at least this part of its share


def covered(found: np.ndarray, real: np.ndarray, count: int) -> float:
    """The share of classes that are made: ``found`` and ``real`` are class numbers, ``count`` is
    the number of made examples, those of no class included."""
    fair = np.bincount(real) / len(real)
    shares = np.bincount(found, minlength=len(fair))[:len(fair)] / count
    return float(np.mean(shares >= SEEN * fair))
