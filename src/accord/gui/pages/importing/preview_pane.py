"""What the first rows become: the conversation as it will be read under review, and where every other field goes."""

from PySide6.QtWidgets import QWidget

from accord.domain.content import Content, Role
from accord.domain.records import RawRecord, RowFault
from accord.domain.wording import _, number, plural
from accord.gui.actions import Actions
from accord.gui.widgets import ActionButton, Card, PlainLabel, TextView, column, line, row
from accord.workflows.import_looks import Preview

SHOWN_CHARS = 1200
FIELD_CHARS = 160
MOST_MESSAGES = 8
MOST_FAULTS = 5


class PreviewPane(Card):
    """One row at a time; the rows that would be refused are listed above it."""

    def __init__(self, actions: Actions) -> None:
        super().__init__(_("Preview"))
        self._preview = Preview(rows=())
        self._position = 0
        self.where = PlainLabel(role="muted")
        self.before = ActionButton(actions, "importing.previous_row", text="‹")
        self.after = ActionButton(actions, "importing.next_row", text="›")
        self.before.setAccessibleName(_("Preview the row before"))
        self.after.setAccessibleName(_("Preview the next row"))
        for part in (self.where, self.before, self.after):
            self.head.addWidget(part)
        self.problems = PlainLabel(role="error", wrap=True)
        self.content = QWidget()
        self._rows = column(gap=8)
        self.content.setLayout(self._rows)
        self.body.addWidget(self.problems)
        self.body.addWidget(self.content)
        self.body.addStretch(1)
        self.views: list[TextView] = []
        self.show_preview(None)

    def show_preview(self, preview: Preview | None, waiting: str = "") -> None:
        """Show these rows; the row that was looked at stays, where there is one."""
        self._preview = preview or Preview(rows=())
        self._position = min(self._position, max(0, len(self._preview.rows) - 1))
        faults = self._preview.faults
        self.problems.setVisible(bool(faults))
        self.problems.setText(_faults_text(faults, len(self._preview.rows)))
        self._paint(waiting)

    def step(self, by: int) -> None:
        """Look at another row."""
        if self._preview.rows:
            self._position = max(0, min(len(self._preview.rows) - 1, self._position + by))
            self._paint("")

    def can_step(self, by: int) -> bool:
        """Say whether there is a row that far away."""
        return 0 <= self._position + by < len(self._preview.rows)

    def texts(self) -> list[str]:
        """Return the texts that are shown, in order."""
        return [view.text() for view in self.views]

    def _paint(self, waiting: str) -> None:
        self._clear()
        total = len(self._preview.rows)
        self.where.setText(_("{n} of the first {total}", n=self._position + 1, total=total) if total else "")
        for button in (self.before, self.after):
            button.setVisible(total > 1)
            button.update_from_action()
        if not total:
            self._rows.addWidget(PlainLabel(waiting or _("No row can be shown yet."), role="muted", wrap=True))
            return
        shown = self._preview.rows[self._position]
        if isinstance(shown, RowFault):
            self._rows.addWidget(PlainLabel(_("This row would be refused."), role="strong"))
            self._rows.addWidget(PlainLabel(fault_text(shown), role="error", wrap=True))
            self._text(_("The row as it stands"), shown.raw)
            return
        self._conversation(shown.content)
        self._fields(shown)

    def _conversation(self, content: Content) -> None:
        titles = {Role.SYSTEM: _("System message"), Role.USER: _("Request"), Role.TOOL: _("Tool")}
        for message in content.messages[:MOST_MESSAGES]:
            self._text(titles.get(message.role, _("Answer")), message.content)
        more = len(content.messages) - MOST_MESSAGES
        if more > 0:
            self._rows.addWidget(PlainLabel(plural("{n} more message", "{n} more messages", more), role="muted"))

    def _fields(self, record: RawRecord) -> None:
        source = record.source
        fields = {
            _("Context passage"): source.context,
            _("Group"): source.group,
            _("Source"): source.source,
            _("Source address (URL)"): source.source_url,
            _("Source date"): source.source_date,
            _("Licence"): source.licence,
            _("Tags"): "; ".join(source.tags),
            _("Verdict"): "; ".join(f"{given.verdict}, {given.reviewer}" for given in record.verdicts),
        }
        listed = [(title, text) for title, text in fields.items() if text]
        if listed or source.metadata:
            self._rows.addWidget(line())
        for title, text in listed:
            self._field(title, text)
        for name, text in source.metadata.items():
            self._field(_("{name} (metadata)", name=name), text)

    def _field(self, title: str, text: str) -> None:
        value = PlainLabel(text[:FIELD_CHARS], elide=True)
        across = row(gap=12)
        name = PlainLabel(title, role="small", elide=True)
        across.addWidget(name, 2)
        across.addWidget(value, 3)
        held = QWidget()
        held.setLayout(across)
        self._rows.addWidget(held)

    def _text(self, title: str, text: str) -> None:
        view = TextView(title)
        view.set_text(text[:SHOWN_CHARS])
        more = len(text) - SHOWN_CHARS
        self._rows.addWidget(PlainLabel(title, role="small"))
        self._rows.addWidget(view if text else PlainLabel(_("empty: a reviewer writes it"), role="muted"))
        if more > 0:
            left = _("… and {n} more characters", n=number(more))
            self._rows.addWidget(PlainLabel(left, role="muted"))
        self.views.append(view)

    def _clear(self) -> None:
        self.views = []
        while self._rows.count():
            item = self._rows.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()


def fault_text(fault: RowFault) -> str:
    """Return a refused row as one sentence."""
    if fault.field:
        return _("Line {line}, {field}: {reason}", line=fault.line, field=fault.field, reason=fault.reason)
    return _("Line {line}: {reason}", line=fault.line, reason=fault.reason)


def _faults_text(faults: list[RowFault], looked_at: int) -> str:
    if not faults:
        return ""
    head = plural(
        "{n} of the first {total} rows would be refused.",
        "{n} of the first {total} rows would be refused.",
        len(faults),
        total=looked_at,
    )
    shown = [fault_text(fault) for fault in faults[:MOST_FAULTS]]
    return "\n".join([head, *shown])
