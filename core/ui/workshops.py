"""Prepared workshops: rooms in an order that works, what to say there, and how long.

They are texts under ``assets/workshops/<language>/<minutes>.md``: a title, a paragraph about whom
it is for, and steps. A step is a heading, the address of a room in angle brackets, and what to say.
"""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

import streamlit as st

from core import i18n
from core.i18n import t
from core.ui import visit

FOLDER = Path(__file__).parents[2] / "assets" / "workshops"
MINUTES = (20, 60)


@dataclass(frozen=True)
class Step:
    """One part of a workshop: a room's page with its link's parameters, and what to say."""

    title: str
    page: str
    query: dict[str, str]
    text: str


@dataclass(frozen=True)
class Workshop:
    minutes: int
    title: str
    text: str
    steps: tuple[Step, ...]


def workshop(minutes: int, language: str) -> Workshop:
    """The workshop of so many minutes, read from its file."""
    text = (FOLDER / language / f"{minutes}.md").read_text("utf-8")
    head, *parts = text.split("\n## ")
    title, _, intro = head.removeprefix("# ").partition("\n")
    return Workshop(minutes, title, intro.strip(), tuple(map(_step, parts)))


def _step(text: str) -> Step:
    title, address, says = (each.strip() for each in text.split("\n", 2))
    page, _, query = address.strip("<>").partition("?")
    return Step(title, page, dict(parse_qsl(query, keep_blank_values=True)), says)


def cards() -> None:
    """The workshops on Home."""
    st.header(t("Show it to others"))
    st.markdown(t("Prepared workshops: which room when, what to click, what to say."))
    with st.container(horizontal=True):
        for minutes in MINUTES:
            st.button(t("{minutes} minutes", minutes=i18n.number(minutes)),
                      icon=":material/co_present:", key=f"workshop-{minutes}",
                      on_click=visit.go, args=("workshops", {"minutes": str(minutes)}))


def page() -> None:
    """One workshop, step by step. On a wall what to say stays folded."""
    asked = st.query_params.get("minutes", "")
    minutes = int(asked) if asked in map(str, MINUTES) else MINUTES[0]
    chosen = workshop(minutes, i18n.language())
    st.title(chosen.title)
    with st.container(horizontal=True, key="workshop-choice"):
        for other in MINUTES:
            st.button(t("{minutes} minutes", minutes=i18n.number(other)),
                      type="primary" if other == minutes else "secondary",
                      key=f"workshop-{other}", on_click=visit.go,
                      args=("workshops", {"minutes": str(other)}))
    with st.container(key="workshop"):
        st.markdown(chosen.text)
        for number, step in enumerate(chosen.steps):
            _show(number, step)


def _show(number: int, step: Step) -> None:
    with st.container(key=f"workshop-step-{number}"):
        st.markdown(f"#### {step.title}")
        if visit.presenting():
            with st.expander(t("What to say")):
                st.markdown(step.text)
        else:
            st.markdown(step.text)
        st.button(t("Open the room"), icon=":material/arrow_forward:",
                  key=f"workshop-open-{number}", on_click=visit.go, args=(step.page, step.query))
