"""A data set that lies on this machine but cannot be read ends a run with a sentence."""

import numpy as np
import pytest

from core.catalogue import room
from core.errors import VisitorError
from core.settings import settings
from core.training.recorder import Recorder
from core.training.session import Session


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("PERCEPTORIUM_DATA", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def other_arrays(path) -> None:
    np.savez(path, pictures=np.zeros((2, 28, 28)))


def half_an_archive(path) -> None:
    other_arrays(path)
    path.write_bytes(path.read_bytes()[:-200])


@pytest.mark.parametrize("write", [other_arrays, half_an_archive,
                                   lambda path: path.write_bytes(b""),
                                   lambda path: path.write_bytes(b"<html>not found</html>" * 99)],
                         ids=["other arrays", "half an archive", "empty", "a web page"])
def test_a_damaged_file_in_the_data_folder_is_said(folder, write):
    write(folder / "mnist.npz")
    cnn = room("cnn")
    session = Session(cnn, cnn.params(dataset="mnist"), Recorder(lambda event: None))
    with pytest.raises(VisitorError, match="damaged or of another kind"):
        session.run()
