"""A visitor's own text, pasted or as a file, as numbers that are kept.

Signs are kept as their Unicode numbers: text and nothing else can be in such a file.
"""

from pathlib import Path
from typing import Any

import numpy as np

from core.data.archives import BadUpload
from core.data.sequences import FILL, MOST_SIGNS, RARE
from core.data.uploads import decoded
from core.i18n import N_
from core.rooms.sequences import LEAST, TOO_SHORT

MOST = 2_000_000  # characters
SHOWN = 200  # of them in the page


def read(path: str, out: str) -> dict[str, Any]:
    """A text file in any usual encoding; see :func:`keep`."""
    words, _ = decoded(Path(path).read_bytes())
    return keep(words, out)


def keep(text: str, out: str) -> dict[str, Any]:
    """Writes ``signs`` (n,) uint32 as ``.npz``. Returns ``{"characters", "signs", "begins"}``:
    ``signs`` is how many tokens a network on it knows.

    Raises:
        BadUpload: the text is too short, too long, or the same sign over and over.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) < LEAST:
        raise BadUpload(TOO_SHORT, {"count": len(text), "least": LEAST})
    if len(text) > MOST:
        raise BadUpload(N_("This text is too long: at most {limit} characters are taken."),
                        {"limit": MOST})
    different = len(set(text))
    if different < 2:
        raise BadUpload(N_("This text is one and the same character: there is nothing to learn."))
    with open(out, "wb") as file:
        np.savez(file, signs=np.array([*map(ord, text)], np.uint32))
    return {"characters": len(text), "signs": min(different, MOST_SIGNS) + len((FILL, RARE)),
            "begins": text[:SHOWN]}
