"""Transformers: writing, judging, seeing."""

import streamlit as st

from core import catalogue
from core.i18n import t
from core.ui import knobs, room, sweep, takehome, training, transformer

ROOM = catalogue.room("transformer")

room.title(ROOM)
run_id = training.opened(ROOM)
trying = st.container()
st.header(t("Train it yourself"))
picture, controls = st.columns([3, 2], gap="large")
with controls:
    params = knobs.panel(ROOM)
    outline = ROOM.outline(params)
with picture:
    training.panel(ROOM, params, outline, run_id)
    room.network(outline)

with trying:
    transformer.tasks(ROOM)
    transformer.try_it(ROOM, params, run_id)
transformer.inside(ROOM, params, run_id)
transformer.positions(ROOM)
transformer.own_text(ROOM, params)
sweep.panel(ROOM, params, run_id)
transformer.rivals(ROOM, params, run_id)
transformer.article(ROOM)
takehome.panel(ROOM, run_id)
room.lesson(ROOM)
