"""What is asked for: one of the recipes, how many candidates, and of what."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from accord.domain.generation import RunFacts
from accord.domain.recipes import Recipe, Takes
from accord.domain.wording import _
from accord.gui.actions import Actions
from accord.gui.pages.generate.recipe_list import Offer, RecipeList
from accord.gui.pages.generate.wish_form import WishForm
from accord.gui.widgets import ActionButton, Button, Card, PlainLabel, line, row
from accord.workflows.generation_coverage import Coverage
from accord.workflows.generation_starts import Wish
from accord.workflows.recipes import Known


class WhatCard(Card):
    """``changed`` says that a person wants something else."""

    changed = Signal()

    def __init__(self, actions: Actions) -> None:
        super().__init__(_("What is asked for"))
        self._known: Mapping[str, Known] = {}
        self.recipes, self.wish = RecipeList(), WishForm()
        self.edit = ActionButton(actions, "generate.recipe")
        self._like: RunFacts | None = None
        self.same = PlainLabel(wrap=True)
        self.others = Button(_("Choose other starting points"), run=lambda: self.show_like(None))
        self.body.setSpacing(12)
        self.body.addWidget(self.recipes)
        self.body.addLayout(row(self.edit, None))
        self.body.addWidget(line())
        self.body.addWidget(self.wish)
        self.body.addWidget(self.same)
        self.body.addLayout(row(self.others, None))
        self.same.hide()
        self.others.hide()
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
        if self._like is not None:
            return self._like.plan.recipe
        known = self._known.get(self.recipes.value())
        return None if known is None else known.recipe

    def wanted(self, recipe: Recipe) -> Wish:
        """Return how many candidates are wanted, and of what."""
        return self.wish.wish(recipe) if self._like is None else Wish(n=1, like=self._like.id)

    def show_like(self, run: RunFacts | None) -> None:
        """Ask the same as a run did, so that two models can be compared; with None what is chosen here."""
        if run is self._like:
            return
        self._like = run
        if run is not None:
            told = _(
                "The same as run {n} asked of {model}: “{recipe}”, from the same starting points. Choose another model "
                "below; the table at the end compares both once their candidates are reviewed.",
                n=run.id,
                model=run.plan.model,
                recipe=run.plan.recipe.title,
            )
            self.same.setText(told)
        chosen_here: tuple[QWidget, ...] = (self.recipes, self.edit, self.wish)
        taken_again: tuple[QWidget, ...] = (self.same, self.others)
        for part in (*chosen_here, *taken_again):
            part.setVisible((part in chosen_here) is (run is None))
        self.changed.emit()

    def has_text(self) -> bool:
        """Say whether the chosen recipe has a text that can be changed."""
        known = self._known.get(self.recipes.value())
        return known is not None and bool(known.markdown)

    def add_documents(self, paths: Sequence[Path]) -> None:
        """Choose the recipe that starts from documents, and add these."""
        name = next((name for name, known in self._known.items() if known.recipe.takes is Takes.PASSAGE), "")
        if name and paths:
            self.show_like(None)
            self.recipes.choose(name)
            self._choose()
            self.wish.documents.add(paths)

    def choose_documents(self) -> None:
        """Ask for documents."""
        self.add_documents(self.wish.documents.ask())

    def take_focus(self) -> None:
        """Put the keys on the recipe that is chosen."""
        chosen = self.recipes.rows.get(self.recipes.value())
        if self._like is not None:
            self.others.setFocus()
        elif chosen is not None:
            chosen.button.setFocus()

    def _choose(self) -> None:
        self.wish.show_recipe(self.recipe())
        self.edit.update_from_action()
        self.changed.emit()
