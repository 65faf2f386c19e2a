"""The list of rooms. Everything that lists rooms reads it."""

from core.i18n import N_
from core.rooms import (
    Room,
    cnn,
    convolution,
    fraud,
    gan,
    gnn,
    mlp,
    neuron,
    rnn,
    speech,
    transformer,
    translate,
)

SECTIONS = {
    "foundations": N_("Foundations"),
    "seeing": N_("Seeing"),
    "making": N_("Making"),
    "sequences": N_("Sequences and language"),
    "listening": N_("Listening"),
    "relations": N_("Relations"),
    "applications": N_("Applications"),
}

ROOMS: tuple[Room, ...] = (
    neuron.ROOM, mlp.ROOM, convolution.ROOM, cnn.ROOM, gan.ROOM, rnn.ROOM, transformer.ROOM,
    translate.ROOM, speech.ROOM, gnn.ROOM, fraud.ROOM,
)


def room(name: str) -> Room:
    """The room called ``name``; ``KeyError`` if there is none."""
    return {each.name: each for each in ROOMS}[name]
