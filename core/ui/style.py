"""What the theme in ``.streamlit/config.toml`` cannot say: spacing, numerals, the wall mode."""

from functools import cache
from pathlib import Path

import streamlit as st

from core.ui import visit

ASSETS = Path(__file__).parents[2] / "assets"


@cache
def _css() -> str:
    return (ASSETS / "style.css").read_text("utf-8")


@cache
def _colours() -> str:
    """The theme's colours as variables, under the names that browser modules know."""
    names = {"primaryColor": "primary-color", "backgroundColor": "background-color",
             "secondaryBackgroundColor": "secondary-background-color",
             "textColor": "text-color", "borderColor": "border-color",
             "orangeColor": "orange-color"}
    lines = (f"--st-{name}: light-dark({st.get_option(f'theme.light.{option}')}, "
             f"{st.get_option(f'theme.dark.{option}')});" for option, name in names.items())
    return f".stApp, [data-testid=stPopoverBody] {{ {' '.join(lines)} }}"


def icon() -> str:
    """The page's icon."""
    return str(ASSETS / "pictures" / "icon.svg")


def apply() -> None:
    """Put our style sheet into the page, and the wall mode when presenting."""
    present = (ASSETS / "present.css").read_text("utf-8") if visit.presenting() else ""
    st.html(f"<style>{_colours()}{_css()}{present}</style>")
