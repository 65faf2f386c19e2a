"""From a drawing or a photo to what the network was trained on.

A network judges well only what looks like its training pictures. MNIST's, Fashion-MNIST's and the
8×8 digits were centred and scaled in their own ways; here the same is done to a stranger's picture.
"""

import numpy as np
from PIL import Image
from scipy import ndimage

FAINT = 0.25  # a drawing's ink, from 0 to 1, below which it is no ink
CONTRAST = 0.12  # the least difference between ink and paper in a photo
LEAST_INK = 4  # pixels; fewer are a speck
FLAT = 0.02  # a colour photo whose values differ by less shows nothing


def prepare(image: np.ndarray, kind: str, shape: tuple[int, int, int], dataset: str = "mnist",
            ) -> tuple[np.ndarray, bool]:
    """A picture as the network wants it, and whether there was nothing in it.

    ``image``: uint8, (h, w) or (h, w, 3). ``kind``: "drawing" (ink bright on black) or "photo"
    (ink on paper, either way round, any light). ``shape``: the network's input; ``dataset``: what
    it was trained with. Returns float32 in 0..1 of that shape; all zeros if blank.
    """
    values = image.astype(np.float32) / 255
    if shape[2] == 3:
        return photograph(values, shape)
    if values.ndim == 3:
        values = values @ np.array([0.299, 0.587, 0.114], np.float32)
    ink = ink_of_photo(values) if kind == "photo" else np.where(values > FAINT, values, 0)
    if np.count_nonzero(ink) < LEAST_INK:
        return np.zeros(shape, np.float32), True
    box = ndimage.find_objects((ink > 0).astype(np.int8))[0]
    place = like_digits if shape[:2] == (8, 8) else (
        like_fashion if dataset == "fashion" else like_mnist)
    return place(ink[box], shape[:2])[..., None].astype(np.float32), False


def photograph(values: np.ndarray, shape: tuple[int, int, int]) -> tuple[np.ndarray, bool]:
    """The square in the middle of a photo, in colour: (h, w) or (h, w, 3) → shape. What has the
    same colour everywhere is blank."""
    if values.ndim == 2:
        values = np.repeat(values[..., None], 3, axis=2)
    side = min(values.shape[:2])
    top, left = ((length - side) // 2 for length in values.shape[:2])
    square = values[top:top + side, left:left + side]
    small = np.stack([resized(square[..., each], shape[:2]) for each in range(3)], axis=2)
    if np.ptp(small, axis=(0, 1)).max() < FLAT:
        return np.zeros(shape, np.float32), True
    return np.clip(small, 0, 1), False


def ink_of_photo(grey: np.ndarray) -> np.ndarray:
    """The ink of a photo as 0..1 on black: paper, shadow and grain removed. (h, w) → (h, w).

    The paper's brightness is estimated around each pixel by a wide median, so that a shadow
    across the page is paper too; ink is what differs from it, to the side that differs more.
    """
    small = max(1, max(grey.shape) // 64)
    coarse = ndimage.median_filter(grey[::small, ::small], size=25, mode="nearest")
    paper = resized(coarse, grey.shape)
    difference = ndimage.gaussian_filter(grey - paper, max(grey.shape) / 300)
    darker, brighter = -difference.min(), difference.max()
    ink = -difference if darker >= brighter else difference
    threshold = max(CONTRAST, otsu(np.clip(ink, 0, None)))
    mask = without_specks(ink > threshold)
    return np.where(mask, np.clip(ink / max(ink.max(), 1e-6) * 1.5, 0, 1), 0)


def without_specks(mask: np.ndarray) -> np.ndarray:
    """Only the parts of the ink that are not tiny beside the largest one."""
    parts, count = ndimage.label(mask, structure=np.ones((3, 3)))
    sizes = ndimage.sum_labels(mask, parts, np.arange(count + 1))
    return (sizes >= 0.1 * sizes.max())[parts] & mask if count else mask


def otsu(values: np.ndarray) -> float:
    """The threshold that parts the values into two classes with the least spread within each.

    (Otsu, "A threshold selection method from gray-level histograms", 1979.)
    """
    counts, edges = np.histogram(values, bins=64)
    centres = (edges[1:] + edges[:-1]) / 2
    below = np.cumsum(counts)
    above = below[-1] - below
    total = np.cumsum(counts * centres)
    apart = total / np.maximum(below, 1) - (total[-1] - total) / np.maximum(above, 1)
    return float(centres[np.argmax(below * above * apart**2)])


def like_mnist(ink: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """MNIST's way: the longer side to 20 of 28 pixels, centre of mass in the middle. → size"""
    height, width = size
    scale = 20 / 28 * min(height, width) / max(ink.shape)
    digit = resized(ink, [max(1, round(side * scale)) for side in ink.shape])
    canvas = np.zeros(size, np.float32)
    top, left = (side // 2 - round(centre) for side, centre in
                 zip(size, ndimage.center_of_mass(digit + 1e-6)))
    top = min(max(top, 0), height - digit.shape[0])
    left = min(max(left, 0), width - digit.shape[1])
    canvas[top:top + digit.shape[0], left:left + digit.shape[1]] = digit
    return canvas / max(canvas.max(), 1e-6)


def like_fashion(ink: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Fashion-MNIST's way: the longer side from rim to rim, in the middle. → size"""
    scale = min(size) / max(ink.shape)
    thing = resized(ink, [max(1, round(side * scale)) for side in ink.shape])
    canvas = np.zeros(size, np.float32)
    top, left = ((whole - side) // 2 for whole, side in zip(size, thing.shape))
    canvas[top:top + thing.shape[0], left:left + thing.shape[1]] = thing
    return canvas / max(canvas.max(), 1e-6)


def like_digits(ink: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The 8×8 digits' way: a 32×32 bitmap of the ink, filled from top to bottom, in 4×4 blocks.

    A pixel of the result is the share of ink in its block. Their writers' pens drew lines about 5
    of 32 pixels thick; a thinner line grows to that.
    """
    scale = min(32 / ink.shape[0], 24 / ink.shape[1])
    digit = resized(ink, [max(2, round(side * scale)) for side in ink.shape]) > 0.3
    bitmap = np.zeros((32, 32), bool)
    top, left = ((32 - side) // 2 for side in digit.shape)
    bitmap[top:top + digit.shape[0], left:left + digit.shape[1]] = digit
    while bitmap.any() and thickness(bitmap) < 4.5:
        bitmap = ndimage.binary_dilation(bitmap)
    return bitmap.reshape(8, 4, 8, 4).mean(axis=(1, 3))


def thickness(bitmap: np.ndarray) -> float:
    """How thick a drawing's lines are, in pixels: the ink's area by half the length of its rim."""
    rim = bitmap & ~ndimage.binary_erosion(bitmap)
    return 2 * bitmap.sum() / max(rim.sum(), 1)


def resized(image: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """The picture at another size, each new pixel a mean of what it covers."""
    height, width = shape
    picture = Image.fromarray(image.astype(np.float32))
    return np.asarray(picture.resize((width, height), Image.Resampling.BILINEAR))
