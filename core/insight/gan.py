"""What a generator makes: as it learns, and when it is asked.

Answers are functions of a model and its context that return JSON-able dicts, as those of
:mod:`core.insight.vision`. What a page asks for comes as text in ``params``, see :class:`Wish`.
"""

import base64
import io
import threading
from weakref import WeakKeyDictionary

import keras
import numpy as np
import tensorflow as tf
from PIL import Image

from core.insight.film import gif
from core.insight.vision import encode
from core.insight.wish import FRAMES, Wish
from core.layers.spread import EDGE, Spread
from core.models import gan
from core.params import Params, from_text
from core.rooms.gan import Gan

COLUMNS, ROWS = 10, 5  # of the pictures that are made of the same noise after each epoch
POINTS = 400  # made points that the plane shows
JUDGED = 1_000  # made points by which the divergence is measured while it trains
SURFACE, MESH = 36, 15  # places on each side: of the discriminator's surface, of the noise's grid
REACH = 2.2  # the grid of the noise goes so many standard deviations far
ARROWS = 60
SCALE = 20_000  # coordinates cross as whole numbers of 16 bits

_makers: WeakKeyDictionary = WeakKeyDictionary()
_makers_lock = threading.Lock()


def of(context: dict) -> Params:
    """The hyperparameters of a network."""
    return from_text(Gan, context["params"])[0]


def maker(model: keras.Model):
    """The generator of a model, whole or alone: noise and class numbers → pictures or points.

    The graph is traced once for each model; after that an answer takes milliseconds.
    """
    with _makers_lock:
        if model not in _makers:
            alone = keras.Model(model.inputs, model.get_layer("picture").output)
            given = [tf.TensorSpec(each.shape, each.dtype) for each in alone.inputs]
            _makers[model] = tf.function(lambda *given: alone(list(given), training=False),
                                         input_signature=given, jit_compile=False)
    return _makers[model]


def made(model: keras.Model, params: Params, noise: np.ndarray, label: np.ndarray) -> np.ndarray:
    """Pictures (n, h, w, c) in 0..1 or points (n, 2), of noise (n, latent) and classes (n,)."""
    given = [tf.constant(noise, tf.float32)]
    if params.conditional:
        given.append(tf.constant(label, tf.int32))
    return gan.shown(params, np.nan_to_num(maker(model)(*given).numpy()))


def sample(model: keras.Model, context: dict, *, params: dict | None = None) -> dict:
    """What was asked for: ``count`` pictures in ``columns``, all ``frames`` of it one after the
    other, as bytes; as a ``gif`` instead if that was wished."""
    settings, wish = of(context), Wish.read(params or {}, len(context["classes"]))
    noise, label, columns = wish.noise(settings.latent)
    pictures = np.round(made(model, settings, noise, label) * 255).astype(np.uint8)
    if pictures.ndim == 2:  # points of the plane: the page shows them elsewhere
        return {"count": 0, "columns": 0, "frames": 0, "data": "", "labels": []}
    frames = FRAMES if wish.moves else 1
    if wish.gif:
        return {"gif": base64.b64encode(gif(pictures.reshape(
            frames, -1, *pictures.shape[1:]), columns)).decode()}
    count, height, width, channels = pictures.shape
    return {"width": width, "height": height, "channels": channels, "count": count // frames,
            "columns": columns, "frames": frames, "data": encode(pictures),
            "labels": label[:count // frames].tolist() if settings.conditional else []}


def snapshot(model: gan.GAN, data) -> dict:
    """After an epoch: pictures of noise that is always the same, as one PNG, or the plane."""
    params = model.game.params
    if len(data.x_train.shape) == 2:
        return plane(model, data)
    sheet = np.round(fixed(model, data, ROWS) * 255).astype(np.uint8)
    height, width, channels = sheet.shape[1:]
    rows = sheet.reshape(ROWS, COLUMNS, height, width, channels)
    whole = rows.transpose(0, 2, 1, 3, 4).reshape(ROWS * height, COLUMNS * width, channels)
    file = io.BytesIO()
    Image.fromarray(whole[..., 0] if channels == 1 else whole).save(file, "PNG")
    found = {name: round(value, 4) for name, value in model.game.found.items()}
    return {"kind": "made", "png": base64.b64encode(file.getvalue()).decode(),
            "columns": COLUMNS, "rows": ROWS, "found": found,
            "classes": list(data.class_names)[:COLUMNS] if params.conditional else []}


def frame(model: gan.GAN, data) -> dict:
    """The living picture while it trains."""
    return plane(model, data) if len(data.x_train.shape) == 2 else snapshot(model, data)


def fixed(model: gan.GAN, data, rows: int) -> np.ndarray:
    """Pictures of noise that stays the same, a column for each class if it knows any."""
    params = model.game.params
    noise = np.random.default_rng(params.seed).standard_normal((rows * COLUMNS, params.latent))
    label = np.tile(np.arange(COLUMNS) % len(data.class_names), rows)
    return made(model, params, noise, label)


# The plane

def plane(model: gan.GAN, data) -> dict:
    """All that the plane shows: what is made, the discriminator's surface, the bent grid of the
    noise, where made points are pulled to, and how near made is to real."""
    if not hasattr(model.game, "drawing"):
        model.game.drawing = Drawing(model, data)
    return model.game.drawing.now()


class Drawing:
    """One compiled function for everything: at thirty a second each millisecond counts."""

    def __init__(self, model: gan.GAN, data):
        self.game = model.game
        random = np.random.default_rng(0)
        latent = self.game.params.latent
        self.noise = tf.constant(random.standard_normal((JUDGED, latent)), tf.float32)
        steps = np.linspace(-REACH, REACH, MESH)
        mesh = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
        self.mesh = tf.constant(mesh if latent == 2 else np.zeros((0, latent)), tf.float32)
        steps = np.linspace(-EDGE, EDGE, SURFACE)
        across, up = np.meshgrid(steps, steps[::-1])  # rows from the top, as a picture has them
        self.places = tf.constant(np.stack([across, up], axis=-1).reshape(-1, 2), tf.float32)
        self.spread = Spread(data.x_val, data.y_val)
        self.look = tf.function(self._look, jit_compile=False)

    def _look(self):
        everything = self.game.generator([tf.concat([self.noise, self.mesh], axis=0)],
                                         training=False)
        points, mesh = everything[:JUDGED], everything[JUDGED:]
        arrows = points[:ARROWS]
        with tf.GradientTape() as tape:
            tape.watch(arrows)
            loss = self.game.losses[1](self.game.discriminator([arrows], training=False))
        pull = -tape.gradient(loss, arrows)
        return points, mesh, pull, self.game.discriminator([self.places], training=False)

    def now(self) -> dict:
        points, mesh, pull, score = (each.numpy() for each in self.look())
        found = self.spread.figures(points) | {"pieces": len(np.unique(self.spread.y))}
        length = np.linalg.norm(pull, axis=1).max()
        return {"kind": "lab", "points": whole(points[:POINTS]), "mesh": whole(mesh),
                "side": SURFACE, "mesh_side": MESH if len(mesh) else 0,
                "pull": whole(pull / max(length, 1e-12)),
                "surface": encode(255 * opinion(score[:, 0], self.game.params.loss)),
                "found": {name: round(value, 4) for name, value in found.items()}}


def opinion(score: np.ndarray, loss: str) -> np.ndarray:
    """Scores as how real a place looks, 0..1. A critic of WGAN-GP only compares: the middle of
    what it says becomes a half."""
    score = np.nan_to_num(score.astype(np.float64))
    if loss == "lsgan":
        return np.clip(score, 0, 1)
    if loss == "wgan":
        score = 2 * (score - score.mean()) / max(score.std(), 1e-9)
    return 0.5 + 0.5 * np.tanh(score / 2)


def whole(points: np.ndarray) -> str:
    """Coordinates as base64 of little-endian whole numbers of 16 bits."""
    numbers = np.nan_to_num(points.astype(np.float64)) * SCALE
    return base64.b64encode(np.clip(np.round(numbers), -32_768, 32_767).astype("<i2").tobytes()
                            ).decode()
