"""The script that Streamlit runs for each visitor: navigation, language, the chosen page."""

from pathlib import Path

import streamlit as st

from core.catalogue import ROOMS, SECTIONS
from core.i18n import LANGUAGES, t
from core.ui import style, visit

PAGES = Path(__file__).parents[2] / "pages"


def main() -> None:
    visit.enter()
    st.set_page_config(page_title="Perceptorium", page_icon=style.icon(), layout="wide",
                       initial_sidebar_state="collapsed")
    page = st.navigation(_pages(), position="top")
    style.apply()
    _language_switch()
    page.run()


def _pages() -> dict[str, list]:
    """Home, the rooms by section, the runs."""
    pages = {"": [st.Page(PAGES / "home.py", title=t("Home"), default=True)]}
    for section, title in SECTIONS.items():
        rooms = [room for room in ROOMS if room.section == section]
        pages[t(title)] = [st.Page(PAGES / f"{room.name}.py", title=t(room.title),
                                   url_path=room.name) for room in rooms]
    pages[""].append(st.Page(PAGES / "runs.py", title=t("Runs"), url_path="runs"))
    return pages


def _language_switch() -> None:
    if visit.presenting():
        return
    with st.container(horizontal=True, horizontal_alignment="right", key="language"):
        for language, name in LANGUAGES.items():
            if language != visit.language():
                st.button(name, key=f"speak-{language}", type="tertiary",
                          on_click=visit.speak, args=(language,))


if __name__ == "__main__":
    main()
