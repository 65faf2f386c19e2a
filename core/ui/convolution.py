"""What the page of convolution shows: the picture under its window, and what to take home."""

import base64
import binascii
import textwrap
from functools import cache
from importlib.metadata import version
from urllib.parse import urlencode

import numpy as np
import streamlit as st

from core import engine
from core.catalogue import ROOMS
from core.data.samples import SIDE, sample, shrink
from core.errors import VisitorError
from core.i18n import N_, t
from core.inlining import Module, Piece, join
from core.insight import convolution as arithmetic
from core.insight.convolution import Window, extent, margins, output_size
from core.params import changed, from_text, knobs, to_text
from core.rooms import Room
from core.rooms.convolution import KERNELS, Convolution, Matrix, parse
from core.ui import address, live, visit
from core.ui import knobs as widgets
from core.ui.parts import part

THUMBNAIL = 32  # px a side
FUNCTIONS = ("Window", "extent", "margins", "output_size", "windows", "conv2d", "relu", "pool")


class DoesNotFit(VisitorError):
    """A window that is larger than what it is to slide over."""


# What is shown

def stage(room: Room, params: Convolution) -> None:
    """The picture, the products and the output, and what comes after."""
    _forget_own_picture(room, params)
    key = f"{room.name}.stage"
    live.mount("convolution", key, room.name, _data(room, params),
               edit=lambda: _edit(room, st.session_state[key].edit),
               own=lambda: _own(room, st.session_state[key].own),
               learned=lambda: st.session_state.update({f"{room.name}.learned": True}))


def _data(room: Room, params: Convolution) -> dict:
    kernel, problem = _kernel(params)
    own = f"{room.name}.own" in st.session_state
    return {
        "picture": base64.b64encode(picture(room, params).tobytes()).decode(),
        "samples": _samples(), "chosen": "" if own else params.picture,
        "named": [{"title": t(title), "text": text} for text, title in KERNELS.items()],
        "learned": _learned(room), "text": params.kernel, "kernel": kernel, "problem": problem,
        "shared": "|" not in params.kernel,
        "window": {"stride": params.stride, "dilation": params.dilation,
                   "padding": params.padding},
        **{name: getattr(params, name) for name in (
            "side", "channels", "relu", "pool", "pool_size", "pool_padding", "flatten")},
        "formula": "" if problem else formula(params, kernel),
        "pool_formula": "" if problem else _pool_formula(params, kernel),
        "limits": {"bytes": engine.current().settings.upload_bytes},
    }


def _kernel(params: Convolution) -> tuple[tuple[Matrix, ...], str]:
    """The kernel, and the sentence that says why it cannot be used."""
    kernel: tuple[Matrix, ...] = ()
    try:
        kernel = parse(params.kernel, params.channels)
        check(params, kernel)
    except VisitorError as error:
        return kernel, error.says()
    return kernel, ""


def check(params: Convolution, kernel: tuple[Matrix, ...]) -> None:
    """Whether the window fits into the picture.

    Raises:
        DoesNotFit: with the formula for the output's size and its numbers.
    """
    for window in _windows(params, kernel):
        count = output_size(params.side, window)
        if count < 1:
            raise DoesNotFit(N_(
                "The window does not fit. It spans e = d·(k − 1) + 1 = {dilation}·({size} − 1) + 1 "
                "= {span} pixels and the picture has n = {side}, so the output would be "
                "⌊(n + p − e) / s⌋ + 1 = ⌊({side} + {padding} − {span}) / {stride}⌋ + 1 = {count} "
                "pixels wide. Choose the padding “same”, a smaller dilation or kernel, or a larger "
                "picture."),
                {"dilation": window.dilation, "size": window.size, "span": extent(window),
                 "side": params.side, "padding": sum(margins(params.side, window)),
                 "stride": window.stride, "count": count})


def _windows(params: Convolution, kernel: tuple[Matrix, ...]) -> list[Window]:
    """Down and across."""
    return [Window(size, params.stride, params.dilation, params.padding)
            for size in (len(kernel[0]), len(kernel[0][0]))]


def formula(params: Convolution, kernel: tuple[Matrix, ...]) -> str:
    """The output's size with its numbers; twice where height and width differ."""
    return " · ".join(dict.fromkeys(
        _size(params.side, window) for window in _windows(params, kernel)))


def _pool_formula(params: Convolution, kernel: tuple[Matrix, ...]) -> str:
    window = Window(params.pool_size, params.pool_size, 1, params.pool_padding)
    sizes = [output_size(params.side, each) for each in _windows(params, kernel)]
    return " · ".join(dict.fromkeys(_size(size, window) for size in sizes))


def _size(length: int, window: Window) -> str:
    return (f"⌊({length} + {sum(margins(length, window))} − {extent(window)}) / "
            f"{window.stride}⌋ + 1 = {output_size(length, window)}")


@cache
def _thumbnail(name: str) -> dict:
    small = shrink(sample(name), THUMBNAIL, 3)
    return {"width": THUMBNAIL, "height": THUMBNAIL, "channels": 3,
            "data": base64.b64encode(small.tobytes()).decode()}


def _samples() -> list[dict]:
    choices = next(each.choices for each in knobs(Convolution) if each.name == "picture")
    return [{"name": name, "title": t(title), "picture": _thumbnail(name)}
            for name, title in choices.items()]


def _learned(here: Room) -> list[dict]:
    """Trained networks whose kernels can be had: those that ship and, once the visitor wants to
    see them, their own runs: the first page need not wait until the store is open."""
    found = []
    for room in (each for each in ROOMS if "kernels" in each.answers):
        found += [{"room": room.name, "model": f"weights:{each.name}", "title": t(each.title)}
                  for each in room.weights]
        if f"{here.name}.learned" in st.session_state:
            runs = engine.current().store.runs(room=room.name, owner=visit.visitor())
            found += [{"room": room.name, "model": f"run:{run.run_id}",
                       "title": run.name or run.run_id}
                      for run in runs if run.state in ("finished", "stopped")]
    return found


# What the visitor does to it

def picture(room: Room, params: Convolution) -> np.ndarray:
    """The visitor's own picture, or the chosen sample: uint8, (128, 128, 3)."""
    return st.session_state.get(f"{room.name}.own", sample(params.picture))


def _edit(room: Room, values: dict[str, str]) -> None:
    """A kernel or a sample was chosen on the picture's side of the page."""
    if "picture" in values:
        st.session_state.pop(f"{room.name}.own", None)
    given = {**to_text(widgets.current(room)), **{name: str(each) for name, each in values.items()}}
    widgets.assign(room, from_text(room.params, given)[0])


def _own(room: Room, sent: dict[str, str]) -> None:
    """The visitor's own picture, as the browser made it small. What is none is left out."""
    try:
        raw = base64.b64decode(sent["rgb"], validate=True)
    except (KeyError, TypeError, ValueError, binascii.Error):
        return
    if len(raw) == SIDE * SIDE * 3:
        own = np.frombuffer(raw, np.uint8).reshape(SIDE, SIDE, 3)
        st.session_state[f"{room.name}.own"] = own
        st.session_state[f"{room.name}.own.beside"] = widgets.current(room).picture


def _forget_own_picture(room: Room, params: Convolution) -> None:
    """Another sample was chosen in the list: that one is meant."""
    if st.session_state.get(f"{room.name}.own.beside", params.picture) != params.picture:
        st.session_state.pop(f"{room.name}.own", None)
        st.session_state.pop(f"{room.name}.own.beside", None)


# What is taken home

@part("home")
def take_home(room: Room, params: Convolution) -> None:
    """The program, its output, and a link that brings everything back."""
    st.header(t("Take it home"))
    kernel, problem = _kernel(params)
    files, link = st.columns([3, 2], gap="large")
    with files:
        if problem:
            st.markdown(t("The program appears here as soon as the window fits."))
        else:
            _files(room, params, kernel)
    with link:
        _link(room, params)


def _files(room: Room, params: Convolution, kernel: tuple[Matrix, ...]) -> None:
    small = shrink(picture(room, params), params.side, params.channels)
    text = program(params, kernel, small)
    with st.container(horizontal=True):
        st.download_button(t("Program (.py)"), text, f"{room.name}.py", "text/x-python",
                           icon=":material/code:", on_click="ignore")
        st.download_button(t("Output (.csv)"), lambda: _csv(params, kernel, small),
                           f"{room.name}.csv", "text/csv", icon=":material/table_chart:",
                           on_click="ignore")
    st.caption(t("It needs nothing but NumPy and prints the very output that you see here."))
    with st.expander(t("Read the program")):
        st.code(text, language="python")


def _csv(params: Convolution, kernel: tuple[Matrix, ...], small: np.ndarray) -> str:
    output = arithmetic.conv2d(
        small / 255, weights(kernel), stride=params.stride, dilation=params.dilation,
        padding=params.padding)
    return "".join(",".join(f"{value:.6g}" for value in row) + "\n" for row in output[..., 0])


def weights(kernel: tuple[Matrix, ...]) -> np.ndarray:
    """One matrix a channel → (rows, columns, channels, 1), as TensorFlow has it."""
    return np.moveaxis(np.array(kernel), 0, -1)[..., None]


def program(params: Convolution, kernel: tuple[Matrix, ...], small: np.ndarray) -> str:
    """One Python file that needs only NumPy and computes what the page shows.

    ``small``: the picture, uint8, (side, side, channels).
    """
    module = Module.called("core.insight.convolution")
    return join([
        Piece(_HEADER.format(numpy=version("numpy"))),
        Piece(_IMPORTS),
        Piece(_settings(params, kernel, small)),
        *(module.piece(module.defined[name]) for name in FUNCTIONS),
        Piece(_MAIN, tall=True),
    ])


_HEADER = '''"""A convolution as it was set up in the Perceptorium, with nothing but NumPy.

What deep learning calls a convolution is a cross-correlation: the kernel is not flipped.

Run it:
    pip install numpy=={numpy}
    python this_file.py
"""'''

_IMPORTS = '''import base64
import sys
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view'''

_MAIN = '''if __name__ == "__main__":
    picture = np.frombuffer(base64.b64decode(PICTURE), np.uint8).reshape(SHAPE) / 255
    output = conv2d(picture, KERNEL, stride=STRIDE, dilation=DILATION, padding=PADDING)
    print(f"# output of the convolution: {output.shape[0]} x {output.shape[1]}")
    np.savetxt(sys.stdout, output[..., 0], fmt="%.6g")
    if RELU:
        output = relu(output)
    if POOL != "none":
        output = pool(output, POOL_SIZE, POOL, POOL_PADDING)
        print(f"# after pooling: {output.shape[0]} x {output.shape[1]}")
        np.savetxt(sys.stdout, output[..., 0], fmt="%.6g")'''


def _settings(params: Convolution, kernel: tuple[Matrix, ...], small: np.ndarray) -> str:
    raw = base64.b64encode(small.tobytes()).decode()
    pixels = "\n".join(f'    "{line}"' for line in textwrap.wrap(raw, 92))
    matrices = ",\n".join(
        "    [" + ",\n     ".join(str(list(row)) for row in matrix) + "]" for matrix in kernel)
    return f"""\
# One matrix a channel; then the axes are (rows, columns, channels, filters).
KERNEL = np.moveaxis(np.array([
{matrices},
]), 0, -1)[..., None]
STRIDE = {params.stride}
DILATION = {params.dilation}
PADDING = "{params.padding}"  # valid, same, full
RELU = {params.relu}  # before the pooling
POOL = "{params.pool}"  # max, average, none
POOL_SIZE = {params.pool_size}
POOL_PADDING = "{params.pool_padding}"  # valid, same
SHAPE = {small.shape}  # rows, columns, channels
PICTURE = (  # its pixels as bytes
{pixels}
)"""


def _link(room: Room, params: Convolution) -> None:
    values = changed(params)
    link = f"{address.base_address()}/{room.name}" + (f"?{urlencode(values)}" if values else "")
    st.html(address.qr(link, t("QR code of the link")))
    st.code(link, language=None, wrap_lines=True)
    st.caption(t("Your own picture stays with you; the link shows the sample instead.")
               if f"{room.name}.own" in st.session_state else
               t("The link brings everything back: picture, kernel, window and what comes after."))
    st.html(address.handout(room.name))
