"""Pictures as text that crosses to a page."""

import base64

import numpy as np


def pack(picture: np.ndarray) -> dict:
    """A picture (h, w) or (h, w, c) of values 0..255 as a JSON-able dict, rows first."""
    height, width = picture.shape[:2]
    channels = 1 if picture.ndim == 2 else picture.shape[2]
    return {"width": width, "height": height, "channels": channels, "data": encode(picture)}


def encode(values: np.ndarray) -> str:
    """Values from 0 to 255 as base64 of bytes."""
    whole = np.clip(np.round(values), 0, 255).astype(np.uint8)
    return base64.b64encode(whole.tobytes()).decode()
