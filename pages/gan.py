"""Generative adversarial networks."""

import streamlit as st

from core import catalogue
from core.i18n import t
from core.rooms.gan import SIDES, begin_with
from core.ui import gan, knobs, pictures, room, sweep, takehome, training

ROOM = catalogue.room("gan")

room.title(ROOM)
run_id = training.opened(ROOM)
gan.sampler(ROOM, run_id)
st.header(t("Train one yourself"))
top = st.container()
below, controls = st.columns([3, 2], gap="large")
with controls:
    params = knobs.panel(ROOM)
    outline = ROOM.outline(params)
with top:
    training.buttons(ROOM, params, outline, run_id)
    gan.plane(ROOM, params, run_id)
with below:
    training.picture(ROOM, run_id)
    gan.film(ROOM, run_id)
    room.network(outline)
    gan.rivals(ROOM, params, run_id)
pictures.own_pictures(ROOM, begin_with, side=SIDES["own"][0])
sweep.panel(ROOM, params, run_id)
takehome.panel(ROOM, run_id)
room.lesson(ROOM)
