"""How long a network takes to learn own pictures on the features of our CIFAR-10 network:
``python -m benchmarks own_pictures``.

Seconds from pressing Train in a worker that is warm to the final figures, with everything that a
page sees (an epoch's curve and confusion matrix); and the accuracy on drawn shapes.
"""

import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.example_pictures import CORNERS, shape
from benchmarks.figures import Figure
from core import own
from core.catalogue import room
from core.rooms.cnn import CNN, ON_FEATURES
from core.training.recorder import Recorder
from core.training.session import Session

SIDE = 32
TIMES = 3
COUNTS = (60, 1000)


def measure() -> list[Figure]:
    """Seconds to learn 60 and 1,000 pictures of three classes from the features of CIFAR-10."""
    figures = []
    for count in COUNTS:
        name = kept(count)
        runs = [run(name) for _ in range(TIMES)]
        figures += [
            Figure(f"{count} own pictures, {ON_FEATURES['epochs']} epochs",
                   [seconds for seconds, _, _ in runs], "s", ("≤", 20), digits=1),
            Figure("… of them computing, on all cores", [busy for _, busy, _ in runs], "s",
                   digits=1),
            Figure("… accuracy on the test split", [100 * right for _, _, right in runs], "%",
                   digits=1)]
    return figures


def kept(count: int) -> str:
    """So many drawn shapes as a visitor's own pictures; returns their name."""
    random = np.random.default_rng(2)
    y = np.arange(count) % len(CORNERS)
    corners = list(CORNERS.values())
    x = np.stack([np.asarray(shape(corners[label], random).resize((SIDE, SIDE))) for label in y])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "read.npz"
        np.savez(file, x=x, y=y, names=np.array(list(CORNERS)))
        counts = dict(zip(CORNERS, np.bincount(y).tolist()))
        return own.keep(file, {"classes": counts, "count": count})


def run(name: str) -> tuple[float, float, float]:
    """Seconds, seconds of computing, and the test accuracy of one training."""
    params = CNN(**ON_FEATURES, dataset="own", own=name)
    began, busy = time.monotonic(), time.process_time()
    end = Session(room("cnn"), params, Recorder(lambda event: None)).run()
    return (time.monotonic() - began, time.process_time() - busy,
            end["metrics"]["test_accuracy"])
