"""A reverse proxy as a hosted copy has one in front: HTTP and WebSockets under a path prefix.

It speaks just enough HTTP: it reads the head of one request, rewrites it and then passes bytes in
both directions until one side is done. `cut` drops all connections and refuses new ones, as a
lost network does.
"""

import asyncio
import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Coroutine
from pathlib import Path

HEAD_BYTES = 65_536
NOT_HERE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Proxy:
    """Serves what lies at ``127.0.0.1:upstream`` under ``prefix``, which it strips.

    ``keeps_host`` passes the visitor's Host header on (what the README tells proxies to do);
    without it the server learns it only from X-Forwarded-Host. With ``certificate`` (a PEM file
    with key and certificate) it takes https.
    """

    def __init__(self, upstream: int, *, prefix: str = "", keeps_host: bool = True,
                 certificate: Path | None = None) -> None:
        self.upstream, self.prefix, self.keeps_host = upstream, prefix, keeps_host
        self._scheme, self._tls = "http", None
        if certificate:
            self._scheme, self._tls = "https", ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self._tls.load_cert_chain(certificate)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.address = f"{self._scheme}://127.0.0.1:{self.port}{prefix}"
        self._connections: set[asyncio.Task] = set()
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._down = False

    def __enter__(self) -> "Proxy":
        threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True).start()
        self._do(self._listen())
        return self

    def __exit__(self, *problem: object) -> None:
        self._do(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)

    def cut(self) -> None:
        """Drop every connection, and all new ones, until `restore`."""
        self._down = True
        self._do(self._drop())

    def restore(self) -> None:
        self._down = False

    # In the proxy's own thread

    def _do(self, work: Coroutine) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, sock=self._socket, ssl=self._tls,
                                                  limit=HEAD_BYTES)

    async def _stop(self) -> None:
        self._server.close()
        await self._drop()

    async def _drop(self) -> None:
        for task in list(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._connections.add(task)
        # Cancelled by `cut`, or one side has gone: both mean that this connection is over.
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            if not self._down:
                await self._pass_on(reader, writer)
        self._connections.discard(task)
        writer.transport.abort() if self._down else writer.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = self._rewritten(await reader.readuntil(b"\r\n\r\n"))
        if head is None:
            writer.write(NOT_HERE)
            await writer.drain()
            return
        back, on = await asyncio.open_connection("127.0.0.1", self.upstream)
        try:
            on.write(head)
            ways = [asyncio.ensure_future(_pump(reader, on)),
                    asyncio.ensure_future(_pump(back, writer))]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
        finally:
            on.close()

    def _rewritten(self, head: bytes) -> bytes | None:
        """A request as the server behind is to see it; ``None`` if it lies outside the prefix."""
        request, *headers = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        method, path, version = request.split(" ", 2)
        if not re.match(rf"{re.escape(self.prefix)}(?=[/?]|$)", path):
            return None
        path = "/" + path.removeprefix(self.prefix).removeprefix("/")
        fields = dict(line.split(": ", 1) for line in headers)
        names = {name.lower(): name for name in fields}
        host = fields[names["host"]]
        fields |= {"X-Forwarded-Host": host, "X-Forwarded-Proto": self._scheme}
        if not self.keeps_host:
            fields[names["host"]] = f"127.0.0.1:{self.upstream}"
        if "upgrade" not in names:  # one request a connection: the next head is rewritten too
            fields[names.get("connection", "Connection")] = "close"
        lines = [f"{method} {path} {version}", *(f"{name}: {value}" for name, value in
                                                 fields.items())]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(65_536):
        writer.write(piece)
        await writer.drain()
