"""The sections that keep the project safe: backups and restoring, health, and the event log."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from accord.domain.ledger import Backup, Event, Who
from accord.domain.wording import _, number, plural
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read, run_write, show_failure
from accord.gui.pages.project.sections import Section
from accord.gui.theme import theme
from accord.gui.widgets import Button, Card, PlainLabel, TextView, column, row
from accord.workflows import keeping

SHOWN_BACKUPS = 30
SHOWN_PROBLEMS = 200


class Backups(Section):
    """The project's own backups."""

    section_id = "backups"

    def __init__(self, context: Context) -> None:
        super().__init__(
            _("Backups"),
            _(
                "Made every 30 minutes when something changed, and before each import, release and deletion. "
                "Each is opened and checked."
            ),
        )
        self._context = context
        self.make = Button(_("Make one now"), kind="primary", icon="content-save-outline", run=self._make)
        self.status = PlainLabel(role="muted")
        self.body.addLayout(row(self.make, self.status, None, gap=12))
        self.listed = QWidget()
        self.body.addWidget(self.listed)
        self.target = PathRow(_("Restore to a new file"), _("Restore"), self._restore)
        self.target.hide()
        self.body.addWidget(self.target)
        self.body.addStretch(1)
        self.buttons: list[Button] = []
        self._chosen: Backup | None = None

    def load(self) -> None:
        """Read which backups there are."""
        project = self._context.project
        run_read(self._context, _("Reading backups"), lambda _p: keeping.backups_of(project=project), done=self._show)

    def _show(self, backups: list[Backup]) -> None:
        lines = column(gap=4)
        self.buttons = []
        for backup in backups[:SHOWN_BACKUPS]:
            when = PlainLabel(backup.at.astimezone().strftime("%Y-%m-%d %H:%M"))
            when.setFixedWidth(theme().px(140))
            why = PlainLabel(reason_word(backup.reason), role="muted")
            size = PlainLabel(_("{n} KB", n=number(max(1, backup.bytes // 1024))), role="muted")
            button = Button(_("Restore to…"), size="small", run=partial(self._choose, backup))
            button.setAccessibleName(_("Restore the backup of {when}", when=when.full_text()))
            self.buttons.append(button)
            lines.addLayout(row(when, why, None, size, button, gap=12))
        if not backups:
            lines.addWidget(PlainLabel(_("There is no backup yet."), role="muted"))
        old, self.listed = self.listed, QWidget()
        self.listed.setLayout(lines)
        self.body.replaceWidget(old, self.listed)
        old.hide()
        old.deleteLater()
        self.status.setText(plural("{n} backup", "{n} backups", len(backups)) if backups else "")

    def _make(self) -> None:
        project = self._context.project
        self.make.setEnabled(False)
        run_read(
            self._context,
            _("Making a backup"),
            lambda _progress: keeping.backup(project=project),
            done=self._made,
            failed=self._not_made,
            quiet=False,
        )

    def _made(self, made: tuple[Path, str]) -> None:
        self.make.setEnabled(True)
        self._context.notify(_("Backup made and checked: {file}", file=made[0].name), tone="good")
        self.load()

    def _not_made(self, error: BaseException) -> None:
        self.make.setEnabled(True)
        show_failure(self._context, error)

    def _choose(self, backup: Backup) -> None:
        self._chosen = backup
        project: Path = self._context.project.path
        stamp = backup.at.astimezone().strftime("%Y-%m-%d %H.%M")
        self.target.open(project.with_name(f"{project.stem} {stamp}{project.suffix}"))

    def _restore(self, target: Path) -> None:
        chosen = self._chosen
        if chosen is None:
            return

        def work(_progress: object) -> Path:
            keeping.restore(source=chosen.path, to=target).close()
            return target

        run_read(self._context, _("Restoring a backup"), work, done=self._restored, quiet=False)

    def _restored(self, target: Path) -> None:
        self.target.hide()
        said = _("Restored to {file}. This project is as it was; the start page opens the other.", file=target)
        self._context.notify(said, tone="good")


class Health(Section):
    """The health check and the event log."""

    section_id = "health"

    def __init__(self, context: Context) -> None:
        super().__init__(_("Health and event log"))
        self._context = context
        self.check = Button(_("Check this project"), kind="primary", icon="stethoscope", run=self._check)
        self.rebuild = Button(_("Rebuild lists and search"), run=self._rebuild)
        self.rebuild.hide()
        self.result = PlainLabel(role="muted", wrap=True)
        self.problems = TextView(_("What is wrong"))
        self.problems.hide()
        self.body.addWidget(_card(_("Health"), row(self.check, self.rebuild, None), self.result, self.problems))
        self.verify = Button(_("Verify the event log"), icon="shield-check-outline", run=self._verify)
        self.export = Button(_("Export…"), icon="export", run=self._choose)
        self.log = PlainLabel(
            _("Each act is a link of a chain that holds ids and hashes, never text."), role="muted", wrap=True
        )
        self.target = PathRow(_("Write the event log to"), _("Export"), self._export)
        self.target.hide()
        self.body.addWidget(_card(_("Event log"), row(self.verify, self.export, None), self.log, self.target))
        self.body.addStretch(1)

    def _check(self) -> None:
        project = self._context.project
        self._busy(_("Checking…"))
        run_read(
            self._context,
            _("Checking the project"),
            lambda _progress: keeping.inspect(project=project),
            done=self._found,
            failed=self._stopped,
            quiet=False,
        )

    def _rebuild(self) -> None:
        project = self._context.project
        who = Who(actor=self._context.actor, device=self._context.settings.device_id)
        self._busy(_("Rebuilding…"))
        run_write(
            self._context,
            _("Rebuilding lists and search"),
            lambda _progress: keeping.inspect(project=project, rebuild=True, who=who),
            done=self._found,
            failed=self._stopped,
            changed=("examples", "conflicts"),
            quiet=False,
        )

    def _busy(self, sentence: str) -> None:
        self.check.setEnabled(False)
        self.rebuild.setEnabled(False)
        self.result.setText(sentence)

    def _stopped(self, error: BaseException) -> None:
        self._found([])
        self.result.setText(_("The check did not end."))
        show_failure(self._context, error)

    def _found(self, problems: list[str]) -> None:
        self.check.setEnabled(True)
        self.rebuild.setEnabled(True)
        self.rebuild.setVisible(bool(problems))
        self.problems.setVisible(bool(problems))
        self.problems.set_text("\n".join(problems[:SHOWN_PROBLEMS]))
        if problems:
            self.result.setText(plural("{n} thing is wrong.", "{n} things are wrong.", len(problems)))
        else:
            self.result.setText(_("Nothing is wrong: file, event chain, lists and search agree."))

    def _verify(self) -> None:
        project = self._context.project
        run_read(
            self._context,
            _("Verifying the event log"),
            lambda _progress: keeping.audit(project=project),
            done=self._verified,
            quiet=False,
        )

    def _verified(self, found: tuple[list[Event], list[str], str]) -> None:
        events, problems, head = found
        if problems:
            self.log.setText("\n".join([_("The chain is broken:"), *problems[:SHOWN_PROBLEMS]]))
            self.log.set_role("error")
            return
        self.log.set_role("muted")
        said = plural("{n} event, the chain is whole.", "{n} events, the chain is whole.", len(events))
        self.log.setText(" ".join([said, _("It ends with {hash}.", hash=head[:16])]) if head else said)

    def _choose(self) -> None:
        project: Path = self._context.project.path
        self.target.open(project.with_name(f"{project.stem}-events.jsonl"))

    def _export(self, target: Path) -> None:
        project = self._context.project
        run_read(
            self._context,
            _("Exporting the event log"),
            lambda _progress: keeping.export_audit(project=project, to=target),
            done=partial(self._exported, target),
            quiet=False,
        )

    def _exported(self, target: Path, count: int) -> None:
        self.target.hide()
        said = plural("{n} event written to {file}.", "{n} events written to {file}.", count, file=target)
        self._context.notify(said, tone="good")


class PathRow(QWidget):
    """Where to write: a path with a proposal, a dialog for another one, and the button that does it."""

    def __init__(self, title: str, button: str, run: Callable[[Path], object]) -> None:
        super().__init__()
        self._title, self._run = title, run
        self.field = QLineEdit()
        self.field.setAccessibleName(title)
        self.choose = Button(_("Choose…"), run=self._choose)
        self.go = Button(button, kind="primary", run=self._go)
        across = row(self.field, self.choose, self.go)
        across.setStretch(0, 1)
        self.setLayout(column(PlainLabel(title, role="strong"), across, gap=4))
        self.field.returnPressed.connect(self._go)

    def open(self, proposal: Path) -> None:
        """Propose a path and ask."""
        self.field.setText(str(proposal))
        self.show()
        self.go.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self) -> None:
        chosen, _filter = QFileDialog.getSaveFileName(self, self._title, self.field.text())
        if chosen:
            self.field.setText(chosen)

    def _go(self) -> None:
        text = self.field.text().strip()
        if text:
            self._run(Path(text).expanduser())


def reason_word(reason: str) -> str:
    """Return why a backup was made."""
    words = {
        "by-hand": _("made by hand"),
        "timed": _("made by the clock"),
        "before-import": _("before an import"),
        "before-release": _("before a release"),
        "before-purge": _("before a deletion for good"),
    }
    return _("before a newer format") if reason.startswith("before-format-") else words.get(reason, reason)


def _card(title: str, *parts: Any) -> Card:
    made = Card(title)
    for part in parts:
        if isinstance(part, QWidget):
            made.body.addWidget(part)
        else:
            made.body.addLayout(part)
    return made
