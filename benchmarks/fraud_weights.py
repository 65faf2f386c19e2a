"""The networks on card payments that ship with the app: their settings, training and cards."""

from benchmarks import cards
from core.data.fraud import stands_for
from core.insight.fraud import report
from core.models import fraud
from core.params import to_text
from core.rooms.fraud import ROOM, Fraud
from core.rooms.payments import FEE

REAL = Fraud(dataset="real", epochs=40)
"""Its L2 is better than none on the validation rows of the five folds (ROC-AUC .985 and .979,
average precision .921 and .920); ``python -m benchmarks fraud`` measures the bars with it."""

NETWORKS = {"synthetic": Fraud(), "real": REAL}
ABOUT = {
    "synthetic": "Finds frauds among payments that a random generator invented "
                 "(`core/data/transactions.py`): no bank, no cardholder. It knows nothing of real "
                 "frauds.",
    "real": "Finds frauds among payments of European cardholders in September 2013: a sample of "
            "«Credit Card Fraud Detection» (Dal Pozzolo, Caelen, Johnson & Bontempi 2015; Database "
            "Contents License), with all 492 frauds and 17,567 of 284,315 normal payments. The "
            "share of frauds is 2.72 %, in the whole set 0.17 %. Not fit for use: two days, twelve "
            "years ago, and nobody outside knows what the columns mean.",
}




def make_all(only: str | None) -> None:
    """Train the networks and write them with their cards. The real one needs the data folder."""
    for name, params in NETWORKS.items():
        if only in (None, name):
            make(name, params)


def make(name: str, params: Fraud) -> None:
    """Train one network and write it with its card."""
    data, model, facts = cards.trained(fraud, params)
    facts["classes"] = list(data.class_names)
    told = report(model, {"room": ROOM.name, "dataset": params.dataset, "params": to_text(params)})
    facts["metrics"] |= {"test_ap_at_the_true_share": told["ap_true"],
                         f"test_cost_with_a_fee_of_{FEE:g}": round(told["judged"]["cost"], 2),
                         "test_cost_of_stopping_nothing": told["test"]["money"]}
    parts = {"train": data.y_train, "val": data.y_val, "test": data.y_test}
    facts |= {"rows": {part: len(y) for part, y in parts.items()},
              "frauds": {part: int(y.sum()) for part, y in parts.items()},
              "stands_for": round(stands_for(params.dataset, data), 2)}
    cards.write(ROOM, name, params, model, facts, ABOUT[name], measured(facts), more(facts))


def measured(card: dict) -> str:
    """How it was measured, and on how many payments."""
    parts = "\n".join(f"| {part} | {count:,} | {card['frauds'][part]} "
                      f"| {card['frauds'][part] / count:.2%} |"
                      for part, count in card["rows"].items())
    return f"""\
Trained exactly as the room trains with these settings; measured on the fold kept for the test,
which had no part in training. The split is random and stratified.

| part | payments | frauds | share |
|---|---|---|---|
{parts}"""


def more(card: dict) -> str:
    """What the figures mean."""
    return f"""\
`ap` is average precision. Money is in euros of these test payments, each normal one standing for
{card["stands_for"]}; the threshold is the cheapest one on validation.

The same settings beside simpler methods, on all five folds: `python -m benchmarks fraud`."""
