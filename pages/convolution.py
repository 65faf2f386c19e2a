"""Convolution and pooling: arithmetic that one can touch."""

import streamlit as st

from core import catalogue
from core.ui import convolution, knobs, room

ROOM = catalogue.room("convolution")

room.title(ROOM)
stage, controls = st.columns([7, 2], gap="large")
with controls:
    params = knobs.panel(ROOM)
with stage:
    convolution.stage(ROOM, params)

convolution.take_home(ROOM, params)
room.lesson(ROOM)
