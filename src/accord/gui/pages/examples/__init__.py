"""All examples: search, filter, read with their whole history, set aside, delete for good, trace a line."""

from accord.domain.wording import _
from accord.gui.page import PageSpec
from accord.gui.pages.examples.commands import actions
from accord.gui.pages.examples.page import ExamplesPage

SPEC = PageSpec(id="examples", title=_("Examples"), icon="table-large", factory=ExamplesPage, group=2, key="Alt+4")
ACTIONS = actions()

__all__ = ["ACTIONS", "SPEC", "ExamplesPage"]
