"""Who may open the live channel: pages of this very site, under whatever address it is visited."""

import json

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from benchmarks.follower import enter
from benchmarks.museum import cookie
from core.live.visitor import COOKIE
from tests.browser import open_page
from tests.proxy import Proxy

SOCKETS = ["/live/socket", "/_stcore/stream"]  # ours and Streamlit's
TOKEN = "0123456789abcdef" * 2


def opens(server, path: str, **headers: str) -> bool:
    """Whether a WebSocket with these headers is taken."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with connect(f"ws://127.0.0.1:{server.port}{path}", proxy=None,
                     additional_headers={"Cookie": f"{COOKIE}={TOKEN}", **named}):
            return True
    except InvalidStatus:
        return False


@pytest.mark.parametrize("path", SOCKETS)
@pytest.mark.parametrize("seen", ["https://museum.example", "http://museum.example:8080",
                                  "http://192.168.178.20:8501", "http://[fd00::2]:8501"])
def test_a_page_of_this_site_opens_it_at_any_address_behind_any_proxy(server, path, seen):
    assert opens(server, path, Origin=seen, X_Forwarded_Host=seen.partition("://")[2])


@pytest.mark.parametrize("path", SOCKETS)
def test_a_proxy_may_name_the_usual_port_or_stand_behind_another(server, path):
    for named in ("museum.example:443", "museum.example, inner.example"):
        assert opens(server, path, Origin="https://museum.example", X_Forwarded_Host=named)


@pytest.mark.parametrize("path", SOCKETS)
@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:1",
                                    "http://127.0.0.1", "null", ""])
def test_a_page_of_another_site_does_not(server, path, origin):
    assert not opens(server, path, Origin=origin)
    assert not opens(server, path, Origin=origin, X_Forwarded_Host="museum.example")


@pytest.mark.browser
def test_a_browser_sends_no_forwarded_host_for_a_foreign_page(server, page, problems):
    """The foreign page stands on the same machine, so that the visitor's cookie goes along."""
    with Proxy(server.port) as elsewhere:
        open_page(page, f"{elsewhere.address}/")
        with enter(server.address, cookie(page)) as channel:  # it would be good for that
            channel.send(json.dumps({"id": 1, "op": "unfollow"}))
            assert "answer" in json.loads(channel.recv(10))
        answers = []
        page.on("response", lambda answer: answers.append((answer.request.method, answer.status)))
        said = page.evaluate("""async address => {
            const post = headers => fetch(`${address}/live/upload`, {
                method: 'POST', body: 'x', credentials: 'include', headers,
            }).then(() => 'answered', () => 'blocked');
            const socket = new WebSocket(`${address.replace('http', 'ws')}/live/socket`);
            return [
                await new Promise(resolve => {
                    socket.onopen = () => resolve('open');
                    socket.onclose = () => resolve('closed');
                }),
                await post({}),
                await post({'X-Forwarded-Host': location.host}),
            ];
        }""", server.address)
    assert said == ["closed", "blocked", "blocked"]
    assert [status for method, status in answers if method == "POST"] in ([403], [403, 403], [])
    problems.clear()  # the browser says what it has blocked
