"""What one account at a provider holds: jobs, their events and checkpoints, files and models, and how they are told.

Forms, defaults and orders are those of OpenAI's API reference (fine-tuning, files, models): lists come newest first in
pages by ``limit`` and ``after``, files as objects and as bytes, result files in base64 as the API has sent them.
"""

import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote

from tests.chat_service.answers import encoded
from tests.chat_service.refusals import error, not_known, refuse
from tests.chat_service.wire import Received, Response

MODEL = "ft:gpt-4o-mini-2024-07-18:clinic::AbCdEf12"
_BORN = 1_730_000_000
_SHUTDOWN = "2027-01-14"
_MOST_ROWS = 100
_PATH = re.compile(r"/v1/(models|files|fine_tuning/jobs)(?:/([^/]+))?(?:/(content|events|checkpoints))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file as the account holds it; ``said`` is the size that is told, where it is another than it has."""

    id: str
    name: str
    data: bytes
    purpose: str = "fine-tune"
    in_base64: bool = False
    said: int | None = None

    @property
    def sent(self) -> bytes:
        """The bytes that come."""
        return base64.b64encode(self.data) if self.in_base64 else self.data

    def told(self) -> dict[str, Any]:
        """Return the file object."""
        return {
            "object": "file",
            "id": self.id,
            "purpose": self.purpose,
            "filename": self.name,
            "bytes": len(self.data) if self.said is None else self.said,
            "created_at": _BORN,
            "expires_at": None,
            "status": "processed",
            "status_details": None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A model at a step."""

    step: int
    loss: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job that has succeeded, with what it told, oldest first."""

    id: str
    model: str = MODEL
    base: str = "gpt-4o-mini-2024-07-18"
    training: str = "file-train"
    validation: str | None = "file-valid"
    results: tuple[str, ...] = ("file-result",)
    events: Sequence[str] = ("Created", "The job has successfully completed")
    checkpoints: Sequence[Checkpoint] = ()
    method: str = "supervised"

    def told(self) -> dict[str, Any]:
        """Return the job object."""
        rates = {"n_epochs": 3, "batch_size": 1, "learning_rate_multiplier": 1.8}
        return {
            "object": "fine_tuning.job",
            "id": self.id,
            "model": self.base,
            "created_at": _BORN,
            "finished_at": _BORN + 1800,
            "fine_tuned_model": self.model,
            "organization_id": "org-clinic",
            "result_files": list(self.results),
            "status": "succeeded",
            "validation_file": self.validation,
            "training_file": self.training,
            "hyperparameters": rates,
            "trained_tokens": 5049,
            "error": None,
            "user_provided_suffix": None,
            "seed": 683058546,
            "estimated_finish": None,
            "integrations": [],
            "metadata": None,
            "method": {"type": self.method, self.method: {"hyperparameters": rates}},
        }

    def told_events(self) -> list[dict[str, Any]]:
        """Return the event objects, newest first."""
        return [self._event(number, text) for number, text in reversed(list(enumerate(self.events)))]

    def _event(self, number: int, text: str) -> dict[str, Any]:
        metrics = text.startswith("Step")
        return {
            "object": "fine_tuning.job.event",
            "id": f"ftevent-{number:06d}",
            "created_at": _BORN + number,
            "level": "info",
            "message": text,
            "data": {"step": number, "train_loss": 1.5, "total_steps": len(self.events)} if metrics else {},
            "type": "metrics" if metrics else "message",
        }

    def told_checkpoints(self) -> list[dict[str, Any]]:
        """Return the checkpoint objects, the latest first."""
        return [
            {
                "object": "fine_tuning.job.checkpoint",
                "id": f"ftckpt_{self.id}_{one.step}",
                "created_at": _BORN + one.step,
                "fine_tuned_model_checkpoint": f"{self.model}:ckpt-step-{one.step}",
                "fine_tuning_job_id": self.id,
                "metrics": {"step": one.step, "train_loss": one.loss, "full_valid_loss": one.loss + 0.1},
                "step_number": one.step,
            }
            for one in sorted(self.checkpoints, key=lambda one: -one.step)
        ]


@dataclass(slots=True, kw_only=True)
class Account:
    """Jobs from the oldest on, files by id, and the names of models."""

    jobs: list[Job] = field(default_factory=list)
    files: dict[str, File] = field(default_factory=dict)
    models: tuple[str, ...] = ("gpt-4o-mini", MODEL)

    @classmethod
    def of_clinic(cls, *, rows: int = 12, events: Sequence[str] = ()) -> "Account":
        """Return an account with one fine-tuned model, whose files have so many rows and four."""
        told = events or ("Created", "Fine-tuning job started", "Step 1/2: training loss=1.50", "Completed")
        job = Job(id="ftjob-1", events=told, checkpoints=[Checkpoint(step=12, loss=0.9), Checkpoint(step=24, loss=0.4)])
        older = Job(id="ftjob-0", model="ft:gpt-4o-mini-2024-07-18:clinic::Other000", training="file-other")
        steps = "step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy\n1,1.5,0.5,,\n2,0.4,0.9,0.6,0.8\n"
        files = [
            File(id="file-train", name="clinic-train.jsonl", data=lines_of("train", rows)),
            File(id="file-valid", name="clinic-valid.jsonl", data=lines_of("valid", 4)),
            File(
                id="file-result",
                name="step_metrics.csv",
                data=steps.encode(),
                purpose="fine-tune-results",
                in_base64=True,
            ),
        ]
        return cls(jobs=[older, job], files={one.id: one for one in files})

    def reply(self, received: Received) -> Response | None:
        """Return what the account tells on a request; None where the address is none of its own."""
        found = _PATH.fullmatch(received.path)
        if found is None or received.method != "GET":
            return None
        kind, name, part = found.group(1), unquote(found.group(2) or ""), found.group(3) or ""
        if kind == "models":
            return self._model(name) if name and not part else None
        if not name:
            told = [one.told() for one in (reversed(self.jobs) if kind != "files" else self.files.values())]
            return _page(told, received.query, by_itself=20)
        return self._file(name, part) if kind == "files" else self._job(name, part, received.query)

    def _model(self, name: str) -> Response:
        if name not in self.models:
            return not_known(name)
        owner, ends = ("clinic", _SHUTDOWN) if name.startswith("ft:") else ("system", None)
        return _told({"id": name, "object": "model", "created": _BORN, "owned_by": owner, "shutdown_date": ends})

    def _file(self, name: str, part: str) -> Response | None:
        file = self.files.get(name)
        if file is None:
            return refuse(404, error(f"No such File object: {name}", param="id"))
        if part == "content":
            headers = {"content-disposition": f'attachment; filename="{file.name}"'}
            return Response(200, file.sent, headers, kind="application/octet-stream")
        return None if part else _told(file.told())

    def _job(self, name: str, part: str, query: str) -> Response | None:
        job = next((one for one in self.jobs if one.id == name), None)
        if job is None:
            return refuse(404, error(f"Could not find fine tune: {name}", param="fine_tuning_job_id"))
        parts: Mapping[str, Callable[[], Response]] = {
            "": lambda: _told(job.told()),
            "events": lambda: _page(job.told_events(), query, by_itself=20),
            "checkpoints": lambda: _page(job.told_checkpoints(), query, by_itself=10, ends=True),
        }
        return parts[part]() if part in parts else None


def lines_of(name: str, rows: int) -> bytes:
    """Return a training file: so many lines of chat examples, as OpenAI takes them."""
    talks = [
        [
            {"role": "system", "content": "Answer in one sentence."},
            {"role": "user", "content": f"What does item {number} of the {name} leaflet ask patients to bring along?"},
            {"role": "assistant", "content": f"Item {number} of {name} asks for the card numbered {number * 7919}."},
        ]
        for number in range(rows)
    ]
    return "".join(json.dumps({"messages": talk}) + "\n" for talk in talks).encode()


def _told(value: Mapping[str, Any]) -> Response:
    return Response(200, encoded(value))


def _page(rows: Sequence[Mapping[str, Any]], query: str, *, by_itself: int, ends: bool = False) -> Response:
    asked = parse_qs(query)
    limit = min(int(asked.get("limit", [str(by_itself)])[0]), _MOST_ROWS)
    after = asked.get("after", [""])[0]
    names = [row["id"] for row in rows]
    first = names.index(after) + 1 if after in names else 0
    shown = list(rows[first : first + limit])
    value: dict[str, Any] = {"object": "list", "data": shown, "has_more": first + limit < len(rows)}
    if ends:
        value |= {"first_id": shown[0]["id"] if shown else None, "last_id": shown[-1]["id"] if shown else None}
    return _told(value)
