"""What a visitor did during a run in NumPy, done again: part of the take-home program."""


class Replay:
    """Changes the model, and stops, after the same steps as in the run.

    ``changes``: (step, name, value), after that many batches ``model.name`` became ``value``.
    ``stop_at``: the batch after which training was stopped, or ``None``.
    """

    def __init__(self, changes, stop_at=None):
        self.changes, self.stop_at = changes, stop_at

    def begin(self, model, epochs, steps_per_epoch):
        self.model, self.step = model, 0

    def batch(self, **values):
        self.step += 1
        for step, name, value in self.changes:
            if step == self.step:
                setattr(self.model, name, value)
        if self.step == self.stop_at:
            self.model.stop_training = True

    def epoch(self, **values):
        pass
