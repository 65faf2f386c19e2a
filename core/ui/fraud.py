"""Pieces of the page on card fraud."""

from functools import cache

import streamlit as st

from core import engine, i18n, own
from core.data.transactions import as_csv, invented
from core.engine import EngineError
from core.errors import VisitorError
from core.i18n import N_, t
from core.params import Params, knobs, to_text
from core.rooms import Room
from core.rooms.payments import CLASSES, COLUMNS, FEE
from core.settings import settings
from core.ui import files, live, tables, training, visit
from core.ui import knobs as widgets
from core.ui.parts import part
from core.ui.sweep import LINK

EXAMPLE = (3_000, 0.04, 0.5)  # payments, share of frauds, drift
DATA = ("dataset", "own", "fraud_rate", "transactions", "drift", "split", "fold")
"""The hyperparameters that say which payments are for training and which for the test."""
PAIRS = {
    "leak": {"scaler": ("train", "all")},
    "later": {"split": ("random", "time")},
}


def network(room: Room, params: Params, run_id: str | None) -> dict | None:
    """Which network answers on this page, as :func:`core.ui.tables.answering`, with its ``classes``
    and ``dataset``."""
    answers = tables.answering(room, params, run_id)
    if not run_id and room.outline(params).problem:
        return None
    shown = training.params_of(room, run_id) if run_id else params
    return answers and {**answers, "classes": list(CLASSES), "dataset": shown.dataset}


@part("try")
def stream(room: Room, found: dict | None) -> None:
    """Payments, judged one after another."""
    st.header(t("Live: payments pass"))
    if found is None:
        st.markdown(t("Train a network on these payments first: then they pass here one after "
                      "another."))
        return
    says = t("Judged by: {name}. It has never seen these payments. Move the threshold: all that "
             "has passed is counted again at once.", name=f"**{found['name']}**")
    if found["dataset"] == "synthetic":
        says += " " + t("They are invented: a random generator made them, no bank.")
    st.markdown(says)
    _mount("fraudstream", room, found)


@part("try")
def report(room: Room, found: dict | None) -> None:
    """Accuracy, what each threshold costs, precision and recall beside ROC."""
    if found is None:
        return
    st.header(t("Why accuracy lies"))
    st.markdown(t("Measured on the test payments. Where frauds are rare, whoever never finds one "
                  "has a splendid accuracy. Count in money instead: a fraud that passes costs its "
                  "amount, a false alarm costs a fee that you set."))
    _mount("fraudreport", room, found)


def _mount(module: str, room: Room, found: dict) -> None:
    live.mount(module, f"{room.name}.{module}", room.name, {
        "room": room.name, "model": found["model"], "fee": FEE,
        "names": {name: t(name) for name in (*COLUMNS, *CLASSES)}})


@part("inside")
def look_inside(room: Room, found: dict | None) -> None:
    """Which columns it needs, and how its answer follows each."""
    if found is None:
        return
    st.header(t("Look inside"))
    live.mount("tableinside", f"{room.name}.tableinside", room.name, {
        "room": room.name, "model": found["model"], "classes": found["classes"], "first": 1,
        "names": {name: t(name) for name in (*COLUMNS, *CLASSES)}})


# Simpler methods

@part("baseline")
def rivals(room: Room, params: Params, found: dict | None) -> None:
    """Simpler methods on the same split, whoever wins."""
    st.header(t("Is it worth it?"))
    st.markdown(t("The same payments, the same split: whoever always says “no fraud”, logistic "
                  "regression, gradient boosting, and the network. Each one’s cost is that of the "
                  "threshold which is cheapest on validation, with a fee of {fee} for a false "
                  "alarm.", fee=i18n.money(FEE)))
    if found is None or room.outline(params).problem:
        return
    run_id = found["model"].removeprefix("run:") if found["model"].startswith("run:") else None
    shown = training.params_of(room, run_id) if run_id else params
    st.button(t("Measure all of them"), key=f"{room.name}.measure", icon=":material/balance:",
              on_click=_measure, args=(room, shown, found))
    if problem := st.session_state.pop(f"{room.name}.rivals.problem", None):
        st.error(problem)
    if told := st.session_state.get(_compared(room, shown, found)):
        _comparison(told)


def _compared(room: Room, params: Params, found: dict) -> str:
    """Where a comparison is kept. A network that has trained to its end is another one than it was
    before; a click may come before the page has heard of that end, so this is asked anew."""
    kind, _, name = found["model"].partition(":")
    over, texts = kind == "run" and bool(training.final(name)), to_text(params)
    return f"{room.name}.rivals.{over}." + "·".join(
        [found["model"], *(texts[each] for each in DATA)])


def _measure(room: Room, params: Params, found: dict) -> None:
    key = _compared(room, params, found)
    try:
        with st.spinner(t("Fitting simpler methods …")):
            told = engine.current().light(room.baseline, params, seconds=tables.LONG)["methods"]
            ours = engine.current().ask(room.name, found["model"], "report", {})["judged"]
    except VisitorError as error:
        st.session_state[f"{room.name}.rivals.problem"] = error.says()
        return
    st.session_state[key] = [*told, {"name": N_("This network"), "metrics": ours}]


def _comparison(methods: list[dict]) -> None:
    """All methods, and which is cheapest."""
    rows = [(t(each["name"]), [
        i18n.percent(each["metrics"]["test_accuracy"], 2),
        i18n.number(each["metrics"]["test_ap"], 3), i18n.number(each["metrics"]["test_auc"], 3),
        i18n.money(each["metrics"]["cost"])]) for each in methods]
    tables.grid([t("Accuracy"), t("Average precision"), "ROC AUC", t("Cost")], rows)
    best = min(methods, key=lambda each: each["metrics"]["cost"])
    st.caption(t("Cheapest on these test payments: {name}. With so few frauds that may be luck; "
                 "another fold may say otherwise.", name=t(best["name"])))


# Pairs of runs: the leak, and time

@part("sweep")
def article(room: Room, params: Params) -> None:
    """What the article does, what is wrong with it, and how much that changes."""
    st.subheader(t("As in the article"))
    st.markdown(t("The article fits its scaler on all rows and splits afterwards: mean and spread "
                  "of the test rows leak into training. It also calls the test rows its "
                  "validation, and measures accuracy only. The preset “As in the article” does it "
                  "so; “Corrected” learns the scale from the training rows. How large is the leak? "
                  "Train both, from the same initial weights, and compare."))
    _pair(room, params, "leak", t("Measure the leak"))
    st.markdown(t("The other thing that flatters is the split. At random, the network has seen "
                  "frauds from the very hour of those that it is asked about. In life it learns "
                  "from the past."))
    _pair(room, params, "later", t("Compare both splits"))
    if problem := st.session_state.pop(f"{room.name}.pair.problem", None):
        st.error(problem)


def _pair(room: Room, params: Params, name: str, title: str) -> None:
    st.button(title, key=f"{room.name}.pair.{name}", icon=":material/stacked_line_chart:",
              on_click=_train_pair, args=(room, params, name),
              disabled=bool(room.outline(params).problem))
    if ids := _trained(room, name):
        busy = None in map(training.final, ids)
        st.fragment(_difference, run_every=live.POLL_SECONDS if busy else None)(
            room, name, ids, busy)


def _trained(room: Room, name: str) -> list[str]:
    """The two runs of a pair, if the link names them."""
    ids = st.query_params.get(LINK, "").split(",")
    many = [training.params_of(room, each) for each in ids if each]
    (field, values), = PAIRS[name].items()
    same = len(many) == 2 and all(many) and many[0].model_copy(
        update={field: values[1]}) == many[1] and getattr(many[0], field) == values[0]
    return ids if same else []


def _difference(room: Room, name: str, ids: list[str], polled: bool) -> None:
    """Both runs on their test payments, and how far they lie apart."""
    both = [training.final(each) for each in ids]
    if polled and None not in both:
        st.rerun()
    (field, values), = PAIRS[name].items()
    knob = next(each for each in knobs(room.params) if each.name == field)
    shown = {"test_ap": t("Average precision"), "test_auc": "ROC AUC"}
    rows = [(t(knob.choices[value]), [i18n.number(told[each], 4) if told else tables.NOTHING
                                      for each in shown]) for value, told in zip(values, both)]
    if all(both):
        rows.append((t("difference"), [_signed(both[1][each] - both[0][each]) for each in shown]))
    tables.grid(list(shown.values()), rows)


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + i18n.number(value, 4)


def _train_pair(room: Room, params: Params, name: str) -> None:
    """Two runs that differ in one thing; the page compares what its link names."""
    (field, values), = PAIRS[name].items()
    knob = next(each for each in knobs(room.params) if each.name == field)
    series = [params.model_copy(update={field: value}) for value in values]
    try:
        ids = engine.current().start_series(room.name, series, visit.visitor(), [
            f"{t(knob.title)}: {t(knob.choices[value])}" for value in values])
    except EngineError as error:
        st.session_state[f"{room.name}.pair.problem"] = error.says()
        return
    widgets.assign(room, series[0])
    training.follow(room, ids[0])
    st.query_params[LINK] = ",".join(ids)


# Own payments

@part("own")
def own_payments(room: Room, params: Params) -> None:
    """Upload, and what was found in the file."""
    st.header(t("Your own payments"))
    bring, found = st.columns([2, 3], gap="large")
    with bring:
        st.markdown(t("A CSV of at most {limit} MB with the columns Time, V1 to V28, Amount and "
                      "Class (1 for a fraud), as the set on Kaggle has them. Other columns of "
                      "numbers are taken as well, and Time may be missing.",
                      limit=settings().table_bytes // 1_000_000))
        st.download_button(t("Example: payments.csv"), _example(), "payments.csv", "text/csv",
                           icon=":material/table:", on_click="ignore")
        files.own_data(room, "payments")
    told = own.told(params.own) if params.dataset == "own" and params.own else None
    with found:
        if told is None:
            st.markdown(f":gray[{t('What was found in your file will stand here.')}]")
            return
        st.markdown(t("{rows} payments with {columns} columns; {frauds} of them are frauds "
                      "({share}), which took {money}.", rows=i18n.number(told["rows"]),
                      columns=len(told["columns"]), frauds=i18n.number(told["frauds"]),
                      share=i18n.percent(told["frauds"] / told["rows"], 2),
                      money=i18n.money(told["money"])))
        if not told["time"]:
            st.markdown(t("There is no column Time, so the order of the rows counts as time."))


@cache
def _example() -> str:
    return as_csv(*invented(*EXAMPLE))
