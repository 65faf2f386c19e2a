"""What every room must do, tested for every room by its being in the catalogue."""

import ast
import importlib
import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from core import export
from core.catalogue import ROOMS, SECTIONS
from core.i18n import LANGUAGES
from core.params import changed, from_text, knobs, to_text
from core.rooms import Room, called
from tests.server import ROOT

MAX_WEIGHTS = 4 * 2**20  # bytes
LESSON_PARTS = 4  # what it is, what to try, where it fails, sources

rooms = pytest.mark.parametrize("room", ROOMS, ids=[room.name for room in ROOMS])
trained = pytest.mark.parametrize(
    "room", [room for room in ROOMS if room.trains == "keras"],
    ids=[room.name for room in ROOMS if room.trains == "keras"])


@pytest.fixture(scope="module")
def runs():
    """One short run of each room, made when a test first asks for it."""
    from core.training.recorder import Recorder
    from core.training.session import Session

    made = {}

    def run(room: Room):
        if room.name not in made:
            events = []
            session = Session(room, room.params(epochs=1), Recorder(events.append))
            end = session.run()
            made[room.name] = session, [*events, {"type": "end", **end}]
        return made[room.name]

    return run


@rooms
def test_the_five_files_of_a_room_are_there(room):
    files = [f"core/rooms/{room.name}.py", f"pages/{room.name}.py",
             f"assets/pictures/{room.name}.svg",
             f"tests/rooms/test_{room.name}.py",
             *(f"assets/lessons/{language}/{room.name}.md" for language in LANGUAGES)]
    if room.program:
        files.append(room.program.replace(".", "/") + ".py")
    assert [file for file in files if not (ROOT / file).is_file()] == []


@rooms
def test_a_room_says_what_it_is(room):
    assert room.section in SECTIONS and room.title and room.sentence.endswith(".")
    for each in knobs(room.params):
        assert each.title and each.says.endswith("."), each.name
    assert bool(room.trains) == bool(room.metrics)


@rooms
def test_presets_can_be_chosen_and_linked(room):
    for preset in room.presets:
        params = room.params(**preset.values)
        again, corrections = from_text(room.params, changed(params))
        assert (again, corrections) == (params, []), preset.name
        assert room.outline is None or not room.outline(params).problem, preset.name


@rooms
def test_what_is_called_idle_changes_no_network(room):
    for preset in room.presets:
        params = room.params(**preset.values)
        for name in room.idle(params):
            each = next(each for each in knobs(room.params) if each.name == name)
            for value in [*each.choices] or ([False, True] if each.kind == "bool" else
                                             [each.low, each.high]):
                other = room.params(**{**preset.values, name: value})
                assert room.outline(other) == room.outline(params), (preset.name, name)


@rooms
def test_lessons_have_all_their_parts_in_every_language(room):
    for language in LANGUAGES:
        text = (ROOT / "assets" / "lessons" / language / f"{room.name}.md").read_text("utf-8")
        assert text.count("\n#") >= LESSON_PARTS - 1, language
        assert "$" in text and ("19" in text or "20" in text), "formulas and dated sources"


@rooms
def test_shipped_weights_are_small_and_have_their_card(room):
    for weights in room.weights:
        path = ROOT / "assets" / "weights" / room.name / f"{weights.name}.keras"
        card = json.loads(path.with_suffix(".json").read_text("utf-8"))
        assert path.stat().st_size <= MAX_WEIGHTS
        assert card["dataset"] == weights.dataset and card["classes"] and card["metrics"]
        assert f"python -m benchmarks.weights {room.name}" in card["command"]
        said = path.with_suffix(".md").read_text("utf-8")
        assert card["command"] in said


@trained
def test_a_run_tells_its_story_and_measures_what_the_room_declares(room, runs):
    _, events = runs(room)
    kinds = [event["type"] for event in events]
    assert [kind for kind in kinds if kind in ("begin", "epoch", "snapshot", "end")] == [
        "begin", "epoch", "snapshot", "end"]
    end = events[-1]
    assert end["state"] == "finished"
    for metric in room.metrics_of(room.params()):
        assert math.isfinite(end["metrics"][f"test_{metric.name}"])
        assert math.isfinite(next(event for event in events if event["type"] == "epoch")[
            "values"][f"val_{metric.name}"])
    json.dumps(events, allow_nan=False)


@trained
def test_the_outline_is_what_keras_builds(room, runs):
    if room.outline is None:
        pytest.skip("the room declares no outline")
    session, _ = runs(room)
    told = room.outline(session.params)
    assert told.parameters == session.model.count_params()
    assert [layer.name for layer in told.layers] == [layer.name for layer in session.model.layers]


@trained
def test_every_answer_that_is_declared_can_be_given_as_json(room, runs):
    session, _ = runs(room)
    for name, path in room.answers.items():
        inputs = _inputs(room, called(path))
        answer = called(path)(session.model, session.context, **inputs)
        assert json.dumps(answer, allow_nan=False), name


def _inputs(room: Room, function) -> dict:
    """A plain input of the kind that the room tries, for an answer that needs one."""
    import inspect

    import numpy as np

    needed = [name for name, each in inspect.signature(function).parameters.items()
              if each.kind is each.KEYWORD_ONLY and each.default is each.empty]
    if "picture" in room.tries:
        picture = np.zeros((40, 40), np.uint8)
        picture[5:35, 18:22] = 255
        plain = {"image": picture, "kind": "drawing"}
        return {name: plain[name] for name in needed}
    return {}


@trained
def test_the_take_home_program_stands_alone(room):
    params = room.params()
    text = export.program(room, params)
    tree = ast.parse(text)
    imported = {name.name.partition(".")[0] for node in ast.walk(tree)
                if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module.partition(".")[0] for node in ast.walk(tree)
                 if isinstance(node, ast.ImportFrom)}
    assert "core" not in imported
    for name, value in to_text(params).items():
        if getattr(room.params.model_fields[name], "json_schema_extra", {}).get("live"):
            assert value in text, name


@trained
def test_every_name_in_a_take_home_program_is_known(room, tmp_path):
    for preset in room.presets:
        text = export.program(room, room.params(**preset.values))
        (tmp_path / f"{preset.name}.py").write_text(text, "utf-8")
    found = subprocess.run([sys.executable, "-m", "ruff", "check", "--isolated",
                            "--select", "E4,E7,E9,F,W", tmp_path], capture_output=True, text=True)
    assert found.returncode == 0, found.stdout


@trained
def test_the_program_is_readable_and_runs_alone(room):
    program = importlib.import_module(room.program)
    for name in ("load", "build", "train", "score"):
        assert getattr(program, name).__doc__, name
    assert '__name__ == "__main__"' in Path(program.__file__).read_text("utf-8")
