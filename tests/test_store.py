"""What is kept survives restarts, kills, damage and strangers."""

import itertools
import logging
import math
import os
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalogue import room
from core.params import to_text
from core.store import Store, clean_name

PARAMS = room("cnn").params(seed=7)
RUN_IDS = (f"{number:012x}" for number in itertools.count(1))


@pytest.fixture(autouse=True)
def own_database(monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return Store(tmp_path_factory.mktemp("home"))


def begin(store: Store, **given) -> str:
    run_id = next(RUN_IDS)
    store.create(run_id, **{"room": "cnn", "params": PARAMS, "owner": "ada", **given})
    return run_id


def events_of_a_run(state: str = "finished") -> list[dict]:
    return [{"type": "begin", "seq": 1, "at": 100.0, "epochs": 1},
            {"type": "batch", "seq": 2, "at": 101.0, "step": 1, "values": {"loss": 2.5}},
            {"type": "epoch", "seq": 3, "at": 102.0, "step": 9, "epoch": 1, "values": {"loss": 1}},
            {"type": "end", "seq": 4, "at": 103.0, "state": state, "reason": "done"}]


def end(store: Store, run_id: str, **given) -> None:
    store.finish(run_id, **{"state": "finished", "metrics": {"test_accuracy": 0.9},
                            "events": events_of_a_run(), "model": b"network",
                            "snapshots": {1: b"one", 12: b"twelve"}, "context": {"room": "cnn"},
                            **given})


def in_a_process(script: str, *arguments: object) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-c", script, *map(str, arguments)], text=True,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            cwd=Path(__file__).parents[1])


def earlier_server(home: Path) -> None:
    """Another process (MLflow keeps what it has opened) keeps a run in ``home`` and ends."""
    script = ("import sys; from pathlib import Path; from tests.test_store import *; "
              "store = Store(Path(sys.argv[1])); end(store, begin(store, name='Earlier'))")
    with in_a_process(script, home) as server:
        assert server.wait(60) == 0


# One run

def test_a_run_from_queue_to_end(store):
    run_id = begin(store, name="My first")
    assert store.run(run_id).state == "queued"
    store.journal(run_id, {"type": "state", "seq": 1, "at": 1.0, "state": "running"})
    store.state(run_id, "running")
    store.metrics(run_id, 1, 9, {"loss": 1.0, "val_loss": 1.5})
    running = store.run(run_id)
    assert (running.state, running.ended, running.metrics["epoch"]) == ("running", None, 1)
    assert store.events(run_id)[0]["state"] == "running"

    end(store, run_id, metrics={"val_loss": 1.25, "test_accuracy": 0.9})
    kept = store.run(run_id)
    assert (kept.name, kept.room, kept.owner, kept.seed) == ("My first", "cnn", "ada", 7)
    assert (kept.state, kept.reason, kept.ended) == ("finished", "done", 103.0)
    assert kept.params == to_text(PARAMS)
    assert kept.metrics == {"loss": 1.0, "val_loss": 1.25, "test_accuracy": 0.9, "epoch": 1}
    assert {"python", "keras", "numpy"} <= set(kept.versions)
    assert store.events(run_id) == events_of_a_run()
    assert store.model(run_id) == b"network"
    assert store.context(run_id) == {"room": "cnn"}
    assert store.snapshots(run_id) == [1, 12]
    assert store.snapshot(run_id, 12) == b"twelve"
    assert store.snapshot(run_id, 2) is None


@pytest.mark.parametrize("state", ["finished", "stopped", "failed", "lost"])
def test_every_end(store, state):
    run_id = begin(store)
    end(store, run_id, state=state, events=events_of_a_run(state), model=None, snapshots={})
    assert store.run(run_id).state == state
    assert store.model(run_id) is None
    assert store.snapshots(run_id) == []


def test_nothing_is_lost_of_long_hyperparameters(store):
    items = room("cnn").params.model_fields["blocks"].default
    long = PARAMS.model_copy(update={"blocks": items * 400})
    run_id = begin(store, params=long)
    assert len(to_text(long)["blocks"]) > 6_000
    assert store.run(run_id).params == to_text(long)


def test_numbers_that_are_no_numbers(store):
    run_id = begin(store)
    store.metrics(run_id, 1, 5, {"nan": math.nan, "none": None, "up": math.inf, "down": -math.inf})
    metrics = store.run(run_id).metrics
    assert math.isnan(metrics["nan"])
    assert math.isnan(metrics["none"])
    assert (metrics["up"], metrics["down"]) == (math.inf, -math.inf)


def test_epochs_that_follow_each_other_quickly_are_all_kept(store):
    run_id = begin(store)
    for epoch in range(1, 1201):  # more than MLflow takes at once
        store.metrics(run_id, epoch, epoch * 10, {"loss": 1 / epoch})
    end(store, run_id, metrics={"test_loss": 0.5})
    assert store.run(run_id).metrics == {"epoch": 1200, "loss": 1 / 1200, "test_loss": 0.5}
    tracking = store._opened
    history = tracking._client.get_metric_history(tracking._id(run_id), "loss")
    assert sorted(each.step for each in history) == list(range(10, 12010, 10))


# Who asks

@pytest.mark.parametrize("unknown", [
    "0123456789ab", "", "../../etc/passwd", "x' OR '1'='1", "0123456789ab\n", "ü" * 12])
def test_an_unknown_run(store, unknown):
    assert store.run(unknown) is None
    assert store.events(unknown) == []
    assert store.model(unknown) is None
    assert store.context(unknown) is None
    assert store.snapshots(unknown) == []
    assert store.snapshot(unknown, 1) is None
    with pytest.raises(KeyError):
        store.rename(unknown, "name")


@pytest.mark.parametrize("bad", ["../0123456789", "0123456789AB", "", "0123456789ab0"])
def test_only_our_ids_are_taken(store, bad):
    with pytest.raises(ValueError, match="not a run id"):
        store.create(bad, room="cnn", params=PARAMS, owner="ada")


def test_a_list_of_runs(store):
    first, second = begin(store, owner="grace"), begin(store, owner="grace")
    other = begin(store, owner="alan", room="other")
    assert [kept.run_id for kept in store.runs(owner="grace")] == [second, first]
    assert [kept.run_id for kept in store.runs(owner="grace", limit=1)] == [second]
    assert [kept.run_id for kept in store.runs(room="other")] == [other]
    assert store.runs(room="other", owner="grace") == []
    assert store.runs(owner="x' OR tags.a != '") == []
    assert {first, second, other} <= {kept.run_id for kept in store.runs()}


@settings(max_examples=25, deadline=None)
@given(name=st.text(max_size=120))
def test_names_of_strangers(store, name):
    run_id = begin(store, name=name)
    kept = store.run(run_id).name
    assert kept == (clean_name(name) or run_id)
    store.rename(run_id, f"a{name}")
    assert store.run(run_id).name == clean_name(f"a{name}")


def test_an_empty_new_name_changes_nothing(store):
    run_id = begin(store, name="kept")
    store.rename(run_id, " \n ")
    assert store.run(run_id).name == "kept"


# Deleting

def test_a_deleted_run_leaves_nothing(tmp_path):
    store = Store(tmp_path)
    run_id, other = begin(store, name="secret-name"), begin(store)
    store.journal(run_id, {"type": "batch", "seq": 1, "at": 1.0})
    end(store, run_id)
    end(store, other)
    before = len([path for path in tmp_path.rglob("*") if path.is_file()])
    store.delete(run_id)
    after = len([path for path in tmp_path.rglob("*") if path.is_file()])
    assert before - after == 5  # events, network, context, two snapshots
    assert len(list((tmp_path / "artifacts").iterdir())) == 1
    assert store.run(run_id) is None
    assert [kept.run_id for kept in store.runs()] == [other]
    assert store.model(other) == b"network"
    store.delete(run_id)  # twice is harmless
    with sqlite3.connect(tmp_path / "mlflow.db") as database:
        names = [row[0] for row in database.execute("SELECT name FROM runs")]
    assert names == [other]


# Threads, restarts, kills

def test_many_threads(store):
    def one_run(number: int) -> str:
        run_id = f"{number:012x}"
        begun = store.create(run_id, room="threads", params=PARAMS, owner=f"visitor{number}")
        assert begun is None
        for epoch in range(1, 4):
            store.journal(run_id, {"type": "epoch", "seq": epoch, "at": 1.0})
            store.metrics(run_id, epoch, epoch * 10, {"loss": number + epoch})
            store.runs(room="threads")
        end(store, run_id, metrics={"test_loss": float(number)})
        return run_id

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(one_run, range(0xA00, 0xA10)))
    for number, run_id in enumerate(ids, start=0xA00):
        kept = store.run(run_id)
        assert kept.state == "finished"
        assert kept.metrics == {"loss": number + 3, "epoch": 3, "test_loss": number}
        assert kept.owner == f"visitor{number}"


KILLED = """
import sys
from pathlib import Path
from core.catalogue import room
from core.store import Store

store = Store(Path(sys.argv[1]))
store.create("00000000dead", room="cnn", params=room("cnn").params(), owner="ada", name="Lost")
store.journal("00000000dead", {"type": "state", "seq": 1, "at": 50.0, "state": "running"})
for seq in range(2, 40):
    store.journal("00000000dead", {"type": "batch", "seq": seq, "at": 50.0 + seq, "step": seq})
store.metrics("00000000dead", 1, 20, {"loss": 0.5})
epoch = {"epoch": 2, "step": 40, "values": {"loss": 0.25, "val_loss": None}}
store.journal("00000000dead", {"type": "epoch", "seq": 40, "at": 90.0, **epoch})
store.metrics("00000000dead", **epoch)  # gathered, but not written yet
print("ready", flush=True)
sys.stdin.read()
"""


def test_a_killed_server_loses_no_event(tmp_path):
    with in_a_process(KILLED, tmp_path) as server:
        assert server.stdout.readline() == "ready\n"
        server.kill()
    assert server.returncode == -signal.SIGKILL
    with (tmp_path / "journal" / "00000000dead.jsonl").open("ab") as file:
        file.write(b'{"type": "batch", "se')
    (tmp_path / "journal" / "0000000000aa.jsonl").write_text('{"seq": 1}\n')

    store = Store(tmp_path)
    assert store.recover() == ["00000000dead"]
    kept = store.run("00000000dead")
    assert (kept.name, kept.state, kept.reason) == ("Lost", "lost", "server")
    assert kept.ended == 90.0  # its last sign of life
    assert math.isnan(kept.metrics.pop("val_loss"))
    assert kept.metrics == {"epoch": 2, "loss": 0.25}
    events = store.events("00000000dead")
    assert [event["seq"] for event in events] == list(range(1, 42))
    assert events[-1] == {"type": "end", "seq": 41, "at": 90.0, "state": "lost",
                          "reason": "server"}
    assert list((tmp_path / "journal").iterdir()) == []
    assert Store(tmp_path).recover() == []


def test_a_server_killed_while_it_kept_an_ended_run(tmp_path):
    store = Store(tmp_path)
    run_id = begin(store)
    for event in events_of_a_run("stopped"):
        store.journal(run_id, event)
    store = Store(tmp_path)
    store.recover()
    assert store.run(run_id).state == "stopped"
    assert store.events(run_id) == events_of_a_run("stopped")


def test_an_event_after_the_end_changes_nothing(tmp_path):
    store = Store(tmp_path)
    run_id = begin(store)
    end(store, run_id)
    store.journal(run_id, {"type": "batch", "seq": 9, "at": 9.0})
    assert store.events(run_id) == events_of_a_run()
    assert Store(tmp_path).recover() == []
    assert store.events(run_id) == events_of_a_run()
    assert list((tmp_path / "journal").iterdir()) == []


def test_after_a_restart_everything_is_there(tmp_path):
    earlier_server(tmp_path)
    store = Store(tmp_path)
    assert store.recover() == []
    [kept] = store.runs()
    assert (kept.name, kept.state, kept.params) == ("Earlier", "finished", to_text(PARAMS))
    assert store.events(kept.run_id) == events_of_a_run()
    assert store.model(kept.run_id) == b"network"


# The database

def test_a_damaged_database_is_moved_aside(tmp_path, caplog):
    earlier_server(tmp_path)
    file = tmp_path / "mlflow.db"
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    file.write_bytes(content)
    with caplog.at_level(logging.ERROR):
        store = Store(tmp_path)
        assert store.recover() == []
    assert "mlflow.db is damaged" in caplog.text
    assert [path.read_bytes() for path in tmp_path.glob("*.aside")] == [content]
    run_id = begin(store)
    assert [kept.run_id for kept in store.runs()] == [run_id]


def test_a_file_that_is_no_database_is_moved_aside(tmp_path):
    (tmp_path / "mlflow.db").write_text("This is not a database, it is a letter. " * 100)
    store = Store(tmp_path)
    assert store.runs() == []
    assert len(list(tmp_path.glob("*.aside"))) == 1


def test_a_database_of_a_newer_mlflow_is_moved_aside(tmp_path, caplog):
    earlier_server(tmp_path)
    with sqlite3.connect(tmp_path / "mlflow.db") as database:
        database.execute("UPDATE alembic_version SET version_num = 'fromthefuture'")
    assert Store(tmp_path).runs() == []
    assert "newer MLflow" in caplog.text


def test_a_database_of_an_older_mlflow_is_brought_up_to_date(tmp_path):
    from alembic import command
    from alembic.script import ScriptDirectory

    from core.store import database  # first of all: it switches telemetry off

    file = tmp_path / "mlflow.db"
    engine = database.schema.create_sqlalchemy_engine_with_retry(f"sqlite:///{file}")
    database.schema.InitialBase.metadata.create_all(engine)
    config = database.schema._get_alembic_config(f"sqlite:///{file}")
    head = ScriptDirectory.from_config(config).get_current_head()
    before = ScriptDirectory.from_config(config).get_revision(head).down_revision
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, before)
    engine.dispose()
    store = Store(tmp_path)
    run_id = begin(store)
    assert store.run(run_id).run_id == run_id
    assert list(tmp_path.glob("*.aside")) == []


def test_another_tracking_database(tmp_path, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'other.db'}")
    monkeypatch.chdir(tmp_path)
    store = Store(tmp_path / "home")
    run_id = begin(store)
    end(store, run_id)
    assert store.model(run_id) == b"network"
    assert (tmp_path / "other.db").exists()
    assert not (tmp_path / "home" / "mlflow.db").exists()
    assert not (tmp_path / "mlruns").exists()
    store.delete(run_id)
    assert store.run(run_id) is None


QUIET = """
import sys
from pathlib import Path

import core.store
assert "mlflow" not in sys.modules, "the first page would wait for MLflow"
core.store.Store(Path(sys.argv[1])).runs()
from mlflow.telemetry import get_telemetry_client
from mlflow.telemetry.utils import is_telemetry_disabled
print(is_telemetry_disabled(), get_telemetry_client(), "tensorflow" in sys.modules)
"""


def test_mlflow_comes_late_and_calls_nobody(tmp_path):
    # In pytest and in CI MLflow switches telemetry off by itself; a visitor's server is neither.
    usual = {name: value for name, value in os.environ.items()
             if name not in {"CI", "GITHUB_ACTIONS", "PYTEST_CURRENT_TEST", "DO_NOT_TRACK"}}
    done = subprocess.run([sys.executable, "-c", QUIET, str(tmp_path)], env=usual, check=True,
                          cwd=Path(__file__).parents[1], capture_output=True, text=True)
    assert done.stdout == "True None False\n"
