"""The fast part of the fault run; `make faults` does all of it, and more often."""

import random

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying

from benchmarks.breaking import machines, strangers
from benchmarks.faults import TRACEBACK, pages_without_server

FEW = 12


@pytest.mark.parametrize("fault", [strangers.garbage_frame, strangers.garbage_uploaded])
def test_garbage_harms_nobody(server, fault):
    for number in range(FEW):
        fault(server, random.Random(number))
    assert TRACEBACK not in server.log


def test_any_link_opens_its_page():
    @trying(max_examples=FEW, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck))
    @given(strangers.links())
    def open_each(link):
        strangers.link_opened(*link)

    with pages_without_server():
        open_each()


@pytest.mark.browser
def test_machines_break_and_nothing_is_lost(own_server, browser):
    """The network, a trainer, the whole server, one after the other."""
    server = own_server()
    machines.network_gone(server, browser, seconds=2)
    machines.trainer_killed(server, browser)
    machines.server_killed(server, browser)


@pytest.mark.browser
def test_several_press_train_in_the_same_moment(server, browser):
    strangers.crowd(server, browser, 3)
