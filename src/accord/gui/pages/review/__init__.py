"""The review page: one example after the other, judged with the keyboard."""

from accord.domain.wording import _
from accord.gui.page import PageSpec
from accord.gui.pages.review.keys import PAGE, declared
from accord.gui.pages.review.page import ReviewPage

ACTIONS = declared()
SPEC = PageSpec(id=PAGE, title=_("Review"), icon="clipboard-check-outline", factory=ReviewPage, group=2, key="Alt+5")

__all__ = ["ACTIONS", "SPEC", "ReviewPage"]
