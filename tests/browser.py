"""What journeys in a browser share: waiting, opening a page, reading what stands on it."""

import re
import time
from collections.abc import Callable
from typing import TypeVar

from playwright.sync_api import Page

T = TypeVar("T")

# Virtual machines were seen to stop a single thread inside the simplest operation (filling an
# array) for half a minute, with nothing else going on; seconds.
STANDSTILL = 45

# Streamlit marks its app while a script runs; "initial" is the state before the first run.
IDLE = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  return app?.dataset.testConnectionState === 'CONNECTED'
      && app?.dataset.testScriptState === 'notRunning'
      && document.querySelector('[data-testid="stMain"] [data-testid="stElementContainer"]')
      && !document.querySelector('[data-testid="stSkeleton"]');
}"""

# All words a visitor can see, also inside the shadow roots of components. Icons are ligatures of
# English names, and programs and formulas are English in every language.
WORDS = """() => {
  const skipped = 'script, style, noscript, template, pre, code, .katex, [lang="en"], ' +
                  '[data-testid="stIconMaterial"], [data-testid="stSkipToContent"], ' +
                  '[translate="no"], ' +  // names that visitors gave
                  '.st-key-lesson-sources';  // titles of papers
  const found = [];
  const visit = node => {
    if (node.nodeType === Node.TEXT_NODE) found.push(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    if (node.matches(skipped)) return;
    // An element with `display: contents` has no box of its own, but its children have.
    if (getComputedStyle(node).display !== 'contents'
        && !node.checkVisibility({visibilityProperty: true})) return;
    for (const name of ['alt', 'placeholder', 'title'])
      found.push(node.getAttribute(name) ?? '');
    for (const child of [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes]) visit(child);
  };
  visit(document.body);
  return found.map(text => text.replace(/\\s+/g, ' ').trim()).filter(Boolean);
}"""

# Names and terms that Chinese texts of the field leave as they are. All-capitals (CNN, RGB) and
# words with digits or underscores (conv2d) need no entry.
TERMS = """
    adagrad adam adamw dask dropout english github google hinton keras lecun leaky lenet logits
    mlflow momentum numpy perceptorium python relu resnet rmsprop scikit-learn sigmoid softmax
    streamlit swish tanh tensorflow token top-k top-p transformer unet yolo
    bit byte epoch max min min-max null px true false none
    com html http https org png jpg jpeg csv zip keras py ipynb www
"""
KEPT = frozenset(TERMS.split())


def until(condition: Callable[[], T], seconds: float = 30, says: str = "") -> T:
    """Wait for ``condition`` to become true and return its value; fail with ``says`` if not.

    ``seconds`` are what it may take on a machine of one's own; a virtual one that stands still
    meanwhile gets :data:`STANDSTILL` more.
    """
    end = time.monotonic() + seconds + STANDSTILL
    while not (value := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds + STANDSTILL:g} s: {says or condition}")
        time.sleep(0.1)
    return value


def idle(page: Page, seconds: float = 60) -> None:
    """Wait until Streamlit has run the page's script and shows what came of it."""
    page.wait_for_function(IDLE, timeout=seconds * 1000)
    page.wait_for_timeout(150)  # a click just made may start the next run only now
    page.wait_for_function(IDLE, timeout=seconds * 1000)


def open_page(page: Page, url: str, seconds: float = 60) -> None:
    """Go to ``url`` and wait until it stands there complete, without an error on it."""
    page.goto(url)
    idle(page, seconds)
    errors = page.get_by_test_id("stException").all_inner_texts()
    assert not errors, f"{url} shows an error: {errors}"


def no_english(page: Page) -> list[str]:
    """What still stands in English on a page in Chinese; to be compared with ``[]``."""
    return [text for text in page.evaluate(WORDS) if is_english(text)]


def is_english(text: str) -> bool:
    """Whether ``text`` says something in English, beyond names and terms of the field.

    Within a Chinese sentence three English words in a row are too many: one or two are a term.
    """
    text = re.sub(r"\S+(://|@)\S+", " ", text)
    chinese = re.search(r"[\u4e00-\u9fff]", text)
    in_a_row = 0
    for word in re.findall(r"[A-Za-z][\w'-]*|[^\sA-Za-z]+", text):
        if not re.fullmatch(r"[A-Za-z][a-z]*(?:['-][a-z]+)*", word) or word.lower() in KEPT:
            in_a_row = 0
        elif len(word) > 2:  # shorter words (of, is, lr) say nothing by themselves
            in_a_row += 1
        if in_a_row >= (3 if chinese else 1):
            return True
    return False
