"""The list of rooms. Everything that lists rooms reads it."""

from core.i18n import N_
from core.rooms import Room, cnn, convolution, gnn, mlp, neuron

SECTIONS = {
    "foundations": N_("Foundations"),
    "seeing": N_("Seeing"),
    "relations": N_("Relations"),
}

ROOMS: tuple[Room, ...] = (neuron.ROOM, mlp.ROOM, convolution.ROOM, cnn.ROOM, gnn.ROOM)


def room(name: str) -> Room:
    """The room called ``name``; ``KeyError`` if there is none."""
    return {each.name: each for each in ROOMS}[name]
