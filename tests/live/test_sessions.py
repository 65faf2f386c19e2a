"""A presenter's session: the key, who may lead, what followers hear, the short link."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from core import engine
from core.engine.run import Run
from core.errors import VisitorError
from core.live import conversation, routes, sessions
from core.live.conversation import Conversation
from core.live.news import bundle
from core.live.routes import ROUTES
from core.live.sessions import GUESSES, GUESSES_IN_ALL, LETTERS, Sessions
from core.live.visitor import VisitorCookie
from core.settings import Settings

KEY = "open-sesame"
HERE = {"origin": "http://testserver"}


class Quiet:
    """An engine with one run and nothing else."""

    ready = True

    def __init__(self):
        self.only = Run("a" * 12, "cnn", None, "somebody", "")

    def run(self, run_id):
        return self.only if run_id == self.only.run_id else None

    def owner(self, run_id):
        return self.only.owner if run_id == self.only.run_id else None

    def events(self, run_id, since=0):
        return self.only.events(since)


@pytest.fixture
def all_sessions(tmp_path, monkeypatch):
    """The sessions of a server with a key, in a folder of the test's own."""
    monkeypatch.setattr(sessions, "settings", lambda: Settings(presenter_key=KEY))
    found = Sessions(tmp_path / "sessions.json")
    for module in (sessions, conversation, routes):
        monkeypatch.setattr(module, "sessions", lambda: found)
    return found


@pytest.fixture
def client(all_sessions):
    engine.set_current(Quiet())
    with TestClient(Starlette(routes=ROUTES, middleware=[Middleware(VisitorCookie)])) as client:
        client.get("/live/health")
        yield client
    engine.set_current(None)


# The key

def test_the_key_opens_a_session_that_only_its_visitor_leads(all_sessions):
    session = all_sessions.open("me", f" {KEY}\n")
    assert set(session.code) <= set(LETTERS)
    assert all_sessions.led(session.code, "me") is session
    for other in ("you", "", KEY):
        assert all_sessions.led(session.code, other) is None


@pytest.mark.parametrize("wrong", ["", "open", KEY.upper(), KEY + "x", "κλειδί"])
def test_a_wrong_key_opens_nothing_and_says_so(all_sessions, wrong):
    with pytest.raises(VisitorError, match="not the presenter’s key"):
        all_sessions.open("me", wrong)


def test_guesses_are_held_back_for_one_visitor_and_for_many(all_sessions):
    for _ in range(GUESSES):
        with pytest.raises(VisitorError, match="not the presenter"):
            all_sessions.open("me", "guess")
    with pytest.raises(VisitorError, match="Too many"):
        all_sessions.open("me", KEY)  # even the right one: or guessing would go on by it
    assert all_sessions.open("you", KEY)
    for number in range(GUESSES_IN_ALL):  # a cookie for each guess helps nobody
        with pytest.raises(VisitorError):
            all_sessions.open(f"visitor {number}", "guess")
    with pytest.raises(VisitorError, match="Too many"):
        all_sessions.open("somebody", "guess")


def test_without_a_key_in_the_settings_nobody_presents(all_sessions, monkeypatch):
    monkeypatch.setattr(sessions, "settings", Settings)
    for key in ("", KEY):
        with pytest.raises(VisitorError, match="PERCEPTORIUM_PRESENTER_KEY"):
            all_sessions.open("me", key)


def test_a_short_key_is_refused_at_the_start():
    with pytest.raises(ValidationError, match="eight"):
        Settings(presenter_key="1234")


# Where the presenter is

def test_a_session_outlives_the_server_and_a_damaged_file_costs_no_start(all_sessions, tmp_path):
    session = all_sessions.open("me", KEY)
    all_sessions.hide(session, frozenset({"lesson"}))
    again = Sessions(tmp_path / "sessions.json").led(session.code, "me")
    assert again.hidden == {"lesson"}
    for damage in ("", "{", '[{"code": 1}]', "[3]", '[{"code": "x", "presenter": 1}]'):
        (tmp_path / "sessions.json").write_text(damage)
        assert Sessions(tmp_path / "sessions.json").get(session.code) is None


def test_the_next_group_has_another_link_and_nothing_of_the_last(all_sessions):
    session = all_sessions.open("me", KEY)
    session.go("cnn", {"run": "a" * 12})
    all_sessions.hide(session, frozenset({"try"}))
    other = all_sessions.renew(session)
    assert session.over and all_sessions.get(session.code) is None
    assert other.code != session.code and other.presenter == "me"
    assert other.place.page == "" and other.hidden == {"try"}


def test_another_run_or_page_begins_at_its_newest_epoch(all_sessions):
    session = all_sessions.open("me", KEY)
    session.go("cnn", {"run": "a" * 12})
    session.look("a" * 12, epoch=3, layer="conv1")
    session.go("cnn", {"run": "a" * 12, "epochs": "9"})  # the same run: the look stays
    assert (session.place.epoch, session.place.layer) == (3, "conv1")
    session.look("b" * 12, epoch=7)  # of a run that is not on the page any more
    assert session.place.epoch == 3
    session.go("cnn", {"run": "b" * 12})
    assert (session.place.epoch, session.place.layer) == (0, "")


def test_a_follower_hears_each_move_once_and_the_end(all_sessions):
    session = all_sessions.open("me", KEY)
    talk = Conversation(Quiet(), "you", "en")
    assert "answer" in talk.hear({"id": 1, "op": "attend", "session": session.code})
    assert [each["place"]["page"] for each in talk.news()] == [""]
    assert talk.news() == []
    session.go("cnn", {"run": "a" * 12})
    session.go("cnn", {"run": "a" * 12})  # nothing has changed: nothing is told
    session.look("a" * 12, epoch=2)
    place = json.loads(talk.texts()[0])["place"]
    assert (place["page"], place["run"], place["epoch"]) == ("cnn", "a" * 12, 2)
    assert talk.news() == []
    assert session.followers == 1
    all_sessions.close(session)
    assert talk.news() == [{"session": session.code, "over": True}]
    assert talk.news() == []


def test_who_has_gone_is_not_counted(all_sessions):
    session = all_sessions.open("me", KEY)
    talks = [Conversation(Quiet(), visitor, "en") for visitor in ("you", "you", "she")]
    for talk in talks:
        talk.hear({"id": 1, "op": "attend", "session": session.code})
    assert session.followers == 2  # two pages of one visitor are one
    talks[2].close()
    assert session.followers == 1


def test_a_follower_leads_nobody_and_controls_nothing(all_sessions):
    session = all_sessions.open("me", KEY)
    session.go("cnn", {"run": "a" * 12})
    wish = {"id": 1, "op": "look", "session": session.code, "run": "a" * 12, "epoch": 4}
    assert "presenter" in Conversation(Quiet(), "you", "en").hear(wish)["error"]
    assert "presenter" in Conversation(Quiet(), "", "en").hear(wish)["error"]
    assert session.place.epoch == 0
    assert "answer" in Conversation(Quiet(), "me", "en").hear(wish)
    assert session.place.epoch == 4


@given(st.dictionaries(st.sampled_from(["session", "run", "epoch", "layer"]),
                       st.none() | st.integers() | st.text(max_size=70) | st.booleans()))
def test_whatever_is_said_of_a_session_gets_a_sentence(given):
    for op in ("attend", "look"):
        reply = Conversation(Quiet(), "me", "en").hear({"id": 1, "op": op, **given})
        assert set(reply) <= {"id", "answer", "error"}


# The short link

def _goes(client, code: str, prefix: str = "") -> str:
    answer = client.get(f"{prefix}/s/{code}", follow_redirects=False)
    assert answer.status_code in (302, 307)
    return answer.headers["location"]


def test_the_short_link_leads_to_the_presenter_from_below_any_path(client, all_sessions):
    session = all_sessions.open("me", KEY)
    session.go("cnn", {"run": "a" * 12, "epochs": "3"})
    # Relative to /s/<code>: the path that a proxy has stripped from the front stays.
    assert _goes(client, session.code.upper()) == (
        f"../cnn?run={'a' * 12}&epochs=3&follow={session.code}")
    assert KEY not in _goes(client, session.code)


def test_a_short_link_that_is_over_leads_home_where_it_is_said(client):
    assert _goes(client, "zzzzz") == "../?follow=zzzzz"
    assert _goes(client, "%3Cscript%3E") == "../?follow=%3Cscript%3E"


def test_followers_hear_of_a_move_by_the_socket(client, all_sessions):
    session = all_sessions.open("me", KEY)
    with client.websocket_connect("/live/socket", headers=HERE) as socket:
        socket.send_text(json.dumps({"id": 1, "op": "attend", "session": session.code}))
        assert socket.receive_json() == {"id": 1, "answer": {}}
        assert socket.receive_json()["place"]["page"] == ""
        session.go("convolution", {"side": "8"})
        assert socket.receive_json()["place"]["query"] == {"side": "8"}


# What many hear is written once

def test_followers_of_one_run_share_the_text_of_its_events():
    mind = Quiet()
    mind.only.add({"type": "begin"})
    first, second = (bundle(mind, "a" * 12, 0) for _ in range(2))
    assert first is second and json.loads(first.text)[0]["type"] == "begin"
    mind.only.add({"type": "epoch"})
    assert [event["seq"] for event in bundle(mind, "a" * 12, 0).events] == [1, 2]
    assert bundle(mind, "a" * 12, 2) is None
