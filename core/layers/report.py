"""What a program prints while it trains, and what it measures at the end."""

from collections.abc import Mapping

import keras


class Report(keras.callbacks.Callback):
    """Prints a line an epoch."""

    def on_epoch_end(self, epoch, logs=None):
        figures = ", ".join(f"{name} {value:.4f}" for name, value in logs.items())
        print(f"epoch {epoch + 1} of {self.params['epochs']}: {figures}", flush=True)


def measured(model: keras.Model, splits: Mapping[str, tuple], batch_size: int) -> dict[str, float]:
    """Loss and metrics on each split, inputs and answers: ``{"val_loss": …, "test_accuracy": …}``.
    """
    figures = {}
    for split, (x, y) in splits.items():
        found = model.evaluate(x, y, batch_size, verbose=0, return_dict=True)
        figures |= {f"{split}_{name}": value for name, value in found.items()}
    return figures
