"""All runs that are kept here: find, open, compare, name, pin, delete, save."""

import streamlit as st

from core.i18n import t
from core.ui import run_actions, runs

st.title(t("Runs"))
st.markdown(t("Every training is kept with its settings, its figures and its network."))
chosen = runs.table()
runs.overlay(chosen)
run_actions.whole_session()
