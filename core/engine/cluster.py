"""The Dask cluster: where it comes from and how its workers are shaped.

By default the server starts its own on 127.0.0.1: trainers (TensorFlow, one training at a time,
questions beside it) and one light worker (uploads, baselines) that never loads TensorFlow.
An open scheduler is remote code execution, so nothing of it listens anywhere else.
"""

import os
from multiprocessing import spawn

import dask
from distributed import Client, Nanny, Scheduler, SpecCluster

from core.engine.trainer import Warm
from core.settings import Settings

HOST = "127.0.0.1"

CONFIG = {
    # A killed trainer ends its run at once instead of being tried again silently.
    "distributed.scheduler.allowed-failures": 0,
    # The scheduler keeps events for ever; the server has them already.
    "distributed.admin.low-level-log-length": 100,
    # Dask would look a hundred times a second where a training stands, and nobody would read it.
    "distributed.worker.profile.enabled": False,
    # A trainer is never paused or made to spill in mid-run; at its limit it is renewed.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
}

QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0", "CUDA_VISIBLE_DEVICES": "-1"}


def _forget_main() -> None:
    """Keep workers from importing the server's main module: while a visitor's page is made,
    Streamlit puts the page's script in its place."""
    prepared = spawn.get_preparation_data

    def without_main(name: str) -> dict:
        return {key: value for key, value in prepared(name).items()
                if not key.startswith("init_main")}

    spawn.get_preparation_data = without_main


def start(settings: Settings) -> tuple[SpecCluster, Client]:
    """Start the workers and return as soon as they answer; TensorFlow loads meanwhile."""
    dask.config.set(CONFIG)
    _forget_main()
    cluster = SpecCluster(
        workers={**{f"trainer-{number}": _trainer(settings) for number in range(settings.trainers)},
                 "light": _light()},
        scheduler={"cls": Scheduler,
                   "options": {"host": HOST, "port": 0, "dashboard": False,
                               "dashboard_address": f"{HOST}:0"}},
        name="perceptorium", silence_logs="ERROR")
    client = Client(cluster, set_as_default=False)
    client.register_plugin(Warm())
    return cluster, client


def _trainer(settings: Settings) -> dict:
    return _worker(settings.trainer_memory, {"train": 1, "ask": 2}, threads=3)


def _light() -> dict:
    return _worker("1GB", {"light": 2}, threads=2)


def _worker(memory: str, resources: dict[str, int], threads: int) -> dict:
    return {"cls": Nanny, "options": {
        "host": HOST, "nthreads": threads, "resources": resources, "memory_limit": memory,
        "env": environment(), "silence_logs": "ERROR", "dashboard": False,
        "dashboard_address": f"{HOST}:0"}}


def environment() -> dict[str, str]:
    """What a worker's numeric libraries are told. Dask would limit them to one thread; a training
    may use all cores."""
    cores = str(os.cpu_count() or 1)
    threads = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    return {**QUIET, **dict.fromkeys(threads, cores)}
