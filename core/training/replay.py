"""What a visitor did during a run, done again: part of the take-home program."""

import keras


class Replay(keras.callbacks.Callback):
    """Changes the optimizer, and stops, after the same steps as in the run.

    ``changes``: (step, name, value), after that many batches ``optimizer.name`` became ``value``,
    or ``model.name`` where the model has it.
    ``stop_at``: the batch after which training was stopped, or ``None``.
    """

    def __init__(self, changes, stop_at=None):
        super().__init__()
        self.changes, self.stop_at = changes, stop_at

    def on_train_begin(self, logs=None):
        self.step = 0

    def on_train_batch_end(self, batch, logs=None):
        self.step += 1
        for step, name, value in self.changes:
            if step == self.step:
                owner = self.model if hasattr(self.model, name) else self.model.optimizer
                setattr(owner, name, value)
        if self.step == self.stop_at:
            self.model.stop_training = True
