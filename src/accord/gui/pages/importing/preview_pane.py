"""What the first rows become: the conversation as it will be read under review, and where every other field goes."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from accord.domain.content import Content, Role
from accord.domain.records import REJECTED, RawRecord, RowFault
from accord.domain.wording import _, number, plural
from accord.gui.context import Context
from accord.gui.pages.importing.chosen import ChosenFile
from accord.gui.pages.importing.message_words import extra_lines, tools_line
from accord.gui.pages.importing.refused_rows import refused_table, refused_words
from accord.gui.pages.importing.row_tree import RowTree
from accord.gui.widgets import ActionButton, Card, PlainLabel, Segmented, TableView, TextView, column, line, row
from accord.gui.widgets.text import Role as LabelRole
from accord.workflows.import_looks import Preview

SHOWN_CHARS = 1200
FIELD_CHARS = 160
MOST_MESSAGES = 8
FAULTS_SHOWN = 4
SAMPLES = 20
COMES_IN, STANDS = "comes in", "stands"


class PreviewPane(Card):
    """One row at a time, as it comes in or as it stands; the rows that would be refused are listed above it."""

    def __init__(self, context: Context) -> None:
        super().__init__(_("Preview"))
        self._context, actions = context, context.actions
        self._preview = Preview(rows=())
        self._file: ChosenFile | None = None
        self._waiting = ""
        self._position = 0
        self._turned = False
        self.where = PlainLabel(role="muted")
        self.side = Segmented(_("Show the row"), [(COMES_IN, _("As it comes in")), (STANDS, _("As it stands"))])
        self.side.changed.connect(lambda _side: self._paint())
        self.before = ActionButton(actions, "importing.previous_row", text="‹")
        self.after = ActionButton(actions, "importing.next_row", text="›")
        self.before.setAccessibleName(_("Preview the row before"))
        self.after.setAccessibleName(_("Preview the next row"))
        for part in (self.where, self.before, self.after):
            self.head.addWidget(part)
        self.problems = PlainLabel(role="error", wrap=True)
        self.refused: TableView | None = None
        self._refused: tuple[RowFault, ...] = ()
        self._held = column(gap=0)
        self.verdicts = PlainLabel(wrap=True)
        self.tree_help = PlainLabel(
            _("Click a value, or press Enter on it, to say what it is."), role="muted", wrap=True
        )
        self.tree = RowTree()
        self.content = QWidget()
        self._rows = column(gap=8)
        self.content.setLayout(self._rows)
        self.body.addLayout(row(self.side, None))
        self.body.addWidget(self.problems)
        self.body.addLayout(self._held)
        for widget in (self.verdicts, self.tree_help, self.tree, self.content):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.views: list[TextView] = []
        self.words: list[PlainLabel] = []
        self.show_preview(None)

    def show_preview(self, file: ChosenFile | None, waiting: str = "") -> None:
        """Show the first rows of a file; the row that was looked at stays, where there is one.

        Where no row can be read yet for want of a request, the row is shown as it stands: it can be said there.
        """
        found = file.preview if file is not None else None
        if file is not self._file:
            self._position = 0
            self.side.set_value(COMES_IN)
        if file is not None and file.shape is not None:
            self._turn_by_itself(needed=bool(file.fault))
        self._file, self._preview, self._waiting = file, found or Preview(rows=()), waiting
        self._position = min(self._position, max(0, self._count() - 1))
        self._show_refused(file)
        self.show_verdicts(file)
        self._paint()

    def _show_refused(self, file: ChosenFile | None) -> None:
        """List the rows that would be refused: of the first rows, and of all once they have been counted."""
        count = file.count if file is not None and file.preview is not None else None
        faults = tuple(self._preview.faults) if count is None else count.rejections
        self.problems.setVisible(bool(faults))
        if count is not None:
            self.problems.setText(refused_words(len(faults), count.rejected, count.read))
        else:
            self.problems.setText(refused_words(len(faults), len(faults), len(self._preview.rows), first=True))
        if faults == self._refused:
            return
        self._refused = faults
        if self.refused is not None:
            self._held.removeWidget(self.refused)
            self.refused.hide()
            self.refused.deleteLater()
            self.refused = None
        if faults:
            name = _("Rows that would be refused")
            self.refused = refused_table(
                self._context, faults, name=name, in_sheet=self._in_sheet(), rows_shown=FAULTS_SHOWN
            )
            self._held.addWidget(self.refused)

    def _turn_by_itself(self, *, needed: bool) -> None:
        """Show the row as it stands while it cannot come in, and turn back afterwards, unless someone works in it."""
        if needed and self.side.value() == COMES_IN:
            self._turned = True
            self.side.set_value(STANDS)
        elif not needed and self._turned and not self.tree.hasFocus():
            self._turned = False
            self.side.set_value(COMES_IN)

    def show_verdicts(self, file: ChosenFile | None) -> None:
        """Show whose verdicts the file brings along, once its rows have been counted."""
        given = file.count.verdicts if file is not None and file.count is not None else {}
        self.verdicts.setText(verdicts_text(given))
        self.verdicts.setVisible(bool(given))

    def step(self, by: int) -> None:
        """Look at another row."""
        if self._count():
            self._position = max(0, min(self._count() - 1, self._position + by))
            self._paint()

    def can_step(self, by: int) -> bool:
        """Say whether there is a row that far away."""
        return 0 <= self._position + by < self._count()

    def turn(self) -> None:
        """Show the row the other way: as it comes in, or as it stands in the file."""
        self._turned = False
        self.side.set_value(COMES_IN if self.side.value() == STANDS else STANDS)
        self._paint()
        if self.side.value() == STANDS:
            self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def texts(self) -> list[str]:
        """Return the texts that are shown, in order."""
        return [view.text() for view in self.views]

    def _in_sheet(self) -> bool:
        shape = self._file.shape if self._file is not None else None
        return shape is not None and shape.container == "xlsx"

    def _count(self) -> int:
        shape = self._file.shape if self._file is not None else None
        return len(self._preview.rows) or (min(len(shape.sample), SAMPLES) if shape is not None else 0)

    def _paint(self) -> None:
        self._clear()
        total, stands = self._count(), self.side.value() == STANDS
        self.where.setText(_("{n} of the first {total}", n=self._position + 1, total=total) if total else "")
        for button in (self.before, self.after):
            button.setVisible(total > 1)
            button.update_from_action()
        self.tree.setVisible(stands)
        self.tree_help.setVisible(stands)
        self.content.setVisible(not stands)
        if stands and self._file is not None:
            self.tree.show_row(self._file, self._position)
        elif not stands:
            self._paint_row()

    def _paint_row(self) -> None:
        if not self._preview.rows:
            waiting = self._waiting or _("No row can be shown yet.")
            self._rows.addWidget(PlainLabel(waiting, role="muted", wrap=True))
            return
        shown = self._preview.rows[self._position]
        if isinstance(shown, RowFault):
            self._rows.addWidget(PlainLabel(_("This row would be refused."), role="strong"))
            self._rows.addWidget(PlainLabel(fault_text(shown, sheet=self._in_sheet()), role="error", wrap=True))
            self._text(_("The row as it stands"), shown.raw)
            return
        self._conversation(shown.content)
        self._fields(shown)

    def _conversation(self, content: Content) -> None:
        titles = {Role.SYSTEM: _("System message"), Role.USER: _("Request"), Role.TOOL: _("Tool")}
        tools = tools_line(content.tools)
        if tools:
            self._say(tools)
        for message in content.messages[:MOST_MESSAGES]:
            beside = extra_lines(message.extra)
            self._text(titles.get(message.role, _("Answer")), message.content, optional=bool(beside))
            for words in beside:
                self._say(words, role="strong")
        if content.answer_index is None:
            self._rows.addWidget(PlainLabel(_("Answer"), role="small"))
            self._rows.addWidget(PlainLabel(_("none yet: a reviewer writes it"), role="muted"))
        more = len(content.messages) - MOST_MESSAGES
        if more > 0:
            self._rows.addWidget(PlainLabel(plural("{n} more message", "{n} more messages", more), role="muted"))

    def _say(self, words: str, role: LabelRole = "muted") -> None:
        label = PlainLabel(words, role=role, wrap=True, selectable=True)
        self.words.append(label)
        self._rows.addWidget(label)

    def _fields(self, record: RawRecord) -> None:
        source = record.source
        if source.metadata.get(REJECTED):
            self._text(_("The worse answer of the pair, kept beside it"), source.metadata[REJECTED])
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
        kept = {name: text for name, text in source.metadata.items() if name != REJECTED}
        if listed or kept:
            self._rows.addWidget(line())
        for title, text in listed:
            self._field(title, text)
        for name, text in kept.items():
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

    def _text(self, title: str, text: str, *, optional: bool = False) -> None:
        if optional and not text:
            self._rows.addWidget(PlainLabel(title, role="small"))
            return
        view = TextView(title)
        view.set_text(text[:SHOWN_CHARS])
        more = len(text) - SHOWN_CHARS
        self._rows.addWidget(PlainLabel(title, role="small"))
        self._rows.addWidget(view if text else PlainLabel(_("none yet: a reviewer writes it"), role="muted"))
        if more > 0:
            left = _("… and {n} more characters", n=number(more))
            self._rows.addWidget(PlainLabel(left, role="muted"))
        self.views.append(view)

    def _clear(self) -> None:
        self.views, self.words = [], []
        while self._rows.count():
            item = self._rows.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()


def verdicts_text(given: Mapping[str, int]) -> str:
    """Return whose verdicts come in, as a sentence; empty for nobody's."""
    if not given:
        return ""
    names = ", ".join(f"{name} {number(count)}" for name, count in given.items())
    return plural(
        "Verdicts of {n} person come in as their reviews: {names}.",
        "Verdicts of {n} people come in as their reviews: {names}.",
        len(given),
        names=names,
    )


def fault_text(fault: RowFault, *, sheet: bool = False) -> str:
    """Return a refused row as one sentence; the place in a ``sheet`` is a row."""
    if sheet and fault.field:
        return _("Row {line}, {field}: {reason}", line=fault.line, field=fault.field, reason=fault.reason)
    if sheet:
        return _("Row {line}: {reason}", line=fault.line, reason=fault.reason)
    if fault.field:
        return _("Line {line}, {field}: {reason}", line=fault.line, field=fault.field, reason=fault.reason)
    return _("Line {line}: {reason}", line=fault.line, reason=fault.reason)
