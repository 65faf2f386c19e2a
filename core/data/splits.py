"""What every data set is to a model: inputs and answers in three parts."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Splits:
    """Inputs ``x_*`` and answers ``y_*`` for training, validation and the final test;
    ``class_names`` is empty where a value is predicted instead of a class."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_val: np.ndarray
    y_val: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    class_names: tuple[str, ...]
