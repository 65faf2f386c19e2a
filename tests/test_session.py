"""A visitor's runs leave as a zip and come back, and strangers' zips hurt nobody."""

import io
import json
import math
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalogue import room
from core.data.archives import BadUpload
from core.engine.errors import end_says
from core.export import metrics_csv, program_of_run
from core.params import to_text
from core.store import Store, journal, session
from core.store.foreign import clean_events
from tests.test_store import PARAMS, begin, end, events_of_a_run

RUN = {"run_id": "0" * 12, "name": "theirs", "room": "cnn", "params": {}, "seed": 1,
       "state": "finished", "reason": "done", "started": 1.0, "ended": 2.0, "metrics": {},
       "versions": {}}


@pytest.fixture(autouse=True)
def own_database(monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)


def packed(tmp_path: Path, files: dict[str, bytes | str]) -> str:
    path = tmp_path / "session.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return str(path)


def run_json(**other) -> str:
    return json.dumps({**RUN, **other})


def test_runs_leave_and_come_back(tmp_path):
    here = Store(tmp_path / "here")
    mine = begin(here, name="Mine", owner="ada")
    end(here, mine, metrics={"test_accuracy": 0.9, "broken": None})
    end(here, begin(here, owner="grace"))
    begin(here, owner="ada")  # waits still, and stays here
    pieces = list(session.export(here, "ada"))
    assert len(pieces) > 4, "it is sent while it is written"
    path = tmp_path / "mine.zip"
    path.write_bytes(b"".join(pieces))
    assert session.unpack(str(path), str(tmp_path / "read")) == 1

    there = Store(tmp_path / "there")
    assert session.restore(there, tmp_path / "read", "new_visitor") == (1, 0)
    assert session.restore(there, tmp_path / "read", "new_visitor") == (0, 1)
    kept = there.run(mine)
    assert (kept.name, kept.owner, kept.state, kept.imported) == (
        "Mine", "new_visitor", "finished", True)
    assert kept.params == to_text(PARAMS)
    assert kept.metrics["test_accuracy"] == 0.9 and math.isnan(kept.metrics["broken"])
    assert [event["type"] for event in there.events(mine)] == ["begin", "batch", "end"]
    # No room opens what came in a zip; it can only be taken away.
    assert there.model(mine) is there.context(mine) is there.snapshot(mine, 1) is None
    assert there.snapshots(mine) == []
    assert there.foreign_model(mine) == b"network"
    # And once more as a zip: nothing gets lost on the way.
    again = zipfile.ZipFile(io.BytesIO(b"".join(session.export(there, "new_visitor"))))
    assert {"run.json", "events.jsonl.gz", "model.keras", "context.json", "snapshots/001.npz",
            "snapshots/012.npz"} == {name.partition("/")[2] for name in again.namelist()}

    # Where the number is somebody else's already, the run gets another.
    assert session.restore(here, tmp_path / "read", "eve") == (1, 0)
    assert here.run(mine).owner == "ada"
    [stranger] = here.runs(owner="eve")
    assert stranger.run_id != mine and stranger.imported


@pytest.mark.parametrize(("files", "says"), [
    ({"notes.txt": "no runs"}, "no runs of this museum"),
    ({"000000000000/run.json": "{"}, "cannot be read"),
    ({"000000000000/run.json": run_json(room="nowhere")}, "cannot be read"),
    ({"000000000000/run.json": run_json(state="running")}, "cannot be read"),
    ({"000000000000/run.json": run_json(run_id="1" * 12)}, "cannot be read"),
    ({"000000000000/run.json": run_json(), "../evil.py": "x"}, "points out of it"),
    ({"000000000000/run.json": run_json(), "/etc/evil": "x"}, "points out of it"),
    ({f"{number:012x}/run.json": run_json(run_id=f"{number:012x}") for number in range(201)},
     "holds 201 runs"),
    ({"000000000000/run.json": run_json(), "000000000000/model.keras": bytes(50_000_000)},
     "times its packed size"),
], ids=["none", "half", "room", "state", "number", "dots", "absolute", "many", "bomb"])
def test_zips_that_are_refused(tmp_path, files, says):
    with pytest.raises(BadUpload, match=says):
        session.unpack(packed(tmp_path, files), str(tmp_path / "read"))


def test_only_files_of_runs_are_taken(tmp_path):
    path = packed(tmp_path, {
        "000000000000/run.json": run_json(), "000000000000/evil.py": "x", "evil/run.json": "{}",
        "000000000000/snapshots/001.npz": "x", "000000000000/snapshots/x.npz": "x"})
    assert session.unpack(path, str(tmp_path / "read")) == 1
    assert sorted(each.relative_to(tmp_path / "read").as_posix()
                  for each in (tmp_path / "read").rglob("*") if each.is_file()) == [
        "000000000000/events.jsonl.gz", "000000000000/run.json",
        "000000000000/snapshots/001.npz"]


def test_a_gzip_bomb_of_events_stays_small(tmp_path, monkeypatch):
    monkeypatch.setattr(session, "MOST_EVENT_BYTES", 1000)
    events = journal.pack([{"type": "batch", "at": 1.0, "step": step, "values": {}}
                           for step in range(500)])
    path = packed(tmp_path, {"000000000000/run.json": run_json(),
                             "000000000000/events.jsonl.gz": events})
    session.unpack(path, str(tmp_path / "read"))
    kept = journal.unpack((tmp_path / "read/000000000000/events.jsonl.gz").read_bytes())
    assert 2 < len(kept) < 20 and kept[-1]["type"] == "end"


def lines(*events: dict) -> bytes:
    return b"".join(json.dumps(event).encode() + b"\n" for event in events)


@pytest.mark.parametrize("end", [
    {"reason": "told", "msgid": "{values.__class__}", "values": {"values": 1}},
    {"reason": "visitor", "step": "{0.__class__}"},
    {"reason": "error", "error": "{x}" * 1000},
    {"reason": ["error"]}, {"reason": None}, {}])
def test_a_stranger_s_end_is_told_in_our_words(end):
    [kept] = clean_events(lines({"type": "end", "at": 5.0, "state": "x", **end}), "failed")
    assert kept["state"] == "failed" and "__class__" not in end_says(kept)
    assert len(end_says(kept)) < 500


def test_what_is_no_number_is_left_out():
    good = {"type": "epoch", "at": 1.0, "epoch": 1, "step": 3, "seconds": 1.0,
            "values": {"loss": 1.0, "accuracy": None}}
    bad = [{**good, "values": {"loss": "x"}}, {**good, "values": {"<b>": 1}}, {**good, "step": "x"},
           {**good, "at": None}, {**good, "type": "exec"}, {**good, "values": {"loss": 10**400}},
           {"type": "change", "at": 1.0, "step": 1, "name": "__class__", "value": 1},
           {"type": "change", "at": 1.0, "step": 1, "name": "learning_rate", "value": "os"}]
    kept = clean_events(lines(*bad, good) + b"{\n[1]\n\xff\n", "stopped")
    assert kept[:-1] == [{**good, "seq": 1}]


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False)
                    | st.text(max_size=10), lambda inner: st.lists(inner, max_size=3)
                    | st.dictionaries(st.text(max_size=8), inner, max_size=4), max_leaves=8)
FIELDS = ("at", "step", "epoch", "seconds", "values", "name", "value", "reason", "metrics",
          "error", "state", "seq")
EVENT = st.fixed_dictionaries({"type": st.sampled_from(
    ["begin", "batch", "epoch", "snapshot", "change", "state", "end"])},
    optional=dict.fromkeys(FIELDS, JSON))


@settings(max_examples=150)
@given(events=st.lists(EVENT, max_size=6))
def test_whatever_a_zip_tells_the_pages_can_show_it(events):
    kept = clean_events(lines(*events), "stopped")
    assert [event["seq"] for event in kept] == list(range(1, len(kept) + 1))
    assert [event["type"] for event in kept].count("end") == 1 and kept[-1]["type"] == "end"
    assert end_says(kept[-1])
    metrics_csv(kept)
    saved = session.SavedRun.model_validate_json(run_json())
    compile(program_of_run(saved.kept("0" * 12, "me", 1e9), kept), "program", "exec")


def test_events_of_our_own_pass_unchanged():
    own = [{**event, "seconds": 1.0} if event["type"] == "epoch" else event
           for event in events_of_a_run()]
    assert clean_events(lines(*own), "finished") == own


def test_a_run_of_the_future_began_now():
    saved = session.SavedRun.model_validate_json(run_json(started=9e10, ended=9e10))
    kept = saved.kept("0" * 12, "me", 1000.0)
    assert (kept.started, kept.ended) == (1000.0, 1000.0)
    assert kept.params == to_text(room("cnn").params())
