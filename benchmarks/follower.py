"""A follower without a browser: a WebSocket client on the live channel, as a page is one."""

import json
import time
from collections.abc import Iterator

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from core.live.visitor import COOKIE


def enter(address: str, token: str) -> ClientConnection:
    """Open the live channel of the museum at ``address`` as the visitor with this cookie."""
    scheme, _, rest = address.partition("://")
    origin = f"{scheme}://{rest.partition('/')[0]}"
    return connect(f"{address.replace('http', 'ws', 1)}/live/socket", origin=origin, proxy=None,
                   additional_headers={"Cookie": f"{COOKIE}={token}"}, max_size=None)


def follow(channel: ClientConnection, run: str, since: int = 0,
           seconds: float = 120) -> Iterator[dict]:
    """A run's events as they come, until its end. ``TimeoutError`` after ``seconds`` of silence."""
    channel.send(json.dumps({"id": 1, "op": "follow", "run": run, "since": since}))
    while True:
        message = json.loads(channel.recv(seconds))
        if message.get("error"):
            raise RuntimeError(message["error"])
        for event in message.get("events", ()):
            yield event
            if event["type"] == "end":
                return


def follow_on(address: str, token: str, run: str, patience: float = 60) -> Iterator[dict]:
    """A run's events over any interruption that is shorter than ``patience`` seconds."""
    since, alive = 0, time.monotonic()
    while True:
        try:
            with enter(address, token) as channel:
                for event in follow(channel, run, since):
                    since, alive = event["seq"], time.monotonic()
                    yield event
                return
        except (OSError, WebSocketException):
            if time.monotonic() - alive > patience:
                raise
            time.sleep(0.2)
