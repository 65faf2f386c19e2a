"""The visitor's own table on the plane: which columns it shows, and what is to be predicted."""

from functools import lru_cache

import numpy as np
import streamlit as st

from core import own
from core.data.plane import reach, scale
from core.i18n import t
from core.params import Params
from core.rooms import Room
from core.rooms.columns import NUMBER, choices, guess
from core.rooms.columns import names as names_of
from core.rooms.neuron import MAX_COLUMNS, Column
from core.ui import files, knobs

EXAMPLE = "x,y,ring\n" + "".join(
    f"{r * np.cos(a):.2f},{r * np.sin(a):.2f},{name}\n"
    for r, name in ((1.0, "inner"), (3.0, "outer")) for a in np.arange(0, 6.2, 0.25))


def first_choice(told: dict) -> dict:
    """What to begin with on a table that has just come: the likeliest target, and the other columns
    with numbers as features."""
    target = guess(told)["target"]
    places = [place for place in _numeric(told) if place != target][:MAX_COLUMNS]
    return {"columns": tuple(Column(place=place) for place in places), "target": target,
            **_as_class(told["columns"][target])}


def panel(room: Room, params: Params) -> None:
    """Upload a table, and choose its columns."""
    with st.expander(t("Your own table"), expanded=params.dataset == "own",
                     icon=":material/table_chart:"):
        st.markdown(t("A CSV with a heading, at least two columns with numbers and one to be "
                      "predicted. What you upload stays on this server."))
        files.own_data(room, "table", first_choice)
        st.download_button(t("An example"), EXAMPLE, "rings.csv", "text/csv",
                           icon=":material/download:", on_click="ignore")
        told = own.told(params.own) if params.dataset == "own" else None
        if told:
            _choices(room, params, told)


def _choices(room: Room, params: Params, told: dict) -> None:
    """Menus for the plane's columns, the other features, the target and its blue class."""
    features = [place for place in _numeric(told) if place != params.target]
    places = [column.place for column in params.columns]
    left, right = st.columns(2)
    for number, (where, title) in enumerate(((left, t("To the right: x₁")), (right, t("Up: x₂")))):
        with where:
            _menu(room, told, title, f"axis{number}", features, places[number:number + 1],
                  lambda place, number=number: {"columns": _with(places, number, place)})
    key = f"{room.name}.w.own.others"
    st.session_state.setdefault(key, [place for place in places[2:] if place in features])
    st.multiselect(t("Further features, set by sliders beside the plane"),
                   [place for place in features if place not in places[:2]],
                   format_func=lambda place: told["columns"][place]["name"], key=key,
                   max_selections=MAX_COLUMNS - 2, placeholder=t("none"),
                   on_change=lambda: _assign(room, {"columns": _columns(
                       [*places[:2], *st.session_state[key]])}))
    left, right = st.columns(2)
    targets = [place for place, each in enumerate(told["columns"]) if each["type"] != "text"]
    with left:
        _menu(room, told, t("To be predicted"), "target", targets, [params.target],
              lambda place: _retarget(told, places, place))
    with right:
        _blue(room, params, told["columns"][params.target])


def _menu(room: Room, told: dict, title: str, name: str, options: list[int], now: list[int],
          update) -> None:
    key = f"{room.name}.w.own.{name}"
    if now and now[0] in options:
        st.session_state.setdefault(key, now[0])
    st.selectbox(title, options, format_func=lambda place: told["columns"][place]["name"], key=key,
                 index=None, placeholder=t("Choose"),
                 on_change=lambda: _assign(room, update(st.session_state[key])))


def _blue(room: Room, params: Params, column: dict) -> None:
    """Which value of the target is blue, or that its value is to be predicted."""
    key = f"{room.name}.w.own.blue"
    value = t("none: predict its value")
    words = names_of(column)
    options = [*words, *([value] if column["type"] == "number" else [])]
    now = value
    if params.tells != "value":
        now = next((word for place, word in enumerate(words)
                    if _code(column, place) == params.blue), None)
    st.session_state.setdefault(key, now)
    st.selectbox(t("Blue is"), options, key=key, placeholder=t("Choose"), on_change=lambda: _assign(
        room, {"tells": "value"} if st.session_state[key] == value else {
            "tells": _kind(column), "blue": _code(column, words.index(st.session_state[key]))}))


def _assign(room: Room, update: dict) -> None:
    knobs.assign(room, knobs.current(room).model_copy(update={**update, "edits": ()}))


def _with(places: list[int], number: int, place: int) -> tuple[Column, ...]:
    """The columns with another one at ``number``; they change places if it is there already."""
    after = [*places, *[place] * (number + 1 - len(places))]
    if place in after:
        after[after.index(place)] = after[number]
    after[number] = place
    return _columns(after)


def _columns(places: list[int]) -> tuple[Column, ...]:
    return tuple(Column(place=place) for place in places)


def _retarget(told: dict, places: list[int], target: int) -> dict:
    """Another target; as a feature it goes, and where the plane lacks a column, one comes."""
    left = [place for place in places if place != target]
    spare = [place for place in _numeric(told) if place not in (*left, target)]
    return {"target": target, "columns": _columns([*left, *spare[:max(0, 2 - len(left))]]),
            **_as_class(told["columns"][target])}


def _numeric(told: dict) -> list[int]:
    return [place for place, each in enumerate(told["columns"])
            if each["type"] == "number" and not each["counter"]]


def _as_class(column: dict) -> dict:
    """A target of words or of few different numbers is a class, of many numbers a value."""
    if column["type"] == "number" and choices(column)[0] == NUMBER:
        return {"tells": "value"}
    return {"tells": _kind(column), "blue": _code(column, len(names_of(column)) - 1)}


def _kind(column: dict) -> str:
    return "number" if column["type"] == "number" else "word"


def _code(column: dict, place: int) -> float:
    """The number that stands in the array for the target's value in that place of its list."""
    return float(column["values"][place]) if column["values"] else float(place)


def names(params: Params) -> list[str]:
    """The names of the table's columns that the network receives; none for other data sets."""
    told = own.told(params.own) if params.dataset == "own" else None
    known = told["columns"] if told else []
    return [known[column.place]["name"] for column in params.columns if column.place < len(known)]


def axes(params: Params) -> list[dict]:
    """For each column of the table its ``name``, the value in the plane's ``middle``, and what one
    ``unit`` of the plane is; the last one is the target, where -1..1 is what can be predicted."""
    told = own.told(params.own) if params.dataset == "own" else None
    places = [*(column.place for column in params.columns), params.target]
    if not told or max(places) >= len(told["columns"]):
        return []
    scales = _scales(params.own, tuple(places))
    return [{"name": told["columns"][place]["name"], "middle": middle, "unit": unit}
            for place, (middle, unit) in zip(places, scales)]


@lru_cache(64)
def _scales(name: str, places: tuple[int, ...]) -> list[tuple[float, float]]:
    table = own.arrays(name)
    low, high = reach(table[f"column_{places[-1]}"])
    return [*(scale(table[f"column_{place}"]) for place in places[:-1]),
            ((low + high) / 2, (high - low) / 2)]
