"""What was brought home of hosted models: listed, written as files again, and until when the rest can be fetched."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from accord.domain.chat import Connection
from accord.domain.errors import DamagedText, Refused
from accord.domain.fine_tuning import FILES, Account, Part, files_of
from accord.domain.people import Role
from accord.domain.wording import _
from accord.formats.landing import MANIFEST, Landing
from accord.formats.outfiles import write_small
from accord.storage import generated, service_records
from accord.storage.project import Project, View
from accord.storage.service_records import ServiceRecord
from accord.workflows import model_choices, permissions
from accord.workflows.service_files import safe_name

_ENDINGS: Mapping[Part, str] = {
    Part.MODEL: ".json",
    Part.JOB: ".json",
    Part.FILE: ".json",
    Part.EVENTS: "-events.jsonl",
    Part.CHECKPOINTS: "-checkpoints.jsonl",
    Part.VISIT: "-visit.json",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """One record of what a service held. ``model``: the one it belongs to, where that is known; ``name``: its id there.

    ``file``: the name of a file; ``kept``: its bytes are here, and were not deleted for good.
    """

    record: int
    part: Part
    model: str
    name: str
    file: str
    bytes: int
    sha256: str
    host: str
    author: str
    at: str
    kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What the last visit did not bring of a model, and why."""

    model: str
    part: Part
    name: str
    file: str
    why: str


def brought(*, project: Project) -> tuple[Brought, ...]:
    """Return what was brought home, oldest first. Raises OnlyFor."""
    permissions.require(project=project, role=Role.LEAD, act=_("see what was brought home"))
    with project.read() as view:
        return tuple(_brought(view))


def missing(*, project: Project) -> tuple[Missing, ...]:
    """Return what the last visit to each model did not bring; asking once more brings what can come. Raises OnlyFor."""
    permissions.require(project=project, role=Role.LEAD, act=_("see what was brought home"))
    with project.read() as view:
        visits = {one.name: one for one in service_records.listed(view) if one.kind == Part.VISIT and one.kept}
        values = [_value(view, one) for one in visits.values()]
    return tuple(
        Missing(
            model=value["model"],
            part=Part(thing["part"]),
            name=thing["name"],
            file=thing["file"],
            why=thing["why"],
        )
        for value in values
        for thing in value["things"]
        if thing["why"]
    )


def save(*, project: Project, folder: Path) -> tuple[Path, ...]:
    """Write each record as a file, in a folder for each model, into a new or empty folder; return the files.

    Raises OnlyFor, Refused where nothing was brought home, TargetNotEmpty, CannotWrite and DamagedText: then nothing
    is left of it.
    """
    found = [one for one in brought(project=project) if one.kept]
    if not found:
        raise Refused(_("Nothing was brought home into this project yet."))
    with Landing(folder, replace=False) as landing, project.read() as view:
        files: dict[Path, Brought] = {}
        for one in found:
            path = _free(landing.folder / safe_name(one.model or one.host), one, files)
            _write(view, one, path)
            files[path] = one
        places = [path.relative_to(landing.folder) for path in files]
        told = [
            {"path": place.as_posix(), "kind": one.part.value, "name": one.name, "sha256": one.sha256, "at": one.at}
            for place, one in zip(places, files.values(), strict=True)
        ]
        write_small(landing.folder / MANIFEST, json.dumps({"records": told}, ensure_ascii=False, indent=1).encode())
        landing.land()
    return tuple(folder / place for place in places)


def expiry(*, connection: Connection, model: str, today: date, account: Account | None = None) -> tuple[str, ...]:
    """Return what expires when, a sentence each; the service's own word goes before what is known of its models.

    ``account``: what the service said, where it was asked.
    """
    said = "" if account is None else _day(account.told.get("shutdown_date"))
    day = said or model_choices.retirement(connection=connection, model=model)
    sentences = [_of_model(model, day, today, said_so=bool(said))]
    for thing in account.things if account is not None else ():
        if thing.expires is not None and thing.part in FILES:
            until = datetime.fromtimestamp(thing.expires, UTC).date().isoformat()
            sentences.append(
                _("The service deletes the file {file} on {day}.", file=thing.file or thing.name, day=until)
            )
    return tuple(sentences)


def recorded(*, project: Project, model: str) -> frozenset[int]:
    """Return the examples on whose conversations this model's answers were recorded before."""
    with project.read() as view:
        return frozenset(generated.recorded(view, model))


def _of_model(model: str, day: str, today: date, *, said_so: bool) -> str:
    if not day:
        return _(
            "No day is known on which “{model}” goes. Services take models off all the same: bring it home now.",
            model=model,
        )
    facts = {
        "model": model,
        "day": day,
        "by": _("by the service's own word") if said_so else _("as far as is known"),
    }
    left = (date.fromisoformat(day) - today).days
    if left < 0:
        return _("The end of “{model}” was {day}, {by}: it may not answer, nor its files be there.", **facts)
    return _(
        "“{model}” answers until {day}, {n} days from now, {by}. What the service holds of it may go with it.",
        n=left,
        **facts,
    )


def _day(value: Any) -> str:
    """Return a day as ISO 8601; empty where it is none."""
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        return ""


def _brought(view: View) -> Iterator[Brought]:
    records = service_records.listed(view)
    models: dict[str, str] = {}
    files: dict[str, str] = {}
    for one in records:
        if one.kind == Part.JOB and one.kept:
            job = _value(view, one)
            made = str(job.get("fine_tuned_model") or "")
            models |= dict.fromkeys([one.name, *(name for _part, name in files_of(job))], made)
        elif one.kind == Part.FILE and one.kept:
            files[one.name] = str(_value(view, one).get("filename") or "")
    for one in records:
        part = Part(one.kind)
        own = one.name if part in {Part.MODEL, Part.VISIT} else models.get(one.name, "")
        yield Brought(
            record=one.id,
            part=part,
            model=own,
            name=one.name,
            file=files.get(one.name, ""),
            bytes=one.bytes,
            sha256=one.sha256,
            host=one.host,
            author=one.author,
            at=one.at,
            kept=one.kept,
        )


def _value(view: View, record: ServiceRecord) -> Mapping[str, Any]:
    found = json.loads(b"".join(service_records.content(view, record.id)))
    return found if isinstance(found, Mapping) else {}


def _free(folder: Path, one: Brought, taken: Mapping[Path, Brought]) -> Path:
    """Return where a record is written: under its file's name, with its number before it where that is taken."""
    name = safe_name(one.file or one.name) if one.part in FILES else safe_name(one.name) + _ENDINGS[one.part]
    path = folder / name
    return folder / f"{one.record}-{name}" if path in taken else path


def _write(view: View, one: Brought, path: Path) -> None:
    """Write a record's bytes. Raises DamagedText where they are not those that came."""
    path.parent.mkdir(exist_ok=True)
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for part in service_records.content(view, one.record):
            digest.update(part)
            file.write(part)
        file.flush()
        os.fsync(file.fileno())
    if digest.hexdigest() != one.sha256:
        raise DamagedText
