"""The convolutional network."""

import streamlit as st

from core import catalogue
from core.rooms.cnn import SHAPES, begin_with
from core.ui import knobs, pictures, room, sweep, takehome, training

ROOM = catalogue.room("cnn")

room.title(ROOM)
run_id = training.opened(ROOM)
picture, controls = st.columns([3, 2], gap="large")
with controls:
    params = knobs.panel(ROOM)
    pictures.augmentation(ROOM, params)
    outline = ROOM.outline(params)
with picture:
    training.panel(ROOM, params, outline, run_id)
    room.network(outline)

model, name = room.model_ref(ROOM, params, run_id)
room.try_it(ROOM, model, name)
pictures.own_pictures(ROOM, begin_with, side=SHAPES["own"][0])
pictures.look_inside(ROOM, model)
sweep.panel(ROOM, params, run_id)
room.baseline(ROOM, params, run_id)
takehome.panel(ROOM, run_id)
room.lesson(ROOM)
