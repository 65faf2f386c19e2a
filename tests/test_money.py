"""What a threshold costs, against trying every one by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.data.fraud import PAYMENTS, amounts, in_turn
from core.insight import fraudrivals
from core.insight.money import NEVER, judged, outcomes, turning_points
from core.rooms.fraud import Fraud

SMALL = Fraud(transactions=5_000, fraud_rate=0.05)

rows = some.lists(some.tuples(some.sampled_from([0.0, 0.1, 0.2, 0.2, 0.5, 0.9, 1.0]),
                              some.booleans(), some.floats(0, 500)), min_size=2, max_size=40)


def cost_by_hand(threshold, given, y, money, fee, stand):
    lost = sum(m for s, f, m in zip(given, y, money) if f and s < threshold)
    return lost + fee * stand * sum(1 for s, f in zip(given, y) if not f and s >= threshold)


@given(rows, some.floats(0, 100), some.sampled_from([1.0, 16.18]))
def test_costs_and_the_cheapest_threshold_are_those_of_trying_all(pairs, fee, stand):
    given_, y, money = (np.array(each, dtype=float) for each in zip(*pairs))
    points = turning_points(given_, y)
    found = outcomes(points, given_, y, money, stand)
    for at, cost in zip(points, found.costs(fee)):
        assert cost == pytest.approx(cost_by_hand(at, given_, y, money, fee, stand))
    every = [*np.unique(given_), 0.05, 0.15, 0.35, 0.7, 0.95, NEVER]
    least = min(cost_by_hand(at, given_, y, money, fee, stand) for at in every)
    best = found.cheapest(fee)
    assert cost_by_hand(best, given_, y, money, fee, stand) == pytest.approx(least, abs=1e-6)


def test_the_threshold_is_chosen_on_validation_and_paid_for_on_the_test():
    scores = {"val": np.array([0.9, 0.2, 0.1]), "test": np.array([0.3, 0.95, 0.1, 0.92])}
    y = {"val": np.array([1, 0, 0]), "test": np.array([1, 1, 0, 0])}
    money = {"val": np.array([50.0, 1, 1]), "test": np.array([70.0, 30, 1, 1])}
    told = judged(scores, y, money, fee=5.0)
    assert told["cost"] == 70 + 5  # at .9 one fraud passes, and one normal payment is stopped
    assert told["test_accuracy"] == 0.5
    assert judged(scores, y, money, fee=5.0, stands_for=10)["cost"] == 70 + 50


def test_who_always_says_no_has_a_splendid_accuracy_and_loses_everything():
    told = fraudrivals.measure(SMALL)["methods"]
    never, *others = told
    data = in_turn(PAYMENTS["synthetic"](SMALL), "random", 1)
    assert never["metrics"]["test_accuracy"] == pytest.approx(0.95)
    assert never["metrics"]["test_auc"] == 0.5
    assert never["metrics"]["cost"] == pytest.approx(
        amounts(data, data.x_test)[data.y_test == 1].sum())
    for each in others:
        assert each["metrics"]["cost"] < never["metrics"]["cost"]
