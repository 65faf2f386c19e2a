"""The neural network from scratch."""

import streamlit as st

from core import catalogue
from core.i18n import t
from core.insight import neuron
from core.ui import columns, knobs, plane, room, takehome, training

ROOM = catalogue.room("neuron")

room.title(ROOM)
run_id = training.opened(ROOM)
top = st.container()
below, controls = st.columns([3, 2], gap="large")
with controls:
    params = knobs.panel(ROOM)
    columns.panel(ROOM, params)
    outline = ROOM.outline(params)
with top:
    training.buttons(ROOM, params, outline, run_id)
    if outline.problem:
        st.error(t(outline.problem), icon=":material/block:")
    plane.picture(ROOM, params, run_id)
with below:
    training.picture(ROOM, run_id)
    st.header(t("Look inside"))
    plane.inside(ROOM, params)

st.header(t("As in the article"))
plane.article(neuron.article())
plane.baseline(ROOM, params, run_id)
takehome.panel(ROOM, run_id)
room.lesson(ROOM)
