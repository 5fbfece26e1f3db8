"""What can be wrong with a project file, each failure with its own sentence."""

from accord.domain.errors import AccordError, NotReached, NotSaved
from accord.domain.wording import _


class NoProject(AccordError):
    """There is no file at the path."""

    def __init__(self, path: object) -> None:
        super().__init__(_("There is no project at {path}. Check the name, or make one with “New project”.", path=path))


class ProjectExists(AccordError):
    """A new project would overwrite a file."""

    def __init__(self, path: object) -> None:
        super().__init__(_("{path} is already there. It was not touched; choose another name.", path=path))


class CannotCreate(AccordError):
    """The folder does not take a new file."""

    def __init__(self, path: object, detail: str) -> None:
        super().__init__(_("{path} could not be made ({detail}). Choose another folder.", path=path, detail=detail))


class ForeignFile(AccordError):
    """The file is not an Accord project."""

    def __init__(self, path: object) -> None:
        super().__init__(_("{path} is not an Accord project. It was not changed.", path=path))


class NewerProject(AccordError):
    """A newer program wrote the file."""

    def __init__(self, path: object, version: int, known: int) -> None:
        super().__init__(
            _(
                "{path} was written by a newer Accord (project format {version}; this one reads up to {known}). "
                "It was not changed. Update Accord to open it.",
                path=path,
                version=version,
                known=known,
            )
        )


class DamagedProject(AccordError):
    """The file does not pass its checks."""

    def __init__(self, path: object, detail: str) -> None:
        super().__init__(
            _(
                "{path} is damaged ({detail}). It was not changed. "
                "Restore the newest backup: accord restore FILE --to NEW.",
                path=path,
                detail=detail,
            )
        )


class UnreadableProject(AccordError):
    """The file is there, but this user or this disk cannot read it."""

    def __init__(self, path: object, detail: str) -> None:
        super().__init__(
            _(
                "{path} cannot be opened ({detail}). It was not changed. Check its folder and permissions.",
                path=path,
                detail=detail,
            )
        )


class ReplacedProject(AccordError):
    """The file that was opened no longer lies at its path."""

    def __init__(self, path: object) -> None:
        super().__init__(
            _(
                "The project file was moved or replaced. What you do now would be lost: save a copy, or open it again.",
                path=path,
            )
        )


class ProjectBusy(NotSaved):
    """Another program has been writing for longer than one waits."""

    def __init__(self, path: object) -> None:
        super().__init__(
            _(
                "Another program has been writing to {path} for too long. Nothing of this step was kept; what was "
                "saved before is safe. Try again when it has finished.",
                path=path,
            )
        )


class CannotSave(NotSaved):
    """The disk refused a write."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            _(
                "This could not be saved ({detail}). What was saved before is safe, and your text is still in the "
                "window. Make room or check the disk, then try again.",
                detail=detail,
            )
        )


class ConnectionLost(NotReached):
    """The server stopped answering before the step was saved."""

    def __init__(self, place: str) -> None:
        super().__init__(
            _(
                "The connection to {place} broke. This step was not saved; nothing that was saved before is lost, and "
                "your text is still in the window. Try again.",
                place=place,
            )
        )


class SaveInDoubt(NotSaved):
    """The connection broke during the commit and the server cannot be asked."""

    def __init__(self, place: str) -> None:
        super().__init__(
            _(
                "The connection to {place} broke in the very moment of saving, and it does not answer now. The step "
                "is saved as a whole or not at all: look before you do it again.",
                place=place,
            )
        )


class CannotConnect(NotReached):
    """No connection to the server could be made."""

    def __init__(self, place: str, detail: str) -> None:
        super().__init__(
            _(
                "No connection to {place}: {detail}. Nothing was changed. "
                "Check the address, the name and the password.",
                place=place,
                detail=detail,
            )
        )


class NotAllowed(AccordError):
    """The server does not let this person do that."""

    def __init__(self, place: str, detail: str) -> None:
        super().__init__(
            _(
                "{place} does not allow that ({detail}). Nothing was changed. Ask whoever keeps the server.",
                place=place,
                detail=detail,
            )
        )
