"""Pieces of a page on tables: the network's answers, and what stands beside them."""

import statistics
from html import escape

import streamlit as st

from core import engine, i18n
from core.engine import FINAL, EngineError
from core.errors import VisitorError
from core.i18n import N_, t
from core.params import Params, to_text
from core.rooms import Metric, Room, mlp, tablenames
from core.ui import knobs as widgets
from core.ui import live, training, visit
from core.ui.parts import part
from core.ui.sweep import LINK

NOTHING = "–"
FOLDS = range(1, 6)
UNFIT = {"stopped", "failed", "lost"}  # states of runs that say nothing about a fold
LONG = 300  # seconds that the simpler methods may take on all five folds of a large table


def network(room: Room, params: Params, run_id: str | None) -> dict | None:
    """Which network answers on this page, as :func:`answering`, with its ``classes`` and whether it
    knows ``own`` data."""
    answers = answering(room, params, run_id)
    shown = training.params_of(room, run_id) if run_id else params
    return answers and {**answers, "classes": list(mlp.shape(shown).classes),
                        "own": shown.dataset == "own"}


def answering(room: Room, params: Params, run_id: str | None) -> dict | None:
    """Which network answers (``model``, ``name``), and ``None`` while there is none: the run's as
    soon as there is a run, else the shipped one that knows the data."""
    if run_id:
        return {"model": f"run:{run_id}", "name": t("the network of this run")}
    shipped = next((each for each in room.weights if each.dataset == params.dataset), None)
    return shipped and {"model": f"weights:{shipped.name}", "name": t(shipped.title)}


@part("try")
def try_it(room: Room, found: dict | None) -> None:
    """A row with sliders: the answer, and what moved it."""
    st.header(t("Try it"))
    if found is None:
        st.markdown(t("Train a network on your table first: then you can change a row here and "
                      "see what it says."))
        return
    st.markdown(t("Answered by: {name}. Change a row that it has not learned from, and see what "
                  "moves its answer.", name=f"**{found['name']}**"))
    _mount("tabletry", room, found)


@part("try")
def report(room: Room, found: dict | None) -> None:
    """How good it is on the test rows."""
    if found is None:
        return
    st.header(t("How good is it?"))
    st.markdown(t("Measured on the test rows, which it neither learned from nor was chosen by."))
    _mount("tablereport", room, found)


@part("inside")
def look_inside(room: Room, found: dict | None) -> None:
    """Which columns it needs, and how its answer follows each."""
    if found is None:
        return
    st.header(t("Look inside"))
    _mount("tableinside", room, found)


def _mount(module: str, room: Room, found: dict) -> None:
    live.mount(module, f"{room.name}.{module}", room.name, {
        "room": room.name, "model": found["model"], "classes": found["classes"],
        "names": {} if found["own"] else {name: t(name) for name in tablenames.ALL}})


# Overfitting

@part("sweep")
def overfitting(room: Room) -> None:
    """Overfit on purpose, then close the gap: one run and its cures, one after another."""
    st.header(t("Overfit on purpose"))
    st.markdown(t("A network of 4,929 weights and 28 patients to learn from: it learns them by "
                  "heart. The loss on train goes to zero, that on validation stays far above. "
                  "Dropout, L2, early stopping and more data (all 282 patients) each make the gap "
                  "smaller. The five runs train one after another from the same initial weights, "
                  "and their curves stand below."))
    st.button(t("Train all five"), icon=":material/stacked_line_chart:",
              key=f"{room.name}.overfit", on_click=_overfit, args=(room,))
    if problem := st.session_state.pop(f"{room.name}.overfit.problem", None):
        st.error(problem)
    runs = _overfitted(room)
    if runs:
        busy = any(_state(run_id) not in FINAL for run_id in runs.values())
        st.fragment(_gaps, run_every=live.POLL_SECONDS if busy else None)(room, runs, busy)


def _variants(room: Room) -> dict[str, Params]:
    """The overfitting network and its cures, by their titles (messages)."""
    preset = next(each for each in room.presets if each.name == "overfit")
    cures = {title: {**preset.values, **values} for title, values in mlp.CURES}
    return {title: room.params(**values)
            for title, values in ({N_("no cure"): preset.values} | cures).items()}


def _overfit(room: Room) -> None:
    variants = _variants(room)
    try:
        ids = engine.current().start_series(room.name, [*variants.values()], visit.visitor(),
                                            [t(title) for title in variants])
    except EngineError as error:
        st.session_state[f"{room.name}.overfit.problem"] = error.says()
        return
    widgets.assign(room, next(iter(variants.values())))
    training.follow(room, ids[0])
    st.query_params[LINK] = ",".join(ids)


def _overfitted(room: Room) -> dict[str, str]:
    """The runs of the series that the link names, by title; empty if it is none."""
    variants = _variants(room)
    named = [each for each in st.query_params.get(LINK, "").split(",")[:len(variants)] if each]
    runs = {}
    for run_id in named:
        params = training.params_of(room, run_id)
        runs |= {title: run_id for title, each in variants.items() if each == params}
    return runs if len(runs) == len(variants) else {}


def _gaps(room: Room, runs: dict[str, str], polled: bool) -> None:
    """The losses of all runs, and the gaps between them."""
    if polled and all(_state(run_id) in FINAL for run_id in runs.values()):
        st.rerun()
    rows = []
    for title, run_id in runs.items():
        losses = _losses(run_id, training.params_of(room, run_id))
        cells = [i18n.number(value, 3) for value in (*losses, losses[1] - losses[0])] if losses \
            else [NOTHING] * 3
        rows.append((t(title), cells))
    grid([t("loss on train"), t("loss on validation"), t("gap")], rows)
    st.caption(t("With early stopping, the losses are those of the epoch that it went back to. The "
                 "loss of L2 includes the price on its weights."))


def _losses(run_id: str, params: Params) -> tuple[float, float] | None:
    """The last losses on train and validation; with early stopping the best ones."""
    epochs = [event["values"] for event in engine.current().events(run_id)
              if event["type"] == "epoch" and event["values"].get("val_loss") is not None]
    if not epochs:
        return None
    shown = min(epochs, key=lambda each: each["val_loss"]) if params.patience else epochs[-1]
    return shown["loss"], shown["val_loss"]


# Simpler methods, and cross-validation

@part("baseline")
def rivals(room: Room, params: Params, run_id: str | None) -> None:
    """Simpler methods on the same split, and on all five folds, whoever wins."""
    st.header(t("Is it worth it?"))
    st.markdown(t("A network is only worth its trouble if it beats something simpler on the same "
                  "rows. One split may be luck: cross-validation keeps each fifth of the rows for "
                  "the test once, and shows how far the five results lie apart."))
    shown = training.params_of(room, run_id) if run_id else params
    if mlp.shape(shown).problem:
        return
    with st.container(horizontal=True):
        st.button(t("Measure simpler methods"), key=f"{room.name}.measure",
                  icon=":material/balance:", on_click=_measure, args=(room, shown))
        st.button(t("Cross-validate all of them"), key=f"{room.name}.folds",
                  icon=":material/splitscreen:", on_click=_cross_validate, args=(room, shown),
                  help=t("Trains this network on each fold where it has not been trained yet."))
    if problem := st.session_state.pop(f"{room.name}.rivals.problem", None):
        st.error(problem)
    busy = any(_state(each) not in FINAL for each in _folds(room, shown).values())
    st.fragment(_comparison, run_every=live.POLL_SECONDS if busy else None)(
        room, shown, run_id, busy)


def _key(room: Room, params: Params, what: str) -> str:
    """Where a measure of a split is remembered: it hangs on the data, not on the network."""
    texts = to_text(params)
    parts = ["dataset", "own", "columns", "target", "share", *(["fold"] if what == "one" else [])]
    return f"{room.name}.rivals.{what}." + "·".join(texts[part] for part in parts)


def _measure(room: Room, params: Params) -> None:
    _remember(room, params, "one", room.baseline)


def _remember(room: Room, params: Params, what: str, function: str) -> None:
    key = _key(room, params, what)
    if key in st.session_state:
        return
    try:
        with st.spinner(t("Fitting simpler methods …")):
            st.session_state[key] = engine.current().light(function, params, seconds=LONG)
    except VisitorError as error:
        st.session_state[f"{room.name}.rivals.problem"] = error.says()


def _cross_validate(room: Room, params: Params) -> None:
    """Train on the folds that are not there yet, and measure the simpler methods on all."""
    _remember(room, params, "all", room.baseline.replace(":measure", ":cross_validated"))
    there = _folds(room, params)
    series = [params.model_copy(update={"fold": fold}) for fold in FOLDS if fold not in there]
    if not series:
        return
    try:
        engine.current().start_series(room.name, series, visit.visitor(), [
            t("fold {number}", number=each.fold) for each in series])
    except EngineError as error:
        st.session_state[f"{room.name}.rivals.problem"] = error.says()


def _folds(room: Room, params: Params) -> dict[int, str]:
    """This visitor's runs with these hyperparameters that train or are finished, by their fold;
    the newest of each."""
    mind = engine.current()
    alike = {**to_text(params), "fold": ""}
    found = {}
    for run in reversed(mind.store.runs(room=room.name, owner=visit.visitor())):
        now = mind.run(run.run_id) or run  # what is in memory knows the end before the store does
        if now.state not in UNFIT and not run.imported and {**run.params, "fold": ""} == alike:
            found[int(run.params["fold"])] = run.run_id
    for run in mind.in_progress():
        if run.owner == visit.visitor() and {**to_text(run.params), "fold": ""} == alike:
            found[run.params.fold] = run.run_id
    return found


def _comparison(room: Room, params: Params, run_id: str | None, polled: bool) -> None:
    """One table: every method, on this split and on all folds."""
    folds = _folds(room, params)
    if polled and all(_state(each) in FINAL for each in folds.values()):
        st.rerun()
    metric = room.metrics_of(params)[0]
    one = st.session_state.get(_key(room, params, "one"), {"methods": []})
    every = st.session_state.get(_key(room, params, "all"), {})
    ours = {fold: figure for fold, each in folds.items()
            if (figure := _figure(each, metric)) is not None}
    alone = (_figure(run_id, metric) if run_id else None)
    rows = [(t("This network"), _cells(metric, alone, [ours[fold] for fold in sorted(ours)]))]
    methods = {each["name"]: next(iter(each["metrics"].values())) for each in one["methods"]}
    for name in dict.fromkeys([*methods, *every]):
        rows.append((t(name), _cells(metric, methods.get(name), every.get(name, []))))
    grid([t("{metric} on the test rows", metric=t(metric.title)), t("mean of the folds"),
            t("spread (±)"), t("folds")], rows)
    said = _verdict(metric, list(ours.values()), every)
    st.caption(said or t("Higher is better.") if metric.higher_is_better
               else said or t("Lower is better."))


def _cells(metric: Metric, alone: float | None, folds: list[float]) -> list[str]:
    spread = statistics.stdev(folds) if len(folds) > 1 else None
    mean = statistics.mean(folds) if folds else None
    return [_shown(metric, alone), _shown(metric, mean), _shown(metric, spread),
            f"{len(folds)} / {len(FOLDS)}" if folds else NOTHING]


def _verdict(metric: Metric, ours: list[float], every: dict[str, list[float]]) -> str:
    """Who wins over all folds, and whether that is more than luck."""
    if len(ours) < len(FOLDS) or not every:
        return ""
    sign = 1 if metric.higher_is_better else -1
    means = {name: statistics.mean(figures) for name, figures in every.items()}
    best = max(means, key=lambda name: sign * means[name])
    mean = statistics.mean(ours)
    name = t(best)
    if abs(mean - means[best]) <= statistics.stdev(ours) / len(ours) ** 0.5:
        return t("The network and {name} are as good as each other: the difference is smaller than "
                 "the luck of the split.", name=name)
    if sign * (mean - means[best]) > 0:
        return t("The network wins over all five folds; the best of the others is {name}.",
                 name=name)
    return t("{name} wins over all five folds: here the network is not worth its trouble.",
             name=name)


def _figure(run_id: str, metric: Metric) -> float | None:
    """What a run measured on its test rows, once it has ended."""
    return (training.final(run_id) or {}).get(f"test_{metric.name}")


def _shown(metric: Metric, value: float | None) -> str:
    if value is None:
        return NOTHING
    return i18n.percent(value) if metric.percent else i18n.number(value, 2)


def _state(run_id: str) -> str:
    run = engine.current().run(run_id) or engine.current().store.run(run_id)
    return run.state if run else "lost"


def grid(heads: list[str], rows: list[tuple[str, list[str]]]) -> None:
    """A small table, a title before each row."""
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    body = "".join(f'<tr><th scope="row">{escape(title)}</th>'
                   + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
                   for title, cells in rows)
    st.html(f'<div class="pc-strip" tabindex="0"><table class="pc-differences">'
            f"<thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table></div>")


# The article

def article(room: Room) -> None:
    """What the article says and what it prints."""
    st.header(t("As in the article"))
    st.markdown(t("The article describes a dense network for two classes: two hidden layers, one "
                  "output layer, Adam and binary cross-entropy. The program that it prints with "
                  "these words is another one: two convolutions with pooling on CIFAR-10, ten "
                  "classes with softmax and categorical cross-entropy. It is compiled, but never "
                  "trained. The preset “As in the article” is the network that the words "
                  "describe; the one that is printed stands in the room of convolutional "
                  "networks."))
    preset = next(each for each in room.presets if each.name == "article")
    st.button(t("Choose what it describes"), key=f"{room.name}.article",
              on_click=widgets.assign, args=(room, room.params(**preset.values)))
