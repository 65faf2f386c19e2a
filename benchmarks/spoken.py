"""Make the spoken digits that ship with the app: ``python -m benchmarks.spoken``.

espeak-ng says each digit in many voices, fast and slow, high and low; noise is mixed in. It writes
``assets/sounds/spoken.ogg`` (8,000 values a second, mono, one second a recording): for each voice
the ten digits in their order; and ``assets/samples/speech/words.zip``. Needs espeak-ng (Debian:
apt install espeak-ng); the app does not.
"""

import io
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import soundfile
import soxr

from core.data.sound import RATE, centred
from core.data.speech import ACCENTS, VARIANTS
from core.rooms.speech import SPOKEN

FILE = Path(__file__).parent.parent / "assets" / SPOKEN
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SPEEDS, PITCHES = (120, 210), (30, 75)  # words a minute; espeak-ng's own scale of 0 to 99
SNR = (12, 40)  # decibels between voice and noise
SEED = 1


EXAMPLES = FILE.parents[1] / "samples" / "speech" / "words.zip"
WORDS = ("yes", "no", "stop")
EACH = 8  # recordings of a word in the example


def main() -> None:
    digits()
    examples()


def digits() -> None:
    """The data set that ships with the app."""
    rng = np.random.default_rng(SEED)
    sounds = [noisy(centred(spoken(word, f"{accent}+{variant}", int(rng.uniform(*SPEEDS)),
                                   int(rng.uniform(*PITCHES)))), rng)
              for variant in VARIANTS for accent in ACCENTS for word in DIGITS]
    FILE.parent.mkdir(parents=True, exist_ok=True)
    with soundfile.SoundFile(FILE, "w", RATE, 1, format="OGG", subtype="VORBIS",
                             compression_level=1.0) as file:
        for sound in sounds:  # libsndfile's encoder overflows its stack on very long blocks
            file.write(sound)
    print(len(sounds), "recordings,", FILE.stat().st_size, "bytes")


def examples() -> None:
    """A zip as visitors bring it: a folder a word."""
    EXAMPLES.parent.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    with zipfile.ZipFile(EXAMPLES, "w", zipfile.ZIP_DEFLATED) as archive:
        for word in WORDS:
            for number in range(EACH):
                said = spoken(word, f"en-us+{VARIANTS[number]}", int(rng.uniform(*SPEEDS)))
                file = io.BytesIO()
                soundfile.write(file, noisy(centred(said), rng), RATE, format="WAV")
                member = zipfile.ZipInfo(f"{word}/{number + 1}.wav")  # of a fixed date
                archive.writestr(member, file.getvalue(), zipfile.ZIP_DEFLATED)


def spoken(words: str, voice: str, speed: int = 160, pitch: int = 50) -> np.ndarray:
    """What espeak-ng says: (n,) float32 in -1..1 at :data:`RATE`."""
    wav = subprocess.run(["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "--stdout",
                          words], capture_output=True, check=True).stdout
    values, rate = soundfile.read(io.BytesIO(wav), dtype="float32")
    return soxr.resample(values, rate, RATE)


def noisy(sound: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A second of sound with noise behind it, at a random loudness: noise whose power falls with
    the frequency to the power 0 (white), 1 (pink) or 2 (brown)."""
    spectrum = rng.normal(size=(2, len(sound) // 2 + 1))
    frequency = np.maximum(np.fft.rfftfreq(len(sound)), 1e-3)
    noise = np.fft.irfft((spectrum[0] + 1j * spectrum[1]) / frequency ** rng.choice([0, 0.5, 1]))
    power = [np.mean(np.square(each)) for each in (sound, noise)]
    share = np.sqrt(power[0] / power[1] / 10 ** (rng.uniform(*SNR) / 10))
    mixed = sound + share * noise
    return (mixed * rng.uniform(0.3, 0.9) / np.abs(mixed).max()).astype(np.float32)


if __name__ == "__main__":
    main()
