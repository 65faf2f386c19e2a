"""Speech."""

import streamlit as st

from core import catalogue
from core.ui import knobs, pictures, room, sweep, takehome, training

ROOM = catalogue.room("speech")

room.title(ROOM)
run_id = training.opened(ROOM)
picture, controls = st.columns([3, 2], gap="large")
with controls:
    params = knobs.panel(ROOM)
    outline = ROOM.outline(params)
with picture:
    training.panel(ROOM, params, outline, run_id)
    room.network(outline)

if run_id:  # no trained network ships with this room yet: the visitor's own answers
    model, name = room.model_ref(ROOM, params, run_id)
    room.try_it(ROOM, model, name)
    pictures.look_inside(ROOM, model)
sweep.panel(ROOM, params, run_id)
room.baseline(ROOM, params, run_id)
takehome.panel(ROOM, run_id)
room.lesson(ROOM)
