"""What is asked for: one of the recipes, how many candidates, and of what."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Signal

from accord.domain.recipes import Recipe, Takes
from accord.domain.wording import _
from accord.gui.actions import Actions
from accord.gui.pages.generate.recipe_list import Offer, RecipeList
from accord.gui.pages.generate.wish_form import WishForm
from accord.gui.widgets import ActionButton, Card, line, row
from accord.workflows.generation_coverage import Coverage
from accord.workflows.recipes import Known


class WhatCard(Card):
    """``changed`` says that a person wants something else."""

    changed = Signal()

    def __init__(self, actions: Actions) -> None:
        super().__init__(_("What is asked for"))
        self._known: Mapping[str, Known] = {}
        self.recipes, self.wish = RecipeList(), WishForm()
        self.edit = ActionButton(actions, "generate.recipe")
        self.body.setSpacing(12)
        self.body.addWidget(self.recipes)
        self.body.addLayout(row(self.edit, None))
        self.body.addWidget(line())
        self.body.addWidget(self.wish)
        self.recipes.chosen.connect(lambda _name: self._choose())
        self.wish.changed.connect(self.changed)

    def show_known(self, known: Mapping[str, Known], offers: Sequence[Offer], coverage: Sequence[Coverage]) -> None:
        """Show the recipes and what there is to start from; the first that can be used is chosen to begin with."""
        self._known = known
        self.recipes.show_offers(offers)
        self.wish.show_coverage(coverage)
        if not self.recipes.value():
            self.recipes.choose(next((offer.name for offer in offers if offer.possible), ""))
        self.wish.show_recipe(self.recipe())
        self.edit.update_from_action()

    def recipe(self) -> Recipe | None:
        """Return the recipe that is chosen."""
        known = self._known.get(self.recipes.value())
        return None if known is None else known.recipe

    def has_text(self) -> bool:
        """Say whether the chosen recipe has a text that can be changed."""
        known = self._known.get(self.recipes.value())
        return known is not None and bool(known.markdown)

    def add_documents(self, paths: Sequence[Path]) -> None:
        """Choose the recipe that starts from documents, and add these."""
        name = next((name for name, known in self._known.items() if known.recipe.takes is Takes.PASSAGE), "")
        if name and paths:
            self.recipes.choose(name)
            self._choose()
            self.wish.documents.add(paths)

    def choose_documents(self) -> None:
        """Ask for documents."""
        self.add_documents(self.wish.documents.ask())

    def take_focus(self) -> None:
        """Put the keys on the recipe that is chosen."""
        chosen = self.recipes.rows.get(self.recipes.value())
        if chosen is not None:
            chosen.button.setFocus()

    def _choose(self) -> None:
        self.wish.show_recipe(self.recipe())
        self.edit.update_from_action()
        self.changed.emit()
