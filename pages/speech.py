"""Recognizing spoken words."""

import streamlit as st

from core import catalogue
from core.i18n import t
from core.rooms.speech import begin_with
from core.ui import knobs, pictures, room, speech, sweep, takehome, training

ROOM = catalogue.room("speech")

room.title(ROOM)
run_id = training.opened(ROOM)
hearing = st.container()
st.header(t("Train it yourself"))
picture, controls = st.columns([3, 2], gap="large")
with controls:
    params = knobs.panel(ROOM)
    pictures.augmentation(ROOM, params)
    outline = ROOM.outline(params)
with picture:
    training.panel(ROOM, params, outline, run_id)
    room.network(outline)

with hearing:
    speech.hear(ROOM, params, run_id)
    speech.spectra(ROOM)
speech.own_words(ROOM, params, begin_with)
model, _ = room.model_ref(ROOM, params, run_id)
pictures.look_inside(ROOM, model)
sweep.panel(ROOM, params, run_id)
room.baseline(ROOM, params, run_id)
speech.article(ROOM)
takehome.panel(ROOM, run_id)
room.lesson(ROOM)
