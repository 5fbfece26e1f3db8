"""The review page: one example after the other, judged with the keyboard."""

from accord.domain.wording import _
from accord.gui.context import Context
from accord.gui.page import Page, PageSpec
from accord.gui.pages.review.keys import PAGE, declared


def _make(context: Context) -> Page:
    from accord.gui.pages.review.page import ReviewPage  # loaded when the page is first shown

    return ReviewPage(context)


ACTIONS = declared()
SPEC = PageSpec(id=PAGE, title=_("Review"), icon="clipboard-check-outline", factory=_make, group=2, key="Alt+5")

__all__ = ["ACTIONS", "SPEC"]
