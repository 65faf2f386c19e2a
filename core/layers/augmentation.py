"""Training pictures that are never the same twice."""

import math

import tensorflow as tf


def augmented(pictures: tf.Tensor, number: tf.Tensor, seed: int, *, shift: float, turn: float,
              zoom: float, flip: bool) -> tf.Tensor:
    """Each picture moved at random: (n, h, w, c) of 0..1 → the same.

    ``shift``: by at most this share of its side; ``turn``: degrees; ``zoom``: larger or smaller by
    at most this share; ``flip``: mirrored or not. ``number`` and ``seed`` decide how: the same two
    give the same pictures. All of it is one affine map, so that a picture is sampled only once.
    """
    count, (height, width, channels) = tf.shape(pictures)[0], pictures.shape[1:]
    right, down, angle, size, side = tf.unstack(
        tf.random.stateless_uniform((5, count), [seed, number], -1, 1))
    angle, size = angle * turn * math.pi / 180, 1 + size * zoom
    mirror = tf.where((side < 0) & flip, -1.0, 1.0)
    # Where each pixel comes from, seen from the middle: x' = a·x + b·y, y' = d·x + e·y.
    a, b = mirror * tf.cos(angle) / size, tf.sin(angle) / size
    d, e = -mirror * tf.sin(angle) / size, tf.cos(angle) / size
    middle_x, middle_y = (width - 1) / 2, (height - 1) / 2
    c = middle_x - a * middle_x - b * middle_y + right * shift * width
    f = middle_y - d * middle_x - e * middle_y + down * shift * height
    zero = tf.zeros(count)
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=pictures, transforms=tf.stack([a, b, c, d, e, f, zero, zero], axis=1),
        output_shape=[height, width], fill_value=0.0, interpolation="BILINEAR",
        fill_mode="REFLECT" if channels == 3 else "CONSTANT")  # beside ink there is black
