"""A place for the visitor's own file, the same in every room."""

from collections.abc import Callable

import streamlit as st

from core import own
from core.i18n import N_, t
from core.live.uploads import Uploaded, uploads
from core.rooms import Room
from core.ui import knobs, live, visit

ACCEPT = {
    "picture": "image/png,image/jpeg,image/webp,image/bmp,image/gif",
    "archive": ".zip", "session": ".zip", "keras": ".keras",
    "table": ".csv,.tsv,.txt", "payments": ".csv,.tsv,.txt", "pairs": ".tsv,.csv,.txt",
    "series": ".csv,.tsv,.txt", "text": ".txt,.md,.csv,text/*",
    "graph": ".csv,.tsv,.txt,.graphml,.xml",
    "sound": ".wav,.flac,.ogg,.mp3,audio/*", "recordings": ".zip",
}
SAYS = {
    "picture": N_("PNG, JPEG, WebP, GIF or BMP."),
    "archive": N_("A zip with one folder of pictures for each class."),
    "session": N_("A zip that was saved on this page."),
    "keras": N_("A network saved by Keras 3 (.keras)."),
    "table": N_("A table as CSV or TSV."),
    "payments": N_("Payments as CSV."),
    "series": N_("A series as CSV."),
    "text": N_("A text file in any language."),
    "graph": N_("An edge list as CSV, or GraphML."),
    "pairs": N_("Pairs of sentences as TSV or CSV."),
    "recordings": N_("A zip with one folder of recordings for each word."),
    "sound": N_("WAV, FLAC, OGG or MP3."),
}


def own_data(room: Room, kind: str, begin_with: Callable[[dict], dict] = lambda told: {},
             **how: int) -> None:
    """Let the visitor bring data to train on: once read it is kept, and the hyperparameters name
    it. ``kind`` and ``how`` as in :data:`core.live.uploads.KINDS`; ``begin_with`` gives further
    hyperparameters for what the reader told."""

    uploader(room.name, kind, lambda uploaded: adopt(room, uploaded, begin_with), **how)


def adopt(room: Room, uploaded: Uploaded, begin_with: Callable[[dict], dict]) -> None:
    """Keep what was uploaded, and have the hyperparameters name it."""
    name = own.keep(uploaded.path, uploaded.told)
    used(room.name, uploaded)
    chosen = {"dataset": "own", own.PARAMETER: name, **begin_with(uploaded.told)}
    knobs.assign(room, knobs.current(room).model_copy(update=chosen))


def uploader(page: str, kind: str, then: Callable[[Uploaded], None] | None = None,
             **how: int) -> Uploaded | None:
    """Let the visitor upload a file; returns the one that is here, read already.

    ``page``: the page's name; ``kind`` and ``how`` as in :data:`core.live.uploads.KINDS`;
    ``then`` is called with a file that has just come, before the page is drawn.
    """
    key = f"{page}.files.{kind}"
    uploaded = uploads.get(st.session_state.get(f"{key}.token", ""), visit.visitor())

    def arrived() -> None:
        if token := st.session_state[key].uploaded:
            uploads.remove(st.session_state.get(f"{key}.token", ""))
            st.session_state[f"{key}.token"] = token
            new = uploads.get(token, visit.visitor())
            if then and new:
                then(new)

    live.mount("files", key, page, {
        "kind": kind, "how": how, "accept": ACCEPT[kind], "says": t(SAYS[kind]),
        "limit": uploads.limit(kind, visit.visitor()), "name": uploaded.name if uploaded else "",
    }, uploaded=arrived)
    return uploaded


def used(page: str, uploaded: Uploaded) -> None:
    """What was uploaded is not needed any longer."""
    uploads.remove(uploaded.token)
    st.session_state.pop(f"{page}.files.{uploaded.kind}.token", None)
