"""Makes the example of own pictures: `python -m benchmarks.example_pictures`.

Three classes of drawn shapes in all sizes, places and colours, as a zip of class folders.
"""

import io
import zipfile

import numpy as np
from PIL import Image, ImageDraw

from core.ui.pictures import EXAMPLE

SIDE = 48
EACH = 40
CORNERS = {"circles": 0, "squares": 4, "triangles": 3}


def main() -> None:
    EXAMPLE.parent.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(1)
    with zipfile.ZipFile(EXAMPLE, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, corners in CORNERS.items():
            for number in range(EACH):
                entry = zipfile.ZipInfo(f"{name}/{number + 1:02}.png")  # 1980: the same each time
                archive.writestr(entry, png(shape(corners, random)))
    print(f"{EXAMPLE.name}: {EXAMPLE.stat().st_size} bytes")


def shape(corners: int, random: np.random.Generator) -> Image.Image:
    """One shape on plain ground; no corners: a circle."""
    ground, ink = random.integers(0, 110, 3), random.integers(130, 256, 3)
    picture = Image.new("RGB", (SIDE, SIDE), tuple(int(each) for each in ground))
    radius = random.uniform(9, 17)
    x, y = random.uniform(radius, SIDE - radius, 2)
    pen, colour = ImageDraw.Draw(picture), tuple(int(each) for each in ink)
    if not corners:
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    else:
        turn = random.uniform(-25, 25) + (45 if corners == 4 else 30)
        pen.regular_polygon((x, y, radius), corners, rotation=turn, fill=colour)
    return picture


def png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


if __name__ == "__main__":
    main()
