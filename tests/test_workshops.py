"""Prepared workshops and the walk lead to rooms that there are, with settings that they know."""

import re
from collections import Counter

import pytest

from core import catalogue
from core.i18n import LANGUAGES
from core.params import from_text
from core.ui import tour, workshops

ALL = [(minutes, language) for minutes in workshops.MINUTES for language in LANGUAGES]


@pytest.mark.parametrize(("minutes", "language"), ALL)
def test_every_step_leads_to_a_room_that_takes_its_settings(minutes, language):
    steps = workshops.workshop(minutes, language).steps
    assert len(steps) >= 6
    for step in steps:
        room = catalogue.room(step.page)  # KeyError: a room that is not there
        _, corrections = from_text(room.params, step.query)
        assert not corrections, step.title
        assert len(step.text) > 40


@pytest.mark.parametrize(("minutes", "language"), ALL)
def test_the_steps_fill_the_time_without_a_gap(minutes, language):
    spans = [re.match(r"(\d+)–(\d+)", step.title).groups()
             for step in workshops.workshop(minutes, language).steps]
    ends = [0, *(int(end) for _, end in spans)]
    assert [int(begin) for begin, _ in spans] == ends[:-1] and ends[-1] == minutes


@pytest.mark.parametrize("minutes", workshops.MINUTES)
def test_both_languages_take_the_same_way(minutes):
    ways = {tuple((step.page, *step.query.items())
                  for step in workshops.workshop(minutes, language).steps)
            for language in LANGUAGES}
    assert len(ways) == 1


def test_the_walk_stays_among_rooms_and_settings_that_there_are():
    for step in tour.STEPS:
        room = catalogue.room(step.page)
        assert not from_text(room.params, step.query)[1]
    assert max(Counter(step.do for step in tour.STEPS).values()) == 1
