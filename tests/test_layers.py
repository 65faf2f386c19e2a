"""Who may know whom: the order of the layers, read from the import statements.

Imports inside functions count; a program's ``if __name__ == "__main__":`` block does not.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LONGEST = 400

# From top to bottom; a module imports from its own layer or from below.
LAYERS = (
    ("app", "core.__main__", "core.new"),
    ("pages",),
    ("core.ui",),
    ("core.engine", "core.store", "core.live", "core.export", "core.inlining"),
    ("core.training",),
    ("core.models", "core.insight"),
    ("core.data", "core.layers"),
    ("core.rooms", "core.catalogue", "core.params", "core.settings", "core.i18n", "core.errors",
     "core.own"),
)

STREAMLIT = ("app", "pages", "core.ui")
# The engine's trainer runs in a worker and imports Keras there, inside its functions.
TENSORFLOW = ("core.models", "core.training", "core.insight", "core.layers", "core.engine.trainer")
# The light worker lives without TensorFlow.
LIGHT = ("core.insight.pictures", "core.insight.baseline", "core.insight.neighbours",
         "core.insight.rivals", "core.insight.fraudrivals", "core.insight.money",
         "core.insight.propagation", "core.insight.soundrivals", "core.insight.spectra",
         "core.insight.packing", "core.insight.seriesrivals", "core.insight.unrolled")


def within(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == each or module.startswith(each + ".") for each in packages)


def layer(module: str) -> int | None:
    return next((depth for depth, names in enumerate(LAYERS) if within(module, names)), None)


@cache
def sources() -> dict[str, Path]:
    """Our modules by name."""
    paths = [*ROOT.glob("app.py"), *ROOT.glob("core/**/*.py"), *ROOT.glob("pages/**/*.py")]
    names = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths}
    return {name.removesuffix(".__init__"): path for path, name in sorted(names.items())}


@cache
def imports(module: str, *, inside_functions: bool = True) -> frozenset[str]:
    """The full names that ``module`` imports; ``from a import b`` is a.b where that is ours."""
    path = sources()[module]
    found = set()
    for node in _statements(ast.parse(path.read_text(encoding="utf-8")), inside_functions):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            origin = _origin(node, module, is_package=path.name == "__init__.py")
            inner = {f"{origin}.{alias.name}" for alias in node.names} & sources().keys()
            found |= inner or {origin}
    return frozenset(found)


def _statements(node: ast.AST, inside_functions: bool) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if not _is_main(child) and (inside_functions or not function):
            yield from _statements(child, inside_functions)


def _is_main(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "__name__" in ast.unparse(node.test)


def _origin(node: ast.ImportFrom, module: str, *, is_package: bool) -> str:
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    base = parts[: len(parts) - node.level + is_package]
    return ".".join([*base, *filter(None, [node.module])])


def ours(names: frozenset[str]) -> set[str]:
    return {name for name in names if within(name, ("app", "core", "pages"))}


def at_start(module: str) -> set[str]:
    """All names that are imported when ``module`` is, by it and by what it imports of ours."""
    reached, waiting = set(), [module]
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        reached.add(name)
        package = name.rpartition(".")[0]
        known = [each for each in (name, package) if each in sources()]
        waiting += [each for known_name in known
                    for each in (known_name, *imports(known_name, inside_functions=False))]
    return reached


every_module = pytest.mark.parametrize("module", list(sources()))


@every_module
def test_a_module_has_a_layer(module):
    assert module in ("core", "pages") or layer(module) is not None, "add it to LAYERS"


@every_module
def test_nothing_points_upwards(module):
    if layer(module) is None:
        pytest.skip("a bare package")
    upwards = [name for name in ours(imports(module))
               if layer(name) is not None and layer(name) < layer(module)]
    assert not upwards, f"{module} knows what stands above it: {upwards}"


@every_module
def test_streamlit_stays_on_top(module):
    if not within(module, STREAMLIT):
        assert not [name for name in imports(module) if within(name, ("streamlit",))]


@every_module
def test_tensorflow_stays_below(module):
    if not within(module, TENSORFLOW) or within(module, LIGHT):
        assert not [name for name in imports(module) if within(name, ("tensorflow", "keras"))]


@every_module
def test_the_server_never_loads_tensorflow(module):
    if within(module, ("app", "pages", "core.ui", "core.engine", "core.live", "core.store")):
        reached = at_start(module)
        assert not [name for name in reached if within(name, ("tensorflow", "keras"))]


@every_module
def test_a_program_knows_only_data_and_layers(module):
    if within(module, ("core.models",)):
        others = [name for name in ours(imports(module))
                  if not within(name, ("core.data", "core.layers", "core.models"))]
        assert not others


def test_files_are_short():
    patterns = ("app.py", "core/**/*.py", "pages/**/*.py", "benchmarks/**/*.py", "tests/**/*.py",
                "assets/components/**/*.js")
    paths = [path for pattern in patterns for path in ROOT.glob(pattern)]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
               for path in paths}
    assert not {name: length for name, length in lengths.items() if length > LONGEST}


def test_the_order_is_really_checked(monkeypatch, tmp_path):
    """A module that breaks every rule is caught, and its program block is not held against it."""
    bad = tmp_path / "bad.py"
    bad.write_text("def f():\n    from core.ui import pieces\n    import keras.ops\n"
                   "if __name__ == '__main__':\n    import streamlit\n")
    monkeypatch.setitem(sources(), "core.params.bad", bad)
    with pytest.raises(AssertionError):
        test_nothing_points_upwards("core.params.bad")
    with pytest.raises(AssertionError):
        test_tensorflow_stays_below("core.params.bad")
    test_streamlit_stays_on_top("core.params.bad")
