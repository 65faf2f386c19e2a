"""Files that ship with the museum, for programs that need one."""

from pathlib import Path

ASSETS = Path(__file__).parents[2] / "assets"


def shipped(name: str) -> Path:
    """The file of a network by its room and name, such as ``"cnn/cifar10"``, or any other one by
    its place among the assets, such as ``"sounds/spoken.ogg"``."""
    return ASSETS / name if "." in name else ASSETS / "weights" / f"{name}.keras"
