"""Picture data sets: arrays, a fixed split, class names."""

import io
import lzma
from dataclasses import dataclass

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from core.data.sources import Source, fetch

MNIST = Source(
    name="MNIST",
    accepted=("images/mnist.npz.xz", "images/mnist.npz", "mnist.npz.xz", "mnist.npz"),
    url="https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
    bytes=11_490_434,
    sha256="731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
)


@dataclass(frozen=True)
class Data:
    """Pictures and labels, split for training, validation and the final test.

    ``x_*``: float32 in 0..1, (n, height, width, channels); ``y_*``: int64 class numbers, (n,).
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_val: np.ndarray
    y_val: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    class_names: tuple[str, ...]


def digits() -> Data:
    """Handwritten digits of 8×8 pixels (Alpaydin & Kaynak 1998), as scikit-learn ships them.

    1,197 for training, 200 for validation, 400 for the test, every class in proportion. The
    split never changes, so that any two runs can be compared.
    """
    numbers = load_digits()
    x, y = (numbers.images[..., None] / 16).astype(np.float32), numbers.target.astype(np.int64)
    x, x_test, y, y_test = train_test_split(x, y, test_size=400, stratify=y, random_state=0)
    x, x_val, y, y_val = train_test_split(x, y, test_size=200, stratify=y, random_state=0)
    return Data(x, y, x_val, y_val, x_test, y_test, tuple("0123456789"))


def mnist() -> Data:
    """Handwritten digits of 28×28 pixels (LeCun et al. 1998).

    55,000 for training, 5,000 for validation (the last of the original training set) and the
    10,000 of the original test. Downloads 11 MB unless the file is here already.

    Raises:
        DownloadError: it is not here and could not be fetched.
    """
    path = fetch(MNIST)
    packed = path.read_bytes()
    if path.suffix == ".xz":
        packed = lzma.decompress(packed)
    with np.load(io.BytesIO(packed)) as arrays:
        x, x_test = (np.divide(arrays[name][..., None], 255, dtype=np.float32)
                     for name in ("x_train", "x_test"))
        y, y_test = arrays["y_train"].astype(np.int64), arrays["y_test"].astype(np.int64)
    return Data(x[:-5000], y[:-5000], x[-5000:], y[-5000:], x_test, y_test, tuple("0123456789"))


DATA_SETS = {"digits": digits, "mnist": mnist}
