"""One chosen file before its import: what it seems to be, which column goes where, and what that gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from accord.domain.wording import _
from accord.gui.pages.importing.tree_nodes import POINTER
from accord.jobs import Job
from accord.workflows.import_looks import EncodingChoice, FileShape, Preview, content_targets, maps_content
from accord.workflows.importing import FileReport

METADATA = ""
META_PREFIX = "meta."


class ReadingArguments(TypedDict):
    """How a file is to be read, by the names that the workflows use; what is "" is found."""

    format_name: str
    encoding: str
    sheet: str
    pointer: str
    delimiter: str
    fill: str
    header: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a person said about how a file is to be read."""

    format: str = "auto"
    encoding: str = ""
    sheet: str = ""
    pointer: str = ""
    delimiter: str = ""
    fill: str = "auto"
    header: str = "auto"

    def arguments(self) -> ReadingArguments:
        """Return the arguments for looking at the file and for importing it."""
        return ReadingArguments(
            format_name=self.format,
            encoding=self.encoding,
            sheet=self.sheet,
            pointer=self.pointer,
            delimiter=self.delimiter,
            fill=self.fill,
            header=self.header,
        )


@dataclass(slots=True, kw_only=True)
class ChosenFile:
    """A file and what is known of it so far; ``fault`` is why it cannot be read or mapped.

    ``choices``: the encodings that it could be in, where that has to be asked. ``known``: the last shape that was
    found, whose sheets and places are still offered where the next one failed. ``proposed``: where the columns went
    before a person placed any, as last time where ``remembered``, else as guessed. ``brings``: the ids of the examples
    that it would bring in and no file before it.
    """

    path: Path
    reading: Reading = Reading()
    shape: FileShape | None = None
    known: FileShape | None = None
    choices: tuple[EncodingChoice, ...] = ()
    own: frozenset[str] = frozenset()
    targets: dict[str, str] = field(default_factory=dict)
    proposed: dict[str, str] = field(default_factory=dict)
    remembered: bool = False
    before: dict[str, str] = field(default_factory=dict)
    placing: str = ""
    fault: str = ""
    preview: Preview | None = None
    count: FileReport | None = None
    brings: frozenset[str] = frozenset()
    asked: int = 0
    counting: Job | None = None

    @property
    def ready(self) -> bool:
        """Whether it can be imported as it stands."""
        return self.shape is not None and not self.fault

    def place(self, column: str, target: str) -> None:
        """Give a column its target; arrow keys pass over others on the way, which get back what was theirs."""
        if column != self.placing:
            self.placing, self.before = column, self.targets
        self.targets = place(self.before, column, target)

    def propose(self, remembered: Mapping[str, str] | None) -> None:
        """Place the columns as they were last time, else as guessed."""
        if self.shape is None:
            return
        guessed = targets_of(self.shape, self.own, None)
        self.targets = targets_of(self.shape, self.own, remembered)
        self.proposed, self.remembered, self.placing = dict(self.targets), self.targets != guessed, ""

    def proposal_word(self, column: str) -> str:
        """Return how a column came to its place where no person placed it; empty for metadata, as all others are."""
        target = self.targets.get(column, METADATA)
        if target == METADATA or self.proposed.get(column) != target:
            return ""
        return _("as last time") if self.remembered else _("guessed")

    @property
    def mapping(self) -> dict[str, str]:
        """Return the mapping to read with, target to column."""
        return {} if self.shape is None else mapping_of(self.shape, self.targets)


def targets_of(shape: FileShape, own: frozenset[str], remembered: Mapping[str, str] | None) -> dict[str, str]:
    """Return column to target for the columns a person can place: as last time, else as guessed; METADATA for none.

    A place inside a column, which a pointer names, can be placed too.
    """
    mapping = shape.mapping
    if remembered is not None and maps_content(shape=shape) == ("request" in remembered):
        mapping = remembered
    found = {column: METADATA for column in shape.columns if column not in own}
    for target, column in mapping.items():
        inside = column.startswith(POINTER) and column not in own
        if (column in found or inside) and found.get(column, METADATA) == METADATA:
            found[column] = target
    return found


def mapping_of(shape: FileShape, targets: Mapping[str, str]) -> dict[str, str]:
    """Return target to column; a target that was guessed and is not wanted maps to an empty column."""
    chosen = {target: column for column, target in targets.items() if target != METADATA}
    dropped = {target: "" for target in shape.mapping if target not in chosen}
    return {**chosen, **dropped}


def place(targets: Mapping[str, str], column: str, target: str) -> dict[str, str]:
    """Give a column its target; a column that had it before becomes metadata: two cannot share a place."""
    changed = dict(targets)
    for other, held in targets.items():
        if target != METADATA and held == target and other != column:
            changed[other] = METADATA
    changed[column] = target
    return changed


def target_titles(shape: FileShape) -> list[tuple[str, str]]:
    """Return the places a column of this file can go to, as (target, title)."""
    titles = {
        "request": _("Request"),
        "answer": _("Answer"),
        "system": _("System message"),
        "context": _("Context passage"),
        "id": _("Id"),
        "group": _("Group, e.g. patient"),
        "source": _("Source"),
        "source_url": _("Source address (URL)"),
        "source_date": _("Source date"),
        "licence": _("Licence"),
        "tags": _("Tags"),
        "reviewer": _("Reviewer"),
        "verdict": _("Verdict"),
    }
    fixed = () if maps_content(shape=shape) else content_targets()
    return [(METADATA, _("Keep as metadata")), *((t, title) for t, title in titles.items() if t not in fixed)]


def format_title(name: str) -> str:
    """Return a format's name on the screen."""
    titles = {
        "openai": _("OpenAI chat"),
        "alpaca": _("Alpaca"),
        "sharegpt": _("ShareGPT"),
        "prompt-completion": _("Prompt and completion"),
        "preference": _("Preference pairs"),
        "chatml": _("ChatML"),
        "label-studio": _("Label Studio"),
        "argilla": _("Argilla"),
        "doccano": _("doccano"),
        "message-tree": _("Tree of messages"),
        "table": _("Table"),
    }
    return titles.get(name, name)


def delimiter_title(delimiter: str) -> str:
    """Return a delimiter's name on the screen."""
    names = {
        ",": _("comma"),
        ";": _("semicolon"),
        "\t": _("tab"),
        "|": _("bar"),
        ":": _("colon"),
        "^": _("caret"),
        "~": _("tilde"),
    }
    return names.get(delimiter, delimiter)


def container_title(shape: FileShape) -> str:
    """Return what kind of file it is, the delimiter with it."""
    titles = {
        "jsonl": _("JSON lines"),
        "array": _("JSON list"),
        "xlsx": _("Excel workbook"),
        "parquet": _("Parquet"),
        "xml": _("XML"),
        "chatml": _("ChatML text"),
    }
    if shape.container == "csv":
        return _("CSV, {delimiter}", delimiter=delimiter_title(shape.delimiter))
    return titles.get(shape.container, shape.container)


def line_ends_title(line_ends: str) -> str:
    """Return how the lines of a text file end; empty for other files."""
    if line_ends == "mixed":
        return _("mixed line ends")
    return _("line ends {name}", name=line_ends) if line_ends else ""


def size_title(size: int) -> str:
    """Return a file size as people write it."""
    for unit, step in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if size >= step:
            return f"{size / step:.1f} {unit}"
    return f"{size} B"
