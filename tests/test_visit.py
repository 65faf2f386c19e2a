"""A visit speaks its language wherever Streamlit runs a part of a page."""

from concurrent.futures import ThreadPoolExecutor

from streamlit.testing.v1 import AppTest

SCRIPT = """
import streamlit as st
from core.i18n import t
from core.ui import visit

def heard():
    st.session_state.heard = t("Train")

visit.enter()
st.button("press", on_click=heard)
"""


def pressed() -> AppTest:
    page = AppTest.from_string(SCRIPT, default_timeout=60)
    page.query_params["lang"] = "zh"
    page.run()
    return page.button[0].click().run()


def test_a_callback_speaks_the_language_of_its_visit_before_the_page_is_entered():
    with ThreadPoolExecutor(1) as fresh:  # a thread in which nobody has said the language yet
        page = fresh.submit(pressed).result()
    assert not page.exception
    assert page.session_state.heard == "训练"
