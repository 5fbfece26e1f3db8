"""One time that a service is asked for all that it holds of a fine-tuned model: each thing whole, or why it is not."""

import io
import json
import os
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from accord.domain import fine_tuning
from accord.domain.chat import Failure, Trouble
from accord.domain.errors import AccordError, Cancelled
from accord.domain.fine_tuning import EXAMPLES, FILES, Account, FineTuningService, Part, Thing
from accord.domain.generation import Consent
from accord.domain.ledger import Who
from accord.domain.progress import Progress
from accord.domain.wording import _
from accord.storage import imports, service_records
from accord.storage.project import Project
from accord.storage.service_records import ServiceRecord
from accord.workflows import importing, service_files
from accord.workflows.fetching import Fetching

_LONGEST_SAID = 200
_LAST_DAY = 253_402_300_800  # seconds from 1970 to the year 10000


@dataclass(slots=True, kw_only=True)
class Visit:
    """One time that a service is asked for a model's things."""

    project: Project
    who: Who
    host: str
    model: str
    service: FineTuningService
    fetching: Fetching
    watch: Progress
    _job: Mapping[str, Any] = field(default_factory=dict)
    _told: Mapping[str, Any] = field(default_factory=dict)
    _known: Mapping[tuple[str, str], ServiceRecord] = field(default_factory=dict)
    _imported: bool = False

    def __post_init__(self) -> None:
        """Look what is here already."""
        with self.project.read() as view:
            found = [record for record in service_records.listed(view) if record.host == self.host]
        self._known = {(one.kind, one.name): one for one in found}

    def survey(self) -> Account:
        """Return what there is."""
        facts = [self._of_model(), *self._of_job()]
        things = [thing for thing, _value in facts]
        things += [thing for thing, _value in self._of_files() if thing.part is not Part.FILE]
        return self._account(things)

    def bring(self, consent: Consent | None) -> Account:
        """Bring what there is."""
        things = [self._kept(*found) for found in (self._of_model(), *self._of_job())]
        if self._job:
            name = str(self._job["id"])
            things += [self._list(Part.EVENTS, name), self._list(Part.CHECKPOINTS, name)]
        for thing, value in self._of_files():
            if thing.part is Part.FILE:
                things += [self._kept(thing, value)]
            else:
                things += [self._file(thing)]
        account = self._account(things)
        self._note(account, consent)
        return account

    def _account(self, things: list[Thing]) -> Account:
        base = self._job.get("model")
        return Account(
            model=self.model,
            host=self.host,
            things=tuple(things),
            told=self._told,
            base=base if isinstance(base, str) else "",
        )

    def _of_model(self) -> tuple[Thing, Mapping[str, Any]]:
        found = self.fetching.fetch(lambda stop: self.service.model(self.model, stop))
        self._told = {} if isinstance(found, Failure) else found
        return self._thing(Part.MODEL, self.model, found), self._told

    def _of_job(self) -> Iterator[tuple[Thing, Mapping[str, Any]]]:
        """Yield the job that made the model, and note it."""
        rows = self.fetching.rows(self.service.jobs)
        if isinstance(rows, Failure):
            yield self._thing(Part.JOB, "", rows), {}
            return
        made = [row for row in rows if fine_tuning.made_by(self.model, row)]
        if not made:
            why = _("No job of this account made this model.")
            yield Thing(part=Part.JOB, name="", why=why), {}
            return
        name = str(made[0]["id"])
        found = self.fetching.fetch(lambda stop: self.service.job(name, stop))
        self._job = made[0] if isinstance(found, Failure) else {**found, "id": name}
        yield self._thing(Part.JOB, name, found), self._job

    def _of_files(self) -> Iterator[tuple[Thing, Mapping[str, Any]]]:
        """Yield the facts of each file of the job, then the file; of one that is gone, that alone."""
        for part, name in fine_tuning.files_of(self._job):
            found = self.fetching.fetch(_of_name(self.service.file, name))
            if not isinstance(found, Failure):
                yield replace(self._thing(Part.FILE, name, found), file=_text(found.get("filename"))), found
            thing = self._thing(part, name, found)
            if not isinstance(found, Failure):
                thing = replace(
                    thing,
                    file=_text(found.get("filename")),
                    bytes=_count(found.get("bytes")),
                    expires=_moment(found.get("expires_at")),
                )
            yield thing, {}

    def _thing(self, part: Part, name: str, found: Mapping[str, Any] | Failure) -> Thing:
        known = self._known.get((part, name))
        thing = Thing(part=part, name=name, known=known is not None, record=known.id if known else None)
        if known is not None and not known.kept:
            return replace(thing, why=_("It was deleted for good here, and is not brought in again."))
        if isinstance(found, Failure) and (known is None or part not in FILES):  # a file that is here stays as it is
            return replace(thing, why=_why(found))
        return thing

    def _kept(self, thing: Thing, value: Mapping[str, Any]) -> Thing:
        return thing if thing.why else self._keep(thing, io.BytesIO(_written(value)))

    def _list(self, part: Part, job: str) -> Thing:
        """Keep a list of a job's, a JSON line each, oldest first."""
        ask = self.service.events if part is Part.EVENTS else self.service.checkpoints
        rows = self.fetching.rows(lambda after, stop: ask(job, after, stop))
        thing = self._thing(part, job, {} if isinstance(rows, list) else rows)
        if thing.why or isinstance(rows, Failure):
            return thing
        return self._keep(thing, io.BytesIO(b"".join(_written(row) for row in reversed(rows))))

    def _keep(self, thing: Thing, content: BinaryIO) -> Thing:
        with self.project.write(self.who) as unit:
            record = service_records.keep(unit, host=self.host, kind=thing.part, name=thing.name, content=content)
            unit.commit()
        return replace(thing, record=record, known=record == thing.record)

    def _file(self, thing: Thing) -> Thing:
        """Fetch a file that is not here yet; the rows of one with examples come in, unless they did before."""
        if not thing.known and not thing.why:
            thing = self._fetched(thing)
        if thing.why or thing.record is None or thing.part not in EXAMPLES:
            return thing
        try:
            return self._rows_of(thing, thing.record)
        except Cancelled:
            raise
        except AccordError as error:
            return replace(thing, why=str(error))

    def _fetched(self, thing: Thing) -> Thing:
        if (thing.bytes or 0) > service_files.LARGEST:
            return replace(thing, why=fine_tuning.sentence(Trouble.TOO_LARGE))
        with tempfile.TemporaryFile(prefix="accord-") as into:

            def tell() -> None:
                self.watch.report(os.fstat(into.fileno()).st_size, thing.bytes, thing.file)

            found = self.fetching.fetch(service_files.whole(self.service, thing, into), tell)
            if isinstance(found, Failure):
                return replace(thing, why=_why(found))
            return self._keep(thing, into)

    def _rows_of(self, thing: Thing, record: int) -> Thing:
        """Bring the rows of a training file in through the ordinary import. Raises AccordError."""
        with self.project.read() as view:
            digest = next(one.sha256 for one in service_records.listed(view) if one.id == record)
            if imports.came_before(view, digest):
                return thing
        title = _("fine-tuning file {file} of {model}", file=thing.file or thing.name, model=self.model)
        method = self._job.get("method")
        compares = isinstance(method, Mapping) and method.get("type") == "dpo"
        with tempfile.TemporaryDirectory(prefix="accord-") as folder:
            path = Path(folder) / service_files.file_name(thing)
            with self.project.read() as view, path.open("wb") as file:
                file.writelines(service_records.content(view, record))
            report = importing.import_file(
                project=self.project,
                who=self.who,
                path=path,
                format_name="preference" if compares else "openai",
                source=title,
                backup=not self._imported,
                progress=self.watch,
            )
        self._imported = True
        why = report.rejections[0].reason if report.rejections and not report.accepted + report.duplicate else ""
        return replace(thing, tally=report.tally, why=why)

    def _note(self, account: Account, consent: Consent | None) -> None:
        """Keep who fetched what, by whose consent, and what did not come."""
        said = None if consent is None else asdict(consent)
        things = [
            {"part": one.part.value, "name": one.name, "file": one.file, "record": one.record, "why": one.why}
            for one in account.things
        ]
        value = {"model": self.model, "host": self.host, "consent": said, "things": things}
        with self.project.write(self.who) as unit:
            content = io.BytesIO(_written(value))
            service_records.keep(unit, host=self.host, kind=Part.VISIT, name=self.model, content=content)
            unit.commit()


def _of_name(ask: Callable[[str, threading.Event], Any], name: str) -> Callable[[threading.Event], Any]:
    return lambda stop: ask(name, stop)


def _why(failure: Failure) -> str:
    said = failure.said[:_LONGEST_SAID]
    return " ".join(filter(None, (fine_tuning.sentence(failure.trouble), said and f"({said})")))


def _written(value: Mapping[str, Any]) -> bytes:
    """Return JSON as a line; half of a pair of characters stays an escape."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode("utf-8", "backslashreplace") + b"\n"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _count(value: Any) -> int | None:
    return value if type(value) is int and value >= 0 else None


def _moment(value: Any) -> int | None:
    """Return seconds since 1970 that are a day of the calendar; a service may mean "never" by an absurd number."""
    found = _count(value)
    return found if found is not None and found < _LAST_DAY else None
