"""The acts of the page as plain functions: release, export again, verify; each runs in a worker."""

from pathlib import Path
from typing import Any

from accord.domain.ledger import Who
from accord.domain.meaning import Embedder
from accord.domain.progress import Progress
from accord.domain.releases import Release
from accord.gui.context import Context
from accord.gui.pages.release.choices import Settings
from accord.workflows import exporting
from accord.workflows.exporting import OneClick


def who_acts(context: Context) -> Who:
    """Return who acts, on this device's event chain."""
    return Who(actor=context.actor, device=context.settings.device_id)


def release_all(  # noqa: PLR0917  (what a worker is handed)
    project: Any, who: Who, settings: Settings, name: str, embedder: Embedder, progress: Progress
) -> OneClick:
    """Release, export and verify."""
    return exporting.one_click(
        project=project,
        who=who,
        plan=settings.plan,
        format_name=settings.format_name,
        out=Path(settings.folder).expanduser(),
        name=name,
        embedder=embedder,
        progress=progress,
    )


def export_again(project: Any, who: Who, settings: Settings, release: Release, progress: Progress) -> OneClick:
    """Export a release in the format of the settings, to a folder named after both, and verify it."""
    folder = Path(settings.folder).expanduser() / f"{release.name} {settings.format_name}"
    written = exporting.export(
        project=project,
        who=who,
        release_name=release.name,
        format_name=settings.format_name,
        out=folder,
        replace=True,
        progress=progress,
    )
    verified = exporting.verify(folder=folder, progress=progress)
    return OneClick(release=release, made=False, export=written, verified=verified)
