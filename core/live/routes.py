"""HTTP routes beside Streamlit's own: health, uploads, Plotly."""

import asyncio
from importlib import resources

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route, WebSocketRoute

from core import engine, i18n
from core.errors import VisitorError
from core.i18n import N_, t
from core.live.socket import socket
from core.live.uploads import uploads
from core.live.visitor import COOKIE, owner, same_origin
from core.settings import settings

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
    """Take one picture, bounded while it arrives, decoded in a worker."""
    i18n.use(i18n.choose(request.query_params.get("lang"), None,
                         request.headers.get("accept-language")))
    visitor = owner(request.cookies.get(COOKIE))
    if not visitor or not same_origin(request):
        return JSONResponse({"error": t(N_("Open the page again, then choose the file."))}, 403)
    limit = settings().upload_bytes
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > limit:
            says = t(N_("This file is too large: at most {limit} MB are taken."),
                     limit=limit // 1_000_000)
            return JSONResponse({"error": says}, 413, headers={"connection": "close"})
    try:
        token, image = await asyncio.to_thread(uploads.add, bytes(raw), visitor)
    except VisitorError as error:
        return JSONResponse({"error": error.says()}, 422)
    return JSONResponse({"upload": token, "width": image.shape[1], "height": image.shape[0]})


ROUTES = [
    Route("/live/health", health),
    Route("/live/plotly.min.js", plotly),
    Route("/live/upload", upload, methods=["POST"]),
    WebSocketRoute("/live/socket", socket),
]
