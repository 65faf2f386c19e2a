"""The network on the plane: its living picture, and what the visitor does in it."""

from functools import lru_cache

import numpy as np
import streamlit as st
from pydantic import ValidationError

from core import engine, i18n
from core.engine import FINAL
from core.errors import VisitorError
from core.i18n import t
from core.models import neuron
from core.params import Params, changed, knobs
from core.rooms import Room
from core.rooms.neuron import FEATURES, MAX_LAYERS, MAX_NEURONS, Edit, Hidden, Point
from core.ui import columns, live, training, visit
from core.ui import knobs as widgets

LEARNING = {"learning_rate", "epochs", "batch_size", "optimizer", "l1", "l2"}
"""Hyperparameters that change neither the first weights nor the points."""

_load = lru_cache(32)(neuron.load)  # a table is not to be read again for each click


def picture(room: Room, params: Params, run_id: str | None) -> None:
    """The network of the run, or, where there is none or the visitor has changed something since,
    the network that would be trained next."""
    run_id = run_id if _shows_run(room, params, run_id) else None
    shown = training.params_of(room, run_id) if run_id else params
    problem = st.empty()  # keeps its place, so that the picture below keeps its state
    try:
        data = _load(shown)
    except VisitorError as error:
        if not room.outline(shown).problem:  # else the page says that
            problem.info(error.says(), icon=":material/draw:")
        shown = shown.model_copy(update={"dataset": "circle", "drawn": ()})
        data = _load(shown)
        data = type(data)(*[array[:0] for array in _arrays(data)], data.class_names)
    key = f"{room.name}.plane"
    live.mount("plane", key, room.name, {
        "run": run_id, "going": _going(run_id), "mine": _mine(run_id),
        "first": f"{run_id} {changed(shown)}",
        "heard": st.session_state.get(f"{key}.heard", 0),
        "net": _net(shown, data), "points": _points(data),
        "features": titles(room, shown), "axes": columns.axes(shown),
        "drawn": [[point.x1, point.x2, point.bright] for point in params.drawn],
        "most": {"layers": MAX_LAYERS, "neurons": MAX_NEURONS,
                 "points": next(int(each.high) for each in knobs(room.params)
                                if each.name == "drawn")},
    }, change=lambda: _change(room, run_id, st.session_state[key].change))


def titles(room: Room, params: Params) -> dict[str, str]:
    """The features by name: formulas, and a table's further columns by their own names."""
    formulas = {each.name: each.title for each in knobs(room.params) if each.name in FEATURES}
    return {**formulas, **{f"column{number}": name for number, name in
                           enumerate(columns.names(params)[2:], start=2)}}


def _shows_run(room: Room, params: Params, run_id: str | None) -> bool:
    left = st.session_state.get(f"{room.name}.plane.left")
    if not run_id or _going(run_id):
        return bool(run_id) and run_id != left
    return _start_of(training.params_of(room, run_id)) == _start_of(params)


def _start_of(params: Params) -> dict:
    """What decides on the first weights and the points."""
    return params.model_dump(exclude=LEARNING)


def _going(run_id: str | None) -> bool:
    run = engine.current().run(run_id) if run_id else None
    return bool(run) and run.state not in FINAL


def _mine(run_id: str | None) -> bool:
    return bool(run_id) and engine.current().owner(run_id) == visit.visitor()


def _net(params: Params, data: neuron.Data) -> dict:
    """The network before its first step; the browser takes it from there."""
    received = [name for name in FEATURES if getattr(params, name)]
    received += [f"column{number}" for number in range(2, data.x_train.shape[1])]
    if not received:
        return {"features": [], "sizes": [0, 1], "bends": ["linear"], "theta": [0.0]}
    network = neuron.build(params, data)
    return {"features": received, "sizes": network.sizes, "bends": network.bends,
            "theta": network.theta.tolist()}


def _arrays(data: neuron.Data) -> list[np.ndarray]:
    return [data.x_train, data.y_train, data.x_val, data.y_val, data.x_test, data.y_test]


def _points(data: neuron.Data) -> dict:
    """The points of each split as [x1, x2, y, a table's further columns …]."""
    arrays = _arrays(data)
    return {split: np.round(np.hstack([x[:, :2], y, x[:, 2:]]), 3).tolist()
            for split, x, y in zip(("train", "val", "test"), arrays[::2], arrays[1::2])}


def _change(room: Room, run_id: str | None, change: dict) -> None:
    """Something was changed in the drawing: hidden layers, features, points, numbers.

    The browser sends all that it has not yet seen come back, so that nothing is lost on the way;
    ``said`` counts what it said. A network that is being trained cannot be rebuilt: its run ends.
    """
    st.session_state[f"{room.name}.plane.heard"] = change.get("said", 0)
    params = widgets.current(room)
    try:
        after = room.params(**{**dict(params), **_update(params, change)})
    except (ValidationError, TypeError, ValueError):
        return  # no page of ours sends that
    if _mine(run_id):
        st.session_state[f"{room.name}.plane.left"] = run_id
        training.stop(run_id)
    widgets.assign(room, after)


def _update(params: Params, change: dict) -> dict:
    update = {}
    if "hidden" in change:
        update["hidden"] = _hidden(params.hidden, change["hidden"])
    if "features" in change:
        update |= {name: name in change["features"] for name in FEATURES}
    if "drawn" in change:
        update["drawn"] = tuple(Point(x1=x1, x2=x2, bright=bright)
                                for x1, x2, bright in change["drawn"])
    rebuilt = any(update.get(name, getattr(params, name)) != getattr(params, name)
                  for name in ("hidden", *FEATURES))
    edits = {} if rebuilt else {edit.place: edit.value for edit in params.edits}
    edits |= {int(place): float(value) for place, value in change.get("edits", {}).items()}
    update["edits"] = tuple(Edit(place=place, value=value) for place, value in edits.items())
    return update


def _hidden(layers: tuple[Hidden, ...], counts: list[int]) -> tuple[Hidden, ...]:
    """The layers with other numbers of neurons; a new one is like the last."""
    last = layers[-1] if layers else Hidden()
    padded = [*layers, *[last] * (len(counts) - len(layers))]
    return tuple(Hidden(**{**dict(layer), "neurons": count})
                 for layer, count in zip(padded, counts))


def inside(room: Room, params: Params) -> None:
    """Histograms of all layers, and backpropagation with the numbers of the picture above."""
    live.mount("planeinside", f"{room.name}.inside", room.name, {
        "rate": params.learning_rate, "features": titles(room, params)})


def baseline(room: Room, params: Params, run_id: str | None) -> None:
    """A straight line on the same points and features, whoever wins."""
    st.header(t("Is it worth it?"))
    st.markdown(t("A network is only worth its trouble if it beats a straight line through the "
                  "same features of the same points."))
    shown = training.params_of(room, run_id) if run_id else params
    key = f"{room.name}.baseline"
    if st.button(t("Measure the straight line"), key=f"{room.name}.measure"):
        try:
            st.session_state[key] = shown, engine.current().light(room.baseline, shown)
        except VisitorError as error:
            st.error(error.says())
    measured, told = st.session_state.get(key, (None, None))
    if measured != shown:
        return
    ours = (training.final(run_id) or {}).get("test_accuracy")
    left, right, _ = st.columns([1, 1, 2])
    left.metric(t(told["name"]), i18n.percent(told["metrics"]["test_accuracy"]),
                help=t("Share of the test points whose colour it says right."))
    right.metric(t("The network of this run"), "–" if ours is None else i18n.percent(ours),
                 help=t("Train it to the end first.") if ours is None else None)


def article(told: dict) -> None:
    """The article's gradients beside a numerical gradient and this room's."""
    st.markdown(t("The article prints a neuron with a sigmoid and its gradients. With two features "
                  "and four points, NumPy refuses its line `dW = (1 / m) * np.dot(X.T, (A - Y))`: "
                  "the shapes do not fit the weights."))
    st.code(f"ValueError: {told['says']}", language=None, wrap_lines=True)
    st.markdown(t("Its line for the bias, `db = (1 / m) * np.sum(X * (A - Y))`, runs and is wrong: "
                  "it multiplies by the features, which the bias never meets. A numerical "
                  "gradient, (L(w + ε) − L(w − ε)) / 2ε, needs no formula and shows it:"))
    rows = [{t("Gradient of"): row["name"], t("Points"): row["points"],
             t("as in the article"): f"{row['article']:.6f}",
             t("numerical"): f"{row['numerical']:.6f}",
             t("corrected"): f"{row['ours']:.6f}"} for row in told["rows"]]
    st.table(rows)
    st.markdown(t("Corrected: `dW = (A - Y) @ X.T / m` and `db = np.sum(A - Y) / m`. The article's "
                  "`dA` takes the slope of tanh, 1 − A², for that of the sigmoid, A·(1 − A), and "
                  "multiplies by a fixed [1, −1] instead of the error that comes back."))
