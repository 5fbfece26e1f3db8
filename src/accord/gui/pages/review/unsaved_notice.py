"""What is said of verdicts that are not saved while another item is shown, and the way back to them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from accord.domain.wording import _, plural
from accord.gui.actions import shown_key
from accord.gui.pages.review.keys import PAGE

if TYPE_CHECKING:
    from accord.gui.pages.review.page import ReviewPage

CAUSE = "unsaved verdicts"


class UnsavedNotice(QObject):
    """Follows the verdicts that are not saved; an item that is shown says itself that its own is not."""

    def __init__(self, page: "ReviewPage") -> None:
        super().__init__(page)
        self._page, self._desk, self._context = page, page.desk, page.context
        self._told: set[int] = set()
        self._desk.unsaved.changed.connect(self.tell)
        self._context.keep(self.would_be_lost)

    def tell(self) -> None:
        """Say how many verdicts of other items are not saved, or nothing any more."""
        desk, context = self._desk, self._context
        self._page.queue.set_unsaved(desk.unsaved.numbers())
        others = desk.unsaved.numbers() - ({desk.item.seq} if desk.item is not None and desk.awake else set())
        if not others:
            context.over(CAUSE)
        elif others != self._told:
            context.notify(
                plural(
                    "{n} verdict is not saved. All that you entered for it is kept.",
                    "{n} verdicts are not saved. All that you entered for them is kept.",
                    len(others),
                ),
                tone="error",
                undo=self._go_back,
                undo_title=_("Go back to it ({key})", key=shown_key(context.actions.key("review.unsaved"))),
                cause=CAUSE,
            )
        self._told = others

    def would_be_lost(self) -> str:
        """Say what is entered and neither saved nor written as a draft, or nothing."""
        verdicts, texts = len(self._desk.unsaved), self._desk.drafts.refused
        if verdicts:
            return plural(
                "{n} verdict is not saved. If you leave now, it is lost.",
                "{n} verdicts are not saved. If you leave now, they are lost.",
                verdicts,
            )
        return _("What you typed last is not saved. If you leave now, it is lost.") if texts else ""

    def _go_back(self) -> None:
        if not self._desk.awake:
            self._context.navigate(PAGE)
        self._page.verdicts.go_back()
