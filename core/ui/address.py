"""Addresses that others can open: links and QR codes."""

import ipaddress
import socket
from urllib.parse import urlencode, urlsplit, urlunsplit

import segno
import streamlit as st

from core.i18n import t
from core.settings import settings
from core.ui import visit


def base_address() -> str:
    """The address under which others reach this app."""
    return settings().public_url.rstrip("/") or for_others(st.context.url or "", visit.here())


def for_others(address: str, page: str) -> str:
    """The app's address, from that of its page ``page`` ("" is Home) as this visitor sees it:
    without the page's name, and with this machine's address on the local network where it says
    localhost."""
    here = urlsplit(address)
    host = here.netloc
    if _only_here(here.hostname or ""):
        host = f"{_local_address()}:{here.port}" if here.port else _local_address()
    path = here.path.rstrip("/")
    path = path.removesuffix(f"/{page}") if page else path
    return urlunsplit((here.scheme, host, path, "", ""))


def qr(address: str, words: str, kind: str = "pc-qr") -> str:
    """A QR code as HTML. ``words`` say what it is."""
    code = segno.make(address, error="m").svg_data_uri(border=2, light="white", omitsize=True)
    return f'<img class="{kind}" alt="{words}" src="{code}">'


def handout(room: str, run_id: str = "") -> str:
    """A link to the room's handout as HTML, in a window of its own that neither leads nor
    follows."""
    values = {"room": room, **({"run": run_id} if run_id else {}), "lang": visit.language()}
    return (f'<a class="pc-link-button" target="_blank" href="handout?{urlencode(values)}">'
            f'{t("Print a handout")}</a>')


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
