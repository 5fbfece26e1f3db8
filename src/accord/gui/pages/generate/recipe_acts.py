"""What a person does with the text of a recipe: open it, keep a new version, go back to the one that came along."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from accord.domain.wording import _
from accord.gui.context import Choice
from accord.gui.jobs_bridge import run_read, run_write, show_failure
from accord.gui.opening import who
from accord.workflows import recipes
from accord.workflows.recipes import Known, Version

if TYPE_CHECKING:
    from accord.gui.pages.generate.page import GeneratePage


class RecipeActs(QObject):
    """Works for the editor of recipes."""

    def __init__(self, page: "GeneratePage") -> None:
        super().__init__(page)
        self._page, self._context, self._editor = page, page.context, page.editor
        self._editor.saved.connect(self.save)
        self._editor.reset.connect(self.reset)
        self._editor.closed.connect(self.close)
        self._context.keep(self.unsaved)

    def unsaved(self) -> str:
        """Say what would be lost if the project were left now, or nothing."""
        return _("The changes to a recipe are not kept.") if self._editor.edited() else ""

    def open(self) -> None:
        """Open the text of the chosen recipe, or close it."""
        if not self._editor.isHidden():
            self.close()
            return
        name, project = self._page.what.recipes.value(), self._context.project

        def done(found: tuple[Known, list[Version]]) -> None:
            self._editor.open_recipe(*found)
            self._page.area.ensureWidgetVisible(self._editor, 0, 24)

        run_read(
            self._context,
            _("Reading a recipe"),
            lambda _p: (recipes.find(project=project, name=name), recipes.history(project=project, name=name)),
            done=done,
        )

    def save(self) -> None:
        """Keep the text as a new version; where it cannot be a recipe, it stays as it was typed."""
        known, editor = self._editor.known, self._editor
        if known is None:
            return
        work = partial(
            recipes.save,
            project=self._context.project,
            who=who(self._context),
            name=known.recipe.name,
            markdown=editor.text.text(),
            facts=editor.facts.text(),
        )

        def done(kept: Known) -> None:
            editor.close_editor()
            told = _("“{title}” is kept as version {version}.", title=kept.recipe.title, version=kept.recipe.version)
            self._context.notify(told, tone="good")

        run_write(
            self._context,
            _("Keeping a recipe"),
            lambda _p: work(),
            done=done,
            failed=lambda error: editor.show_fault(str(error)),
            changed=("settings",),
        )

    def reset(self) -> None:
        """Let the recipe count again that came along; the text of one's own stays among the versions."""
        known = self._editor.known
        if known is None:
            return
        work = partial(recipes.reset, project=self._context.project, who=who(self._context), name=known.recipe.name)

        def done(_changed: bool) -> None:  # noqa: FBT001  (the outcome of the job)
            self._editor.close_editor()
            self._context.notify(_("The recipe that came along counts again."), tone="good")

        run_write(
            self._context,
            _("Resetting a recipe"),
            lambda _p: work(),
            done=done,
            failed=partial(show_failure, self._context),
            changed=("settings",),
        )

    def close(self) -> None:
        """Close the editor; what was typed and not kept is asked about."""
        if not self._editor.edited():
            self._leave()
            return
        self._context.ask(
            _("The changes to this recipe are not kept. Drop them?"),
            Choice(title=_("Drop them"), run=self._leave, kind="danger"),
            Choice(title=_("Go on editing")),
        )

    def _leave(self) -> None:
        self._editor.close_editor()
        self._page.what.edit.setFocus()
