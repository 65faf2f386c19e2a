"""A stranger's picture file becomes an array, or one clear sentence. No TensorFlow here."""

import io
import warnings

import numpy as np
from PIL import Image, ImageOps

from core.errors import VisitorError
from core.i18n import N_

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
LONG_SIDE = 512  # pixels that are kept; no network here looks at more


class BadPicture(VisitorError):
    """A file that cannot be used as a picture."""


def decode(raw: bytes, max_bytes: int, max_pixels: int) -> np.ndarray:
    """The picture in a file's bytes: uint8, (h, w, 3), upright, at most 512 pixels a side.

    Of an animation the first frame. What is transparent becomes white. Bytes and pixels are
    compared with the limits before anything is decoded.

    Raises:
        BadPicture: empty, too large, no picture, or damaged.
    """
    if not raw:
        raise BadPicture(N_("The file is empty. Choose a picture that opens on your device."))
    if len(raw) > max_bytes:
        raise BadPicture(N_(
            "The file has {size} MB; at most {limit} MB are taken. Save the picture smaller."),
            {"size": megabytes(len(raw)), "limit": megabytes(max_bytes)})
    picture = open_header(raw)
    width, height = picture.size
    if width * height > max_pixels:
        raise BadPicture(N_(
            "The picture has {width}×{height} pixels; at most {limit} million are taken. "
            "Save it smaller."),
            {"width": width, "height": height, "limit": f"{max_pixels / 1e6:g}"})
    try:
        return upright(picture)
    except Exception as error:  # a decoder may fail in any way on bytes that were made to hurt it
        raise BadPicture(N_(
            "The picture is damaged or only half there. Save or send it once more.")) from error


def decode_file(path: str, max_bytes: int, max_pixels: int) -> np.ndarray:
    """The same for a file on the disk."""
    with open(path, "rb") as file:
        return decode(file.read(max_bytes + 1), max_bytes, max_pixels)


def open_header(raw: bytes) -> Image.Image:
    """The picture with only its header read."""
    try:
        with warnings.catch_warnings():  # Pillow's own limit: ours is stricter and speaks clearly
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return Image.open(io.BytesIO(raw), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise BadPicture(N_("The picture has far too many pixels. Save it smaller.")) from error
    except Exception as error:
        raise BadPicture(N_(
            "This file is no picture that can be read here. Use PNG, JPEG or WebP.")) from error


def upright(picture: Image.Image) -> np.ndarray:
    """Decoded, small, turned as the camera was held, without transparency."""
    picture.draft("RGB", (LONG_SIDE, LONG_SIDE))  # a JPEG decodes smaller, and so faster
    picture.load()
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        picture = to_eight_bits(picture)
    picture.thumbnail((LONG_SIDE, LONG_SIDE))
    picture = ImageOps.exif_transpose(picture).convert("RGBA")
    paper = Image.new("RGBA", picture.size, "white")
    return np.asarray(Image.alpha_composite(paper, picture).convert("RGB"))


def to_eight_bits(picture: Image.Image) -> Image.Image:
    """A picture of 16 bits or more a pixel, its range stretched to 0..255."""
    values = np.nan_to_num(np.asarray(picture).astype(np.float64))
    low, high = values.min(), values.max()
    return Image.fromarray(((values - low) / max(high - low, 1e-9) * 255).astype(np.uint8))


def megabytes(size: int) -> str:
    """Bytes as millions, one decimal at most."""
    return f"{size / 1e6:.3g}"
