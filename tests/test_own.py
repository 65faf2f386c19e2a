"""A visitor's own data is kept under its hash, read by workers and taken home."""

import os
import time
from types import SimpleNamespace

import numpy as np
import pytest

from core import own
from core.errors import VisitorError
from core.inlining import Inlined, Module, choose
from core.settings import settings

TOLD = {"classes": {"cat": 2, "dog": 1}, "count": 3}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("PERCEPTORIUM_HOME", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "upload.read"
    with path.open("wb") as opened:
        np.savez(opened, x=np.arange(6).reshape(3, 2), y=np.array([0, 1, 0]))
    return path


def test_what_is_kept_comes_back(file):
    name = own.keep(file, TOLD)
    assert own.NAME.fullmatch(name) and own.keep(file, TOLD) == name
    assert own.told(name) == TOLD
    assert own.arrays(name)["x"].tolist() == [[0, 1], [2, 3], [4, 5]]
    assert own.content(name) == file.read_bytes()
    assert own.keep(file, {**TOLD, "count": 4}) != name


@pytest.mark.parametrize("name", ["", "0123456789abcdef", "../../etc/passwd", "x" * 16])
def test_what_is_not_here_is_said_in_a_sentence(name):
    with pytest.raises(VisitorError, match="Upload it again"):
        own.arrays(name)
    assert own.told(name) is None


def test_pickles_are_never_opened(tmp_path):
    path = tmp_path / "evil.npz"
    np.savez(path, x=np.array([{"a": 1}], object))
    with pytest.raises(ValueError, match="allow_pickle"):
        own.arrays(own.keep(path, {}))


def test_what_no_run_uses_goes_after_a_day(file, home):
    used, unused, young = (own.keep(file, {"count": number}) for number in range(3))
    old = time.time() - own.DAY - 60
    for name in (used, unused):
        os.utime(home / "own" / f"{name}.npz", (old, old))
    own.sweep({used, None})
    assert [own.told(name) is not None for name in (used, unused, young)] == [True, False, True]


PROGRAM = '''\
from core.data.images import DATA_SETS
from core.own import arrays


def load(params):
    """The pictures."""
    if params.dataset == "own":
        own = arrays(params.own)
        return own["x"]
    return DATA_SETS[params.dataset]()
'''


def test_a_program_keeps_only_the_way_that_its_run_went():
    on_own = choose(Module("a", PROGRAM), SimpleNamespace(dataset="own", own="0"))
    assert 'return own["x"]' in on_own.text and "DATA_SETS[" not in on_own.text
    on_digits = choose(Module("a", PROGRAM), SimpleNamespace(dataset="digits", own=""))
    assert "arrays(" not in on_digits.text and "return digits()" in on_digits.text


def test_a_program_reads_the_file_beside_it(file, tmp_path):
    name = own.keep(file, TOLD)
    (tmp_path / f"{name}.npz").write_bytes(own.content(name))
    inlined = Inlined()
    inlined.define("core.own", "arrays")
    lines = ["from pathlib import Path", "import numpy as np", *(each.text for each in
                                                                  inlined.parts)]
    space = {"__file__": str(tmp_path / "program.py")}
    exec("\n".join(lines), space)
    assert space["arrays"](name)["y"].tolist() == [0, 1, 0]
