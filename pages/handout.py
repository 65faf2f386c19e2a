"""A room on paper: lesson, figures of a run, QR code."""

from core.ui import handout

handout.page()
