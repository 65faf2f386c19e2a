"""Hyperparameters as widgets, made from their declaration.

The truth is ``st.session_state["<room>.params"]``, a :class:`~core.params.Params`; the widgets
are views of it. It survives a change of the page, and the link always says it.
"""

from contextlib import suppress

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core import engine, i18n
from core.errors import VisitorError
from core.i18n import t
from core.params import Correction, Knob, Params, changed, from_text, knobs
from core.rooms import AUGMENTATION, DETAILS, DRAWN, Preset, Room
from core.ui import visit
from core.ui.parts import group_part, part, shows

RATES = [digit * 10.0**power for power in range(-5, 2) for digit in (1, 2, 5)]
NOT_PARAMS = {"run", "with", *visit.IN_LINKS}  # what else a link may say
KEPT_LINKS = 50  # links of a session that are known to be its own


def panel(room: Room) -> Params:
    """Presets and the hyperparameters of a room that matter with the others as they are; returns
    what all of them say now."""
    _take_link(room)
    _presets(room)
    params = current(room)
    values = {each.name: getattr(params, each.name) for each in knobs(room.params)}
    idle = room.idle(_said(room, params))
    asked = [each for each in knobs(room.params) if each.name not in idle]
    groups = dict.fromkeys(each.group for each in asked)
    for group in (each for each in groups if each != DRAWN and shows(group_part(each))):
        with _group(group):
            for each in (each for each in asked if each.group == group):
                values[each.name] = _widget(room, each, getattr(params, each.name))
    params = room.params(**values)
    st.session_state[_key(room)] = params
    _write_link(room, params)
    return params


def current(room: Room) -> Params:
    """What the hyperparameters say, wherever on the page it is asked."""
    return st.session_state.setdefault(_key(room), room.params())


def assign(room: Room, params: Params) -> None:
    """Set all hyperparameters. To be called before the widgets are drawn, or in a callback."""
    for key in [key for key in st.session_state if str(key).startswith(f"{room.name}.w.")]:
        del st.session_state[key]
    st.session_state[_key(room)] = params


def in_link() -> dict[str, str]:
    """What the link says about hyperparameters."""
    return {name: text for name, text in st.query_params.items() if name not in NOT_PARAMS}


# The link

def _take_link(room: Room) -> None:
    link = in_link()
    if link and (link not in _links(room) or _went_back()):
        params, corrections = from_text(room.params, link)
        assign(room, params)
        st.session_state[f"{room.name}.corrections"] = corrections
        _remember(room, link)
    for correction in st.session_state.get(f"{room.name}.corrections", ()):
        st.warning(_says(room, correction), icon=":material/link:")


def _write_link(room: Room, params: Params) -> None:
    link = changed(params)
    _remember(room, link)
    kept = {name: st.query_params[name] for name in NOT_PARAMS if name in st.query_params}
    if dict(st.query_params) != {**kept, **link}:
        st.query_params.from_dict({**kept, **link})


def _links(room: Room) -> list[dict[str, str]]:
    """The links that this session has read or written, the newest last. The browser may send one
    of them again after a newer one was written, because it has not heard of that yet: such a link
    is an echo and says nothing new."""
    return st.session_state.setdefault(f"{room.name}.links", [])


def _remember(room: Room, link: dict[str, str]) -> None:
    others = [each for each in _links(room) if each != link]
    st.session_state[f"{room.name}.links"] = [*others, link][-KEPT_LINKS:]


def _went_back() -> bool:
    """Whether the visitor came here by the browser's buttons for back and forward."""
    return get_script_run_ctx().is_history_navigation


def _says(room: Room, correction: Correction) -> str:
    """The sentence for a value in the link that could not be used."""
    if correction.reason == "unknown":
        return t("The link says “{name}”, which this room does not know. It is left out.",
                 name=correction.name)
    title = t(next(each.title for each in knobs(room.params) if each.name == correction.name))
    if correction.reason == "bounds":
        return t("The link asks for {title} = {given}, which is out of bounds. "
                 "{used} is used instead.",
                 title=title, given=correction.given, used=correction.used)
    return t("The link’s {title} = {given} cannot be read. {used} is used instead.",
             title=title, given=correction.given, used=correction.used)


# The widgets

def _key(room: Room) -> str:
    return f"{room.name}.params"


def _said(room: Room, params: Params) -> Params:
    """The hyperparameters with what the visitor has just said in a widget that is yet to be
    drawn."""
    keys = {each.name: f"{_widgets(room)}.{each.name}" for each in knobs(room.params)
            if each.kind != "list"}
    return params.model_copy(update={name: st.session_state[key] for name, key in keys.items()
                                     if key in st.session_state})


def _widgets(room: Room) -> str:
    """What the keys of a room's widgets begin with. A menu keeps the words it was made with, so
    another language makes new widgets."""
    return f"{room.name}.w.{visit.language()}"


@part("presets")
def _presets(room: Room) -> None:
    with st.container(horizontal=True, gap="small"):
        for preset in room.presets:
            st.button(t(preset.title), help=t(preset.says), key=f"{room.name}.preset.{preset.name}",
                      on_click=_choose, args=(room, preset))


def _choose(room: Room, preset: Preset) -> None:
    st.session_state[f"{room.name}.corrections"] = []
    assign(room, room.params(**preset.values))


def _group(group: str):
    """A heading with the widgets of a group below it; what seldom matters is folded."""
    if group in (DETAILS, AUGMENTATION):
        return st.expander(t(group))
    st.markdown(f"##### {t(group)}")
    return st.container()


def _widget(room: Room, each: Knob, value):
    if each.kind == "list":
        return _list(room, each, value)
    chosen = _single(each, value, f"{_widgets(room)}.{each.name}")
    if each.name == "dataset":
        _download(room, chosen)
    return chosen


def _download(room: Room, dataset: str) -> None:
    """How much Train will download first. Nobody waits long for this sentence."""
    declared = next((each for each in room.datasets if each.name == dataset), None)
    here = f"{room.name}.here.{dataset}"
    known = not declared or not declared.to_download or here in st.session_state
    if known or not engine.current().ready:
        return
    with suppress(VisitorError):
        size = engine.current().light(declared.to_download, dataset, seconds=2)
        if size:
            st.caption(t("{name} is downloaded when you press Train: {size} MB.",
                         name=t(declared.title), size=i18n.number(size / 1e6)))
        else:
            st.session_state[here] = True


def _single(each: Knob, value, key: str, explained: bool = True):
    """The widget of one value. Its state begins with ``value``."""
    st.session_state.setdefault(key, value)
    words = {"label": t(each.title), "help": t(each.says) if explained else None, "key": key}
    if each.kind == "bool":
        return st.toggle(**words)
    if each.kind == "choice":
        return st.selectbox(options=list(each.choices), placeholder=t("Choose"),
                            format_func=lambda choice: t(each.choices[choice]), **words)
    if each.kind == "text":
        return st.text_input(max_chars=each.high, **words)
    if each.log:
        options = sorted({each.low, *filter(lambda rate: each.low <= rate <= each.high, RATES),
                          value, st.session_state[key]})
        return st.select_slider(options=options, format_func=lambda rate: f"{rate:.6g}", **words)
    if each.kind == "float":
        return st.slider(min_value=each.low, max_value=each.high, step=each.step, **words)
    return st.number_input(min_value=int(each.low), max_value=int(each.high), step=1, **words)


def _list(room: Room, each: Knob, items: tuple[Params, ...]) -> tuple[Params, ...]:
    """Items one below the other, to be changed, removed and added."""
    st.markdown(f"**{t(each.title)}**", help=t(each.says))
    values = []
    for number, item in enumerate(items):
        with st.container(border=True, key=f"{room.name}-{each.name}-{number}"):
            values.append(_item(room, each, number, item))
    if len(items) < each.high:
        st.button(t("Add"), icon=":material/add:", key=f"{room.name}.add.{each.name}",
                  on_click=_add, args=(room, each))
    return tuple(values)


def _item(room: Room, each: Knob, number: int, item: Params) -> Params:
    fields = knobs(each.item)
    prefix = f"{_widgets(room)}.{each.name}.{number}"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        values = {field.name: _single(field, getattr(item, field.name), f"{prefix}.{field.name}",
                                      explained=number == 0)
                  for field in fields}
        st.button(t("Remove"), icon=":material/close:", key=f"{prefix}.remove", type="tertiary",
                  on_click=_remove, args=(room, each, number))
    return each.item(**values)


def _add(room: Room, each: Knob) -> None:
    params = current(room)
    items = getattr(params, each.name)
    another = items[-1] if items else each.item()
    assign(room, params.model_copy(update={each.name: (*items, another)}))


def _remove(room: Room, each: Knob, number: int) -> None:
    params = current(room)
    items = getattr(params, each.name)
    assign(room, params.model_copy(
        update={each.name: items[:number] + items[number + 1:]}))
