"""Finding fraud among card payments."""

import streamlit as st

from core import catalogue
from core.i18n import t
from core.ui import fraud, knobs, room, sweep, takehome, training

ROOM = catalogue.room("fraud")

room.title(ROOM)
run_id = training.opened(ROOM)
passing = st.container()
st.header(t("Train it yourself"))
picture, controls = st.columns([3, 2], gap="large")
with controls:
    params = knobs.panel(ROOM)
    outline = ROOM.outline(params)
with picture:
    training.panel(ROOM, params, outline, run_id)
    room.network(outline)
    fraud.article(ROOM, params)

network = fraud.network(ROOM, params, run_id)
with passing:
    fraud.stream(ROOM, network)
fraud.report(ROOM, network)
fraud.look_inside(ROOM, network)
fraud.rivals(ROOM, params, network)
sweep.panel(ROOM, params, run_id)
fraud.own_payments(ROOM, params)
takehome.panel(ROOM, run_id)
room.lesson(ROOM)
