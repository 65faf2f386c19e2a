"""Cora: papers on machine learning that cite each other, with the split of Planetoid.

2,708 papers, 5,278 citations, 1,433 words, seven topics; 20 papers a topic are known, 500
validate, 1,000 test (Yang, Cohen & Salakhutdinov, "Revisiting semi-supervised learning with graph
embeddings", 2016). The authors' files are pickles of Python 2: each is checked against its
SHA-256, and even then only plain arrays are let out of it.
"""

import copyreg
import io
import pickle
from collections import defaultdict
from pathlib import Path

import numpy as np

from core.data.graph import Graph, both_ways
from core.data.sources import Source, fetch, found, here

TOPICS = ("Theory", "Reinforcement learning", "Genetic algorithms", "Neural networks",
          "Probabilistic methods", "Case-based", "Rule learning")
PACKED = ("graph/cora.npz", "cora/cora.npz", "cora.npz")
ADDRESS = ("https://raw.githubusercontent.com/kimiyoung/planetoid/"
           "af6abf468a772cc055bec88c52e4d6f51b7c37e3/data/")
VALIDATED = 500  # papers after the known ones
# Part of the data set: bytes and SHA-256 of its file.
PARTS = {
    "allx": (257_305, "9419ba2f26f5c35243db64aba110e0f35a04851609e0dc5433450676ca6b8543"),
    "tx": (148_025, "b9afbaa4a400df991f6f02ef677e1e44da55ffc04801fd02f9e673987829226a"),
    "y": (4_054, "94465c14eb53e04ca262198dcbb2521ee8af60fb3f3d546cd6ca24a511b0e7d1"),
    "ally": (47_959, "2b998f5cc7fedc86e7f97ca2498f47a1ffc1462c29e2d578b23bf3f62b6e7d71"),
    "ty": (28_135, "41f5ac76596a1699cc33f53084a2419e92961c42bb75f36fc38e616d348532ad"),
    "graph": (59_847, "58f13302f39dde8852dad6fe6d15b89b077b6d7f837626bce671ef80344b383d"),
    "test.index": (5_000, "297ce89af2b51a6a194181c7dbe1796c6a1cf9cd9349a88383b1b1e227867875"),
}


def cora(params) -> Graph:
    """Cora. Each paper's words add up to 1. Downloads half a megabyte unless it is here already,
    as Planetoid's files or packed as ``cora.npz``.

    Raises:
        DownloadError: it is not here and could not be fetched.
    """
    packed = found(*PACKED)
    if packed:
        with np.load(packed, allow_pickle=False) as file:
            parts = {name: file[name] for name in file.files}
        x = np.zeros((int(parts["num_nodes"]), int(parts["num_features"])), np.float32)
        x[parts["feat_row"], parts["feat_col"]] = 1
        masks = [parts[f"{part}_mask"].astype(bool) for part in ("train", "val", "test")]
        edges, y = parts["edges"], parts["labels"].astype(np.int64)
    else:
        x, edges, y, masks = assembled({part: fetch(source(part)) for part in PARTS})
    x /= np.maximum(x.sum(axis=1, keepdims=True), 1)
    names = tuple(str(node) for node in range(1, len(x) + 1))
    return Graph(x, both_ways(edges), y, *masks, TOPICS, names)


def source(part: str) -> Source:
    """Where one of Planetoid's files lies."""
    size, digest = PARTS[part]
    name = f"ind.cora.{part}"
    return Source(name, (f"graph/{name}", name), ADDRESS + name, size, digest)


def to_download(name: str) -> int:
    """Bytes of the data set that are not on this machine yet."""
    if found(*PACKED):
        return 0
    return sum(size for part, (size, _) in PARTS.items() if here(source(part)) is None)


def assembled(files: dict[str, Path]) -> tuple[np.ndarray, np.ndarray, np.ndarray, list]:
    """Planetoid's files put together: words (n, 1433) of 0 and 1, edges (e, 2) each once, topics
    (n,), and which papers are known, validate and test, three (n,) of bool.

    The test papers come last, in an order that is told by ``test.index``.
    """
    parts = {name: _Plain(path.read_bytes()).load() for name, path in files.items()
             if name != "test.index"}
    last = np.array(files["test.index"].read_text().split(), int)
    count = parts["allx"].shape[0] + len(last)
    order = np.concatenate([np.arange(count - len(last)), last])
    x = np.zeros((count, parts["allx"].shape[1]), np.float32)
    x[order] = np.concatenate([parts["allx"].dense(), parts["tx"].dense()])
    y = np.zeros(count, np.int64)
    y[order] = np.concatenate([parts["ally"], parts["ty"]]).argmax(axis=1)
    edges = {(min(a, b), max(a, b)) for a, others in parts["graph"].items() for b in others
             if a != b}
    masks = [np.zeros(count, bool) for _ in range(3)]
    known = len(parts["y"])
    for mask, nodes in zip(masks, (np.arange(known), np.arange(known, known + VALIDATED), last)):
        mask[nodes] = True
    return x, np.array(sorted(edges), np.int32), y, masks


class _Rows:
    """What a pickled ``scipy.sparse.csr_matrix`` holds."""

    @property
    def shape(self) -> tuple[int, int]:
        return self._shape

    def dense(self) -> np.ndarray:
        whole = np.zeros(self.shape, np.float32)
        rows = np.repeat(np.arange(len(self.indptr) - 1), np.diff(self.indptr))
        whole[rows, self.indices] = self.data
        return whole


_PLAIN = {"_reconstruct": np.zeros(0).__reduce__()[0], "ndarray": np.ndarray, "dtype": np.dtype,
          "csr_matrix": _Rows, "defaultdict": defaultdict, "list": list,
          "_reconstructor": copyreg._reconstructor, "object": object}


class _Plain(pickle.Unpickler):
    """Opens a pickle and lets nothing out but arrays, sparse rows, dictionaries and lists."""

    def __init__(self, content: bytes):
        super().__init__(io.BytesIO(content), encoding="latin1")

    def find_class(self, module: str, name: str):
        if name not in _PLAIN:
            raise pickle.UnpicklingError(f"{module}.{name} is no array")
        return _PLAIN[name]
