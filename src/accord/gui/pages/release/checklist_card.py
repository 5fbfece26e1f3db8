"""The checklist that fills: what is done, what is missing, each sentence a link."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from accord.domain.wording import _, number, plural
from accord.gui.pages.release.reading import Facts, Link, Preview
from accord.gui.theme import theme
from accord.gui.widgets import Card, LinkList, PlainLabel, row
from accord.workflows.release_rules import DOUBLE_TAG, FEW_REVIEWERS, HELDOUT_SINGLE

_LOOKS = {
    "done": ("check-circle", "accepted"),
    "open": ("circle-outline", "candidate"),
    "wrong": ("alert-circle", "disagreement"),
}


class ChecklistCard(Card):
    """Five lines and at most four links; ``link_chosen`` gives the one that was pressed."""

    link_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__(_("Ready?"))
        self.lines = {name: ChecklistLine(title) for name, title in _titles().items()}
        for shown in self.lines.values():
            self.body.addWidget(shown)
        self.lines["rules"].hide()
        self.nothing = PlainLabel(_("Nothing is missing."), role="muted")
        self.missing = LinkList(_("What is missing"))
        self.missing.activated.connect(self._chosen)
        self._links: list[Link] = []
        self.body.addSpacing(8)
        self.body.addWidget(self.nothing)
        self.body.addWidget(self.missing)
        self.body.addStretch(1)

    def show_facts(self, facts: Facts) -> None:
        """Fill the lines that the project's state decides."""
        counts = facts.checklist
        accepted = _("{n} accepted", n=number(counts.accepted))
        waiting = _("{accepted}, {n} wait", accepted=accepted, n=number(counts.waiting))
        reviewed = counts.accepted > 0 and counts.waiting == 0
        self.lines["reviewed"].show_state("done" if reviewed else "open", waiting if counts.waiting else accepted)
        self._count("agreed", counts.disagreements)
        self._count("conflicts", counts.conflicts)
        if facts.stale_search and not facts.open_clusters:
            self.lines["duplicates"].show_state("open", _("to be searched for"))
        else:
            self._count("duplicates", facts.open_clusters)
        self._links = facts.links
        self.missing.set_links([(str(i), link.sentence) for i, link in enumerate(self._links)])
        self.missing.setVisible(bool(self._links))
        self.nothing.setVisible(not self._links)

    def show_preview(self, preview: Preview | None, *, working: bool) -> None:
        """Fill the line on leaks, which the worked-out split decides."""
        self._show_rules(preview)
        shown = self.lines["leaks"]
        if preview is None:
            shown.show_state("open", _("being worked out") if working else "")
            return
        release = preview.draft.release
        if release.leaks:
            pairs = plural("{n} pair crosses", "{n} pairs cross", release.leaks)
            shown.show_state("wrong", pairs)
        else:
            shown.show_state("done", _("{n} groups kept whole", n=number(release.groups)))

    def _show_rules(self, preview: Preview | None) -> None:
        """Fill the line on the rules of several reviewers; a project that has none has no such line."""
        shown = self.lines["rules"]
        if preview is None:
            return  # a refusal is said where the button is
        rules = preview.draft.settings.rules
        shown.setVisible(rules.least_reviewers > 1 or bool(rules.double_tags) or rules.heldout_double)
        codes = {FEW_REVIEWERS, DOUBLE_TAG, HELDOUT_SINGLE}
        left = sum(item.reason in codes for item in preview.draft.release.left_out)
        shown.show_state("open" if left else "done", _("{n} left out", n=number(left)) if left else "")

    def _count(self, name: str, left: int) -> None:
        self.lines[name].show_state("open" if left else "done", _("{n} open", n=number(left)) if left else "")

    def _chosen(self, key: str) -> None:
        self.link_chosen.emit(self._links[int(key)])


class ChecklistLine(QWidget):
    """A sign, a title and a figure."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self.state = "open"
        self._sign = QLabel()
        self.title = PlainLabel(title)
        self.figure = PlainLabel(role="muted")
        self.setLayout(row(self._sign, self.title, None, self.figure, gap=8))
        theme().changed.connect(self._draw)
        self.show_state("open", "")

    def show_state(self, state: str, figure: str) -> None:
        """Show ``done``, ``open`` or ``wrong`` with a figure."""
        self.state = state
        self.figure.setText(figure)
        words = {"done": _("done"), "open": _("open"), "wrong": _("to be mended")}
        self._sign.setAccessibleName(words[state])
        self.setAccessibleName(f"{self._title}: {words[state]}. {figure}")
        self._draw()

    def _draw(self) -> None:
        icon, role = _LOOKS[self.state]
        size = theme().px(18)
        self._sign.setPixmap(theme().icon(icon, role).pixmap(size, size))


def _titles() -> dict[str, str]:
    return {
        "reviewed": _("Reviewed"),
        "agreed": _("Agreed"),
        "conflicts": _("Conflicts settled"),
        "duplicates": _("Near-duplicates settled"),
        "rules": _("Reviewed by enough people"),
        "leaks": _("Split without leaks"),
    }
