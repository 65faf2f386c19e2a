"""Clusters: one of one's own, its certificates, trainers that grow or are killed."""

import logging
import os
import signal
import subprocess
import sys
import threading

import dask
import pytest
from distributed import Security

from core.engine import Engine, EngineError, cluster, end_says
from core.rooms.cnn import CNN, Block, Dense
from core.settings import Settings
from core.store import Store
from tests.engine.museum import ended, has, museum, until
from tests.server import ROOT

SMALL = CNN(blocks=(Block(filters=4),), dense=(Dense(units=8),), epochs=2, batch_size=64)
LONG = SMALL.model_copy(update={"epochs": 100})
WORKER = {"DASK_DISTRIBUTED__WORKER__MEMORY__TARGET": "False",
          "DASK_DISTRIBUTED__WORKER__MEMORY__SPILL": "False",
          "DASK_DISTRIBUTED__WORKER__MEMORY__PAUSE": "False", "TF_CPP_MIN_LOG_LEVEL": "3"}


@pytest.fixture
def nothing_left_running():
    """The tests here have engines of their own."""


@pytest.fixture
def dask_command(tmp_path):
    """Starts processes of the ``dask`` command line, as the README tells it."""
    started = []

    def start(*arguments: str, **env: str) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments], cwd=tmp_path, start_new_session=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PERCEPTORIUM_HOME": str(tmp_path), **env},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        started.append(process)
        return process

    yield start
    for process in started:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


@pytest.fixture
def scheduler(dask_command, tmp_path) -> str:
    """The address of a scheduler that no worker has found yet."""
    file = tmp_path / "scheduler.json"
    dask_command("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
                 "--scheduler-file", str(file),
                 DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0",
                 DASK_DISTRIBUTED__ADMIN__LOW_LEVEL_LOG_LENGTH="100")
    until(lambda: file.exists() and file.stat().st_size, "the scheduler")
    return next(part for part in file.read_text().split('"') if part.startswith("tcp://"))


def test_two_trainers_of_ones_own_cluster_train_two_runs_at_once(
        scheduler, dask_command, tmp_path):
    with museum(tmp_path / "home", scheduler=scheduler) as engine:
        mine, yours = engine.start("cnn", LONG, "me"), engine.start("cnn", LONG, "you")
        assert [engine.run(run_id).state for run_id in (mine, yours)] == ["queued", "queued"]
        for _ in range(2):
            dask_command("worker", scheduler, "--host", "127.0.0.1", "--nthreads", "3",
                         "--no-dashboard", "--memory-limit", "2GB",
                         "--resources", "train=1,ask=2", **WORKER)
        until(lambda: has(engine, mine, "batch") and has(engine, yours, "batch"),
              "both train at once", 120)
        assert {run.state for run in engine.in_progress()} == {"running"}
        assert len({run.worker for run in engine.in_progress()}) == 2
        third = engine.start("cnn", SMALL, "they")
        assert engine.run(third).last("state")["place"] == 1
        engine.control(mine, "me", "stop")
        assert ended(engine, mine)["state"] == "stopped"
        assert ended(engine, third)["state"] == "finished"

        address = engine.run(yours).worker
        engine.close()  # as if the server died: nobody steers this run any more
        with museum(tmp_path / "home", scheduler=scheduler) as again:
            until(lambda: not any(again._cluster.client.run(_trains).values()),
                  f"{address} has given the run up", 30)
            until(lambda: engine.store.run(yours).state == "lost", "it is lost")


def _trains() -> bool:
    from core.engine import trainer

    return bool(trainer._sessions)


def test_a_scheduler_that_is_not_there_yet_is_waited_for(tmp_path, monkeypatch, caplog):
    tries = []

    def refused(settings):
        tries.append(settings.scheduler)
        raise OSError("nobody listens")

    monkeypatch.setattr("core.engine.engine.Cluster", refused)
    monkeypatch.setattr("core.engine.engine.LOOK_SECONDS", 0.01)
    monkeypatch.setattr("core.engine.engine.PATIENCE", 0.01)
    engine = Engine(Settings(home=tmp_path, scheduler="tcp://127.0.0.1:1"), Store(tmp_path))
    thread = threading.Thread(target=engine.open)
    with caplog.at_level(logging.WARNING):
        thread.start()
        until(lambda: len(tries) > 2, "it tries again")
        with pytest.raises(EngineError, match="still starting"):
            engine.light("builtins:len", "")
        engine.close()
        thread.join(5)
    assert not thread.is_alive() and "tcp://127.0.0.1:1" in caplog.text


def test_the_certificates_of_dasks_own_settings_are_used(monkeypatch):
    used = {}

    class Client:
        def __init__(self, address, security, set_as_default):
            used.update(address=address, security=security)

        def run_on_scheduler(self, function):
            return 0

        def register_plugin(self, plugin):
            pass

        def scheduler_info(self):
            return {"workers": {"a": {"resources": {"train": 2.0}}, "b": {"resources": {}},
                                "c": {"resources": {"train": 1.0, "numpy": 4.0}}}}

    monkeypatch.setattr(cluster, "Client", Client)
    with dask.config.set({"distributed.comm.require-encryption": True,
                          "distributed.comm.tls.ca-file": "ca.pem",
                          "distributed.comm.tls.client.cert": "museum.pem",
                          "distributed.comm.tls.client.key": "museum-key.pem"}):
        found = cluster.Cluster(Settings(scheduler="tls://10.0.0.1:8786"))
    security = used["security"]
    assert used["address"] == "tls://10.0.0.1:8786" and isinstance(security, Security)
    assert (security.tls_ca_file, security.tls_client_cert, security.tls_client_key) == (
        "ca.pem", "museum.pem", "museum-key.pem")
    assert security.require_encryption
    assert found.places == {"train": 3, "light": 0, "numpy": 4}


def test_after_a_kill_the_next_run_begins_on_a_new_trainer(tmp_path):
    with museum(tmp_path) as engine:
        run_id = engine.start("cnn", LONG, "me")
        until(lambda: has(engine, run_id, "batch"), "it trains")
        pids = engine._cluster.client.run(os.getpid, workers=[engine.run(run_id).worker])
        following = engine.start("cnn", SMALL, "me")
        os.kill(next(iter(pids.values())), signal.SIGKILL)
        assert ended(engine, run_id)["reason"] == "killed"
        until(lambda: has(engine, following, "batch"), "the next run trains")


def test_a_trainer_beyond_its_memory_is_lost_with_a_sentence(tmp_path):
    with museum(tmp_path, trainer_memory="1.4GB") as engine:
        run_id = engine.start("cnn", LONG, "me")
        until(lambda: has(engine, run_id, "batch"), "it trains")
        engine._cluster.client.submit(_swallow, workers=[engine.run(run_id).worker],
                                      resources={"ask": 1}, pure=False)
        end = ended(engine, run_id)
        assert (end["state"], end["reason"]) == ("lost", "killed")
        assert "The trainer was lost" in end_says(end)
        assert ended(engine, engine.start("cnn", SMALL, "me"))["state"] == "finished"


def _swallow() -> None:
    import builtins

    builtins.swallowed = bytearray(os.urandom(1 << 20) * 1_200)


def test_a_grown_trainer_is_renewed_while_it_is_idle(tmp_path):
    with museum(tmp_path, trainer_grown="100MB") as engine:
        before = engine._cluster.workers("train")
        run_id = engine.start("cnn", SMALL, "me")
        assert ended(engine, run_id)["state"] == "finished"
        until(lambda: not engine._renewal.renewing()
              and engine._cluster.workers("train") - before, "another trainer")
        until(lambda: any(engine._cluster.client.run(_loaded).values()), "TensorFlow is loaded")
        assert ended(engine, engine.start("cnn", SMALL, "me"))["state"] == "finished"


def _loaded() -> bool:
    return "tensorflow" in sys.modules
