"""Uploads: bounded while they arrive, decoded in the light worker, kept only as small pictures."""

import secrets
import threading
from collections import OrderedDict

import numpy as np

from core import engine
from core.engine import EngineError
from core.i18n import N_
from core.settings import settings

KEPT = 64


class Uploads:
    """The visitors' pictures of the last while, each only for its own visitor.

    A picture here is at most 512 pixels wide: the uploaded file itself is gone once decoded.
    """

    def __init__(self) -> None:
        self._pictures: OrderedDict[str, tuple[str, np.ndarray]] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, raw: bytes, visitor: str) -> tuple[str, np.ndarray]:
        """Decode a file and keep the picture. Returns its token and the picture (h, w, 3)."""
        image = self.decode(raw)
        token = secrets.token_urlsafe(12)
        with self._lock:
            self._pictures[token] = (visitor, image)
            while len(self._pictures) > KEPT:
                self._pictures.popitem(last=False)
        return token, image

    def decode(self, raw: bytes) -> np.ndarray:
        """Decode a file in the light worker: what strangers send never meets this process."""
        limits = settings()
        return engine.current().light("core.insight.pictures:decode", raw, limits.upload_bytes,
                                      limits.upload_pixels)

    def picture(self, token: str, visitor: str) -> np.ndarray:
        """A kept picture of this visitor."""
        with self._lock:
            whose, image = self._pictures.get(token, ("", None))
        if image is None or whose != visitor:
            raise EngineError(N_("This picture is not here any more. Choose it again."))
        return image


uploads = Uploads()
