"""How sure a classifier may be, and when it should say that it does not know.

Calibration: all scores are divided by one temperature, so that of the answers given with 80 %
about 80 % are right (Guo et al., "On calibration of modern neural networks", 2017). Strangers:
a picture is known if what the last hidden layer makes of it points in the direction of some
class, as the cosine tells; the directions are the classes' means, seen from the mean of all.
"""

import base64

import keras
import numpy as np
from scipy.optimize import minimize_scalar

from core.data import images

ACCEPTED = 0.95  # the share of validation pictures that count as known
MOST = 20_000  # training pictures that the directions come from


def fit(model: keras.Model, data) -> dict:
    """What :func:`judge` needs to know about a network, JSON-able.

    ``temperature`` (without unit), ``threshold`` (a cosine), ``centre`` and ``directions`` (base64
    of float32, (features,) and (classes, features)). Directions come from training pictures,
    temperature and threshold from validation pictures.
    """
    features, _ = seen(model, images.unit(data.x_train[:MOST]))
    labels = data.y_train[:MOST]
    centre = features.mean(axis=0)
    means = np.stack([features[labels == each].mean(axis=0)
                      for each in range(len(data.class_names))])
    directions = unit(means - centre)
    features, probabilities = seen(model, data.x_val)
    near = nearness(features, centre, directions)
    return {"temperature": round(best_temperature(probabilities, data.y_val), 4),
            "threshold": round(float(np.quantile(near, 1 - ACCEPTED)), 5),
            "centre": packed(centre), "directions": packed(directions)}


def best_temperature(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """The temperature with the least surprise; 1 where no answer is wrong, for then it would be 0
    and every answer certain."""
    if (probabilities.argmax(axis=1) == labels).all():
        return 1.0
    found = minimize_scalar(lambda heat: surprise(tempered(probabilities, heat), labels),
                            bounds=(0.2, 5), method="bounded")
    return float(found.x)


def judge(trust: dict, features: np.ndarray, probabilities: np.ndarray,
          ) -> tuple[np.ndarray, np.ndarray]:
    """Calibrated probabilities (n, classes), and whether each picture is unknown (n,).

    ``features``: what the last hidden layer put out, (n, features).
    """
    centre = unpacked(trust["centre"])
    directions = unpacked(trust["directions"]).reshape(-1, len(centre))
    near = nearness(features, centre, directions)
    return tempered(probabilities, trust["temperature"]), near < trust["threshold"]


def nearness(features: np.ndarray, centre: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """The cosine, -1..1, between each row and the class direction that is nearest to it: (n,)"""
    return (unit(features - centre) @ directions.T).max(axis=1)


def tempered(probabilities: np.ndarray, temperature: float) -> np.ndarray:
    """Probabilities (n, classes) as if the scores behind them were divided by the temperature."""
    scores = np.log(np.maximum(probabilities, 1e-30)) / temperature
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def surprise(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """The mean of -log of the true class's probability."""
    true = probabilities[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(true, 1e-30)).mean())


def calibration_error(probabilities: np.ndarray, labels: np.ndarray, bins: int = 15) -> float:
    """How far the network's probability for its answer is from the share that is right, 0..1.

    Answers are put into bins by their probability; the differences are weighed by how many
    answers a bin has (expected calibration error, Naeini et al. 2015).
    """
    sure, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    place = np.minimum((sure * bins).astype(int), bins - 1)
    return float(sum(abs(sure[place == each].sum() - right[place == each].sum())
                     for each in range(bins)) / len(labels))


def seen(model: keras.Model, pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the last hidden layer and the output make of pictures: (n, features), (n, classes)."""
    both = keras.Model(model.inputs, [model.layers[-1].input, model.outputs[0]])
    return tuple(both.predict(pictures, batch_size=250, verbose=0))


def unit(rows: np.ndarray) -> np.ndarray:
    """Each row at length 1; a row of zeros stays one."""
    return rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9)


def packed(values: np.ndarray) -> str:
    """Numbers as base64 of little-endian float32."""
    return base64.b64encode(values.astype("<f4").tobytes()).decode()


def unpacked(text: str) -> np.ndarray:
    """Back from :func:`packed`, in one row."""
    return np.frombuffer(base64.b64decode(text), "<f4")
