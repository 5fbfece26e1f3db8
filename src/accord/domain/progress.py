"""How long work tells of itself and how it is stopped: the port between a workflow and whoever runs it."""

from typing import Protocol

from accord.domain.errors import Cancelled


class Progress(Protocol):
    """Handed to long work. Both methods are cheap and may be called often, from any thread."""

    def report(self, done: int, total: int | None = None, note: str = "") -> None:
        """Say how far the work is; ``total`` None where it is not known."""

    def check(self) -> None:
        """Raise Cancelled when the person has asked to stop."""


class Silent:
    """A progress that nobody watches and nobody stops."""

    def report(self, done: int, total: int | None = None, note: str = "") -> None:
        """Say nothing."""

    def check(self) -> None:
        """Go on."""


class CancelFlag(Silent):
    """A progress that can be stopped, for tests and the command line."""

    def __init__(self) -> None:
        self.cancelled = False

    def check(self) -> None:
        """Raise Cancelled once ``cancelled`` is set."""
        if self.cancelled:
            raise Cancelled
