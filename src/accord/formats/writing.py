"""Writes a release as an export: the parts in one format, trace.jsonl, CARD.md and, last, manifest.json.

All is written into a folder beside the target, each file is synced, and the folder is put in place in one step.
Identical input gives identical bytes. Rows stand in the order of their ids, whatever the order in which they come: a
database reads them several times as fast in its own. ``line`` in the trace is the physical line where the row starts,
or the 1-based index in an array.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from accord import __version__
from accord.domain.canonical import canonical_json, sha256_hex
from accord.domain.errors import Refused
from accord.domain.progress import Progress
from accord.domain.project import ProjectSettings
from accord.domain.releases import Part, Release, ReleasedExample
from accord.domain.signatures import Signature
from accord.domain.wording import _
from accord.formats.cards import card_text
from accord.formats.failures import CannotExport
from accord.formats.landing import MANIFEST, Landing
from accord.formats.layouts import LAYOUTS, Layout
from accord.formats.ordering import AT_ONCE, Ordered, Row
from accord.formats.outfiles import ExportFile, OutFile, write_small
from accord.formats.rendering import Rendering, answer_codes
from accord.formats.tallies import Tallies, ranked

EXPORT_FORMATS = tuple(LAYOUTS)
MANIFEST_VERSION = 1
TRACE = "trace.jsonl"
CARD = "CARD.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportResult:
    """What was written."""

    files: tuple[ExportFile, ...]
    manifest: Path


def write_export(
    folder: Path,
    *,
    release: Release,
    examples: Iterable[ReleasedExample],
    settings: ProjectSettings,
    format: str,  # noqa: A002  (the user's word)
    array: bool = False,
    replace: bool = False,
    project: Mapping[str, str],
    signatures: Sequence[Signature] = (),
    progress: Progress,
) -> ExportResult:
    """Write ``examples``, in any order, of ``release`` to ``folder``: free, or with ``replace`` an export.

    ``project``: name, id and head of the event chain; ``signatures``: those that hold; both for the manifest.
    Raises TargetNotEmpty, CannotExport, CannotWrite, Refused and Cancelled; the folder is then as it was.
    """
    if format not in LAYOUTS:
        raise Refused(_("There is no export format “{name}”.", name=format))
    if array and LAYOUTS[format].suffix == "csv":
        raise Refused(_("CSV has no array form. Leave the array out, or choose another format."))
    with Landing(folder, replace=replace) as landing:
        export = _Export(landing.folder, release, settings, LAYOUTS[format], array=array)
        export.signatures = signatures
        files = export.write(examples, progress)
        manifest = _manifest(export, files, project)
        write_small(landing.folder / MANIFEST, _pretty(manifest))
        progress.check()
        landing.land()
    return ExportResult(files=files, manifest=folder / MANIFEST)


class _Export:
    """The rows of one export on their way into the files."""

    def __init__(
        self, folder: Path, release: Release, settings: ProjectSettings, layout: Layout, *, array: bool
    ) -> None:
        self.folder = folder
        self.release = release
        self.settings = settings
        self.layout = layout
        self.array = array
        self.signatures: Sequence[Signature] = ()
        self.tallies = Tallies()
        self.obstacles: Counter[str] = Counter()
        self._rendering = Rendering(release, settings)

    def write(self, examples: Iterable[ReleasedExample], progress: Progress) -> tuple[ExportFile, ...]:
        """Write the parts, the trace and the card. Raises CannotExport after counting all that has no place."""
        suffix = "json" if self.array else self.layout.suffix
        with ExitStack() as stack:
            parts = {
                part: OutFile(self.folder / f"{part.value}.{suffix}", header=self.layout.header, array=self.array)
                for part in Part
            }
            trace = OutFile(self.folder / TRACE)
            for out in (*parts.values(), trace):
                stack.callback(out.close)
            rows = Ordered(self.folder, stack)
            self._render(examples, parts, rows, progress)
            for batch in rows.batches():
                progress.check()
                _write_batch(batch, parts, trace)
            self._even(list(parts.values()))
            files = [out.finish() for out in (*parts.values(), trace)]
        card = card_text(
            self.release,
            self.tallies,
            title=self.settings.title,
            format_name=self.layout.name,
            codes=answer_codes(self.settings),
            signatures=self.signatures,
            seal=sha256_hex(canonical_json([_signature(one) for one in self.signatures])),
        )
        return (*files, write_small(self.folder / CARD, card.encode("utf-8")))

    def _render(
        self, examples: Iterable[ReleasedExample], parts: Mapping[Part, OutFile], rows: Ordered, progress: Progress
    ) -> None:
        """Make each example's row, once. Raises CannotExport after counting all that has no place."""
        total = sum(self.release.counts.get(part.value, 0) for part in Part)
        left = iter(examples)
        done = 0
        while batch := list(islice(left, AT_ONCE)):
            progress.check()
            progress.report(done, total or None)
            done += len(batch)
            made = [(example, row) for example in batch if (row := self._row(example, parts[example.part]))]
            if not self.obstacles:
                rows.add([(example.id, example.part, row, _traced(example)) for example, row in made])
                self.tallies.add([example for example, _row in made])
        if self.obstacles:
            raise CannotExport(self.layout.name, self.obstacles)

    def _row(self, example: ReleasedExample, out: OutFile) -> bytes:
        """Return the row of an example; empty where it has none, or no place in this format."""
        layout, talk = self.layout, self._rendering.rendered(example.text)
        obstacle = layout.obstacle(talk) if layout.obstacle else None
        if obstacle is not None:
            self.obstacles[obstacle] += 1
            return b""
        row = (
            layout.row(example, talk, self._rendering.compared(example))
            if layout.compares
            else layout.row(example, talk)
        )
        if row is None:
            self.tallies.without_pair += 1
            return b""
        if layout.drops_names and any("name" in message for message in talk["messages"]):
            self.tallies.names_left_out += 1
        for key in layout.optional:
            out.keys[key] += key in row
        # Copied, since the bytes that orjson gives hold several times the memory of their length.
        return row if isinstance(row, bytes) else b"%b" % orjson.dumps(row)

    def _even(self, parts: list[OutFile]) -> None:
        """Give every row the optional keys that some row has, since loaders demand the same columns throughout."""
        used = {key: empty for key, empty in self.layout.optional.items() if any(out.keys[key] for out in parts)}
        for out in parts:
            out.fill(used)


def _write_batch(batch: Sequence[Row], parts: Mapping[Part, OutFile], trace: OutFile) -> None:
    starts = {part: iter(out.add([row for _id, to, row, _rest in batch if to is part])) for part, out in parts.items()}
    heads = {part: orjson.dumps({"file": out.name, "line": 0})[:-2] for part, out in parts.items()}
    trace.add([b"%b%d,%b" % (heads[part], next(starts[part]), rest) for _id, part, _row, rest in batch])


def _traced(example: ReleasedExample) -> bytes:
    """Return an example's line of the trace, but for the file and the line where its row stands."""
    facts = example.facts
    known = {
        "id": example.id,
        "hash": example.hash,
        "source": {"file": facts["file"], "line": facts["line"]},
        "reviewers": facts["reviewers"],
        "origin": example.origin,
        "decided_by": facts["decided_by"],
    }
    return orjson.dumps(known)[1:]


def _manifest(export: _Export, files: tuple[ExportFile, ...], project: Mapping[str, str]) -> dict[str, Any]:
    release, tallies = export.release, export.tallies
    return {
        "format_version": MANIFEST_VERSION,
        "accord_version": __version__,
        "format": export.layout.name,
        "array": export.array,
        "project": dict(project),
        "release": {
            "name": release.name,
            "created_at": release.created_at,
            "created_by": release.created_by,
            "hash": release.hash,
            "plan": asdict(release.plan),
            "counts": dict(release.counts),
            "groups": release.groups,
            "leakage": release.leakage(),
            "left_out": len(release.left_out),
            "left_out_reasons": ranked(Counter(item.reason for item in release.left_out)),
            "outside": asdict(release.outside) if release.outside is not None else None,
            "warnings": list(release.warnings),
            "agreement": [asdict(one) for one in release.agreement],
            "findings": asdict(release.findings) if release.findings is not None else None,
        },
        "signatures": [_signature(one) for one in export.signatures],
        "instruction": {"mode": release.instruction_mode.value, "text": release.instruction},
        "codes": {code: label for label, code in answer_codes(export.settings).items()},
        "files": [asdict(file) for file in files],
        "licences": ranked(tallies.licences),
        "origins": ranked(tallies.origins),
        "decided_by": ranked(tallies.decided_by),
        "without_pair": tallies.without_pair,
        "worse_by_models": tallies.worse_by_models,
        "names_left_out": tallies.names_left_out,
        "formula_guard": export.layout.suffix == "csv",
    }


def _signature(given: Signature) -> dict[str, str]:
    names = ("name", "credential", "statement", "at", "hash", "author")
    return {name: str(getattr(given, name)) for name in names}


def _pretty(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
