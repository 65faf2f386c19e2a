"""Files of strangers become plain arrays, or one clear sentence. Runs in the light worker.

Each reader takes the file's path, where to put what it read, and how; it returns a description in
plain values for the page. What a trainer opens later is only the array file written here.
"""

import io
import re
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from core.data import recordings
from core.data.archives import BadUpload, members, shown
from core.i18n import N_

MOST_FILES = 20_000  # in an archive of pictures
MOST_CLASSES = 100
MOST_UNPACKED = 1_000_000_000  # bytes
MOST_PIXELS = 40_000_000  # of one picture
MOST_VALUES = 300_000_000  # bytes of all pictures together, as they are kept
SIDE = 64  # pixels
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
MOST_TOLD = 20  # files that are named with what is wrong with them

MOST_SECONDS = 60
RATE = 16_000  # values a second

FOREIGN = re.compile(rb"[\x80-\xff]+")  # what is not ASCII, in one piece


def archive(path: str, out: str, side: int = SIDE) -> dict[str, Any]:
    """A zip with one folder of pictures a class.

    Writes ``x`` (n, side, side, 3) uint8, ``y`` (n,) int64 and ``names`` as ``.npz``: the middle
    square of each picture. Files that cannot be read are left out and named in the answer.

    Returns ``{"classes": {name: pictures}, "count", "problems": [{"file", "msgid", "values"}],
    "left_out": files}``.
    """
    pictures, labels, problems = [], [], []
    for name, content in members(Path(path), MOST_FILES, MOST_UNPACKED):
        label = _class_of(name)
        if label is None:
            continue
        try:
            pictures.append(square(content, side))
            labels.append(label)
        except BadUpload as error:
            problems.append({"file": shown(name), "msgid": error.msgid, "values": error.values})
        if len(pictures) * side * side * 3 > MOST_VALUES:
            raise BadUpload(N_("These are too many pictures: at most {limit} of {side}×{side} "
                               "pixels are taken."),
                            {"limit": MOST_VALUES // (side * side * 3), "side": side})
    names = sorted(set(labels))
    _check_classes(names, problems)
    y = np.array([names.index(label) for label in labels], np.int64)
    _write(out, x=np.stack(pictures), y=y, names=np.array(names))
    counts = np.bincount(y, minlength=len(names)).tolist()
    return {"classes": dict(zip(names, counts)), "count": len(y), "left_out": len(problems),
            "problems": problems[:MOST_TOLD]}


def square(content: bytes, side: int) -> np.ndarray:
    """The middle square of a picture, (side, side, 3) uint8."""
    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS)
        fits = picture.width * picture.height <= MOST_PIXELS
        if fits:
            picture.draft("RGB", (side, side))  # a JPEG decodes smaller, and so faster
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            return np.asarray(ImageOps.fit(upright, (side, side)))
    except Exception as error:  # a decoder may fail in any way on bytes made to hurt it
        raise BadUpload(N_("This file is no picture, or it is damaged.")) from error
    raise BadUpload(N_("This picture has too many pixels: at most {limit} million are taken."),
                    {"limit": MOST_PIXELS // 1_000_000})


def _class_of(name: str) -> str | None:
    """The folder in which a picture lies; ``None`` for what systems add and nobody means."""
    parts = [part for part in name.replace("\\", "/").split("/") if part]
    hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
    if hidden or parts[-1] in ("Thumbs.db", "desktop.ini"):
        return None
    return shown(parts[-2]) if len(parts) > 1 else None


def _check_classes(names: list[str], problems: list[dict]) -> None:
    if len(names) < 2:
        told = problems[0]["file"] if problems else "–"
        raise BadUpload(N_("Two folders of pictures are needed, one for each class; {count} was "
                           "found. First file that could not be read: {file}"),
                        {"count": len(names), "file": told})
    if len(names) > MOST_CLASSES:
        raise BadUpload(N_("The archive has {count} classes; at most {limit} are taken."),
                        {"count": len(names), "limit": MOST_CLASSES})


def sound(path: str, out: str, rate: int = RATE, seconds: float = MOST_SECONDS) -> dict[str, Any]:
    """A recording (WAV, FLAC, OGG, MP3, with FFmpeg also m4a) as mono float32 in -1..1.

    Writes ``sound`` (n,), at ``rate`` values a second, and ``rate`` as ``.npz``. Longer ones are
    cut, and the answer says so:
    ``{"seconds", "rate", "original_rate", "channels", "cut": bool}``.
    """
    mono, found = recordings.read(path, rate, seconds)
    _write(out, sound=mono, rate=np.array(rate))
    return {"seconds": round(len(mono) / rate, 3), "rate": rate, **found}


def decoded(raw: bytes) -> tuple[str, str]:
    """The words in a file's bytes, and the encoding they were found to be in.

    UTF-8 and UTF-16 say what they are. Beyond them, Chinese is long pieces of bytes that are not
    ASCII, and Western languages have one or two here and there.
    """
    pieces = FOREIGN.findall(raw)
    others = ("gb18030", "cp1252")
    if sum(map(len, pieces)) < 3 * len(pieces):
        others = others[::-1]
    marked = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if marked else ("utf-8-sig", *others):
        try:
            words = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(sign < " " and sign not in "\t\n\r\f" for sign in words):
            return words, encoding.removesuffix("-sig")
    raise BadUpload(N_("This file is no text that can be read here. Save it as UTF-8."))


def _write(out: str, **arrays: np.ndarray) -> None:
    with open(out, "wb") as file:
        np.savez(file, **arrays)
