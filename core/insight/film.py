"""Pictures that move, to take away."""

import base64
import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

LEAST = 320  # pixels: a film is made at least so wide, by whole times
FRAME, LAST = 80, 1_500  # milliseconds that a frame is shown, and the last of a training


def gif(frames: np.ndarray, columns: int) -> bytes:
    """An animated GIF of frames (f, n, h, w, c) of bytes, each with its n pictures in columns."""
    return written([tiled(each, columns) for each in frames], FRAME, FRAME)


def tiled(pictures: np.ndarray, columns: int) -> Image.Image:
    """Pictures (n, h, w, c) in columns, as one; what lacks in the last row stays black."""
    count, height, width, channels = pictures.shape
    rows = -(-count // columns)
    sheet = np.zeros((rows * columns, height, width, channels), np.uint8)
    sheet[:count] = pictures
    sheet = sheet.reshape(rows, columns, height, width, channels).transpose(0, 2, 1, 3, 4)
    sheet = sheet.reshape(rows * height, columns * width, channels)
    return Image.fromarray(sheet[..., 0] if channels == 1 else sheet)


def growth(pngs: Sequence[str]) -> bytes:
    """An animated GIF of what was made after each epoch; the last one stays longer."""
    opened = [Image.open(io.BytesIO(base64.b64decode(each))) for each in pngs]
    return written([each.convert("L" if each.mode == "L" else "RGB") for each in opened],
                   max(FRAME, 4_000 // len(opened)), LAST)


def written(frames: Sequence[Image.Image], each: int, last: int) -> bytes:
    """The frames as a GIF that goes round; ``each`` and ``last`` in milliseconds."""
    times = -(-LEAST // frames[0].width)
    large = [frame.resize((frame.width * times, frame.height * times), Image.Resampling.NEAREST)
             for frame in frames]
    file = io.BytesIO()
    large[0].save(file, "GIF", save_all=True, append_images=large[1:], loop=0,
                  duration=[*[each] * (len(large) - 1), last], optimize=False)
    return file.getvalue()
