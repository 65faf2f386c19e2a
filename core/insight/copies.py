"""Whether a generator copies, and whether it is worth its trouble."""

from functools import lru_cache

import keras
import numpy as np
from sklearn.mixture import GaussianMixture

from core.catalogue import room
from core.data.images import unit
from core.errors import VisitorError
from core.i18n import N_
from core.insight.gan import made, of
from core.insight.vision import pack
from core.insight.wish import Wish
from core.layers.judge import READERS, distance, reader
from core.layers.spread import Spread
from core.models import gan
from core.params import from_text
from core.rooms import called
from core.rooms.gan import Gan

NEAREST = 3  # training pictures that are shown
USUAL = 100  # real pictures whose distance from the training pictures is the usual one
COUNT = 1_000  # examples that are compared
DIRECTIONS = 40  # main directions of the pixels that the simple generator knows


@lru_cache(maxsize=2)
def _data(texts: tuple):
    params, _ = from_text(Gan, dict(texts))
    for each in room("gan").datasets:
        if each.name == params.dataset and each.to_download and called(each.to_download)(each.name):
            raise VisitorError(N_("The pictures of {name} are not on this machine yet. They come "
                                  "when you train with them."), {"name": each.title})
    return gan.load(params)


def data_of(context: dict):
    """What a network was trained on.

    Raises:
        VisitorError: it would have to be downloaded, which nobody has asked for.
    """
    return _data(tuple(sorted(context["params"].items())))


def nearest(model: keras.Model, context: dict, *, params: dict | None = None,
            index: int = 0) -> dict:
    """The training pictures that look most like a made one, in a sheet below it.

    ``params`` and ``index``: which one, as it was asked for. ``distances``: the root of the sum
    of squared differences of all pixels in 0..1; ``usual``: the median of that for real pictures
    that were kept aside. ``said``: the class that our classifier sees, and how ``sure`` it is.
    """
    settings, wish = of(context), Wish.read(params or {}, len(context["classes"]))
    noise, label, _ = wish.noise(settings.latent)
    index = min(max(int(index), 0), len(noise) - 1)
    picture = made(model, settings, noise[index:index + 1], label[index:index + 1])
    if picture.ndim == 2:
        return {"count": 0, "distances": [], "usual": 0.0, "said": "", "sure": 0.0}
    data = data_of(context)
    apart = distances(data, picture)[0]
    order = np.argsort(apart)[:NEAREST]
    sheet = np.concatenate([picture, unit(data.x_train[order])])
    told = {"said": "", "sure": 0.0}
    if settings.dataset in READERS:
        _, chances = reader(READERS[settings.dataset])(picture)
        told = {"said": context["classes"][int(chances.argmax())], "sure": float(chances.max())}
    return {**pack(sheet.reshape(-1, *sheet.shape[2:]) * 255), "count": len(sheet), **told,
            "distances": [float(apart[each]) for each in order],
            "usual": float(np.median(distances(data, data.x_val[:USUAL]).min(axis=1)))}


def distances(data, pictures: np.ndarray) -> np.ndarray:
    """From each of pictures (m, h, w, c) in 0..1 to each training picture: (m, n)."""
    flat = pictures.reshape(len(pictures), -1).astype(np.float32)
    found = []
    for start in range(0, len(data.x_train), 5_000):
        train = unit(data.x_train[start:start + 5_000])
        train = train.reshape(len(train), -1)
        squares = (flat**2).sum(axis=1)[:, None] - 2 * flat @ train.T + (train**2).sum(axis=1)
        found.append(np.sqrt(np.maximum(squares, 0)))
    return np.concatenate(found, axis=1)


def rivals(model: keras.Model, context: dict) -> dict:
    """The generator beside a simple one and beside the floor, all against the test split."""
    settings, data = of(context), data_of(context)
    random = np.random.default_rng(0)
    count = min(COUNT, len(data.x_test), len(data.x_train))
    label = np.arange(count) % max(len(data.class_names), 1)
    examples = made(model, settings, random.standard_normal((count, settings.latent)), label)
    if examples.ndim == 2:
        return _on_plane(data, examples, count)
    judge = gan.judge_of(settings, data, "test", count)
    real = unit(data.x_train[random.choice(len(data.x_train), count, replace=False)])
    far = {name: distance(judge.real, judge.read(each)[0]) for name, each in (
        ("ours", examples), ("simple", gaussian(data, count, random)), ("floor", real))}
    return {"rows": [
        _row(N_("This generator"), far["ours"], N_("Its pictures against the test split.")),
        _row(N_("One Gaussian"), far["simple"], N_(
            "Pictures drawn from a Gaussian that has the mean and the main directions of the "
            "training pixels.")),
        _row(N_("The floor: real pictures"), far["floor"], N_(
            "Real training pictures against the test split."))],
        "count": count, "says": N_(
            "FID-like distance of {count} pictures each: the Fréchet distance |μ₁ − μ₂|² + "
            "tr(C₁ + C₂ − 2(C₁C₂)^½) of the features that our own classifier finds in them. Lower "
            "is better. With fewer pictures it is larger, so only figures of the same count can "
            "be compared.")}


def _on_plane(data, examples: np.ndarray, count: int) -> dict:
    spread = Spread(data.x_test, data.y_test)
    mixture = GaussianMixture(8, random_state=0).fit(data.x_train[:2_000])
    rows = ((N_("This generator"), examples, N_("Its points against the test split.")),
            (N_("Mixture of 8 Gaussians"), mixture.sample(count)[0], N_(
                "Eight Gaussians fitted to the training points by expectation maximisation.")),
            (N_("The floor: real points"), data.x_train[:count], N_(
                "Real training points against the test split.")))
    return {"rows": [_row(name, spread.figures(points)["js"], says) for name, points, says in rows],
            "count": count, "says": N_("JS divergence in bits of {count} points each. Lower is "
                                       "better.")}


def _row(name: str, value: float, says: str) -> dict:
    return {"name": name, "value": round(value, 4), "says": says}


def gaussian(data, count: int, random: np.random.Generator) -> np.ndarray:
    """Pictures (count, h, w, c) from a Gaussian in the main directions of the training pixels."""
    train = unit(data.x_train[:5_000])
    flat = train.reshape(len(train), -1).astype(np.float64)
    mean = flat.mean(axis=0)
    _, sizes, ways = np.linalg.svd(flat - mean, full_matrices=False)
    known = min(DIRECTIONS, len(sizes))
    drawn = random.standard_normal((count, known)) * sizes[:known] / np.sqrt(len(flat))
    return np.clip(mean + drawn @ ways[:known], 0, 1).reshape(count, *train.shape[1:])
