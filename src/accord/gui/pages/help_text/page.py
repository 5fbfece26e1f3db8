"""The help text, in the language of the program where there is one, to read and to search."""

from importlib import resources
from typing import ClassVar

from accord.domain.wording import _
from accord.gui.context import Context, Params
from accord.gui.page import Page
from accord.gui.theme import theme
from accord.gui.widgets.layout import column, row
from accord.gui.widgets.markdown import MarkdownView

_WIDTH = 720


class HelpPage(Page):
    """One text that scrolls."""

    page_id: ClassVar[str] = "help_text"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.setAccessibleName(_("Help"))
        self.text = MarkdownView(_("Help"))
        self.setLayout(row(None, column(self.text, margins=(24, 24, 24, 24)), None))
        theme().changed.connect(self._show)
        self._show()

    def activated(self, _params: Params) -> None:
        """Put the focus where the arrow keys scroll."""
        self.text.setFocus()

    def _show(self) -> None:
        self.text.setFont(theme().reading_font())
        self.text.setFixedWidth(theme().px(_WIDTH))
        self.text.show_markdown((resources.files("accord") / "resources" / "help" / "help.md").read_text("utf-8"))
