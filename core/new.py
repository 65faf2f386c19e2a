"""A new room: ``python -m core.new <name>``, or ``make new name=<name>``.

Lays down all files of a small room that works: whatever lies in ``assets/templates/room``, with
"name" in a path and ``$name`` in a text replaced. Then enters it in the catalogue and brings its
messages into the catalogues of translations.
"""

import argparse
import ast
import keyword
import re
import sys
import textwrap
from pathlib import Path
from string import Template

from benchmarks import messages
from core.catalogue import SECTIONS
from core.i18n import LOCALE

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "assets" / "templates"
CATALOGUE = ROOT / "core" / "catalogue.py"
NAME = re.compile(r"[a-z][a-z0-9_]*")
# Addresses of other things.
TAKEN = {"home", "runs", "handout", "workshops", "s", "live", "static", "media", "component"}


class Refused(Exception):
    """No room of this name can be made; says why and what to do."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m core.new", description="Lay down a new room.")
    parser.add_argument("name", help="lower case, as in an address: perceptron")
    try:
        paths = new(parser.parse_args().name)
    except Refused as refusal:
        sys.exit(str(refusal))
    print(*(path.relative_to(ROOT) for path in paths), sep="\n")


def new(name: str) -> list[Path]:
    """Make the room called ``name`` and return the files that are new.

    Raises:
        Refused: the name cannot be used, or files of that name are there already.
    """
    _check(name)
    words = {"name": name, "title": name.replace("_", " ").capitalize(),
             "class_name": "".join(part.capitalize() for part in name.split("_")),
             "section": next(iter(SECTIONS))}
    files = {_place(path, name): Template(path.read_text("utf-8")).substitute(words)
             for path in sorted((TEMPLATES / "room").rglob("*.tmpl"))}
    if there := [path for path in files if path.exists()]:
        raise Refused(f"There is {there[0].relative_to(ROOT)} already. Choose another name.")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    CATALOGUE.write_text(entered(CATALOGUE.read_text("utf-8"), name), "utf-8")
    _translate(words)
    return [*files]


def _check(name: str) -> None:
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise Refused(f"{name!r} cannot be a room's name. Use lower-case letters, digits and "
                      f"underscores, with a letter first, and no word of Python's own.")
    if name in TAKEN:
        raise Refused(f"The address /{name} is taken by something else. Choose another name.")


def _place(template: Path, name: str) -> Path:
    path = template.relative_to(TEMPLATES / "room").with_suffix("")
    return ROOT / path.with_name(path.name.replace("name", name))


def entered(source: str, name: str) -> str:
    """The source of the catalogue with the room called ``name`` imported and last in ``ROOMS``."""
    imports, rooms = _statements(source)
    modules = sorted({alias.name for alias in imports.names} - {"Room"} | {name})
    entries = [*(ast.unparse(entry) for entry in rooms.value.elts), f"{name}.ROOM"]
    lines = source.splitlines()
    lines[rooms.lineno - 1:rooms.end_lineno] = _wrapped("ROOMS: tuple[Room, ...] = ", entries)
    lines[imports.lineno - 1:imports.end_lineno] = _wrapped("from core.rooms import ",
                                                            ["Room", *modules], bare=True)
    return "\n".join(lines) + "\n"


def _statements(source: str) -> tuple[ast.ImportFrom, ast.AnnAssign]:
    """Where the catalogue imports the rooms, and where it lists them (further below)."""
    body = ast.parse(source).body
    imports = next(node for node in body
                   if isinstance(node, ast.ImportFrom) and node.module == "core.rooms")
    rooms = next(node for node in body
                 if isinstance(node, ast.AnnAssign) and node.target.id == "ROOMS")
    return imports, rooms


def _wrapped(head: str, items: list[str], bare: bool = False) -> list[str]:
    """``head`` and a list in parentheses. If ``bare``, as imports are written: without them where
    one line is enough, else a name a line."""
    line = head + (", ".join(items) if bare else f"({', '.join(items)})")
    if len(line) <= 100:
        return [line]
    inside = ([f"{each}," for each in items] if bare else
              textwrap.wrap(", ".join(items) + ",", 96))
    return [f"{head}(", *(f"    {each}" for each in inside), ")"]


def _translate(words: dict[str, str]) -> None:
    """Give the new messages their translations, so that no language is left with gaps."""
    template = messages.extract()
    (LOCALE / "messages.pot").write_bytes(messages.text(template))
    for path in LOCALE.glob("*.po"):
        catalogue = messages.read(path, path.stem)
        for message in messages.read(TEMPLATES / f"room.{path.name}", path.stem):
            msgid = Template(message.id).substitute(words)
            if message.id and msgid not in catalogue:
                catalogue.add(msgid, Template(message.string).substitute(words))
        messages.update(catalogue, template)
        path.write_bytes(messages.text(catalogue))


if __name__ == "__main__":
    main()
