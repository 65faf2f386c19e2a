"""What a sound looks like, and what can be heard of that picture again. Runs in the light worker.

The field's own library (librosa) draws; it is imported where it is used, for it takes seconds, and
:func:`ready` has it loaded before anybody waits for a picture.
Each function takes what a page asked as one dictionary: ``sound`` (float32 in -1..1 at
:data:`core.data.sound.RATE`), ``window`` and ``hop`` in milliseconds.
"""

import base64
import threading
from functools import cache

import numpy as np

from core.data import sound as seconds
from core.data.shipped import shipped
from core.data.speech import ACCENTS, FOR_TRAINING, FOR_VALIDATION, VARIANTS
from core.insight.packing import pack
from core.rooms.speech import SPOKEN

WINDOWS, HOPS = (4, 100), (2, 50)  # milliseconds
COEFFICIENTS = 20  # MFCC that are shown
WIDE, HIGH = 600, 200  # columns and rows of a picture at most
ROUNDS = 24  # of Griffin and Lim's search for the phases
DIGITS = 10
PATIENCE = 1.0  # seconds after which a page hears that the library is not there yet


def ready(asked: dict) -> dict:
    """``{"ready": bool}``: whether pictures come at once. Whoever asks first has the library loaded
    beside this worker's other work; no question waits for it."""
    return {"ready": _loaded().wait(PATIENCE)}


@cache
def _loaded() -> threading.Event:
    """Set as soon as everything was used once: parts of the library are compiled at first use."""
    loaded = threading.Event()

    def load() -> None:
        tone = np.sin(np.arange(seconds.RATE // 4) / 3, dtype=np.float32)
        try:
            spectra({"sound": tone})
            rebuilt({"sound": tone, "of": "mfcc"})
        finally:
            loaded.set()  # if it cannot be loaded, the next picture says why

    threading.Thread(target=load, daemon=True).start()
    return loaded


def spectra(asked: dict) -> dict:
    """Spectrogram, mel spectrogram and MFCC of a sound as packed pictures, low frequencies at the
    bottom: ``{"spectrogram", "mel", "mfcc"}``, with ``"frames"``, ``"bins"`` and ``"fft"``."""
    import librosa

    sound, window, hop, fft = _how(asked)
    power = _power(sound, window, hop, fft)
    mel = librosa.feature.melspectrogram(S=power, sr=seconds.RATE, n_mels=seconds.BANDS)
    mfcc = librosa.feature.mfcc(S=librosa.power_to_db(mel), n_mfcc=COEFFICIENTS)
    mfcc /= np.maximum(np.abs(mfcc).max(axis=1, keepdims=True), 1e-6)  # each on its own scale
    return {"spectrogram": _shown(librosa.power_to_db(power, ref=np.max, top_db=seconds.RANGE)),
            "mel": _shown(librosa.power_to_db(mel, ref=np.max, top_db=seconds.RANGE)),
            "mfcc": _shown(mfcc[1:]),  # the first one is the loudness and would outshine the rest
            "frames": power.shape[1], "bins": power.shape[0], "fft": fft}


def rebuilt(asked: dict) -> dict:
    """A sound made of its picture (``of``: "spectrogram", "mel" or "mfcc") alone; the phases, which
    no picture shows, are searched for (Griffin & Lim 1984). ``{"sound": base64 of int16}``."""
    import librosa

    sound, window, hop, fft = _how(asked)
    power = _power(sound, window, hop, fft)
    if asked.get("of") in ("mel", "mfcc"):
        power = librosa.feature.melspectrogram(S=power, sr=seconds.RATE, n_mels=seconds.BANDS)
        if asked["of"] == "mfcc":
            smooth = librosa.feature.mfcc(S=librosa.power_to_db(power), n_mfcc=COEFFICIENTS)
            power = librosa.feature.inverse.mfcc_to_mel(smooth, n_mels=seconds.BANDS)
        magnitude = librosa.feature.inverse.mel_to_stft(power, sr=seconds.RATE, n_fft=fft)
    else:
        magnitude = np.sqrt(power)
    again = librosa.griffinlim(magnitude, n_iter=ROUNDS, hop_length=hop, win_length=window,
                               n_fft=fft, length=len(sound), random_state=0)
    return {"sound": packed(again / max(np.abs(again).max(), 1e-6) * np.abs(sound).max())}


def example(asked: dict) -> dict:
    """A digit (``label``) by a synthetic voice (``index``) of the test part, which no network that
    ships has heard: ``{"sound": base64 of int16}``."""
    import soundfile

    digit = min(max(int(asked.get("label", 0)), 0), DIGITS - 1)
    first = (FOR_TRAINING + FOR_VALIDATION) * len(ACCENTS)
    voices = len(VARIANTS) * len(ACCENTS) - first
    voice = first + int(asked.get("index", 0)) % voices
    start = (voice * DIGITS + digit) * seconds.SECOND
    sound, _ = soundfile.read(shipped(SPOKEN), seconds.SECOND, start, dtype="float32")
    return {"sound": packed(sound)}


def decoded(asked: dict) -> dict:
    """A sound that the server has read, for the page: ``{"sound": base64 of int16}``."""
    return {"sound": packed(asked["sound"])}


def packed(sound: np.ndarray) -> str:
    """Values in -1..1 as base64 of little-endian int16."""
    return base64.b64encode(seconds.whole(sound).astype("<i2").tobytes()).decode()


def _how(asked: dict) -> tuple[np.ndarray, int, int, int]:
    """The sound, window and hop in values, and the FFT's length: the next power of two."""
    window, hop = (int(min(max(asked.get(name, usual), low), high) * seconds.RATE / 1000)
                   for name, usual, (low, high) in (("window", 25, WINDOWS), ("hop", 10, HOPS)))
    return asked["sound"], window, hop, max(256, 2 ** int(np.ceil(np.log2(window))))


def _power(sound: np.ndarray, window: int, hop: int, fft: int) -> np.ndarray:
    """(n,) → the power of each frequency in each frame, (1 + fft / 2, 1 + n // hop)."""
    import librosa

    return np.abs(librosa.stft(sound, n_fft=fft, win_length=window, hop_length=hop,
                               pad_mode="constant")) ** 2


def _shown(values: np.ndarray) -> dict:
    """Values (rows, columns) between their lowest and highest as a packed picture, the first row at
    the bottom; of many columns or rows that share a place the highest is shown."""
    low, high = float(values.min()), float(values.max())
    scaled = (values[::-1] - low) / max(high - low, 1e-9) * 255
    for axis, most in ((0, HIGH), (1, WIDE)):
        step = -(-scaled.shape[axis] // most)
        scaled = np.maximum.reduceat(scaled, np.arange(0, scaled.shape[axis], step), axis=axis)
    return pack(scaled)
