"""The interface in the visitor's language.

English text is the message itself. Translations lie in ``assets/locale/<language>.po``, written
by ``make messages`` and people, and read as they are, with no compile step.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit

LANGUAGES = {"en": "English", "zh": "简体中文"}
LOCALE = Path(__file__).parent.parent / "assets" / "locale"

_current: ContextVar[str | None] = ContextVar("language", default=None)


def N_(message: str) -> str:
    """Mark a message for translation where it is declared; `t` translates where it is shown."""
    return message


def use(lang: str) -> None:
    """Speak ``lang`` from here on, in this thread or task."""
    _current.set(lang if lang in LANGUAGES else "en")


def _english() -> str:
    return "en"


_asked = _english


def ask(whom: Callable[[], str]) -> None:
    """Have ``whom`` say the language wherever nobody has called `use`."""
    global _asked
    _asked = whom


def language() -> str:
    """The language spoken here, a key of `LANGUAGES`."""
    return _current.get() or _asked()


def t(message: str, /, **values: object) -> str:
    """``message`` in the current language; ``{name}`` takes the value called ``name``."""
    translated = _catalogue(language()).get(message, message)
    return translated.format(**values) if values else translated


def choose(link: str | None, choice: str | None, browser: str | None) -> str:
    """The language of a visit: the link decides, then the visitor's choice, then the browser.

    ``browser`` is an Accept-Language header, such as ``zh-CN,zh;q=0.9,en;q=0.8``.
    """
    wishes = [link, choice, *_by_quality(browser or "")]
    return next((lang for wish in wishes if (lang := _supported(wish))), "en")


def number(x: float, digits: int = 0) -> str:
    """``x`` with at most ``digits`` decimals: 12,345.7"""
    return format_decimal(x, format="#,##0." + "#" * digits, locale=language())


def percent(x: float, digits: int = 1) -> str:
    """The share ``x`` of one, with exactly ``digits`` decimals, so that columns stay aligned."""
    return format_percent(x, format="#,##0." + "0" * digits + "%", locale=language())


def money(x: float, digits: int = 0) -> str:
    """An amount in euros with exactly ``digits`` decimals: €1,235"""
    return format_currency(x, "EUR", format="¤#,##0." + "0" * digits, locale=language(),
                           currency_digits=False)


def duration(seconds: float) -> str:
    """A span of time in the two largest units that matter: 2 min 5 sec"""
    if seconds < 9.95:
        return _unit(round(seconds, 1), "second")
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "hour"), (minutes, "minute")] if hours else [(minutes, "minute"),
                                                                  (rest, "second")]
    space = "" if language() == "zh" else " "
    return space.join(_unit(count, name) for count, name in parts if count)


def _unit(count: float, name: str) -> str:
    return format_unit(count, f"duration-{name}", length="short", locale=language())


@cache
def _catalogue(lang: str) -> Mapping[str, str]:
    path = LOCALE / f"{lang}.po"
    if not path.exists():  # English needs none
        return {}
    with path.open("rb") as file:
        return {m.id: m.string for m in read_po(file) if m.id and m.string and not m.fuzzy}


def _supported(wish: str | None) -> str | None:
    lang = (wish or "").strip().lower().replace("_", "-").partition("-")[0]
    return lang if lang in LANGUAGES else None


def _by_quality(header: str) -> list[str]:
    """The languages of an Accept-Language header, most wanted first; q=0 means unwanted."""
    wanted = {}
    for part in header.replace(" ", "").split(","):
        lang, _, quality = part.partition(";q=")
        with suppress(ValueError):
            wanted[lang] = float(quality or 1)
    return sorted((lang for lang in wanted if wanted[lang] > 0), key=wanted.get, reverse=True)
