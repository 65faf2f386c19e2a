"""What a visitor takes home: the program of a run and its figures."""

import ast
import csv
import io
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from core.catalogue import room as room_called
from core.inlining import Inlined, Module, Piece, choose, import_lines, join, names_in, parse
from core.params import Knob, Params, from_text, knobs
from core.rooms import Room
from core.store import Kept

# Where the name of a package to install is not the name to import.
PACKAGES = {"sklearn": ("scikit-learn",), "tensorflow": ("tensorflow", "tensorflow-cpu"),
            "PIL": ("pillow",)}
REPLAY = {"keras": ("core.training.replay", "Replay"),
          "numpy": ("core.training.numpy_replay", "Replay")}

Change = tuple[int, str, float]  # after so many steps, the hyperparameter, its new value


def program_of_run(kept: Kept, events: Iterable[Mapping]) -> str:
    """The take-home program of a run, with what was changed while it trained."""
    room = room_called(kept.room)
    params, _ = from_text(room.params, kept.params)
    changes, end = [], {}
    for event in events:
        if event["type"] == "change":
            changes.append((event["step"], event["name"], event["value"]))
        elif event["type"] == "end":
            end = event
    return program(room, params, changes=changes, stop_at=end.get("step"),
                   versions=kept.versions, metrics=end.get("metrics"))


def program(room: Room, params: Params, *, changes: Sequence[Change] = (),
            stop_at: int | None = None, versions: Mapping[str, str] | None = None,
            metrics: Mapping[str, float] | None = None) -> str:
    """One Python file that trains this network again and gives the same figures.

    It is the room's own program with the run's values in it and with what it uses of this project
    in front. ``changes`` and ``stop_at``: what the visitor did, and after which step. ``versions``:
    of the packages the run used; those installed here if not given. ``metrics``: the run's final
    figures, to compare with.
    """
    model = choose(Module.called(room.program), params)
    own = [each for each in model.body[1:]
           if not isinstance(each, ast.Import | ast.ImportFrom | ast.If)]
    main = _main(model, replays=bool(changes or stop_at))
    inlined = Inlined()
    for each in [*own, *parse(main).body]:
        inlined.use(model, names_in(each))
    if changes or stop_at:
        inlined.define(*REPLAY[room.trains])
    inlined.imports["SimpleNamespace"] = ("types", "SimpleNamespace")
    whole = [*own, *(parse(part.text) for part in inlined.parts)]
    used = {node.attr for each in whole for node in ast.walk(each)
            if isinstance(node, ast.Attribute) and names_in(node.value) == {"params"}}
    return join([
        Piece(_header(room, params, model, inlined.imports, versions, metrics)),
        Piece(import_lines(inlined.imports, sys.stdlib_module_names)),
        Piece(_settings(params, used)),
        *([Piece(_actions(changes, stop_at))] if changes or stop_at else []),
        *inlined.parts,
        *(model.piece(each) for each in own),
        Piece(main, tall=True),
    ])


def metrics_csv(events: Iterable[Mapping]) -> str:
    """The figures of a run as CSV, one row an epoch."""
    rows = [{"epoch": event["epoch"], "step": event["step"], **event["values"],
             "seconds": event["seconds"]} for event in events if event["type"] == "epoch"]
    file = io.StringIO()
    writer = csv.DictWriter(file, fieldnames=list(rows[0]) if rows else ["epoch"])
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def installed(name: str) -> str | None:
    """The version of a package that is installed here."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _header(room: Room, params: Params, model: Module, imports: Mapping[str, tuple[str, str]],
            versions: Mapping[str, str] | None, metrics: Mapping[str, float] | None) -> str:
    figures = "".join(f"\n    {name} {value:.6g}" for name, value in (metrics or {}).items())
    roots = {module.split(".")[0] for module, _ in imports.values()} - sys.stdlib_module_names
    packages = " ".join(sorted(_pinned(root, versions) for root in roots))
    story = ast.get_docstring(parse(model.text)).replace("\\", "\\\\")
    return f'''"""{room.title}, as it was trained in the Perceptorium.

{story}

Run it:
    pip install {packages}
    python this_file.py

The settings are below the imports. The seed is {params.seed}: on the same machine and with the
same versions, the last line shows the figures of the run{":" + figures if figures else "."}
"""'''


def _pinned(root: str, versions: Mapping[str, str] | None) -> str:
    for name in PACKAGES.get(root, (root,)):
        number = installed(name) if versions is None else versions.get(name)
        if number:
            return f"{name}=={number}"
    return PACKAGES.get(root, (root,))[0]


def _settings(params: Params, used: set[str]) -> str:
    lines = ["params = SimpleNamespace("]
    for knob in knobs(type(params)):
        if knob.name in used:
            value = getattr(params, knob.name)
            lines += _items(knob.name, knob.title, value) if knob.kind == "list" else [
                f"    {knob.name}={_literal(value)},  # {_says(knob)}"]
    return "\n".join([*lines, ")"])


def _says(knob: Knob) -> str:
    choices = ", ".join(str(each) for each in knob.choices)
    return f"{knob.title} ({choices})" if choices else knob.title


def _literal(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _items(name: str, title: str, items: Sequence[Params]) -> list[str]:
    if not items:
        return [f"    {name}=(),  # {title}: none"]
    return [f"    {name}=(  # {title}", *(f"        {_item(each)}," for each in items), "    ),"]


def _item(item: Params) -> str:
    values = ", ".join(f"{name}={_literal(getattr(item, name))}"
                       for name in type(item).model_fields)
    return f"SimpleNamespace({values})"


def _actions(changes: Sequence[Change], stop_at: int | None) -> str:
    rows = "".join(f"    ({step}, {_literal(name)}, {_literal(value)}),\n"
                   for step, name, value in changes)
    stop = "the step after which it was stopped" if stop_at else "it was not stopped"
    return ("# What was done by hand while it trained: after this step, this became that.\n"
            f"CHANGES = [\n{rows}]\nSTOP_AT = {stop_at}  # {stop}")


def _main(model: Module, replays: bool) -> str:
    """The lines under ``if __name__ …`` without what reads defaults or the command line."""
    block = next(each for each in model.body if isinstance(each, ast.If))
    kept = [model.text.splitlines()[block.lineno - 1]]
    for each in block.body:
        match each:
            case ast.Import() | ast.ImportFrom():
                continue
            case ast.Assign(targets=[target]) if "params" in names_in(target):
                continue
        line = model.piece(each).text
        if replays and line.strip().startswith("callbacks = ["):
            line = line[:-1] + ", Replay(CHANGES, STOP_AT)]"
        kept.append(line)
    return "\n".join(kept)
