"""What the reviewers judged: the request, with all that came before it, and the original answer."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from accord.domain.wording import _
from accord.gui.pages.disagreements.case import Case
from accord.gui.pages.disagreements.version_card import title_of
from accord.gui.widgets import PlainLabel, Scrolled, TextView, column


class Original(Scrolled):
    """The messages of the text that was judged, one below the other."""

    def __init__(self) -> None:
        super().__init__(margins=(0, 0, 8, 8), gap=10)
        self.setAccessibleName(_("Request and original answer"))
        self.asked = PlainLabel("", role="strong", wrap=True, selectable=True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(10)
        self._made: list[_Message] = []
        self.body.addWidget(self.asked)
        self.body.addLayout(self._rows)
        self.body.addStretch(1)

    def show_case(self, case: Case) -> None:
        """Show a case from its first message on."""
        self.asked.setText(_("Sent to the guideline: {question}", question=case.found.question))
        self.asked.setVisible(bool(case.found.question))
        messages = case.base.messages
        while len(self._made) < len(messages):
            self._made.append(_Message())
            self._rows.addWidget(self._made[-1])
        for index, (widget, message) in enumerate(zip(self._made, messages, strict=False)):
            title = _("Original answer") if index == case.answer_index else title_of(case, index)
            widget.show_message(title, message.content)
        for index, widget in enumerate(self._made):
            widget.setVisible(index < len(messages))
        self.verticalScrollBar().setValue(0)


class _Message(QWidget):
    """One message with its title; it is used again for the next case, for making one takes longer than showing it."""

    def __init__(self) -> None:
        super().__init__()
        self._title, self._view = PlainLabel("", role="small"), TextView(_("Message"))
        self.setLayout(column(self._title, self._view, gap=2))

    def show_message(self, title: str, text: str) -> None:
        """Show another message."""
        self._title.setText(title)
        self._view.setAccessibleName(title)
        if text != self._view.text():
            self._view.set_text(text)
