"""Parts of pages that a link may hide: each has a title, and names mean one thing."""

import re
from pathlib import Path

from core.catalogue import ROOMS
from core.ui import parts

UI = Path(parts.__file__).parent


def test_every_part_that_pages_mark_can_be_ticked_and_the_other_way_round():
    marked = {name for path in UI.glob("*.py")
              for name in re.findall(r'@part\("(\w+)"\)', path.read_text("utf-8"))}
    assert marked == set(parts.PARTS)


def test_a_group_of_hyperparameters_is_never_called_like_a_part():
    groups = set(parts.of(ROOMS)) - set(parts.PARTS)
    assert {"data", "training", "network", "details"} <= groups
    named = [parts.group_part(title) for name, title in parts.of(ROOMS).items() if name in groups]
    assert len(named) == len(set(named)) and not set(named) & set(parts.PARTS)
    assert all(re.fullmatch(r"[a-z0-9-]+", name) for name in groups)
