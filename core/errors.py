"""Errors that a visitor reads."""

from collections.abc import Mapping
from typing import Any

from core.i18n import t


class VisitorError(Exception):
    """One clear sentence that says what went wrong and what to do.

    ``msgid`` is the message (marked with ``N_``), ``values`` what stands in its braces.
    """

    def __init__(self, msgid: str, values: Mapping[str, Any] | None = None):
        super().__init__(msgid, dict(values or {}))  # as args, so that it survives pickling
        self.msgid, self.values = msgid, dict(values or {})

    def __str__(self) -> str:
        return self.msgid.format(**self.values)

    def says(self) -> str:
        """The sentence in the current language."""
        return t(self.msgid, **self.values)
