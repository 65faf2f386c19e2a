"""Pieces that every room's page has, in the order in which a visitor meets them."""

import math
from pathlib import Path

import streamlit as st

from core import engine, i18n, own
from core.errors import VisitorError
from core.i18n import t
from core.params import Params
from core.rooms import Layer, Outline, Room
from core.ui import classes, live, training, visit
from core.ui.parts import part

LESSONS = Path(__file__).parents[2] / "assets" / "lessons"
KINDS = {"conv", "dense"}  # the layers that have weights to learn


def title(room: Room) -> None:
    """The room's name and one sentence."""
    st.title(t(room.title))
    st.markdown(f":gray[{t(room.sentence)}]")


def network(outline: Outline) -> None:
    """The network layer by layer with shapes and parameter counts, or why it cannot be built."""
    if outline.problem:
        st.error(t(outline.problem, **outline.problem_values), icon=":material/block:")
        return
    rows = "".join(_layer(layer, outline.parameters) for layer in outline.layers)
    total = t("{count} parameters in all", count=i18n.number(outline.parameters))
    st.html(f'<div class="pc-outline" role="list">{rows}</div>'
            f'<p class="pc-total">{total}</p>')


def _layer(layer: Layer, total: int) -> str:
    shape = "×".join(str(side) for side in layer.shape)
    share = math.sqrt(layer.parameters / total) if total else 0
    count = i18n.number(layer.parameters) if layer.parameters else ""
    return (f'<div class="pc-layer pc-{layer.kind}" role="listitem">'
            f'<span class="pc-name" lang="en">{layer.name}</span>'
            f'<span class="pc-shape">{shape}</span>'
            f'<span class="pc-count">{count}</span>'
            f'<span class="pc-share" style="width:{share:.0%}"></span></div>')


def model_ref(room: Room, params: Params, run_id: str | None) -> tuple[str, str]:
    """Which network answers on this page, and its name for the visitor: the run's own as soon as
    there is one, else the shipped one that knows the chosen data."""
    if run_id:
        return f"run:{run_id}", t("the network of this run")
    dataset = getattr(params, "dataset", "")
    shipped = next((each for each in room.weights if each.dataset == dataset), room.weights[0])
    return f"weights:{shipped.name}", t(shipped.title)


@part("try")
def try_it(room: Room, model: str, name: str) -> None:
    """Draw, upload or photograph something and see what the network makes of it."""
    st.header(t("Try it"))
    st.markdown(t("Answered by: {name}.", name=f"**{name}**"))
    live.mount("tryit", f"{room.name}.tryit", room.name, {
        "room": room.name, "model": model, "modes": ["draw", "upload", "camera"],
        "names": classes.names(room, model),
        "follows_epoch": model.startswith("run:"),
        "limits": {"bytes": engine.current().settings.upload_bytes}})


@part("baseline")
def baseline(room: Room, params: Params, run_id: str | None) -> None:
    """A simple method on the same split, whoever wins."""
    st.header(t("Is it worth it?"))

    @st.fragment
    def compare() -> None:
        data = [getattr(params, name, "") for name in ("dataset", own.PARAMETER)]
        key = ".".join([room.name, "baseline", *data])
        if key not in st.session_state:
            st.markdown(t("A network is only worth its trouble if it beats something simple on "
                          "the same pictures."))
            if not st.button(t("Measure logistic regression"), key=f"{room.name}.measure"):
                return
            with st.spinner(t("Fitting logistic regression …")):
                try:
                    st.session_state[key] = engine.current().baseline(room.name, params)
                except VisitorError as error:
                    st.error(error.says())
                    return
            st.rerun(scope="fragment")
        _comparison(st.session_state[key], training.final(run_id))

    compare()


def _comparison(simple: dict, network: dict | None) -> None:
    left, right, _ = st.columns([1, 1, 2])
    left.metric(t(simple["name"]), i18n.percent(simple["metrics"]["test_accuracy"]),
                help=t("{seconds} s of fitting on {rows} pictures.",
                       seconds=i18n.number(simple["seconds"], 1),
                       rows=i18n.number(simple["rows"])))
    if network:
        gain = network["test_accuracy"] - simple["metrics"]["test_accuracy"]
        right.metric(t("The network of this run"), i18n.percent(network["test_accuracy"]),
                     delta=t("{points} points", points=f"{100 * gain:+.1f}"),
                     delta_color="off")
    else:
        right.metric(t("The network of this run"), "–", help=t("Train it to the end first."))


@part("lesson")
def lesson(room: Room) -> None:
    """What it is, the formulas, what to try, where it fails, sources."""
    st.header(t("The lesson"))
    text = (LESSONS / visit.language() / f"{room.name}.md").read_text("utf-8")
    lesson, heading, sources = text.rpartition("\n####")  # the last part, in any language
    with st.container(key="lesson"):
        st.markdown(lesson)
    with st.container(key="lesson-sources"):
        st.markdown(heading + sources)
