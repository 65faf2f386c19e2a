"""Opening MLflow: its SQLite file, made on first use, brought up to date, replaced if damaged.

Importing this module imports MLflow (a second); making the file takes another two.
"""

import logging
import os
import shutil
import sqlite3
import threading
import time
from pathlib import Path

# Both must be set before MLflow is imported: it reads them then.
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "WARNING")

from alembic.util import CommandError
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.store.db import utils as schema
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

log = logging.getLogger(__name__)

# Alembic keeps the migration in progress in module globals: one at a time in a process.
_opening = threading.Lock()


def connect(uri: str) -> MlflowClient:
    """A client of the tracking server or database at ``uri``, which is somebody else's."""
    with _opening:
        return MlflowClient(uri)


def connect_file(file: Path) -> MlflowClient:
    """A client of our own SQLite file. It is made if missing, and if it is damaged or from a
    newer MLflow it is moved aside and made anew: a museum without its old runs beats none."""
    uri = f"sqlite:///{file}"
    file.parent.mkdir(parents=True, exist_ok=True)
    with _opening:
        if _damaged(file):
            _move_aside(file, uri, "is damaged")
        try:
            return MlflowClient(uri)
        except MlflowException:
            if _known(file, uri):
                raise
        return MlflowClient(uri)


def _damaged(file: Path) -> bool:
    if not file.exists():
        return False
    try:
        connection = sqlite3.connect(file, timeout=20)
        try:
            return connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",)
        finally:
            connection.close()
    except sqlite3.OperationalError:  # locked or unreadable just now, which is not damage
        return False
    except sqlite3.DatabaseError:
        return True


def _known(file: Path, uri: str) -> bool:
    """Whether opening failed for another reason than the version of the tables. Otherwise they
    are brought up to date, or moved aside if this MLflow cannot know their version."""
    engine = SqlAlchemyStore._get_or_create_engine(uri)
    if schema._get_schema_version(engine) == schema._get_latest_schema_revision():
        return True
    try:
        schema._upgrade_db(engine)  # what `mlflow db upgrade` does
    except CommandError:
        _move_aside(file, uri, "was written by a newer MLflow")
    return False


def _move_aside(file: Path, uri: str, why: str) -> None:
    aside = file.with_name(f"{file.name}.{time.strftime('%Y%m%d-%H%M%S')}.aside")
    if engine := SqlAlchemyStore._engine_map.pop(uri, None):
        engine.dispose()  # else its open connections would go on writing to the file moved away
    for suffix in ("", "-wal", "-shm", "-journal"):
        part = Path(f"{file}{suffix}")
        if part.exists():
            shutil.move(part, f"{aside}{suffix}")
    log.error("%s %s. It is kept as %s; runs are kept in a new one from now on.", file, why, aside)
