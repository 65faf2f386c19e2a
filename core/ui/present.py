"""Presenting: a session with its short link, what followers see, and the next group.

The presenter's window leads: where it goes, followers go who want to. Who leads is decided by the
visitor's cookie, which the key of the settings was given for; the code in the address gives
nothing away.
"""

from contextlib import suppress

import streamlit as st

from core import engine
from core.catalogue import ROOMS
from core.engine import EngineError
from core.errors import VisitorError
from core.i18n import t
from core.live.sessions import Session, sessions
from core.ui import address, live, parts, visit

COUNT_SECONDS = 3.0  # between two looks at how many follow
KEY, SAID, SURE, OVER = "present.key", "present.said", "present.sure", "present.over"
TOURIST = ("follow", "tour")
BACKSTAGE = ("workshops", "handout")  # pages for the presenter alone: nobody is taken along


def panel() -> None:
    """The presenter's button in the header; followers have none."""
    if visit.follows():
        return
    session = visit.leads()
    # On a wall, controls keep to a small sign beside the address that everybody should see.
    label = "⋯" if visit.presenting() else t("Present")
    icon = None if visit.presenting() else ":material/co_present:"
    if session and visit.presenting():
        st.html(_join(session), width="content")
    with st.popover(label, icon=icon, type="tertiary", key="present-panel",
                    help=t("Show this on a wall, and let others follow on their phones")):
        if visit.presenting():
            _rooms()
        if session:
            _session(session)
        else:
            _open()
        _wall()


def arrived(page: str) -> None:
    """The presenter's window shows this page with this link."""
    session = visit.leads()
    if session and page not in BACKSTAGE:
        session.go(page, {name: value for name, value in st.query_params.items()
                          if name not in visit.IN_LINKS})


def follower(titles: dict[str, str]) -> None:
    """What takes a follower along, and the presenter's epoch and layer back to the session.
    ``titles`` of the pages by name."""
    leads, follows = visit.leads(), visit.follows()
    if said := st.session_state.pop(SAID, None):
        st.info(said, icon=":material/group:")
    if visit.said("follow") and not follows:
        visit.keep("follow", "")
        st.session_state[OVER] = visit.here()
    # Until its reader goes elsewhere: a run that ends meanwhile draws the page once more.
    if not follows and st.session_state.get(OVER) == visit.here():
        st.info(t("This session is over. Ask for its new link, or look around by yourself."),
                icon=":material/group:")
    session = leads or follows
    if session is None:
        return
    page = visit.here()
    run = st.query_params.get("run") or st.session_state.get(f"{page}.run")
    live.mount("session", "session", page, {
        "session": session.code, "leads": bool(leads), "run": run or "", "titles": titles,
    }, moved=lambda: _move(session, titles), over=lambda: None)


def _move(session: Session, titles: dict[str, str]) -> None:
    """Go where the presenter went, as the follower's page has heard it."""
    asked = st.session_state["session"].moved or {}
    page, run = str(asked.get("page", "")), str(asked.get("run", ""))
    if page in titles:
        query = dict(session.place.query) if session.place.page == page else {}
        visit.go(page, {**query, "run": run} if run else query)


# The presenter's panel

def _open() -> None:
    """The key, and a link for who has none."""
    st.markdown(t("Open a session: everybody with its short link sees your page, your run, your "
                  "epoch, and tries the network on a phone."))
    with st.form("present-open", border=False):
        st.text_input(t("Presenter’s key"), type="password", key=KEY, max_chars=200,
                      autocomplete="off")
        st.form_submit_button(t("Open a session"), type="primary", on_click=_opened)
    if problem := st.session_state.pop("present.problem", None):
        st.error(problem)
    with st.expander(t("A link that hides controls")):
        hidden = _ticks(frozenset())
        _copy(f"{address.base_address()}/{visit.here()}", hidden)


def _opened() -> None:
    key = st.session_state.pop(KEY, "")
    try:
        session = sessions().open(visit.visitor(), key)
    except VisitorError as error:
        st.session_state["present.problem"] = error.says()
        return
    for name in TOURIST:
        visit.keep(name, "")
    visit.keep("lead", session.code)
    visit.keep("present", "1")


def _session(session: Session) -> None:
    """What a presenter does with an open session."""
    link = _link(session)
    st.html(address.qr(link, t("QR code of the session"), "pc-qr pc-qr-session"))
    st.code(link, language=None, wrap_lines=True)
    _count(session)
    with st.expander(t("What followers see")):
        hidden = _ticks(session.hidden)
        if hidden != session.hidden:
            sessions().hide(session, hidden)
        _copy(f"{address.base_address()}/{visit.here()}", hidden)
    if st.session_state.get(SURE):
        st.markdown(t("Your runs are stopped, this window starts afresh, and the link becomes "
                      "another one."))
        with st.container(horizontal=True):
            st.button(t("Reset now"), type="primary", key="present-reset", on_click=_reset,
                      args=(session,))
            st.button(t("Not now"), key="present-keep", on_click=_ask, args=(False,))
    else:
        with st.container(horizontal=True):
            st.button(t("Reset for the next group"), icon=":material/restart_alt:",
                      key="present-sure", on_click=_ask, args=(True,))
            st.button(t("End the session"), key="present-end", type="tertiary", on_click=_end,
                      args=(session,))


def _rooms() -> None:
    """The way to other pages: a wall shows no navigation."""
    with st.container(horizontal=True, gap="small"):
        for page, title in (("", t("Home")), *((each.name, t(each.title)) for each in ROOMS)):
            st.button(title, key=f"present-to-{page}", on_click=visit.go, args=(page, {}),
                      disabled=page == visit.here())


def _wall() -> None:
    """What every presenter has, with or without a session."""
    st.button(t("Workshops: what to say"), icon=":material/menu_book:", key="present-workshops",
              type="tertiary", on_click=visit.go, args=("workshops", {}))
    # A button: a switch would send its old position along with a page that is still under way.
    st.button(t("Leave the wall view") if visit.presenting() else t("Wall view: large type"),
              icon=":material/fullscreen:", key="present-wall", type="tertiary",
              on_click=visit.keep, args=("present", "" if visit.presenting() else "1"))


def _ticks(hidden: frozenset[str]) -> frozenset[str]:
    """Ticks for the parts of the page that is open, or of all rooms; returns what is hidden.
    What is hidden elsewhere stays so."""
    here = tuple(each for each in ROOMS if each.name == visit.here()) or ROOMS
    known = parts.of(here)
    shown = st.pills(t("Visible parts"), list(known), selection_mode="multi",
                     default=[name for name in known if name not in hidden],
                     format_func=lambda name: t(known[name]), label_visibility="collapsed",
                     key=f"present.parts.{visit.language()}.{visit.here()}.{visit.said('lead')}")
    return frozenset(set(known) - set(shown)) | (hidden - set(known))


def _copy(page: str, hidden: frozenset[str]) -> None:
    """The link to the open page in which the unticked parts are hidden."""
    if hidden:
        st.code(f"{page}?hide={','.join(sorted(hidden))}", language=None, wrap_lines=True)
        st.caption(t("This link hides the same parts without a session."))
    else:
        st.caption(t("Take a tick away, and a link that hides this part stands here."))


@st.fragment(run_every=COUNT_SECONDS)
def _count(session: Session) -> None:
    """How many follow now."""
    st.markdown(t("Following now: {count}", count=f"**{session.followers}**"))


def _ask(sure: bool) -> None:
    st.session_state[SURE] = sure


def _reset(session: Session) -> None:
    """One group goes, another comes: nothing of the first is left in this window."""
    _ask(False)
    mind = engine.current()
    for run in mind.in_progress():
        if run.owner == visit.visitor():
            with suppress(EngineError):  # it ended by itself this very moment
                mind.control(run.run_id, visit.visitor(), "stop")
    names = tuple(f"{each.name}." for each in ROOMS)
    for key in [key for key in st.session_state if str(key).startswith(names)]:
        del st.session_state[key]
    visit.keep("lead", sessions().renew(session).code)
    st.session_state[SAID] = t("Ready for the next group. The link on the wall is a new one.")
    visit.go("", {})


def _end(session: Session) -> None:
    sessions().close(session)
    visit.keep("lead", "")
    visit.keep("present", "")


# The address on the wall

def _link(session: Session) -> str:
    return f"{address.base_address()}/s/{session.code}"


def _join(session: Session) -> str:
    link = _link(session)
    return (f'<div class="pc-join">{address.qr(link, t("QR code of the session"), "pc-join-qr")}'
            f'<span><small>{t("Follow on your phone")}</small>'
            f'<strong>{link.partition("://")[2]}</strong></span></div>')
