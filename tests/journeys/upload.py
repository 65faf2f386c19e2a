"""A visitor brings a file."""

from pathlib import Path


def bring(page, file: Path) -> None:
    """Choose a file in the page's uploader."""
    page.locator("[data-module=files] input[type=file]").set_input_files(file)


def refused(page, problems: list[str], file: Path, sentence: str) -> None:
    """Bring a bad file and read why it is not taken; the browser notes refusals."""
    bring(page, file)
    page.locator("[data-module=files]").get_by_text(sentence).wait_for(timeout=30_000)
    assert all("422" in each for each in problems)
    problems.clear()
