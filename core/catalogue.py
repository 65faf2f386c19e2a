"""The list of rooms. Everything that lists rooms reads it."""

from core.i18n import N_
from core.rooms import Room, cnn, convolution, fraud, mlp, neuron

SECTIONS = {
    "foundations": N_("Foundations"),
    "seeing": N_("Seeing"),
}

ROOMS: tuple[Room, ...] = (neuron.ROOM, mlp.ROOM, fraud.ROOM, convolution.ROOM, cnn.ROOM)


def room(name: str) -> Room:
    """The room called ``name``; ``KeyError`` if there is none."""
    return {each.name: each for each in ROOMS}[name]
