"""What the theme in ``.streamlit/config.toml`` cannot say: spacing, numerals, the wall mode."""

from functools import cache
from pathlib import Path

import streamlit as st

from core.ui import visit

ASSETS = Path(__file__).parents[2] / "assets"


@cache
def _css() -> str:
    return (ASSETS / "style.css").read_text("utf-8")


def icon() -> str:
    """The page's icon."""
    return str(ASSETS / "pictures" / "icon.svg")


def apply() -> None:
    """Put our style sheet into the page, and the wall mode when presenting."""
    present = (ASSETS / "present.css").read_text("utf-8") if visit.presenting() else ""
    st.html(f"<style>{_css()}{present}</style>")
