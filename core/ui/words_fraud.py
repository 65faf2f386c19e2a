"""The words of the browser modules on fraud, by module."""

from core.i18n import N_
from core.ui.words_tables import NO_ANSWER

STANDS_FOR = N_("Each normal payment of the sample stands for {n}.")

HANDS = {
    "no_answer": NO_ANSWER,
    "stop_from": N_("It stops a payment from a suspicion of {share} on"),
    "never": N_("It stops nothing"),
    "fee": N_("A false alarm costs {money}"),
    "best": N_("The cheapest on validation"),
}

FRAUD = {
    "fraudstream": HANDS | {
        "pause": N_("Pause"),
        "resume": N_("Continue"),
        "again": N_("From the beginning"),
        "speed": N_("{n} payments a second"),
        "saved": N_("Saved"),
        "saved_says": N_("frauds stopped: {caught} of {frauds}"),
        "lost": N_("Lost"),
        "lost_says": N_("frauds let through: {missed}"),
        "fees": N_("Paid for false alarms"),
        "fees_says": N_("good payments stopped: {alarms}"),
        "cost": N_("What it costs in all"),
        "cost_says": N_("lost and paid together"),
        "picture": N_("Payments pass from right to left. The higher, the more suspicious; the "
                      "larger, the more money; frauds are orange with a rim."),
        "stopped": N_("is stopped"),
        "passed": N_("passes"),
        "clock": N_("Day {day}, {time} · payment {n} of {total}"),
        "count": N_("Payment {n} of {total}"),
        "over": N_("All test payments have passed."),
        "notes": N_("What happened last"),
        "caught": N_("fraud stopped"),
        "missed": N_("fraud let through"),
        "alarm": N_("false alarm"),
        "hint": N_("Choose a payment from the list to see what moved the answer."),
        "why": N_("What moved the answer for this payment of {money}"),
        "why_says": N_("From {usual} for the usual payment to {score} for this one. Bars to the "
                       "right raised the suspicion, bars to the left lowered it. In truth it is "
                       "{truth}."),
        "is_fraud": N_("a fraud"),
        "is_normal": N_("a normal payment"),
        "others": N_("{n} others"),
        "stands_for": STANDS_FOR,
    },
    "fraudreport": HANDS | {
        "accuracy": N_("Accuracy"),
        "accuracy_says": N_("Whoever always says “no fraud” has {share}."),
        "ap": N_("Average precision"),
        "ap_says": N_("the area under precision and recall"),
        "ap_sample": N_("in the sample; at the true share of frauds {true}"),
        "auc_says": N_("so often a fraud is more suspicious than a normal payment"),
        "cost": N_("Cost"),
        "cost_says": N_("of {money} that all these frauds would take"),
        "says": N_("It finds {found} of {frauds} frauds and stops {alarms} of {normals} good "
                   "payments. {missed} is lost, {fees} is paid for false alarms."),
        "stopped": N_("It stops"),
        "passed": N_("It lets pass"),
        "fraud": N_("fraud"),
        "normal": N_("normal"),
        "money_saved": N_("{money} saved"),
        "money_lost": N_("{money} lost"),
        "money_paid": N_("{money} in fees"),
        "money_nothing": N_("costs nothing"),
        "stands_for": STANDS_FOR,
        "cost_curve": N_("What each threshold costs"),
        "cost_curve_says": N_("The dotted line is the cost of stopping nothing: {nothing}. The "
                              "threshold that is cheapest on validation costs {best} here."),
        "threshold": N_("suspicion from which on it stops"),
        "pr": N_("Precision and recall"),
        "pr_says": N_("Whoever stops at random is right in {share}: the dotted line. Yours is the "
                      "dot."),
        "recall": N_("Recall"),
        "precision": N_("Precision"),
        "roc": N_("ROC"),
        "roc_says": N_("False alarms are divided by the many normal payments here, so this curve "
                       "flatters. Compare with the one beside it."),
        "false_alarms": N_("False alarms"),
    },
}

SUSPICION = {
    "suspicion_normal": N_("normal"),
    "suspicion_fraud": N_("fraud"),
    "suspicion_axis": N_("To the right it is more suspicious; at the dashed line it says one "
                         "half."),
    "suspicion_says": N_("Of the normal payments {share} are as suspicious as the upper half of "
                         "the frauds."),
}
