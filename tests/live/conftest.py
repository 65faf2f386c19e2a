"""What is uploaded in a test stays in the test's own folder."""

import pytest

from core.live.uploads import Uploads


@pytest.fixture(autouse=True)
def uploads_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(Uploads, "folder", tmp_path / "uploads")
    return tmp_path / "uploads"
