"""Free Spoken Digits: an archive packed anew is the same, another one is not; the real thing."""

import hashlib
import io
import tarfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from core.data import sources, speech
from core.data.sources import DownloadError, fetch

SAID = np.round(3000 * np.sin(np.arange(4000) / 9)).astype(np.int16)


def archive(path: Path, level: int, said: np.ndarray) -> Path:
    """Two recordings as the repository packs them."""
    import soundfile

    with tarfile.open(path, "w:gz", compresslevel=level) as packed:
        for name, values in (("7_theo_3", said), ("1_lucas_0", said[::-1])):
            file = io.BytesIO()
            soundfile.write(file, values, 8000, format="WAV")
            member = tarfile.TarInfo(f"free-spoken-digit-dataset-1.0.10/recordings/{name}.wav")
            member.size = file.tell()
            file.seek(0)
            packed.addfile(member, file)
    return path


@pytest.fixture
def source(tmp_path, monkeypatch):
    """The source as if its authors had published just these two recordings."""
    monkeypatch.setattr(sources, "settings",
                        lambda: SimpleNamespace(data=None, cache=tmp_path / "cache"))
    digest = hashlib.sha256(b"1_lucas_0" + SAID[::-1].astype("<i2").tobytes()
                            + b"7_theo_3" + SAID.astype("<i2").tobytes()).hexdigest()
    return lambda path: replace(speech.FSDD, url=path.as_uri(), sha256=digest, bytes=20_000)


@pytest.mark.parametrize("level", [1, 9])
def test_an_archive_packed_anew_is_the_same(source, tmp_path, level):
    path = fetch(source(archive(tmp_path / "fsdd.tar.gz", level, SAID)))
    recordings = speech.from_archive(path)
    assert [each[:3] for each in recordings] == [(1, "lucas", 0), (7, "theo", 3)]
    np.testing.assert_array_equal(recordings[1][3] * 32768, SAID)


@pytest.mark.parametrize("broken", ["other", "half", "none"])
def test_another_archive_is_thrown_away(source, tmp_path, broken):
    path = archive(tmp_path / "fsdd.tar.gz", 9, SAID + (broken == "other"))
    if broken != "other":
        path.write_bytes(path.read_bytes()[:200] if broken == "half" else b"a page")
    with pytest.raises(DownloadError):
        fetch(source(path))
    assert not [*(tmp_path / "cache").glob("*tar.gz*")]


@pytest.mark.data
def test_the_official_split_and_a_stranger(data_folder, tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "settings",
                        lambda: SimpleNamespace(data=data_folder, cache=tmp_path))
    data = speech.fsdd()
    assert [len(each) for each in (data.y_train, data.y_val, data.y_test)] == [2400, 300, 300]
    assert np.bincount(data.y_test).tolist() == [30] * 10
    assert len(speech.fsdd("theo").y_test) == 500
    digest = hashlib.sha256()
    for digit, speaker, take, sound in sorted(
            speech.from_flac(data_folder / speech.FSDD_PACKED), key=lambda each: each[:3]):
        digest.update(f"{digit}_{speaker}_{take}".encode()
                      + (sound * 32768).astype("<i2").tobytes())
    assert digest.hexdigest() == speech.FSDD.sha256
