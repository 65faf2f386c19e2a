"""Transformers beside counting and bags of words: ``python -m benchmarks transformer``, with Tiny
Shakespeare and the film reviews in the data folder. Bars: 2,000 batches of nanoGPT's size reach at
most 1.88 nats a character on the last tenth of Shakespeare; five folds of the reviews 76 %.

``python -m benchmarks.transformer`` measures instead what positions are worth, on what ships with
the app, and writes ``assets/weights/transformer/positions.json``, which the room's page tells.
"""

import json
import statistics
import time

from benchmarks.cards import WEIGHTS
from benchmarks.figures import Figure
from core.insight import textrivals
from core.rooms.transformer import ROOM

PRESETS = {each.name: ROOM.params(**each.values) for each in ROOM.presets}
NATS = 1.88  # what nanoGPT's README states for a CPU
ACCURACY = 0.76
FOLDS = range(1, 6)
KINDS = ("none", "waves", "learned")
POSITIONS = WEIGHTS / "transformer" / "positions.json"


def measure() -> list[Figure]:
    """Shakespeare in nats a character, sentences of film reviews in five folds, and what simpler
    methods reach."""
    return [*shakespeare(), *reviews()]


def shakespeare() -> list[Figure]:
    """The last tenth of the text is nanoGPT's validation part; here half of it is the test."""
    params = PRESETS["shakespeare"]
    figures, speed = trained(params)
    nats = (figures["val_loss"] + figures["test_loss"]) / 2  # two halves of the same length
    print(f"  Shakespeare: {nats:.4f} nats, {speed:.1f} steps/s", flush=True)
    rivals = textrivals.measure(params)["methods"]
    return [Figure("Shakespeare: loss on the last tenth, nats a character", [nats], digits=3,
                   goal=("≤", NATS)),
            Figure("Shakespeare: steps per second", [speed], digits=1),
            *(Figure(f"Shakespeare: {each['name']}, test part, nats a character", [each["value"]],
                     digits=3) for each in rivals)]


def reviews() -> list[Figure]:
    """Each fold once; a tenth of the others validates and is not trained on."""
    ours, others = [], {}
    for fold in FOLDS:
        params = PRESETS["reviews"].model_copy(update={"fold": fold})
        ours.append(trained(params)[0]["test_accuracy"])
        for each in textrivals.measure(params)["methods"]:
            others.setdefault(each["name"], []).append(each["value"])
        print(f"  reviews, fold {fold}: {ours[-1]:.4f}, "
              + ", ".join(f"{name} {values[-1]:.4f}" for name, values in others.items()),
              flush=True)
    return [Figure("Film reviews: accuracy, mean of five folds", [statistics.mean(ours)], digits=4,
                   goal=("≥", ACCURACY)),
            *(Figure(f"Film reviews: {name}, mean of five folds", [statistics.mean(values)],
                     digits=4) for name, values in others.items())]


def trained(params) -> tuple[dict[str, float], float]:
    """What a network as the room trains it measures, and its steps per second without the first
    epoch, in which it is compiled."""
    import keras  # here: other measures shall not load TensorFlow

    from core.models import transformer

    class Watch(keras.callbacks.Callback):
        """Notes when an epoch's last batch is done, and how long validation took."""

        def on_epoch_begin(self, epoch, logs=None):
            self.began = time.monotonic()

        def on_train_batch_end(self, batch, logs=None):
            self.last = time.monotonic()

        def on_epoch_end(self, epoch, logs=None):
            if epoch:
                speeds.append(self.params["steps"] / (self.last - self.began))

    speeds: list[float] = []
    data = transformer.load(params)
    model = transformer.build(params, data)
    transformer.train(params, model, data, [Watch()])
    return transformer.score(params, model, data), statistics.median(speeds or [0.0])


def positions() -> None:
    """Test accuracy of the presets' networks with and without positions."""
    accuracy: dict[str, dict[str, float]] = {}
    for name in ("opinions", "digits"):
        for kind in KINDS:
            params = PRESETS[name].model_copy(update={"positions": kind})
            found = round(trained(params)[0]["test_accuracy"], 4)
            accuracy.setdefault(name, {})[kind] = found
            print(f"  {name}, {kind}: {found}", flush=True)
    POSITIONS.write_text(json.dumps(accuracy, indent=1) + "\n")


if __name__ == "__main__":
    positions()
