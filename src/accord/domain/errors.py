"""Failures a person can meet; each class writes its own sentence: what happened, what was not lost, what to do."""

from accord.domain.wording import _


class AccordError(Exception):
    """A known failure. ``str(error)`` is the sentence to show; anything else that escapes is a bug."""


class Cancelled(AccordError):
    """The person stopped the work."""

    def __init__(self) -> None:
        super().__init__(_("Stopped. Nothing of this step was kept."))


class UnusableText(AccordError):
    """Text that no UTF-8 file can hold."""

    def __init__(self, position: int) -> None:
        super().__init__(
            _("The text has half of a character pair (a lone surrogate) at position {position}.", position=position)
        )
        self.position = position


class DamagedText(AccordError):
    """Stored text that is not what this program wrote."""

    def __init__(self) -> None:
        super().__init__(_("A stored text is damaged. Nothing was changed. Restore the newest backup."))


class NotFound(AccordError):
    """A name or id that nothing answers to."""

    def __init__(self, what: str, name: str) -> None:
        super().__init__(_("There is no {what} “{name}” in this project.", what=what, name=name))


class WrongUsage(AccordError):
    """Something typed (a filter, a mapping) is not of its form; nothing was tried."""


class Refused(AccordError):
    """An act that the rules do not allow now; nothing was changed."""


class NotReached(AccordError):
    """The place of the project does not answer now; it may again later."""


class SavedUnread(AccordError):
    """The act is saved; what came of it could not be read, for the place of the project does not answer any more."""

    def __init__(self) -> None:
        super().__init__(
            _("This step is saved. The connection broke right after it; look again when the server answers.")
        )


class NotSaved(AccordError):
    """What was to be written was not, or nobody can say; the next try may go well."""
