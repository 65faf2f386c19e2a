"""Every word that a visitor reads exists in both languages, and languages are chosen rightly."""

import ast
import re
import string
import threading

import pytest

from benchmarks import messages
from core import i18n
from tests.browser import is_english

HAN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")

TRANSLATED = sorted(set(i18n.LANGUAGES) - {"en"})


@pytest.fixture(autouse=True)
def _in_english_again():
    yield
    i18n.use("en")


@pytest.fixture(scope="module")
def template():
    return messages.extract()


@pytest.fixture(scope="module", params=TRANSLATED)
def catalogue(request):
    return messages.read(i18n.LOCALE / f"{request.param}.po", request.param)


def fields(text: str) -> set[str]:
    """The names in braces of a message."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def told(catalogue) -> dict:
    return {message.id: message for message in catalogue if message.id}


def test_the_code_has_messages(template):
    assert len(template) > 0


def test_every_message_is_translated(template, catalogue):
    have = told(catalogue)
    missing = [m for m in told(template) if m not in have or not have[m].string]
    assert not missing, f"to translate in assets/locale (after `make messages`): {missing}"


def test_nothing_is_only_guessed(catalogue):
    assert not [m for m, message in told(catalogue).items() if message.fuzzy]


def test_no_translation_is_unused(template, catalogue):
    assert not told(catalogue).keys() - told(template).keys(), "run `make messages`"
    assert not catalogue.obsolete


def test_placeholders_agree(catalogue):
    differ = {m: message.string for m, message in told(catalogue).items()
              if message.string and fields(m) != fields(message.string)}
    assert not differ


def test_the_files_are_as_make_messages_writes_them(template):
    stored = {path.name: path.read_bytes() for path in i18n.LOCALE.glob("*.po*")}
    fresh = {"messages.pot": messages.text(template)}
    for lang in TRANSLATED:
        catalogue = messages.read(i18n.LOCALE / f"{lang}.po", lang)
        messages.update(catalogue, template)
        fresh[f"{lang}.po"] = messages.text(catalogue)
    assert stored.keys() == fresh.keys()
    assert [name for name in fresh if stored[name] != fresh[name]] == [], "run `make messages`"


def test_messages_are_written_in_english(template):
    assert not [m for m in told(template) if HAN.search(m)]


def test_chinese_sentences_use_chinese_words(catalogue):
    if str(catalogue.locale) != "zh":
        pytest.skip("about Chinese")
    english = [message.string for message in told(catalogue).values()
               if message.string and is_english(re.sub(r"\{\w*\}", "0", message.string))]
    assert not english


def test_words_are_given_literally():
    """`t(f"…")` and `N_(name)` cannot be found by `make messages`."""
    wrong = []
    for path in messages.sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = messages.called(node)
                literal = isinstance(node.args[0], ast.Constant)
                built = isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
                if (name == "N_" and not literal) or (name == "t" and built):
                    wrong.append(f"{path.relative_to(messages.ROOT)}:{node.lineno}")
    assert not wrong


@pytest.mark.parametrize(("link", "choice", "browser", "lang"), [
    (None, None, None, "en"),
    ("zh", "en", "en", "zh"),
    ("en", "zh", "zh", "en"),
    (None, "zh", "en", "zh"),
    (None, None, "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
    (None, None, "zh-TW", "zh"),
    (None, None, "en-GB,zh;q=0.8", "en"),
    (None, None, "en;q=0.2, zh-HK; q=0.7", "zh"),
    (None, None, "fr-FR,de;q=0.5", "en"),
    (None, None, "fr, zh;q=0", "en"),
    (None, None, "zh;q=loud,;;,", "en"),
    ("ZH_cn", None, "", "zh"),
    ("xx", "", "zh", "zh"),
])
def test_link_then_choice_then_browser(link, choice, browser, lang):
    assert i18n.choose(link, choice, browser) == lang


def test_a_message_is_translated_and_filled(monkeypatch):
    monkeypatch.setattr(i18n, "_catalogue", {"en": {}, "zh": {"{n} steps": "{n} 步"}}.get)
    assert i18n.t("{n} steps", n=3) == "3 steps"
    i18n.use("zh")
    assert i18n.t("{n} steps", n=3) == "3 步"
    assert i18n.t("not translated") == "not translated"
    assert i18n.t("a set {1, 2}") == "a set {1, 2}"


def test_an_unknown_language_is_english():
    i18n.use("xx")
    assert i18n.language() == "en"


def test_each_thread_has_its_own_language():
    i18n.use("zh")
    heard = []
    thread = threading.Thread(target=lambda: heard.append(i18n.language()))
    thread.start()
    thread.join()
    assert (heard, i18n.language()) == (["en"], "zh")


def test_numbers_read_naturally():
    assert i18n.number(12345.678, 1) == "12,345.7"
    assert i18n.number(5.0, 3) == "5"
    assert i18n.number(float("nan")) == "NaN"
    assert i18n.percent(0.9742) == "97.4%"
    assert i18n.percent(1, 0) == "100%"
    assert (i18n.money(1234.6), i18n.money(5, 2), i18n.money(-0.5, 1)) == (
        "€1,235", "€5.00", "-€0.5")


@pytest.mark.parametrize(("seconds", "english", "chinese"), [
    (0.44, "0.4 sec", "0.4秒"),
    (9.97, "10 sec", "10秒"),
    (59.7, "1 min", "1分钟"),
    (125, "2 min 5 sec", "2分钟5秒"),
    (3600, "1 hr", "1小时"),
    (3725, "1 hr 2 min", "1小时2分钟"),
])
def test_durations_read_naturally(seconds, english, chinese):
    assert i18n.duration(seconds) == english
    i18n.use("zh")
    assert i18n.duration(seconds) == chinese


@pytest.mark.parametrize(("text", "english"), [
    ("Train", True), ("Steps per second", True), ("训练 how it goes now", True),
    ("训练", False), ("ReLU", False), ("使用 Adam 优化器", False), ("CNN · MNIST", False),
    ("conv2d_1", False), ("784 → 10", False), ("批归一化 (batch normalization)", False),
])
def test_english_is_recognized(text, english):
    assert is_english(text) is english
