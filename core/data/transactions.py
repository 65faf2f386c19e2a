"""Invented card payments, in the columns of the Kaggle set «Credit Card Fraud Detection».

Nothing here was taken from a bank: two days of payments with a daily rhythm, amounts as skewed as
real ones, 28 mixed features V1 to V28 whose spread falls as that of principal components does, and
three kinds of fraud. Only NumPy: the server makes its example file with it, too.
"""

import numpy as np

FEATURES = tuple(f"V{number}" for number in range(1, 29))
INPUTS = ("Time", *FEATURES, "Amount")
"""The columns that a network receives; ``Class`` is 1 for a fraud."""

DAY, DAYS = 86_400, 2  # seconds, as in the real set
HOURS = np.array([4, 2, 2, 2, 1, 2, 3, 5, 7, 10, 11, 10, 10, 10, 10, 10, 11, 10, 11, 11, 10, 10, 10,
                  7], float)  # how busy each hour of a day is
NIGHT = np.array([8] * 6 + [2] * 16 + [6] * 2, float)  # the hours that testers of stolen cards like
SPREAD = 1.9 * 0.94 ** np.arange(28)  # of V1 … V28

# How many spreads a kind of fraud moves which feature, and what it takes: the median of its
# amounts, their spread in the logarithm, and its share of all frauds on the first and last hour.
KINDS = (
    # somebody tries out whether a stolen card works
    ({4: 1.6, 10: -1.8, 11: 1.3, 12: -2.0, 14: -2.6, 17: -1.8}, 1.5, 0.7, (0.5, 0.25)),
    # somebody shops with it
    ({3: -1.5, 7: -1.3, 9: -1.2, 10: -1.6, 12: -1.6, 14: -2.2, 16: -1.5}, 180.0, 0.9, (0.35, 0.35)),
    # somebody who has learned what the owner usually does
    ({2: 0.8, 6: -1.0, 14: -1.1, 21: 1.3, 27: 1.1}, 60.0, 1.0, (0.15, 0.4)),
)


def invented(count: int, share: float, drift: float, seed: int = 0) -> tuple[np.ndarray,
                                                                           np.ndarray]:
    """Payments in the order of time: (count, 30) float64, the columns of :data:`INPUTS`, and
    (count,) int64, 1 for a fraud.

    ``share``: of frauds, exactly (rounded to whole payments); ``drift``, 0 to 1: how much the
    frauds of the last hours differ from those of the first. The same seed gives the same payments.
    """
    draw = np.random.default_rng(seed)
    y = np.zeros(count, np.int64)
    y[draw.permutation(count)[:round(share * count)]] = 1
    frauds = np.flatnonzero(y)
    seconds = moments(draw, count, HOURS)
    # A common factor makes some payments unusual in everything, as holidays and large orders are.
    unusual = np.exp(0.4 * draw.standard_normal((count, 1)))
    mixed = habits(draw, count) * unusual
    amounts = np.exp(np.log(22) + 1.6 * draw.standard_normal(count))
    kinds = kinds_of(draw, seconds[frauds], drift)
    for number, (moves, median, spread, _) in enumerate(KINDS):
        rows = frauds[kinds == number]
        if number == 0:
            seconds[rows] = moments(draw, len(rows), NIGHT)
        force = draw.gamma(4, 0.45, len(rows))  # some frauds show clearly, some hardly
        late = seconds[rows] / (DAYS * DAY)
        for feature, move in moves.items():
            # With drift a fraud's marks fade, and wander to the features beside them.
            mixed[rows, feature - 1] += move * force * (1 - 0.5 * drift * late)
            mixed[rows, feature % 28] += move * force * 0.3 * drift * late
        amounts[rows] = np.exp(np.log(median) + spread * draw.standard_normal(len(rows)))
    # In the real set, too, the amount shows in some features.
    mixed[:, [1, 6, 19]] += 0.25 * (np.log(amounts) - 3)[:, None] * (-1, 1, 1)
    rows = np.column_stack([np.floor(seconds), np.round(mixed * SPREAD, 4),
                            np.round(np.clip(amounts, 0.01, 20_000), 2)])
    order = np.argsort(rows[:, 0], kind="stable")
    return rows[order], y[order]


def habits(draw: np.random.Generator, count: int) -> np.ndarray:
    """What people usually buy, (count, 28) with spread 1: seven tenths of it come from six habits,
    the same for all. So an autoencoder has something to learn, and a fraud breaks with it."""
    mixing = np.random.default_rng(28).standard_normal((6, 28))
    mixing /= np.linalg.norm(mixing, axis=0)
    common = draw.standard_normal((count, 6)) @ mixing
    return np.sqrt(0.7) * common + np.sqrt(0.3) * draw.standard_normal((count, 28))


def moments(draw: np.random.Generator, count: int, busy: np.ndarray) -> np.ndarray:
    """Times of payments in seconds since the first midnight, by how busy each hour is."""
    hours = draw.choice(24, count, p=busy / busy.sum()) + 24 * draw.integers(0, DAYS, count)
    return (hours + draw.random(count)) * 3_600


def kinds_of(draw: np.random.Generator, seconds: np.ndarray, drift: float) -> np.ndarray:
    """Which of :data:`KINDS` each fraud is: with drift the shares change over time."""
    first, last = np.array([shares for *_, shares in KINDS]).T
    late = (drift * seconds / (DAYS * DAY))[:, None]
    limits = np.cumsum(first * (1 - late) + last * late, axis=1)
    return (draw.random((len(seconds), 1)) > limits).sum(axis=1).clip(max=len(KINDS) - 1)


def as_csv(rows: np.ndarray, y: np.ndarray) -> str:
    """Payments as a CSV file with the real set's heading."""
    lines = [",".join((*INPUTS, "Class"))]
    lines += [",".join([f"{row[0]:.0f}", *(f"{value:.4f}" for value in row[1:-1]),
                        f"{row[-1]:.2f}", str(fraud)]) for row, fraud in zip(rows, y)]
    return "\n".join(lines) + "\n"
