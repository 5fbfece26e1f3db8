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
        self._made: list[QWidget] = []
        self.body.addWidget(self.asked)
        self.body.addLayout(self._rows)
        self.body.addStretch(1)

    def show_case(self, case: Case) -> None:
        """Show a case from its first message on."""
        for old in self._made:
            self._rows.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.asked.setText(_("Sent to the guideline: {question}", question=case.found.question))
        self.asked.setVisible(bool(case.found.question))
        self._made = [
            _message(title_of(case, index) if index != case.answer_index else _("Original answer"), message.content)
            for index, message in enumerate(case.base.messages)
        ]
        for widget in self._made:
            self._rows.addWidget(widget)
        self.verticalScrollBar().setValue(0)


def _message(title: str, text: str) -> QWidget:
    held, view = QWidget(), TextView(title)
    view.set_text(text)
    held.setLayout(column(PlainLabel(title, role="small"), view, gap=2))
    return held
