"""Writes a release as an export: the parts in one format, trace.jsonl, CARD.md and, last, manifest.json.

All is written into a folder beside the target, each file is synced, and the folder is put in place in one step.
Identical input gives identical bytes. Rows stand in the order of their ids; ``line`` in the trace is the physical line
where the row starts, or the 1-based index in an array.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from accord import __version__
from accord.domain.content import Content
from accord.domain.errors import Refused
from accord.domain.progress import Progress
from accord.domain.project import ProjectSettings
from accord.domain.releases import Part, Release, ReleasedExample, StoredExample
from accord.domain.wording import _
from accord.formats.cards import card_text
from accord.formats.failures import CannotExport
from accord.formats.landing import MANIFEST, Landing
from accord.formats.layouts import LAYOUTS, Layout
from accord.formats.outfiles import ExportFile, OutFile, write_small
from accord.formats.plain_lines import PlainLines
from accord.formats.rendering import answer_codes, compared, rendered
from accord.formats.tallies import Tallies, ranked

EXPORT_FORMATS = tuple(LAYOUTS)
MANIFEST_VERSION = 1
TRACE = "trace.jsonl"
CARD = "CARD.md"

_REPORT_EVERY = 1_000
Example = ReleasedExample | StoredExample


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportResult:
    """What was written."""

    files: tuple[ExportFile, ...]
    manifest: Path


def write_export(
    folder: Path,
    *,
    release: Release,
    examples: Iterable[Example],
    settings: ProjectSettings,
    format: str,  # noqa: A002  (the user's word)
    array: bool = False,
    replace: bool = False,
    project: Mapping[str, str],
    progress: Progress,
) -> ExportResult:
    """Write ``examples`` (sorted by id) of ``release`` to ``folder``: free, or with ``replace`` an export.

    ``project``: name, id and head of the event chain, for the manifest. Raises TargetNotEmpty, CannotExport,
    CannotWrite, Refused and Cancelled; the folder is then as it was.
    """
    if format not in LAYOUTS:
        raise Refused(_("There is no export format “{name}”.", name=format))
    if array and LAYOUTS[format].suffix == "csv":
        raise Refused(_("CSV has no array form. Leave the array out, or choose another format."))
    with Landing(folder, replace=replace) as landing:
        export = _Export(landing.folder, release, settings, LAYOUTS[format], array=array)
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
        self.tallies = Tallies()
        self.obstacles: dict[str, int] = {}
        self._plain = PlainLines(release, settings) if layout.name == "openai" else None

    def write(self, examples: Iterable[Example], progress: Progress) -> tuple[ExportFile, ...]:
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
            for example in self._in_order(examples, progress):
                out = parts[example.part]
                if isinstance(example, StoredExample):
                    if self._write_plain(example, out, trace):
                        continue
                    example = example.whole()  # noqa: PLW2901  (the same example, its texts read)
                self._write_one(example, out, trace)
            if self.obstacles:
                raise CannotExport(self.layout.name, self.obstacles)
            self._even(list(parts.values()))
            files = [out.finish() for out in (*parts.values(), trace)]
        card = card_text(
            self.release,
            self.tallies,
            title=self.settings.title,
            format_name=self.layout.name,
            codes=answer_codes(self.settings),
        )
        return (*files, write_small(self.folder / CARD, card.encode("utf-8")))

    def _in_order(self, examples: Iterable[Example], progress: Progress) -> Iterator[Example]:
        total = sum(self.release.counts.get(part.value, 0) for part in Part)
        last = ""
        for number, example in enumerate(examples):
            if example.id <= last:
                raise ValueError(f"examples are not sorted by id: {example.id} after {last}")
            last = example.id
            if number % _REPORT_EVERY == 0:
                progress.check()
                progress.report(number, total or None)
            yield example

    def _write_plain(self, example: StoredExample, out: OutFile, trace: OutFile) -> bool:
        """Write an example straight from its stored text, where that gives what the general way would."""
        row = self._plain.line(example.text) if self._plain is not None else None
        if row is None:
            return False
        self.tallies.count(example.part, example.origin, example.facts)
        facts = example.facts
        # Ids and hashes are hex digits; whatever else there is stands in many rows, and is written once.
        trace.add(
            f'{{"file":{_json(out.path.name)},"line":{out.add(row)},"id":"{example.id}","hash":"{example.hash}",'
            f'"source":{{"file":{_json(facts["file"])},"line":{facts["line"]}}},'
            f'"reviewers":[{",".join(map(_json, facts["reviewers"]))}],'
            f'"origin":{_json(example.origin)},"decided_by":{_json(facts["decided_by"])}}}'.encode()
        )
        return True

    def _write_one(self, example: ReleasedExample, out: OutFile, trace: OutFile) -> None:
        content = rendered(example, self.release, self.settings)
        obstacle = self.layout.obstacle(content)
        if obstacle is not None:
            self.obstacles[obstacle] = self.obstacles.get(obstacle, 0) + 1
        if self.obstacles:
            return
        row = self.layout.row(example, content, self._original(example))
        if row is None:
            self.tallies.without_pair += 1
            return
        if self.layout.drops_names and any("name" in m.extra for m in content.messages if m.extra):
            self.tallies.names_left_out += 1
        self.tallies.add(example)
        if isinstance(row, bytes):
            line = out.add(row, multiline=True)
        else:
            line = out.add(orjson.dumps(row))
            for key in self.layout.optional:
                out.keys[key] += key in row
        said = (example.file, example.line, list(example.reviewers), example.decided_by)
        trace.add(orjson.dumps(_trace((out.path.name, line), example.id, example.hash, example.origin, *said)))

    def _even(self, parts: list[OutFile]) -> None:
        """Give every row the optional keys that some row has, since loaders demand the same columns throughout."""
        used = {key: empty for key, empty in self.layout.optional.items() if any(out.keys[key] for out in parts)}
        for out in parts:
            out.fill(used)

    def _original(self, example: ReleasedExample) -> Content:
        return compared(example, self.release, self.settings) if self.layout.compares else example.original


@lru_cache(maxsize=4096)
def _json(text: str) -> str:
    return orjson.dumps(text).decode()


def _trace(  # noqa: PLR0917  (in the order in which they are written)
    place: tuple[str, int],
    id_: str,
    hash_: str,
    origin: str,
    file: str,
    line: int,
    reviewers: Sequence[str],
    decided_by: str,
) -> dict[str, Any]:
    return {
        "file": place[0],
        "line": place[1],
        "id": id_,
        "hash": hash_,
        "source": {"file": file, "line": line},
        "reviewers": reviewers,
        "origin": origin,
        "decided_by": decided_by,
    }


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
            "leakage": {"pairs": release.leakage_pairs, "checked": release.leakage_checked},
            "left_out": len(release.left_out),
            "warnings": list(release.warnings),
        },
        "instruction": {"mode": release.instruction_mode.value, "text": release.instruction},
        "codes": {code: label for label, code in answer_codes(export.settings).items()},
        "files": [asdict(file) for file in files],
        "licences": ranked(tallies.licences),
        "origins": ranked(tallies.origins),
        "decided_by": ranked(tallies.decided_by),
        "without_pair": tallies.without_pair,
        "names_left_out": tallies.names_left_out,
        "formula_guard": export.layout.suffix == "csv",
    }


def _pretty(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
