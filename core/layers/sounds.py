"""Pictures of sound that are never the same twice, and cosines for what is made of them."""

import numpy as np
import tensorflow as tf

from core.data.sound import BANDS, FRAMES, RANGE

TALLEST = 8  # bands that a mask hides at most
LONGEST = 20  # frames


def heard(pictures: tf.Tensor, number: tf.Tensor, seed: int, *, shift: float, pitch: float,
          noise: float, masks: bool) -> tf.Tensor:
    """Each log-mel picture as if said at another moment, by another voice, in another room:
    (n, 40, 100) of 0..1 → the same.

    ``shift``: seconds by which it comes earlier or later, at most; with ``pitch``, the share by
    which it is said faster or slower and by which its bands move up or down, at most; ``noise``:
    how likely there is noise behind it; ``masks``: a few bands and a few frames are hidden (Park et
    al., "SpecAugment", 2019). ``number`` and ``seed`` decide how: the same two give the same
    pictures.
    """
    count = tf.shape(pictures)[0]
    drawn = tf.random.stateless_uniform((10, count), [seed, number], -1, 1)
    moved = placed(pictures, drawn[0] * shift, drawn[1] * pitch, drawn[2] * pitch)
    if noise:
        fluctuating = tf.random.stateless_gamma((count, BANDS, FRAMES), [seed + 1, number], 4) / 4
        moved = noisy(moved, drawn[3:6], fluctuating, noise)
    if masks:
        moved *= hidden(drawn[6:8], BANDS, TALLEST)[:, :, None]
        moved *= hidden(drawn[8:10], FRAMES, LONGEST)[:, None, :]
    return moved


def placed(pictures: tf.Tensor, later: tf.Tensor, faster: tf.Tensor, higher: tf.Tensor):
    """Moved by ``later`` seconds, said faster by a share, its bands higher by a share; (n,) each.
    Beside a picture there is silence."""
    stretch = 1 + faster
    zero, one = tf.zeros_like(later), tf.ones_like(later)
    along = (FRAMES - 1) / 2 * (1 - stretch) - later * FRAMES
    up = higher * BANDS / 4
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=pictures[..., None], output_shape=[BANDS, FRAMES], fill_value=0.0,
        transforms=tf.stack([stretch, zero, along, zero, one, up, zero, zero], axis=1),
        interpolation="BILINEAR", fill_mode="CONSTANT")[..., 0]


def noisy(pictures: tf.Tensor, drawn: tf.Tensor, fluctuating: tf.Tensor, share: float):
    """Powers of voice and noise added, in decibels again: (n, 40, 100) → the same. ``drawn``
    (3, n) in -1..1: whether there is noise, how loud it is (5 to 40 decibels below the loudest
    place), and whether more at low or at high frequencies (15 decibels at most)."""
    loud = -22.5 + 17.5 * drawn[1]
    tilt = drawn[2][:, None] * tf.linspace(-7.5, 7.5, BANDS)  # (n, bands)
    power = tf.pow(10.0, (loud[:, None] + tilt) / 10)[:, :, None] * fluctuating
    power *= tf.cast(drawn[0] < 2 * share - 1, tf.float32)[:, None, None]
    both = tf.pow(10.0, (pictures - 1) * RANGE / 10) + power
    decibels = 10 * tf.math.log(both) / np.log(10)
    decibels -= tf.reduce_max(decibels, axis=(1, 2), keepdims=True)
    return tf.clip_by_value(1 + decibels / RANGE, 0, 1)


def hidden(drawn: tf.Tensor, length: int, most: int) -> tf.Tensor:
    """0 in a row of at most ``most`` places, 1 elsewhere: two numbers each (2, n) → (n, length)."""
    size, place = tf.unstack((drawn + 1) / 2 * [[most], [length]])
    at = tf.range(length, dtype=tf.float32)
    return tf.cast((at < place[:, None]) | (at >= (place + size)[:, None]), tf.float32)


def cosines() -> np.ndarray:
    """The matrix that turns the 40 log-mel values of a frame, highest band first, into its 40 MFCC:
    the discrete cosine transform (type II, orthonormal)."""
    band = np.arange(BANDS)[::-1]  # the lowest band counts as the first
    rows = np.cos(np.pi * (band[:, None] + 0.5) * np.arange(BANDS) / BANDS)  # (bands, coefficients)
    rows *= np.sqrt(2 / BANDS)
    rows[:, 0] /= np.sqrt(2)
    return rows.astype(np.float32)
