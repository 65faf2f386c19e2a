"""Home: a gallery of the rooms, and what trains right now."""

from core.ui import gallery

gallery.welcome()
gallery.rooms()
gallery.in_progress()
