"""How sure a classifier may be, and when it should say that it does not know.

Calibration: all scores are divided by one temperature, so that of the answers given with 80 %
about 80 % are right (Guo et al., "On calibration of modern neural networks", 2017). Strangers:
a picture is known if what the last hidden layer makes of it lies near some class in two ways. It
points in the direction of that class's mean, seen from the mean of all, as the cosine tells; and
its distance from a class's mean is small in units of the spread within the classes (Lee et al.,
"A simple unified framework for detecting out-of-distribution samples", 2018).
"""

import keras
import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.covariance import LedoitWolf

from core.data import images
from core.insight.points import packed, unpacked

ACCEPTED = 0.95  # the share of validation pictures that count as known
MOST = 20_000  # training pictures that the directions come from


def fit(model: keras.Model, data) -> dict:
    """What :func:`judge` needs to know about a network, JSON-able.

    ``temperature`` (without unit), ``least`` (a cosine) and ``most`` (a distance), ``centre``,
    ``means`` and ``whitening`` (base64 of float32, (features,), (classes, features) and
    (features, features)). Means and spread come from training pictures, temperature and limits
    from validation pictures.
    """
    features, _ = seen(model, images.unit(data.x_train[:MOST]))
    labels = data.y_train[:MOST]
    means = np.stack([features[labels == each].mean(axis=0)
                      for each in range(len(data.class_names))])
    known = {"centre": packed(features.mean(axis=0)), "means": packed(means),
             "whitening": packed(whitening(features - means[labels]))}
    features, probabilities = seen(model, data.x_val)
    least, most = limits(*nearness(known, features))
    return {"temperature": round(best_temperature(probabilities, data.y_val), 4),
            "least": round(least, 5), "most": round(most, 3), **known}


def whitening(deviations: np.ndarray) -> np.ndarray:
    """The matrix W after which deviations (n, features) have the same spread in every direction:
    the length of d·W is the Mahalanobis distance. Of few pictures the spread is known badly: it is
    drawn towards the same in all directions (Ledoit & Wolf 2004)."""
    return np.linalg.cholesky(LedoitWolf(assume_centered=True).fit(deviations).precision_)


def limits(near: np.ndarray, far: np.ndarray) -> tuple[float, float]:
    """The least cosine and the largest distance with which :data:`ACCEPTED` of these pictures are
    known; each of the two turns away about as many."""
    for share in np.linspace(1 - ACCEPTED, 0, 101):
        least, most = np.quantile(near, share), np.quantile(far, 1 - share)
        if np.mean((near >= least) & (far <= most)) >= ACCEPTED:
            break
    return float(least), float(most)


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
    near, far = nearness(trust, features)
    return (tempered(probabilities, trust["temperature"]),
            (near < trust["least"]) | (far > trust["most"]))


def nearness(trust: dict, features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The cosine, -1..1, between each row and the class direction nearest to it, and the distance
    to the class mean nearest to it: (n,) and (n,)"""
    centre = unpacked(trust["centre"])
    means = unpacked(trust["means"]).reshape(-1, len(centre))
    spread = unpacked(trust["whitening"]).reshape(len(centre), -1)
    near = (unit(features - centre) @ unit(means - centre).T).max(axis=1)
    far = np.min([np.linalg.norm((features - mean) @ spread, axis=1) for mean in means], axis=0)
    return near, far


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
