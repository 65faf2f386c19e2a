"""Browser modules as Streamlit components, and their way to the server when sockets are blocked.

A module's first line, ``// after: a.js b.js``, names the modules whose code it needs in front.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from core import engine
from core.i18n import t
from core.live.conversation import Conversation
from core.ui import visit
from core.ui.words import WORDS

COMPONENTS = Path(__file__).parents[2] / "assets" / "components"
POLL_SECONDS = 1.0
KEPT_MESSAGES = 60


def mount(module: str, key: str, page: str, data: dict[str, Any],
          **triggers: Callable[[], None]) -> Any:
    """Show a browser module. ``triggers`` are callbacks for what the module reports
    (``again=…`` is called when it triggers "again"); the value is in ``st.session_state[key]``.
    """
    polling = st.session_state.get(f"{key}.polling", False)
    fragment = st.fragment(_mount, run_every=POLL_SECONDS if polling else None)
    return fragment(module, key, page, data, triggers)


def _mount(module: str, key: str, page: str, data: dict[str, Any],
           triggers: dict[str, Callable[[], None]]) -> Any:
    talk = _Letters.of(key)
    polling = st.session_state.get(f"{key}.polling", False)
    result = _component(module)(
        key=key, data={**data, "page": page, "lang": visit.language(),
                       "words": {name: t(word) for name, word in WORDS[module].items()},
                       "inbox": talk.inbox() if polling else []},
        on_message_change=lambda: talk.hear(st.session_state[key].get("message") or []),
        on_transport_change=lambda: None,
        **{f"on_{name}_change": callback for name, callback in triggers.items()})
    blocked = result.get("transport") == "poll"
    st.session_state[f"{key}.polling"] = blocked
    if blocked != polling or any(result.get(name) for name in triggers):
        st.rerun()  # the whole page, not only this fragment
    return result


class _Letters:
    """The fallback: messages that come with reruns of a fragment instead of the socket."""

    def __init__(self) -> None:
        self.talk = Conversation(engine.current(), visit.visitor(), visit.language())
        self.numbered: list[dict] = []
        self.count = 0

    @classmethod
    def of(cls, key: str) -> "_Letters":
        """The letters of one module on one page."""
        name = f"{key}.letters"
        if name not in st.session_state:
            st.session_state[name] = cls()
        letters = st.session_state[name]
        letters.talk.language = visit.language()
        return letters

    def hear(self, messages: list[dict]) -> None:
        for message in messages:
            self._keep(self.talk.hear(message))

    def inbox(self) -> list[dict]:
        """The last messages to the module, numbered: it takes each only once."""
        for message in self.talk.news():
            self._keep(message)
        return self.numbered[-KEPT_MESSAGES:]

    def _keep(self, message: dict) -> None:
        self.count += 1
        self.numbered = [*self.numbered[-KEPT_MESSAGES:], {**message, "n": self.count}]


@cache
def _component(module: str) -> Callable:
    """Register a module once for the whole server."""
    sources = _with_needed(f"{module}.js")
    styles = [COMPONENTS / "base.css", *(path.with_suffix(".css") for path in sources)]
    return st.components.v2.component(
        f"perceptorium.{module}",
        js="\n".join(path.read_text("utf-8") for path in sources),
        css="\n".join(path.read_text("utf-8") for path in styles if path.exists()),
        isolate_styles=False)  # Plotly writes its styles into the document's head


def _with_needed(name: str) -> list[Path]:
    path = COMPONENTS / name
    first = path.read_text("utf-8").partition("\n")[0]
    needed = first.removeprefix("// after:").split() if first.startswith("// after:") else []
    paths = [each for need in needed for each in _with_needed(need)]
    return list(dict.fromkeys([*paths, path]))
