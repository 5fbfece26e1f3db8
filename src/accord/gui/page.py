"""What a page is: a declaration for the rail and a widget that the frame builds on first use."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtWidgets import QWidget

from accord.domain.people import Role
from accord.domain.wording import _
from accord.gui.context import Context, Params
from accord.workflows import permissions


class Page(QWidget):
    """The base of every page. It is built once, kept, and told when it is shown, left and out of date."""

    page_id: ClassVar[str] = ""
    #: How far above the page's lower edge a notice floats; a page with a bar of buttons there asks for more.
    notice_inset: ClassVar[int] = 16

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setObjectName("page")

    def activated(self, params: Params) -> None:
        """The page was just shown; ``params`` come from ``navigate``."""

    def deactivated(self) -> None:
        """Another page was just shown: keep drafts, stop what only this page needs."""

    def refresh(self, changed: AbstractSet[str]) -> None:
        """Something was written, by this page too.

        The frame calls this only while the page is shown; a hidden page gets all that it missed at once, before its
        next ``activated``.
        """

    def may_leave(self) -> bool:
        """Return False to stay, after asking the person by ``context.ask``."""
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSpec:
    """A page as data. ``group`` orders the rail (1 bring in, 2 judge, 3 freeze, 4 train and prove, 5 project)."""

    id: str
    title: str
    icon: str
    factory: Callable[[Context], Page]
    group: int = 1
    key: str = ""
    #: What the rail prints where the title is too long for it.
    label: str = ""
    #: Whether the page exists now; without a project only pages that say so do.
    available: Callable[[Context], bool] = lambda context: context.project is not None
    #: Whether it has anything to do in a review pack, which takes its reviewer's reviews and nothing else.
    in_pack: bool = True
    in_rail: bool = True
    #: Whether it stands in the rail just now; elsewhere a link leads to it.
    needed: Callable[[Context], bool] = lambda _context: True
    #: The role that a person must have to do anything here, and what it is that she would do ("import files").
    role: Role | None = None
    act: str = ""

    def exists(self, context: Context) -> bool:
        """Say whether there is such a page now."""
        return self.available(context) and (self.in_pack or context.pack is None)

    def stands_in_rail(self, context: Context) -> bool:
        """Say whether the rail leads here now."""
        return self.in_rail and self.needed(context)

    def refusal(self, context: Context) -> str:
        """Return why the page is not for the person who works, empty where it is."""
        if self.role is None or permissions.has(project=context.project, role=self.role):
            return ""
        if self.role is Role.LEAD:
            return _("Only a lead can {act}. Ask a lead of your team.", act=self.act)
        return _("Only an adjudicator or a lead can {act}. Ask one of your team.", act=self.act)
