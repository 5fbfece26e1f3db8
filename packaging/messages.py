"""Writes the catalogue template (accord.pot) from the sentences in the source, sorted and without line numbers."""

import argparse
import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "accord"
TEMPLATE = SOURCE / "resources" / "locale" / "accord.pot"

# name of the call -> how many of its first arguments are sentences
SINGLE = frozenset({"_", "_mark", "mark"})
PLURAL = frozenset({"plural"})

HEADER = """\
# Every sentence that Accord shows. Made by `python3 packaging/run.py messages`; do not edit.
msgid ""
msgstr ""
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""


class NotALiteral(ValueError):
    """A sentence that is built at run time, which no catalogue can hold."""


def sentences(source: str, name: str) -> set[tuple[str, str]]:
    """Return (singular, plural) of each marked sentence in a module; plural is "" where there is none.

    Raises NotALiteral for an f-string or a joined string, naming its line. A plain variable is let through: its
    value was marked where it was written.
    """
    found: set[tuple[str, str]] = set()
    for node in ast.walk(ast.parse(source, name)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
            continue
        if node.func.id in SINGLE:
            text = _literal(node.args[0], name)
            if text:
                found.add((text, ""))
        elif node.func.id in PLURAL and len(node.args) > 1:
            one, many = _literal(node.args[0], name), _literal(node.args[1], name)
            if one and many:
                found.add((one, many))
    return found


def _literal(node: ast.expr, name: str) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr | ast.BinOp):
        raise NotALiteral(f"{name}:{node.lineno}: a sentence for the catalogue must be one literal with parameters")
    return None


def collect(folder: Path) -> set[tuple[str, str]]:
    """Return the sentences of every module under ``folder``."""
    found: set[tuple[str, str]] = set()
    for path in sorted(folder.rglob("*.py")):
        found |= sentences(path.read_text("utf-8"), str(path.relative_to(folder)))
    return found


def template(found: set[tuple[str, str]]) -> str:
    """Return the text of the template. The same sentences give the same bytes."""
    plurals = dict(sorted((one, many) for one, many in found if many))
    entries = [HEADER]
    for one in sorted({one for one, _many in found}):
        lines = ["#, python-brace-format"] if "{" in one else []
        lines.append(f"msgid {_quoted(one)}")
        if one in plurals:
            lines += [f"msgid_plural {_quoted(plurals[one])}", 'msgstr[0] ""', 'msgstr[1] ""']
        else:
            lines.append('msgstr ""')
        entries.append("\n".join(lines) + "\n")
    return "\n".join(entries)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def main(arguments: list[str]) -> int:
    """Write the template, or with --check say whether it is up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when it would change")
    options = parser.parse_args(arguments)
    text = template(collect(SOURCE))
    if TEMPLATE.exists() and TEMPLATE.read_text("utf-8") == text:
        return 0
    if options.check:
        print("accord.pot is not up to date: run python3 packaging/run.py messages", file=sys.stderr)
        return 1
    TEMPLATE.parent.mkdir(parents=True, exist_ok=True)
    TEMPLATE.write_text(text, "utf-8")
    print(f"{TEMPLATE.relative_to(ROOT)} written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
