"""Pieces of the page on spoken words: hear and be heard, what sound looks like, own words."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import streamlit as st

from core import engine, i18n, own
from core.data.shipped import shipped
from core.i18n import t
from core.live.uploads import uploads
from core.params import Params
from core.rooms import Room
from core.ui import classes, files, knobs, live, training, visit
from core.ui import room as rooms
from core.ui.parts import part

EXAMPLE = Path(__file__).parents[2] / "assets" / "samples" / "speech" / "words.zip"
REAL = "fsdd"  # the shipped network that has heard people
STRANGERS = shipped("weights/speech/strangers.json")  # of benchmarks/speech.py, once it was run


@part("try")
def hear(room: Room, params: Params, run_id: str | None) -> None:
    """Say something, and see which word the network hears. Before there is a run, the network
    answers that knows real voices."""
    model, name = rooms.model_ref(room, params, run_id)
    if not run_id:
        known = next(each for each in room.weights if each.name == REAL)
        model, name = f"weights:{known.name}", t(known.title)
    st.markdown(t("Answered by: {name}.", name=f"**{name}**"))
    figures = st.empty()  # always there: what stands below keeps its place, and its state
    if model == f"weights:{REAL}" and STRANGERS.exists():
        figures.caption(t("On other recordings of the six people it learned from it is right in "
                          "{known}; on people it has never heard, trained anew without each of the "
                          "six in turn, in {strangers}. That is what you can expect.",
                          **{name: i18n.percent(share) for name, share in _figures().items()}))
    live.mount("hear", f"{room.name}.hear", room.name, {
        "room": room.name, "model": model, "names": classes.names(room, model),
        "follows_epoch": model.startswith("run:"),
        "limits": {"bytes": engine.current().settings.sound_bytes}})


@cache
def _figures() -> dict[str, float]:
    """What the shipped network of real voices was measured to do, by benchmarks/."""
    card, strangers = (json.loads(path.read_text("utf-8")) for path in (
        shipped(f"weights/speech/{REAL}.json"), STRANGERS))
    return {"known": card["metrics"]["test_accuracy"],
            "strangers": sum(strangers.values()) / len(strangers)}


@part("inside")
def spectra(room: Room) -> None:
    """The same sound as waveform, spectrogram, mel spectrogram and MFCC."""
    st.header(t("What sound looks like"))
    st.markdown(t("A sound is cut into short frames that overlap; of each, the frequencies are "
                  "measured. Move window and hop, and hear what the picture still holds. What you "
                  "record above appears here, too."))
    live.mount("spectra", f"{room.name}.spectra", room.name, {"room": room.name})


@part("own")
def own_words(room: Room, params: Params, begin_with: Callable[[dict], dict]) -> None:
    """Teach it your words, with the microphone or as a zip of class folders."""
    st.header(t("Teach it your words"))
    st.markdown(t("Two or more words in any language, each said at least three times; five are "
                  "better. Training takes seconds: only the last layer learns, on what our network "
                  "of real voices hears. The recordings stay on this server and go after a day "
                  "unless a run was made with them; whoever opens that run’s link can hear them."))
    key = f"{room.name}.teach"

    def arrived() -> None:
        uploaded = uploads.get(st.session_state[key].uploaded or "", visit.visitor())
        if uploaded:
            files.adopt(room, uploaded, begin_with)
            training.want(room)

    live.mount("teach", key, room.name, {}, uploaded=arrived)
    st.subheader(t("Recordings as a zip of folders"))
    left, right = st.columns(2, gap="large")
    with left:
        files.own_data(room, "recordings", begin_with)
        st.download_button(t("Example: words.zip"), EXAMPLE.read_bytes(), EXAMPLE.name,
                           "application/zip", icon=":material/download:", on_click="ignore",
                           help=t("Said by synthetic voices: three words, eight recordings of "
                                  "each."))
    with right:
        _present(params)


def _present(params: Params) -> None:
    """The visitor's words, and how many recordings of each there are."""
    told = own.told(params.own) if params.dataset == "own" and params.own else None
    if told is None:
        st.markdown(":gray[" + t("Each folder is a word: yes/1.wav, yes/2.m4a, no/1.wav …") + "]")
        return
    st.markdown(t("**{count} recordings** are here to train on:", count=told["count"]))
    st.dataframe({t("Word"): list(told["classes"]),
                  t("Recordings"): list(told["classes"].values())}, hide_index=True)
    if told["left_out"]:
        st.warning(t("{count} files could not be read and were left out; the first: {file}",
                     count=told["left_out"], file=told["problems"][0]["file"]))


def article(room: Room) -> None:
    """What the article prints, and what the correction changes."""
    st.header(t("As in the article"))
    st.markdown(t("The article’s network is two 1-D convolutions over 100 frames of 40 numbers, "
                  "and it is sound. What it is fed is not:"))
    st.markdown("\n".join(f"{number}. {text}" for number, text in enumerate((
        t("**Random features, random labels.** It learns 1,000 of them by heart; on others it "
          "guesses one in ten right. No sound is ever read, though librosa is imported."),
        t("**The test validates.** Its test part is what it watches while it trains, so nothing "
          "is left that it has not seen. Here three parts are kept."),
        t("**No scale.** Log-mel values run over 60 decibels, and some bands are always louder. "
          "The correction brings each band to mean 0 and variance 1, measured on the training "
          "part only.")), start=1)))
    presets = {each.name: each for each in room.presets}
    with st.container(horizontal=True):
        for name, title in (("article", t("Choose the article’s")),
                            ("corrected", t("Choose the corrected one"))):
            st.button(title, key=f"{room.name}.{name}", on_click=knobs.assign,
                      args=(room, room.params(**presets[name].values)))
