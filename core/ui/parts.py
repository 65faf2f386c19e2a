"""Parts of pages that a presenter, or a link, may hide, as a teacher does for a class.

What is hidden is only out of sight: it keeps what it says, and it guards nothing.
"""

import re
from collections.abc import Callable
from functools import wraps

from core.i18n import N_
from core.params import knobs
from core.rooms import DRAWN, Room
from core.ui import visit

PARTS = {
    "presets": N_("Presets"),
    "train": N_("Train and Reset"),
    "own": N_("Your own data"),
    "try": N_("Try it"),
    "inside": N_("Look inside"),
    "sweep": N_("Change one thing"),
    "baseline": N_("Is it worth it?"),
    "home": N_("Take it home"),
    "lesson": N_("The lesson"),
}
"""Names in links, and titles."""


def part(name: str) -> Callable[[Callable], Callable]:
    """Marks a function that draws a part of a page: it draws nothing where that is hidden."""
    def marked(draw: Callable) -> Callable:
        @wraps(draw)
        def shown(*given, **named):
            return draw(*given, **named) if shows(name) else None
        return shown
    return marked


def shows(name: str) -> bool:
    """Whether a part is to be seen on this visitor's page."""
    return name not in visit.hidden()


def group_part(group: str) -> str:
    """The name in links of a group of hyperparameters."""
    return re.sub(r"\W+", "-", group.lower()).strip("-")


def of(rooms: tuple[Room, ...]) -> dict[str, str]:
    """All that can be hidden in these rooms: names in links, and titles. Groups of
    hyperparameters come first, each once."""
    groups = [each.group for room in rooms for each in knobs(room.params) if each.group != DRAWN]
    return {**{group_part(group): group for group in groups}, **PARTS}
