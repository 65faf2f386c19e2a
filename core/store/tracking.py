"""Runs in MLflow. Everything that knows MLflow's words (tags, statuses, artifacts) is here.

Only the client is used, no global state, so all methods may be called from any thread.
"""

import json
import math
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from mlflow import MlflowClient
from mlflow.entities import Metric, Param, Run, RunTag
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import RESOURCE_DOES_NOT_EXIST, ErrorCode
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
from mlflow.store.db.db_types import DATABASE_ENGINES
from mlflow.utils.validation import MAX_METRICS_PER_BATCH, MAX_PARAM_VAL_LENGTH

from core.store.kept import Kept

EXPERIMENT = "perceptorium"
LONG_PARAMS = "params.json"
YES = "yes"
STATUS = {"queued": "SCHEDULED", "finished": "FINISHED", "stopped": "KILLED", "failed": "FAILED",
          "lost": "FAILED"}  # all others: RUNNING
# What may stand in a search. MLflow has no way to write a quote inside one.
PLAIN = re.compile(r"[\w.:-]{1,100}", re.ASCII)

Row = tuple[int, float, Mapping[str, float]]
"""A step, the seconds since 1970 when it was over, and its metrics."""


class Tracking:
    """Runs in one experiment of an MLflow server or database."""

    def __init__(self, client: MlflowClient, artifacts: Path):
        self._client = client
        self._artifacts = artifacts
        self._experiment = self._find_experiment()
        self._ids: dict[str, str] = {}  # our run id → MLflow's

    def create(self, kept: Kept) -> None:
        """Enter a new run."""
        tags = {"run": kept.run_id, "room": kept.room, "owner": kept.owner, "state": kept.state,
                "seed": str(kept.seed), "versions": json.dumps(dict(kept.versions)),
                "imported": _flag(kept.imported)}
        run = self._client.create_run(
            self._experiment, start_time=_milliseconds(kept.started), run_name=kept.name,
            tags={_tag(name): value for name, value in tags.items()})
        mlflow_id = self._ids[kept.run_id] = run.info.run_id
        self._client.log_batch(mlflow_id, params=[
            Param(name, text[:MAX_PARAM_VAL_LENGTH]) for name, text in kept.params.items()])
        if any(len(text) >= MAX_PARAM_VAL_LENGTH for text in kept.params.values()):
            self.put(kept.run_id, {LONG_PARAMS: json.dumps(dict(kept.params)).encode()})
        self._client.update_run(mlflow_id, status=STATUS[kept.state])

    def metrics(self, run_id: str, rows: Sequence[Row]) -> None:
        """Add values of metrics at steps. A later step's value is the one that counts."""
        metrics = [Metric(name, float(value), _milliseconds(at), step)
                   for step, at, values in rows for name, value in values.items()]
        for start in range(0, len(metrics), MAX_METRICS_PER_BATCH):
            self._client.log_batch(self._id(run_id),
                                   metrics=metrics[start:start + MAX_METRICS_PER_BATCH])

    def set_state(self, run_id: str, state: str) -> None:
        """The state of a run in progress."""
        mlflow_id = self._id(run_id)
        self._client.set_tag(mlflow_id, _tag("state"), state)
        self._client.update_run(mlflow_id, status=STATUS.get(state, "RUNNING"))

    def end(self, run_id: str, state: str, reason: str, at: float) -> None:
        """The final state of a run."""
        mlflow_id = self._id(run_id)
        self._client.log_batch(mlflow_id, tags=[RunTag(_tag("state"), state),
                                                RunTag(_tag("reason"), reason)])
        self._client.set_terminated(mlflow_id, STATUS[state], _milliseconds(at))

    def rename(self, run_id: str, name: str) -> None:
        self._client.update_run(self._id(run_id), name=name)

    def pin(self, run_id: str, pinned: bool) -> None:
        self._client.set_tag(self._id(run_id), _tag("pinned"), _flag(pinned))

    def delete(self, run_id: str) -> None:
        """Remove a run and its files for good (a tracking server may keep the empty entry)."""
        run = self._run(run_id)
        if run is None:
            return
        mlflow_id = run.info.run_id
        get_artifact_repository(run.info.artifact_uri).delete_artifacts()
        shutil.rmtree(self._artifacts / mlflow_id, ignore_errors=True)  # its empty folder
        self._client.delete_run(mlflow_id)
        store = self._client._tracking_client.store
        if hasattr(store, "_hard_delete_run"):  # a database: what `mlflow gc` does
            store._hard_delete_run(mlflow_id)
        self._ids.pop(run_id, None)

    def put(self, run_id: str, files: Mapping[str, bytes]) -> None:
        """Keep files with a run, by their paths, and how much they are together."""
        size = sum(map(len, files.values()))
        self._client.set_tag(self._id(run_id), _tag("size"), str(size))
        with tempfile.TemporaryDirectory() as folder:
            for name, content in files.items():
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            self._client.log_artifacts(self._id(run_id), folder)

    def files(self, run_id: str, folder: str = "") -> list[str]:
        """Paths of the files kept in a folder of a run; none if there is no such run."""
        run = self._run(run_id)
        if run is None:
            return []
        return sorted(file.path for file in self._client.list_artifacts(run.info.run_id, folder)
                      if not file.is_dir)

    def get(self, run_id: str, name: str) -> bytes | None:
        """A file kept with a run."""
        if name not in self.files(run_id, name.rpartition("/")[0]):
            return None
        with tempfile.TemporaryDirectory() as folder:
            path = self._client.download_artifacts(self._id(run_id), name, folder)
            return Path(path).read_bytes()

    def run(self, run_id: str) -> Kept | None:
        """One run."""
        run = self._run(run_id)
        return self._kept(run) if run else None

    def search(self, wanted: Mapping[str, str | None], limit: int) -> list[Kept]:
        """Runs whose tags are as wanted (``None``: any), newest first."""
        return [self._kept(run) for run in self._search(wanted, limit)]

    def _search(self, wanted: Mapping[str, str | None], limit: int) -> list[Run]:
        asked = {name: value for name, value in wanted.items() if value is not None}
        if not all(PLAIN.fullmatch(value) for value in asked.values()):
            return []
        query = " and ".join(f"tags.`{_tag(name)}` = '{value}'" for name, value in asked.items())
        return self._client.search_runs([self._experiment], query, max_results=limit,
                                        order_by=["attributes.start_time DESC"])

    def _id(self, run_id: str) -> str:
        """MLflow's own id of a run. Raises ``KeyError`` if there is no such run."""
        if run_id not in self._ids:
            found = self._search({"run": run_id}, limit=1)
            if not found:
                raise KeyError(run_id)
            self._ids[run_id] = found[0].info.run_id
        return self._ids[run_id]

    def _run(self, run_id: str) -> Run | None:
        try:
            run = self._client.get_run(self._id(run_id))
        except KeyError:
            return None
        except MlflowException as error:  # another server on the same database has deleted it
            if error.error_code != ErrorCode.Name(RESOURCE_DOES_NOT_EXIST):
                raise
            return None
        return run if run.info.lifecycle_stage == "active" else None

    def _kept(self, run: Run) -> Kept:
        tags = {name.removeprefix(_tag("")): value for name, value in run.data.tags.items()}
        params = run.data.params
        if any(len(text) >= MAX_PARAM_VAL_LENGTH for text in params.values()):
            params = json.loads(self.get(tags["run"], LONG_PARAMS))
        metrics = {name: _with_infinity(value) for name, value in run.data.metrics.items()}
        return Kept(tags["run"], run.info.run_name, tags["room"], params, int(tags["seed"]),
                    tags["owner"], tags["state"], tags.get("reason", ""),
                    run.info.start_time / 1000, run.info.end_time and run.info.end_time / 1000,
                    metrics, json.loads(tags["versions"]), int(tags.get("size", 0)),
                    tags.get("pinned") == YES, tags.get("imported") == YES)

    def _find_experiment(self) -> str:
        """Our experiment. A tracking server knows best where files go; a bare database would put
        them into the working directory."""
        bare = self._client.tracking_uri.partition(":")[0].partition("+")[0] in DATABASE_ENGINES
        if found := self._client.get_experiment_by_name(EXPERIMENT):
            return found.experiment_id
        try:
            return self._client.create_experiment(EXPERIMENT,
                                                  self._artifacts.as_uri() if bare else None)
        except MlflowException:  # another server was faster
            found = self._client.get_experiment_by_name(EXPERIMENT)
            if found is None:
                raise
            return found.experiment_id


def _tag(name: str) -> str:
    return f"{EXPERIMENT}.{name}"


def _flag(on: bool) -> str:
    return YES if on else "no"


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def _with_infinity(value: float) -> float:
    """SQL has no infinity: MLflow keeps the largest number instead."""
    return math.copysign(math.inf, value) if abs(value) >= sys.float_info.max else value
