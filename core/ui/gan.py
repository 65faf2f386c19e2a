"""The room of the generators: the sampler, the plane, how good it is, the film of a training."""

import numpy as np
import streamlit as st
from pydantic import ValidationError

from core import engine, i18n, own
from core.data.scatter import points_of
from core.engine import FINAL
from core.errors import VisitorError
from core.i18n import t
from core.params import Params
from core.rooms import Room
from core.rooms.gan import MOST_POINTS, PLANE, Point
from core.ui import classes, live, training, visit
from core.ui import knobs as widgets
from core.ui.parts import part

SHOWN = 400  # real points that the plane shows
FRAMES = 60  # of a film, at most
DIGITS = ("digits", "mnist")
LARGE = 10  # distances above it are told with fewer decimals


@part("try")
def sampler(room: Room, run_id: str | None) -> None:
    """Generators that make what one asks for: the shipped ones, and that of this page's run."""
    models = [_model(room, f"weights:{each.name}", t(each.title), room.params(dataset=each.dataset))
              for each in room.weights]
    params = training.params_of(room, run_id) if run_id else None
    if params and params.dataset not in PLANE and _learned(run_id):
        models.append(_model(room, f"run:{run_id}", t("the network of this run"), params))
    names = {}
    for each in models:
        names |= classes.names(room, each["ref"])
    live.mount("sampler", f"{room.name}.sampler", room.name, {
        "room": room.name, "models": models, "names": names})


def _learned(run_id: str) -> bool:
    return any(each["type"] == "epoch" for each in engine.current().events(run_id))


def _model(room: Room, ref: str, title: str, params: Params) -> dict:
    return {"ref": ref, "title": title,
            "classes": _classes(room, params) if params.conditional else [],
            "digits": params.conditional and params.dataset in DIGITS}


def _classes(room: Room, params: Params) -> list[str]:
    """What one can ask for, by the numbers of the classes."""
    if params.dataset == "own":
        return list((own.told(params.own) or {}).get("classes", ()))
    names = next(each.classes for each in room.datasets if each.name == params.dataset)
    return [t(name) for name in names] or list("0123456789")


def plane(room: Room, params: Params, run_id: str | None) -> None:
    """The game on the plane: of the run while it goes, else of what would be trained next."""
    run = engine.current().run(run_id) if run_id else None
    going = run is not None and run.state not in FINAL
    of_run = training.params_of(room, run_id) if run_id else None
    if of_run and (going or _same(of_run, params)):
        params = of_run
    elif run_id:
        run_id = None
    if params.dataset not in PLANE:
        return
    drawable = params.dataset == "drawn" and not going
    key = f"{room.name}.lab"
    live.mount("lab", key, room.name, {
        "run": run_id, "first": f"{params.dataset} {params.drawn}", "points": _points(params),
        "mine": bool(run_id) and engine.current().owner(run_id) == visit.visitor(),
        "drawn": [[point.x1, point.x2] for point in params.drawn], "drawable": drawable,
        "most": MOST_POINTS,
    }, drawn=lambda: _drawn(room, st.session_state[key].drawn))


def _same(one: Params, other: Params) -> bool:
    return (one.dataset, one.drawn) == (other.dataset, other.drawn)


def _points(params: Params) -> list[float]:
    try:
        data = points_of(params)
    except VisitorError:
        return []  # nothing is drawn yet
    return np.round(data.x_val[:SHOWN], 3).ravel().astype(float).tolist()


def _drawn(room: Room, said: dict) -> None:
    """The visitor drew points: all of them come each time."""
    try:
        points = tuple(Point(x1=x1, x2=x2) for x1, x2 in said["points"][:MOST_POINTS])
    except (ValidationError, TypeError, ValueError, KeyError):
        return  # no page of ours sends that
    params = widgets.current(room)
    widgets.assign(room, params.model_copy(update={"drawn": points}))


@part("baseline")
def rivals(room: Room, params: Params, run_id: str | None) -> None:
    """The generator beside something simple and beside the floor: real against real."""
    st.header(t("Is it worth it?"))
    shown = training.params_of(room, run_id) if run_id else None
    name = getattr(shown or params, "dataset", "")
    shipped = next((each for each in room.weights if each.dataset == name), None)
    model = f"run:{run_id}" if run_id and _learned(run_id) else (
        f"weights:{shipped.name}" if shipped else "")
    if not model:
        st.markdown(t("Train a generator first: then it is measured beside something simple, and "
                      "beside what real examples reach."))
        return
    key = f"{room.name}.rivals.{model}"

    @st.fragment
    def compare() -> None:
        if key not in st.session_state:
            st.markdown(t("A generator is only worth its trouble if what it makes comes nearer to "
                          "real examples than something simple does."))
            if not st.button(t("Measure a simple generator and the floor"),
                             key=f"{room.name}.measure"):
                return
            with st.spinner(t("Measuring …")):
                try:
                    st.session_state[key] = engine.current().ask(room.name, model, "rivals", {},
                                                                 seconds=60)
                except VisitorError as error:
                    st.error(error.says())
                    return
            st.rerun(scope="fragment")
        told = st.session_state[key]
        digits = 3 if max(row["value"] for row in told["rows"]) < LARGE else 1
        for column, row in zip(st.columns(len(told["rows"])), told["rows"]):
            column.metric(t(row["name"]), f"{row['value']:,.{digits}f}", help=t(row["says"]))
        st.caption(t(told["says"], count=i18n.number(told["count"])))

    compare()


def film(room: Room, run_id: str | None) -> None:
    """The run as an animated GIF: what was made of the same noise, epoch after epoch."""
    events = engine.current().events(run_id) if run_id else []
    if not events or events[-1]["type"] != "end":
        return
    pngs = [each["png"] for each in events if each.get("kind") == "made"
            and each["type"] == "snapshot"]
    if len(pngs) < 2:
        return
    pngs = [*pngs[:-1:-(-len(pngs) // FRAMES)], pngs[-1]]
    key = f"{room.name}.film.{run_id}"
    if key not in st.session_state:
        if st.button(t("Make a film of this training"), icon=":material/movie:",
                     key=f"{room.name}.film"):
            with st.spinner(t("Drawing the film …")):
                st.session_state[key] = engine.current().light("core.insight.film:growth", pngs)
            st.rerun()
        return
    st.download_button(t("Film of the training (.gif)"), st.session_state[key],
                       f"{room.name}-{run_id[:6]}.gif", "image/gif", icon=":material/movie:",
                       on_click="ignore")
