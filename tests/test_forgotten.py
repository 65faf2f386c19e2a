"""What was made to ask a network goes with the network."""

import gc
import weakref

import keras
import numpy as np

from core.insight import tables


def test_a_network_that_was_asked_about_a_table_is_forgotten_with_its_last_user():
    inputs = keras.Input((3,))
    model = keras.Model(inputs, keras.layers.Dense(2, "softmax", name="classes")(inputs))
    tables.said(model, np.zeros((1, 3), np.float32))
    kept = weakref.ref(model)
    del model
    gc.collect()
    assert kept() is None
