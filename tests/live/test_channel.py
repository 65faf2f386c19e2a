"""The live channel against strangers: cookies, origins, sizes, rates, uploads."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from core import engine
from core.engine.run import Run
from core.errors import VisitorError
from core.live.conversation import Conversation
from core.live.routes import ROUTES
from core.live.visitor import COOKIE, VisitorCookie, owner
from core.rooms import called
from core.settings import settings
from tests.live.pictures import bomb, png

HERE = {"origin": "http://testserver"}


class Stub:
    """An engine without workers: it does in this process what workers would do."""

    ready = True
    settings = settings()

    def __init__(self):
        self.runs = {"a" * 12: Run("a" * 12, "cnn", None, "somebody", "")}
        self.asked = []

    def light(self, function, *args):
        return called(function)(*args)

    def run(self, run_id):
        return self.runs.get(run_id)

    def owner(self, run_id):
        return self.runs[run_id].owner if run_id in self.runs else None

    def events(self, run_id, since=0):
        return self.runs[run_id].events(since)

    def control(self, run_id, visitor, action, values):
        raise VisitorError("not yours")

    def ask(self, room, model, what, inputs):
        self.asked.append(inputs)
        return {"heard": sorted(inputs)}


@pytest.fixture
def stub():
    stub = Stub()
    engine.set_current(stub)
    yield stub
    engine.set_current(None)


@pytest.fixture
def client(stub):
    with TestClient(Starlette(routes=ROUTES, middleware=[Middleware(VisitorCookie)])) as client:
        client.get("/live/health")
        yield client


def test_a_new_visitor_gets_a_cookie_that_scripts_cannot_read(stub):
    client = TestClient(Starlette(routes=ROUTES, middleware=[Middleware(VisitorCookie)]))
    cookie = client.get("/live/health").headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie
    assert "set-cookie" not in client.get("/live/health").headers
    client.cookies.clear()
    secure = client.get("/live/health", headers={"x-forwarded-proto": "https"})
    assert "Secure" in secure.headers["set-cookie"]


def test_runs_are_kept_under_a_hash_not_under_the_cookie():
    token = "0123456789abcdef" * 2
    assert owner(token) and token not in owner(token)
    assert owner("forged") == owner(None) == ""


@pytest.mark.parametrize("headers", [{"origin": "http://evil.example"}, {}])
def test_a_socket_from_elsewhere_is_refused(client, headers):
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/live/socket",
                                                                      headers=headers):
        pass


def test_a_socket_without_the_cookie_is_refused(client):
    client.cookies.clear()
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/live/socket",
                                                                      headers=HERE):
        pass


def test_events_come_as_they_happen_and_since_a_number(client, stub):
    run = stub.runs["a" * 12]
    run.add({"type": "begin"})
    run.add({"type": "epoch"})
    with client.websocket_connect("/live/socket", headers=HERE) as socket:
        socket.send_text(json.dumps({"id": 1, "op": "follow", "run": "a" * 12, "since": 1}))
        assert socket.receive_json() == {"id": 1, "answer": {"mine": False}}
        news = socket.receive_json()
        assert [event["type"] for event in news["events"]] == ["epoch"]
        run.add({"type": "end", "state": "stopped", "reason": "visitor", "step": 7})
        end = socket.receive_json()["events"][0]
        assert end["says"].startswith("Stopped at step 7")


def test_the_end_is_told_in_the_language_of_the_page(client, stub):
    stub.runs["a" * 12].add({"type": "end", "state": "finished", "reason": "done"})
    with client.websocket_connect("/live/socket?lang=zh", headers=HERE) as socket:
        socket.send_text(json.dumps({"id": 1, "op": "follow", "run": "a" * 12}))
        socket.receive_json()
        assert not socket.receive_json()["events"][0]["says"].isascii()


def test_a_wish_for_somebody_else_s_run_is_answered_with_a_sentence(client):
    with client.websocket_connect("/live/socket", headers=HERE) as socket:
        socket.send_text(json.dumps({"id": 5, "op": "control", "run": "a" * 12,
                                     "action": "stop"}))
        assert socket.receive_json() == {"id": 5, "error": "not yours"}


def test_a_frame_beyond_the_limit_ends_the_connection(client):
    with client.websocket_connect("/live/socket", headers=HERE) as socket:
        socket.send_text("x" * (settings().frame_bytes + 1))
        with pytest.raises(WebSocketDisconnect):
            socket.receive_json()


def test_a_flood_is_held_to_the_rate_and_told_so(client):
    with client.websocket_connect("/live/socket", headers=HERE) as socket:
        for number in range(3 * settings().frames_a_second):
            socket.send_text(json.dumps({"id": number, "op": "unfollow"}))
        replies = [socket.receive_json() for _ in range(3 * settings().frames_a_second)]
    held = [reply for reply in replies if "too much at once" in reply.get("error", "")]
    assert len(held) >= settings().frames_a_second


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=20),
                    lambda inner: st.lists(inner, max_size=4)
                    | st.dictionaries(st.sampled_from(["id", "op", "run", "input", "model"])
                                      | st.text(max_size=5), inner, max_size=5), max_leaves=12))
def test_whatever_a_stranger_says_gets_a_sentence_and_never_an_exception(message):
    reply = Conversation(Stub(), "me", "en").hear(message)
    assert set(reply) <= {"id", "answer", "error"} and isinstance(reply["id"], int)


def test_pixels_become_a_picture_or_a_sentence(stub):
    talk = Conversation(stub, "me", "en")

    def ask(**given):
        return talk.hear({"id": 1, "op": "ask", "room": "cnn", "model": "weights:digits",
                          "what": "classify", "input": given})

    whole = base64.b64encode(bytes(12)).decode()
    assert ask(pixels=whole, width=4, height=3, kind="drawing")["answer"]["heard"] == [
        "image", "kind"]
    assert stub.asked[-1]["image"].shape == (3, 4)
    assert ask(rgb=whole, width=2, height=2)["answer"]
    assert stub.asked[-1]["image"].shape == (2, 2, 3)
    for wrong in ({"pixels": whole, "width": 5, "height": 3},
                  {"pixels": whole, "width": "4", "height": 3},
                  {"pixels": whole, "width": 10**9, "height": 10**9},
                  {"pixels": "§", "width": 1, "height": 1},
                  {"rgb": None, "width": 1, "height": 1}):
        assert "did not arrive whole" in ask(**wrong)["error"]


# Uploads

def _upload(client, body, **headers):
    return client.post("/live/upload?kind=picture", content=body, headers={**HERE, **headers})


def test_an_uploaded_picture_can_be_asked_about_by_its_visitor_only(client, stub):
    answer = _upload(client, png(30, 20)).json()
    assert (answer["width"], answer["height"]) == (30, 20)
    me = owner(client.cookies[COOKIE])
    ask = {"id": 1, "op": "ask", "room": "cnn", "model": "weights:digits", "what": "classify",
           "input": {"upload": answer["upload"]}}
    assert "answer" in Conversation(stub, me, "en").hear(ask)
    assert "not here any more" in Conversation(stub, "you", "en").hear(ask)["error"]


@pytest.mark.parametrize(("body", "says"), [
    (b"", "empty"),
    (b"hello, I am a text", "no picture"),
    (png(64, 64)[:60], "damaged"),
    (bomb(), "pixels"),
], ids=["0 bytes", "no picture", "half a picture", "bomb"])
def test_what_is_no_picture_is_refused_in_one_sentence(client, body, says):
    answer = _upload(client, body)
    assert answer.status_code == 422
    assert says in answer.json()["error"] and "Traceback" not in answer.text


def test_a_huge_file_is_refused_while_it_arrives(client, monkeypatch):
    sent = []

    def endless():
        for _ in range(1000):
            sent.append(1)
            yield bytes(100_000)

    answer = _upload(client, endless())
    assert answer.status_code == 413 and "10 MB" in answer.json()["error"]


def test_uploads_from_another_site_are_refused(client):
    assert _upload(client, png(3, 3), origin="http://evil.example").status_code == 403
