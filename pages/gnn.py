"""Graph neural networks."""

import streamlit as st

from core import catalogue
from core.ui import graphs, knobs, room, sweep, takehome, training

ROOM = catalogue.room("gnn")

room.title(ROOM)
run_id = training.opened(ROOM)
top = st.container()
below, controls = st.columns([3, 2], gap="large")
with controls:
    params = knobs.panel(ROOM)
    outline = ROOM.outline(params)
with top:
    training.buttons(ROOM, params, outline, run_id)
    graph = graphs.picture(ROOM, params, run_id)
with below:
    training.picture(ROOM, run_id)
    room.network(outline)
    graphs.rivals(ROOM, params, run_id)

graphs.by_hand(ROOM, params, run_id, graph)
sweep.panel(ROOM, params, run_id)
graphs.smoothing(ROOM, params, run_id)
graphs.own_graph(ROOM, params)
graphs.article(ROOM)
takehome.panel(ROOM, run_id)
room.lesson(ROOM)
