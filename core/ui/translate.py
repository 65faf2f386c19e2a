"""Pieces of the page on translation: type and see, the beams, own pairs, what stands beside it."""

import json
from functools import cache
from html import escape
from pathlib import Path

import streamlit as st

from core import engine, i18n, own
from core.data.shipped import shipped
from core.errors import VisitorError
from core.i18n import N_, t
from core.params import Params
from core.rooms import Room
from core.ui import files, knobs, live, training
from core.ui import room as rooms
from core.ui.parts import part

EXAMPLE = Path(__file__).parents[2] / "assets" / "samples" / "translate" / "german.tsv"
REAL = "tatoeba"  # the shipped network that has read what people wrote
LANGUAGES = {"English": N_("English"), "中文": N_("Chinese"), "1": N_("First language"),
             "2": N_("Second language")}


@part("try")
def try_it(this: Room, params: Params, run_id: str | None) -> None:
    """Type a sentence and watch it being written. Before there is a run, the network answers that
    has read real sentences."""
    model, name = answering(this, params, run_id)
    st.markdown(t("Answered by: {name}.", name=f"**{name}**"))
    if model == f"weights:{REAL}":
        st.caption(t("On {count} English sentences that it has never seen it reaches BLEU {bleu} "
                     "of 100. Everyday sentences often come out well; names, long sentences and "
                     "rare words do not: it has read {pairs} pairs, and nothing else in its life.",
                     count=i18n.number(1000),
                     pairs=i18n.number(27101), bleu=i18n.number(card()["test_beam_bleu"], 1)))
    live.mount("translate", f"{this.name}.translate", this.name, {
        "room": this.name, "model": model,
        "languages": {name: t(title) for name, title in LANGUAGES.items()}})


def answering(this: Room, params: Params, run_id: str | None) -> tuple[str, str]:
    """Which network answers, and its name."""
    if run_id:
        return rooms.model_ref(this, params, run_id)
    known = next(each for each in this.weights if each.name == REAL)
    return f"weights:{known.name}", t(known.title)


@cache
def card() -> dict[str, float]:
    """What the shipped network was measured to do."""
    return json.loads(shipped(f"weights/translate/{REAL}.json").read_text("utf-8"))["metrics"]


@part("inside")
def beams(this: Room) -> None:
    """Beam search as a tree."""
    st.header(t("Look inside: beginnings that compete"))
    st.markdown(t("The network only says how probable each next piece is. Always taking the most "
                  "probable one is greedy, and may lead into a dead end. Beam search keeps several "
                  "beginnings alive. A score is the logarithm of a probability, so the nearest to "
                  "zero wins; the length penalty makes up for what longer sentences lose."))
    live.mount("beams", f"{this.name}.beams", this.name, {})


@part("baseline")
def rivals(this: Room, params: Params, run_id: str | None) -> None:
    """Two methods without a network, on the same split."""
    st.header(t("Is it worth it?"))
    shown = training.params_of(this, run_id) if run_id else params
    if this.outline(shown).problem:
        return
    st.markdown(t("Two ways without a network, on the same test sentences: answer with the "
                  "translation of the most similar sentence that is known, or translate word by "
                  "word with a dictionary that is counted from the pairs."))
    key = f"{this.name}.rivals.{shown.dataset}.{shown.own}"
    if st.button(t("Measure simpler methods"), key=f"{this.name}.measure",
                 icon=":material/balance:") and key not in st.session_state:
        try:
            with st.spinner(t("Fitting simpler methods …")):
                st.session_state[key] = engine.current().baseline(this.name, shown)
        except VisitorError as error:
            st.error(error.says())
    if key not in st.session_state:
        return
    ours = (training.final(run_id) or {}).get("test_bleu")
    columns = st.columns(3)
    columns[0].metric(t("The network of this run, greedy"),
                      "–" if ours is None else i18n.number(ours, 1),
                      help=t("Train it to the end first.") if ours is None else None)
    for column, each in zip(columns[1:], st.session_state[key]["methods"]):
        column.metric(t(each["name"]), i18n.number(each["metrics"]["test_bleu"], 1))
    st.caption(t("BLEU on the test sentences, 0 to 100: how many runs of one to four pieces also "
                 "stand in a translation by a person. Higher is better."))


@part("own")
def own_pairs(this: Room, params: Params) -> None:
    """Upload, and what was found in the file."""
    st.header(t("Your own languages"))
    bring, found = st.columns([2, 3], gap="large")
    with bring:
        st.markdown(t("A text file with a sentence, a tab and its translation in each line, or a "
                      "CSV with two columns: any two languages, 50 to 50,000 pairs. A tenth is "
                      "kept for the test."))
        st.download_button(t("Example: german.tsv"), EXAMPLE.read_bytes(), EXAMPLE.name,
                           "text/tab-separated-values", icon=":material/translate:",
                           on_click="ignore",
                           help=t("300 pairs of English and German that a grammar of this project "
                                  "makes."))
        files.own_data(this, "pairs")
    with found:
        _found(params)


def _found(params: Params) -> None:
    """What is known of the visitor's pairs."""
    told = own.told(params.own) if params.dataset == "own" and params.own else None
    if told is None:
        st.markdown(f":gray[{t('What was found in your file will stand here.')}]")
        return
    st.markdown(t("**{pairs} pairs**, {train} of them to learn from; {read} words and marks are "
                  "known of the first language, {write} of the second.",
                  pairs=i18n.number(told["pairs"]), train=i18n.number(told["train"]),
                  read=i18n.number(told["words"][0]), write=i18n.number(told["words"][1])))
    if told["left_out"]:
        st.caption(t("{count} lines were left out: twice the same, too long, or one side empty.",
                     count=i18n.number(told["left_out"])))
    head = "".join(
        f'<th scope="col">{escape(t(LANGUAGES[name]))}</th>' if name in LANGUAGES else
        f'<th scope="col" translate="no">{escape(name)}</th>' for name in told["languages"])
    rows = "".join("<tr>" + "".join(f'<td translate="no">{escape(side)}</td>' for side in pair)
                   + "</tr>" for pair in told["preview"])
    st.html(f'<div class="pc-strip" tabindex="0"><table class="pc-differences">'
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>")


def article(this: Room) -> None:
    """What the article prints, what the corrections change, and by how much."""
    st.header(t("As in the article"))
    st.markdown(t("The article’s translator is two encoders, one for each language. Three things "
                  "are missing:"))
    st.markdown("\n".join(f"{number}. {text}" for number, text in enumerate((
        t("**Cross-attention.** What the first encoder makes of the English sentence goes nowhere: "
          "nothing connects it with the answer. Keras even leaves it out of the network."),
        t("**A mask.** The second encoder looks at the whole Chinese sentence, also at the piece "
          "that it is about to guess. It copies that, is right almost always, and has learned "
          "nothing."),
        t("**Positions.** Words are looked up and no more: for attention their order is all the "
          "same. The room adds positions to all its networks.")), start=1)))
    measured = table()
    if measured:
        st.html(_arrangements(measured))
        st.caption(t("The small grammar, the same size and {epochs} epochs each, seed {seeds}: "
                     "`python -m benchmarks.translate article`. BLEU of greedy translations "
                     "of 250 sentences that were not in the training part.",
                     epochs=measured["epochs"], seeds=", ".join(map(str, measured["seeds"]))))
    presets = {each.name: each for each in this.presets}
    with st.container(horizontal=True):
        for name, title in (("article", t("Choose the article’s")),
                            ("corrected", t("Choose the corrected one"))):
            st.button(title, key=f"{this.name}.{name}", on_click=knobs.assign,
                      args=(this, this.params(**presets[name].values)))


@cache
def table() -> dict | None:
    """What ``python -m benchmarks.translate article`` measured."""
    path = shipped("weights/translate/article.json")
    return json.loads(path.read_text("utf-8")) if path.exists() else None


def _arrangements(measured: dict) -> str:
    titles = {"article": t("As in the article"), "deaf": t("With the mask, without "
              "cross-attention"), "corrected": t("With both")}
    heads = ("", t("Next piece right, while it trains"), "BLEU")
    rows = "".join(
        f'<tr><th scope="row">{escape(titles[name])}</th>'
        f'<td>{i18n.percent(each["accuracy"])}</td><td>{i18n.number(each["bleu"], 1)}</td></tr>'
        for name, each in measured["rows"].items())
    return ('<div class="pc-strip" tabindex="0"><table class="pc-differences"><thead><tr>'
            + "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
            + f"</tr></thead><tbody>{rows}</tbody></table></div>")
