"""All runs that are kept here: open, compare, rename, delete."""

import streamlit as st

from core.i18n import t
from core.ui import runs

st.title(t("Runs"))
st.markdown(t("Every training is kept with its settings, its figures and its network."))
chosen = runs.table()
runs.overlay(chosen)
