"""Files that strangers send: good pictures and bad ones."""

import io
import zlib

from PIL import Image, ImageDraw


def png(width: int, height: int, stroke: bool = False) -> bytes:
    """A light picture, with a dark vertical stroke if asked."""
    image = Image.new("L", (width, height), 230)
    if stroke:
        ImageDraw.Draw(image).line([(width / 2, height * 0.15), (width / 2, height * 0.85)],
                                   fill=20, width=max(width // 9, 1))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def bomb() -> bytes:
    """A PNG of a few bytes whose header promises 60,000 × 60,000 pixels."""
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (len(body).to_bytes(4, "big") + kind + body
                + zlib.crc32(kind + body).to_bytes(4, "big"))

    header = (60_000).to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(99)))
