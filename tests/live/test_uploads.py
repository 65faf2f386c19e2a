"""Uploads of every kind, as visitors send them and as nobody should."""

import io
import json
import stat
import struct
import time
import wave
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as how_often
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from core import engine
from core.data import archives, tables, writings
from core.data import uploads as readers
from core.data.archives import BadUpload
from core.errors import VisitorError
from core.insight import foreign
from core.live import uploads as live
from core.live.routes import ROUTES
from core.live.uploads import KINDS, Uploads, uploads
from core.live.visitor import COOKIE, VisitorCookie, owner
from core.rooms import called
from tests.live.pictures import bomb, png

HERE = {"origin": "http://testserver"}
WORDS = b"some words " * 100


class Worker:
    """An engine that does in this process what the light worker would do."""

    ready = True

    def light(self, function, *args):
        return called(function)(*args)


@pytest.fixture
def client():
    engine.set_current(Worker())
    with TestClient(Starlette(routes=ROUTES, middleware=[Middleware(VisitorCookie)])) as client:
        client.get("/live/health")
        yield client
    engine.set_current(None)


@pytest.fixture(autouse=True)
def nothing_uploaded(monkeypatch):
    monkeypatch.setattr(uploads, "_uploads", {})


def send(client, kind: str, body, name: str = "file", **how):
    return client.post("/live/upload", params={"kind": kind, **how}, content=body,
                       headers={**HERE, "x-filename": name})


def kept(client, token: str) -> live.Uploaded:
    return uploads.get(token, owner(client.cookies[COOKIE]))


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def beep(seconds: float = 0.5, rate: int = 8000) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((2, 2, rate, 0, "NONE", ""))
        tone = np.sin(np.arange(int(seconds * rate)) * 2 * np.pi * 440 / rate) * 20_000
        sound.writeframes(np.repeat(tone.astype("<i2"), 2).tobytes())
    return file.getvalue()


# What comes in stays within its limits

@pytest.mark.parametrize("kind", list(KINDS))
def test_too_large_a_file_is_refused_while_it_arrives(client, kind, uploads_folder, monkeypatch):
    limits = live.settings().model_copy(update={KINDS[kind].limit: 2_000_000})
    monkeypatch.setattr(live, "settings", lambda: limits)
    monkeypatch.setattr("core.live.routes.settings", lambda: limits)
    answer = send(client, kind, (bytes(100_000) for _ in range(1000)))
    assert answer.status_code == 413 and "at most 2 MB" in answer.json()["error"]
    assert not list(uploads_folder.iterdir())


def test_a_visitor_has_only_so_much_room(client, monkeypatch):
    limits = live.settings().model_copy(update={"uploads_a_visitor": 3000})
    monkeypatch.setattr(live, "settings", lambda: limits)
    assert send(client, "text", b"word " * 400).status_code == 200
    answer = send(client, "text", b"word " * 400)
    assert answer.status_code == 413 and "no room" in answer.json()["error"]
    client.cookies.clear()
    client.get("/live/health")
    assert send(client, "text", b"word " * 400).status_code == 200


def test_all_visitors_together_have_only_so_much_room(client, monkeypatch):
    limits = live.settings().model_copy(update={"uploads_in_all": 3000})
    monkeypatch.setattr(live, "settings", lambda: limits)
    assert send(client, "text", b"word " * 400).status_code == 200
    client.cookies.clear()
    client.get("/live/health")
    assert send(client, "text", b"word " * 400).status_code == 413


def test_an_unknown_kind_is_refused(client):
    assert send(client, "program", b"x").status_code == 403


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("body", [b"", b"\x00\xff" * 500, b"PK\x03\x04 and no more",
                                  zipped({"a": b"b"})[:-30]],
                         ids=["nothing", "garbage", "a zip's beginning", "half a zip"])
def test_garbage_gets_a_sentence_and_leaves_nothing(client, kind, body, uploads_folder):
    answer = send(client, kind, body)
    assert answer.status_code == 422 and answer.json()["error"].endswith(("." , "3."))
    assert "Traceback" not in answer.text
    assert not list(uploads_folder.iterdir())


def test_an_upload_is_its_visitor_s_only_and_goes_after_a_day(client, uploads_folder, monkeypatch):
    token = send(client, "text", WORDS, "my\u0000 file.txt").json()["upload"]
    uploaded = kept(client, token)
    assert uploaded.name == "my file.txt"
    assert uploads.get(token, "somebody else") is None
    assert not uploaded.file.exists(), "only what was read of it stays"
    tomorrow = time.time() + live.DAY + 1
    monkeypatch.setattr(time, "time", lambda: tomorrow)
    uploads._sweep()
    assert kept(client, token) is None
    assert not list(uploads_folder.iterdir())


def test_at_the_start_nothing_is_left_of_earlier_ones(client, uploads_folder):
    send(client, "text", WORDS)
    Uploads().clear()
    assert not uploads_folder.exists()


# Pictures and archives of pictures

def test_a_zip_of_class_folders_becomes_arrays(client):
    files = {f"all/{name}/{number}.png": png(40 + number, 30)
             for name in ("cat", "dog") for number in range(3)}
    files |= {"all/dog/notes.txt": b"no picture", "all/dog/bomb.png": bomb(),
              "__MACOSX/all/dog/._1.png": b"x", "all/cat/.DS_Store": b"x", "lonely.png": png(9, 9)}
    answer = send(client, "archive", zipped(files), side="32").json()
    told = answer["told"]
    assert told["classes"] == {"cat": 3, "dog": 3}
    assert [each["file"] for each in told["problems"]] == ["all/dog/notes.txt",
                                                           "all/dog/bomb.png"]
    with np.load(kept(client, answer["upload"]).path) as arrays:
        assert arrays["x"].shape == (6, 32, 32, 3) and arrays["x"].dtype == np.uint8
        assert arrays["y"].tolist() == [0, 0, 0, 1, 1, 1]
        assert arrays["names"].tolist() == ["cat", "dog"]


def linked() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        link = zipfile.ZipInfo("cat/1.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return file.getvalue()


def encrypted() -> bytes:
    packed = bytearray(zipped({"cat/1.png": png(9, 9)}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(mark) + place] |= 1
    return bytes(packed)


def lying_about_its_size() -> bytes:
    """A member of 50 MB that says it has 10 bytes."""
    content = zlib.compress(bytes(50_000_000), 9)[2:-4]
    packed = bytearray(zipped({"cat/1.png": bytes(50_000_000)}))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = packed.index(mark) + place
        packed[at:at + 4] = struct.pack("<I", 10)
    assert len(content) < 100_000
    return bytes(packed)


@pytest.mark.parametrize(("archive", "says"), [
    (zipped({"../../evil.png": b"x"}), "points out of it"),
    (zipped({"/etc/evil.png": b"x"}), "points out of it"),
    (zipped({"C:\\evil.png": b"x"}), "points out of it"),
    (zipped({"cat\\..\\..\\evil.png": b"x"}), "points out of it"),
    (linked(), "points out of it"),
    (encrypted(), "encrypted"),
    (zipped({"cat/1.png": bytes(30_000_000)}), "would have 30 MB"),
    (zipped({f"cat/{number}.png": b"" for number in range(20_001)}), "holds 20001 files"),
    (lying_about_its_size(), "damaged"),
    (zipped({"cat/1.png": png(9, 9)}), "Two folders"),
], ids=["dots", "absolute", "drive", "backslash", "link", "password", "bomb", "many", "lie", "one"])
def test_archives_that_are_made_to_hurt(client, archive, says, uploads_folder):
    answer = send(client, "archive", archive)
    assert answer.status_code == 422 and says in answer.json()["error"]
    assert not list(uploads_folder.iterdir())


def test_too_much_unpacked_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"a": bytes(1000), "b": bytes(1000)}, zipfile.ZIP_STORED))
    monkeypatch.setattr(zipfile.ZipFile, "read", None)
    with pytest.raises(BadUpload, match="at most 0 MB"):
        list(archives.members(path, 10, 1999))


# Tables

CSV = "name,größe,class,empty\nAda,1.5,a,\nBob,?,b,\n\"C, D\",2,a,\n"


@pytest.mark.parametrize(("content", "encoding", "separator"), [
    (CSV.encode(), "utf-8", ","),
    (CSV.encode("utf-8-sig"), "utf-8", ","),
    (CSV.encode("utf-16"), "utf-16", ","),
    (CSV.replace("\"C, D\"", "C D").replace(",", ";").replace("1.5", "1,5").encode("cp1252"),
     "cp1252", ";"),
    (CSV.replace("\"C, D\"", "C D").replace(",", "\t").replace("größe", "身高").encode("gb18030"),
     "gb18030", "\t"),
], ids=["utf-8", "mark", "utf-16", "German", "Chinese"])
def test_a_table_says_how_it_is_written(client, content, encoding, separator):
    answer = send(client, "table", content).json()
    told = answer["told"]
    assert (told["encoding"], told["separator"], told["header"]) == (encoding, separator, True)
    assert told["rows"] == 3
    assert [column["type"] for column in told["columns"]] == ["category", "number", "category",
                                                              "category"]
    assert told["columns"][1]["name"] in ("größe", "身高")
    assert [column["missing"] for column in told["columns"]] == [0, 1, 0, 3]
    assert told["columns"][2]["levels"] == ["a", "b"]
    with np.load(kept(client, answer["upload"]).path) as arrays:
        np.testing.assert_array_equal(arrays["column_1"], [1.5, np.nan, 2])
        assert arrays["column_2"].tolist() == [0, 1, 0]
    json.dumps(told, allow_nan=False)


def test_a_table_without_a_heading(client):
    told = send(client, "table", b"1,2,x\n3,4,y\n").json()["told"]
    assert not told["header"] and told["rows"] == 2
    assert [column["name"] for column in told["columns"]] == ["column 1", "column 2", "column 3"]


def test_a_table_says_what_a_column_may_be_taken_for(client):
    rows = "".join(f"{i},{i % 3},{'?' if i == 5 else i * 1.5},{i if i % 4 else 'none'}\n"
                   for i in range(1, 9))
    answer = send(client, "table", ("id,kind,size,mixed\n" + rows).encode()).json()
    id_, kind, size, mixed = answer["told"]["columns"]
    assert id_["counter"] and not kind["counter"]
    assert (kind["type"], kind["values"], kind["counts"]) == ("number", ["0", "1", "2"], [2, 3, 3])
    assert size["missing"] == 1 and size["numbers"] == 7
    assert (mixed["type"], mixed["numbers"]) == ("category", 6) and mixed["counts"][-1] == 2
    with np.load(kept(client, answer["upload"]).path) as arrays:
        assert arrays["names"].tolist() == ["id", "kind", "size", "mixed"]
        assert arrays["levels_3"].tolist()[-1] == "none"
        np.testing.assert_array_equal(arrays["number_3"][:4], [1, 2, 3, np.nan])


@pytest.mark.parametrize("body", [b"a,b\n" + b"1,2\n" * (tables.MOST_ROWS + 1),
                                  b",".join([b"1"] * 501)], ids=["rows", "columns"])
def test_too_large_a_table(client, body):
    answer = send(client, "table", body)
    assert answer.status_code == 422 and "at most 300000 rows" in answer.json()["error"]


# Sound and text

def test_sound_becomes_mono_at_the_wanted_rate(client):
    answer = send(client, "sound", beep(), rate="16000").json()
    assert answer["told"] == {"seconds": 0.5, "rate": 16000, "original_rate": 8000,
                              "channels": 2, "cut": False}
    with np.load(kept(client, answer["upload"]).path) as arrays:
        assert arrays["sound"].dtype == np.float32 and arrays["sound"].shape == (8000,)
        loudest = np.abs(np.fft.rfft(arrays["sound"])).argmax() * 16000 / 8000
        assert loudest == pytest.approx(440, abs=4)


def test_a_long_recording_is_cut_and_says_so(client):
    told = send(client, "sound", beep(3), seconds="1").json()["told"]
    assert told["cut"] and told["seconds"] == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_a_text_in_any_encoding(client, encoding):
    text = "Grüße\r\n学习率决定每一步走多远。" * 60
    answer = send(client, "text", text.encode(encoding)).json()
    plain = text.replace("\r\n", "\n")
    assert answer["told"]["characters"] == len(plain)
    assert answer["told"]["begins"] == plain[:200]
    with np.load(kept(client, answer["upload"]).path) as arrays:
        assert "".join(map(chr, arrays["signs"])) == plain


# Whatever it is

@how_often(max_examples=60, deadline=None)
@given(kind=st.sampled_from(["archive", "table", "sound", "text"]),
       body=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode),
                      st.text(min_size=1, max_size=20).map(lambda text: 600 * text.encode()),
                      st.binary(max_size=300).map(lambda inner: zipped({"a/b.png": inner})),
                      st.binary(max_size=300).map(lambda inner: beep(0.01)[:44] + inner)))
def test_whatever_bytes_come_there_is_an_answer_or_a_sentence(tmp_path_factory, kind, body):
    folder = tmp_path_factory.mktemp("any")
    path, out = folder / "in", folder / "out"
    path.write_bytes(body)
    reader = {"table": tables.read, "text": writings.read}.get(kind) or getattr(readers, kind)
    with suppress(VisitorError):
        json.dumps(reader(str(path), str(out)))
        assert out.exists()


# Networks

CONFIG = {"class_name": "Functional", "module": "keras.src.models.functional", "config": {
    "layers": [{"class_name": "Dense", "module": "keras.layers", "config": {}}]}}


def network(config: object, **more: bytes) -> bytes:
    return zipped({"metadata.json": b"{}", "config.json": json.dumps(config).encode(),
                   "model.weights.h5": b"", **more})


def layer(kind: object, module: object = "keras.layers") -> dict:
    return {**CONFIG, "config": {"layers": [{"class_name": kind, "module": module, "config": {}}]}}


@pytest.mark.parametrize(("body", "says"), [
    (network(layer("Lambda")), "kind Lambda"),
    (network({**CONFIG, "f": {"class_name": "__lambda__", "config": {}}}), "kind __lambda__"),
    (network(layer("run", "subprocess")), "kind run"),
    (network(layer("StringLookup")), "kind StringLookup"),
    (network(layer(["Dense"])), "could run code"),
    (network(CONFIG, **{"assets/evil.py": b"x"}), "no Keras network"),
    (network("no network"), "no Keras network"),
    (zipped({"config.json": b"{"}), "no Keras network"),
    (b"\x89HDF\r\n\x1a\n an old .h5 file", "no zip"),
], ids=["lambda", "inner lambda", "module", "reader of files", "odd", "more", "text", "half", "h5"])
def test_a_network_that_could_hurt_is_not_even_opened(client, body, says, monkeypatch):
    monkeypatch.setattr(foreign.subprocess, "run", None)
    answer = send(client, "keras", body)
    assert answer.status_code == 422 and says in answer.json()["error"]


def test_a_network_is_described_by_a_process_of_its_own(client):
    body = Path("assets/weights/cnn/digits.keras").read_bytes()
    answer = send(client, "keras", body, "digits.keras").json()
    told = answer["told"]
    assert told["inputs"] == [[None, 8, 8, 1]] and told["outputs"] == [[None, 10]]
    assert told["parameters"] == sum(each["parameters"] for each in told["layers"])
    assert "Conv2D" in {each["kind"] for each in told["layers"]}
    assert kept(client, answer["upload"]).file.read_bytes() == body


def test_what_keras_cannot_open_gets_a_sentence(client):
    answer = send(client, "keras", network(CONFIG))
    assert answer.status_code == 422 and "no Keras network" in answer.json()["error"]
