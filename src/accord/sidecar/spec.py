"""The run folder that a work is given: ``spec.json`` names its files with their sha256; the marker comes last."""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SPEC, COMPLETE = "spec.json", "complete.json"


class BadSpec(Exception):
    """A run folder that is not what it says it is."""


def read_spec(run_dir: Path) -> dict[str, Any]:
    """Return the spec of a run folder. Raises BadSpec."""
    try:
        spec = json.loads((run_dir / SPEC).read_bytes())
    except (OSError, ValueError) as error:
        raise BadSpec(f"{SPEC} cannot be read: {error}") from error
    if not isinstance(spec, dict):
        raise BadSpec(f"{SPEC} holds no object")
    return spec


def read_data(run_dir: Path, file: Mapping[str, Any], *, once: bool) -> bytes:
    """Return a file that the spec names, ``{"name", "sha256"}``; ``once``: it is deleted as soon as it is read.

    Raises BadSpec where it is not the file that was meant.
    """
    name = str(file.get("name", ""))
    path = run_dir / name
    if not name or path.parent != run_dir:
        raise BadSpec(f"{name!r} is no file of the run folder")
    data = path.read_bytes()
    if once:
        path.unlink()
    if hashlib.sha256(data).hexdigest() != file.get("sha256"):
        raise BadSpec(f"{name} is not the file that the spec names")
    return data


def mark_complete(run_dir: Path, facts: Mapping[str, Any]) -> None:
    """Write the marker that says that everything else in the folder is whole."""
    new = run_dir / f"{COMPLETE}.new"
    with new.open("w", encoding="utf-8") as file:
        json.dump(facts, file)
        file.flush()
        os.fsync(file.fileno())
    new.replace(run_dir / COMPLETE)
