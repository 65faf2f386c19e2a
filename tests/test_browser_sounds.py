"""What the browser does with sound: words are found, files are what they say they are."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

COMPONENTS = Path(__file__).parent.parent / "assets" / "components"


@pytest.fixture
def modules(page):
    """A blank page that knows the modules' helpers."""
    page.set_content("<section></section>")
    for name in ("kit.js", "live.js", "sounds.js"):
        page.add_script_tag(content=(COMPONENTS / name).read_text("utf-8"))
    return page.evaluate


TONES = """(pauses, rate = 16000) => {
    // Half a second of noise as quiet as a room, then tones of 0.4 s with pauses between them.
    const [values, room] = [[], () => (Math.random() - 0.5) * 0.004];
    const add = (seconds, loud) => {
        for (let i = 0; i < seconds * rate; i += 1) {
            values.push(room() + loud * Math.sin(i * 0.3));
        }
    };
    add(0.5, 0);
    for (const pause of pauses) {
        add(0.4, 0.3);
        add(pause, 0);
    }
    const [ear, ends, piece] = [new Ear(), [], 128];
    for (let at = 0; at < values.length; at += piece) {
        if (ear.hear(Float32Array.from(values.slice(at, at + piece)), rate)) {
            ends.push([at / rate, ear.length]);
        }
    }
    return ends;
}"""


def test_each_word_is_heard_once_and_short_pauses_part_no_word(modules):
    ends = modules(TONES, [0.6, 0.1, 0.6])
    assert len(ends) == 2  # the second and the third tone are one word
    (first, length), (second, longer) = ends
    assert first == pytest.approx(0.5 + 0.4 + 0.25, abs=0.06)
    assert length == pytest.approx(0.4 + 0.25 + 0.1, abs=0.08)
    assert second == pytest.approx(1.5 + 0.9 + 0.25, abs=0.06)
    assert longer == pytest.approx(0.9 + 0.25 + 0.1, abs=0.08)


def test_silence_and_clicks_are_no_words(modules):
    assert modules(TONES, []) == []
    assert modules("""() => {
        const ear = new Ear();
        const values = new Float32Array(16000).map((_, i) => (i > 4000 && i < 4200 ? 0.5 : 0));
        return ear.hear(values, 16000);
    }""") is False


def test_a_wav_file_is_read_as_it_was_written(modules):
    off = modules("""async () => {
        const values = Float32Array.from({ length: 8000 }, (_, i) => 0.6 * Math.sin(i * 0.2));
        const read = await decodedHere(new Blob([wavFile(values)]));
        return [read.values.length, read.cut,
                Math.max(...read.values.map((value, i) => Math.abs(value - values[i])))];
    }""")
    assert off[0] == 8000 and off[1] is False and off[2] < 1e-3


def test_another_rate_keeps_the_pitch_and_what_is_sent_comes_back(modules):
    crossings, off = modules("""async () => {
        const tone = Float32Array.from({ length: 48000 },
            (_, i) => Math.sin((2 * Math.PI * 440 * i) / 48000));
        const values = await atRate(tone, 48000);
        let crossings = 0;
        for (let i = 1; i < values.length; i += 1) crossings += values[i - 1] < 0 && values[i] >= 0;
        const back = fromText(asInput(values).sound);
        return [crossings, Math.max(...back.map((value, i) => Math.abs(value - values[i])))];
    }""")
    assert crossings == pytest.approx(440, abs=2) and off < 1e-3
