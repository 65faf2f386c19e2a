"""The feed-forward network on tables."""

import streamlit as st

from core import catalogue
from core.ui import knobs, owntable, room, sweep, tables, takehome, training

ROOM = catalogue.room("mlp")

room.title(ROOM)
run_id = training.opened(ROOM)
picture, controls = st.columns([3, 2], gap="large")
with controls:
    params = knobs.panel(ROOM)
    outline = ROOM.outline(params)
with picture:
    training.panel(ROOM, params, outline, run_id)
    room.network(outline)

owntable.panel(ROOM, params)
network = tables.network(ROOM, params, run_id)
tables.try_it(ROOM, network)
tables.report(ROOM, network)
tables.look_inside(ROOM, network)
tables.overfitting(ROOM)
sweep.panel(ROOM, params, run_id)
tables.rivals(ROOM, params, run_id)
tables.article(ROOM)
takehome.panel(ROOM, run_id)
room.lesson(ROOM)
