"""What classes are called in the visitor's language."""

from core import engine
from core.i18n import t
from core.rooms import Room


def names(room: Room, model: str) -> dict[str, str]:
    """The classes that a network tells apart, as the visitor's language calls them: empty if they
    are no words, or a visitor's own, which keep their names. ``model``: a reference."""
    trained_on = _dataset(room, model)
    return {name: t(name) for each in room.datasets if each.name == trained_on
            for name in each.classes}


def _dataset(room: Room, model: str) -> str:
    kind, _, name = model.partition(":")
    if kind == "weights":
        return next((each.dataset for each in room.weights if each.name == name), "")
    if kind != "run":
        return ""
    if run := engine.current().run(name):
        return getattr(run.params, "dataset", "")
    kept = engine.current().store.run(name)
    return kept.params.get("dataset", "") if kept else ""
