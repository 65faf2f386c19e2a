"""Pieces of the page on transformers: three tasks to try, a look inside, own texts, rivals."""

import json
import tempfile
from functools import cache
from pathlib import Path

import streamlit as st

from core import engine, i18n, own
from core.data.shipped import shipped
from core.data.writings import keep
from core.errors import VisitorError
from core.i18n import N_, t
from core.params import Params, to_text
from core.rooms import Room
from core.rooms.transformer import TASKS, task
from core.ui import classes, files, knobs, live, training
from core.ui import room as rooms
from core.ui.parts import part

EXAMPLE = Path(__file__).parents[2] / "assets" / "samples" / "transformer" / "rhymes.txt"
CHOICES = {"write": N_("Write"), "judge": N_("Judge"), "see": N_("See")}
FIRST = {"write": "tales", "judge": "opinions", "see": "digits"}  # presets
SAYS = {
    "write": N_("It has read a text and now goes on with yours, one character after the other. "
                "Temperature, top-k and top-p act at once, without another training."),
    "judge": N_("Type a sentence on a film. Coloured words pull the answer to their side; shuffle "
                "them, and see whether the network knows where they stand."),
    "see": N_("Draw: the picture is cut into patches, and each looks at all others."),
}
PROMPTS = {"tales": "There was a", "tales_zh": "从前有一只", "shakespeare": "ROMEO:\n", "own": "",
           "opinions": "the acting is brilliant, but the plot is dull.",
           "reviews": "a film that is never less than charming."}
EXAMPLES = {
    "opinions": ("the acting is brilliant, but the plot is dull.",
                 "the plot is dull, but the acting is brilliant.",
                 "although the ending was clumsy, the music is not boring."),
    "reviews": ("a warm, funny and touching film that never overstays its welcome.",
                "it has its moments, but most of it is a dull and lifeless mess.",
                "not nearly as bad as i had feared."),
}
TRY = {"write": "writer", "judge": "verdict"}
RIVALS = {
    "write": N_("Counting does a lot: how often did each character follow the last one, or the "
                "last five? In nats a character on the test part; lower is better."),
    "judge": N_("Logistic regression that sees which words are there and not their order. Accuracy "
                "on the test part; higher is better."),
    "see": N_("Logistic regression on the pixels. Accuracy on the test part; higher is better."),
}
LONG = 120  # seconds that counting a large text may take
COSTS = "weights/transformer/positions.json"  # of benchmarks/transformer.py


def tasks(room: Room) -> None:
    """Three things that one and the same network learns; choosing one sets all hyperparameters."""
    key = f"{room.name}.task"
    now = task(knobs.current(room))
    st.session_state[key] = now

    def chosen() -> None:
        if (wanted := st.session_state[key]) not in (None, now):
            knobs.assign(room, preset(room, FIRST[wanted]))

    st.segmented_control(t("What is it to do?"), list(CHOICES), key=key, on_change=chosen,
                         format_func=lambda each: t(CHOICES[each]))


def preset(room: Room, name: str) -> Params:
    """The hyperparameters of a preset."""
    return room.params(**next(each.values for each in room.presets if each.name == name))


def answering(room: Room, params: Params, run_id: str | None) -> tuple[str, str, str]:
    """Which network answers, its name for the visitor, and the data set it learned from: the
    run's, as long as it does what the page is set to, else the shipped one nearest to it."""
    shown = training.params_of(room, run_id) if run_id else None
    if shown and task(shown) == task(params):
        return *rooms.model_ref(room, shown, run_id), shown.dataset
    same = [each for each in room.weights if TASKS[each.dataset] == task(params)]
    known = next((each for each in same if each.dataset == params.dataset), same[0])
    return f"weights:{known.name}", t(known.title), known.dataset


@part("try")
def try_it(room: Room, params: Params, run_id: str | None) -> None:
    """Type a text and see it continued or judged; draw a picture and see it read."""
    kind = task(params)
    model, name, dataset = answering(room, params, run_id)
    st.markdown(f"{t(SAYS[kind])} {t('Answered by: {name}.', name=f'**{name}**')}")
    same = {"room": room.name, "model": model, "names": classes.names(room, model)}
    if kind == "see":
        live.mount("tryit", f"{room.name}.tryit", room.name, {
            **same, "modes": ["draw", "upload", "camera"],
            "follows_epoch": model.startswith("run:"),
            "limits": {"bytes": engine.current().settings.upload_bytes}})
        return
    live.mount(TRY[kind], f"{room.name}.{kind}", room.name, {
        **same, "prompt": prompt(room, dataset, run_id),
        "examples": list(EXAMPLES.get(dataset, ()))})


def prompt(room: Room, dataset: str, run_id: str | None) -> str:
    """What a text begins with before the visitor types one; of an own text its first words."""
    shown = training.params_of(room, run_id) if run_id and dataset == "own" else None
    told = own.told(shown.own) if shown else None
    return told["begins"][:12] if told else PROMPTS.get(dataset, "")


@part("inside")
def inside(room: Room, params: Params, run_id: str | None) -> None:
    """Every head with its numbers, and what is believed after every layer."""
    st.header(t("Look inside: who looks at whom"))
    model, _, dataset = answering(room, params, run_id)
    st.markdown(t("Each token asks with its query; the keys of the others say how well they suit; "
                  "of those that suit it takes the values along. Several heads do that side by "
                  "side, each in its own way. What you type or draw above is what you see here."))
    live.mount("heads", f"{room.name}.heads", room.name, {
        "room": room.name, "model": model, "names": classes.names(room, model),
        "task": task(params), "prompt": prompt(room, dataset, run_id) or "…"})


@part("inside")
def positions(room: Room) -> None:
    """What the articles leave out, measured."""
    st.header(t("What positions are worth"))
    st.markdown(t("Attention itself does not know where a token stands: for it a sentence is a bag "
                  "of words, and a picture a heap of patches. Something has to be added that "
                  "tells. Test accuracy of the same networks from the same seed:"))
    titles = {each.name: t(each.title) for each in room.datasets}
    kinds = {"none": t("without positions"), "waves": t("waves"), "learned": t("learned")}
    head = "".join(f'<th scope="col">{kinds[kind]}</th>' for kind in kinds)
    rows = "".join(
        f'<tr><th scope="row">{titles[name]}</th>'
        + "".join(f"<td>{i18n.percent(figures[kind])}</td>" for kind in kinds) + "</tr>"
        for name, figures in _costs().items())
    st.html(f'<div class="pc-strip" tabindex="0"><table class="pc-differences"><thead><tr>'
            f'<th scope="col">{t("Data set")}</th>{head}</tr></thead>'
            f"<tbody>{rows}</tbody></table></div>")
    st.caption(t("A network that writes needs them less: it sees only what came before, and how "
                 "much that is tells it something about where it stands."))


@cache
def _costs() -> dict:
    """What was measured with and without positions, by benchmarks/."""
    return json.loads(shipped(COSTS).read_text("utf-8"))


@part("own")
def own_text(room: Room, params: Params) -> None:
    """Paste a text, or bring a file; any language will do."""
    st.header(t("Teach it your text"))
    st.markdown(t("Any text of 1,000 characters or more, in any language: letters, poems, a "
                  "chat, a program. It stays on this server and goes after a day unless a run was "
                  "made with it; whoever opens that run’s link can read what the network writes "
                  "and download the text."))
    left, right = st.columns(2, gap="large")
    with left:
        key = f"{room.name}.pasted"
        st.text_area(t("Paste a text"), key=key, height=220)
        st.button(t("Train on this text"), key=f"{room.name}.use", icon=":material/play_arrow:",
                  on_click=_take, args=(room, key))
        if problem := st.session_state.pop(f"{key}.problem", None):
            st.error(problem)
    with right:
        files.own_data(room, "text", lambda told: begin_with())
        st.download_button(t("Example: rhymes.txt"), EXAMPLE.read_bytes(), EXAMPLE.name,
                           "text/plain", icon=":material/download:", on_click="ignore")
        told = own.told(params.own) if params.dataset == "own" and params.own else None
        if told:
            st.markdown(t("**{count} characters** are here to train on, {signs} of them "
                          "different. They begin:", count=i18n.number(told["characters"]),
                          signs=i18n.number(told["signs"] - 2)))
            st.text(told["begins"])


def begin_with() -> dict:
    """How a network begins on an own text: as on the tales, but not without dropout, for such
    texts are short."""
    return {"depth": 2, "channels": 64, "heads": 4, "context": 64, "positions": "learned",
            "epochs": 10, "batch_size": 16, "learning_rate": 0.003, "dropout": 0.1}


def _take(room: Room, key: str) -> None:
    """A pasted text becomes the visitor's own, and is trained on."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "text.npz"
        try:
            told = keep(st.session_state[key], str(file))
        except VisitorError as error:
            st.session_state[f"{key}.problem"] = error.says()
            return
        name = own.keep(file, told)
    chosen = {"dataset": "own", own.PARAMETER: name, **begin_with()}
    knobs.assign(room, knobs.current(room).model_copy(update=chosen))
    training.want(room)


@part("baseline")
def rivals(room: Room, params: Params, run_id: str | None) -> None:
    """What counting, or a bag of words, reaches on the same split."""
    st.header(t("Is it worth it?"))
    shown = (training.params_of(room, run_id) if run_id else None) or params
    if room.outline(shown).problem:
        return
    st.markdown(t(RIVALS[task(shown)]))
    said = to_text(shown)
    key = f"{room.name}.rivals." + "·".join(said[name] for name in (
        "dataset", own.PARAMETER, "context", "words", "fold"))
    if st.button(t("Measure simpler methods"), key=f"{room.name}.measure",
                 icon=":material/balance:") and key not in st.session_state:
        try:
            with st.spinner(t("Fitting simpler methods …")):
                st.session_state[key] = engine.current().light(room.baseline, shown, seconds=LONG)
        except VisitorError as error:
            st.error(error.says())
    if key not in st.session_state:
        return
    measured = st.session_state[key]
    ours = (training.final(run_id) or {}).get(f"test_{measured['figure']}")
    said = i18n.percent if measured["figure"] == "accuracy" else _nats
    columns = st.columns(1 + len(measured["methods"]))
    columns[0].metric(t("The network of this run"), "–" if ours is None else said(ours),
                      help=t("Train it to the end first.") if ours is None else None)
    for column, each in zip(columns[1:], measured["methods"]):
        column.metric(t(each["name"]), said(each["value"]))


def _nats(value: float) -> str:
    return i18n.number(value, 3)


def article(room: Room) -> None:
    """What the articles print, and what the correction changes."""
    st.header(t("As in the articles"))
    st.markdown(t("Two articles print the encoder of a transformer, and both leave out the same "
                  "thing:"))
    st.markdown("\n".join(f"{number}. {text}" for number, text in enumerate((
        t("**No positions.** Embedding, attention, sums: nothing says where a word stands. “The "
          "plot is dull, but the acting is brilliant” and its contrary get the same answer."),
        t("**No task.** The encoder ends with a vector for each word. Nothing is asked of it, so "
          "nothing can be trained. Here the mean of all words is judged."),
        t("**No mask.** Sentences of different length are filled up; without a mask, words look at "
          "what was filled up."),
        t("**Parts that do not exist.** In one of them FFN is nowhere defined, MultiHeadAttention "
          "gets the width where Keras takes the number of heads, and LayerNormalization gets it "
          "where it takes an axis: the program stops with an error.")), start=1)))
    with st.container(horizontal=True):
        for name, title in (("article", t("Choose the articles’")),
                            ("corrected", t("Choose the corrected one"))):
            st.button(title, key=f"{room.name}.{name}", on_click=knobs.assign,
                      args=(room, preset(room, name)))
