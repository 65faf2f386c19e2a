"""Curves of several runs in one chart, each named at its end instead of in a legend."""

from dataclasses import dataclass

import plotly.graph_objects as go
import streamlit as st

from core import engine
from core.i18n import t
from core.rooms import Metric
from core.ui import visit

# Ends of the scale of colours, light and dark theme: the accent and the second colour.
ENDS = (((61, 78, 219), (184, 92, 0)), ((140, 155, 255), (242, 163, 60)))
HEIGHT = 320
GAP = 0.07  # of the chart's height between two names


@dataclass(frozen=True)
class Shown:
    """A run under the name that it has in a chart. Anything with these two will do."""

    run_id: str
    name: str


def chart(runs: list, metric: Metric) -> go.Figure:
    """The curves of ``runs`` (each has ``run_id`` and ``name``) over their epochs: validation as
    a thick line with its name at the end, training as a thin one."""
    figure = go.Figure()
    ends = []
    for run, colour in zip(runs, colours(len(runs))):
        epochs = [event for event in engine.current().events(run.run_id)
                  if event["type"] == "epoch"]
        for split, width in (("", 1), ("val_", 2.5)):
            points = [(event["epoch"], value) for event in epochs
                      if (value := event["values"].get(split + metric.name)) is not None]
            if points:
                _line(figure, run.name, split, points, width, colour)
                last = (*points[-1], run.name, colour)
        if epochs and points:
            ends.append(last)
    _names(figure, ends)
    figure.update_layout(margin={"l": 0, "r": 120, "t": 8, "b": 0}, height=HEIGHT,
                         showlegend=False, xaxis_title=t("Epochs"))
    if metric.percent:
        figure.update_yaxes(tickformat=".0%")
    return figure


def show(runs: list, metric: Metric, key: str) -> None:
    """A chart under its metric's title."""
    st.markdown(f"**{t(metric.title)}**")
    st.plotly_chart(chart(runs, metric), width="stretch", key=key,
                    config={"displayModeBar": False})


def colours(count: int) -> list[str]:
    """As many colours, evenly spread from the accent to the second colour of the theme."""
    first, second = ENDS[visit.dark()]
    shares = [number / max(count - 1, 1) for number in range(count)]
    return ["#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in zip(first, second))
            for share in shares]


def _line(figure: go.Figure, name: str, split: str, points: list, width: float,
          colour: str) -> None:
    figure.add_scatter(
        x=[x for x, _ in points], y=[y for _, y in points],
        name=f"{name} · {t('validation') if split else t('train')}",
        line={"width": width, "color": colour}, opacity=1 if split else 0.5,
        mode="lines+markers" if len(points) == 1 else "lines")


def _names(figure: go.Figure, ends: list[tuple[float, float, str, str]]) -> None:
    """Write each name at its curve's end, moved up where it would cover another one."""
    values = [y for trace in figure.data for y in trace.y]
    gap = GAP * ((max(values) - min(values)) or 1) if values else 0
    below = -float("inf")
    for x, y, name, colour in sorted(ends, key=lambda end: end[1]):
        below = max(y, below + gap)
        figure.add_annotation(x=x, y=below, text=_plain(name), xanchor="left", xshift=6,
                              showarrow=False, font={"color": colour})


def _plain(name: str) -> str:
    """A name that a stranger typed, harmless in Plotly's little HTML, and short."""
    short = name if len(name) <= 24 else name[:23] + "…"
    return short.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
