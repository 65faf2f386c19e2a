"""Hyperparameters that rooms share: the same words and bounds everywhere."""

from core.i18n import N_
from core.params import Params, knob
from core.rooms import DETAILS, DataSet

DATA, TRAINING, NETWORK = N_("Data"), N_("Training"), N_("Network")
OPTIMIZERS = {"adam": "Adam", "sgd": N_("SGD with momentum"), "rmsprop": "RMSprop"}


class Dense(Params):
    """A fully connected layer."""

    units: int = knob(64, ge=1, le=512, title=N_("Units"), says=N_(
        "How many neurons the layer has."))
    dropout: float = knob(0.0, ge=0.0, le=0.8, step=0.05, title=N_("Dropout"), says=N_(
        "The share of values that is switched off at random in each training step."))


def dataset(default: str, datasets: tuple[DataSet, ...], says: str) -> str:
    """Which of the room's data sets a run learns from."""
    return knob(default, group=DATA, title=N_("Data set"), says=says,
                choices={each.name: each.title for each in datasets})


def learning_rate(default: float) -> float:
    """How large the steps are; it may change in mid-run."""
    return knob(default, ge=0.00001, le=10.0, log=True, live=True, group=TRAINING,
                title=N_("Learning rate"), says=N_(
                    "How far each step moves the weights. Too small: nothing happens. "
                    "Too large: it breaks."))


def optimizer() -> str:
    """One of :data:`OPTIMIZERS`, as :mod:`core.layers.optimizers` makes them."""
    return knob("adam", group=DETAILS, title=N_("Optimizer"), choices=OPTIMIZERS,
                says=N_("The rule by which a gradient becomes a step."))


def seed() -> int:
    """Where all that is random in a run comes from."""
    return knob(1, ge=0, le=999_999, group=DETAILS, title=N_("Seed"), says=N_(
        "The same seed starts from the same random weights and gives the same run."))
