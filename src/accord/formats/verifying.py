"""Re-reads an export against its manifest, its trace and the rules of its format; shares no code with the writer."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accord.domain.canonical import canonical_json, request_key, sha256_hex
from accord.domain.progress import Progress, Silent
from accord.domain.wording import _
from accord.formats.verified_files import (
    FileRow,
    Flaw,
    byte_flaws,
    csv_records,
    file_hash,
    json_array,
    json_lines,
    strict_value,
)
from accord.formats.verified_rules import CSV_HEADER, FORMATS, OPENAI_FORMATS, breaches, request_of

NEWEST_MANIFEST = 1
FEWEST_ROWS = 10
MOST_BYTES = 512_000_000
MOST_PROBLEMS = 10_000

_MANIFEST = "manifest.json"
_TRACE = "trace.jsonl"
_CARD = "CARD.md"
_PARTS = ("train", "validation", "heldout")
_ID = re.compile(r"[0-9a-f]{20}")
_HASH = re.compile(r"[0-9a-f]{64}")
_CHECK_EVERY = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong. ``line``: as the trace counts, 0 for the whole file. ``severity``: error or warning."""

    file: str
    line: int
    rule: str
    severity: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """What was found; ``ok`` means no errors. At most ``MOST_PROBLEMS`` are listed."""

    ok: bool
    problems: tuple[Problem, ...]


def verify_export(
    folder: Path, *, purged: Collection[str] = frozenset(), progress: Progress | None = None
) -> VerifyReport:
    """Verify the export in ``folder``. Whatever is wrong is a problem in the report; only Cancelled is raised.

    ``purged``: ids of examples that were deleted for good, which no export may hold any longer.
    """
    check = _Verification(folder, purged, progress or Silent())
    try:
        check.run()
    except OSError as error:
        check.add("", 0, "file.unreadable", _("A file cannot be read: {reason}.", reason=error.strerror or str(error)))
    return VerifyReport(ok=not check.errors, problems=tuple(check.problems))


class _Verification:
    """The state of one verification."""

    def __init__(self, folder: Path, purged: Collection[str], progress: Progress) -> None:
        self.folder = folder
        self.purged = purged
        self.progress = progress
        self.problems: list[Problem] = []
        self.errors = 0
        self.format = ""
        self.manifest: Mapping[str, Any] = {}
        self.listed: dict[str, Mapping[str, Any]] = {}
        self._part_of_id: dict[str, str] = {}
        self._parts_of_request: dict[str, str] = {}
        self._train_rows: set[bytes] = set()
        self._rows_done = 0

    def add(self, file: str, line: int, rule: str, message: str, severity: str = "error") -> None:
        """Note a problem."""
        self.errors += severity == "error"
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(file=file, line=line, rule=rule, severity=severity, message=message))

    def run(self) -> None:
        """Check everything."""
        if not self._read_manifest():
            return
        self._check_listing()
        suffix = "csv" if self.format == "csv" else "json" if self.manifest.get("array") is True else "jsonl"
        for part in _PARTS:
            name = f"{part}.{suffix}"
            if name not in self.listed:
                self.add(_MANIFEST, 0, "manifest.files", _("The manifest does not list {name}.", name=name))
            elif (self.folder / name).is_file():
                self._check_part(part, name)
        self._check_trace(suffix)
        self._check_signatures()

    def _read_manifest(self) -> bool:
        path = self.folder / _MANIFEST
        if not path.is_file():
            self.add(_MANIFEST, 0, "manifest.missing", _no_manifest(self.folder))
            return False
        try:
            manifest = strict_value(path.read_bytes().decode("utf-8"))
            listed = {file["path"]: file for file in manifest["files"]}
            usable = manifest["format"] in FORMATS and all(_is_file_entry(file) for file in manifest["files"])
            version = manifest["format_version"]
        except (ValueError, LookupError, TypeError):
            usable, version = False, NEWEST_MANIFEST
        if not usable or not isinstance(version, int):
            self.add(_MANIFEST, 0, "manifest.unreadable", _("manifest.json is not a manifest of Accord."))
            return False
        if version > NEWEST_MANIFEST:
            self.add(_MANIFEST, 0, "manifest.version", _("The export was written by a newer version of Accord."))
            return False
        self.manifest, self.listed, self.format = manifest, listed, manifest["format"]
        self._add_flaws(_MANIFEST, byte_flaws(path, allow_cr=False))
        return True

    def _add_flaws(self, name: str, flaws: Iterator[Flaw]) -> None:
        for flaw in flaws:
            self.add(name, flaw.line, flaw.rule, flaw.message, flaw.severity)

    def _check_listing(self) -> None:
        for name in (_TRACE, _CARD):
            if name not in self.listed:
                self.add(_MANIFEST, 0, "manifest.files", _("The manifest does not list {name}.", name=name))
        present = {entry.name for entry in self.folder.iterdir()}
        for name in sorted(present - self.listed.keys() - {_MANIFEST}):
            self.add(name, 0, "file.unlisted", _("{name} is not in the manifest.", name=name))
        for name, entry in self.listed.items():
            path = self.folder / name
            if not path.is_file():
                self.add(name, 0, "file.missing", _("{name} is missing.", name=name))
                continue
            self.progress.check()
            if file_hash(path) != entry["sha256"]:
                self.add(name, 0, "file.hash", _("{name} is not as it was written (sha256 differs).", name=name))
            self._add_flaws(name, byte_flaws(path, allow_cr=name.endswith(".csv")))

    def _rows(self, name: str) -> Iterator[FileRow]:
        path = self.folder / name
        if name.endswith(".csv"):
            return csv_records(path)
        return json_array(path) if name.endswith(".json") else json_lines(path)

    def _check_part(self, part: str, name: str) -> None:
        rows = self._rows(name)
        header = self._header(name, rows) if self.format == "csv" else ()
        traced = self._traced(name)
        count = 0
        for row in rows:
            count += 1
            self._tick()
            if row.flaw:
                self.add(name, row.flaw.line or row.place, row.flaw.rule, row.flaw.message, row.flaw.severity)
            entry = next(traced, None)
            value = self._cells(name, row, header) if header else row.value
            if value is not None:
                self._check_row(part, name, row, value)
            self._match_trace(part, name, row, value, entry)
        if next(traced, None) is not None:
            self.add(_TRACE, 0, "trace.count", _("The trace has more rows for {name} than the file.", name=name))
        self._check_totals(part, name, count)

    def _tick(self) -> None:
        self._rows_done += 1
        if self._rows_done % _CHECK_EVERY == 0:
            self.progress.check()
            self.progress.report(self._rows_done, None)

    def _header(self, name: str, rows: Iterator[FileRow]) -> tuple[str, ...]:
        first = next(rows, None)
        if first is None or first.value != CSV_HEADER.split():
            self.add(name, 1, "csv.header", _("The first line does not name the columns of Accord's CSV."))
        return tuple(CSV_HEADER.split())

    def _cells(self, name: str, row: FileRow, header: tuple[str, ...]) -> dict[str, str] | None:
        if row.value is None:
            return None
        if len(row.value) != len(header):
            self.add(name, row.place, "row.shape", _("The row has another number of cells than the header."))
            return None
        return dict(zip(header, row.value, strict=True))

    def _check_row(self, part: str, name: str, row: FileRow, value: Any) -> None:
        broken = False
        for breach in breaches(self.format, value):
            broken = broken or breach.severity == "error"
            self.add(name, row.place, breach.rule, breach.message, breach.severity)
        text = _without_place(value) if self.format == "csv" else row.text
        if part == "train":
            digest = hashlib.blake2b(text.encode("utf-8"), digest_size=12).digest()
            if digest in self._train_rows:
                self.add(name, row.place, "duplicate", _("The row stands twice in train."), "warning")
            self._train_rows.add(digest)
        if broken:
            return
        request = request_of(self.format, value)
        if not request.strip():
            return
        other = self._parts_of_request.setdefault(request_key(request), part)
        if other != part:
            self.add(name, row.place, "leak.request", _("The same request stands in {part} too.", part=other))

    def _traced(self, name: str) -> Iterator[Any]:
        """Yield the trace's entries for one file, in order."""
        if not (self.folder / _TRACE).is_file():
            return
        for row in json_lines(self.folder / _TRACE, holding=name):
            if isinstance(row.value, dict) and row.value.get("file") == name:
                yield row.value

    def _match_trace(self, part: str, name: str, row: FileRow, value: Any, entry: Any) -> None:
        if entry is None:
            if (self.folder / _TRACE).is_file():
                self.add(name, row.place, "trace.count", _("The trace has no row for this line."))
            return
        if entry.get("line") != row.place:
            message = _("The trace gives line {line} here.", line=entry.get("line"))
            self.add(name, row.place, "trace.order", message)
        example = str(entry.get("id"))
        other = self._part_of_id.setdefault(example, part)
        if other != part:
            self.add(name, row.place, "leak.id", _("The example {id} stands in {part} too.", id=example, part=other))
        if self.format == "csv" and value is not None and value["id"] != example:
            self.add(name, row.place, "trace.id", _("The trace names another example for this line."))
        if value is not None and self._is_plain and _openai_hash(value) != entry.get("hash"):
            self.add(name, row.place, "trace.hash", _("The line is not the content that the trace names."))

    @property
    def _is_plain(self) -> bool:
        """Whether lines hold the reviewed content itself, so that its hash can be taken again."""
        instruction = self.manifest.get("instruction")
        mode = instruction.get("mode") if isinstance(instruction, dict) else None
        return self.format == "openai" and mode == "keep" and not self.manifest.get("codes")

    def _check_totals(self, part: str, name: str, count: int) -> None:
        if count != self.listed[name]["rows"]:
            message = _(
                "{name} has {found} rows; the manifest says {said}.",
                name=name,
                found=count,
                said=self.listed[name]["rows"],
            )
            self.add(name, 0, "file.rows", message)
        if part == "train" and count < FEWEST_ROWS:
            message = _("train has fewer than {n} rows; OpenAI refuses so few.", n=FEWEST_ROWS)
            self.add(name, 0, "few_rows", message, "warning")
        if self.format in OPENAI_FORMATS and (self.folder / name).stat().st_size > MOST_BYTES:
            self.add(name, 0, "size", _("The file is larger than 512 MB; OpenAI takes none so large."), "warning")

    def _check_trace(self, suffix: str) -> None:
        """Check the trace for itself: readable, complete entries, in the order of ids, each example once."""
        path = self.folder / _TRACE
        if not path.is_file():
            return
        files = {f"{part}.{suffix}" for part in _PARTS}
        last, count, sealed = "", 0, hashlib.sha256(_release_head(self.manifest))
        for row in json_lines(path):
            count += 1
            if row.flaw:
                self.add(_TRACE, row.place, row.flaw.rule, row.flaw.message)
                continue
            example = row.value.get("id") if isinstance(row.value, dict) else None
            if not isinstance(example, str) or not _ID.fullmatch(example) or str(row.value.get("file")) not in files:
                self.add(_TRACE, row.place, "trace.shape", _("The row does not name a file of this export and an id."))
                continue
            if not _HASH.fullmatch(str(row.value.get("hash"))):
                self.add(_TRACE, row.place, "trace.shape", _("The hash is not a hash of 64 hex digits."), "warning")
            if example <= last:
                self.add(_TRACE, row.place, "trace.order", _("The ids are not in order, or one stands twice."))
            last = example
            self._check_purged(row.value, example)
            part = str(row.value["file"]).rpartition(".")[0]
            item = canonical_json([example, row.value.get("hash"), part])
            sealed.update(f"{',' * (count > 1)}{item}".encode())
        sealed.update(b"]}")
        self._check_release_hash(sealed.hexdigest())
        if _TRACE in self.listed and count != self.listed[_TRACE]["rows"]:
            message = _(
                "{name} has {found} rows; the manifest says {said}.",
                name=_TRACE,
                found=count,
                said=self.listed[_TRACE]["rows"],
            )
            self.add(_TRACE, 0, "file.rows", message)

    def _check_purged(self, entry: Mapping[str, Any], example: str) -> None:
        if example in self.purged:
            message = _(
                "The example {id} was deleted from the project for good since; this file still holds it.", id=example
            )
            line = entry.get("line")
            self.add(str(entry["file"]), line if isinstance(line, int) else 0, "purged", message)

    def _check_release_hash(self, found: str) -> None:
        """Take the release's hash again from the trace, where that names every example and all codes are known."""
        if self.manifest.get("codes") or self.manifest.get("without_pair"):
            return
        if _release_hash(self.manifest) not in {None, found}:
            self.add(_MANIFEST, 0, "release.hash", _("The release's hash is not that of the examples in the trace."))

    def _check_signatures(self) -> None:
        """Check that each signature is under this release's hash, and that the card bears the same ones."""
        if "signatures" not in self.manifest:
            return  # of an export from before there were any
        given = self.manifest["signatures"]
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            self.add(_MANIFEST, 0, "signature.shape", _("The signatures in the manifest cannot be read."))
            return
        for one in given:
            if one.get("hash") != _release_hash(self.manifest):
                message = _("The signature of {name} is under another release's hash.", name=one.get("name"))
                self.add(_MANIFEST, 0, "signature.hash", message)
        card = self.folder / _CARD
        seal = f"<!-- signatures {sha256_hex(canonical_json(given))} -->"
        if card.is_file() and seal.encode() not in card.read_bytes():
            self.add(_CARD, 0, "signature.card", _("The card and the manifest do not bear the same signatures."))


def _no_manifest(folder: Path) -> str:
    """Say what a folder without a manifest is."""
    if not folder.is_dir():
        return _("There is no folder {folder}.", folder=folder)
    said = _(
        "{folder} is not a folder that Accord exported to, or the export is not complete: it has no manifest.json.",
        folder=folder,
    )
    inside = sorted(path.parent.name for path in folder.glob(f"*/{_MANIFEST}"))
    return said if not inside else said + " " + _("Did you mean the folder {name} in it?", name=inside[0])


def _release_head(manifest: Mapping[str, Any]) -> bytes:
    """Return how the JSON begins whose sha256 is the release's hash, as DESIGN defines it."""
    given = manifest.get("instruction")
    said = [given.get("text"), given.get("mode")] if isinstance(given, dict) else []
    return f'{canonical_json({"codes": [], "instruction": said})[:-1]},"items":['.encode()


def _release_hash(manifest: Mapping[str, Any]) -> Any:
    """Return the release's hash as the manifest has it; None where it tells of no release."""
    release = manifest.get("release")
    return release.get("hash") if isinstance(release, dict) else None


def _is_file_entry(file: Any) -> bool:
    path = file["path"]
    plain = isinstance(path, str) and path not in {"", ".", "..", _MANIFEST} and not set(path) & {"/", "\\", "\0"}
    rows = file["rows"]
    return plain and isinstance(rows, int) and not isinstance(rows, bool) and isinstance(file["sha256"], str)


def _without_place(cells: Mapping[str, str]) -> str:
    return "\x1f".join(cells[column] for column in ("system", "request", "answer", "messages", "tools"))


def _openai_hash(row: Any) -> str:
    """Return the hash of the content that an OpenAI line holds, as DESIGN defines an example's."""
    if not isinstance(row, dict) or not isinstance(row.get("messages"), list):
        return ""
    messages = []
    for message in row["messages"]:
        if not isinstance(message, dict):
            return ""
        role = "tool" if message.get("role") == "function" else message.get("role")
        messages.append({**message, "role": role, "content": message.get("content") or ""})
    value: dict[str, Any] = defaultdict(list, messages=messages)
    if row.get("tools"):
        value["tools"] = row["tools"]
    return sha256_hex(canonical_json(dict(value)))
