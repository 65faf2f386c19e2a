"""Take it home: the program, the network, the figures, a link for others."""

import threading
from functools import lru_cache

import streamlit as st

from core import engine, export, own
from core.data.shipped import shipped
from core.errors import VisitorError
from core.i18n import t
from core.params import from_text
from core.rooms import Room
from core.ui import address
from core.ui.parts import part

_WRITING = threading.Lock()


@part("home")
def panel(room: Room, run_id: str | None) -> None:
    """Downloads of a run that has ended, and a link with its QR code as soon as it exists."""
    st.header(t("Take it home"))
    if not run_id:
        st.markdown(t("Train a network first: then its program, its weights and its figures are "
                      "here to take away."))
        return
    files, link = st.columns([3, 2], gap="large")
    with files:
        _files(room, run_id)
    with link:
        _link(room, run_id)


def _files(room: Room, run_id: str) -> None:
    mind = engine.current()
    end, kept = mind.events(run_id)[-1], mind.store.run(run_id)
    if end["type"] != "end" or kept is None:
        st.markdown(t("The downloads appear here when the run has ended."))
        if end["type"] == "end":
            _when_kept(run_id)
        return
    text = _program(run_id)
    stem = f"{room.name}-{run_id[:6]}"
    with st.container(horizontal=True):
        st.download_button(t("Program (.py)"), text, f"{stem}.py", "text/x-python",
                           icon=":material/code:", on_click="ignore")
        stored = mind.models.load(room.name, f"run:{run_id}")
        if stored:
            ending = "keras" if room.trains == "keras" else "npz"
            st.download_button(t("Network (.{ending})", ending=ending), stored["model"],
                               f"{stem}.{ending}",
                               "application/octet-stream", icon=":material/hub:",
                               on_click="ignore")
        if name := kept.params.get(own.PARAMETER):
            _own_data(name)
        for name in room.beside(from_text(room.params, kept.params)[0]):
            _beside(name)
        st.download_button(t("Figures (.csv)"), export.metrics_csv(mind.events(run_id)),
                           f"{stem}.csv", "text/csv", icon=":material/table_chart:",
                           on_click="ignore")
    with st.expander(t("Read the program")):
        st.code(text, language="python")


@st.fragment(run_every=1.0)
def _when_kept(run_id: str) -> None:
    """Draw the page again when the run is written down: a quick one may end before that."""
    if engine.current().store.run(run_id):
        st.rerun()


def _program(run_id: str) -> str:
    """The program of a run that has ended, written once for all who look at it."""
    with _WRITING:
        return _written(run_id)


@lru_cache(maxsize=32)
def _written(run_id: str) -> str:
    mind = engine.current()
    return export.program_of_run(mind.store.run(run_id), mind.events(run_id))


def _beside(name: str) -> None:
    """A shipped network from which the run started; the program does so, too."""
    file = shipped(name)
    st.download_button(t("Where it started ({file})", file=file.name), file.read_bytes(), file.name,
                       "application/octet-stream", icon=":material/hub:", on_click="ignore",
                       help=t("Put it into the program’s folder."))


def _own_data(name: str) -> None:
    """What the visitor trained with; the program reads it if it lies beside it."""
    try:
        content = own.content(name)
    except VisitorError:
        return  # removed meanwhile; what was learned from it stays
    st.download_button(t("Your data (.npz)"), content, f"{name}.npz", "application/octet-stream",
                       icon=":material/database:", on_click="ignore",
                       help=t("Put it into the program’s folder."))


def _link(room: Room, run_id: str) -> None:
    link = f"{address.base_address()}/{room.name}?run={run_id}"
    st.html(address.qr(link, t("QR code of the link")))
    st.code(link, language=None, wrap_lines=True)
    st.caption(t("Whoever opens this link follows the run live and can try its network."))
    st.html(address.handout(room.name, run_id))
