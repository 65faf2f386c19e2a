"""What a room declares about itself.

A declaration is data: pages, tests, links and the command line ask it what the room can do, and
nothing asks for a room by its name. It imports neither TensorFlow nor Streamlit; functions that
need TensorFlow are named as ``"module:function"`` and loaded where they run.
"""

import importlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from core.i18n import N_
from core.params import Params, knob

DETAILS = N_("Details")
"""The group of hyperparameters that seldom matter: shown folded, below the others."""

AUGMENTATION = N_("Augmentation")
"""The group of what is done to training pictures so that none is the same twice: shown folded."""

DRAWN = N_("Drawn")
"""The group of hyperparameters that are set in the room's own drawing: they have no widgets."""


OWN = N_("Your own")
"""The title of the data set that a visitor brings along: its name is ``"own"``."""


def own_data() -> str:
    """The hyperparameter ``own`` of a room that takes own data: what :mod:`core.own` calls it."""
    return knob("", group=DRAWN, max_length=16, title=N_("Own data"), says=N_(
        "The name under which your own data is kept."))


@dataclass(frozen=True)
class Metric:
    """A figure that a run measures: ``name`` on train, ``val_name`` on validation. ``when``: with
    which hyperparameters, if not with all."""

    name: str
    title: str
    higher_is_better: bool
    percent: bool = False
    when: Callable[[Params], bool] | None = None


@dataclass(frozen=True)
class DataSet:
    """A data set that the room can train on. ``to_download``: ``"module:function"``, asked by the
    data set's name how many bytes are not on this machine yet. ``classes``: the names of its
    classes if they are words (messages)."""

    name: str
    title: str
    says: str
    download_bytes: int = 0  # 0: ships with the app
    to_download: str = ""
    classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preset:
    """Hyperparameters worth starting from; ``says`` tells what is special about them."""

    name: str
    title: str
    says: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Weights:
    """A network that ships trained: ``assets/weights/<room>/<name>.keras`` with its card."""

    name: str
    title: str
    dataset: str


@dataclass(frozen=True)
class Chart:
    """Two measures of a batch in one chart: their names and titles."""

    title: str
    lines: tuple[tuple[str, str], tuple[str, str]]


@dataclass(frozen=True)
class Layer:
    """A layer as the visitor sees it before anything is built. Shapes are without the batch."""

    name: str
    kind: str
    shape: tuple[int, ...]
    parameters: int


@dataclass(frozen=True)
class Outline:
    """A network's layers, or the layer at which it cannot be built and why (a message)."""

    layers: tuple[Layer, ...]
    problem: str = ""
    problem_values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def parameters(self) -> int:
        return sum(layer.parameters for layer in self.layers)


@dataclass(frozen=True)
class Room:
    """One room of the museum and what it can do.

    ``beside``: the shipped networks (``"<room>/<name>"``) that a run with these hyperparameters
    starts from, and other files among the assets; they must lie beside its take-home program.
    ``charts``: what is drawn while it trains, if not loss and first metric on both splits.
    ``frame``: the room's living picture, told many times a second and kept by nobody (of a room
    that trains with Keras). ``idle``: hyperparameters that change nothing with the others as they
    are; the page leaves them out. ``tools``: what a page may ask that needs no model,
    ``"module:function"``; the light worker answers.
    """

    name: str
    title: str
    sentence: str
    section: str
    params: type[Params]
    trains: Literal["keras", "numpy"] | None
    program: str
    datasets: tuple[DataSet, ...] = ()
    presets: tuple[Preset, ...] = ()
    metrics: tuple[Metric, ...] = ()
    tries: frozenset[str] = frozenset()
    answers: Mapping[str, str] = field(default_factory=dict)
    tools: Mapping[str, str] = field(default_factory=dict)
    snapshot: str = ""
    snapshot_title: str = N_("Confusion matrix on the validation split")
    snapshot_soon: str = N_("After the first epoch you see here what the network confuses with "
                            "what.")
    charts: tuple[Chart, ...] = ()
    frame: str = ""
    baseline: str = ""
    weights: tuple[Weights, ...] = ()
    beside: Callable[[Params], tuple[str, ...]] = lambda params: ()
    outline: Callable[[Params], Outline] | None = None
    idle: Callable[[Params], Collection[str]] = lambda params: ()

    def metrics_of(self, params: Params) -> tuple[Metric, ...]:
        """What a run with these hyperparameters measures."""
        return tuple(each for each in self.metrics if each.when is None or each.when(params))


def called(path: str) -> Callable:
    """The function that ``"module:function"`` names, imported where this is called."""
    module, _, function = path.partition(":")
    return getattr(importlib.import_module(module), function)
