"""What a threshold costs: frauds that pass cost their amount, false alarms cost a fee each.

A payment is stopped if its score is at least the threshold. Only NumPy and scikit-learn: the light
worker measures with it, too.
"""

from dataclasses import dataclass

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

NEVER = 1.01  # above every score: nothing is stopped
MOST = 400  # thresholds from frauds' scores


@dataclass(frozen=True)
class Outcomes:
    """What each threshold would do, (k,) each: frauds ``found``, false ``alarms``, the money that
    frauds take which pass (``missed``)."""

    thresholds: np.ndarray
    found: np.ndarray
    alarms: np.ndarray
    missed: np.ndarray

    def costs(self, fee: float) -> np.ndarray:
        """The money that is lost and paid: (k,)"""
        return self.missed + fee * self.alarms

    def cheapest(self, fee: float) -> float:
        """The threshold that costs least; of several alike the highest."""
        costs = self.costs(fee)
        return float(self.thresholds[np.flatnonzero(costs == costs.min())[-1]])


def outcomes(thresholds: np.ndarray, scores: np.ndarray, y: np.ndarray, amounts: np.ndarray,
             stands_for: float = 1.0) -> Outcomes:
    """What ascending ``thresholds`` (k,) do to payments with ``scores``, classes ``y`` (1 a fraud)
    and ``amounts``, (n,) each; each normal one stands for ``stands_for`` payments."""
    frauds = y == 1
    normal = np.sort(scores[~frauds])
    order = np.argsort(scores[frauds], kind="stable")
    passed = np.searchsorted(scores[frauds][order], thresholds, "left")
    lost = np.concatenate([[0.0], np.cumsum(amounts[frauds][order])])
    alarms = len(normal) - np.searchsorted(normal, thresholds, "left")
    return Outcomes(thresholds, int(frauds.sum()) - passed, alarms * stands_for, lost[passed])


def turning_points(scores: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The thresholds among which the cheapest one is, whatever the fee: a lower one than a fraud's
    score finds no further fraud, only further false alarms. Of very many frauds an even choice."""
    known = np.unique(scores[y == 1])
    if len(known) > MOST:
        known = known[np.linspace(0, len(known) - 1, MOST).round().astype(int)]
    return np.concatenate([known, [NEVER]])


def judged(scores: dict[str, np.ndarray], y: dict[str, np.ndarray],
           amounts: dict[str, np.ndarray], fee: float, stands_for: float = 1.0) -> dict:
    """The figures of a method, by its scores of ``val`` and ``test``: ``test_ap``, ``test_auc``,
    ``test_accuracy`` at a threshold of one half, and ``cost`` on the test payments at the threshold
    that is cheapest on validation."""
    found = outcomes(turning_points(scores["val"], y["val"]), scores["val"], y["val"],
                     amounts["val"], stands_for)
    threshold = found.cheapest(fee)
    cost = outcomes(np.array([threshold]), scores["test"], y["test"], amounts["test"],
                    stands_for).costs(fee)[0]
    return {"test_ap": float(average_precision_score(y["test"], scores["test"])),
            "test_auc": float(roc_auc_score(y["test"], scores["test"])),
            "test_accuracy": float(((scores["test"] > 0.5) == y["test"]).mean()),
            "cost": float(cost)}
