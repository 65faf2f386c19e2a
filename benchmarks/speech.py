"""Measure the room of spoken words: ``python -m benchmarks.speech [official|strangers|article]``.

On Free Spoken Digits (``PERCEPTORIUM_DATA``, or downloaded): accuracy on the data set's own split,
and on each speaker in turn after training on the five others, which is what a stranger can expect.
Prints a line a network as soon as it is measured. ``strangers`` writes what it found for all six
to ``assets/weights/speech/strangers.json``, which the room's page and the network's card tell.
"""

import argparse
import json

import numpy as np

from benchmarks.speech_weights import STRANGERS, retell
from core.data.speech import SPEAKERS
from core.models import speech
from core.rooms.speech import FSDD, ROOM

PRESETS = {each.name: each for each in ROOM.presets}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", choices=("official", "strangers", "article"))
    chosen = parser.parse_args()
    if chosen.part in (None, "official"):
        print(f"| official split | {measured(FSDD):.4f} |", flush=True)
    if chosen.part in (None, "strangers"):
        strangers()
    if chosen.part in (None, "article"):
        article()


def measured(params) -> float:
    """Train once as the room does; accuracy on the test part, 0..1."""
    data = speech.load(params)
    model = speech.build(params, data)
    speech.train(params, model, data)
    return speech.score(params, model, data)["test_accuracy"]


def strangers() -> None:
    """Test: all takes of one speaker whom the network has never heard."""
    found = {}
    for speaker in SPEAKERS:
        found[speaker] = round(measured(FSDD.model_copy(update={"stranger": speaker})), 4)
        print(f"| without {speaker} | {found[speaker]:.4f} |", flush=True)
    print(f"| mean over {len(found)} speakers | {np.mean([*found.values()]):.4f} |", flush=True)
    STRANGERS.write_text(json.dumps(found, indent=1) + "\n")
    retell("fsdd")


def article() -> None:
    """The article's network on its random numbers and on sound."""
    for name in ("article", "corrected"):
        print(f"| {name} | {measured(ROOM.params(**PRESETS[name].values)):.4f} |", flush=True)
    real = ROOM.params(**{**PRESETS["corrected"].values, "dataset": "fsdd"})
    print(f"| corrected, official split | {measured(real):.4f} |", flush=True)


if __name__ == "__main__":
    main()
