"""Translation."""

import streamlit as st

from core import catalogue
from core.i18n import t
from core.ui import knobs, room, sweep, takehome, training, translate

ROOM = catalogue.room("translate")

room.title(ROOM)
run_id = training.opened(ROOM)
saying = st.container()
st.header(t("Train it yourself"))
picture, controls = st.columns([3, 2], gap="large")
with controls:
    params = knobs.panel(ROOM)
    outline = ROOM.outline(params)
with picture:
    training.panel(ROOM, params, outline, run_id)
    room.network(outline)

with saying:
    translate.try_it(ROOM, params, run_id)
    translate.beams(ROOM)
translate.own_pairs(ROOM, params)
sweep.panel(ROOM, params, run_id)
translate.rivals(ROOM, params, run_id)
translate.article(ROOM)
takehome.panel(ROOM, run_id)
room.lesson(ROOM)
