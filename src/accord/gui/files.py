"""Asking for files and opening them with the system's own programs, in one place, so that tests can stand in."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from accord.domain.wording import _

PROJECT_PATTERN = "*.accord"
DOCUMENT_PATTERN = "*.txt *.md *.markdown *.html *.htm *.docx *.pdf"
DATA_PATTERN = "*.csv *.tsv *.tab *.txt *.json *.jsonl *.ndjson *.xlsx *.parquet *.xml *.zip *.gz"


def documents() -> Path:
    """Return the folder where people keep their work."""
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    folder = Path(found) if found else Path.home()
    return folder if folder.is_dir() else Path.home()


def ask_for_project(parent: QWidget, folder: Path | None = None) -> Path | None:
    """Ask for a project (or a backup, which is one); None where the person thought better of it."""
    chosen, _filter = QFileDialog.getOpenFileName(
        parent,
        _("Open a project"),
        str(folder or documents()),
        f"{_('Accord projects')} ({PROJECT_PATTERN});;{_('All files')} (*)",
    )
    return Path(chosen) if chosen else None


def ask_for_data(parent: QWidget) -> list[Path]:
    """Ask for files to import."""
    chosen, _filter = QFileDialog.getOpenFileNames(
        parent,
        _("Choose files to import"),
        str(documents()),
        f"{_('Tables, JSON and XML')} ({DATA_PATTERN});;{_('All files')} (*)",
    )
    return [Path(name) for name in chosen]


def ask_for_documents(parent: QWidget) -> list[Path]:
    """Ask for documents whose passages questions start from."""
    pattern = f"{_('Text, Markdown, HTML, Word and PDF')} ({DOCUMENT_PATTERN});;{_('All files')} (*)"
    chosen, _filter = QFileDialog.getOpenFileNames(parent, _("Choose documents"), str(documents()), pattern)
    return [Path(name) for name in chosen]


def ask_for_packs(parent: QWidget, folder: Path) -> list[Path]:
    """Ask for packs that came back."""
    pattern = f"{_('Accord projects')} ({PROJECT_PATTERN});;{_('All files')} (*)"
    chosen, _filter = QFileDialog.getOpenFileNames(parent, _("Choose packs"), str(folder), pattern)
    return [Path(name) for name in chosen]


def ask_for_folder(parent: QWidget, folder: Path) -> Path | None:
    """Ask for a folder."""
    chosen = QFileDialog.getExistingDirectory(parent, _("Choose a folder"), str(folder))
    return Path(chosen) if chosen else None


def ask_where_to_save(parent: QWidget, proposal: Path) -> Path | None:
    """Ask for a new project file; it always ends in .accord."""
    chosen, _filter = QFileDialog.getSaveFileName(
        parent, _("Where to put the project"), str(proposal), f"{_('Accord projects')} ({PROJECT_PATTERN})"
    )
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.suffix == ".accord" else path.with_name(path.name + ".accord")


def ask_for_report(parent: QWidget, proposal: Path) -> Path | None:
    """Ask for a new report: a page (.html) or a table (.csv)."""
    patterns = f"{_('Page to print or send')} (*.html);;{_('Table')} (*.csv)"
    chosen, kind = QFileDialog.getSaveFileName(parent, _("Save a report"), str(proposal), patterns)
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.suffix.casefold() in {".html", ".csv"} else path.with_name(path.name + kind[-6:-1].lstrip("*"))


def ask_for_labelled(parent: QWidget) -> Path | None:
    """Ask for a file of texts in which people marked personal data."""
    pattern = f"{_('JSON lines and JSON')} (*.jsonl *.ndjson *.json *.gz);;{_('All files')} (*)"
    chosen, _filter = QFileDialog.getOpenFileName(parent, _("Choose a labelled file"), str(documents()), pattern)
    return Path(chosen) if chosen else None


def ask_for_table(parent: QWidget, proposal: Path) -> Path | None:
    """Ask where to save a table; it always ends in .csv."""
    chosen, _filter = QFileDialog.getSaveFileName(parent, _("Save as CSV"), str(proposal), f"{_('Table')} (*.csv)")
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.suffix.casefold() == ".csv" else path.with_name(path.name + ".csv")


def open_outside(path: Path) -> bool:
    """Open a file with the program that the system has for it; False where there is none."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
