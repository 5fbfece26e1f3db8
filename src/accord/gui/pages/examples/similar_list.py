"""The examples most like the one that is shown, looked for in the background and only while the list is open."""

from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from accord.domain.errors import NotFound
from accord.domain.review import Status
from accord.domain.wording import _, percent
from accord.gui.context import Context
from accord.gui.icons import set_icon
from accord.gui.jobs_bridge import run_read, show_failure
from accord.gui.widgets import Button, PlainLabel, StatusChip, column, line, row
from accord.workflows.similar import LEAST, MEANING, Neighbour, Similar, similar

SHOWN_REQUEST = 200


class SimilarList(QWidget):
    """A heading that opens the list; ``chosen`` gives the id of the example to show, ``came`` says the list is there.

    ``came`` is told once for each time that a person opens the list.
    """

    chosen = Signal(str)
    came = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._wanted = self._sought = ""
        self._opened = False
        self.button = Button(_("Similar examples"), kind="quiet", icon="chevron-right")
        self.button.setCheckable(True)
        self.said = PlainLabel(role="muted", wrap=True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self._held = QWidget()
        self._held.setLayout(column(self.said, self._rows, gap=8))
        self._held.hide()
        self._made: list[QWidget] = []
        self.setLayout(column(line(), row(self.button, None), self._held, gap=8))
        self.button.toggled.connect(self._turn)

    def show_example(self, example_id: str) -> None:
        """Show what is like another example, or nothing for ""; the same one again is looked for again."""
        if example_id != self._wanted:
            self._fill([], _("Looking for similar examples…"))
        self._wanted = example_id
        self._look()

    def links(self) -> list[Button]:
        """Return the buttons that open an example."""
        return self._held.findChildren(Button)

    def _turn(self, unfolded: bool) -> None:  # noqa: FBT001  (Qt's signal gives it so)
        set_icon(self.button, "chevron-down" if unfolded else "chevron-right")
        self._held.setVisible(unfolded)
        self._opened = unfolded
        self._look()

    def _look(self) -> None:
        """Begin a search; one at a time, however fast the cursor goes from one example to the next."""
        wanted, project, embedder = self._wanted, self._context.project, self._context.embedder
        if not wanted or self._sought or not self.button.isChecked():
            return
        self._sought = wanted
        run_read(
            self._context,
            _("Looking for similar examples"),
            lambda _progress: similar(project=project, example_id=wanted, embedder=embedder),
            done=partial(self._found, wanted),
            failed=self._failed,
        )

    def _found(self, sought: str, near: Similar) -> None:
        self._sought = ""
        if sought != self._wanted:
            self._look()
            return
        made = [self._row(one) for one in near.found if one.score >= LEAST]
        how = _("by meaning") if near.by == MEANING else _("by words")
        self._fill(made, how if made else _("No example is like this one."))
        if self._opened:
            self._opened = False
            QTimer.singleShot(0, self, self.came.emit)  # once it is laid out

    def _failed(self, error: BaseException) -> None:
        self._sought = ""
        self._fill([], "")
        if not isinstance(error, NotFound):  # one that is gone leaves the table with the next reading
            show_failure(self._context, error)

    def _fill(self, made: list[QWidget], said: str) -> None:
        for old in self._made:
            self._rows.removeWidget(old)
            old.hide()
            old.setParent(None)
            old.deleteLater()
        self._made = made
        for widget in made:
            self._rows.addWidget(widget)
        self.said.setText(said)

    def _row(self, found: Neighbour) -> QWidget:
        request = " ".join(found.row.content.request.split())
        short = request if len(request) <= SHOWN_REQUEST else f"{request[: SHOWN_REQUEST - 1]}…"
        look = Button(_("Show"), kind="link", name=_("Show: {request}", request=request[:80]))
        look.clicked.connect(lambda _checked=False: self.chosen.emit(found.row.id))
        alike = PlainLabel(_("{share} alike", share=percent(found.score)), role="small")
        made = QWidget()
        head = row(StatusChip(Status(found.row.status)), alike, None, look)
        made.setLayout(column(head, PlainLabel(short, wrap=True), gap=2))
        return made
