"""The examples behind a figure, as links to them."""

from collections.abc import Sequence

from PySide6.QtCore import Signal

from accord.domain.history import ExampleRow
from accord.domain.review import Status
from accord.domain.wording import _, plural
from accord.gui.widgets import Button, Card, LinkList, PlainLabel

SHOWN = 100
_BEGINNING = 110


class ItemsCard(Card):
    """Lists examples; ``chosen`` gives the id of one and whether its reviewers still disagree."""

    chosen = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__(" ")
        self.close_button = Button(icon="close", kind="quiet", size="small", name=_("Close"), run=self.hide)
        self.head.addWidget(self.close_button)
        self.links = LinkList("")
        self.more = PlainLabel(role="small", wrap=True)
        self._open: set[str] = set()
        self.links.activated.connect(lambda found: self.chosen.emit(found, found in self._open))
        self.body.addWidget(self.links)
        self.body.addWidget(self.more)
        self.hide()

    def show_items(self, title: str, rows: Sequence[ExampleRow], total: int) -> None:
        """Show the first examples of so many."""
        self.title.setText(title)
        self.title.show()
        self.links.setAccessibleName(title)
        self._open = {row.id for row in rows if row.status == Status.DISAGREEMENT}
        self.links.set_links([(row.id, beginning(row)) for row in rows])
        left = total - len(rows)
        self.more.setText(plural("and {n} more", "and {n} more", left))
        self.more.setVisible(left > 0)
        self.show()


def beginning(row: ExampleRow, most: int = _BEGINNING) -> str:
    """Return how an example is named in a line: the beginnings of its id and of its request."""
    text = " ".join(row.content.request.split())
    return f"{row.id[:8]}  {text[:most]}{'…' if len(text) > most else ''}"
