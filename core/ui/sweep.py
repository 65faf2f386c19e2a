"""Again with one change: the run of this page, repeated with other values of one hyperparameter,
all of them in one chart."""

import streamlit as st

from core import engine, i18n
from core.engine import FINAL, EngineError, sweep
from core.i18n import N_, t
from core.params import Knob, Params, knobs, to_text
from core.rooms import Metric, Room
from core.ui import compare, live, training, visit
from core.ui import knobs as widgets
from core.ui.compare import Shown
from core.ui.parts import part
from core.ui.states import STATES

LINK = "with"  # the runs that are compared, in the link
YES_NO = {True: "✓", False: "✗"}


@part("sweep")
def panel(room: Room, params: Params, run_id: str | None) -> None:
    """Offered for a run that has ended; shows the comparison that the link names."""
    compared = _compared(room)
    base = training.params_of(room, run_id) if run_id else None
    over = base is not None and _state(run_id) in FINAL
    if not over and not compared:
        return
    st.header(t("Change one thing"))
    if over:
        _choose(room, run_id, base)
    if problem := st.session_state.pop(f"{room.name}.sweep.problem", None):
        st.error(problem)
    if compared:
        busy = any(_state(each) not in FINAL for each in compared)
        st.fragment(_results, run_every=live.POLL_SECONDS if busy else None)(room, compared, busy)


def _choose(room: Room, run_id: str, base: Params) -> None:
    st.markdown(":gray[" + t("The same network from the same initial weights, with one "
                             "hyperparameter changed. With several values, up to {count}, they "
                             "train one after another.", count=sweep.MOST) + "]")
    left, middle, right = st.columns([2, 3, 1], vertical_alignment="bottom")
    key = f"{room.name}.sweep.{visit.language()}"
    changeable = {each.name: each for each in sweep.changeable(room.params)}
    knob = changeable[left.selectbox(
        t("Hyperparameter"), list(changeable), key=f"{key}.knob", placeholder=t("Choose"),
        format_func=lambda name: t(changeable[name].title))]
    with middle:
        texts = _values(knob, base, f"{key}.{run_id}.{knob.name}")
    right.button(t("Train again"), key=f"{room.name}.sweep.train", on_click=_start,
                 args=(room, run_id, base, knob, texts), disabled=not texts, width="stretch")


def _values(knob: Knob, base: Params, key: str) -> list[str]:
    """The values to try, as text."""
    proposed = sweep.proposals(base, knob)
    if knob.kind in ("choice", "bool"):
        chosen = st.pills(t("Other values"), proposed, selection_mode="multi", default=proposed[:1],
                          format_func=lambda value: _shown(knob, value), key=key)
        return [str(value).lower() if knob.kind == "bool" else str(value) for value in chosen]
    usual = ", ".join(_text(base, knob, value) for value in proposed[-2:])
    text = st.text_input(t("Other values, separated by commas"), usual, key=key, max_chars=200)
    return [each for each in text.replace("，", ",").split(",") if each.strip()]


def _start(room: Room, run_id: str, base: Params, knob: Knob, texts: list[str]) -> None:
    try:
        series = sweep.variants(base, knob.name, texts)
        if not series:
            raise EngineError(N_("This run was made with that value. Choose another one."))
        names = [f"{t(knob.title)} {_shown(knob, getattr(each, knob.name))}" for each in series]
        ids = engine.current().start_series(room.name, series, visit.visitor(), names)
    except EngineError as error:
        st.session_state[f"{room.name}.sweep.problem"] = error.says()
        return
    if len(series) == 1:
        widgets.assign(room, series[0])
    training.follow(room, ids[0])
    st.query_params[LINK] = ",".join([run_id, *ids])


def _results(room: Room, ids: list[str], polled: bool) -> None:
    """The runs in one chart, and which is best."""
    busy = any(_state(each) not in FINAL for each in ids)
    if polled and not busy:
        st.rerun()
    many = [training.params_of(room, each) for each in ids]
    names = sweep.differing(many)
    knob = next((each for each in knobs(room.params) if [each.name] == names), None)
    metrics = [each for each in room.metrics if all(each in room.metrics_of(one) for one in many)]
    shown = [Shown(run_id, _shown(knob, getattr(params, knob.name)) if knob else _name(run_id))
             for run_id, params in zip(ids, many)]
    if knob:
        st.markdown(f"**{t(knob.title)}** · {_best(metrics[0], shown, busy)}")
    charts = dict.fromkeys(metrics[:2])
    for metric, column in zip(charts, st.columns(len(charts))):
        with column:
            compare.show(shown, metric, f"{room.name}.sweep.chart.{metric.name}")
    _list(room, shown, busy)


def _best(metric: Metric, shown: list[Shown], busy: bool) -> str:
    figures = [sweep.figure(engine.current().events(run.run_id), metric) for run in shown]
    place = sweep.best(figures, metric)
    if place is None:
        return t("no epoch is done yet")
    value = (i18n.percent(figures[place]) if metric.percent else i18n.number(figures[place], 3))
    words = {"value": f"**{shown[place].name}**", "metric": t(metric.title), "figure": value}
    if busy:
        return t("best so far: {value} ({metric} on the validation split: {figure})", **words)
    return t("best: {value} ({metric} on the validation split: {figure})", **words)


def _list(room: Room, shown: list[Shown], busy: bool) -> None:
    """Links to the runs with their states."""
    ids = ",".join(run.run_id for run in shown)
    with st.container(horizontal=True, vertical_alignment="center"):
        for run in shown:
            link = visit.link(room.name, run=run.run_id, **{LINK: ids})
            st.markdown(f"[{run.name}]({link}) :gray[{t(STATES[_state(run.run_id)])}]",
                        width="content")
        mine = [run.run_id for run in shown if _state(run.run_id) not in FINAL
                and engine.current().owner(run.run_id) == visit.visitor()]
        if busy and mine:
            st.button(t("Stop all"), key=f"{room.name}.sweep.stop", on_click=_stop, args=(mine,))


def _stop(ids: list[str]) -> None:
    for run_id in reversed(ids):  # the last first, else the next one would begin
        try:
            engine.current().control(run_id, visit.visitor(), "stop")
        except EngineError:
            continue  # it has just ended by itself


def _compared(room: Room) -> list[str]:
    """The runs of this room that the link names and that are still here."""
    named = st.query_params.get(LINK, "").split(",")[:sweep.MOST + 1]
    return [each for each in dict.fromkeys(named) if each and training.params_of(room, each)]


def _state(run_id: str) -> str:
    run = engine.current().run(run_id) or engine.current().store.run(run_id)
    return run.state if run else "lost"


def _name(run_id: str) -> str:
    """What a run is called; a hand of its letters if nobody called it anything."""
    kept = engine.current().store.run(run_id)
    return run_id[:6] if kept is None or kept.name == run_id else kept.name


def _shown(knob: Knob, value: object) -> str:
    """A value as it stands in a chart."""
    if knob.kind == "choice":
        return t(knob.choices[value])
    if knob.kind == "bool":
        return YES_NO[value]
    return f"{value:g}"


def _text(base: Params, knob: Knob, value: object) -> str:
    return to_text(base.model_copy(update={knob.name: value}))[knob.name]
