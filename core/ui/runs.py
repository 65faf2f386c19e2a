"""The list of runs, and two of them in one chart."""

import datetime

import plotly.graph_objects as go
import streamlit as st
from babel.dates import format_datetime

from core import engine, i18n
from core.catalogue import ROOMS, room
from core.engine import FINAL
from core.i18n import t
from core.params import Knob, Params, changed, from_text, knobs, to_text
from core.store import Kept
from core.ui import visit
from core.ui.states import STATES

ROWS = 20
COLOURS = [("#3D4EDB", "#8C9BFF"), ("#B85C00", "#F2A33C"), ("#16181D", "#ECEDEF")]  # light, dark


def table() -> list[Kept]:
    """One row a run, newest first. Returns those that are ticked for comparison."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        mine = st.toggle(t("Only mine"), key="runs.mine")
        names = [None, *(each.name for each in ROOMS)]
        chosen_room = st.selectbox(
            t("Room"), names, key=f"runs.room.{i18n.language()}", format_func=_room_title,
            width=320, placeholder=t("Choose"))
    kept = engine.current().store.runs(room=chosen_room, owner=visit.visitor() if mine else None)
    if not kept:
        st.markdown(f":gray[{t('No run yet. Choose a room and press Train.')}]")
        return []
    page = _page(len(kept))
    return [run for run in kept[page * ROWS: (page + 1) * ROWS] if _row(run)]


def overlay(chosen: list[Kept]) -> None:
    """The curves of the ticked runs in one chart, and what differs between them."""
    st.header(t("Compare"))
    if not chosen:
        st.markdown(t("Tick two runs to see their curves in one picture."))
        return
    shared = [metric for metric in room(chosen[0].room).metrics
              if all(metric in room(run.room).metrics for run in chosen)]
    for metric, column in zip(shared, st.columns(len(shared))):
        column.markdown(f"**{t(metric.title)}**")
        column.plotly_chart(_chart(chosen, metric.name, metric.percent), width="stretch",
                            key=f"runs.chart.{metric.name}", config={"displayModeBar": False})
    _differences(chosen)


def _room_title(name: str | None) -> str:
    return t(room(name).title) if name else t("All rooms")


def _page(count: int) -> int:
    pages = -(-count // ROWS)
    if pages == 1:
        return 0
    return st.number_input(t("Page"), 1, pages, 1, key="runs.page") - 1


def _row(run: Kept) -> bool:
    """One run; returns whether it is ticked."""
    with st.container(border=True, key=f"run-{run.run_id}"):
        tick, name, state, figure, actions = st.columns(
            [0.4, 4, 2, 2, 3], vertical_alignment="center")
        ticked = tick.checkbox(t("Compare"), key=f"runs.tick.{run.run_id}",
                               label_visibility="collapsed")
        name.markdown(f"**[{_plain(run.name)}]({run.room}?run={run.run_id})**  \n"
                      f":gray[{_room_title(run.room)} · {_when(run.started)}]  \n"
                      f":gray[{_changes(run)}]")
        state.markdown(t(STATES[_state(run)]))
        figure.markdown(_figure(run))
        with actions.container(horizontal=True):
            if run.owner == visit.visitor():
                _rename(run)
                _delete(run)
    return ticked


def _changes(run: Kept) -> str:
    """The hyperparameters that are not the usual ones, in words."""
    declared = room(run.room).params
    params, _ = from_text(declared, run.params)
    return " · ".join(f"{t(each.title)} {_plain(_value(each, params))}"
                      for each in knobs(declared) if each.name in changed(params))


def _value(each: Knob, params: Params) -> str:
    value = getattr(params, each.name)
    return t(each.choices[value]) if each.choices else to_text(params)[each.name]


def _state(run: Kept) -> str:
    """The engine knows the state of a run in progress first."""
    live = engine.current().run(run.run_id)
    return live.state if live else run.state


def _figure(run: Kept) -> str:
    """The room's first metric: on the test split, else the last on validation."""
    metric = room(run.room).metrics[0]
    for prefix, split in (("test_", t("test")), ("val_", t("validation"))):
        if (value := run.metrics.get(prefix + metric.name)) is not None:
            text = i18n.percent(value) if metric.percent else i18n.number(value, 3)
            return f"**{text}** :gray[{split}]"
    return "–"


def _rename(run: Kept) -> None:
    with st.popover(t("Rename")), st.form(f"rename-{run.run_id}", border=False):
        name = st.text_input(t("Name"), run.name, max_chars=80)
        if st.form_submit_button(t("Save")):
            engine.current().store.rename(run.run_id, name)
            st.rerun()


def _delete(run: Kept) -> None:
    with st.popover(t("Delete")):
        if _state(run) not in FINAL:
            st.markdown(t("It is still training. Stop it first."))
            return
        st.markdown(t("Its curves and its network are gone for good."))
        if st.button(t("Delete for good"), key=f"runs.delete.{run.run_id}"):
            engine.current().store.delete(run.run_id)
            engine.current().forget(run.run_id)
            st.rerun()


def _chart(chosen: list[Kept], metric: str, percent: bool) -> go.Figure:
    figure = go.Figure()
    for number, run in enumerate(chosen):
        epochs = [event for event in engine.current().events(run.run_id)
                  if event["type"] == "epoch"]
        colour = COLOURS[number % len(COLOURS)][visit.dark()]
        for split, width in (("val_", 2.5), ("", 1)):
            figure.add_scatter(
                x=[event["epoch"] for event in epochs],
                y=[event["values"].get(split + metric) for event in epochs],
                name=f"{run.name} · {t('validation') if split else t('train')}",
                line={"width": width, "color": colour},
                mode="lines+markers" if len(epochs) == 1 else "lines")
    figure.update_layout(margin={"l": 0, "r": 0, "t": 8, "b": 0}, height=320,
                         legend={"orientation": "h", "y": -0.25}, xaxis_title=t("Epochs"))
    if percent:
        figure.update_yaxes(tickformat=".0%")
    return figure


def _differences(chosen: list[Kept]) -> None:
    """The hyperparameters that are not the same in all ticked runs."""
    declared = room(chosen[0].room)
    values = [to_text(from_text(declared.params, run.params)[0]) for run in chosen
              if run.room == declared.name]
    names = [name for name in values[0] if len({value[name] for value in values}) > 1]
    if len(values) < 2 or not names:
        return
    titles = {name: t(declared.params.model_fields[name].json_schema_extra["title"])
              for name in names}
    head = " | ".join(["", *(_plain(run.name) for run in chosen)])
    rows = [f"| {titles[name]} | " + " | ".join(f"`{value[name]}`" for value in values) + " |"
            for name in names]
    st.markdown("\n".join([f"|{head} |", "|---" * (len(values) + 1) + "|", *rows]))


def _when(seconds: float) -> str:
    moment = datetime.datetime.fromtimestamp(seconds)
    return format_datetime(moment, "medium", locale=i18n.language())


def _plain(name: str) -> str:
    """A name that a stranger typed, harmless in Markdown."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]()<>#+-.!|~:$" else sign for sign in name)
