"""Spoken words: features as librosa's, the outline tells the truth, the networks learn."""

import io
import math
import shutil
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core import own
from core.data import recordings
from core.data import sound as seconds
from core.data.archives import BadUpload
from core.errors import VisitorError
from core.rooms.speech import ROOM, Speech


@pytest.fixture(scope="module")
def program():
    from core.models import speech

    return speech


@pytest.fixture(scope="module")
def data(program):
    return program.load(Speech())


def word(pitch: float = 440, length: float = 0.4, loud: float = 0.3) -> np.ndarray:
    """A tone that swells and fades."""
    time = np.arange(int(length * seconds.RATE)) / seconds.RATE
    return (loud * np.sin(2 * np.pi * pitch * time) * np.hanning(len(time))).astype(np.float32)


def wav(sound: np.ndarray, rate: int = seconds.RATE, kind: str = "WAV") -> bytes:
    import soundfile

    file = io.BytesIO()
    soundfile.write(file, sound, rate, format=kind)
    return file.getvalue()


def test_mel_and_mfcc_are_those_of_librosa():
    import librosa

    from core.layers.sounds import cosines

    sound = np.random.default_rng(0).normal(size=6000).astype(np.float32)
    ours = seconds.mel_power(sound)
    theirs = librosa.feature.melspectrogram(y=sound, sr=8000, n_fft=256, win_length=200,
                                            hop_length=80, n_mels=40, pad_mode="constant")
    np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-4)
    log = np.log(np.maximum(theirs, 1e-6))
    np.testing.assert_allclose(log[::-1].T @ cosines(),
                               librosa.feature.mfcc(S=log, n_mfcc=40).T, atol=1e-3)


@given(arrays(np.float32, st.integers(0, 30_000), elements=st.floats(-1, 1, width=32)))
def test_whatever_is_recorded_becomes_one_second_and_a_picture(sound):
    second = seconds.centred(sound)
    assert second.shape == (seconds.SECOND,)
    picture = seconds.picture(second)
    assert picture.shape == (40, 100) and np.isfinite(picture).all()
    assert picture.min() >= 0 and picture.max() <= 1


def test_a_word_comes_into_the_middle_and_loudness_makes_no_difference():
    late = np.concatenate([np.zeros(9000, np.float32), word(), np.zeros(3000, np.float32)])
    loud = seconds.loudness(seconds.centred(late))
    assert abs(np.average(np.arange(100), weights=loud) - 50) < 3
    np.testing.assert_allclose(seconds.picture(seconds.centred(late)),
                               seconds.picture(seconds.centred(late / 8)), atol=0.02)
    assert seconds.silent(late * 0) and not seconds.silent(late)


def test_voices_of_the_test_are_in_no_other_part(data):
    assert data.x_train.shape == (720, 40, 100) and data.x_val.shape == data.x_test.shape
    assert np.bincount(data.y_test).tolist() == [24] * 10
    assert data.sound_val.shape == (240, 8000) and data.sound_val.dtype == np.int16


@pytest.mark.parametrize("values", [
    {}, {"architecture": "conv1d", "layers": 2, "batch_norm": False}, {"features": "mfcc"},
    {"architecture": "gru", "layers": 2, "filters": 8, "dense": 0, "dropout": 0.0},
    {"architecture": "conv1d", "layers": 4, "features": "mfcc"},
    {"architecture": "pretrained", "dense": 0}])
def test_the_outline_is_what_keras_builds(program, data, values):
    params = Speech(**values)
    model, outline = program.build(params, data), ROOM.outline(params)
    assert [layer.name for layer in outline.layers] == [layer.name for layer in model.layers]
    assert [layer.shape for layer in outline.layers] == [
        tuple(layer.output.shape[1:]) for layer in model.layers]
    assert outline.parameters == model.count_params()


def test_the_articles_network_has_the_articles_layers(program, data):
    preset = next(each for each in ROOM.presets if each.name == "article")
    model = program.build(ROOM.params(**preset.values), data)
    assert [layer.name for layer in model.layers if layer.weights] == [
        "conv1", "conv2", "dense", "classes"]
    assert model.get_layer("frames").output.shape == (None, 100, 40)
    assert model.get_layer("flatten").output.shape == (None, 23 * 64)


def test_it_learns_and_one_seed_gives_one_result(program, data):
    params = Speech(epochs=3, layers=2, architecture="conv1d")
    first, second = (_trained(program, params, data)[1] for _ in range(2))
    assert first == second
    assert first["test_accuracy"] > 0.5  # one in ten by chance


def _trained(program, params, data):
    model = program.build(params, data)
    program.train(params, model, data)
    return model, program.score(params, model, data)


def test_augmentation_keeps_its_bounds_and_its_seed():
    import tensorflow as tf

    from core.layers.sounds import heard

    x = np.random.default_rng(0).random((5, 40, 100)).astype(np.float32)
    how = {"shift": 0.2, "pitch": 0.2, "noise": 1.0, "masks": True}
    in_a_graph = tf.function(lambda number: heard(x, number, 1, **how))  # as the program does
    one, again, other = (in_a_graph(tf.constant(number)).numpy() for number in (3, 3, 4))
    assert np.array_equal(one, again) and not np.array_equal(one, other)
    assert one.shape == x.shape and one.min() >= 0 and one.max() <= 1
    still = heard(x, 3, 1, shift=0.0, pitch=0.0, noise=0.0, masks=False).numpy()
    np.testing.assert_allclose(still, x, atol=1e-5)


def test_noise_is_added_as_power():
    from core.layers.sounds import noisy

    x = np.zeros((1, 40, 100), np.float32)
    x[0, 20, 50] = 1.0
    flat = np.ones((1, 40, 100), np.float32)
    mixed = noisy(x, np.array([[-1.0], [0.0], [0.0]], np.float32), flat, 1.0).numpy()
    quiet = 10 * math.log10((10 ** -2.25 + 10 ** -6) / (1 + 10 ** -2.25))
    assert mixed[0, 0, 0] == pytest.approx(1 + quiet / 60, abs=1e-3)
    assert mixed.max() == pytest.approx(1)


@pytest.mark.parametrize("colour", [0.0, -0.5, -1.0, 0.5])
def test_noise_of_any_colour_is_steady_and_a_click_is_brief(colour):
    from core.data.sound import BRIEF, STEADY, centred, change, lasting, picture

    random = np.random.default_rng(3)
    for count in (3000, 8000, 12_000):
        hertz = np.maximum(np.fft.rfftfreq(count), 1 / count)
        noise = np.fft.irfft(np.fft.rfft(random.normal(size=count)) * hertz**colour, count)
        seen = picture(centred((noise / np.abs(noise).max()).astype(np.float32)))
        assert change(seen) < STEADY and lasting(seen) >= BRIEF
    click = np.zeros(8000, np.float32)
    click[4000:4040] = 0.5
    assert 0 < lasting(picture(centred(click))) < BRIEF
    assert lasting(np.zeros((40, 100))) == change(np.zeros((40, 100))) == 0


def test_digits_change_and_last():
    from core.data.sound import BRIEF, STEADY, change, lasting
    from core.data.speech import spoken

    seen = spoken().x_test
    assert np.mean([change(each) >= STEADY and lasting(each) >= BRIEF for each in seen]) > 0.99


def zipped(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.fixture
def mine(tmp_path, home):
    """Two words, nine recordings each, kept as a visitor's own."""
    from core.settings import settings

    settings.cache_clear()
    files = {f"{name}/{number}.{kind.lower()}": wav(word(pitch + 9 * number), kind=kind)
             for name, pitch in (("high", 1500), ("low", 300))
             for number, kind in enumerate(["WAV", "FLAC", "OGG"] * 3)}
    files |= {"high/notes.txt": b"words", "low/silence.wav": wav(np.zeros(4000)),
              "__MACOSX/high/._0.wav": b"x", "low/empty.wav": b""}
    path, out = tmp_path / "mine.zip", tmp_path / "mine.npz"
    path.write_bytes(zipped(files))
    told = recordings.archive(str(path), str(out))
    yield told, own.keep(out, told)
    settings.cache_clear()


def test_a_zip_of_recordings_becomes_words(mine, program):
    told, name = mine
    assert told["classes"] == {"high": 9, "low": 9} and told["left_out"] == 3
    assert {each["file"] for each in told["problems"]} == {
        "high/notes.txt", "low/silence.wav", "low/empty.wav"}
    data = program.load(Speech(dataset="own", own=name))
    assert data.class_names == ("high", "low")
    assert [len(each) for each in (data.y_train, data.y_val, data.y_test)] == [14, 2, 2]


def test_own_words_are_learned_on_features_and_strangers_are_unknown(mine, program):
    from core.insight.speech import recognize
    from core.rooms.speech import begin_with

    told, name = mine
    params = Speech(dataset="own", own=name, **begin_with(told))
    data = program.load(params)
    model, scores = _trained(program, params, data)
    assert scores["test_accuracy"] == 1
    from core.params import to_text

    context = {"room": "speech", "dataset": "own", "classes": ["high", "low"],
               "params": to_text(params)}
    known = recognize(model, context, sound=word(1520))
    assert known["probabilities"][0] > 0.8 and not known["unknown"] and not known["blank"]
    noise = np.random.default_rng(0).normal(size=8000).astype(np.float32) * 0.2
    assert recognize(model, context, sound=noise)["unknown"]
    assert recognize(model, context, sound=noise * 1e-4)["blank"]


@pytest.mark.parametrize(("files", "sentence"), [
    ({"a/1.wav": b"no sound"}, recordings.N_("Two folders")),
    ({"1.wav": b"RIFF"}, "Two folders")])
def test_a_zip_without_words_says_so(tmp_path, files, sentence):
    path = tmp_path / "bad.zip"
    path.write_bytes(zipped(files))
    with pytest.raises(BadUpload, match=sentence):
        recordings.archive(str(path), str(tmp_path / "out"))


def test_each_kind_of_file_has_its_sentence(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_bytes(b"this is text")
    with pytest.raises(BadUpload, match="no sound"):
        recordings.read(str(path), 8000, 10)
    path.write_bytes(b"\0\0\0\x20ftypM4A broken")
    with pytest.raises(BadUpload, match="no sound"):
        recordings.read(str(path), 8000, 10)
    monkeypatch.setattr(recordings.shutil, "which", lambda name: None)
    with pytest.raises(BadUpload, match="no decoder"):
        recordings.read(str(path), 8000, 10)
    path.write_bytes(zipped({f"{name}/1.m4a": b"\0\0\0\x20ftypM4A" for name in ("a", "b")}))
    with pytest.raises(BadUpload, match="no decoder"):
        recordings.archive(str(path), str(tmp_path / "out"))


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="FFmpeg is not installed")
def test_m4a_is_read_where_a_decoder_is_installed(tmp_path):
    import subprocess

    (tmp_path / "a.wav").write_bytes(wav(np.tile(word(), 3), 8000))
    subprocess.run(["ffmpeg", "-v", "error", "-i", tmp_path / "a.wav", tmp_path / "a.m4a"],
                   check=True)
    sound, told = recordings.read(str(tmp_path / "a.m4a"), 8000, 1)
    assert len(sound) == 8000 and told["cut"]
    assert np.abs(np.fft.rfft(sound)).argmax() == pytest.approx(440, abs=5)


def test_too_few_recordings_of_a_word_are_named(tmp_path, home, program):
    from core.settings import settings

    settings.cache_clear()
    out = tmp_path / "few.npz"
    with out.open("wb") as file:
        np.savez(file, sounds=np.zeros((5, 8000), np.int16), y=[0, 0, 0, 1, 1],
                 names=np.array(["a", "b"]))
    name = own.keep(out, {"classes": {"a": 3, "b": 2}, "count": 5})
    params = Speech(dataset="own", own=name)
    assert "recordings" in ROOM.outline(params).problem
    with pytest.raises(VisitorError):
        program.load(params)
    settings.cache_clear()


def test_a_picture_of_sound_and_what_can_be_heard_of_it():
    from core.insight import spectra

    sound = np.tile(word(500), 2)
    told = spectra.spectra({"sound": sound, "window": 25, "hop": 10})
    assert told["spectrogram"]["height"] <= 200 and told["frames"] == 1 + len(sound) // 80
    row = np.frombuffer(spectra.base64.b64decode(told["spectrogram"]["data"]), np.uint8)
    picture = row.reshape(told["spectrogram"]["height"], -1)
    lowest_first = picture.sum(axis=1)[::-1]
    assert lowest_first.argmax() == pytest.approx(500 / 8000 * 256, abs=1)
    again = np.frombuffer(spectra.base64.b64decode(
        spectra.rebuilt({"sound": sound, "of": "mel"})["sound"]), "<i2")
    assert len(again) == len(sound)
    assert np.abs(np.fft.rfft(again)).argmax() * 8000 / len(again) == pytest.approx(500, abs=40)
