"""A stranger's ``.keras`` file, opened in a process of its own that may not do much.

A network file is a program: layers can hold code, and readers have had holes. So the file is looked
through before anything opens it, then a process with little memory and time loads it in Keras's
safe mode, says what is in it, and ends. Nothing of it comes near the trainer or the server.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from core.data.archives import BadUpload, members
from core.i18n import N_

PARTS = {"metadata.json", "config.json", "model.weights.h5"}
MOST_FILES = 50  # more have no place in a network, and are told apart by their names
MOST_UNPACKED = 200_000_000  # bytes
# They run code, or read files and addresses that the file names.
REFUSED = frozenset({"Lambda", "__lambda__", "TorchModuleWrapper", "TFSMLayer", "JaxLayer",
                     "FlaxLayer", "StringLookup", "IntegerLookup", "TextVectorization",
                     "function"})
MEMORY = 6 << 30  # bytes of addresses; TensorFlow reserves far more than it uses
CPU_SECONDS, SECONDS = 60, 110
FILE_BYTES = 300_000_000  # Keras unpacks the weights beside it
NO_NETWORK = N_("This file is no Keras network that can be opened here. Save it with "
                "model.save(“name.keras”) in Keras 3.")


def describe(path: str, out: str) -> dict[str, Any]:
    """What is in a ``.keras`` file: ``{"name", "inputs": [shape], "outputs": [shape],
    "parameters", "layers": [{"name", "kind", "shape", "parameters"}]}``; a shape's batch is null.
    Nothing is written to ``out``.

    Raises:
        BadUpload: no such file, one that holds code, or one that needs too much.
    """
    _look_through(Path(path))
    with tempfile.TemporaryDirectory() as folder:
        network = Path(folder, "network.keras")  # Keras goes by the name's end
        network.symlink_to(Path(path).resolve())
        environment = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        environment |= {"HOME": folder, "TMPDIR": folder, "KERAS_BACKEND": "tensorflow",
                        "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1",
                        "PYTHONPATH": str(Path(__file__).parents[2])}
        try:
            done = subprocess.run(
                [sys.executable, "-m", "core.insight.foreign", str(network)],
                cwd=folder, env=environment, capture_output=True, timeout=SECONDS,
                stdin=subprocess.DEVNULL, start_new_session=True)
        except subprocess.TimeoutExpired as error:
            raise BadUpload(N_("This network takes too long to open.")) from error
    if done.returncode:
        raise BadUpload(NO_NETWORK)
    return json.loads(done.stdout.splitlines()[-1])


def _look_through(path: Path) -> None:
    """Refuse what holds code, by what the file says of itself."""
    config = None
    for name, content in members(path, MOST_FILES, MOST_UNPACKED):
        if name not in PARTS:
            raise BadUpload(NO_NETWORK)
        if name == "config.json":
            config = content
    try:
        told = json.loads(config)
    except (TypeError, ValueError, RecursionError) as error:
        raise BadUpload(NO_NETWORK) from error
    if not isinstance(told, dict) or "class_name" not in told:
        raise BadUpload(NO_NETWORK)
    for each in _objects(told):
        kind, module = each.get("class_name"), each.get("module") or "keras"
        plain = isinstance(kind, str) and isinstance(module, str)
        if not plain or kind in REFUSED or module.partition(".")[0] not in ("keras", "builtins"):
            raise BadUpload(N_("This network has a layer of the kind {kind}, which could run code "
                               "of its own. Such networks are not opened here."),
                            {"kind": str(kind)[:40]})


def _objects(told: Any):
    """All descriptions of layers, functions and other objects, however deep."""
    waiting = [told]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if "class_name" in each:
                yield each
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each


def _limit() -> None:
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, CPU_SECONDS),
                       (resource.RLIMIT_FSIZE, FILE_BYTES), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (most, most))


def _load(path: str) -> dict[str, Any]:
    import keras

    model = keras.models.load_model(path, compile=False, safe_mode=True)
    return {
        "name": model.name, "parameters": model.count_params(),
        "inputs": [list(each.shape) for each in model.inputs],
        "outputs": [list(each.shape) for each in model.outputs],
        "layers": [{"name": each.name, "kind": type(each).__name__,
                    "shape": _shape(each), "parameters": each.count_params()}
                   for each in model.layers]}


def _shape(layer) -> list | None:
    output = getattr(layer, "output", None)
    return list(output.shape) if hasattr(output, "shape") else None


if __name__ == "__main__":
    _limit()
    print(json.dumps(_load(sys.argv[1])))
