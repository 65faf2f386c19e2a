"""Take it home: the program, the network, the figures, a link for others."""

import ipaddress
import socket
from urllib.parse import urlsplit, urlunsplit

import segno
import streamlit as st

from core import engine, export, own
from core.errors import VisitorError
from core.i18n import t
from core.rooms import Room
from core.settings import settings


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
    if end["type"] != "end" or kept is None:  # a quick run may end before it is written down
        st.markdown(t("The downloads appear here when the run has ended."))
        return
    text = export.program_of_run(kept, mind.events(run_id))
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
        st.download_button(t("Figures (.csv)"), export.metrics_csv(mind.events(run_id)),
                           f"{stem}.csv", "text/csv", icon=":material/table_chart:",
                           on_click="ignore")
    with st.expander(t("Read the program")):
        st.code(text, language="python")


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
    address = f"{base_address()}/{room.name}?run={run_id}"
    code = segno.make(address, error="m").svg_data_uri(border=2, light="white", omitsize=True)
    st.html(f'<img class="pc-qr" alt="{t("QR code of the link")}" src="{code}">')
    st.code(address, language=None, wrap_lines=True)
    st.caption(t("Whoever opens this link follows the run live and can try its network."))


def base_address() -> str:
    """The address under which others reach this app."""
    return settings().public_url.rstrip("/") or for_others(st.context.url or "")


def for_others(page: str) -> str:
    """The app's address, from that of a page of it as this visitor sees it: without the page's
    name, and with this machine's address on the local network where it says localhost."""
    here = urlsplit(page)
    host = here.netloc
    if _only_here(here.hostname or ""):
        host = f"{_local_address()}:{here.port}" if here.port else _local_address()
    return urlunsplit((here.scheme, host, here.path.rpartition("/")[0], "", ""))


def _only_here(name: str) -> bool:
    """Whether a host's name means "this machine" to whoever says it."""
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")
    return address.is_loopback or address.is_unspecified


def _local_address() -> str:
    """This machine's address on the local network. No packet is sent: choosing a route suffices."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # reserved for documentation: nobody is there
            return probe.getsockname()[0]
        except OSError:
            return socket.gethostname()
