"""Ways to break the museum, for the fault run and its fast part among the tests.

Each function tries once and raises ``AssertionError`` with a sentence if anything was lost.
"""

from playwright.sync_api import Page

from tests.browser import idle

SHORT = "epochs=1&blocks=4:3:max&dense=8"


def in_order(numbers: list[int]) -> None:
    """No event missed, none doubled."""
    assert numbers == list(range(1, len(numbers) + 1)), _gap(numbers)


def no_traceback(page: Page) -> None:
    """The visitor sees no error of the program's own."""
    idle(page)
    shown = page.get_by_test_id("stException").all_inner_texts()
    assert not shown, f"the page shows {shown[0][:80]!r}"


def _gap(numbers: list[int]) -> str:
    here = next(at for at, number in enumerate(numbers) if number != at + 1)
    return f"after event {numbers[here - 1] if here else 0} came {numbers[here]}"
