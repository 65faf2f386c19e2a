"""A visit: who is here, in which language, on which screen.

The link decides, then what the visitor chose, then the browser. Parameters of the link that no
widget owns vanish when the page changes, so they are kept in the session.
"""

from urllib.parse import urlencode

import streamlit as st

from core import i18n
from core.live.visitor import COOKIE, owner

_LANGUAGE, _PRESENT = "visit.language", "visit.present"


def enter() -> None:
    """Take over what the link says. Call first in every run of the script."""
    link = st.query_params
    if link.get("lang") in i18n.LANGUAGES:
        st.session_state[_LANGUAGE] = link["lang"]
    if "present" in link:
        st.session_state[_PRESENT] = link["present"] == "1"
    i18n.use(language())


def language() -> str:
    """The language of this visit."""
    return i18n.choose(None, st.session_state.get(_LANGUAGE),
                       st.context.headers.get("Accept-Language"))


def speak(language: str) -> None:
    """The visitor chose a language."""
    st.session_state[_LANGUAGE] = language
    if "lang" in st.query_params:
        st.query_params["lang"] = language


def presenting() -> bool:
    """Whether this page is shown on a wall: large type, no operator's controls."""
    return st.session_state.get(_PRESENT, False)


def link(path: str, **values: str) -> str:
    """The address of a page of this app that keeps what this visit's link or visitor chose."""
    if _LANGUAGE in st.session_state:
        values["lang"] = st.session_state[_LANGUAGE]
    if presenting():
        values["present"] = "1"
    return f"{path}?{urlencode(values)}" if values else path


def dark() -> bool:
    """Whether the visitor's theme is dark."""
    return st.context.theme.type == "dark"


def visitor() -> str:
    """The name under which this visitor's runs are kept."""
    return owner(st.context.cookies.get(COOKIE))
