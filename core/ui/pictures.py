"""Pieces for rooms that classify pictures: own pictures, augmentation, a look inside."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from core import engine, own
from core.errors import VisitorError
from core.i18n import t
from core.live.uploads import uploads
from core.params import Params, knobs, to_text
from core.rooms import AUGMENTATION, Room
from core.ui import classes, files, live, training, visit
from core.ui.parts import group_part, part, shows

EXAMPLE = Path(__file__).parents[2] / "assets" / "samples" / "cnn" / "shapes.zip"
TSNE_SECONDS = 60


@part("own")
def own_pictures(room: Room, begin_with: Callable[[dict], dict], side: int) -> None:
    """The visitor's own pictures, taken with the camera or as a zip of class folders.

    ``begin_with``: the hyperparameters with which a network begins on them, from what the reader
    told; ``side``: pixels of a picture, as the room keeps them.
    """
    st.header(t("Your own pictures"))
    st.markdown(t("Two or more classes, each with at least three pictures. They stay on this "
                  "server and go after a day unless a run was made with them; whoever opens that "
                  "run’s link can see them."))
    st.subheader(t("With the camera, class by class"))
    _camera(room, begin_with, side)
    st.subheader(t("As a zip of folders"))
    left, right = st.columns(2, gap="large")
    with left:
        files.own_data(room, "archive", begin_with, side=side)
        st.download_button(t("An example (.zip)"), EXAMPLE.read_bytes(), EXAMPLE.name,
                           "application/zip", icon=":material/download:", on_click="ignore",
                           help=t("Drawn by a program: three shapes, forty pictures of each."))
    with right:
        _present(room)


def _camera(room: Room, begin_with: Callable[[dict], dict], side: int) -> None:
    key = f"{room.name}.collect"

    def arrived() -> None:
        uploaded = uploads.get(st.session_state[key].uploaded or "", visit.visitor())
        if uploaded:
            files.adopt(room, uploaded, begin_with)
            training.want(room)

    live.mount("collect", key, room.name, {"how": {"side": side}}, uploaded=arrived)


def _present(room: Room) -> None:
    """The classes of the visitor's pictures, and how many of each there are."""
    params = st.session_state.get(f"{room.name}.params")
    told = own.told(getattr(params, own.PARAMETER, "")) if params else None
    if not told:
        st.markdown(":gray[" + t("Each folder is a class: cats/1.jpg, cats/2.jpg, dogs/1.jpg …") +
                    "]")
        return
    st.markdown(t("**{count} pictures** are here to train on:", count=told["count"]))
    st.dataframe({t("Class"): list(told["classes"]), t("Pictures"): list(told["classes"].values())},
                 hide_index=True)
    if told["left_out"]:
        st.warning(t("{count} files could not be read and were left out; the first: {file}",
                     count=told["left_out"], file=told["problems"][0]["file"]))


def augmentation(room: Room, params: Params) -> None:
    """Pictures as training would see them, if they are to be moved."""
    moved = any(getattr(params, each.name) for each in knobs(room.params)
                if each.group == AUGMENTATION)
    if moved and shows(group_part(AUGMENTATION)) and room.outline(params).layers:
        live.mount("augment", f"{room.name}.augment", room.name, {
            "room": room.name, "model": f"weights:{room.weights[0].name}",
            "params": to_text(params)})


@part("inside")
def look_inside(room: Room, model: str) -> None:
    """The network drawn with a picture going through it, where it errs, and how its last hidden
    layer sees the pictures. Pictures of sounds can be listened to where it errs."""
    sounds = "sound" in room.tries
    here = {"room": room.name, "model": model, "names": classes.names(room, model)}
    st.header(t("Look inside"))
    live.mount("inside", f"{room.name}.inside", room.name, {**here, "epochs": _epochs(model)})
    st.subheader(t("Where it errs"))
    if sounds:
        st.markdown(t("Press a picture to hear what was said."))
    live.mount("mistakes", f"{room.name}.mistakes", room.name, {**here, "sounds": sounds})
    st.subheader(t("The last hidden layer"))
    _cloud(room, here)


def _epochs(model: str) -> int:
    """How many epochs of a run there are to look back at."""
    if not model.startswith("run:"):
        return 0
    events = engine.current().events(model.removeprefix("run:"))
    return max((each["epoch"] for each in events if each["type"] == "snapshot"), default=0)


def _cloud(room: Room, here: dict) -> None:
    key = f"{room.name}.cloud"

    def arrange() -> None:
        st.session_state[f"{key}.tsne"] = _arranged(room, st.session_state[key].tsne)

    told = st.session_state.get(f"{key}.tsne", {})
    live.mount("cloud", key, room.name, {**here, **told}, tsne=arrange)


def _arranged(room: Room, model: str | None) -> dict:
    """The features of a network's pictures, arranged by t-SNE in the light worker."""
    try:
        told = engine.current().ask(room.name, model or "", "features", {})
        points = engine.current().light("core.insight.neighbours:tsne", told["rows"],
                                        told["columns"], told["data"], seconds=TSNE_SECONDS)
    except VisitorError as error:
        return {"problem": error.says()}
    return {"tsne": {"model": model, "points": points}}
