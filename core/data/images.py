"""Picture data sets: arrays, a fixed split, class names."""

import gzip
import io
import lzma
import pickle
import tarfile
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from core.data.sources import Source, fetch, found, here
from core.data.splits import Splits
from core.errors import VisitorError
from core.own import arrays
from core.rooms.classes import CLOTHES, LEAST, THINGS, TOO_FEW

MNIST = Source(
    name="MNIST",
    accepted=("images/mnist.npz.xz", "images/mnist.npz", "mnist.npz.xz", "mnist.npz"),
    url="https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
    bytes=11_490_434,
    sha256="731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
)

ZALANDO = ("https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/"
           "b2617bb6d3ffa2e429640350f613e3291e10b141/data/fashion/")
FASHION = {
    part: Source("Fashion-MNIST", (f"fashion/{file}",), ZALANDO + file, size, sha256)
    for part, file, size, sha256 in (
        ("x_train", "train-images-idx3-ubyte.gz", 26_421_880,
         "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
        ("y_train", "train-labels-idx1-ubyte.gz", 29_515,
         "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
        ("x_test", "t10k-images-idx3-ubyte.gz", 4_422_102,
         "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
        ("y_test", "t10k-labels-idx1-ubyte.gz", 5_148,
         "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"))}
FASHION_PACKED = ("images/fashion_mnist.npz.xz", "fashion_mnist.npz.xz")  # all four in one

CIFAR10 = Source(
    name="CIFAR-10",
    accepted=("cifar10/cifar-10-python.tar.gz", "cifar-10-python.tar.gz"),
    url="https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
    bytes=170_498_071,
    sha256="6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
)
FIRST_SHEET = f"cifar10/train_0_{THINGS[0]}.webp"


class Data(Splits):
    """Pictures and labels.

    ``x_*``: float32 in 0..1, (n, height, width, channels); ``y_*``: int64 class numbers, (n,).
    A large set keeps ``x_train`` as bytes 0..255, a quarter of the memory: :func:`unit` reads both.
    """


def digits() -> Data:
    """Handwritten digits of 8×8 pixels (Alpaydin & Kaynak 1998), as scikit-learn ships them.

    1,197 for training, 200 for validation, 400 for the test, every class in proportion. The
    split never changes, so that any two runs can be compared.
    """
    numbers = load_digits()
    x, y = (numbers.images[..., None] / 16).astype(np.float32), numbers.target.astype(np.int64)
    x, x_test, y, y_test = train_test_split(x, y, test_size=400, stratify=y, random_state=0)
    x, x_val, y, y_val = train_test_split(x, y, test_size=200, stratify=y, random_state=0)
    return Data(x, y, x_val, y_val, x_test, y_test, tuple("0123456789"))


def mnist() -> Data:
    """Handwritten digits of 28×28 pixels (LeCun et al. 1998).

    55,000 for training, 5,000 for validation (the last of the original training set) and the
    10,000 of the original test. Downloads 11 MB unless the file is here already.

    Raises:
        DownloadError: it is not here and could not be fetched.
    """
    with arrays_in(fetch(MNIST)) as parts:
        return original_split(parts, tuple("0123456789"))


def fashion() -> Data:
    """Clothes of 28×28 grey pixels: Fashion-MNIST (Xiao, Rasul & Vollgraf 2017).

    Split as MNIST is. Downloads 31 MB unless the files are here already, or all of them as
    ``fashion_mnist.npz.xz`` (pictures with rows and columns exchanged: ``x_train_T``).

    Raises:
        DownloadError: it is not here and could not be fetched.
    """
    packed = found(*FASHION_PACKED)
    if packed:
        with arrays_in(packed) as turned:
            parts = {name.removesuffix("_T"): values.transpose(0, 2, 1) if name.endswith("_T")
                     else values for name, values in turned.items()}
    else:
        parts = {part: idx(fetch(source)) for part, source in FASHION.items()}
    return original_split(parts, CLOTHES)


def cifar10() -> Data:
    """Photographs of 32×32 coloured pixels: CIFAR-10 (Krizhevsky 2009).

    45,000 for training, 5,000 for validation, every class in proportion, and the 10,000 of the
    original test. Downloads 170 MB unless the archive is here already, or the pictures as sheets
    (``cifar10/train_0_airplane.webp`` …). Sheets are lossy: with them, figures differ a little.

    Raises:
        DownloadError: it is not here and could not be fetched.
    """
    sheet = found(FIRST_SHEET)
    parts = from_sheets(sheet.parent) if sheet else from_archive(fetch(CIFAR10))
    x, y = parts["x_train"], parts["y_train"].astype(np.int64)
    x, x_val, y, y_val = train_test_split(x, y, test_size=5000, stratify=y, random_state=0)
    return Data(x, y, unit(x_val), y_val, unit(parts["x_test"]), parts["y_test"].astype(np.int64),
                THINGS)


def own_pictures(name: str) -> Data:
    """A visitor's own pictures, by the name under which they are kept.

    Of each class a sixth is for validation and a sixth for the test, one picture at least; the
    split never changes.

    Raises:
        VisitorError: they are not here any more, or a class has fewer than three.
    """
    kept = arrays(name)
    x, y, names = kept["x"], kept["y"].astype(np.int64), tuple(map(str, kept["names"]))
    parts = [[], [], []]
    for number, called in enumerate(names):
        rows = np.random.default_rng(number).permutation(np.flatnonzero(y == number))
        if len(rows) < LEAST:
            raise VisitorError(TOO_FEW, {"name": called, "count": len(rows), "least": LEAST})
        sixth = max(1, len(rows) // 6)
        for part, chosen in zip(parts, np.split(rows, [sixth, 2 * sixth])):
            part.extend(chosen)
    val, test, train = map(np.array, parts)
    return Data(x[train], y[train], unit(x[val]), y[val], unit(x[test]), y[test], names)


def original_split(parts, names: tuple[str, ...]) -> Data:
    """60,000 grey pictures and 10,000 for the test; the last 5,000 of the first validate."""
    x, x_test = (parts[name][..., None] for name in ("x_train", "x_test"))
    y, y_test = (parts[name].astype(np.int64) for name in ("y_train", "y_test"))
    return Data(x[:-5000], y[:-5000], unit(x[-5000:]), y[-5000:], unit(x_test), y_test, names)


def unit(pictures: np.ndarray) -> np.ndarray:
    """Bytes 0..255 as float32 in 0..1; what is float already stays as it is."""
    if pictures.dtype != np.uint8:
        return pictures
    return np.divide(pictures, 255, dtype=np.float32)


def arrays_in(path: Path) -> np.lib.npyio.NpzFile:
    """The arrays of an ``.npz`` file, or of one that is packed once more as ``.xz``."""
    packed = path.read_bytes()
    return np.load(io.BytesIO(lzma.decompress(packed) if path.suffix == ".xz" else packed))


def idx(path: Path) -> np.ndarray:
    """The bytes of an idx file (LeCun's format), gzipped: its last magic byte counts the axes."""
    raw = gzip.decompress(path.read_bytes())
    shape = np.frombuffer(raw, ">u4", raw[3], 4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * raw[3]).reshape(shape)


def from_sheets(folder: Path) -> dict[str, np.ndarray]:
    """CIFAR-10 from one picture a class and split, each with 100 tiles of 32×32 in a row."""
    parts = {}
    for split in ("train", "test"):
        tiles = []
        for number, name in enumerate(THINGS):
            with Image.open(folder / f"{split}_{number}_{name}.webp") as sheet:
                pixels = np.asarray(sheet.convert("RGB"))
            rows = pixels.reshape(-1, 32, 100, 32, 3).swapaxes(1, 2)
            tiles.append(rows.reshape(-1, 32, 32, 3))
        parts[f"x_{split}"] = np.concatenate(tiles)
        parts[f"y_{split}"] = np.repeat(np.arange(10), [len(each) for each in tiles])
    return parts


def from_archive(path: Path) -> dict[str, np.ndarray]:
    """CIFAR-10 from its own archive of pickles, which are read without running anything."""
    batches = {}
    with tarfile.open(path, "r:gz") as archive:
        for member in archive:
            if "_batch" in member.name:
                batches[Path(member.name).name] = OnlyArrays(
                    archive.extractfile(member), encoding="bytes").load()
    test = batches.pop("test_batch")
    train = [batches[name] for name in sorted(batches)]
    return {f"{axis}_{split}": np.concatenate([read(batch) for batch in part])
            for split, part in (("train", train), ("test", [test]))
            for axis, read in (("x", _pictures), ("y", lambda batch: batch[b"labels"]))}


class OnlyArrays(pickle.Unpickler):
    """Reads numbers, texts and arrays of a pickle and refuses all else, which might be code."""

    def find_class(self, module, name):
        known = {"_reconstruct": np.empty(0).__reduce__()[0], "ndarray": np.ndarray,
                 "dtype": np.dtype}
        if module.partition(".")[0] == "numpy" and name in known:
            return known[name]
        raise pickle.UnpicklingError(f"{module}.{name} is no array")


def _pictures(batch: dict) -> np.ndarray:
    """Planes of red, green and blue as pictures: (n, 3072) → (n, 32, 32, 3)."""
    return batch[b"data"].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)


DATA_SETS = {"digits": digits, "mnist": mnist, "fashion": fashion, "cifar10": cifar10}


def to_download(name: str) -> int:
    """Bytes of a data set that would have to be downloaded first."""
    sources, instead = {"mnist": ([MNIST], ()), "cifar10": ([CIFAR10], (FIRST_SHEET,)),
                        "fashion": (FASHION.values(), FASHION_PACKED)}.get(name, ((), ()))
    return 0 if found(*instead) else sum(each.bytes for each in sources if not here(each))
