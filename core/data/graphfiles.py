"""Graphs of strangers: an edge list as CSV, or GraphML. Runs in the light worker.

GraphML is read as a stream by expat, with nothing kept but names, numbers and classes. A document
type, which is where entities are declared, is refused: so nothing can be unfolded or fetched.
"""

import csv
import io
from pathlib import Path
from typing import Any
from xml.parsers import expat

import numpy as np

from core.data.archives import BadUpload
from core.data.uploads import decoded
from core.i18n import N_

MOST_NODES = 2_000
MOST_EDGES = 20_000
MOST_CLASSES = 12
LEAST = 3  # nodes of each class
FEWEST_BARE = 10  # edges of a graph without classes, of which some are to be hidden
LONGEST = 60  # characters of a name
HEADINGS = {"source", "from", "node1", "a", "start", "quelle", "u"}
CLASS_KEYS = ("class", "label", "group", "club", "community", "category", "type")

NO_GRAPH = N_("There is no graph in this file: it needs an edge in each row, two names separated "
              "by a comma.")
TOO_LARGE = N_("This graph is too large: at most {nodes} nodes and {edges} edges are taken.")
CLASSES = N_("The nodes need between two and {most} classes; {count} were found. Write rows like "
             "“Anna,,red”, or give nodes in GraphML a “class”; or bring at least {edges} edges "
             "and no class at all.")
TOO_FEW = N_("“{name}” has {count} nodes with a class; at least {least} are needed: one to learn "
             "from, one to validate and one to test.")
DRAWN = N_("Draw at least two classes with three nodes each, and join them.")
BAD_XML = N_("This GraphML cannot be read: {problem}. Save it again, without a document type.")


def read(path: str, out: str) -> dict[str, Any]:
    """A graph. Writes ``edges`` (e, 2) int32, each once, ``y`` (n,) int64 with -1 for a node
    without a class, ``names``, ``classes``, and ``x`` (n, 0): such graphs have no features of
    their own, so each node is known by its name only.

    Returns ``{"nodes", "edges", "features", "classes": {name: nodes}}``.

    A graph without any class is taken, too, if it has edges enough that some can be hidden.

    Raises:
        BadUpload: no graph, one that is too large, or classes with too few nodes.
    """
    words, _ = decoded(Path(path).read_bytes())
    edges, labels = graphml(words) if words.lstrip()[:1] == "<" else edge_list(words)
    names = list(dict.fromkeys([name for edge in edges for name in edge] + list(labels)))
    number = {name: place for place, name in enumerate(names)}
    pairs = sorted({(min(number[a], number[b]), max(number[a], number[b]))
                    for a, b in edges if a != b})
    if not pairs:
        raise BadUpload(NO_GRAPH)
    _fits(names, pairs)
    classes = sorted(set(labels.values()))
    bare = not classes and len(pairs) >= FEWEST_BARE
    if not (bare or 2 <= len(classes) <= MOST_CLASSES):
        raise BadUpload(CLASSES, {"most": MOST_CLASSES, "count": len(classes),
                                  "edges": FEWEST_BARE})
    y = np.array([classes.index(labels[name]) if name in labels else -1 for name in names])
    for place, each in enumerate(classes):
        if (y == place).sum() < LEAST:
            raise BadUpload(TOO_FEW, {"name": each, "count": int((y == place).sum()),
                                      "least": LEAST})
    return _written(out, names, pairs, classes, y)


def _written(out: str, names: list[str], pairs: list, classes: list[str], y: np.ndarray,
             **more: np.ndarray) -> dict[str, Any]:
    with open(out, "wb") as file:
        np.savez(file, edges=np.array(pairs, np.int32), y=y.astype(np.int64),
                 names=np.array(names), classes=np.array(classes),
                 x=np.zeros((len(names), 0), np.float32), **more)
    counts = {each: int((y == place).sum()) for place, each in enumerate(classes)}
    return {"nodes": len(names), "edges": len(pairs), "features": 0, "classes": counts}


def drawn(out: str, labels: list[int], edges: list[list[int]], places: list[list[float]],
          letters: str) -> dict[str, Any]:
    """A graph that was drawn in the page, as :func:`read` writes it, and ``places`` (n, 2) in
    -1..1. ``labels``: the place of each node's class in ``letters``, -1: none.

    Raises:
        BadUpload: it has no edges, or too few nodes with a class.
    """
    try:
        y, at = np.array(labels, np.int64), np.array(places, np.float32).clip(-1, 1)
        pairs = sorted({(min(int(a), int(b)), max(int(a), int(b))) for a, b in edges if a != b})
        fits = len(y) <= MOST_NODES and at.shape == (len(y), 2) and np.isfinite(at).all()
        known = all(a >= 0 and b < len(y) for a, b in pairs) and y.max(initial=-1) < len(letters)
    except (TypeError, ValueError, OverflowError) as error:
        raise BadUpload(DRAWN) from error
    used = [number for number in range(len(letters)) if (y == number).any()]
    if not (fits and known and pairs and len(used) > 1
            and all((y == number).sum() >= LEAST for number in used)):
        raise BadUpload(DRAWN)
    return _written(out, [str(node) for node in range(1, len(y) + 1)], pairs,
                    [letters[number] for number in used],
                    np.array([used.index(label) if label >= 0 else -1 for label in y]), places=at)


def _fits(names, edges) -> None:
    if len(names) > MOST_NODES or len(edges) > MOST_EDGES:
        raise BadUpload(TOO_LARGE, {"nodes": MOST_NODES, "edges": MOST_EDGES})


def edge_list(words: str) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """Edges by their ends' names, and classes by name: rows ``a,b`` and ``a,,class``. A heading
    (source,target …) is skipped; semicolons and tabs separate, too."""
    first = words.lstrip().partition("\n")[0]
    separator = max(",;\t", key=first.count)
    edges, labels = [], {}
    try:
        for row in csv.reader(io.StringIO(words), delimiter=separator):
            cells = [cell.strip()[:LONGEST] for cell in row] + ["", "", ""]
            if cells[0].lower() in HEADINGS and not edges and not labels:
                continue
            if cells[0] and cells[1]:
                edges.append((cells[0], cells[1]))
            elif cells[0] and cells[2]:
                labels[cells[0]] = cells[2]
            if len(edges) > 2 * MOST_EDGES or len(labels) > MOST_NODES:
                _fits(range(MOST_NODES + 1), ())
    except csv.Error as error:
        raise BadUpload(NO_GRAPH) from error
    return edges, labels


def graphml(words: str) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """Edges by their ends' ids, and the classes of nodes: the first attribute whose name is one
    of :data:`CLASS_KEYS`."""
    reader = _GraphML()
    try:
        reader.parser.Parse(words, True)
    except expat.ExpatError as error:
        problem = expat.ErrorString(error.code)
        raise BadUpload(BAD_XML, {"problem": problem}) from error
    return reader.edges, reader.classes()


class _GraphML:
    """What matters of a GraphML file, taken up as it goes by."""

    def __init__(self) -> None:
        self.edges: list[tuple[str, str]] = []
        self.keys: dict[str, str] = {}  # attribute's id → its name
        self.values: dict[str, dict[str, str]] = {}  # attribute's name → node → value
        self._node = self._key = self._text = ""
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._more

    def classes(self) -> dict[str, str]:
        """The class of each node that has one."""
        return next((self.values[name] for name in CLASS_KEYS if name in self.values), {})

    def _refuse(self, *declared) -> None:
        raise BadUpload(BAD_XML, {"problem": "DOCTYPE"})

    def _start(self, tag: str, given: dict[str, str]) -> None:
        kind = tag.rpartition(":")[2]
        if kind == "key" and given.get("for") in ("node", "all"):
            self.keys[given.get("id", "")] = given.get("attr.name", "").lower()
        elif kind == "node":
            self._node = given.get("id", "").strip()[:LONGEST]
        elif kind == "edge":
            ends = tuple(given.get(end, "").strip()[:LONGEST] for end in ("source", "target"))
            if all(ends):
                self.edges.append(ends)
        elif kind == "data" and self._node:
            self._key, self._text = self.keys.get(given.get("key", ""), ""), ""
        if len(self.edges) > 2 * MOST_EDGES:
            _fits(range(MOST_NODES + 1), ())

    def _more(self, text: str) -> None:
        if self._key in CLASS_KEYS and len(self._text) < LONGEST:
            self._text += text[:LONGEST]

    def _end(self, tag: str) -> None:
        kind = tag.rpartition(":")[2]
        value = self._text.strip()[:LONGEST]
        if kind == "data" and self._node and self._key in CLASS_KEYS and value:
            self.values.setdefault(self._key, {})[self._node] = value
        if kind == "data":
            self._key = ""
        elif kind == "node":
            self._node = ""
