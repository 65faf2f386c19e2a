"""What a program prints while it trains, and what it measures at the end."""

from collections.abc import Mapping

import keras


class Report(keras.callbacks.Callback):
    """Prints a line an epoch."""

    def on_epoch_end(self, epoch, logs=None):
        figures = ", ".join(f"{name} {value:.4f}" for name, value in logs.items())
        print(f"epoch {epoch + 1} of {self.params['epochs']}: {figures}", flush=True)


def measured(model: keras.Model, splits: Mapping[str, tuple],
             batch_size: int | None = None) -> dict[str, float]:
    """Loss and metrics on each split: ``{"val_loss": …, "test_accuracy": …}``. A split is inputs
    and answers, or batches of both and ``None``."""
    figures = {}
    for split, (x, y) in splits.items():
        found = model.evaluate(x, y, batch_size, verbose=0, return_dict=True)
        figures |= {f"{split}_{name}": value for name, value in found.items()}
    return figures
