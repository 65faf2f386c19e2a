"""Hyperparameters as text: links are typed by people, so nothing may raise."""

import math
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue import ROOMS
from core.params import Knob, Params, changed, from_text, knob, knobs, to_text

EVERY_ROOM = pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)


class Item(Params):
    size: int = knob(3, ge=1, le=9, title="Size", says="")
    share: float = knob(0.5, ge=0.0, le=1.0, title="Share", says="")
    on: bool = knob(False, title="On", says="")


class Example(Params):
    """One knob of each kind."""

    count: int = knob(5, ge=1, le=10, title="Count", says="How many.", group="A", unit="s")
    rate: float = knob(0.1, ge=0.001, le=1.0, title="Rate", says="", live=True, log=True)
    free: float = knob(2.0, title="Free", says="")
    kind: Literal["a", "b"] = knob("a", title="Kind", says="", choices={"a": "First"})
    side: Literal[1, 3] = knob(3, title="Side", says="")
    flag: bool = knob(False, title="Flag", says="")
    note: str = knob("", title="Note", says="", max_length=12)
    items: tuple[Item, ...] = knob((Item(), Item(size=4)), min_length=1, max_length=3,
                                   title="Items", says="")


def values(each: Knob) -> st.SearchStrategy:
    """Any allowed value of a hyperparameter."""
    if each.kind == "list":
        return st.lists(params(each.item), min_size=int(each.low or 0),
                        max_size=int(each.high or 4)).map(tuple)
    return {"int": lambda: st.integers(_whole(each.low), _whole(each.high)),
            "float": lambda: st.floats(each.low, each.high, allow_nan=False,
                                       allow_infinity=False),
            "bool": st.booleans,
            "text": lambda: st.text(max_size=int(each.high or 100)),
            "choice": lambda: st.sampled_from(list(each.choices))}[each.kind]()


def params(cls: type[Params]) -> st.SearchStrategy[Params]:
    """Any allowed hyperparameters of a room."""
    return st.builds(cls, **{each.name: values(each) for each in knobs(cls)})


def _whole(bound: float | None) -> int | None:
    return None if bound is None else int(bound)


def texts(cls: type[Params]) -> st.SearchStrategy[dict[str, str]]:
    """What might stand in a link: names that exist and others, text that means something or not."""
    name = st.sampled_from([each.name for each in knobs(cls)]) | st.text(max_size=8)
    number = st.floats().map(str) | st.integers().map(str)
    parts = st.lists(st.lists(number | st.text(":,max-tue", max_size=5), max_size=7)
                     .map(":".join), max_size=8).map(",".join)
    return st.dictionaries(name, st.text(max_size=20) | number | parts, max_size=12)


# Round trips

@EVERY_ROOM
@given(data=st.data())
def test_text_and_back_for_every_room(room, data):
    wanted = data.draw(params(room.params))
    _comes_back(wanted)


@given(params(Example))
def test_text_and_back_for_every_kind(wanted):
    _comes_back(wanted)


def _comes_back(wanted: Params) -> None:
    read, corrections = from_text(type(wanted), to_text(wanted))
    assert read == wanted
    assert corrections == []


@EVERY_ROOM
@given(data=st.data())
def test_a_short_link_says_what_differs(room, data):
    wanted = data.draw(params(room.params))
    read, corrections = from_text(room.params, changed(wanted))
    assert (read, corrections) == (wanted, [])


@EVERY_ROOM
def test_the_defaults_need_no_link(room):
    assert changed(room.params()) == {}
    assert from_text(room.params, {}) == (room.params(), [])


@EVERY_ROOM
def test_presets_are_allowed_and_come_back(room):
    for preset in room.presets:
        _comes_back(room.params(**preset.values))


# Whatever stands in a link

@EVERY_ROOM
@given(data=st.data())
def test_no_text_raises_for_any_room(room, data):
    _is_read(room.params, data.draw(texts(room.params)))


@given(texts(Example))
def test_no_text_raises_for_any_kind(given_):
    _is_read(Example, given_)


def _is_read(cls: type[Params], asked: dict[str, str]) -> None:
    """It is read as something allowed, and every text not taken as it stands is told."""
    read, corrections = from_text(cls, asked)
    assert cls.model_validate(read.model_dump()) == read
    told = {each.name for each in corrections}
    assert len(told) == len(corrections)
    assert {name for name in asked if name not in cls.model_fields} <= told <= set(asked)
    used = to_text(read)
    for each in corrections:
        assert each.given == asked[each.name]
        assert each.used == used.get(each.name, "")
    assert from_text(cls, used) == (read, [])


# Corrections

@pytest.mark.parametrize(("name", "text", "used", "reason"), [
    ("count", "99", "10", "bounds"),
    ("count", "-5", "1", "bounds"),
    ("count", "inf", "10", "bounds"),
    ("count", "2.6", "3", "bounds"),
    ("count", "nan", "5", "unreadable"),
    ("count", "many", "5", "unreadable"),
    ("count", "", "5", "unreadable"),
    ("rate", "7", "1", "bounds"),
    ("rate", "0", "0.001", "bounds"),
    ("free", "inf", "2", "unreadable"),
    ("kind", "c", "a", "unreadable"),
    ("side", "2", "3", "unreadable"),
    ("flag", "perhaps", "false", "unreadable"),
    ("items", "99:0.5:true", "9:0.5:true", "bounds"),
    ("items", "1,2,3,4,5", "1:0.5:false,2:0.5:false,3:0.5:false", "bounds"),
    ("items", "", "3:0.5:false,4:0.5:false", "unreadable"),
    ("items", "1:1:true:7", "3:0.5:false,4:0.5:false", "unreadable"),
    ("nobody", "1", "", "unknown"),
])
def test_a_correction_says_what_is_used_instead(name, text, used, reason):
    read, [correction] = from_text(Example, {name: text})
    assert (correction.name, correction.given) == (name, text)
    assert (correction.used, correction.reason) == (used, reason)
    assert to_text(read).get(name, "") == used


@pytest.mark.parametrize(("name", "text", "value"), [
    ("count", "7", 7), ("count", "7.0", 7), ("rate", "1e-2", 0.01), ("flag", "True", True),
    ("flag", "1", True), ("side", "1", 1),
    ("items", "7", (Item(size=7),)),
    ("items", "7:1", (Item(size=7, share=1.0),)),
])
def test_ways_to_write_a_value(name, text, value):
    read, corrections = from_text(Example, {name: text})
    assert getattr(read, name) == value
    assert corrections == []


@given(st.floats(allow_nan=False))
def test_out_of_bounds_is_the_nearest_allowed(number):
    read, _ = from_text(Example, {"rate": repr(number)})
    assert math.isclose(read.rate, min(max(number, 0.001), 1.0))


def test_text_is_kept_as_it_is_and_cut_where_it_is_too_long():
    class Typed(Params):
        kernel: str = knob("1 0; 0 -1", max_length=12, title="Kernel", says="Numbers.")

    assert from_text(Typed, changed(Typed(kernel="0,5;|x"))) == (Typed(kernel="0,5;|x"), [])
    read, corrections = from_text(Typed, {"kernel": "1" * 20})
    assert read.kernel == "1" * 12
    assert [each.reason for each in corrections] == ["bounds"]


# What widgets and tables need

def test_a_knob_knows_what_was_declared():
    count, rate, _, kind, side, _, note, items = knobs(Example)
    assert (count.kind, count.low, count.high, count.default) == ("int", 1, 10, 5)
    assert (count.title, count.says, count.group, count.unit) == ("Count", "How many.", "A", "s")
    assert (rate.live, rate.log, count.live) == (True, True, False)
    assert kind.choices == {"a": "First", "b": "b"}
    assert side.choices == {1: "1", 3: "3"}
    assert (note.kind, note.high) == ("text", 12)
    assert (items.kind, items.item, items.low, items.high) == ("list", Item, 1, 3)


@EVERY_ROOM
def test_every_knob_has_words(room):
    for each in knobs(room.params):
        assert each.title, each.name
        assert each.says, each.name
        assert each.group, each.name
        for part in knobs(each.item) if each.item else ():
            assert part.title, part.name
            assert part.says, part.name
