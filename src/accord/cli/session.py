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
from accord.workflows import permissions, projects
from accord.workflows.projects import Project


def place_of(project: str) -> Path | str:
    """Return what PROJECT names: a file, or the address of a server's database. Raises Refused for another kind."""
    if projects.is_address(project):
        return project
    if "://" in project:
        scheme = project.partition("://")[0]
        raise Refused(
            _("{scheme} is no kind of database that Accord opens. PostgreSQL is: postgresql://…", scheme=scheme)
        )
    return Path(project)


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """How a verb opens a window. The entry point hands it down: the command line itself knows no Qt."""

    project: Callable[[Services, Path | str], int]
    gallery: Callable[[], int]


@dataclass(slots=True, kw_only=True)
class Session:
    """What every verb is given; ``named`` is the name that ``--as`` gave."""

    services: Services
    windows: Windows
    who: Who
    out: Output
    named: str = ""

    @contextmanager
    def project(self, path: str, *, stands_in: bool = False) -> Iterator[Project]:
        """Open a project for one verb and close it again; on a team's server one acts as whom one is known there.

        ``stands_in``: the name that ``--as`` gave is for the rows of a file, which a lead may bring for others.
        """
        opened = projects.open_project(path=place_of(path))
        try:
            if opened.kept is not None:
                self.out.note(_("The project is of a newer format now. A backup from before: {file}", file=opened.kept))
            self.who = permissions.acting(project=opened, who=self.who, named=self.named, stands_in=stands_in)
            if opened.person is not None and not opened.person.active:
                self.out.note(
                    _(
                        "accord: “{name}” is not one of the people of this project, and so sees what a reviewer sees "
                        "and only looks on. Who leads it: {leads}. --as NAME says who acts.",
                        name=opened.person.name,
                        leads=", ".join(permissions.leads_of(project=opened)),
                    )
                )
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
