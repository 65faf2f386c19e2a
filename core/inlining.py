"""Source text of this project made to stand alone.

The take-home program imports nothing of this project: each imported name is replaced by its
definition, with what that one uses in turn. Text is moved, not rewritten, so that comments and
docstrings stay.
"""

import ast
import importlib.util
import re
import threading
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

PROJECT = "core"
MARK = "N_"  # marks a message for translation; a program speaks one language

# What belongs to the app rather than to its programs, and what takes its place.
STAND_INS = {
    ("core.settings", "settings"): '''\
from pathlib import Path
from types import SimpleNamespace

def settings():
    """Where data sets lie: in the folder in which this program is started."""
    return SimpleNamespace(data=Path("."), cache=Path("."))
''',
    ("core.data.sources", "fetch"): '''\
import hashlib
import urllib.request
from pathlib import Path

from core.data.sources import found

def fetch(source):
    """The path of a data set's file, downloaded into this folder if it is not here."""
    target = Path(Path(source.url).name)
    path = found(*source.accepted, target)
    if path:
        return path
    print(f"downloading {source.name} from {source.url}", flush=True)
    with urllib.request.urlopen(source.url, timeout=60) as answer:
        content = answer.read()
    target.write_bytes(content)
    digest = source.digest(target) if source.digest else hashlib.sha256(content).hexdigest()
    if digest != source.sha256:
        target.unlink()
        raise ValueError(f"{source.url} is not the file that was expected")
    return target
''',
    ("core.own", "arrays"): '''\
from pathlib import Path

import numpy as np

def arrays(name):
    """Your own data: the arrays in the file that lies beside this program."""
    with np.load(Path(__file__).with_name(f"{name}.npz"), allow_pickle=False) as file:
        return {key: file[key] for key in file.files}
''',
    ("core.data.shipped", "shipped"): '''\
from pathlib import Path

def shipped(name):
    """What the museum ships with: a file that lies beside this program."""
    return Path(__file__).with_name(Path(name if "." in name else f"{name}.keras").name)
''',
    ("core.errors", "VisitorError"): '''\
class VisitorError(Exception):
    """One clear sentence that says what went wrong."""

    def __init__(self, message, values):
        super().__init__(message.format(**values))
''',
}

Origin = tuple[str, str]  # a module and a name in it; "" is the module itself


class Piece(NamedTuple):
    """A part of a program; what is tall (a function, a class) has two empty lines around it."""

    text: str
    tall: bool = False


_ONE = threading.Lock()


def parse(text: str) -> ast.Module:
    """A program's syntax tree. Python 3.11 counts the depth of all threads' trees together and
    fails when two are made at once, as when a run ends that many follow."""
    with _ONE:
        return ast.parse(text)


class CannotInline(Exception):
    """A module uses this project in a way that this file does not follow."""


class Module:
    """A source file: its statements by the names they define, its imports by theirs."""

    def __init__(self, name: str, text: str):
        self.name = name
        self.text = re.sub(rf'\b{MARK}\(("[^"\n]*")\)', r"\1", text).replace(f"{MARK}(", "(")

    @classmethod
    def called(cls, name: str) -> "Module":
        """A module of this project, read and not imported."""
        return cls(name, Path(importlib.util.find_spec(name).origin).read_text("utf-8"))

    @cached_property
    def body(self) -> list[ast.stmt]:
        return parse(self.text).body

    @cached_property
    def defined(self) -> dict[str, ast.stmt]:
        return {name: each for each in self.body for name in _defines(each)}

    @cached_property
    def imported(self) -> dict[str, Origin]:
        return dict(pair for each in self.body for pair in _imports(each))

    def piece(self, statement: ast.stmt) -> "Piece":
        """A statement with its decorators and the comment right above it."""
        lines = self.text.splitlines()
        decorators = getattr(statement, "decorator_list", [])
        first = min(each.lineno for each in [statement, *decorators]) - 1
        while first and lines[first - 1].startswith("#"):
            first -= 1
        return Piece("\n".join(lines[first:statement.end_lineno]),
                     isinstance(statement, ast.FunctionDef | ast.ClassDef))


class Inlined:
    """Definitions of this project, each after those it uses, and imports of all else.

    ``parts`` in their order; ``imports``: name → origin.
    """

    def __init__(self) -> None:
        self.parts: list[Piece] = []
        self.imports: dict[str, Origin] = {}
        self._origins: dict[str, Origin] = {}

    def use(self, module: Module, names: Iterable[str]) -> None:
        """Bring in what these names stand for in ``module``, as far as it imports them."""
        wanted = set(names)
        for name, origin in module.imported.items():
            if name not in wanted:
                continue
            if not origin[0].startswith(f"{PROJECT}."):
                if self._is_new(name, origin):
                    self.imports[name] = origin
            elif origin[1] == name:
                self.define(*origin)
            else:
                raise CannotInline(f"{module.name} imports {name} as a module or by another name")

    def define(self, module_name: str, name: str) -> None:
        """Bring in a definition, after what it uses."""
        if name == MARK or not self._is_new(name, (module_name, name)):
            return
        stand_in = STAND_INS.get((module_name, name))
        module = Module(module_name, stand_in) if stand_in else Module.called(module_name)
        if name not in module.defined:
            raise CannotInline(f"{module_name} does not define {name} itself")
        statement = module.defined[name]
        together = set(_defines(statement))
        for other in together - {name}:  # they come along, and need not come again
            self._is_new(other, (module_name, other))
        used = _looked_up(statement) - together
        for each in module.defined:
            if each in used:
                self.define(module_name, each)
        self.use(module, used)
        self.parts.append(module.piece(statement))

    def _is_new(self, name: str, origin: Origin) -> bool:
        known = self._origins.get(name)
        if known not in (None, origin):
            raise CannotInline(f"{name} stands for both {known} and {origin}")
        self._origins[name] = origin
        return known is None


def choose(module: Module, params: object) -> Module:
    """``TABLE[params.x]`` becomes the entry that a run chose, where TABLE is this project's; of
    ``if params.x == "own": …, return`` stays what the run did.

    So a program on one data set does not carry the others along.
    """
    module = Module(module.name, _settled(module.text, params))
    text, imports = module.text, []
    for node in ast.walk(parse(module.text)):
        match node:
            case ast.Subscript(value=ast.Name(id=table),
                               slice=ast.Attribute(value=ast.Name(id="params"), attr=field)):
                origin = module.imported.get(table, ("", ""))[0]
                if origin.startswith(f"{PROJECT}."):
                    there = Module.called(origin)
                    chosen = _entry(there, table, getattr(params, field))
                    text = text.replace(ast.get_source_segment(module.text, node), chosen)
                    home, _ = there.imported.get(chosen, (origin, chosen))
                    imports.append(f"\nfrom {home} import {chosen}")
    return Module(module.name, text + "".join(imports))


def _settled(text: str, params: object) -> str:
    """``text`` without the way that a run did not go, in functions that part for own data."""
    lines = text.splitlines()
    for function in parse(text).body:
        for at, node in enumerate(getattr(function, "body", ())):
            match node:
                case ast.If(test=ast.Compare(
                        left=ast.Attribute(value=ast.Name(id="params"), attr=field),
                        ops=[ast.Eq()], comparators=[ast.Constant(value="own")]),
                        body=[*_, ast.Return()], orelse=[]):
                    own = getattr(params, field) == "own"
                    gone = ([node.test, *function.body[at + 1:]] if own else [node])
                    for each in gone:
                        lines[each.lineno - 1:each.end_lineno] = [None] * (
                            each.end_lineno - each.lineno + 1)
                    for inner in node.body if own else ():
                        for number in range(inner.lineno - 1, inner.end_lineno):
                            lines[number] = lines[number].removeprefix("    ")
    return "\n".join(line for line in lines if line is not None) + "\n"


def import_lines(imports: dict[str, Origin], standard: frozenset[str]) -> str:
    """Import statements, those of the standard library first."""
    whole = {module: name for name, (module, what) in imports.items() if not what}
    parts: dict[str, list[str]] = {}
    for name, (module, what) in imports.items():
        if what:
            parts.setdefault(module, []).append(what if what == name else f"{what} as {name}")
    lines = [(module, f"import {module}" + ("" if name == _root(module) else f" as {name}"))
             for module, name in whole.items()]
    lines += [(module, f"from {module} import {', '.join(sorted(names))}")
              for module, names in parts.items()]
    groups = [sorted((line for module, line in lines if (_root(module) in standard) is own),
                     key=str.lower) for own in (True, False)]
    return "\n\n".join("\n".join(sorted(group, key=lambda line: line.startswith("from")))
                       for group in groups if group)


def join(pieces: Iterable[Piece]) -> str:
    """The pieces of a program with as many empty lines between them as is the custom."""
    text, below_tall = "", False
    for piece in pieces:
        gap = "\n\n\n" if piece.tall or below_tall else "\n\n"
        text, below_tall = text + (gap if text else "") + piece.text, piece.tall
    return text + "\n"


def names_in(node: ast.AST) -> set[str]:
    """Every name that occurs in a piece of code."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _looked_up(node: ast.AST) -> set[str]:
    """Every name that a piece of code takes from elsewhere; what it only sets, as a class its
    fields, is its own."""
    return {each.id for each in ast.walk(node)
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)}


def _root(module: str) -> str:
    return module.partition(".")[0]


def _entry(module: Module, table: str, key: object) -> str:
    match module.defined.get(table):
        case ast.Assign(value=ast.Dict(keys=keys, values=values)):
            for each, value in zip(keys, values):
                if ast.literal_eval(each) == key and isinstance(value, ast.Name):
                    return value.id
    raise CannotInline(f"{module.name} has no table {table} that names {key!r}")


def _defines(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):  # of ``A, B = 1, 2`` both
            return [name.id for each in targets for name in ast.walk(each)
                    if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []


def _imports(statement: ast.stmt) -> Iterator[tuple[str, Origin]]:
    match statement:
        case ast.Import(names=names):
            for each in names:
                yield each.asname or _root(each.name), (each.name, "")
        case ast.ImportFrom(module=module, names=names):
            for each in names:
                yield each.asname or each.name, (module, each.name)
