"""What augmentation does to training pictures, before anything trains."""

import importlib

import keras
import numpy as np
import tensorflow as tf

from core.catalogue import room
from core.data.images import unit
from core.insight.vision import pack, split_of
from core.params import from_text

PICTURES = 4


def augmentation(model: keras.Model, context: dict, *, params: dict[str, str] | None = None,
                 count: int = 8) -> dict:
    """A few pictures as they are, and ``count`` ways in which the room's program would show each.

    ``params``: hyperparameters as text; the model's own if not given. The sheet has one picture
    below the other: the first as it is, then as training sees it, then the second …
    """
    declared = room(context["room"])
    chosen, _ = from_text(declared.params, params or context["params"])
    program = importlib.import_module(declared.program)
    pictures, _ = split_of({"room": context["room"], "dataset": chosen.dataset,
                            "params": params or context["params"]}, "val")
    first = unit(pictures[:PICTURES])
    count = min(max(int(count), 1), 24)
    shown = [first, *(program.moved(chosen, tf.constant(first), number).numpy()
                      for number in range(count))]
    sheet = np.stack(shown, axis=1) * 255  # (pictures, 1 + count, h, w, c)
    return {"pictures": len(first), "each": 1 + count,
            "sheet": pack(sheet.reshape(-1, *sheet.shape[3:]))}
