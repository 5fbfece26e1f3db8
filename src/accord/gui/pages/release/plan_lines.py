"""The plan of the next release above the button that freezes it: what is in, what is not, what warns, what blocks."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from accord.domain.releases import Part
from accord.domain.wording import _, number
from accord.gui.theme import theme
from accord.gui.widgets import PlainLabel, column, row
from accord.workflows.releasing import Draft

_LOOKS = {
    "plan": ("package-variant-closed", "text"),
    "warning": ("alert-outline", "disagreement"),
    "block": ("alert-octagon", "rejected"),
}


class PlanLines(QWidget):
    """One line for each thing to know before the button is pressed; empty while nothing is worked out."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[PlanLine] = []
        self._column = column(gap=6)
        self.setLayout(self._column)
        self.hide()

    def show_draft(self, draft: Draft) -> None:
        """Show a release that is worked out."""
        self._show([*_plan(draft), *_each("warning", draft.release.warnings), *_each("block", draft.blocks)])

    def show_refusal(self, sentence: str) -> None:
        """Show why there is none; nothing for an empty sentence."""
        self._show(list(_each("block", [sentence] if sentence else [])))

    def _show(self, found: Sequence[tuple[str, str]]) -> None:
        for old in self.lines:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.lines = [PlanLine(kind, sentence) for kind, sentence in found]
        for shown in self.lines:
            self._column.addWidget(shown)
        self.setVisible(bool(self.lines))


class PlanLine(QWidget):
    """A sign for what kind of line it is, and its sentence."""

    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__()
        self.kind = kind
        self._sign = QLabel()
        self._sign.setFixedWidth(theme().px(18))
        self.sentence = PlainLabel(sentence, role="error" if kind == "block" else "body", wrap=True)
        words = {"plan": _("plan"), "warning": _("warning"), "block": _("blocks the release")}
        self._sign.setAccessibleName(words[kind])
        self.setAccessibleName(f"{words[kind]}: {sentence}")
        both = row(self._sign, self.sentence, gap=8)
        both.setStretch(1, 1)
        both.setAlignment(self._sign, Qt.AlignmentFlag.AlignTop)
        self.setLayout(both)
        theme().changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        icon, role = _LOOKS[self.kind]
        size = theme().px(18)
        self._sign.setPixmap(theme().icon(icon, role).pixmap(size, size))


def _each(kind: str, sentences: Iterable[str]) -> Iterable[tuple[str, str]]:
    return ((kind, sentence) for sentence in sentences)


def _plan(draft: Draft) -> Iterable[tuple[str, str]]:
    release = draft.release
    if release.examples:
        yield (
            "plan",
            _(
                "{n} examples: {train} train, {validation} validation, {heldout} held out.",
                n=number(release.examples),
                **{part.value: number(release.counts[part.value]) for part in Part},
            ),
        )
    if release.outside is not None:
        # What is open stands in the checklist beside it.
        yield "plan", release.outside.sentences(release.examples)[0]
    if release.meaning is not None:
        yield "plan", " ".join(release.meaning.sentences)
