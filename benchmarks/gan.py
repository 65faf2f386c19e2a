"""The game on eight Gaussians: how soon all are covered, and whether the plain rule collapses."""

import json
import time

import keras

from benchmarks.figures import Figure
from benchmarks.gan_weights import ABOUT, WEIGHTS
from core.rooms.gan import ROOM, Gan

SECONDS = 60
SEEDS = (1, 2, 3)
GAP = 1 / 30  # seconds between two pictures
AGREE = {"mnist": 0.97, "fashion": 0.85}


def measure() -> list[Figure]:
    """The room of the generators: the game on the plane, and what the shipped weights make."""
    figures = []
    for name, title in (("eight", "WGAN-GP"), ("collapse", "plain GAN")):
        values = next(each.values for each in ROOM.presets if each.name == name)
        games = [played(Gan(**{**values, "epochs": 1000, "seed": seed})) for seed in SEEDS]
        bar = {"goal": ("≤", SECONDS)} if name == "eight" else {}
        figures += [
            Figure(f"{title}: seconds until all eight are covered ({2 * SECONDS}: never)",
                   [first for first, _, _ in games], "s", digits=0, **bar),
            Figure(f"{title}: of eight covered in the last half of {SECONDS} s",
                   [late for _, late, _ in games], digits=1),
            Figure(f"{title}: pictures a second while it trains", [rate for *_, rate in games],
                   digits=1, goal=("≥", 20))]
    for name in ABOUT:
        found = json.loads((WEIGHTS / f"{name}.json").read_text("utf-8"))["metrics"]
        figures += [Figure(f"{name}: recognised as the class asked for", [found["agreement"]],
                           digits=4, goal=("≥", AGREE[name])),
                    Figure(f"{name}: FID-like distance", [found["distance"]], digits=3),
                    Figure(f"{name}: its floor, real against real", [found["floor"]], digits=3)]
    return figures


def played(params: Gan) -> tuple[float, float, float]:
    """A game of :data:`SECONDS`: seconds until all eight are covered, how many are on average in
    its last half, and pictures a second."""
    from core.models import gan  # here: other measures shall not load TensorFlow

    data = gan.load(params)
    model = gan.build(params, data)
    watched = Watched(data)
    model.fit(gan.batches(params, data), epochs=params.epochs, callbacks=[watched], verbose=0)
    found = watched.found
    first = next((seconds for seconds, covered in found if covered == 1), 2 * SECONDS)
    late = [covered for seconds, covered in found if seconds > SECONDS / 2]
    print(f"  seed {params.seed}: {first:.0f} s, {8 * sum(late) / len(late):.1f} of 8", flush=True)
    return first, 8 * sum(late) / len(late), len(found) / found[-1][0]


class Watched(keras.callbacks.Callback):
    """Draws the living picture as often as the recorder does, for :data:`SECONDS`."""

    def __init__(self, data):
        super().__init__()
        self.data, self.found, self.next = data, [], 0.0

    def on_train_batch_end(self, batch, logs=None):
        from core.insight.gan import plane

        now = time.monotonic()
        if not self.found:
            self.began = now
        if now >= self.next:
            told = plane(self.model, self.data)["found"]
            self.found.append((now - self.began, told["covered"]))
            self.next = now + GAP
        self.model.stop_training = now - self.began > SECONDS
