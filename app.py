"""The front door: `streamlit run app.py`.

An ASGI application: Streamlit's pages, the live channel and the engine, in one process.
"""

import threading
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from core import engine
from core.live.routes import ROUTES
from core.live.uploads import uploads
from core.live.visitor import VisitorCookie
from core.settings import settings
from core.store import Store

# Not beside `pages/`: there, the first visit of a fresh server to a page bypasses navigation.
SHELL = Path(__file__).parent / "core" / "ui" / "shell.py"


@asynccontextmanager
async def lifespan(app):
    """Start the engine in the background, so that the first page does not wait for it."""
    mind = engine.Engine(settings(), Store(settings().home))
    engine.set_current(mind)
    uploads.clear()
    threading.Thread(target=mind.open, name="engine", daemon=True).start()
    try:
        yield
    finally:
        mind.close()
        engine.set_current(None)


app = st.App(SHELL, lifespan=lifespan, routes=ROUTES, middleware=[Middleware(VisitorCookie)])
