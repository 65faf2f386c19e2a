"""Who a visitor is: an anonymous random cookie, nothing else.

The cookie is the visitor's key to their own runs, so only a hash of it is ever stored or shown.
"""

import hashlib
import re
import secrets
from http.cookies import SimpleCookie

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "perceptorium_visitor"
YEAR = 365 * 24 * 3600
PORTS = {"http": 80, "https": 443}  # which an origin does not name
_TOKEN = re.compile(r"[0-9a-f]{32}")


def owner(token: str | None) -> str:
    """The name under which a visitor's runs are kept; "" for a visitor without a cookie."""
    if not token or not _TOKEN.fullmatch(token):
        return ""
    return hashlib.sha256(token.encode()).hexdigest()[:16]


def same_origin(connection: HTTPConnection) -> bool:
    """Whether a browser's page of this very site opened the connection."""
    scheme, _, origin = connection.headers.get("origin", "").partition("://")
    host = visited_host(connection)
    return bool(host) and origin in (host, host.removesuffix(f":{PORTS.get(scheme)}"))


def visited_host(connection: HTTPConnection) -> str:
    """The host that stands in the visitor's address bar, with its port.

    A proxy in front may send its own name for us as Host, and the visitor's beside it. A foreign
    page cannot: for a WebSocket a browser takes no headers from a page, and before any other
    request with this one it asks whether we allow it, which we do not.
    """
    forwarded = connection.headers.get("x-forwarded-host", "").partition(",")[0].strip()
    return forwarded or connection.headers.get("host", "")


class VisitorCookie:
    """Middleware that gives every new visitor a cookie with the first page.

    It also turns away WebSockets that another site's page opens: they would act with the
    visitor's cookie, and Streamlit would ask a server on the internet for this machine's address
    to judge them.
    """

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            if not same_origin(HTTPConnection(scope)):
                await send({"type": "websocket.close", "code": 1008})
                return
            scope = _as_visited(scope)
        if scope["type"] != "http" or owner(HTTPConnection(scope).cookies.get(COOKIE)):
            await self.app(scope, receive, send)
            return
        secure = scope["scheme"] == "https" or (
            HTTPConnection(scope).headers.get("x-forwarded-proto") == "https")

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", _new_cookie(secure))
            await send(message)

        await self.app(scope, receive, send_with_cookie)


def _as_visited(scope: Scope) -> Scope:
    """With the host of the origin, which is ours, in place of what a proxy calls us: Streamlit
    compares the two once more."""
    headers = MutableHeaders(raw=list(scope["headers"]))
    headers["host"] = headers["origin"].partition("://")[2]
    return {**scope, "headers": headers.raw}


def _new_cookie(secure: bool) -> str:
    cookie = SimpleCookie()
    cookie[COOKIE] = secrets.token_hex(16)
    cookie[COOKIE].update({"path": "/", "max-age": YEAR, "httponly": True, "samesite": "Lax",
                           "secure": secure})
    return cookie[COOKIE].OutputString()
