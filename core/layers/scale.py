"""Numbers of different sizes brought to one."""

import numpy as np
from keras import layers


def scaled(x: np.ndarray):
    """A layer that gives every input mean 0 and variance 1 on the rows ``x``."""
    mean, variance = x.mean(axis=0, dtype=np.float64), x.var(axis=0, dtype=np.float64)
    variance = np.where(variance > 1e-12, variance, 1.0)  # what is always the same stays 0
    return layers.Normalization(mean=mean.tolist(), variance=variance.tolist(), name="scale")
