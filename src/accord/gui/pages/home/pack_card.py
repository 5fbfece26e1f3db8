"""What a review pack is, for whoever opens one: for whom, from whom, until when, and what to do with it."""

from accord.domain.wording import _
from accord.gui import pack_banner
from accord.gui.widgets import Card, PlainLabel
from accord.workflows.packing import PackWork


class PackCard(Card):
    """Stands on Home in place of what has no meaning in a pack."""

    def __init__(self) -> None:
        super().__init__(_("This is a review pack"))
        self.told = [PlainLabel(wrap=True, selectable=True) for _line in range(5)]
        for label in self.told:
            self.body.addWidget(label)
        self.body.addStretch(1)

    def show_work(self, work: PackWork, file: str) -> None:
        """Say all that there is to know."""
        names = {"name": work.pack.reviewer, "author": work.pack.author}
        lines = (
            _("{author} made it for {name}: the examples that {name} is to review, and nobody else's work.", **names),
            " ".join(filter(None, (pack_banner.whose(work), pack_banner.until(work)))),
            _("It needs no network. Every verdict is saved in this one file at once: {file}", file=file),
            pack_banner.what_then(work, file),
            _("You can send it more than once, and go on in it: each review counts once."),
        )
        for label, text in zip(self.told, lines, strict=True):
            label.setText(text)
