"""Data sets: their splits, and downloads that fail in every way downloads fail."""

import gzip
import hashlib
import http.server
import io
import os
import pickle
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest

from core.data import images, sources
from core.data.images import CLOTHES, THINGS, cifar10, digits, fashion, mnist, unit
from core.data.sources import DownloadError, Source, fetch

CONTENT = bytes(range(256)) * 1000
ROOT = Path(__file__).parent.parent


def test_digits_are_split_once_and_for_all():
    data = digits()
    assert data.x_train.shape == (1197, 8, 8, 1)
    assert data.x_val.shape == (200, 8, 8, 1)
    assert data.x_test.shape == (400, 8, 8, 1)
    assert data.x_train.dtype == np.float32
    assert (data.x_train.min(), data.x_train.max()) == (0, 1)
    assert data.class_names == tuple("0123456789")
    for labels in (data.y_train, data.y_val, data.y_test):
        counts = np.bincount(labels)
        assert counts.max() - counts.min() <= 0.06 * len(labels)
    again = digits()
    assert all(np.array_equal(getattr(data, name), getattr(again, name))
               for name in ("x_train", "y_train", "x_val", "y_val", "x_test", "y_test"))


@pytest.mark.data
def test_mnist_from_the_data_folder(data_folder: Path, tmp_path: Path, monkeypatch):
    use_folders(monkeypatch, data_folder, tmp_path)
    data = mnist()
    assert data.x_train.shape == (55_000, 28, 28, 1)
    assert data.x_val.shape == (5_000, 28, 28, 1)
    assert np.bincount(np.concatenate([data.y_train, data.y_val])).tolist() == [
        5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(data.y_test).tolist() == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    pictures = np.concatenate([unit(data.x_train), data.x_val])
    assert pictures.mean() == pytest.approx(0.1307, abs=1e-4)
    assert not list(tmp_path.iterdir())


@pytest.mark.data
def test_fashion_from_the_data_folder(data_folder: Path, tmp_path: Path, monkeypatch):
    use_folders(monkeypatch, data_folder, tmp_path)
    data = fashion()
    assert data.x_train.shape == (55_000, 28, 28, 1)
    assert data.class_names == CLOTHES
    assert set(np.bincount(np.concatenate([data.y_train, data.y_val]))) == {6000}
    assert set(np.bincount(data.y_test)) == {1000}
    pictures = np.round(np.concatenate([unit(data.x_train), data.x_val]) * 255).astype(np.uint8)
    idx = np.array([0x803, 60_000, 28, 28], ">u4").tobytes() + pictures.tobytes()
    published = "f4a8712d7a061bf5bd6d2ca38dc4d50a"
    assert hashlib.md5(idx, usedforsecurity=False).hexdigest() == published
    assert not list(tmp_path.iterdir())


@pytest.mark.data
def test_cifar10_from_the_data_folder(data_folder: Path, tmp_path: Path, monkeypatch):
    use_folders(monkeypatch, data_folder, tmp_path)
    data = cifar10()
    assert data.x_train.shape == (45_000, 32, 32, 3)
    assert data.class_names == THINGS
    assert set(np.bincount(data.y_train)) == {4500}
    assert set(np.bincount(data.y_val)) == {500}
    assert set(np.bincount(data.y_test)) == {1000}
    means = unit(data.x_train).mean((0, 1, 2), dtype=np.float64)  # as published, to half a per cent
    assert means == pytest.approx([0.4914, 0.4822, 0.4465], abs=0.005)
    assert (data.x_train.min(), data.x_train.max()) == (0, 255)
    assert not list(tmp_path.iterdir())


def test_idx_files_of_fashion_are_read(tmp_path, monkeypatch):
    chance = np.random.default_rng(0)
    pictures = chance.integers(0, 256, (5004, 28, 28), np.uint8)
    labels = chance.integers(0, 10, 5004, np.uint8)
    folder = tmp_path / "fashion"
    folder.mkdir()
    for values, file in ((pictures, "train-images-idx3-ubyte.gz"), (pictures[:7],
                         "t10k-images-idx3-ubyte.gz"), (labels, "train-labels-idx1-ubyte.gz"),
                         (labels[:7], "t10k-labels-idx1-ubyte.gz")):
        head = bytes([0, 0, 8, values.ndim]) + np.array(values.shape, ">u4").tobytes()
        (folder / file).write_bytes(gzip.compress(head + values.tobytes(), 1))
    use_folders(monkeypatch, tmp_path, tmp_path / "cache")
    data = fashion()
    assert np.array_equal(data.x_train[..., 0], pictures[:4])
    assert np.array_equal(data.y_val, labels[4:])
    assert np.array_equal(np.round(data.x_test[..., 0] * 255), pictures[:7])


def archive(path: Path, batches: dict[str, object]) -> None:
    with tarfile.open(path, "w:gz") as file:
        for name, batch in batches.items():
            packed = pickle.dumps(batch, protocol=3)
            member = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            member.size = len(packed)
            file.addfile(member, io.BytesIO(packed))


def test_the_archive_of_cifar10_is_read_in_its_order(tmp_path):
    chance = np.random.default_rng(0)
    made = {name: {b"data": chance.integers(0, 256, (4, 3072), np.uint8),
                   b"labels": chance.integers(0, 10, 4).tolist()}
            for name in ("data_batch_2", "test_batch", "data_batch_1")}
    path = tmp_path / "cifar-10-python.tar.gz"
    archive(path, {**made, "batches.meta": {b"label_names": []}})
    parts = images.from_archive(path)
    first, second = made["data_batch_1"], made["data_batch_2"]
    assert parts["y_train"].tolist() == first[b"labels"] + second[b"labels"]
    assert parts["x_train"].shape == (8, 32, 32, 3)
    for row, column, colour in ((0, 0, 0), (5, 31, 1), (31, 7, 2)):
        assert parts["x_train"][4, row, column, colour] == second[b"data"][
            0, colour * 1024 + row * 32 + column]
    assert np.array_equal(parts["x_test"][0, 0, :, 0], made["test_batch"][b"data"][0, :32])


def test_an_archive_cannot_run_anything(tmp_path):
    class Evil:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "broken-into"),)

    archive(tmp_path / "cifar-10-python.tar.gz", {"data_batch_1": Evil()})
    with pytest.raises(pickle.UnpicklingError, match="mkdir is no array"):
        images.from_archive(tmp_path / "cifar-10-python.tar.gz")
    assert not (tmp_path / "broken-into").exists()


def test_the_light_modules_do_without_tensorflow():
    modules = ("core.data.images, core.insight.pictures, core.insight.ink, core.insight.baseline, "
               "core.export")
    code = f"import sys, {modules}; sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


# Downloads


class Answers(http.server.BaseHTTPRequestHandler):
    """``/whole`` is the content, ``/half`` breaks off, ``/long`` goes on, ``/broken`` breaks off
    but goes on from where one asks it to, all else is missing."""

    asked: ClassVar[list[tuple[str, str | None]]] = []

    def do_GET(self):
        since = self.headers.get("Range")
        self.asked.append((self.path, since))
        if self.path == "/broken.bin":
            self._from(int(since.removeprefix("bytes=").removesuffix("-")) if since else 0)
            return
        body = {"/whole.bin": CONTENT, "/half.bin": CONTENT[:100_000],
                "/other.bin": CONTENT[::-1], "/long.bin": CONTENT * 3}.get(self.path)
        self._send(200 if body else 404, body or b"",
                   len(CONTENT) if self.path == "/half.bin" else len(body or b""))

    def _from(self, start: int):
        """At most 100,000 bytes at a time."""
        self.send_response(206 if start else 200)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(CONTENT) - start))
        self.end_headers()
        self.wfile.write(CONTENT[start:start + 100_000])

    def _send(self, status: int, body: bytes, length: int):
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def asked() -> list[tuple[str, str | None]]:
    """What the site was asked for in this test: paths and ranges."""
    Answers.asked.clear()
    return Answers.asked


def use_folders(monkeypatch, data: Path | None, cache: Path) -> None:
    monkeypatch.setattr(sources, "settings", lambda: SimpleNamespace(data=data, cache=cache))


def at(address: str, *mirrors: str) -> Source:
    return Source("Numbers", ("numbers/whole.bin", "whole.bin"), address, len(CONTENT),
                  hashlib.sha256(CONTENT).hexdigest(), mirrors)


def test_a_download_is_whole_told_of_and_kept(site, tmp_path, monkeypatch):
    use_folders(monkeypatch, None, tmp_path / "cache")
    heard = []
    path = fetch(at(f"{site}/whole.bin"), lambda *news: heard.append(news))
    assert path.read_bytes() == CONTENT
    assert heard[0] == ("Numbers", 0, len(CONTENT))
    assert heard[-1] == ("Numbers", len(CONTENT), len(CONTENT))
    assert fetch(at("http://127.0.0.1:1/whole.bin")) == path
    assert [each.name for each in path.parent.iterdir()] == ["whole.bin"]


def test_whoever_listens_hears_of_a_download(site, tmp_path, monkeypatch):
    use_folders(monkeypatch, None, tmp_path)
    heard = []
    token = sources.listener.set(lambda *news: heard.append(news))
    fetch(at(f"{site}/whole.bin"))
    sources.listener.reset(token)
    assert heard[-1] == ("Numbers", len(CONTENT), len(CONTENT))


@pytest.mark.parametrize(("page", "sentence"), [
    ("half.bin", "ended early: 100000 of 256000 bytes"),
    ("other.bin", "not the file that was expected"),
    ("long.bin", "not the file that was expected"),
    ("missing.bin", "could not be downloaded"),
])
def test_a_failed_download_leaves_a_sentence_and_no_file(page, sentence, site, tmp_path,
                                                         monkeypatch):
    use_folders(monkeypatch, None, tmp_path)
    with pytest.raises(DownloadError, match=sentence) as caught:
        fetch(at(f"{site}/{page}"))
    assert "Numbers" in caught.value.says()
    assert not list(tmp_path.iterdir())


def test_without_a_network(tmp_path, monkeypatch):
    use_folders(monkeypatch, None, tmp_path)
    with pytest.raises(DownloadError, match="Check the network"):
        fetch(at("http://127.0.0.1:1/whole.bin"))


def test_stopping_in_the_middle_leaves_no_file(site, tmp_path, monkeypatch):
    use_folders(monkeypatch, None, tmp_path)

    def stop(name, done, total):
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(at(f"{site}/whole.bin"), stop)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("first", ["missing.bin", "half.bin", "other.bin", "broken.bin"])
def test_another_mirror_is_asked(first, site, asked, tmp_path, monkeypatch):
    use_folders(monkeypatch, None, tmp_path)
    path = fetch(at(f"{site}/{first}", f"{site}/whole.bin"))
    assert path.read_bytes() == CONTENT
    assert [address for address, _ in asked] == [f"/{first}", "/whole.bin"]
    assert [each.name for each in tmp_path.iterdir()] == [first]


def test_without_any_mirror_the_last_failure_is_told(site, tmp_path, monkeypatch):
    use_folders(monkeypatch, None, tmp_path)
    with pytest.raises(DownloadError, match="not the file that was expected"):
        fetch(at(f"{site}/missing.bin", f"{site}/other.bin"))
    assert not list(tmp_path.iterdir())


def test_a_broken_download_goes_on_where_it_stopped(site, asked, tmp_path, monkeypatch):
    use_folders(monkeypatch, None, tmp_path)
    source, heard = at(f"{site}/broken.bin"), []
    with pytest.raises(DownloadError, match="ended early: 100000 of 256000"):
        fetch(source)
    assert fetch(source, lambda *news: heard.append(news[1])).read_bytes() == CONTENT
    assert [since for _, since in asked] == [None, "bytes=100000-", "bytes=200000-"]
    assert heard[1:] == sorted(heard[1:])
    assert (heard[1], heard[-1]) == (100_000 + sources.CHUNK, len(CONTENT))
    assert [each.name for each in tmp_path.iterdir()] == ["broken.bin"]


def test_no_network_does_not_lose_what_is_here_of_a_file(site, tmp_path, monkeypatch):
    use_folders(monkeypatch, None, tmp_path)
    (tmp_path / ".broken.bin.part").write_bytes(CONTENT[:200_000])
    with pytest.raises(DownloadError):
        fetch(at("http://127.0.0.1:1/broken.bin"))
    assert fetch(at(f"{site}/broken.bin")).read_bytes() == CONTENT


def test_what_was_left_is_thrown_away_if_it_is_wrong(site, asked, tmp_path, monkeypatch):
    use_folders(monkeypatch, None, tmp_path)
    (tmp_path / ".broken.bin.part").write_bytes(bytes(200_000))
    assert fetch(at(f"{site}/broken.bin", f"{site}/whole.bin")).read_bytes() == CONTENT
    assert asked == [("/broken.bin", "bytes=200000-"), ("/broken.bin", None),
                     ("/whole.bin", "bytes=100000-")]


def test_two_at_once_download_once_and_both_see_it_grow(site, asked, tmp_path, monkeypatch):
    use_folders(monkeypatch, None, tmp_path)
    halfway, seen, heard = threading.Event(), threading.Event(), []

    def first(name, done, total):
        if done > total / 2:
            halfway.set()
            assert seen.wait(20), "the other one hears of this download"

    def second(name, done, total):
        heard.append(done)
        if done > total / 2:
            seen.set()

    source = at(f"{site}/whole.bin")
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(fetch, source, first)
        assert halfway.wait(20)
        other = pool.submit(fetch, source, second)
        assert one.result() == other.result()
    assert one.result().read_bytes() == CONTENT
    assert len(asked) == 1
    assert 0 < heard[-1] < len(CONTENT)
    assert [each.name for each in tmp_path.iterdir()] == ["whole.bin"]


OTHER_PROCESS = """
import sys
from pathlib import Path
from types import SimpleNamespace
from core.data import sources
from tests.test_data import at

sources.settings = lambda: SimpleNamespace(data=None, cache=Path(sys.argv[2]))
def told(name, done, total):
    print(done, flush=True)
    if 0 < done < total and sys.argv[3] == "killed":
        sys.stdin.read()
print(sources.fetch(at(sys.argv[1]), told).name, flush=True)
"""


def in_another_process(address: str, cache: Path, end: str) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-c", OTHER_PROCESS, address, str(cache), end],
                            cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def test_a_killed_process_s_download_is_taken_over(site, asked, tmp_path, monkeypatch):
    use_folders(monkeypatch, None, tmp_path)
    source, waited = at(f"{site}/whole.bin"), threading.Event()
    with in_another_process(source.url, tmp_path, "killed") as other:
        assert [int(other.stdout.readline()) for _ in range(2)] == [0, sources.CHUNK]
        with ThreadPoolExecutor(1) as pool:
            mine = pool.submit(fetch, source, lambda name, done, total: waited.set())
            assert waited.wait(20)
            assert len(asked) == 1
            other.kill()
            assert mine.result(20).read_bytes() == CONTENT
    assert [each.name for each in tmp_path.iterdir()] == ["whole.bin"]


def test_here_says_what_need_not_be_downloaded(site, tmp_path, monkeypatch):
    use_folders(monkeypatch, None, tmp_path)
    source = at(f"{site}/whole.bin")
    assert sources.here(source) is None
    assert fetch(source) == sources.here(source)


def test_the_data_folder_comes_first(tmp_path, monkeypatch):
    here = tmp_path / "data" / "whole.bin"
    here.parent.mkdir()
    here.write_bytes(b"mine")
    use_folders(monkeypatch, here.parent, tmp_path / "cache")
    assert fetch(at("http://127.0.0.1:1/whole.bin")) == here
