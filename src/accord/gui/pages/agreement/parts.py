"""Figures of parts: each reviewer against the consensus, each week, each version of the guideline; a line each."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal

from accord.domain.agreement import Figure
from accord.domain.project_agreement import ProjectAgreement
from accord.domain.wording import _
from accord.gui.pages.agreement.figures import Whisker, coefficient, counted, reason, share
from accord.gui.theme import theme
from accord.gui.widgets import Button, Card, PlainLabel, plain_tooltip, row


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One line: what it is about, its figure, how that is written, and what stands behind it."""

    key: str
    title: str
    figure: Figure
    told: str


class PartsCard(Card):
    """A heading and its lines; ``chosen`` gives the key of a line."""

    chosen = Signal(str)

    def __init__(self, title: str, about: str) -> None:
        super().__init__(title)
        self.body.addWidget(PlainLabel(about, role="small", wrap=True))
        self._lines: list[_Line] = []

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show these lines; without any the card is hidden."""
        for old in self._lines:
            self.body.removeItem(old.layout)
            old.remove()
        self._lines = [_Line(self, part) for part in parts]
        self.setVisible(bool(parts))

    def buttons(self) -> list[Button]:
        """Return the link of each line."""
        return [one.button for one in self._lines]


class _Line:
    def __init__(self, card: PartsCard, part: Part) -> None:
        self.button = Button(part.title, kind="link", run=lambda: card.chosen.emit(part.key))
        self.whisker = Whisker(part.title)
        self.whisker.show_figure(part.figure)
        self.value = PlainLabel(part.told)
        plain_tooltip(self.value, reason(part.figure))
        self.value.setFixedWidth(theme().px(150))
        self.counted = PlainLabel(f"n = {counted(part.figure)}", role="small")
        self.counted.setFixedWidth(theme().px(64))
        self.layout = row(self.button, None, self.whisker, self.value, self.counted, gap=12)
        card.body.addLayout(self.layout)

    def remove(self) -> None:
        for widget in (self.button, self.whisker, self.value, self.counted):
            widget.hide()
            widget.deleteLater()


def consensus(found: ProjectAgreement) -> list[Part]:
    """Return each reviewer against what was decided, or what most of the others say."""
    return [
        Part(key=one.reviewer, title=one.reviewer, figure=one.share, told=share(one.share)) for one in found.consensus
    ]


def itself(found: ProjectAgreement) -> list[Part]:
    """Return how often each reviewer says the same when an example comes back."""
    return [Part(key=one.reviewer, title=one.sentence, figure=one.share, told=share(one.share)) for one in found.itself]


def weeks(found: ProjectAgreement) -> list[Part]:
    """Return the agreement of each week."""
    return [
        Part(
            key=one.part,
            title=_("Week of {day}", day=one.part),
            figure=one.alpha,
            told=f"{coefficient(one.alpha)}",
        )
        for one in found.weeks
    ]


def guidelines(found: ProjectAgreement) -> list[Part]:
    """Return the agreement under each version of the guideline."""
    return [
        Part(
            key=one.part,
            title=_("Guideline version {n}", n=one.part) if one.part != "0" else _("Before there was a guideline"),
            figure=one.alpha,
            told=coefficient(one.alpha),
        )
        for one in found.guidelines
    ]
