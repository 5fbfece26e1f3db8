"""One call of the command line: who acts, where output goes, and the project while it is open."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from accord.bootstrap import Services
from accord.cli.output import Bar, Output
from accord.domain.errors import Refused
from accord.domain.ledger import Who
from accord.domain.wording import _
from accord.workflows import projects
from accord.workflows.projects import Project


def file_of(project: str) -> Path:
    """Return the file that PROJECT names. Raises Refused for a database address, which nothing can open yet."""
    if "://" in project:
        raise Refused(
            _("“{project}” is the address of a database. This version opens project files only.", project=project)
        )
    return Path(project)


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """How a verb opens a window. The entry point hands it down: the command line itself knows no Qt."""

    project: Callable[[Services, Path], int]
    gallery: Callable[[], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What every verb is given."""

    services: Services
    windows: Windows
    who: Who
    out: Output

    @contextmanager
    def project(self, path: str) -> Iterator[Project]:
        """Open a project for one verb and close it again."""
        opened = projects.open_project(path=file_of(path))
        try:
            yield opened
        finally:
            opened.close()

    @contextmanager
    def progress(self, title: str) -> Iterator[Bar]:
        """Show a progress bar while the block runs."""
        bar = self.out.progress(title)
        try:
            yield bar
        finally:
            bar.close()
