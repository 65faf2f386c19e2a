"""Home: a gallery of the rooms, what trains right now, and how to show it to others."""

from core.ui import gallery, tour, workshops

gallery.welcome()
tour.invitation()
gallery.rooms()
gallery.in_progress()
workshops.cards()
