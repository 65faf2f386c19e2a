"""Attention against Keras's own, and against what it promises."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.layers.attention import Attention, Positions, waves

HEADS, SIZE, CHANNELS = 3, 5, 12


def pair(causal=False, source=CHANNELS, t=7, s=7):
    """Our layer and Keras's with the same random weights, and inputs for them."""
    random = np.random.default_rng(0)
    x = random.normal(size=(2, t, CHANNELS)).astype(np.float32)
    memory = random.normal(size=(2, s, source)).astype(np.float32)
    ours = Attention(HEADS, SIZE, causal=causal, seed=1)
    theirs = keras.layers.MultiHeadAttention(HEADS, SIZE)
    ours(x, memory)
    theirs(x, memory)
    ours.set_weights([random.normal(size=each.shape) for each in ours.weights])
    shapes = [each.shape for each in theirs.weights]
    theirs.set_weights([each.reshape(shape) for each, shape in zip(ours.get_weights(), shapes)])
    return ours, theirs, x, memory


def close(ours, theirs):
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("causal", [False, True])
def test_self_attention_is_keras_s(causal):
    ours, theirs, x, _ = pair(causal)
    close(ours(x, return_attention_scores=True),
          theirs(x, x, use_causal_mask=causal, return_attention_scores=True))


def test_cross_attention_with_a_mask_is_keras_s():
    ours, theirs, x, memory = pair(source=9, t=4, s=6)
    mask = np.ones((2, 4, 6), bool)
    mask[0, :, 4:] = mask[1, :, 2:] = False
    close(ours(x, memory, mask, return_attention_scores=True),
          theirs(x, memory, attention_mask=mask, return_attention_scores=True))


def test_gradients_are_keras_s():
    ours, theirs, x, memory = pair(source=9, t=4, s=6)
    found = []
    for layer in (ours, theirs):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(tf.sin(layer(x, memory)))
        found.append([tf.reshape(each, -1).numpy()
                      for each in tape.gradient(loss, layer.trainable_variables)])
    for mine, other in zip(*found, strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-4, atol=1e-4)


def test_written_in_numpy_it_is_the_same():
    ours, _, x, _ = pair(causal=True)
    found = ours.opened(tf.constant(x))
    w = dict(zip(["q", "qb", "k", "kb", "v", "vb", "o", "ob"], ours.get_weights()))
    for n in range(2):
        heads = []
        for h in range(HEADS):
            part = slice(h * SIZE, (h + 1) * SIZE)
            q, k, v = (x[n] @ w[a][:, part] + w[f"{a}b"][part] for a in "qkv")
            score = q @ k.T / np.sqrt(SIZE)
            score[np.triu_indices(7, 1)] = -np.inf
            weight = np.exp(score - score.max(1, keepdims=True))
            weight /= weight.sum(1, keepdims=True)
            np.testing.assert_allclose(found.weights[n, h], weight, atol=1e-5)
            heads.append(weight @ v)
        np.testing.assert_allclose(found.output[n], np.hstack(heads) @ w["o"] + w["ob"],
                                   rtol=1e-4, atol=1e-4)


def test_what_comes_later_changes_nothing_before():
    ours, _, x, _ = pair(causal=True)
    other = x.copy()
    other[:, 4:] = 7
    np.testing.assert_array_equal(ours(x)[:, :4], ours(other)[:, :4])
    assert np.abs(ours(x)[:, 4:] - ours(other)[:, 4:]).max() > 0.1


def test_fewer_that_ask_than_answer_are_the_last_ones():
    ours, _, x, _ = pair(causal=True)
    np.testing.assert_allclose(ours(x[:, 5:], x), ours(x)[:, 5:], atol=1e-5)


def test_without_positions_order_does_not_count():
    ours, _, x, _ = pair()
    order = np.random.default_rng(1).permutation(7)
    np.testing.assert_allclose(ours(x[:, order]).numpy(), ours(x).numpy()[:, order], atol=1e-5)
    at = Positions("waves", 7)
    assert np.abs(ours(at(x[:, order])).numpy() - ours(at(x)).numpy()[:, order]).max() > 0.1


def test_waves_are_those_of_the_paper():
    found = waves(50, 8).numpy()
    for i in range(4):
        angle = np.arange(50) / 10_000 ** (2 * i / 8)
        np.testing.assert_allclose(found[:, i], np.sin(angle), atol=1e-4)
        np.testing.assert_allclose(found[:, 4 + i], np.cos(angle), atol=1e-4)


def test_a_saved_network_is_the_same(tmp_path):
    x = keras.Input((6, 8))
    memory = keras.Input((None, 8))
    y = Positions("learned", 6, seed=2)(x)
    y = Attention(2, 4, causal=True, seed=3)(y)
    model = keras.Model([x, memory], Attention(2, 4, seed=4)(y, memory))
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    given = [np.random.default_rng(0).normal(size=(3, n, 8)).astype(np.float32) for n in (6, 5)]
    np.testing.assert_array_equal(model(given), again(given))
