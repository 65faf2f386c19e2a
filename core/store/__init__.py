"""What is kept: every run with its hyperparameters, metrics, events, snapshots and network."""

from core.store.kept import Kept, clean_name
from core.store.store import Store

__all__ = ["Kept", "Store", "clean_name"]
