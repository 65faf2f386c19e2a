"""A room on paper: its lesson, the figures of a run, and the way back as a QR code."""

import base64
import datetime
from html import escape

import streamlit as st
from babel.dates import format_date

from core import engine, i18n
from core.catalogue import ROOMS
from core.i18n import t
from core.params import Params, knobs, to_text
from core.rooms import DRAWN, Metric, Room
from core.ui import address, live, room, training

WIDTH, HEIGHT, MARGIN, LABELS = 360, 200, 44, 78  # of a curve, in its own units
INKS = {"train": "#a04f00", "validation": "#2a38b0"}  # on white paper


def page() -> None:
    """The handout that the link names: ``room=cnn&run=…``."""
    chosen = next((each for each in ROOMS if each.name == st.query_params.get("room")), None)
    if chosen is None:
        st.title(t("Handout"))
        st.markdown(t("Choose a room and press «Print a handout» there, under «Take it home»."))
        return
    run_id = st.query_params.get("run", "")
    params = training.params_of(chosen, run_id) if run_id else None
    live.mount("print", "print", "handout", {})
    _head(chosen, run_id if params else "")
    if params:
        _run(chosen, run_id, params)
    room.lesson(chosen)


def _head(chosen: Room, run_id: str) -> None:
    link = f"{address.base_address()}/{chosen.name}" + (f"?run={run_id}" if run_id else "")
    st.html(f'<div class="pc-handout-head"><div><h1>{t(chosen.title)}</h1>'
            f"<p>{t(chosen.sentence)}</p><p><small>{escape(link)}</small></p></div>"
            f'{address.qr(link, t("QR code of the link"))}</div>')


def _run(chosen: Room, run_id: str, params: Params) -> None:
    events = engine.current().events(run_id)
    begun = datetime.datetime.fromtimestamp(events[0]["at"]) if events else None
    when = format_date(begun, "long", locale=i18n.language()) if begun else ""
    figures = "".join(_figure(chosen, metric, events) for metric in chosen.metrics)
    curves = "".join(_curve(metric, events) for metric in reversed(chosen.metrics))
    st.html(f'<section class="pc-handout"><h2>{t("This run")} <small>{when}</small></h2>'
            f'<dl class="pc-handout-figures">{figures}</dl>'
            f'<div class="pc-handout-curves">{curves}{_confusion(events)}</div>'
            f'<table class="pc-handout-params">{_params(chosen, params)}</table></section>')


def _figure(chosen: Room, metric: Metric, events: list[dict]) -> str:
    """The last known value of a metric: on the test split if the run ended, else on validation."""
    measured = {}
    for event in events:
        measured.update(event.get("values", {}) if event["type"] == "epoch" else {})
        measured.update(event.get("metrics", {}) if event["type"] == "end" else {})
    for split, title in (("test_", t("test")), ("val_", t("validation"))):
        value = measured.get(split + metric.name)
        if isinstance(value, (int, float)):
            return (f"<div><dt>{t(metric.title)} · {title}</dt>"
                    f"<dd>{_written(metric, value)}</dd></div>")
    return ""


def _written(metric: Metric, value: float) -> str:
    return i18n.percent(value) if metric.percent else i18n.number(value, 3)


def _curve(metric: Metric, events: list[dict]) -> str:
    """Train and validation over the epochs, their ends labelled, as a picture for white paper."""
    epochs = [event for event in events if event["type"] == "epoch"]
    lines = {kind: [(event["epoch"], value) for event in epochs
                    if isinstance(value := event["values"].get(prefix + metric.name),
                                  (int, float))]
             for kind, prefix in (("train", ""), ("validation", "val_"))}
    values = [value for line in lines.values() for _, value in line]
    if len(epochs) < 2 or not values:
        return ""
    low, high = min(values), max(values)
    reach = (high - low) or 1.0
    last = epochs[-1]["epoch"]

    def at(epoch: int, value: float) -> tuple[float, float]:
        x = MARGIN + (epoch - 1) / (last - 1) * (WIDTH - MARGIN - LABELS)
        return x, HEIGHT - 26 - (value - low) / reach * (HEIGHT - 60)

    ends = _apart({kind: at(*line[-1])[1] for kind, line in lines.items() if line}, 15)
    drawn = "".join(
        f'<polyline fill="none" stroke="{INKS[kind]}" stroke-width="2" points="'
        + " ".join(f"{x:.1f},{y:.1f}" for x, y in (at(*point) for point in line)) + '"/>'
        f'<text fill="{INKS[kind]}" x="{WIDTH - LABELS + 6}" y="{ends[kind] + 4:.1f}">'
        f"{t(kind)}</text>" for kind, line in lines.items() if line)
    svg = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
           f'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" '
           f'fill="#fff"/><text font-size="13" font-weight="600" x="0" y="12">{t(metric.title)}'
           f'</text><text x="0" y="38">{_written(metric, high)}</text>'
           f'<text x="0" y="{HEIGHT - 32}">{_written(metric, low)}</text>{drawn}'
           f'<text x="{MARGIN}" y="{HEIGHT - 6}">{t("Epoch")} 1</text>'
           f'<text x="{WIDTH - LABELS}" y="{HEIGHT - 6}" text-anchor="end">{last}</text></svg>')
    says = f"{t(metric.title)}: {_written(metric, low)} – {_written(metric, high)}"
    return (f'<img class="pc-handout-curve" alt="{says}" src="data:image/svg+xml;base64,'
            f'{base64.b64encode(svg.encode()).decode()}">')


def _apart(places: dict[str, float], gap: float) -> dict[str, float]:
    """Labels at these heights, moved just so far that none covers another."""
    moved, above = {}, -gap
    for kind, y in sorted(places.items(), key=lambda each: each[1]):
        above = moved[kind] = max(y, above + gap)
    return moved


def _confusion(events: list[dict]) -> str:
    """The last confusion matrix as a table; rows are the true classes."""
    last = next((event for event in reversed(events) if event["type"] == "snapshot"
                 and event.get("kind") == "confusion"), None)
    if last is None:
        return ""
    head = "".join(f"<th>{escape(str(name))}</th>" for name in last["classes"])
    rows = "".join(f"<tr><th>{escape(str(name))}</th>" + "".join(
        f'<td class="{"pc-right" if a == b else ""}">{count or ""}</td>'
        for b, count in enumerate(row)) + "</tr>"
        for a, (name, row) in enumerate(zip(last["classes"], last["matrix"])))
    return (f'<figure><figcaption>{t("Confusion matrix on the validation split")}</figcaption>'
            f'<table class="pc-handout-confusion"><tr><td></td>{head}</tr>{rows}</table></figure>')


def _params(chosen: Room, params: Params) -> str:
    """Every hyperparameter with its value, as the visitor knows them."""
    texts = to_text(params)
    rows = [(t(each.title), t(each.choices[getattr(params, each.name)]) if each.choices
             else texts[each.name]) for each in knobs(chosen.params) if each.group != DRAWN]
    return "".join(f"<tr><th>{title}</th><td>{escape(str(value))}</td></tr>"
                   for title, value in rows)
