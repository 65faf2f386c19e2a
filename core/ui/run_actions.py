"""What a visitor does with runs that are kept: rename, pin, delete; save all, and bring back."""

import streamlit as st

from core import engine
from core.engine import FINAL
from core.i18n import t
from core.live.uploads import Uploaded
from core.settings import settings
from core.store import Kept, session
from core.ui import files, visit

PAGE = "runs"
MENU = 56  # pixels


def menu(run: Kept, state: str) -> None:
    """The menu of a run; in the rows of other visitors' runs its place stays empty."""
    if run.owner != visit.visitor():
        st.space(MENU)
        return
    with st.popover("⋯", key=f"runs.menu.{run.run_id}", help=t("Rename, pin, delete"), width=MENU):
        _rename(run)
        _pin(run)
        if run.imported:
            _take_away(run)
        _delete(run, state)


def _rename(run: Kept) -> None:
    with st.form(f"rename-{run.run_id}", border=False):
        name = st.text_input(t("Name"), run.name, max_chars=80)
        if st.form_submit_button(t("Rename")):
            engine.current().store.rename(run.run_id, name)
            st.rerun()


def _pin(run: Kept) -> None:
    st.button(t("Let go") if run.pinned else t("Pin"), key=f"runs.pin.{run.run_id}",
              icon=":material/keep:",
              help=t("At most {count} runs are kept here and the oldest go first; a pinned run "
                     "stays.", count=settings().kept_runs),
              on_click=engine.current().store.pin, args=(run.run_id, not run.pinned))


def _take_away(run: Kept) -> None:
    """An imported network: handed out, never opened here."""
    st.markdown(t("This run came in a zip. Its curves are here; its network is not opened on this "
                  "server, because a network file can hold anything. You can take it away."))
    if network := engine.current().store.foreign_model(run.run_id):
        st.download_button(t("Network (.keras)"), network, f"{run.room}-{run.run_id[:6]}.keras",
                           "application/octet-stream", key=f"runs.network.{run.run_id}",
                           on_click="ignore")


def _delete(run: Kept, state: str) -> None:
    if state not in FINAL:
        st.markdown(t("It is still training. Stop it first."))
        return
    st.button(t("Delete for good"), key=f"runs.delete.{run.run_id}", icon=":material/delete:",
              help=t("Its curves and its network are gone for good."),
              on_click=_delete_now, args=(run.run_id,))


def _delete_now(run_id: str) -> None:
    engine.current().store.delete(run_id)
    engine.current().forget(run_id)


def whole_session() -> None:
    """All runs of this visitor as a zip, and back."""
    st.header(t("Keep your runs"))
    if settings().fleeting:
        st.warning(t("This copy of the museum forgets everything when it falls asleep. Save your "
                     "runs before you go, and bring them back next time."),
                   icon=":material/bedtime:")
    save, back = st.columns(2, gap="large")
    with save:
        st.markdown(t("All your runs in one zip: settings, figures, curves and networks."))
        st.html(f'<a class="pc-link-button" href="live/session.zip" download>'
                f'{t("Save my runs (.zip)")}</a>')
    with back:
        st.markdown(t("Bring back runs that were saved as a zip. They become yours; their networks "
                      "can be taken away, but are not opened here."))
        if uploaded := files.uploader(PAGE, "session"):
            _restore(uploaded)
        if said := st.session_state.pop("runs.restored", None):
            st.success(said)


def _restore(uploaded: Uploaded) -> None:
    new, known = session.restore(engine.current().store, uploaded.path, visit.visitor())
    files.used(PAGE, uploaded)
    st.session_state["runs.restored"] = t(
        "{new} runs were brought back; {known} were here already.", new=new, known=known)
    st.rerun()
