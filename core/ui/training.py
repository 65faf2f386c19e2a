"""Train, and watch: the button, the living picture of the run, what to do when it ends."""

from contextlib import suppress

import streamlit as st

from core import engine
from core.engine import FINAL, EngineError, end_says
from core.i18n import t
from core.params import Params, from_text, knobs
from core.rooms import DRAWN, Outline, Room
from core.ui import classes, live, visit
from core.ui import knobs as widgets
from core.ui.parts import part


def opened(room: Room) -> str | None:
    """The run on this page: the link's, else the one that was here before. A link that names only
    a run brings the run's hyperparameters along. To be called before they are drawn."""
    key = f"{room.name}.run"
    asked = _asked(room)
    if asked and asked != st.session_state.get(key):
        params = params_of(room, asked)
        if params is None:
            st.warning(t("The link’s run does not exist here any more. Train a new one."))
            del st.query_params["run"]
        else:
            st.session_state[key] = asked
            if not widgets.in_link():
                widgets.assign(room, params)
    run_id = st.session_state.get(key)
    if run_id and asked != run_id:
        st.query_params["run"] = run_id
    return run_id


def _asked(room: Room) -> str | None:
    """The run that the link names. After a Reset the browser may send the old link once more,
    because it has not heard of it yet: then the run is an echo, and nobody asks for it."""
    asked, key = st.query_params.get("run"), f"{room.name}.left"
    left = st.session_state.get(key, {})
    if asked and asked == left.get("run"):
        del st.query_params["run"]
        return None
    if left and not left.pop("now", False):
        del st.session_state[key]  # the browser knows: whoever names this run again means it
    return asked


def final(run_id: str | None) -> dict | None:
    """What a run measured at its end, empty if it came to no figure; ``None`` while it trains."""
    last = engine.current().events(run_id)[-1:] if run_id else []
    return last[0].get("metrics", {}) if last and last[0]["type"] == "end" else None


def panel(room: Room, params: Params, outline: Outline | None, run_id: str | None) -> None:
    """The Train button and the run's living picture."""
    buttons(room, params, outline, run_id)
    picture(room, run_id)


@part("train")
def buttons(room: Room, params: Params, outline: Outline | None, run_id: str | None) -> None:
    """Train and Reset. ``params``: what the widgets say in this very run of the page: a click that
    overtakes another change of the page trains with that change."""
    if st.session_state.pop(f"{room.name}.wanted", False) and not (outline and outline.problem):
        _start(room, params)
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(t("Train"), type="secondary" if _steered(run_id) else "primary",
                  icon=":material/play_arrow:",
                  key=f"{room.name}.train", on_click=want, args=(room,),
                  disabled=bool(outline and outline.problem))
        if run_id:
            st.button(t("Reset"), icon=":material/restart_alt:", key=f"{room.name}.reset",
                      on_click=_forget, args=(room,),
                      help=t("Stops the run and clears this page. What it learned stays among "
                             "the runs."))
    if problem := st.session_state.pop(f"{room.name}.problem", None):
        st.error(problem)


def picture(room: Room, run_id: str | None) -> None:
    """The run's state, figures and curves, and the hands on it."""
    key = f"{room.name}.picture"
    last = engine.current().events(run_id)[-1:] if run_id else []
    params = (params_of(room, run_id) if run_id else None) or widgets.current(room)
    live.mount("run", key, room.name, {
        "run": run_id, "room": room.name,
        "mine": bool(run_id) and engine.current().owner(run_id) == visit.visitor(),
        "metrics": [{"name": metric.name, "title": t(metric.title), "percent": metric.percent,
                     "higher_is_better": metric.higher_is_better}
                    for metric in room.metrics_of(params)
                    if metric.name != "loss"],  # loss is always there
        "charts": [{"title": t(chart.title), "lines": [{"name": name, "title": t(title)}
                                                       for name, title in chart.lines]}
                   for chart in room.charts],
        "snapshot_title": t(room.snapshot_title), "snapshot_soon": t(room.snapshot_soon),
        "names": classes.names(room, f"run:{run_id}" if run_id else ""),
        "live": _live_knobs(room, run_id),
        "titles": {each.name: t(each.title) for each in knobs(room.params) if each.live},
        "says": end_says(last[0]) if last and last[0]["type"] == "end" else "",
    }, ended=lambda: None, again=lambda: _again(room, run_id, st.session_state[key].again))


def _live_knobs(room: Room, run_id: str | None) -> list[dict]:
    """The sliders of what may be changed while it trains, at the values with which it began."""
    run = engine.current().run(run_id) if run_id else None
    if run is None:
        return []
    return [{"name": each.name, "title": t(each.title), "low": each.low, "high": each.high,
             "log": each.log, "step": each.step, "value": getattr(run.params, each.name)}
            for each in knobs(room.params) if each.live and each.group != DRAWN]


def params_of(room: Room, run_id: str) -> Params | None:
    """The hyperparameters of a run of this room; ``None`` if there is no such run."""
    if run := engine.current().run(run_id):
        return run.params if run.room == room.name else None
    kept = engine.current().store.run(run_id)
    if kept is None or kept.room != room.name:
        return None
    return from_text(room.params, kept.params)[0]


def _steered(run_id: str | None) -> bool:
    """Whether this visitor's own run is in progress."""
    run = engine.current().run(run_id) if run_id else None
    return bool(run) and run.owner == visit.visitor() and run.state not in FINAL


def want(room: Room) -> None:
    """Train as soon as the page is drawn again."""
    st.session_state[f"{room.name}.wanted"] = True


def _start(room: Room, params: Params) -> None:
    try:
        run_id = engine.current().start(room.name, params, visit.visitor())
    except EngineError as error:
        st.session_state[f"{room.name}.problem"] = error.says()
        return
    st.query_params.pop("with", None)  # what was compared does not belong to this run
    follow(room, run_id)


def follow(room: Room, run_id: str) -> None:
    """Have this page show a run from now on."""
    st.session_state[f"{room.name}.run"] = run_id
    st.query_params["run"] = run_id


def stop(run_id: str | None) -> None:
    """Stop the run if it is this visitor's own and in progress."""
    if _steered(run_id):
        with suppress(EngineError):  # it ended by itself this very moment
            engine.current().control(run_id, visit.visitor(), "stop")


def _again(room: Room, run_id: str, changes: dict[str, str]) -> None:
    """Run again from the same initial weights (the same seed) with what the page suggests."""
    before = params_of(room, run_id) or widgets.current(room)
    values, _ = from_text(room.params, {name: str(value) for name, value in changes.items()})
    params = before.model_copy(update={name: getattr(values, name) for name in changes})
    widgets.assign(room, params)
    _start(room, params)


def _forget(room: Room) -> None:
    """Clear the page for a fresh start; the visitor's own run does not train on unseen."""
    run_id = st.session_state.pop(f"{room.name}.run", None)
    stop(run_id)
    st.session_state[f"{room.name}.left"] = {"run": run_id, "now": True}
    for name in ("run", "with"):
        st.query_params.pop(name, None)
