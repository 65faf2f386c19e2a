"""Pieces of the page on graphs: the living picture, a node by hand, what stands beside it."""

import tempfile
from functools import lru_cache
from html import escape
from pathlib import Path

import streamlit as st

from core import engine, i18n, own
from core.data.archives import BadUpload
from core.data.graphfiles import DRAWN
from core.data.graphfiles import drawn as drawn_graph
from core.errors import VisitorError
from core.i18n import N_, t
from core.params import Params, to_text
from core.rooms import Room
from core.rooms.gnn import task as asked_about
from core.ui import files, live, training
from core.ui import knobs as widgets
from core.ui.parts import part

EXAMPLE = Path(__file__).parents[2] / "assets" / "samples" / "gnn" / "friends.csv"
DATA = ("dataset", "task", "labels", "nodes", "groups", "p_in", "p_out", "noise", "molecules",
        "seed", "own")
"""The hyperparameters that decide on the graph."""
GENERATED = {"blocks", "molecules", "chance"}  # whose edges hang on the seed
LETTERS, MOST_DRAWN = "ABC", 60  # classes and nodes of a graph that is drawn by hand
LONG = 60  # seconds that laying out a large graph may take
RIVALS = {
    "nodes": N_("Two simpler ways on the same known nodes: known classes that flow along the edges "
                "and need no features, and a network that sees the features and no edge. A graph "
                "network has to beat both."),
    "links": N_("Two simpler ways on the same known edges, without any training: two nodes that "
                "share neighbours are probably joined, and whoever has many edges gets more."),
    "graphs": N_("Two simpler ways on the same molecules: a logistic regression that counts atoms, "
                 "and one that counts bonds by their ends. The twins were made so that neither "
                 "tells anything."),
}
FIGURES = {
    "nodes": N_("Accuracy on the test nodes. Higher is better."),
    "links": N_("ROC AUC on the hidden test edges and as many pairs without one: how often an edge "
                "is found more probable. Guessing gives 50%. Higher is better."),
    "graphs": N_("Accuracy on the test molecules. Higher is better."),
}
FORMULAS = {
    "GraphConvolution": "x′ᵢ = f( Σⱼ xⱼW / √(dᵢdⱼ) + b )",
    "PlainSum": "x′ᵢ = f( Σⱼ xⱼW )",
    "GraphSAGE": "x′ᵢ = f( xᵢW + Σⱼ xⱼV / dᵢ + b )",
    "GraphAttention": "x′ᵢ = f( Σⱼ αᵢⱼ xⱼW + b )",
    "GraphIsomorphism": "x′ᵢ = f( relu( ((1 + ε)xᵢ + Σⱼ xⱼ)W + b )V + c )",
}


def drawn(shown: Params) -> dict | None:
    """The graph as a page draws it; ``None`` where there is none, with a sentence why."""
    names = [name for name in DATA if name != "seed" or shown.dataset in GENERATED]
    try:
        return _laid_out(type(shown)(**{name: getattr(shown, name) for name in names}))
    except VisitorError as error:
        st.info(error.says(), icon=":material/hub:")
        return None


@lru_cache(maxsize=32)
def _laid_out(params: Params) -> dict:
    """The drawing of a graph; ``params`` say nothing but which graph it is."""
    texts = to_text(params)
    graph = engine.current().light("core.insight.propagation:drawing", params, seconds=LONG)
    return {**graph, "key": "·".join(texts[name] for name in DATA)}


def picture(this: Room, params: Params, run_id: str | None) -> dict | None:
    """The living picture; returns the graph that it shows, if there is one."""
    shown = training.params_of(this, run_id) if run_id else params
    if this.outline(shown).problem:
        return None
    graph = drawn(shown)
    if graph:
        live.mount("graph", f"{this.name}.graph", this.name, {
            "room": this.name, "run": run_id, "model": _model(this, shown, run_id),
            "graph": graph, "names": _names(this, shown)})
    return graph


def _names(this: Room, params: Params) -> dict[str, str]:
    """The classes of a graph that ships with the app, in the visitor's language."""
    return {name: t(name) for each in this.datasets if each.name == params.dataset
            for name in each.classes}


def _model(this: Room, params: Params, run_id: str | None) -> str:
    """Which network answers: the run's, or the shipped one that knows the graph and the task."""
    if run_id:
        return f"run:{run_id}"
    presets = {each.name: this.params(**each.values) for each in this.presets}
    same = ["dataset", "task", *(("seed", "molecules") if params.dataset in GENERATED else ())]
    return next((f"weights:{each.name}" for each in this.weights
                 if all(getattr(presets[each.name], name) == getattr(params, name)
                        for name in same)), "")


@part("inside")
def by_hand(this: Room, params: Params, run_id: str | None, graph: dict | None) -> None:
    """One step of message passing with its numbers."""
    st.header(t("Look inside: one step by hand"))
    shown = training.params_of(this, run_id) if run_id else params
    model = _model(this, shown, run_id)
    if graph is None or not model:
        st.markdown(t("Train a network on this graph first: then you see here, number by number, "
                      "what a node hears."))
        return
    st.markdown(t("Click a node in the picture above. What it hears from each neighbour, how much "
                  "of it counts, and what it becomes are the network’s own numbers."))
    live.mount("nodestep", f"{this.name}.nodestep", this.name, {
        "room": this.name, "model": model, "graph": graph["key"], "nodes": graph["names"],
        "task": graph["task"],
        "classes": [_names(this, shown).get(name, name) for name in graph["classes"]],
        "formulas": FORMULAS, "first": 8 if len(graph["names"]) > 8 else 0})


@part("inside")
def smoothing(this: Room, params: Params, run_id: str | None) -> None:
    """Over-smoothing: measured when it is asked for."""
    st.header(t("Why not many layers?"))
    st.markdown(t("Each layer makes a node more like its neighbours. After many, all nodes say the "
                  "same, and no training can tell them apart: over-smoothing. To see it in trained "
                  "networks, train once, then change “Layers” to 1, 2, 4, 6, 8 under “Change one "
                  "thing”."))
    shown = training.params_of(this, run_id) if run_id else params
    if this.outline(shown).problem:
        return
    key = f"{this.name}.smoothing." + "·".join(to_text(shown)[name] for name in DATA)
    if st.button(t("Measure over 8 layers"), key=f"{this.name}.smooth",
                 icon=":material/blur_on:"):
        try:
            st.session_state[key] = engine.current().light("core.insight.propagation:smoothing",
                                                           shown)
        except VisitorError as error:
            st.error(error.says())
    if key in st.session_state:
        live.mount("smoothing", f"{this.name}.smoothing", this.name, st.session_state[key])


@part("baseline")
def rivals(this: Room, params: Params, run_id: str | None) -> None:
    """Label propagation and a network without the graph, on the same split."""
    st.header(t("Is it worth it?"))
    shown = training.params_of(this, run_id) if run_id else params
    if this.outline(shown).problem:
        return
    task = asked_about(shown)
    figure = "auc" if task == "links" else "accuracy"
    st.markdown(t(RIVALS[task]))
    key = f"{this.name}.rivals." + "·".join(to_text(shown)[name] for name in DATA)
    if st.button(t("Measure simpler methods"), key=f"{this.name}.measure",
                 icon=":material/balance:") and key not in st.session_state:
        try:
            with st.spinner(t("Fitting simpler methods …")):
                st.session_state[key] = engine.current().light(this.baseline, shown)
        except VisitorError as error:
            st.error(error.says())
    if key in st.session_state:
        told = {t(each["name"]): each["metrics"][f"test_{figure}"]
                for each in st.session_state[key]["methods"]}
        ours = (training.final(run_id) or {}).get(f"test_{figure}")
        columns = st.columns(3)
        columns[0].metric(t("The network of this run"),
                          "–" if ours is None else i18n.percent(ours),
                          help=t("Train it to the end first.") if ours is None else None)
        for column, (name, accuracy) in zip(columns[1:], told.items()):
            column.metric(name, i18n.percent(accuracy))
        st.caption(t(FIGURES[task]))


@part("own")
def own_graph(this: Room, params: Params) -> None:
    """Upload, and what was found in the file."""
    st.header(t("Your own graph"))
    bring, found = st.columns([2, 3], gap="large")
    with bring:
        st.markdown(t("A CSV with an edge in each row (two names), and rows like “Anna,,red” that "
                      "say a node’s class; or GraphML in which nodes have a “class”. At least two "
                      "classes with three nodes each; nodes without a class are guessed. Without "
                      "any class it can still find hidden edges."))
        st.download_button(t("Example: friends.csv"), EXAMPLE.read_bytes(), EXAMPLE.name,
                           "text/csv", icon=":material/hub:", on_click="ignore")
        files.own_data(this, "graph")
    with found:
        _found(params)
    with st.expander(t("Or draw one"), icon=":material/draw:"):
        key = f"{this.name}.graphpad"
        live.mount("graphpad", key, this.name, {"letters": list(LETTERS), "most": MOST_DRAWN},
                   drawn=lambda: _take_drawn(this, st.session_state[key].drawn))
        if problem := st.session_state.pop(f"{key}.problem", None):
            st.error(problem)


def _found(params: Params) -> None:
    """What is known of the visitor's graph."""
    told = own.told(params.own) if params.dataset == "own" and params.own else None
    if told is None:
        st.markdown(f":gray[{t('What was found in your graph will stand here.')}]")
        return
    st.markdown(t("{nodes} nodes, {edges} edges; with a class: {known}.",
                  nodes=i18n.number(told["nodes"]), edges=i18n.number(told["edges"]),
                  known=i18n.number(sum(told["classes"].values()))))
    if not told["classes"]:
        return
    rows = "".join(f'<tr><th scope="row" translate="no">{escape(name)}</th><td>{count}</td></tr>'
                   for name, count in told["classes"].items())
    st.html(f'<table class="pc-differences"><thead><tr><th scope="col">{t("Class")}</th>'
            f'<th scope="col">{t("Nodes with this class")}</th></tr></thead>'
            f"<tbody>{rows}</tbody></table>")


def _take_drawn(this: Room, told: dict | None) -> None:
    """A graph that was drawn in the page becomes the visitor's own."""
    told = told if isinstance(told, dict) else {}
    parts = [told.get(name) for name in ("labels", "edges", "places")]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "drawn.npz"
        try:
            if any(not isinstance(each, list) or len(each) > MOST_DRAWN**2 for each in parts):
                raise BadUpload(DRAWN)
            found = drawn_graph(str(file), *parts, LETTERS)
        except VisitorError as error:
            st.session_state[f"{this.name}.graphpad.problem"] = error.says()
            return
        name = own.keep(file, found)
    params = widgets.current(this).model_copy(update={"dataset": "own", own.PARAMETER: name})
    widgets.assign(this, params)


def article(this: Room) -> None:
    """What the article prints, and what the correction changes."""
    st.header(t("As in the article"))
    st.markdown(t("The article’s layer multiplies features by a weight matrix and by the bare "
                  "adjacency matrix. Four things go wrong:"))
    st.markdown("\n".join(f"{number}. {text}" for number, text in enumerate((
        t("**Nothing to learn.** Edges, features and labels are drawn at random, and all nodes "
          "train: what it reaches is memory. On nodes it was not told, it guesses: about "
          "half of the others come out right."),
        t("**Bare sums.** With about 25 neighbours each layer makes values 25 times larger, and "
          "a node with many neighbours shouts. Dividing by √(dᵢdⱼ) keeps the size."),
        t("**Deaf to itself.** The diagonal is zero, so a node’s own features never reach its own "
          "answer in one layer. The correction adds an edge from each node to itself."),
        t("**Shuffled rows.** `fit` shuffles the rows of its inputs in each epoch. That moves the "
          "rows of the adjacency matrix, but not its columns: the edges then point to the wrong "
          "nodes. Here the whole graph is one batch that nobody shuffles.")), start=1)))
    presets = {each.name: each for each in this.presets}
    with st.container(horizontal=True):
        for name, title in (("article", t("Choose the article’s")),
                            ("corrected", t("Choose the corrected one"))):
            st.button(title, key=f"{this.name}.{name}", on_click=widgets.assign,
                      args=(this, this.params(**presets[name].values)))
