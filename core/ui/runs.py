"""The list of runs: found, sorted, ticked; what differs between the ticked ones."""

import datetime
import math
from collections.abc import Callable
from html import escape

import streamlit as st
from babel.dates import format_datetime

from core import engine, i18n
from core.catalogue import ROOMS, room
from core.engine import FINAL
from core.i18n import N_, t
from core.params import Knob, Params, changed, from_text, knobs, to_text
from core.rooms import Metric
from core.store import Kept
from core.ui import compare, run_actions, visit
from core.ui.states import STATES

ROWS = 20  # on a page
IN_PROGRESS = [state for state in STATES if state not in FINAL]
TICKED = "runs.ticked"
SPLITS = {"test_": N_("test"), "val_": N_("validation")}


def table() -> list[Kept]:
    """The visitor's choice of runs, a row each. Returns those that are ticked for comparison."""
    wanted, order = _filters()
    everything = engine.current().store.runs(limit=engine.current().settings.kept_runs)
    found = sorted(filter(wanted, everything), key=order)
    if not found:
        st.markdown(f":gray[{t(NOTHING_FOUND if everything else NO_RUN)}]")
        return []
    rows = st.container(key="runs", gap=None)
    page = _page(len(found))
    with rows:
        for run in found[page * ROWS: (page + 1) * ROWS]:
            _row(run)
    ticked = _ticked()
    return [run for run in everything if run.run_id in ticked]


NO_RUN = N_("No run yet. Choose a room and press Train.")
NOTHING_FOUND = N_("No run is like that. Choose less.")


def overlay(chosen: list[Kept]) -> None:
    """The curves of the ticked runs in one chart each metric, and what differs between them."""
    st.header(t("Compare"))
    if not chosen:
        st.markdown(t("Tick two runs or more to see their curves in one picture."))
        return
    shared = [metric for metric in room(chosen[0].room).metrics
              if all(metric in room(run.room).metrics for run in chosen)
              and (metric.when is None or all(metric in _measures(run) for run in chosen))]
    for metric, column in zip(shared, st.columns(len(shared) or 1)):
        with column:
            compare.show(chosen, metric, key=f"runs.chart.{metric.name}")
    st.button(t("Untick all"), key="runs.untick", on_click=_untick, args=(chosen,))
    _differences(chosen)


# Which runs, and in which order

def _filters() -> tuple[Callable[[Kept], bool], Callable[[Kept], tuple]]:
    """The widgets; returns what they ask of a run, and the key by which runs are sorted."""
    language = i18n.language()  # a menu keeps the words it was made with
    with st.container(horizontal=True, vertical_alignment="bottom", key="runs-filters"):
        text = st.text_input(t("Find"), key="runs.text", placeholder=t("name or setting"),
                             width=220)
        name = st.selectbox(t("Room"), [each.name for each in ROOMS if each.trains], None,
                            key=f"runs.room.{language}", format_func=_room_title, width=220,
                            placeholder=t("All rooms"))
        state = st.selectbox(t("State"), ["in progress", *sorted(FINAL)], None,
                             key=f"runs.state.{language}", format_func=_state_title, width=170,
                             placeholder=t("Any state"))
        orders = {"newest": t("Newest first"), "name": t("By name"), "longest": t("Longest first"),
                  **{f"best {metric.name}": t("Best {metric} first", metric=t(metric.title))
                     for metric in _metrics(name)}}
        order = st.selectbox(t("Sort"), list(orders), placeholder=t("Choose"),
                             key=f"runs.sort.{language}.{name}", format_func=orders.get, width=220)
        mine = st.toggle(t("Only mine"), key="runs.mine")

    def wanted(run: Kept) -> bool:
        return (name in (None, run.room) and run.room in _rooms()
                and (not mine or run.owner == visit.visitor())
                and (state is None or _state(run) == state
                     or (state == "in progress" and _state(run) in IN_PROGRESS))
                and text.strip().casefold() in f"{run.name} {_changes(run)}".casefold())

    return wanted, _order(order, _metrics(name))


def _rooms() -> set[str]:
    return {each.name for each in ROOMS}


def _metrics(name: str | None) -> list[Metric]:
    """What the runs of a room, or of all rooms, can be the best by."""
    rooms = [room(name)] if name else ROOMS
    return list({metric.name: metric for each in rooms for metric in each.metrics}.values())


def _order(order: str, metrics: list[Metric]) -> Callable[[Kept], tuple]:
    if order == "name":
        return lambda run: (run.name.casefold(), -run.started)
    if order == "longest":
        return lambda run: (-_seconds(run), -run.started)
    if order.startswith("best "):
        metric = next(each for each in metrics if f"best {each.name}" == order)
        sign = -1 if metric.higher_is_better else 1
        return lambda run: (sign * value if (value := best(run, metric)[1]) is not None
                            else math.inf, -run.started)
    return lambda run: (-run.started,)


def best(run: Kept, metric: Metric) -> tuple[str, float | None]:
    """A run's figure and its split: on the test, else the last on validation. None: not measured,
    or no number."""
    for prefix, split in SPLITS.items():
        value = run.metrics.get(prefix + metric.name)
        if value is not None and math.isfinite(value):
            return split, value
    return "", None


def _page(count: int) -> int:
    pages = -(-count // ROWS)
    if pages == 1:
        return 0
    # The number of pages is part of the name: a page that is no more would be an error.
    label = t("Page, of {pages}", pages=pages)
    return st.number_input(label, 1, pages, 1, key=f"runs.page.{pages}", width=160) - 1


# A row

def _row(run: Kept) -> None:
    with st.container(key=f"run-{run.run_id}", horizontal=True, vertical_alignment="center"):
        st.checkbox(t("Compare {name}", name=_plain(run.name)), run.run_id in _ticked(),
                    key=f"runs.tick.{run.run_id}", label_visibility="collapsed", width=28,
                    on_change=_tick, args=(run.run_id,))
        st.html(_words(run), width="stretch")
        run_actions.menu(run, _state(run))


def _words(run: Kept) -> str:
    """What a row says; the names are strangers' words."""
    address = visit.link(run.room, run=run.run_id)
    state = _state(run)
    marks = "".join(f'<span class="pc-mark">{t(word)}</span>' for word, on in (
        (N_("pinned"), run.pinned), (N_("imported"), run.imported),
        (N_("mine"), run.owner == visit.visitor())) if on)
    return (f'<div class="pc-run"><div class="pc-run-what">'
            f'<a class="pc-run-name" translate="no" href="{escape(address)}" target="_self">'
            f'{escape(run.name)}</a>{marks}'
            f'<div class="pc-run-more">{_room_title(run.room)} · {_when(run.started)}'
            f'{_lasted(run)}</div>'
            f'<div class="pc-run-more">{escape(_changes(run))}</div></div>'
            f'<div class="pc-run-state pc-is-{state}">{t(STATES[state])}</div>'
            f'<div class="pc-run-figure">{_figure(run)}</div></div>')


def _figure(run: Kept) -> str:
    measured = [each for each in room(run.room).metrics if best(run, each)[1] is not None]
    if not measured:
        return "–"
    metric = measured[0]
    split, value = best(run, metric)
    text = i18n.percent(value) if metric.percent else i18n.number(value, 3)
    return f"<strong>{text}</strong> <span>{t(split)}</span>"


def _changes(run: Kept) -> str:
    """The hyperparameters that are not the usual ones, in words."""
    declared = room(run.room).params
    params, _ = from_text(declared, run.params)
    return " · ".join(f"{t(each.title)} {_value(each, params)}"
                      for each in knobs(declared) if each.name in changed(params))


def _value(each: Knob, params: Params) -> str:
    value = getattr(params, each.name)
    return t(each.choices[value]) if each.choices else to_text(params)[each.name]


def _state(run: Kept) -> str:
    """The engine knows the state of a run in progress first."""
    live = engine.current().run(run.run_id)
    return live.state if live else run.state


def _seconds(run: Kept) -> float:
    return run.ended - run.started if run.ended else 0.0


def _lasted(run: Kept) -> str:
    return f" · {i18n.duration(max(_seconds(run), 0.1))}" if run.ended else ""


def _when(seconds: float) -> str:
    moment = datetime.datetime.fromtimestamp(seconds)
    return format_datetime(moment, "medium", locale=i18n.language())


def _room_title(name: str) -> str:
    return t(room(name).title)


def _state_title(state: str) -> str:
    return t(STATES.get(state, N_("in progress")))


# What is ticked, whichever page of the list it is on

def _ticked() -> set[str]:
    return st.session_state.setdefault(TICKED, set())


def _tick(run_id: str) -> None:
    if st.session_state[f"runs.tick.{run_id}"]:
        _ticked().add(run_id)
    else:
        _ticked().discard(run_id)


def _untick(chosen: list[Kept]) -> None:
    _ticked().clear()
    for run in chosen:
        st.session_state[f"runs.tick.{run.run_id}"] = False


def _differences(chosen: list[Kept]) -> None:
    """The hyperparameters that are not the same in all ticked runs, side by side."""
    declared = room(chosen[0].room)
    runs = [run for run in chosen if run.room == declared.name]
    params = [from_text(declared.params, run.params)[0] for run in runs]
    differing = [each for each in knobs(declared.params)
                 if len({to_text(one)[each.name] for one in params}) > 1]
    if len(runs) < 2 or not differing:
        return
    st.markdown(f"**{t('What differs')}**")
    head = "".join(f'<th scope="col" translate="no">{escape(run.name)}</th>' for run in runs)
    rows = [(t(each.title), [escape(_value(each, one)) for one in params]) for each in differing]
    rows += [(t(metric.title), [_measured(run, metric) for run in runs])
             for metric in declared.metrics if any(metric in _measures(run) for run in runs)]
    body = "".join(f'<tr><th scope="row">{title}</th>'
                   + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
                   for title, cells in rows)
    st.html(f'<div class="pc-strip" tabindex="0"><table class="pc-differences">'
            f"<thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table></div>")


def _measures(run: Kept) -> tuple[Metric, ...]:
    """What a run with these hyperparameters measures."""
    declared = room(run.room)
    return declared.metrics_of(from_text(declared.params, run.params)[0])


def _measured(run: Kept, metric: Metric) -> str:
    _, value = best(run, metric)
    if value is None:
        return "–"
    return i18n.percent(value) if metric.percent else i18n.number(value, 3)


def _plain(name: str) -> str:
    """A name that a stranger typed, harmless in Markdown."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]()<>#+-.!|~:$" else sign for sign in name)
