"""What is said of an undo: what was taken back, what would be, and why an act stays."""

from dataclasses import dataclass

from accord.domain.errors import Refused
from accord.domain.ledger import Event
from accord.domain.moments import local
from accord.domain.wording import _, plural
from accord.workflows.act_names import instead_of, name_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What was taken back: the act, when and by whom it was done, and the examples it touched.

    ``kept``: how many examples of an act on many stay, because someone has judged or decided on them since.
    """

    act: Event
    examples: tuple[str, ...]
    kept: int = 0

    @property
    def kind(self) -> str:
        """The kind of act, ``bulk`` for most acts on many examples at once."""
        return self.act.kind

    def sentences(self) -> list[str]:
        """Return what was taken back, and what of it stays."""
        told = [
            _(
                "Taken back: {act}, by {name} at {at}. {changed}",
                act=name_of(self.act),
                name=self.act.actor,
                at=local(self.act.at),
                changed=_changed(len(self.examples)),
            )
        ]
        if self.kept:
            stay = plural(
                "{n} stays, for someone has decided on it since.",
                "{n} stay, for someone has decided on them since.",
                self.kept,
            )
            told.append(stay)
        return told


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What an undo would take back, and how many examples the act was about."""

    act: Event
    examples: int

    def sentence(self) -> str:
        """Return what would be taken back."""
        return _(
            "It would take back: {act}, by {name} at {at}, {examples}. Nothing was changed.",
            act=name_of(self.act),
            name=self.act.actor,
            at=local(self.act.at),
            examples=plural("{n} example", "{n} examples", self.examples),
        )


def _changed(count: int) -> str:
    if not count:
        return _("No example changed with it.")
    return plural("{n} example changed with it.", "{n} examples changed with it.", count)


class NothingToUndo(Refused):
    """A person has done nothing that stands, or the act that is named is none of hers."""

    def __init__(self) -> None:
        super().__init__(_("There is nothing of yours to take back."))


class Stays(Refused):
    """An act that is never taken back."""

    def __init__(self, event: Event) -> None:
        super().__init__(
            _(
                "Nothing was taken back. Your last act was {act}, at {at}, and it stays. {instead}",
                act=name_of(event),
                at=local(event.at),
                instead=instead_of(event),
            )
        )


class NotHere(Refused):
    """A person's last act is none of those that are taken back where she is."""

    def __init__(self, event: Event) -> None:
        super().__init__(
            _(
                "Nothing was taken back. Your last act was {act}, at {at}, and not made on this page. Ctrl+Z takes "
                "back what was done on any page.",
                act=name_of(event),
                at=local(event.at),
            )
        )
