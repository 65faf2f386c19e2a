"""HTTP routes beside Streamlit's own: health, uploads, a visitor's runs as a zip, Plotly."""

import asyncio
import time
from importlib import resources
from pathlib import Path
from urllib.parse import unquote, urlencode

from starlette.requests import ClientDisconnect, Request
from starlette.responses import (
    FileResponse,
    JSONResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route, WebSocketRoute

from core import engine, i18n
from core.errors import VisitorError
from core.i18n import N_, t
from core.live.sessions import sessions
from core.live.socket import socket
from core.live.uploads import KINDS, uploads
from core.live.visitor import COOKIE, owner, same_origin
from core.settings import settings
from core.store.session import export

DAY = 24 * 3600


async def health(request: Request) -> Response:
    """``{"status": "ok", "engine": bool}``: the engine may still be starting."""
    return JSONResponse({"status": "ok", "engine": engine.current().ready})


async def plotly(request: Request) -> Response:
    """Plotly's browser library as the installed package carries it."""
    path = resources.files("plotly") / "package_data" / "plotly.min.js"
    return FileResponse(str(path), media_type="text/javascript",
                        headers={"cache-control": f"public, max-age={DAY}"})


async def upload(request: Request) -> Response:
    """Take one file, bounded while it arrives; a worker reads it. ``kind`` says as what."""
    i18n.use(i18n.choose(request.query_params.get("lang"), None,
                         request.headers.get("accept-language")))
    visitor, kind = owner(request.cookies.get(COOKIE)), request.query_params.get("kind", "")
    if not visitor or not same_origin(request) or kind not in KINDS:
        return JSONResponse({"error": t(N_("Open the page again, then choose the file."))}, 403)
    path = uploads.begin(visitor)
    try:
        limit = uploads.limit(kind, visitor)
        if not await _receive(request, path, limit):
            uploads.abandon(path)
            return JSONResponse({"error": _too_much(kind, limit)}, 413,
                                headers={"connection": "close"})
    except ClientDisconnect:  # the visitor cancelled, or went away
        uploads.abandon(path)
        return Response(status_code=400)
    name = unquote(request.headers.get("x-filename", ""))
    try:
        uploaded = await asyncio.to_thread(uploads.finish, path, kind, name, visitor,
                                           request.query_params)
    except VisitorError as error:
        return JSONResponse({"error": error.says()}, 422)
    told = ({"height": uploaded.told.shape[0], "width": uploaded.told.shape[1]}
            if kind == "picture" else {"told": uploaded.told})
    return JSONResponse({"upload": uploaded.token, "name": uploaded.name, **told})


async def _receive(request: Request, path: Path, limit: int) -> bool:
    """Write what arrives to the disk; false as soon as it is too much."""
    size = 0
    with path.open("wb") as file:
        async for chunk in request.stream():
            size += len(chunk)
            if size > limit:
                return False
            file.write(chunk)
    return True


def _too_much(kind: str, limit: int) -> str:
    if limit < getattr(settings(), KINDS[kind].limit):
        return t(N_("There is no room for this file beside what was uploaded today. Choose a "
                    "smaller one, or come back tomorrow."))
    return t(N_("This file is too large: at most {limit} MB are taken."),
             limit=limit // 1_000_000)


async def session(request: Request) -> Response:
    """All runs of this visitor as a zip, written while it is sent."""
    visitor = owner(request.cookies.get(COOKIE))
    if not visitor:
        return JSONResponse({"error": t(N_("Open the page again, then choose the file."))}, 403)
    name = f"perceptorium-{time.strftime('%Y-%m-%d')}.zip"
    return StreamingResponse(export(engine.current().store, visitor),
                             media_type="application/zip",
                             headers={"content-disposition": f'attachment; filename="{name}"'})


async def short(request: Request) -> Response:
    """The short link of a presenter's session: to the page where the presenter is. The address is
    told relative to this one, so that a path that a proxy has stripped stays."""
    code = request.path_params["code"].lower()
    session = sessions().get(code)
    place = {"page": "", "query": {}} if session is None else vars(session.place)
    return RedirectResponse(f"../{place['page']}?{urlencode({**place['query'], 'follow': code})}",
                            headers={"cache-control": "no-store"})


ROUTES = [
    Route("/s/{code}", short),
    Route("/live/health", health),
    Route("/live/plotly.min.js", plotly),
    Route("/live/upload", upload, methods=["POST"]),
    Route("/live/session.zip", session),
    WebSocketRoute("/live/socket", socket),
]
