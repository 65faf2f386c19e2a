"""How good made pictures are, told by a network that has learned to read real ones."""

from functools import lru_cache

import keras
import numpy as np
from PIL import Image

from core.data.shipped import shipped
from core.layers.covered import covered

READERS = {"digits": "cnn/digits", "mnist": "cnn/mnist", "fashion": "cnn/fashion",
           "cifar10": "cnn/cifar10"}


class Judge:
    """Compares made pictures with real ones (n, h, w, c) in 0..1 of the classes ``y`` (n,).

    Own pictures are read by the network that knows CIFAR-10: its features are of use, its classes
    are not.
    """

    def __init__(self, dataset: str, real: np.ndarray, y: np.ndarray):
        self.knows = dataset in READERS
        self.read = reader(READERS.get(dataset, READERS["cifar10"]))
        self.real, self.y = self.read(real)[0], y

    def figures(self, made: np.ndarray, label: np.ndarray | None = None) -> dict[str, float]:
        """``distance``: see :func:`distance`; ``diversity``: how far two made pictures are apart,
        as a share of how far two real ones are; where its classes are known ``covered``: the
        share of classes that are made at all, and, if ``label`` (n,) was asked for,
        ``agreement``: the share recognised as what was asked."""
        features, said = self.read(made)
        figures = {"distance": distance(self.real, features),
                   "diversity": float(scatter(features) / max(scatter(self.real), 1e-9))}
        if self.knows:
            said = said.argmax(axis=1)
            figures["covered"] = covered(said, self.y, len(said))
            if label is not None:
                figures["agreement"] = float(np.mean(said == label))
        return figures


def distance(real: np.ndarray, made: np.ndarray) -> float:
    """The Fréchet distance of two clouds of features (n, f), each taken for a Gaussian:
    |μ₁ − μ₂|² + tr(C₁ + C₂ − 2 (C₁C₂)^½). (Heusel et al. 2017 take the features of Inception.)"""
    real, made = real.astype(np.float64), made.astype(np.float64)
    c1, c2 = (np.cov(each, rowvar=False) for each in (real, made))
    root = root_of(c1)
    mixed = np.trace(root_of(root @ c2 @ root))
    apart = ((real.mean(axis=0) - made.mean(axis=0))**2).sum()
    return float(max(apart + np.trace(c1) + np.trace(c2) - 2 * mixed, 0.0))


def root_of(matrix: np.ndarray) -> np.ndarray:
    """The square root of a symmetric matrix without negative eigenvalues."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T


def scatter(features: np.ndarray) -> float:
    """The mean distance of two examples: neighbours in a fixed order stand for all pairs."""
    order = np.random.default_rng(0).permutation(len(features))
    return float(np.linalg.norm(features[order] - features[np.roll(order, 1)], axis=1).mean())


@lru_cache(maxsize=4)
def reader(name: str):
    """A function from pictures in 0..1 to what a shipped network's last hidden layer makes of
    them (n, f), and the probabilities of the classes (n, classes)."""
    model = keras.models.load_model(shipped(name), compile=False)
    both = keras.Model(model.inputs, [model.layers[-1].input, model.outputs[0]])
    height, width, channels = model.input_shape[1:]

    def read(pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        fitted = fit(pictures, height, width, channels)
        parts = [both.predict_on_batch(fitted[start:start + 250])
                 for start in range(0, len(fitted), 250)]
        return (np.concatenate([features for features, _ in parts]),
                np.concatenate([said for _, said in parts]))

    return read


def fit(pictures: np.ndarray, height: int, width: int, channels: int) -> np.ndarray:
    """Pictures in 0..1 in the size and with the channels that a network takes."""
    if pictures.shape[1:3] != (height, width):
        bytes_ = np.round(pictures * 255).astype(np.uint8)
        grey = bytes_.shape[-1] == 1
        small = [np.asarray(Image.fromarray(each[..., 0] if grey else each).resize(
            (width, height), Image.Resampling.BILINEAR)) for each in bytes_]
        pictures = np.stack(small).reshape(len(small), height, width, -1) / np.float32(255)
    if pictures.shape[-1] != channels:
        pictures = np.repeat(pictures.mean(axis=-1, keepdims=True), channels, axis=-1)
    return pictures.astype(np.float32)
