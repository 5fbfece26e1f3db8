"""Verbs about this machine and its window: doctor, gallery."""

import argparse
import importlib.metadata
import platform
import sys
from typing import Any

from accord import __version__
from accord.cli.people import connection
from accord.cli.session import Session
from accord.domain.extras import Extra
from accord.domain.wording import _
from accord.workflows import machine, team

VERBS = ("doctor", "gallery")


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declare the verbs of this module."""
    doctor = verbs.add_parser("doctor", parents=[common], help=_("this machine: versions and what is missing"))
    doctor.add_argument("project", metavar="URL", nargs="?", help=_("also the connection to this server's project"))
    doctor.set_defaults(run=_doctor)
    gallery = verbs.add_parser("gallery", parents=[common], help=_("every widget and state of the window"))
    gallery.set_defaults(run=_gallery)


def _doctor(session: Session, args: argparse.Namespace) -> int:
    damaged = session.services.settings.problem
    checks = [
        {"name": "accord", "ok": True, "detail": __version__},
        {"name": "python", "ok": sys.version_info >= (3, 11), "detail": platform.python_version()},
        {"name": "sqlite", **machine.sqlite_check()},
        {"name": "fonts", **machine.fonts_check()},
        {"name": "settings", "ok": damaged is None, "detail": str(damaged or "")},
        {"name": "keyring", **machine.keyring_check(session.services.keys)},
        *({"name": extra.value, **machine.extra_check(extra)} for extra in Extra),
    ]
    for name, package in (("qt", "PySide6_Essentials"), ("numpy", "numpy"), ("sqlalchemy", "SQLAlchemy")):
        checks.append({"name": name, **_installed(package)})
    if args.project is not None:
        checks.append(_server(session, args.project))
    lines = [f"{'ok ' if c['ok'] else 'no '} {c['name']}: {c['detail']}" for c in checks]
    session.out.result({"checks": checks}, lines)
    return 0 if all(c["ok"] for c in checks) else 1


def _server(session: Session, place: str) -> dict[str, Any]:
    with session.project(place) as project:
        found = team.server(project=project)
    if found is None:
        return {"name": "server", "ok": True, "detail": _("a file, no server")}
    return {"name": "server", "ok": bool(found.encryption) or found.local, "detail": connection(found)}


def _installed(package: str) -> dict[str, Any]:
    try:
        return {"ok": True, "detail": importlib.metadata.version(package)}
    except importlib.metadata.PackageNotFoundError:
        return {"ok": False, "detail": _("missing: install it with pip install {package}", package=package)}


def _gallery(session: Session, _args: argparse.Namespace) -> int:
    return session.windows.gallery()
