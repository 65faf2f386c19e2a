"""`make new` lays down a room that works before anybody has typed a line."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import messages
from core import new

ROOT = Path(__file__).parent.parent
COPIED = ("app.py", "pyproject.toml", "assets", "benchmarks", "core", "pages", "tests")
LAID_DOWN = {
    "assets/lessons/en/two_layers.md", "assets/lessons/zh/two_layers.md",
    "assets/pictures/two_layers.svg", "core/models/two_layers.py", "core/rooms/two_layers.py",
    "pages/two_layers.py", "tests/rooms/test_two_layers.py",
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """A copy of the repository in which the room two_layers was made."""
    folder = tmp_path_factory.mktemp("copy")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name,
                            ignore=shutil.ignore_patterns("__pycache__", "artifacts", "weights"))
        else:
            shutil.copy(ROOT / name, folder / name)
    (folder / "tests" / "artifacts").mkdir()
    done = python(folder, "-m", "core.new", "two_layers")
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) == LAID_DOWN
    return folder


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(folder)}, check=False)


def test_the_catalogue_has_the_room(copy):
    done = python(copy, "-c", "from core.catalogue import ROOMS; print(ROOMS[-1].title)")
    assert (done.stdout, done.stderr) == ("Two layers\n", "")


def test_its_program_trains(copy):
    done = python(copy, "-m", "core.models.two_layers", "epochs=1", "units=8")
    assert done.returncode == 0, done.stderr
    assert "test_accuracy" in done.stdout


def test_its_tests_pass_and_those_of_every_room(copy):
    done = python(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "two_layers",
                  "tests/rooms", "tests/test_params.py", "tests/test_layers.py")
    assert done.returncode == 0, done.stdout


def test_it_speaks_chinese(copy):
    chinese = messages.read(copy / "assets" / "locale" / "zh.po", "zh")
    its_own = [message for message in chinese
               if any("two_layers" in path for path, _ in message.locations)]
    assert "Two layers" in [message.id for message in its_own]
    assert not [message.id for message in its_own if not message.string]
    done = python(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_i18n.py",
                  "-k", "make_messages or unused or placeholders")
    assert done.returncode == 0, done.stdout


def test_nothing_is_left_to_replace(copy):
    for path in LAID_DOWN:
        text = (copy / path).read_text("utf-8")
        assert not {"$name", "$title", "$class_name", "$section"} & set(text.split()), path
        if path.endswith(".py"):
            ast.parse(text)


def test_its_page_is_built_like_that_of_the_first_room(copy):
    """The pieces of core.ui change; a template that nobody opens must follow them. Only that room
    takes own pictures and moves those it trains with."""
    calls = {name: {ast.unparse(node).replace(name, "NAME")
                    for node in ast.walk(ast.parse((copy / "pages" / f"{name}.py").read_text()))
                    if isinstance(node, ast.Call)} for name in ("cnn", "two_layers")}
    of_its_own = {call for call in calls["cnn"]
                  if call.startswith(("pictures.own_pictures(", "pictures.augmentation("))}
    assert len(of_its_own) == 2
    assert calls["two_layers"] == calls["cnn"] - of_its_own


def test_the_code_is_in_style(copy):
    written = [path for path in LAID_DOWN if path.endswith(".py")]
    done = python(copy, "-m", "ruff", "check", "--no-cache", "core/catalogue.py", *written)
    assert done.returncode == 0, done.stdout


def test_a_second_time_it_refuses(copy):
    before = (copy / "core" / "catalogue.py").read_text("utf-8")
    done = python(copy, "-m", "core.new", "two_layers")
    assert done.returncode == 1
    assert done.stderr == ("There is assets/lessons/en/two_layers.md already. "
                           "Choose another name.\n")
    assert (copy / "core" / "catalogue.py").read_text("utf-8") == before


@pytest.mark.parametrize("name", ["", "Cnn", "2d", "a-b", "../x", "class", "ünit", "_x", "live"])
def test_names_that_cannot_be(name):
    with pytest.raises(new.Refused):
        new.new(name)


def test_an_existing_room_is_safe():
    with pytest.raises(new.Refused, match="cnn"):
        new.new("cnn")


def test_a_long_catalogue_stays_in_style():
    source = new.CATALOGUE.read_text("utf-8")
    names = [f"room_{number:02}" for number in range(30)]
    for name in names:
        source = new.entered(source, name)
    assert max(map(len, source.splitlines())) <= 100
    imports, rooms = new._statements(source)
    assert {alias.name for alias in imports.names} >= {"Room", "cnn", *names}
    assert [ast.unparse(entry) for entry in rooms.value.elts][-30:] == [f"{name}.ROOM"
                                                                       for name in names]
