"""Packs: what one person is to review, in a file for a machine without network; brought home after it was looked at."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QLineEdit

from accord.domain.people import Person
from accord.domain.wording import _, plural
from accord.gui import files, opening
from accord.gui.jobs_bridge import run_read, run_write
from accord.gui.widgets import Button, Card, FormRow, NumberField, PlainLabel, row
from accord.workflows import packing
from accord.workflows.packing import Merged, MergeReport, Packed

if TYPE_CHECKING:
    from accord.gui.pages.people.page import PeoplePage

MOST_TOLD, MOST_DAYS = 12, 365


class PacksCard(Card):
    """For a lead: make a pack for a person; look at what packs would bring, with every conflict, then bring it in."""

    def __init__(self, page: "PeoplePage") -> None:
        super().__init__(_("Packs"))
        self._page, self._context = page, page.context
        self._files: list[Path] = []
        told = _(
            "A pack holds what one person is to review, the guideline and the tags, and nothing that others said. A "
            "seal shows whether somebody else has changed it; it proves no identity."
        )
        self.person = QComboBox()
        self.person.setAccessibleName(_("For whom the pack is"))
        self.days = NumberField(_("Days until it should be back"), 0, MOST_DAYS, 0)
        self.days.setSpecialValueText(_("no end"))
        self.where = QLineEdit()
        self.where.setPlaceholderText(_("None: only what the person was given already"))
        self.make = Button(_("Make a pack…"), icon="package-variant", run=self._ask_where)
        self.merge = Button(_("Merge packs…"), icon="merge", run=self._ask_which)
        self.outcome = PlainLabel(wrap=True, selectable=True)
        self.take = Button(_("Bring it in"), kind="primary", run=self._take)
        self.body.addWidget(PlainLabel(told, role="muted", wrap=True))
        help_text = _("A filter, such as tag = dosage: these are given to the person with the pack.")
        self.body.addWidget(FormRow(_("Further examples"), self.where, help_text=help_text))
        self.body.addWidget(FormRow(_("Days until it should be back"), self.days))
        self.body.addLayout(row(self.person, self.make, 16, self.merge, None, gap=8))
        self.body.addWidget(self.outcome)
        self.body.addLayout(row(self.take, None))
        self.outcome.hide()
        self.take.hide()

    def show_people(self, people: Sequence[Person]) -> None:
        """Offer the people; who was chosen stays chosen."""
        chosen = self.person.currentText()
        self.person.clear()
        self.person.addItems([person.name for person in people])
        self.person.setCurrentIndex(max(self.person.findText(chosen), 0))

    def _ask_where(self) -> None:
        name = self.person.currentText()
        folder = self._context.project.path.parent
        plain = "".join(letter if letter.isalnum() else "-" for letter in name)
        path = files.ask_where_to_save(self, folder / f"{self._context.project.path.stem}-{plain}.accord")
        if path is not None:
            self._make(name, path)

    def _make(self, name: str, path: Path) -> None:
        make = partial(
            packing.make,
            project=self._context.project,
            who=opening.who(self._context),
            reviewer=name,
            to=path,
            where=self.where.text().strip() or None,
            days=self.days.value(),
        )
        run_write(self._context, _("Make a pack"), lambda _progress: make(), done=self._made, changed=("examples",))

    def _made(self, made: Packed) -> None:
        self._context.notify(" ".join(sentence.rstrip(".") + "." for sentence in made.sentences), tone="good")

    def _ask_which(self) -> None:
        chosen = files.ask_for_packs(self, self._context.project.path.parent)
        if chosen:
            self.look_at(chosen)

    def look_at(self, chosen: Sequence[Path]) -> None:
        """Say what these files would bring; nothing is changed."""
        look = partial(
            packing.merge,
            project=self._context.project,
            who=opening.who(self._context),
            files=list(chosen),
            dry_run=True,
        )
        self._files = list(chosen)
        run_read(self._context, _("Looking at packs"), lambda _progress: look(), done=self._looked)

    def _looked(self, report: MergeReport) -> None:
        new = sum(one.new for one in report.files)
        self.outcome.setText("\n".join(line for one in report.files for line in _lines(one)))
        self.outcome.show()
        self.take.setText(plural("Bring in {n} review", "Bring in {n} reviews", new))
        self.take.setVisible(new > 0)
        if new:
            self.take.setFocus()

    def _take(self) -> None:
        merge = partial(packing.merge, project=self._context.project, who=opening.who(self._context), files=self._files)
        kinds = ("examples", "reviews", "backups")
        run_write(self._context, _("Merge packs"), lambda _progress: merge(), done=self._merged, changed=kinds)

    def _merged(self, report: MergeReport) -> None:
        new = sum(one.new for one in report.files)
        self.take.hide()
        self.outcome.setText("\n".join(line for one in report.files for line in _lines(one)))
        told = plural(
            "{n} review came in. A backup was made before.", "{n} reviews came in. A backup was made before.", new
        )
        self._context.notify(told, tone="good")


def _lines(one: Merged) -> list[str]:
    if one.refused:
        return [one.refused]
    facts = {"file": one.file.name, "name": one.reviewer, "new": one.new, "known": one.known}
    told = [_("{file}, {name}: {new} new, {known} known.", **facts), *(f"  {remark}" for remark in one.remarks)]
    told += [f"  {found.example_id[:8]}: {packing.sentence(found)}" for found in one.conflicts[:MOST_TOLD]]
    more = len(one.conflicts) - MOST_TOLD
    if more > 0:
        told.append(plural("  and {n} more", "  and {n} more", more))
    if one.drafts:
        told.append("  " + plural("{n} draft was never submitted", "{n} drafts were never submitted", one.drafts))
    return told
