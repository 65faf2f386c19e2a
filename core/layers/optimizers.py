"""The rules by which a gradient becomes a step."""

from functools import partial

import keras

OPTIMIZERS = {
    "adam": keras.optimizers.Adam,
    "sgd": partial(keras.optimizers.SGD, momentum=0.9),
    "rmsprop": keras.optimizers.RMSprop,
}


def optimizer(name: str, learning_rate: float, **how) -> keras.optimizers.Optimizer:
    """A new optimizer with this learning rate; plain SGD has a momentum of 0.9. ``how``: what else
    Keras takes, such as ``weight_decay``."""
    return OPTIMIZERS[name](learning_rate=learning_rate, **how)
