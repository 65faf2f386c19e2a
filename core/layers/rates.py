"""How the learning rate changes while a network trains."""

import math

import keras


class Schedule(keras.callbacks.Callback):
    """Multiplies the learning rate by :func:`share`, batch by batch.

    Whoever sets the optimizer's rate meanwhile (a visitor's hand) sets what is multiplied from
    there on. ``warmup``: epochs.
    """

    def __init__(self, kind: str, warmup: int):
        super().__init__()
        self.kind, self.warmup = kind, warmup

    def on_train_begin(self, logs=None):
        self.step, self.given = 0, None

    def on_train_batch_begin(self, batch, logs=None):
        optimizer = self.model.optimizer
        rate = float(optimizer.learning_rate)
        if rate != self.given:  # somebody has set it
            self.whole = rate
        epoch = self.params["steps"]
        optimizer.learning_rate = self.whole * share(
            self.kind, self.step, epoch * self.params["epochs"], epoch * self.warmup)
        self.given = float(optimizer.learning_rate)
        self.step += 1


def share(kind: str, step: int, steps: int, warm: int) -> float:
    """The share of the learning rate that counts in a step, 0..1; steps count from 0.

    In the first ``warm`` steps it climbs (Goyal et al. 2017). Then it stays ("constant"), falls
    along half a cosine to 0 ("cosine", Loshchilov & Hutter 2017) or to a tenth after half of
    the remaining steps and a hundredth after three quarters ("step", He et al. 2016).
    """
    if step < warm:
        return (step + 1) / warm
    done = (step - warm) / max(steps - warm, 1)
    if kind == "cosine":
        return (1 + math.cos(math.pi * done)) / 2
    if kind == "step":
        return 0.1 ** ((done >= 0.5) + (done >= 0.75))
    return 1.0
