"""What can go wrong with a whole file, and the problem of one row before it gets its line."""

from dataclasses import dataclass
from pathlib import Path

from accord.domain.errors import AccordError
from accord.domain.wording import _, plural


class UnreadableFile(AccordError):
    """A file of which no row can be read."""

    def __init__(self, path: Path, reason: str) -> None:
        name = path.name or str(path)
        super().__init__(_("{name} cannot be read. {reason} Nothing was taken from it.", name=name, reason=reason))
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class EncodingChoice:
    """An encoding a file could be in: its name, what a person calls it, and lines that tell it from the others."""

    encoding: str
    label: str
    preview: str


class UnsureEncoding(UnreadableFile):
    """A file whose bytes could be more than one text; ``choices``, the likeliest first, show how they differ."""

    def __init__(self, path: Path, choices: tuple[EncodingChoice, ...]) -> None:
        names = ", ".join(choice.encoding for choice in choices)
        super().__init__(
            path, _("Its encoding is not certain. Name its encoding; it could be {choices}.", choices=names)
        )
        self.choices = choices


class BadMapping(AccordError):
    """A mapping of columns that does not fit."""


class CannotWrite(AccordError):
    """The disk refused; what was there before is still there."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            _(
                "{path} could not be written: {reason}. What was there before is unchanged.",
                path=path,
                reason=reason,
            )
        )


class TargetNotEmpty(AccordError):
    """The export's folder holds something already."""

    def __init__(self, folder: Path, *, replace: bool) -> None:
        text = (
            _(
                "The folder {folder} holds files that are not an earlier export of Accord. Choose another folder.",
                folder=folder,
            )
            if replace
            else _(
                "The folder {folder} is not empty. Choose another folder, or replace the earlier export.", folder=folder
            )
        )
        super().__init__(text)


class CannotExport(AccordError):
    """Examples that the chosen format has no place for."""

    def __init__(self, format_name: str, reasons: dict[str, int]) -> None:
        detail = "; ".join(plural("{n} with {what}", "{n} with {what}", n, what=what) for what, n in reasons.items())
        super().__init__(
            _(
                "The {format} format cannot hold some of the examples: {detail}. "
                "Nothing was written. Choose the openai format.",
                format=format_name,
                detail=detail,
            )
        )
        self.reasons = reasons


class RowProblem(Exception):
    """One row that cannot be used: the field at fault ("" for the row itself) and a sentence that says why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason
