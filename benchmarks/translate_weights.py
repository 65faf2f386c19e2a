"""The networks that ship for translation: their settings, training and cards."""

import json
import time
import zipfile
from io import BytesIO
from pathlib import Path

import h5py
import keras
import numpy as np

from benchmarks import cards
from core.data.bleu import bleu, chrf
from core.data.pairs import Pairs
from core.data.words import joined
from core.layers.beams import beam_searches
from core.layers.report import Report
from core.models import translate
from core.params import to_text
from core.rooms.translate import ROOM, TATOEBA, Translate

# The page's own, chosen on the sentences that validate: a penalty of 0.6, as is usual, gives them
# BLEU 33.7, 1.2 gives 34.3, 1.6 34.9 and 2.0 35.1. What is written is too short otherwise.
BEAMS, PENALTY = 4, 2.0
CYCLES = (18, 34)  # epochs after which the learning rate has gone down to zero
FALLS = 0.2  # of the epochs so far, at the end of a cycle: so long it falls, in a line
SHIPPED = {
    "tatoeba": (Translate(**{**TATOEBA, "epochs": CYCLES[-1]}),
                "Translates English into Chinese: 29,155 pairs of tatoeba.org "
                "(CC BY 2.0 France; who wrote each sentence stands in the file that "
                "the museum downloads). 1,000 English sentences with all their translations are "
                "for the test, 500 validate; no sentence of either is in the training part, on "
                "neither side."),
    "grammar": (Translate(), "Translates the English of a small grammar into Chinese: synthetic "
                "pairs that this project makes (`core/data/phrases.py`)."),
}
MORE = """`test_bleu` and `test_chrf`: greedy; `test_beam_…`: {beams} beginnings, length penalty
{penalty}. All against every translation of a sentence; equal to sacreBLEU's with the signatures

- `BLEU|nrefs:var|case:mixed|eff:no|tok:zh|smooth:exp|version:2.6.0`
- `chrF2|nrefs:var|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0`

(`python -m benchmarks.translate`). Weights are kept in half precision; the figures are those of
the file."""
HOW = {
    "tatoeba": f"Trained as the room trains, but in {len(CYCLES)} cycles, which end after "
               f"{' and '.join(map(str, CYCLES))} epochs: the learning rate stays at its height "
               f"and falls to zero in a line over the last {FALLS:.0%}. The file that ships was "
               f"interrupted twice, which began the order of the pairs anew, and its first two "
               f"epochs had batches of another make: a repeat does not give the very same figures.",
    "grammar": "Trained exactly as the room trains with these settings.",
}


def make_all(only: str | None) -> None:
    """Train the networks and write them with their cards."""
    for name in SHIPPED:
        if only in (None, name):
            make(name)


def make(name: str) -> None:
    """Train one network and write it."""
    params, _ = SHIPPED[name]
    data = translate.load(params)
    model = translate.build(params, data)
    began = time.monotonic()
    if name == "tatoeba":
        in_cycles(params, model, data)
    else:
        translate.train(params, model, data)
    write(name, model, data, round(time.monotonic() - began))


def in_cycles(params: Translate, model: keras.Model, data: Pairs) -> None:
    """Fit the network; see :data:`CYCLES`."""
    batches = translate.batches(params, model, data.train, shuffled=True)
    for begin, end in zip((0, *CYCLES), CYCLES):
        model.fit(batches, initial_epoch=begin, epochs=end, callbacks=[Plateau(params), Report()],
                  validation_data=translate.batches(params, model, translate.flat(data.val)),
                  shuffle=False, verbose=0)


class Plateau(keras.callbacks.Callback):
    """A learning rate that climbs over ``warmup`` epochs, stays, and falls to zero at the end."""

    def __init__(self, params: Translate):
        super().__init__()
        self.whole, self.warmup = params.learning_rate, params.warmup

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_begin(self, batch, logs=None):
        steps, epochs = self.params["steps"], self.params["epochs"]
        done = self.epoch + batch / steps
        self.model.optimizer.learning_rate = self.whole * min(
            1, (done + 1 / steps) / self.warmup, (epochs - done) / (FALLS * epochs))


def write(name: str, model: keras.Model, data: Pairs, seconds: int) -> None:
    """The network in half precision, and its cards with what was measured on that very file."""
    params, about = SHIPPED[name]
    file = cards.WEIGHTS / "translate" / f"{name}.keras"
    file.parent.mkdir(parents=True, exist_ok=True)
    keras.Model(model.inputs, model.outputs, name=model.name).save(file)
    halve(file)
    model = keras.models.load_model(file, compile=False)
    figures = measured(params, model, data)
    card = {"room": "translate", "dataset": params.dataset, "params": to_text(params), "name": name,
            "seed": params.seed, "command": f"python -m benchmarks.weights translate --only {name}",
            "parameters": model.count_params(), "versions": cards.versions(), "metrics": figures,
            "training_seconds": seconds, "classes": list(data.class_names)}
    more = MORE.format(beams=BEAMS, penalty=PENALTY)
    cards.save(card, file, cards.text(ROOM, card, file, about, HOW[name], more))
    print(name, json.dumps(figures), flush=True)


def measured(params: Translate, model: keras.Model, data: Pairs) -> dict[str, float]:
    """The room's own figures, and BLEU and chrF with beam search."""
    bare = translate.build(params, data)
    bare.set_weights(model.get_weights())
    said, references = by_beams(bare, data), [targets for _, targets in data.test]
    found = {**translate.score(params, bare, data), "test_beam_bleu": bleu(said, references),
             "test_beam_chrf": chrf(said, references)}
    return {name: round(float(value), 4) for name, value in found.items()}


def by_beams(model: keras.Model, data: Pairs, beams: int = BEAMS,
             penalty: float = PENALTY) -> list[str]:
    """The test sentences, with beam search."""
    names = model.get_layer("target_words").vocabulary
    sources = [translate.understood(model, source) for source, _ in data.test]
    return [joined([names[place] for place in each.places])
            for each in beam_searches(model, sources, beams, penalty)]


def halve(file: Path) -> None:
    """Keep a network's weights in half precision: Keras makes what it needs of them when it reads
    them."""
    with zipfile.ZipFile(file) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    whole, half = BytesIO(parts["model.weights.h5"]), BytesIO()
    with h5py.File(whole, "r") as given, h5py.File(half, "w") as kept:
        given.visititems(lambda place, each: _copy(kept, place, each))
    parts["model.weights.h5"] = half.getvalue()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in parts.items():
            archive.writestr(each, content)


def _copy(kept: h5py.File, place: str, each: h5py.Group | h5py.Dataset) -> None:
    """A group or an array, with what is said of it."""
    if isinstance(each, h5py.Dataset):
        made = kept.create_dataset(place, data=each[()].astype(np.float16)
                                   if each.dtype == np.float32 else each[()])
    else:
        made = kept.require_group(place)
    for name, value in each.attrs.items():
        made.attrs[name] = value
