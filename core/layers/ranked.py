"""How well a network ranks a rare class above the rest: what accuracy does not tell."""

import keras
import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score


def ranked(model: keras.Model, x: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """``auc``: the area under the ROC curve; ``ap``: average precision, the area under precision
    over recall. ``y``: (n,) 0 or 1. Both are 0 where the network says no numbers."""
    said = model.predict(x, batch_size=8_192, verbose=0)[:, 0]
    if not np.isfinite(said).all():
        return {"auc": 0.0, "ap": 0.0}
    return {"auc": float(roc_auc_score(y, said)), "ap": float(average_precision_score(y, said))}


class Ranked(keras.callbacks.Callback):
    """Adds ``val_auc`` and ``val_ap`` to what an epoch reports, for the callbacks after this one.
    Means over batches would be neither."""

    def __init__(self, x: np.ndarray, y: np.ndarray):
        super().__init__()
        self.x, self.y = x, y

    def on_epoch_end(self, epoch, logs=None):
        logs.update({f"val_{name}": value
                     for name, value in ranked(self.model, self.x, self.y).items()})
