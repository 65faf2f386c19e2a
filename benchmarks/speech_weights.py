"""The networks that ship for spoken words: their settings, training and cards."""

import json
from itertools import product

import keras
import numpy as np

from benchmarks import cards
from benchmarks.spoken import spoken
from core.data import speech as sets
from core.data.sound import centred, pictures, whole
from core.insight import trust
from core.models import speech
from core.rooms.speech import FSDD, ROOM, Speech

SHIPPED = {
    "fsdd": (FSDD, "Recognizes English digits said by people: Free Spoken Digits (Jackson et al. "
             "2018, CC BY-SA 4.0), takes 5–44 of six people; validated on takes 45–49, measured on "
             "takes 0–4, the data set’s own test split."),
    "spoken": (Speech(), "Recognizes English digits. It has heard synthetic voices only: espeak-ng "
               "in 72 voices (`python -m benchmarks.spoken`), measured on 24 others."),
}
OTHERS = ("hello", "stop", "yes", "left", "banana", "house", "music", "water", "window", "please")
VOICES = ("en-us+m3", "en-gb+f2", "en-gb-scotland+klatt2", "en-029+Alex")
FIGURES = f"""`other_voices`: the test split of the {{other}} voices, which it has never heard.
`known`: what is not answered with «I don't know»; the limit lets {trust.ACCEPTED:.0%} of the
validation split pass. `other_words`: {len(OTHERS)} words that are no digits, by {len(VOICES)}
synthetic voices."""
HOW = "Trained exactly as the room trains with these settings."
STRANGERS = cards.WEIGHTS / "speech" / "strangers.json"  # of benchmarks/speech.py
LEFT_OUT = """

A stranger can expect less than the test split says. Trained anew without one of the six and
measured on all that this one said (`python -m benchmarks.speech strangers`):

| never heard | accuracy |
|---|---|
"""


def make_all(only: str | None) -> None:
    """Train the networks and write them with their cards."""
    for name, (params, about) in SHIPPED.items():
        if only in (None, name):
            make(name, params, about)


def make(name: str, params: Speech, about: str) -> None:
    """Train one network and write it with its cards."""
    data, model, facts = cards.trained(speech, params)
    known = trust.fit(model, data)
    facts["metrics"] |= {each: round(float(value), 4)
                         for each, value in beyond(name, model, data, known).items()}
    cards.write(ROOM, name, params, model,
                {**facts, "classes": list(data.class_names), "trust": known}, about,
                HOW, more(name))


def more(name: str) -> str:
    """What is to be known of a card's figures; of real voices, too, what a stranger can expect."""
    told = FIGURES.format(other="real" if name == "spoken" else "synthetic")
    if name == "spoken" or not STRANGERS.exists():
        return told
    found = json.loads(STRANGERS.read_text("utf-8"))
    found["mean"] = sum(found.values()) / len(found)
    return told + LEFT_OUT + "\n".join(f"| {who} | {share:.4f} |" for who, share in found.items())


def retell(name: str) -> None:
    """Write a network's card for people anew from what was measured."""
    file = cards.WEIGHTS / "speech" / f"{name}.keras"
    card = json.loads(file.with_suffix(".json").read_text("utf-8"))
    cards.save(card, file, cards.text(ROOM, card, file, SHIPPED[name][1], HOW, more(name)))


def beyond(name: str, model: keras.Model, data: sets.Data, known: dict) -> dict[str, float]:
    """On voices of the other kind, on the test split and on words that are no digits."""
    other = sets.DATA_SETS["fsdd" if name == "spoken" else "spoken"]()
    said = model.predict(other.x_test, verbose=0)
    figures = {"other_voices_accuracy": np.mean(said.argmax(axis=1) == other.y_test)}
    strange = pictures(np.stack([whole(centred(spoken(word, voice)))
                                 for word, voice in product(OTHERS, VOICES)]))
    for title, x in (("test", data.x_test), ("other_words", strange)):
        _, unknown = trust.judge(known, *trust.seen(model, x))
        figures[f"{title}_known"] = 1 - unknown.mean()
    return figures
