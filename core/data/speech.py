"""Spoken words: seconds of sound with a fixed split, and the pictures that networks receive."""

import csv
import hashlib
import io
import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.data.shipped import shipped
from core.data.sound import BANDS, FRAMES, SECOND, centred, pictures, whole
from core.data.sources import Source, fetch, found, here
from core.data.splits import Splits
from core.errors import VisitorError
from core.own import arrays
from core.rooms.classes import LEAST
from core.rooms.speech import FEW, SPOKEN

DIGITS = tuple("0123456789")

# Of benchmarks/spoken.py, which says the ten digits in one voice after the other.
ACCENTS = ("en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp", "en-gb-x-gbclan", "en-029")
VARIANTS = ("m1", "m2", "m4", "m5", "m7", "f1", "f3", "f5", "klatt", "klatt3", "Annie", "Andy",
            "m6", "f4", "linda", "m8",  # validation
            "m3", "f2", "klatt2", "Alex")  # test
FOR_TRAINING = 12  # variants
FOR_VALIDATION = 4

SPEAKERS = ("george", "jackson", "lucas", "nicolas", "theo", "yweweler")
TAKES = 50  # of each digit by each speaker
FOR_TEST = 5  # takes, the first ones: the data set's own split
VALIDATING = 5  # takes, the last ones
FSDD_PACKED = "audio/fsdd.flac"  # in the data folder: all recordings in one stream
FSDD_INDEX = "audio/fsdd_index.csv"



def fsdd_digest(path: Path) -> str:
    """The SHA-256 of all recordings in the archive with their names, in order."""
    digest = hashlib.sha256()
    for digit, speaker, take, sound in from_archive(path):
        values = (sound * 32768).astype("<i2")
        digest.update(f"{digit}_{speaker}_{take}".encode() + values.tobytes())
    return digest.hexdigest()


FSDD = Source(
    name="Free Spoken Digits",
    accepted=("audio/free-spoken-digit-dataset-1.0.10.tar.gz",),
    url="https://github.com/Jakobovski/free-spoken-digit-dataset/archive/v1.0.10.tar.gz",
    bytes=16_000_000,
    sha256="796273d2ee66642756d738c83f2061844e97e80ac5cd97605d0173ed9690d669",
    digest=fsdd_digest,
)


@dataclass(frozen=True)
class Data(Splits):
    """Pictures of spoken words, and the sounds themselves.

    ``x_*``: float32 in 0..1, (n, 40, 100); ``y_*``: int64 class numbers, (n,); ``sound_val`` and
    ``sound_test``: int16, (n, 8000), empty rows where there is nothing to hear.
    """

    sound_val: np.ndarray
    sound_test: np.ndarray


def spoken(stranger: str = "") -> Data:
    """The ten digits by espeak-ng, in 120 synthetic voices with noise; ships with the app.

    720 recordings for training, 240 for validation and 240 for the test, each by other voices.
    """
    import soundfile  # here: it loads a library that nobody else waits for

    sounds, _ = soundfile.read(shipped(SPOKEN), dtype="float32")
    sounds = whole(sounds.reshape(-1, SECOND))
    labels = np.arange(len(sounds)) % len(DIGITS)
    variants = np.arange(len(sounds)) // (len(ACCENTS) * len(DIGITS))
    part = np.digitize(variants, [FOR_TRAINING, FOR_TRAINING + FOR_VALIDATION])
    return parted(sounds, labels, part, DIGITS)


def fsdd(stranger: str = "") -> Data:
    """Free Spoken Digits (Jackson et al. 2018): 3,000 recordings of six people.

    Split as the data set's authors do: of each digit and person takes 0 to 4 are the test, here
    takes 45 to 49 validate. With a ``stranger`` all takes of that person are the test, and nobody
    has heard them before. Downloads 16 MB unless the recordings are here already.

    Raises:
        DownloadError: they are not here and could not be fetched.
    """
    packed = found(FSDD_PACKED)
    recordings = from_flac(packed) if packed else from_archive(fetch(FSDD))
    sounds = np.stack([whole(centred(sound)) for *_, sound in recordings])
    labels, takes = (np.array([each[i] for each in recordings]) for i in (0, 2))
    tests = (np.array([speaker == stranger for _, speaker, *_ in recordings]) if stranger
             else takes < FOR_TEST)
    part = np.where(tests, 2, np.where(takes >= TAKES - VALIDATING, 1, 0))
    return parted(sounds, labels, part, DIGITS)


def random(stranger: str = "") -> Data:
    """The article's features and labels: noise, 1,000 for training and 200 for the test.

    Nothing can be learned from them: ten classes, one in ten by chance.
    """
    numbers = np.random.default_rng(0)
    parts = []
    for count in (1000, 200, 200):
        parts += [numbers.random((count, BANDS, FRAMES), np.float32),
                  numbers.integers(0, len(DIGITS), count)]
    silence = np.zeros((200, 0), np.int16)
    return Data(*parts, DIGITS, silence, silence)


def own_words(name: str) -> Data:
    """A visitor's own recordings, by the name under which they are kept.

    Of each word a sixth is for validation and a sixth for the test, one recording at least; the
    split never changes.

    Raises:
        VisitorError: they are not here any more, or a word has fewer than three.
    """
    kept = arrays(name)
    names, labels = tuple(map(str, kept["names"])), kept["y"].astype(np.int64)
    part = np.zeros(len(labels), int)
    for number, called in enumerate(names):
        rows = np.random.default_rng(number).permutation(np.flatnonzero(labels == number))
        if len(rows) < LEAST:
            raise VisitorError(FEW, {"name": called, "count": len(rows), "least": LEAST})
        sixth = max(1, len(rows) // 6)
        part[rows[:sixth]], part[rows[sixth:2 * sixth]] = 1, 2
    return parted(kept["sounds"], labels, part, names)


def parted(sounds: np.ndarray, labels: np.ndarray, part: np.ndarray,
           names: tuple[str, ...]) -> Data:
    """Sounds (n, 8000) int16 in parts: 0 trains, 1 validates, 2 tests."""
    seen, labels = pictures(sounds), labels.astype(np.int64)
    split = [values[part == each] for each in (0, 1, 2) for values in (seen, labels)]
    return Data(*split, names, sounds[part == 1], sounds[part == 2])


def from_flac(path: Path) -> list[tuple[int, str, int, np.ndarray]]:
    """All recordings in one stream, with a table of where each begins: digit, speaker, take and
    sound (n,) float32."""
    import soundfile

    stream, _ = soundfile.read(path, dtype="float32")
    with found(FSDD_INDEX).open(newline="") as table:
        return [(int(row["digit"]), row["speaker"], int(row["take"]),
                 stream[int(row["start"]):int(row["start"]) + int(row["length"])])
                for row in csv.DictReader(table)]


def from_archive(path: Path) -> list[tuple[int, str, int, np.ndarray]]:
    """The same from the repository's archive, whose files are named ``7_jackson_32.wav``."""
    import soundfile

    recordings = []
    with tarfile.open(path, "r:gz") as archive:
        for member in archive:
            file = Path(member.name)
            if file.parent.name != "recordings" or file.suffix != ".wav":
                continue
            digit, speaker, take = file.stem.split("_")
            sound, _ = soundfile.read(io.BytesIO(archive.extractfile(member).read()),
                                      dtype="float32")
            recordings.append((int(digit), speaker, int(take), sound))
    return sorted(recordings, key=lambda each: each[:3])


DATA_SETS = {"spoken": spoken, "fsdd": fsdd, "random": random}


def to_download(name: str) -> int:
    """Bytes of a data set that would have to be downloaded first."""
    return 0 if name != "fsdd" or found(FSDD_PACKED) or here(FSDD) else FSDD.bytes
