"""A visit: who is here, in which language, on which screen, with whom.

The link decides, then what the visitor chose, then the browser. Parameters of the link that no
widget owns vanish when the page changes, so they are kept in the session and written back: a page
that is loaded again, as phones do, is the same visit.
"""

from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core import i18n
from core.live.sessions import Session, sessions
from core.live.visitor import COOKIE, owner

KEPT = ("present", "follow", "lead", "hide", "tour")
IN_LINKS = ("lang", *KEPT)
"""What a link says about the visit, beside its page, run and hyperparameters."""

_LANGUAGE, _GO, _PAGE = "visit.language", "visit.go", "visit.page"


def enter() -> None:
    """Take over what the link says. Call first in every run of the script."""
    link = st.query_params
    if link.get("lang") in i18n.LANGUAGES:
        st.session_state[_LANGUAGE] = link["lang"]
    for name in KEPT:
        if name in link:
            st.session_state[f"visit.{name}"] = link[name]
    if link.get("lead") and not leads():  # a presenter's own address, opened by somebody else
        keep("follow", link["lead"])
        keep("lead", "")
    i18n.use(language())
    i18n.ask(_language_of_this_thread)


def keep(name: str, value: str) -> None:
    """Have this visit say ``name`` from now on; "" no longer."""
    st.session_state[f"visit.{name}"] = value
    if name in st.query_params:  # the next run of the script would take it over again
        st.query_params[name] = value


def said(name: str) -> str:
    """What this visit says of ``name``, one of `KEPT`."""
    return st.session_state.get(f"visit.{name}", "")


def arrive(page: str) -> None:
    """The visit is on ``page`` now ("" is Home); the address says what the visit says."""
    st.session_state[_PAGE] = page
    for name in KEPT:
        if not said(name):
            st.query_params.pop(name, None)
        elif st.query_params.get(name) != said(name):
            st.query_params[name] = said(name)


def here() -> str:
    """The page that is shown; "" is Home."""
    return st.session_state.get(_PAGE, "")


def language() -> str:
    """The language of this visit."""
    return i18n.choose(None, st.session_state.get(_LANGUAGE),
                       st.context.headers.get("Accept-Language"))


def _language_of_this_thread() -> str:
    """A callback or a part of a page that Streamlit draws again by itself may run in a thread
    that has never entered: it speaks the language of its visit, too."""
    return language() if get_script_run_ctx(suppress_warning=True) else "en"


def speak(language: str) -> None:
    """The visitor chose a language."""
    st.session_state[_LANGUAGE] = language
    if "lang" in st.query_params:
        st.query_params["lang"] = language


def presenting() -> bool:
    """Whether this page is shown on a wall: large type, no operator's controls."""
    return said("present") == "1"


def leads() -> Session | None:
    """The session that this window leads, if it is this visitor's."""
    return sessions().led(said("lead"), visitor())


def follows() -> Session | None:
    """The session that this window follows."""
    return sessions().get(said("follow"))


def hidden() -> frozenset[str]:
    """The parts of pages that are not shown here: the presenter says, or the link."""
    if session := follows():
        return session.hidden
    return frozenset(filter(None, said("hide").split(",")))


def go(page: str, query: dict[str, str]) -> None:
    """Have the next run of the script show another page."""
    st.session_state[_GO] = (page, query)


def gone() -> tuple[str, dict[str, str]] | None:
    """Where to go before anything is drawn; asked once."""
    return st.session_state.pop(_GO, None)


def link(path: str, **values: str) -> str:
    """The address of a page of this app that keeps what this visit's link or visitor chose."""
    if _LANGUAGE in st.session_state:
        values["lang"] = st.session_state[_LANGUAGE]
    values.update({name: said(name) for name in KEPT if said(name)})
    return f"{path}?{urlencode(values)}" if values else path


def dark() -> bool:
    """Whether the visitor's theme is dark."""
    return st.context.theme.type == "dark"


def visitor() -> str:
    """The name under which this visitor's runs are kept."""
    return owner(st.context.cookies.get(COOKIE))
