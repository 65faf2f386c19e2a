"""Sound as numbers: a second of it, and the picture that a network receives of it.

A recording becomes one second at 8,000 values a second with the word in its middle, and that a
log-mel spectrogram of 40 bands × 100 frames. Plain NumPy, so that it can be read and taken home;
:func:`mel_filters` and :func:`mel_power` give what librosa gives (a test compares them).
"""

from functools import cache

import numpy as np

RATE = 8_000  # values a second
SECOND = RATE  # values of what a network receives
BANDS = 40
FRAMES = 100
HOP = SECOND // FRAMES  # values between two frames: 10 ms
WINDOW = 200  # values that a frame sees: 25 ms
FFT = 256
RANGE = 60.0  # decibels between the loudest place of a picture and black
QUIET = 0.003  # of full scale: what is nowhere louder (RMS of a frame) is no word
EDGE = 30.0  # decibels below its loudest frame at which a word begins and ends
SPARE = 4  # frames that are kept before and behind a word
SOUNDING = 0.5  # of a picture: frames that are nowhere lighter are no part of the word
SMOOTH = 5  # frames: over so many the flicker of noise is averaged away
STEADY = 1.8  # decibels: what changes less is no word; noise of any colour stays below 1.75
BRIEF = 7  # frames: what sounds for less at a stretch is a click; of 3,000 digits the least is 8


def pictures(sounds: np.ndarray) -> np.ndarray:
    """Seconds of sound (n, 8000) int16 → log-mel pictures (n, 40, 100), float32 in 0..1.

    The highest band is the top row, time goes to the right. 1 is the loudest place of each
    picture, 0 is :data:`RANGE` decibels below: how loud somebody spoke makes no difference.
    """
    return np.stack([picture(each.astype(np.float32) / 32768) for each in sounds])


def picture(sound: np.ndarray) -> np.ndarray:
    """One second (8000,) float32 in -1..1 → its log-mel picture (40, 100), see :func:`pictures`."""
    power = mel_power(sound)[:, :FRAMES]
    decibels = 10 * np.log10(np.maximum(power, 1e-10) / max(power.max(), 1e-10))
    return np.clip(1 + decibels[::-1] / RANGE, 0, 1).astype(np.float32)


def mel_power(sound: np.ndarray, rate: int = RATE, fft: int = FFT, window: int = WINDOW,
              hop: int = HOP, bands: int = BANDS) -> np.ndarray:
    """The power in each mel band at each frame: (n,) → (bands, 1 + n // hop)."""
    padded = np.pad(sound.astype(np.float32), fft // 2)
    starts = np.arange(1 + len(sound) // hop) * hop
    hann = np.zeros(fft, np.float32)
    hann[(fft - window) // 2:][:window] = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(window) / window)
    frames = padded[starts[:, None] + np.arange(fft)] * hann  # (frames, fft)
    spectrum = np.abs(np.fft.rfft(frames, axis=1)) ** 2  # (frames, fft / 2 + 1)
    return mel_filters(rate, fft, bands) @ spectrum.T


@cache
def mel_filters(rate: int, fft: int, bands: int) -> np.ndarray:
    """Triangles over the frequencies, (bands, fft / 2 + 1): narrow where we hear pitch finely,
    wide where we do not (Slaney's mel scale: linear to 1,000 Hz, logarithmic above), of one area
    each."""
    edges = mel_to_hertz(np.linspace(0, hertz_to_mel(rate / 2), bands + 2))
    slopes = edges[:, None] - np.fft.rfftfreq(fft, 1 / rate)  # (bands + 2, frequencies)
    widths = np.diff(edges)[:, None]
    triangles = np.minimum(-slopes[:-2] / widths[:-1], slopes[2:] / widths[1:])
    return (np.maximum(0, triangles) * 2 / (edges[2:] - edges[:-2])[:, None]).astype(np.float32)


def hertz_to_mel(hertz: float) -> float:
    """Slaney's mel scale: 15 mel at 1,000 Hz, then 27 mel for a factor of 6.4."""
    return 3 * hertz / 200 if hertz < 1000 else 15 + 27 * np.log(hertz / 1000) / np.log(6.4)


def mel_to_hertz(mel: np.ndarray) -> np.ndarray:
    """Back from :func:`hertz_to_mel`."""
    return np.where(mel < 15, 200 * mel / 3, 1000 * 6.4 ** ((mel - 15) / 27))


def centred(sound: np.ndarray) -> np.ndarray:
    """A recording (n,) float32 in -1..1 → one second (8000,) with the word in its middle.

    What is silent before and behind it goes; of a longer word the loudest second stays.
    """
    loud = loudness(sound)
    heard = np.flatnonzero(loud > loud.max(initial=0) * 10 ** (-EDGE / 20))
    if len(heard):
        first, last = max(heard[0] - SPARE, 0), heard[-1] + 1 + SPARE
        sound = sound[first * HOP:last * HOP]
    if len(sound) > SECOND:
        energy = np.cumsum(np.concatenate([[0.0], sound.astype(np.float64) ** 2]))
        start = int(np.argmax(energy[SECOND:] - energy[:-SECOND]))
        return sound[start:start + SECOND]
    before = (SECOND - len(sound)) // 2
    return np.pad(sound, (before, SECOND - len(sound) - before))


def loudness(sound: np.ndarray) -> np.ndarray:
    """The root of the mean square of each hop: (n,) → (n // 80,), at least one."""
    whole = np.pad(sound, (0, max(0, HOP - len(sound))))
    frames = whole[:len(whole) // HOP * HOP].reshape(-1, HOP).astype(np.float64)
    return np.sqrt((frames**2).mean(axis=1))


def silent(sound: np.ndarray) -> bool:
    """Whether there is nothing in it that could be a word."""
    return bool(loudness(sound).max() < QUIET)


def change(picture: np.ndarray) -> float:
    """How much the bands of a log-mel picture (40, 100) change while it sounds: the standard
    deviation over time, in decibels, averaged over the bands.

    A word's vowels and consonants follow each other; a fan, rain, hum or hiss stays the same,
    however loud and of whatever colour.
    """
    frames = np.flatnonzero(picture.max(axis=0) > SOUNDING)
    if not len(frames):
        return 0.0
    # The first and the last frames only say that it begins and ends.
    sounding = picture[:, frames[0] + 2:frames[-1] - 1]
    if sounding.shape[1] <= SMOOTH:
        return float(RANGE)  # too short to be steady
    sums = np.cumsum(np.pad(sounding, ((0, 0), (1, 0))), axis=1)
    smooth = (sums[:, SMOOTH:] - sums[:, :-SMOOTH]) / SMOOTH
    return float(RANGE * smooth.std(axis=1).mean())


def lasting(picture: np.ndarray) -> int:
    """How many frames of a log-mel picture (40, 100) sound at a stretch, at most."""
    silent = np.flatnonzero(np.pad(picture.max(axis=0) > SOUNDING, 1) == 0)
    return int(np.diff(silent).max()) - 1


def whole(sound: np.ndarray) -> np.ndarray:
    """Values in -1..1 as int16."""
    return np.clip(np.round(sound * 32767), -32768, 32767).astype(np.int16)
