"""Prepared workshops of twenty and of sixty minutes."""

from core.ui import workshops

workshops.page()
