"""Networks that ship with the museum, for programs that start from one."""

from pathlib import Path

WEIGHTS = Path(__file__).parents[2] / "assets" / "weights"


def shipped(name: str) -> Path:
    """The file of a network by its room and name, such as ``"cnn/cifar10"``."""
    return WEIGHTS / f"{name}.keras"
