"""What a program prints while it trains."""

import keras


class Report(keras.callbacks.Callback):
    """Prints a line an epoch."""

    def on_epoch_end(self, epoch, logs=None):
        figures = ", ".join(f"{name} {value:.4f}" for name, value in logs.items())
        print(f"epoch {epoch + 1} of {self.params['epochs']}: {figures}", flush=True)
