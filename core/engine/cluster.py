"""The Dask cluster: where it comes from and how its workers are shaped.

By default the server starts its own on 127.0.0.1: trainers (TensorFlow, one training at a time,
questions beside it) and one light worker (NumPy rooms, uploads, baselines) that never loads
TensorFlow. An open scheduler is remote code execution, so nothing of it listens anywhere else.
A scheduler of one's own is used instead where the settings name it.
"""

import logging
import os
from multiprocessing import spawn

import dask
from distributed import Client, Nanny, Scheduler, Security, SpecCluster

from core.engine.trainer import Warm
from core.settings import Settings

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
RESTART_SECONDS = 20

TRAINER = {"train": 1, "ask": 2}
LIGHT = {"light": 2, "numpy": 4}
"""Resources. ``numpy`` is not ``light``: a paused run must not keep anybody's upload waiting."""

CONFIG = {
    # A killed trainer ends its run at once instead of being tried again silently.
    "distributed.scheduler.allowed-failures": 0,
    # The scheduler keeps events for ever; the server has them already.
    "distributed.admin.low-level-log-length": 100,
    # Dask would look a hundred times a second where a training stands, and nobody would read it.
    "distributed.worker.profile.enabled": False,
    # Dask has workers hand freed memory back to the system at once. Every step of a training would
    # ask for it anew, page by page, and lose a quarter to a half of its speed.
    "distributed.nanny.pre-spawn-environ": {},
    # A trainer is never paused or made to spill in mid-run; at its limit it is renewed.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
}

QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0", "CUDA_VISIBLE_DEVICES": "-1"}


class Cluster:
    """The workers, started or found. ``places``: how many runs fit, by their resource.

    Raises:
        OSError: the scheduler that the settings name does not answer.
    """

    def __init__(self, settings: Settings):
        self._own = None if settings.scheduler else _started(settings)
        if self._own:
            self.client = Client(self._own, set_as_default=False)
        else:
            # Security() reads Dask's own settings: certificates go where Dask looks for them.
            self.client = Client(settings.scheduler, security=Security(), set_as_default=False)
            _warn(self.client)
        self.client.register_plugin(Warm())
        self.places = {"train": settings.trainers, **LIGHT}
        self.look()

    def look(self) -> None:
        """See which workers are there now. Those of the server's own cluster come back by
        themselves and count even while they are away."""
        if not self._own:
            found = self._resources()
            self.places = {name: sum(int(each.get(name, 0)) for each in found.values())
                           for name in self.places}

    def workers(self, resource: str) -> set[str]:
        """Addresses of the workers that have a resource."""
        return {address for address, each in self._resources().items() if each.get(resource)}

    def renew(self, address: str) -> None:
        """Start one worker anew, through its nanny; returns when it is back."""
        self.client.restart_workers([address], timeout=RESTART_SECONDS)

    def close(self) -> None:
        """End the workers, or leave those that are somebody else's."""
        self.client.close()
        if self._own:
            self._own.close()

    def _resources(self) -> dict[str, dict[str, float]]:
        return {address: worker["resources"]
                for address, worker in self.client.scheduler_info()["workers"].items()}


def _started(settings: Settings) -> SpecCluster:
    """Start the workers; TensorFlow loads after this has returned."""
    dask.config.set(CONFIG)
    _forget_main()
    return SpecCluster(
        workers={**{f"trainer-{number}": _worker(settings.trainer_memory, TRAINER, threads=3)
                    for number in range(settings.trainers)},
                 "light": _worker("1GB", LIGHT, threads=sum(LIGHT.values()))},
        scheduler={"cls": Scheduler,
                   "options": {"host": HOST, "port": 0, "dashboard": False,
                               "dashboard_address": f"{HOST}:0"}},
        name="perceptorium", silence_logs="ERROR")


def _forget_main() -> None:
    """Keep workers from importing the server's main module: while a visitor's page is made,
    Streamlit puts the page's script in its place."""
    prepared = spawn.get_preparation_data

    def without_main(name: str) -> dict:
        return {key: value for key, value in prepared(name).items()
                if not key.startswith("init_main")}

    spawn.get_preparation_data = without_main


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



def _warn(client: Client) -> None:
    """Somebody else's scheduler is not ours to configure; say so where it matters."""
    again = client.run_on_scheduler(lambda dask_scheduler: dask_scheduler.allowed_failures)
    if again:
        log.warning("this scheduler tries a killed training again, up to %s times; start it with "
                    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES=0", again)
