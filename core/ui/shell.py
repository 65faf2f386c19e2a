"""The script that Streamlit runs for each visitor: navigation, language, the chosen page."""

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from core.catalogue import ROOMS, SECTIONS
from core.i18n import LANGUAGES, t
from core.ui import present, style, tour, visit

PAGES = Path(__file__).parents[2] / "pages"


def main() -> None:
    visit.enter()
    st.set_page_config(page_title="Perceptorium", page_icon=style.icon(), layout="wide",
                       initial_sidebar_state="collapsed")
    sections = _pages()
    page = st.navigation(sections, position="top")
    pages = {each.url_path: each for section in sections.values() for each in section}
    _move(page, pages)
    visit.arrive(page.url_path)
    style.apply()
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center",
                      key="language"):
        present.panel()
        _language_switch()
    present.follower({name: each.title for name, each in pages.items()})
    tour.strip()
    page.run()
    present.arrived(page.url_path)


def _move(page: Page, pages: dict[str, Page]) -> None:
    """Go where the last run of the script asked to go."""
    there, query = visit.gone() or ("", None)
    if query is None or there not in pages:
        return
    if there != page.url_path:
        st.switch_page(pages[there], query_params=query)
    language = {name: st.query_params[name] for name in ("lang",) if name in st.query_params}
    st.query_params.from_dict({**language, **query})  # a switch to itself is no news to a browser


def _pages() -> dict[str, list]:
    """Home, the rooms by section, the runs; and pages that other pages link to."""
    pages = {"": [st.Page(PAGES / "home.py", title=t("Home"), default=True)]}
    for section, title in SECTIONS.items():
        rooms = [room for room in ROOMS if room.section == section]
        pages[t(title)] = [st.Page(PAGES / f"{room.name}.py", title=t(room.title),
                                   url_path=room.name) for room in rooms]
    pages[""].append(st.Page(PAGES / "runs.py", title=t("Runs"), url_path="runs"))
    pages[""].append(st.Page(PAGES / "workshops.py", title=t("Workshops"), url_path="workshops",
                             visibility="hidden"))
    pages[""].append(st.Page(PAGES / "handout.py", title=t("Handout"), url_path="handout",
                             visibility="hidden"))
    return pages


def _language_switch() -> None:
    if visit.presenting():
        return
    for language, name in LANGUAGES.items():
        if language != visit.language():
            st.button(name, key=f"speak-{language}", type="tertiary",
                      on_click=visit.speak, args=(language,))


if __name__ == "__main__":
    main()
