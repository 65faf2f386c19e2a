"""Sound files of strangers: one, or a zip with one folder of recordings for each word.

Runs in the light worker. What libsndfile cannot read (m4a, webm) goes to FFmpeg if that is
installed, which then sees nothing but this one file.
"""

import io
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from core.data.archives import BadUpload, members, shown
from core.data.sound import RATE, centred, silent, whole
from core.i18n import N_

MOST_FILES = 5_000
MOST_UNPACKED = 500_000_000  # bytes
MOST_WORDS = 50
MOST_TOLD = 20  # files that are named with what is wrong with them
LONGEST = 10  # seconds of one recording
PATIENCE = 20  # seconds for FFmpeg
FORMATS = "mov,mp4,m4a,3gp,matroska,webm,mp3,aac,ogg,wav,flac,aiff"

NO_SOUND = N_("This file is no sound that can be read here. Use WAV, FLAC, OGG or MP3.")
NO_DECODER = N_("There is no decoder for this kind of sound (m4a, webm) on this server. Use WAV, "
                "FLAC, OGG or MP3.")
NOTHING = N_("There is nothing to hear in this file.")
CONTAINERS = (b"ftyp", b"\x1a\x45\xdf\xa3")  # of m4a and webm, in the first bytes


def read(path: str, rate: int, seconds: float) -> tuple[np.ndarray, dict[str, Any]]:
    """The first ``seconds`` of a recording as mono float32 in -1..1 at ``rate`` values a second,
    and ``{"original_rate", "channels", "cut"}``.

    Raises:
        BadUpload: it is no sound, there is no decoder for it, or nothing is in it.
    """
    import soundfile  # here: it loads a library that pages without sound need not wait for
    import soxr

    try:
        values, original = _values(path, soundfile, seconds)
        most = int(original * seconds)
        mono = np.nan_to_num(values[:most].mean(axis=1), posinf=0, neginf=0)
        mono = soxr.resample(mono, original, rate).clip(-1, 1).astype(np.float32)
    except BadUpload:
        raise
    except Exception as error:  # a decoder may fail in any way on bytes made to hurt it
        raise BadUpload(NO_SOUND) from error
    if not len(mono):
        raise BadUpload(NOTHING)
    return mono, {"original_rate": original, "channels": values.shape[1], "cut": len(values) > most}


def _values(path: str, soundfile, seconds: float) -> tuple[np.ndarray, int]:
    """Values (n, channels) of a little more than ``seconds``, and how many there are in one."""
    try:
        file = soundfile.SoundFile(path)
    except soundfile.LibsndfileError:
        file = soundfile.SoundFile(_by_ffmpeg(path, seconds))
    with file:
        rate, channels = file.samplerate, file.channels
        if not (1000 <= rate <= 400_000 and 1 <= channels <= 16):
            raise ValueError(rate, channels)
        return file.read(int(rate * seconds) + 1, dtype="float32", always_2d=True), rate


def _by_ffmpeg(path: str, seconds: float) -> io.BytesIO:
    """The same sound as WAV."""
    program = shutil.which("ffmpeg")
    with open(path, "rb") as file:
        contained = any(mark in file.read(16) for mark in CONTAINERS)
    if not program or not contained:
        raise BadUpload(NO_DECODER if contained else NO_SOUND)
    found = subprocess.run(
        [program, "-nostdin", "-v", "error", "-protocol_whitelist", "file", "-format_whitelist",
         FORMATS, "-i", f"file:{path}", "-vn", "-t", str(seconds + 1), "-f", "wav", "pipe:1"],
        capture_output=True, check=True, timeout=PATIENCE)
    return io.BytesIO(found.stdout)


def archive(path: str, out: str) -> dict[str, Any]:
    """A zip with one folder of recordings for each word.

    Writes ``sounds`` (n, 8000) int16, each with its word in the middle of a second, ``y`` (n,)
    int64 and ``names`` as ``.npz``. Files that cannot be read or are silent are left out and named
    in the answer: ``{"classes": {name: recordings}, "count", "problems": [{"file", "msgid",
    "values"}], "left_out": files}``.
    """
    sounds, labels, problems = [], [], []
    for name, content in members(Path(path), MOST_FILES, MOST_UNPACKED):
        word = _word_of(name)
        if word is None:
            continue
        try:
            sounds.append(_second(content))
            labels.append(word)
        except BadUpload as error:
            problems.append({"file": shown(name), "msgid": error.msgid, "values": error.values})
    names = sorted(set(labels))
    if len(names) < 2:
        if any(each["msgid"] == NO_DECODER for each in problems):
            raise BadUpload(NO_DECODER)
        told = problems[0]["file"] if problems else "–"
        raise BadUpload(N_("Two folders of recordings are needed, one for each word; {count} was "
                           "found. First file that could not be read: {file}"),
                        {"count": len(names), "file": told})
    if len(names) > MOST_WORDS:
        raise BadUpload(N_("The archive has {count} words; at most {limit} are taken."),
                        {"count": len(names), "limit": MOST_WORDS})
    y = np.array([names.index(label) for label in labels], np.int64)
    with open(out, "wb") as file:
        np.savez(file, sounds=np.stack(sounds), y=y, names=np.array(names))
    return {"classes": dict(zip(names, np.bincount(y).tolist())), "count": len(y),
            "left_out": len(problems), "problems": problems[:MOST_TOLD]}


def _second(content: bytes) -> np.ndarray:
    """A recording's bytes → (8000,) int16 with the word in the middle."""
    if not content:
        raise BadUpload(N_("The file is empty. Choose another one."))
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        sound, _ = read(file.name, RATE, LONGEST)
    if silent(sound):
        raise BadUpload(NOTHING)
    return whole(centred(sound))


def _word_of(name: str) -> str | None:
    """The folder in which a recording lies; ``None`` for what systems add and nobody means."""
    parts = [part for part in name.replace("\\", "/").split("/") if part]
    hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
    if hidden or parts[-1] in ("Thumbs.db", "desktop.ini"):
        return None
    return shown(parts[-2]) if len(parts) > 1 else None
