"""Collect the interface's messages from the code: `make messages`.

Writes ``messages.pot`` and brings every catalogue in ``assets/locale`` up to date: new messages
come in without translation, unused ones go, translations stay. The files hold neither dates nor
line numbers, so that they change only when a message does.
"""

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from core.i18n import LANGUAGES, LOCALE

ROOT = Path(__file__).parent.parent
KEYWORDS = {"t", "N_"}


def sources() -> list[Path]:
    """The files whose words a visitor may read."""
    paths = [*ROOT.glob("app.py"), *ROOT.glob("core/**/*.py"), *ROOT.glob("pages/**/*.py")]
    return sorted(paths)


def extract() -> Catalog:
    """Every message marked with `N_` or given to `t`, with the files it comes from."""
    template = Catalog(charset="utf-8")
    for path in sources():
        for message in _messages(ast.parse(path.read_text(encoding="utf-8"))):
            template.add(message, locations=[(path.relative_to(ROOT).as_posix(), None)])
    return template


def _messages(tree: ast.AST) -> Iterator[str]:
    # Babel's own extractor reads tokens and takes the "msgid" of t(end["msgid"]) for a message.
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and called(node) in KEYWORDS:
            match node.args[0]:
                case ast.Constant(value=str(message)):
                    yield message


def called(call: ast.Call) -> str:
    """The name of the function in ``t(…)`` or ``i18n.t(…)``."""
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def read(path: Path, lang: str) -> Catalog:
    """The catalogue at ``path``; an empty one where there is none yet."""
    if not path.exists():
        return Catalog(locale=lang, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=lang)


def update(catalogue: Catalog, template: Catalog) -> None:
    """Bring ``catalogue`` to the messages of ``template``, keeping its translations."""
    # No guessing from similar messages: a wrong translation is worse than a missing one.
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()


def text(catalogue: Catalog) -> bytes:
    """The catalogue as it lies in its file."""
    out = BytesIO()
    write_po(out, catalogue, width=100, sort_output=True, omit_header=True, include_lineno=False)
    return out.getvalue()


def main() -> None:
    """Write the template and all catalogues and say what is left to translate."""
    template = extract()
    LOCALE.mkdir(parents=True, exist_ok=True)
    (LOCALE / "messages.pot").write_bytes(text(template))
    for lang in sorted(set(LANGUAGES) - {"en"}):
        path = LOCALE / f"{lang}.po"
        catalogue = read(path, lang)
        update(catalogue, template)
        path.write_bytes(text(catalogue))
        left = sum(1 for message in catalogue if message.id and not message.string)
        print(f"{path.relative_to(ROOT)}: {len(template)} messages, {left} to translate")


if __name__ == "__main__":
    main()
