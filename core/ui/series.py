"""Pieces of the page on forecasting."""

import json
from contextlib import suppress
from functools import cache

import numpy as np
import streamlit as st

from core import engine, i18n, own
from core.data.series import waves
from core.data.shipped import shipped
from core.engine import EngineError
from core.errors import VisitorError
from core.i18n import N_, t
from core.params import Params, from_text, to_text
from core.rooms import Room
from core.rooms.rnn import ARCHITECTURES, RNN
from core.rooms.seriesnames import FEWEST, MOST_DRAWN, UNITS
from core.settings import settings
from core.ui import files, live, tables, training, visit
from core.ui import knobs as widgets
from core.ui.parts import part
from core.ui.sweep import LINK

GENERATED = "waves"  # the series that needs no download
MADE_BY = ("length", "period", "trend", "noise", "steps", "seed")
"""The hyperparameters that make the generated series."""

DATA = ("dataset", "fold", "window", "horizon", "season", "column", "drawing", "own", *MADE_BY)
"""The hyperparameters that say which values are forecast from which."""

FOLDS = range(1, 5)
METHODS = (N_("Mean of the training part"), N_("Naive: as the last value"),
           N_("Seasonal naive: as one season ago"), N_("Linear autoregression"))
STEPS = {"row": N_("no dates"), "minute": N_("minutes"), "hour": N_("hours"), "day": N_("days"),
         "week": N_("weeks"), "month": N_("months"), "quarter": N_("quarters"),
         "year": N_("years")}
EXAMPLE_DAYS, EXAMPLE_GAP = 730, slice(300, 306)


def network(room: Room, params: Params, run_id: str | None) -> dict:
    """Which network answers on this page: ``model``, ``name``, its ``params`` and its ``dataset``;
    the run's as soon as there is a run, else the shipped one that knows the series, if that is on
    this machine, else the one that knows the generated one."""
    if run_id:
        shown = training.params_of(room, run_id) or params
        return {"model": f"run:{run_id}", "name": t("the network of this run"), "params": shown,
                "dataset": shown.dataset}
    known = {each.dataset: each for each in room.weights}
    there = params.dataset in known and _here(room, params.dataset)
    weights = known[params.dataset if there else GENERATED]
    return {"model": f"weights:{weights.name}", "name": t(weights.title),
            "params": _shipped(weights.name), "dataset": weights.dataset}


def _here(room: Room, dataset: str) -> bool:
    """Whether a series is on this machine; the panel of hyperparameters has asked already."""
    declared = next(each for each in room.datasets if each.name == dataset)
    if not declared.to_download or f"{room.name}.here.{dataset}" in st.session_state:
        return True
    with suppress(VisitorError):
        return not engine.current().light(declared.to_download, dataset, seconds=2)
    return False


@cache
def _shipped(name: str) -> Params:
    card = json.loads(shipped(f"weights/rnn/{name}.json").read_text("utf-8"))
    return from_text(RNN, card["params"])[0]


# What is seen first

@part("try")
def try_it(room: Room, found: dict) -> None:
    """The end of the series under the visitor's hand, and the future that follows it."""
    says = [t("Answered by: {name}.", name=f"**{found['name']}**")]
    if found["dataset"] == GENERATED:
        says.append(t("The series comes from a random generator."))
    elif found["dataset"] in UNITS:
        says.append(t("Unit: {unit}.", unit=t(UNITS[found["dataset"]])))
    says.append(t("A thick line is its forecast; thin lines are futures that are as wrong as it "
                  "was on validation."))
    st.markdown(" ".join(says))
    live.mount("seriespad", f"{room.name}.seriespad", room.name,
               {"room": room.name, "model": found["model"]})


def living(room: Room, params: Params, run_id: str | None) -> None:
    """The series with the forecasts over validation, drawn anew as the network learns."""
    shown = (training.params_of(room, run_id) if run_id else None) or params
    texts = to_text(shown)
    known = shown.dataset != "own" or not room.outline(shown).problem
    live.mount("seriesview", f"{room.name}.seriesview", room.name, {
        "room": room.name, "run": run_id,
        "params": {each: texts[each] for each in DATA} if known else None})


# Inside

@part("inside")
def look_inside(room: Room, found: dict) -> None:
    """Gates and hidden states along a window; how far the gradient reaches."""
    st.header(t("Look inside"))
    st.markdown(t("One window of the test, read step by step, by {name}.",
                  name=f"**{found['name']}**"))
    live.mount("memory", f"{room.name}.memory", room.name,
               {"room": room.name, "model": found["model"]})


@part("inside")
def unrolled(room: Room) -> None:
    """Backpropagation through time with its numbers."""
    st.header(t("Backpropagation through time"))
    st.markdown(t("A recurrent network is one layer, used again in every step. To learn, it walks "
                  "back through all of them, and in each step its gradient is multiplied by the "
                  "same weights. Below one, it vanishes; above one, it explodes. Move the "
                  "slider."))
    live.mount("unroll", f"{room.name}.unroll", room.name, {"room": room.name})


# Simpler methods, and walking forward

@part("baseline")
def rivals(room: Room, params: Params, found: dict) -> None:
    """The network beside naive, seasonal-naive and linear forecasts, whoever wins."""
    st.header(t("Is it worth it?"))
    st.markdown(t("All of them walk through the test, one step at a time, and know the true past "
                  "before each step. What counts is the root of the mean squared error (RMSE), in "
                  "the series’ own unit."))
    compared = _others(room, found)
    live.mount("seriesrivals", f"{room.name}.seriesrivals", room.name, {
        "room": room.name, "model": found["model"], "name": _called(found),
        "params": to_text(found["params"]), "others": compared,
        "ended": _ended(found["model"]), "names": {name: t(name) for name in METHODS}})
    with st.container(horizontal=True):
        st.button(t("Train all five architectures"), key=f"{room.name}.five",
                  icon=":material/stacked_line_chart:", on_click=_five, args=(room, params),
                  disabled=bool(room.outline(params).problem))
        st.button(t("Walk forward through the series"), key=f"{room.name}.walk",
                  icon=":material/directions_walk:", on_click=_walk, args=(room, params),
                  disabled=bool(room.outline(params).problem),
                  help=t("Trains the network four times: on the first fifth of the series, "
                         "tested on the second; on two fifths, tested on the third; and so on."))
    if problem := st.session_state.pop(f"{room.name}.series.problem", None):
        st.error(problem)
    if walked := _walked(room):
        busy = any(training.final(each) is None for each in walked.values())
        st.fragment(_steps, run_every=live.POLL_SECONDS if busy else None)(room, walked, busy)


def _called(found: dict) -> str:
    return t("{network} (this network)", network=t(ARCHITECTURES[found["params"].architecture]))


def _ended(model: str) -> bool:
    kind, _, name = model.partition(":")
    return kind == "weights" or bool(training.final(name))


def _others(room: Room, found: dict) -> list[dict]:
    """Other runs that the link names, on the same values, once they have ended."""
    told, mine = [], to_text(found["params"])
    for run_id in _linked(room):
        texts = to_text(training.params_of(room, run_id))
        if f"run:{run_id}" != found["model"] and _ended(f"run:{run_id}") and all(
                texts[each] == mine[each] for each in DATA):
            told.append({"model": f"run:{run_id}", "name": t(ARCHITECTURES[texts["architecture"]])})
    return told


def _linked(room: Room) -> list[str]:
    named = st.query_params.get(LINK, "").split(",")[:8]
    return [each for each in dict.fromkeys(named) if each and training.params_of(room, each)]


def _five(room: Room, params: Params) -> None:
    """The same series, five architectures, one after another."""
    series = [params.model_copy(update={"architecture": each}) for each in ARCHITECTURES]
    _start(room, series, [t(ARCHITECTURES[each.architecture]) for each in series])


def _walk(room: Room, params: Params) -> None:
    series = [params.model_copy(update={"fold": fold}) for fold in FOLDS]
    series = [each for each in series if not room.outline(each).problem]
    _start(room, series, [t("part {number} of the walk", number=each.fold) for each in series])


def _start(room: Room, series: list[Params], names: list[str]) -> None:
    try:
        ids = engine.current().start_series(room.name, series, visit.visitor(), names)
    except EngineError as error:
        st.session_state[f"{room.name}.series.problem"] = error.says()
        return
    widgets.assign(room, series[0])
    training.follow(room, ids[0])
    st.query_params[LINK] = ",".join(ids)


def _walked(room: Room) -> dict[int, str]:
    """The runs of a walk by their part, if the link names one."""
    ids = _linked(room)
    runs = {training.params_of(room, each).fold: each for each in ids}
    alike = {training.params_of(room, each).model_copy(update={"fold": 4}) for each in ids}
    return runs if len(runs) == len(ids) > 1 and len(alike) == 1 else {}


def _steps(room: Room, walked: dict[int, str], polled: bool) -> None:
    """The network and the simpler methods in each part of the walk."""
    finals = {fold: training.final(run_id) for fold, run_id in walked.items()}
    if polled and None not in finals.values():
        st.rerun()
    st.subheader(t("Walking forward"))
    simple = {fold: _simple(room, training.params_of(room, run_id))
              for fold, run_id in walked.items()}
    names = [name for name in METHODS if any(name in each for each in simple.values())]
    rows = [(t("this network"), [(finals[fold] or {}).get("test_rmse") for fold in walked])]
    rows += [(t(name), [simple[fold].get(name) for fold in walked]) for name in names]
    tables.grid([t("part {number}", number=fold) for fold in walked] + [t("mean")],
                [(title, [*map(_figure, values), _figure(_mean(values))])
                 for title, values in rows])
    st.caption(t("RMSE one step ahead. In each part a network learns from all that came before, "
                 "never from what comes after. Lower is better."))


def _simple(room: Room, params: Params) -> dict[str, float]:
    """RMSE by method, once the series is here."""
    key = f"{room.name}.simple." + "·".join(to_text(params)[each] for each in DATA)
    if key not in st.session_state:
        try:
            told = engine.current().light("core.insight.seriesrivals:rivals",
                                          {"params": to_text(params)})
        except VisitorError:
            return {}
        st.session_state[key] = {each["name"]: each["metrics"]["test_rmse"]
                                 for each in told["methods"]}
    return st.session_state[key]


def _mean(values: list[float | None]) -> float | None:
    return float(np.mean(values)) if values and None not in values else None


def _figure(value: float | None) -> str:
    return tables.NOTHING if value is None else i18n.number(value, 2 if value < 100 else 0)


# A series of one's own

@part("own")
def own_series(room: Room, params: Params) -> None:
    """Draw a series, or upload one."""
    st.header(t("Your own series"))
    drawing, bring = st.columns(2, gap="large")
    with drawing:
        st.subheader(t("Draw it"))
        key = f"{room.name}.seriesdraw"
        live.mount("seriesdraw", key, room.name, {"drawing": params.drawing},
                   drawn=lambda: _take(room, st.session_state[key].drawn))
    with bring:
        st.subheader(t("Bring it"))
        st.markdown(t("A CSV file of at most {limit} MB with one row for each date: a column of "
                      "dates (2024-05-31) and up to twelve columns of numbers, {fewest} rows or "
                      "more. How far apart the rows are is found; gaps are filled by straight "
                      "lines.", limit=settings().text_bytes // 1_000_000, fewest=FEWEST))
        st.download_button(t("Example: series.csv"), _example(), "series.csv", "text/csv",
                           icon=":material/table:", on_click="ignore",
                           help=t("From a random generator: two years of days, with a gap."))
        files.own_data(room, "series", lambda told: {"column": 0, "season": 0})
        _found(room, params)


def _take(room: Room, drawing: str | None) -> None:
    """Learn a line that was drawn in the page."""
    if drawing:
        params = widgets.current(room).model_copy(update={
            "dataset": "drawn", "drawing": str(drawing)[:MOST_DRAWN], "fold": 4, "season": 0,
            "difference": "none", "window": 24, "horizon": 12})
        widgets.assign(room, params)
        training.want(room)


def _found(room: Room, params: Params) -> None:
    """What was found in the visitor's file, and which column is forecast."""
    told = own.told(params.own) if params.dataset == "own" and params.own else None
    if told is None:
        st.markdown(f":gray[{t('What was found in your file will stand here.')}]")
        return
    says = [t("{rows} values, {step}.", rows=i18n.number(told["rows"]),
              step=t(STEPS[told["step"]]))]
    if told["first"]:
        says.append(t("From {first} to {last}.", first=told["first"], last=told["last"]))
    if told["filled"]:
        says.append(t("{count} gaps were filled.", count=i18n.number(told["filled"])))
    if told["season"] > 1:
        says.append(t("A season is taken to be {n} steps.", n=told["season"]))
    st.markdown(" ".join(says))
    if len(told["columns"]) > 1:
        key = f"{room.name}.own.{params.own}.{params.column}"
        st.selectbox(t("What is forecast"), range(len(told["columns"])), placeholder=t("Choose"),
                     format_func=lambda place: told["columns"][place], key=key,
                     index=min(params.column, len(told["columns"]) - 1),
                     on_change=lambda: widgets.assign(room, params.model_copy(
                         update={"column": st.session_state[key]})))


@cache
def _example() -> str:
    """Two years of invented daily values with a gap of six days."""
    values = 40 + 8 * waves(RNN(length=EXAMPLE_DAYS, period=7, trend=2.0)).values
    days = np.datetime64("2024-01-01") + np.arange(EXAMPLE_DAYS)
    rows = [f"{day},{value:.1f}" for day, value in zip(days, values)]
    del rows[EXAMPLE_GAP]
    return "\n".join(["date,visitors", *rows]) + "\n"


# The articles

@part("lesson")
def article(room: Room) -> None:
    """What the articles print, and what the correction changes."""
    st.header(t("As in the article"))
    st.markdown(t("Two articles print a recurrent network. Both compile; neither learns."))
    st.markdown("\n".join(f"{number}. {text}" for number, text in enumerate((
        t("**Windows of noise.** Article 001 builds LSTM(50) with ReLU on 100 windows of ten "
          "random numbers whose answers are random, too, and never calls fit. The preset trains "
          "it: the loss on train falls while it learns its windows by heart; on validation "
          "nothing beats the mean, whose RMSE on such numbers is 1/√12 ≈ 0.29. ReLU takes away "
          "the bound that tanh gives the state, and the quick GPU kernel of the LSTM."),
        t("**No input.** The loop of article 002 multiplies its state by W and adds b, and never "
          "reads X: its outputs are the same for every series. It flattens X into rows of 128, so "
          "steps and examples are mixed up, and its one weight matrix cannot serve input and state "
          "both. The right one is hₜ = tanh(xₜ W + hₜ₋₁ U + b); above you can switch between "
          "both.")), start=1)))
    presets = {each.name: each for each in room.presets}
    with st.container(horizontal=True):
        for name, title in (("article", t("Choose the article’s")),
                            ("lstm", t("Choose the corrected one"))):
            st.button(title, key=f"{room.name}.{name}", on_click=widgets.assign,
                      args=(room, room.params(**presets[name].values)))
