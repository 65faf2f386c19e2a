"""Is noise taken for a word that somebody taught? ``python -m benchmarks noises``.

For each of the six people of Free Spoken Digits (``PERCEPTORIUM_DATA``, or downloaded) a network
is taught three words with five recordings each, as on the page. It hears the person's other
recordings of these words, the other seven digits, and noises that it has never heard. (The shipped
features know these voices, so the words are easier than a stranger's; the noises are not.)
"""

import tempfile
from pathlib import Path

import numpy as np

from benchmarks.figures import Figure
from core import own
from core.data import speech as sets
from core.data.sound import RATE
from core.rooms.speech import Speech, begin_with

WORDS, TAUGHT = 3, 5  # words of each person, recordings of each word
HEARD = 20  # other recordings of each word, and of all other digits together
EACH = 40  # noises of each kind
LEVELS = (-35, 0)  # decibels of a noise's loudest value, of full scale
LENGTHS = (0.4, 1.5)  # seconds
COLOURS = {"white noise": 0.0, "pink noise": -0.5, "brown noise": -1.0, "blue noise": 0.5}
STEADY = (*COLOURS, "band of noise", "hum")
KINDS = (*STEADY, "clicks", "fan that swells")


def measure() -> list[Figure]:
    """Noises of several colours and levels, and taught words, heard by networks of own words."""
    people = [told(sets.fsdd(speaker), number) for number, speaker in enumerate(sets.SPEAKERS)]
    steady = [np.mean([person[kind] for kind in STEADY]) for person in people]

    def figure(title: str, values: list[float], goal=None) -> Figure:
        return Figure(title, [100 * value for value in values], "%", goal, digits=1)

    return [figure("taught words: known and right", [each["words"] for each in people]),
            figure("other words: taken for a taught one", [each["others"] for each in people]),
            figure("steady noise: taken for a taught word", steady, ("≤", 5)),
            *(figure(f"… {kind}", [each[kind] for each in people]) for kind in KINDS)]


def told(data: sets.Data, number: int) -> dict[str, float]:
    """One person teaches: the share of words that are known and right, and of all other sounds
    that are taken for a word. The person's recordings are the test split of ``data``."""
    rng = np.random.default_rng(number)
    digits = rng.permutation(10)
    rows = {digit: rng.permutation(np.flatnonzero(data.y_test == digit)) for digit in digits}
    words, others = digits[:WORDS], digits[WORDS:]
    ask = taught({str(digit): data.sound_test[rows[digit][:TAUGHT]] for digit in words})
    heard = [ask(sound) == str(digit) for digit in words
             for sound in data.sound_test[rows[digit][TAUGHT:TAUGHT + HEARD]] / 32768]
    strange = rng.choice(np.concatenate([rows[digit] for digit in others]), HEARD)
    found = {"words": np.mean(heard),
             "others": np.mean([ask(each / 32768) is not None
                                for each in data.sound_test[strange]])}
    for kind in KINDS:
        found[kind] = np.mean([ask(noise(kind, rng)) is not None for _ in range(EACH)])
    print("  " + ", ".join(f"{kind} {100 * share:.0f} %" for kind, share in found.items()),
          flush=True)
    return found


def taught(recordings: dict[str, np.ndarray]):
    """A network of these words as the page trains it; a function of a sound: the word that it
    hears, or ``None``."""
    from core.insight.speech import recognize
    from core.models import speech
    from core.params import to_text

    names = sorted(recordings)
    counts = {name: len(recordings[name]) for name in names}
    with tempfile.NamedTemporaryFile(suffix=".npz") as file:
        np.savez(file, sounds=np.concatenate([recordings[name] for name in names]),
                 y=np.repeat(np.arange(len(names)), list(counts.values())), names=np.array(names))
        file.flush()
        kept = own.keep(Path(file.name), {"classes": counts})
    params = Speech(dataset="own", own=kept, **begin_with({}))
    data = speech.load(params)
    model = speech.build(params, data)
    speech.train(params, model, data)
    context = {"room": "speech", "dataset": "own", "classes": names, "params": to_text(params)}

    def ask(sound: np.ndarray) -> str | None:
        answer = recognize(model, context, sound=sound.astype(np.float32))
        if answer["unknown"] or answer["blank"]:
            return None
        return names[int(np.argmax(answer["probabilities"]))]

    return ask


def noise(kind: str, rng: np.random.Generator) -> np.ndarray:
    """A noise of some level and length, in -1..1."""
    count = int(RATE * rng.uniform(*LENGTHS))
    time = np.arange(count) / RATE
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    hertz[0] = hertz[1]
    shape = hertz**COLOURS.get(kind, -0.5)
    if kind == "band of noise":
        low = rng.uniform(100, 2500)
        shape = (hertz > low) & (hertz < low * rng.uniform(1.3, 3))
    values = np.fft.irfft(np.fft.rfft(rng.normal(size=count)) * shape, count)
    if kind == "hum":
        base = rng.choice([50, 60, 100, 120])
        values = 0.02 * rng.normal(size=count) + sum(
            rng.uniform() / times * np.sin(2 * np.pi * base * times * time + rng.uniform(0, 6))
            for times in range(1, 12))
    if kind == "fan that swells":
        values *= 1 + rng.uniform(0.1, 0.4) * np.sin(2 * np.pi * rng.uniform(2, 12) * time)
    if kind == "clicks":
        values = 1e-3 * rng.normal(size=count)
        for at in rng.integers(0, count - 60, rng.integers(1, 6)):
            values[at:at + rng.integers(2, 60)] += rng.normal()
    return values / np.abs(values).max() * 10 ** (rng.uniform(*LEVELS) / 20)
