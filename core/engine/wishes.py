"""What a visitor may wish of a run in progress: other values of its live hyperparameters."""

from typing import Any

from core.params import Params, from_text, knobs


def live_values(params: Params, values: dict) -> dict[str, Any]:
    """The live hyperparameters among ``values``, each inside its bounds and as plain JSON."""
    live = {each.name for each in knobs(type(params)) if each.live}
    asked = {name: str(value) for name, value in values.items() if name in live}
    read, _ = from_text(type(params), asked)
    return {name: _plain(getattr(read, name)) for name in asked}


def _plain(value: Any) -> Any:
    """A list of items (weights set by hand, say) as the values of their fields."""
    if not isinstance(value, tuple):
        return value
    return [list(dict(item).values()) for item in value]
