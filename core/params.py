"""Hyperparameters, declared once.

A room declares its hyperparameters as a subclass of :class:`Params` whose fields are made by
:func:`knob`. From this one declaration come the widgets, the validation, the link, the
command-line flags, the columns of the list of runs and the literal in the take-home program.

As text (links, command line) a list of items is written ``32:3:max,64:3:max``: items by
commas, an item's fields by colons, in the order of their declaration.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError


class Params(BaseModel):
    """The hyperparameters of one room: immutable, nothing beyond the declared fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


def knob(
    default: Any,
    *,
    title: str,
    says: str,
    group: str = "",
    ge: float | None = None,
    le: float | None = None,
    step: float | None = None,
    unit: str = "",
    live: bool = False,
    log: bool = False,
    choices: Mapping[Any, str] | None = None,
    min_length: int | None = None,
    max_length: int | None = None,
) -> Any:
    """A hyperparameter: its default, bounds and words.

    ``title``, ``says``, ``group`` and the values of ``choices`` are messages (marked with
    ``N_``). ``live``: the value may change while the network trains. ``log``: the widget moves
    in powers of ten.
    """
    words = {"title": title, "says": says, "group": group, "step": step, "unit": unit,
             "live": live, "log": log, "choices": dict(choices or {})}
    return Field(default, ge=ge, le=le, min_length=min_length, max_length=max_length,
                 json_schema_extra=words)


@dataclass(frozen=True)
class Knob:
    """What a widget, a table column or a flag needs to know about one hyperparameter."""

    name: str
    kind: Literal["int", "float", "bool", "choice", "list", "text"]
    title: str
    says: str
    group: str
    default: Any
    low: float | None
    high: float | None
    step: float | None
    unit: str
    live: bool
    log: bool
    choices: dict[Any, str]
    item: type[Params] | None


@dataclass(frozen=True)
class Correction:
    """A value that was asked for and could not be used, and what is used instead."""

    name: str
    given: str
    used: str
    reason: Literal["unknown", "unreadable", "bounds"]


def knobs(cls: type[Params]) -> tuple[Knob, ...]:
    """All hyperparameters of a room in the order of their declaration."""
    return tuple(_knob(name, info) for name, info in cls.model_fields.items())


def to_text(params: Params) -> dict[str, str]:
    """Every hyperparameter as text for a link or a command line."""
    return {name: _write(getattr(params, name)) for name in type(params).model_fields}


def from_text(cls: type[Params], given: Mapping[str, str]) -> tuple[Params, list[Correction]]:
    """Hyperparameters from a link or a command line; what is missing takes its default.

    A number out of bounds becomes the nearest allowed one; what cannot be read becomes the
    default; a name nobody knows is left out. Each such case is told in a :class:`Correction`.
    """
    known = {each.name: each for each in knobs(cls)}
    corrections = [Correction(name, text, "", "unknown")
                   for name, text in given.items() if name not in known]
    values = {}
    for name, each in known.items():
        if name not in given:
            continue
        value, reason = _read(each, given[name])
        if reason:
            corrections.append(Correction(name, given[name], _write(value), reason))
        values[name] = value
    return cls(**values), corrections


def changed(params: Params) -> dict[str, str]:
    """The hyperparameters that differ from their defaults, as text: what a short link says."""
    usual = to_text(type(params)())
    return {name: text for name, text in to_text(params).items() if text != usual[name]}


def _knob(name: str, info: Any) -> Knob:
    words = info.json_schema_extra or {}
    bounds = {type(rule).__name__: rule for rule in info.metadata}
    kind, item = _kind(info.annotation)
    low = bounds["MinLen"].min_length if "MinLen" in bounds else (
        bounds["Ge"].ge if "Ge" in bounds else None)
    high = bounds["MaxLen"].max_length if "MaxLen" in bounds else (
        bounds["Le"].le if "Le" in bounds else None)
    choices = words.get("choices") or {}
    if kind == "choice":
        choices = {value: choices.get(value, str(value)) for value in get_args(info.annotation)}
    return Knob(name, kind, words.get("title", name), words.get("says", ""),
                words.get("group", ""), info.get_default(call_default_factory=True), low, high,
                words.get("step"), words.get("unit", ""), words.get("live", False),
                words.get("log", False), choices, item)


def _kind(annotation: Any) -> tuple[str, type[Params] | None]:
    if get_origin(annotation) is Literal:
        return "choice", None
    if get_origin(annotation) is tuple:
        return "list", get_args(annotation)[0]
    return {bool: "bool", int: "int", float: "float", str: "text"}[annotation], None


def _write(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value).removesuffix(".0")  # all digits: a link must give the same numbers
    if isinstance(value, Params):
        return ":".join(_write(getattr(value, name)) for name in type(value).model_fields)
    if isinstance(value, tuple):
        return ",".join(_write(item) for item in value)
    return str(value)


def _read(each: Knob, text: str) -> tuple[Any, str]:
    """The value that ``text`` stands for and why it is not the one given ("" if it is)."""
    try:
        if each.kind == "list":
            return _read_list(each, text)
        if each.kind == "bool":
            return {"true": True, "1": True, "false": False, "0": False}[text.lower()], ""
        if each.kind == "choice":
            return {str(value): value for value in each.choices}[text], ""
        if each.kind == "text":
            longest = len(text) if each.high is None else int(each.high)
            return text[:longest], "" if len(text) <= longest else "bounds"
        return _read_number(each, text)
    except (KeyError, ValueError, ValidationError):
        return each.default, "unreadable"


def _read_number(each: Knob, text: str) -> tuple[Any, str]:
    number = float(text)
    if math.isnan(number):
        raise ValueError(text)
    low = -math.inf if each.low is None else each.low
    high = math.inf if each.high is None else each.high
    inside = min(max(number, low), high)
    if math.isinf(inside):
        raise ValueError(text)
    value = round(inside) if each.kind == "int" else inside
    return value, "" if value == number else "bounds"


def _read_list(each: Knob, text: str) -> tuple[Any, str]:
    reason = ""
    items = []
    fields = knobs(each.item)
    for part in filter(None, text.split(",")):
        texts = part.split(":")
        if len(texts) > len(fields):
            raise ValueError(text)
        values = {}
        for field, field_text in zip(fields, texts):
            values[field.name], problem = _read(field, field_text)
            reason = reason or problem
        items.append(each.item(**values))
    if len(items) < (each.low or 0):
        raise ValueError(text)
    if each.high is not None and len(items) > each.high:
        items, reason = items[: int(each.high)], "bounds"
    return tuple(items), reason
