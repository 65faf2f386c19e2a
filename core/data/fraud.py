"""Card payments as tables: invented ones, real ones, a visitor's own; and their splits."""

from functools import lru_cache

import numpy as np

from core.data.sources import found
from core.data.splits import Splits
from core.data.tabular import Column, Data, Table, shared_out, split
from core.data.transactions import INPUTS, invented
from core.errors import VisitorError
from core.own import arrays
from core.rooms.payments import CLASSES, FILES, NOT_HERE, TOO_LATE

NORMALS = 284_315  # in the whole real set; a sample of them stands for all
PARTS = (0.64, 0.8)  # where validation and test begin when the split follows time


def synthetic(params) -> Table:
    """Invented payments, see :mod:`core.data.transactions`."""
    return table(*invented(params.transactions, params.fraud_rate, params.drift), INPUTS)


def real(params) -> Table:
    """Payments of European cardholders in two days of September 2013 (Dal Pozzolo, Caelen, Johnson
    & Bontempi 2015): the whole ``creditcard.csv`` or a sample of it, from the data folder.

    Raises:
        VisitorError: it is not on this machine.
    """
    path = found(*FILES)
    if path is None:
        raise VisitorError(NOT_HERE, {"file": FILES[-1]})
    return table(*_read(path), INPUTS)


@lru_cache(maxsize=1)
def _read(path) -> tuple[np.ndarray, np.ndarray]:
    values = np.loadtxt(path, delimiter=",", skiprows=1, converters=_number)
    return values[:, :-1], values[:, -1].astype(np.int64)


def _number(cell: str) -> float:
    return float(cell.strip('"'))  # the published file has its classes in quotes


def own_payments(params) -> Table:
    """A visitor's payments, as :mod:`core.data.ledgers` read them.

    Raises:
        VisitorError: they are not here any more.
    """
    kept = arrays(params.own)
    return table(kept["rows"], kept["y"].astype(np.int64), tuple(kept["names"].tolist()))


PAYMENTS = {"synthetic": synthetic, "real": real, "own": own_payments}


def table(rows: np.ndarray, y: np.ndarray, names: tuple[str, ...]) -> Table:
    """Payments in the order of time."""
    if "Time" in names:
        seconds = rows[:, names.index("Time")]
        if (np.diff(seconds) < 0).any():
            order = np.argsort(seconds, kind="stable")
            rows, y = rows[order], y[order]
    return Table(rows, y, tuple(map(Column, names)), CLASSES, "Class")


def in_turn(payments: Table, how: str, fold: int) -> Data:
    """Training, validation and test. ``how``: "random", as :func:`core.data.tabular.split`; or
    "time": the first 64 % of the payments, the next 16 %, the last 20 %.

    Raises:
        VisitorError: one of the three would be without a fraud.
    """
    if how == "random":
        return split(payments, fold, 1.0)
    ends = [round(part * len(payments.y)) for part in PARTS]
    parts = np.split(np.arange(len(payments.y)), ends)
    if not all(payments.y[each].any() for each in parts):
        raise VisitorError(TOO_LATE, {})
    return shared_out(payments, *parts)


def amounts(data: Data, x: np.ndarray) -> np.ndarray:
    """What the payments ``x`` (n, inputs) cost: (n,)"""
    names = [column.name for column in data.columns]
    return x[:, names.index("Amount")].astype(np.float64)


def stands_for(dataset: str, payments: Splits) -> float:
    """For how many normal payments each of these stands: more than one in a sample of the real
    set, which holds all of its frauds but few of its normal payments."""
    if dataset != "real":
        return 1.0
    normals = sum(int((y == 0).sum()) for y in (payments.y_train, payments.y_val,
                                                payments.y_test))
    return NORMALS / normals


def to_learn_from(y: np.ndarray, sampling: str, normals: int, seed: int) -> np.ndarray:
    """The rows (numbers) that a network learns from. ``normals``: how many normal payments there
    shall be for each fraud.

    "none": all. "under": so many of the normal ones, drawn without putting back. "over": all, and
    frauds again and again until the normal ones are no more than that.
    """
    draw = np.random.default_rng(seed)
    frauds, others = np.flatnonzero(y == 1), np.flatnonzero(y == 0)
    if sampling == "under":
        few = min(normals * len(frauds), len(others))
        others = draw.choice(others, few, replace=False)
    elif sampling == "over":
        missing = max(len(others) // normals - len(frauds), 0)
        frauds = np.concatenate([frauds, draw.choice(frauds, missing)])
    return np.sort(np.concatenate([frauds, others]))
