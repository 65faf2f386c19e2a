"""The gallery on the home page."""

import base64
from pathlib import Path

import streamlit as st

from core import engine
from core.catalogue import ROOMS, SECTIONS, room
from core.i18n import t
from core.rooms import Room
from core.ui import visit
from core.ui.states import STATES

PICTURES = Path(__file__).parents[2] / "assets" / "pictures"
POLL_SECONDS = 2.0


def welcome() -> None:
    """What this place is, in one sentence."""
    st.title("Perceptorium")
    st.markdown(t("A hands-on museum of deep learning. Every network here is trained for real, "
                  "while you watch and with your hands on it."))


def rooms() -> None:
    """All rooms by section, each with its picture and one sentence."""
    st.html(f'<div class="pc-gallery">{"".join(map(_section, SECTIONS))}</div>')


def _section(name: str) -> str:
    cards = [_card(each) for each in ROOMS if each.section == name]
    return (f'<section style="--rooms: {len(cards)}"><h2>{t(SECTIONS[name])}</h2>'
            f'{"".join(cards)}</section>')


def _card(each: Room) -> str:
    picture = base64.b64encode((PICTURES / f"{each.name}.svg").read_bytes()).decode()
    return (f'<a class="pc-card" href="{visit.link(each.name)}" target="_self">'
            f'<img alt="" src="data:image/svg+xml;base64,{picture}">'
            f'<strong>{t(each.title)}</strong><span>{t(each.sentence)}</span></a>')


@st.fragment(run_every=POLL_SECONDS)
def in_progress() -> None:
    """Runs that train or wait, with links that follow them."""
    runs = engine.current().in_progress()
    st.header(t("In training now"))
    if not runs:
        st.markdown(f":gray[{t('Nobody is training. Choose a room and press Train.')}]")
    for run in runs:
        here = room(run.room)
        state = run.last("state") or {}
        says = (t("number {place} in the queue", place=state["place"])
                if state.get("place") and run.state == "queued" else t(STATES[run.state]))
        st.html(f'<a href="{visit.link(run.room, run=run.run_id)}" target="_self">'
                f"{t(here.title)}</a> · {says}")
