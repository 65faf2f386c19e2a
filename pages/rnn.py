"""Forecasting a series."""

import streamlit as st

from core import catalogue
from core.i18n import t
from core.ui import knobs, room, series, sweep, takehome, training

ROOM = catalogue.room("rnn")

room.title(ROOM)
run_id = training.opened(ROOM)
bending = st.container()
st.header(t("Train it yourself"))
watching = st.container()
picture, controls = st.columns([3, 2], gap="large")
with controls:
    params = knobs.panel(ROOM)
    outline = ROOM.outline(params)
with watching:
    training.buttons(ROOM, params, outline, run_id)
    series.living(ROOM, params, run_id)
network = series.network(ROOM, params, run_id)
with picture:
    training.picture(ROOM, run_id)
    room.network(outline)
    series.rivals(ROOM, params, network)

with bending:
    series.try_it(ROOM, network)
series.look_inside(ROOM, network)
series.unrolled(ROOM)
series.own_series(ROOM, params)
sweep.panel(ROOM, params, run_id)
series.article(ROOM)
takehome.panel(ROOM, run_id)
room.lesson(ROOM)
