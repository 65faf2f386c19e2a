"""The first five minutes: a walk through one room, step by step, with one's own hands.

A step is a line at the foot of the page; it points at its place there and sees by itself when it
is done. Nothing is blocked: who wants something else does it, and the walk waits or is ended.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from core.i18n import N_, t
from core.ui import live, visit


@dataclass(frozen=True)
class Step:
    """One thing to do. ``at`` and ``done`` are CSS selectors: what to point at, and what is there
    when it is done ("" for something to look at)."""

    page: str
    do: str
    look: str
    at: str
    done: str = ""
    query: Mapping[str, str] = field(default_factory=dict)


RUN = "[data-module=run]"

STEPS = (
    Step("cnn", N_("Draw a digit with the mouse or your finger."),
         N_("A network that was trained before answers while you draw. The bars are its "
            "probabilities: draw a 7 slowly and see when it stops thinking of a 1."),
         "[data-module=tryit]", "[data-module=tryit][data-top]"),
    Step("cnn", N_("Now make one yourself: press Train."),
         N_("It starts with random weights and knows nothing. The training happens on the server, "
            "at this moment."),
         ".st-key-cnn-train", f"{RUN}:not([data-state=idle])"),
    Step("cnn", N_("Watch the curves grow."),
         N_("The loss says how wrong it is and goes down; the accuracy on pictures that it never "
            "trained with goes up. In a few seconds it passes 95 %."),
         RUN, f"{RUN}[data-state=finished], {RUN}[data-state=stopped]"),
    Step("cnn", N_("Move the slider below the coloured table back to epoch 1."),
         N_("Each row is a true digit, each column what the network called it. In the beginning "
            "the mistakes are everywhere; at the end they are gone but for a few."),
         f"{RUN} .pc-past", ""),
    Step("cnn", N_("Draw again. Your own network answers now."),
         N_("The name above the pad says which network reads. Try to fool it: a tiny digit, a "
            "letter, a smiley. It must always choose one of its ten classes."),
         "[data-module=tryit]", ""),
    Step("cnn", N_("Look inside: choose a picture."),
         N_("Each small tile is what one kernel makes of the picture. The first layers see "
            "strokes and edges; at the end there are ten bars, one for each digit."),
         "[data-module=inside]", "[data-module=inside][data-state=answered]"),
    Step("cnn", N_("Change something and train again: another learning rate, fewer filters."),
         N_("The lesson below says what to try. Your run stays under Runs, its program under "
            "«Take it home»."),
         ".st-key-cnn-train", ""),
)


def invitation() -> None:
    """Offers the walk on Home."""
    if visit.said("tour"):
        return
    st.button(t("The first five minutes"), icon=":material/directions_walk:", type="primary",
              key="tour-start", on_click=_go, args=(1,),
              help=t("A walk through one room: draw, train, look inside. You can leave at any "
                     "step."))


def strip() -> None:
    """The step of the walk that this visit is at."""
    number = _number()
    if not number or visit.follows():
        return
    step = STEPS[number - 1]
    live.mount("tour", "tour", visit.here(), {
        "n": number, "count": len(STEPS), "do": t(step.do), "look": t(step.look),
        "at": step.at, "done": step.done, "there": visit.here() == step.page,
    }, next=lambda: _go(number + 1), before=lambda: _go(number - 1),
        end=lambda: visit.keep("tour", ""))


def _number() -> int:
    """The step, from 1; 0 without a walk. A link may say anything."""
    said = visit.said("tour")
    return int(said) if said.isascii() and said.isdigit() and 0 < int(said) <= len(STEPS) else 0


def _go(number: int) -> None:
    if not 0 < number <= len(STEPS):
        visit.keep("tour", "")
        return
    visit.keep("tour", str(number))
    step = STEPS[number - 1]
    if visit.here() != step.page:
        visit.go(step.page, dict(step.query))
